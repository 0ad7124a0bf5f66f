//! Endpoint paths below the base URL (RFC 7644 §3.2).

/// Users.
pub const USERS: &str = "/Users";
/// Groups.
pub const GROUPS: &str = "/Groups";
/// What the server supports, RFC 7644 §4.
pub const SERVICE_PROVIDER_CONFIG: &str = "/ServiceProviderConfig";
/// The resource types that the server serves, RFC 7644 §4.
pub const RESOURCE_TYPES: &str = "/ResourceTypes";
/// The schemas that the server serves, RFC 7644 §4.
pub const SCHEMAS: &str = "/Schemas";
/// Bulk operations, RFC 7644 §3.7.
pub const BULK: &str = "/Bulk";
/// The authenticated subject, RFC 7644 §3.11.
pub const ME: &str = "/Me";
/// The suffix that turns a POST into a query, RFC 7644 §3.4.3.
pub const SEARCH: &str = "/.search";
