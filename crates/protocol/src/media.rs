//! Media types of SCIM bodies (RFC 7644 §3.1, §8.1).

/// The registered media type.
pub const SCIM_JSON: &str = "application/scim+json";
/// Plain JSON, tolerated in both directions.
pub const JSON: &str = "application/json";
