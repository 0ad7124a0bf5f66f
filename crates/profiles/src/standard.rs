//! The names of the attributes that the standard has: what the paths of a profile can name beside the attributes of its own
//! schemas. How they behave is not for profiles to know.

pub use protocol::standard::{COMMON, ENTERPRISE_USER, GROUP, Names, USER};

/// What the server alone writes: the resource type that has it, where not all have, and the path.
pub(crate) const READ_ONLY: &[(&str, &str)] = &[
    ("", "id"),
    ("", "meta"),
    ("User", "groups"),
    ("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName"),
];
