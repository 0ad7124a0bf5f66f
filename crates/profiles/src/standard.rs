//! The names of the attributes that the standard has, RFC 7643 §3.1, §4 and §8.7: what the paths of a profile can name
//! beside the attributes of its own schemas. How they behave is not for profiles to know.

/// Names of attributes, each with the names of its sub-attributes.
pub type Names = &'static [(&'static str, &'static [&'static str])];

/// The attributes of every resource.
pub const COMMON: Names = &[
    ("schemas", &[]),
    ("id", &[]),
    ("externalId", &[]),
    ("meta", &["resourceType", "created", "lastModified", "location", "version"]),
];

/// The attributes of users.
pub const USER: Names = &[
    ("userName", &[]),
    ("name", &["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"]),
    ("displayName", &[]),
    ("nickName", &[]),
    ("profileUrl", &[]),
    ("title", &[]),
    ("userType", &[]),
    ("preferredLanguage", &[]),
    ("locale", &[]),
    ("timezone", &[]),
    ("active", &[]),
    ("password", &[]),
    ("emails", VALUES),
    ("phoneNumbers", VALUES),
    ("ims", VALUES),
    ("photos", VALUES),
    (
        "addresses",
        &["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary"],
    ),
    ("groups", &["value", "$ref", "display", "type"]),
    ("entitlements", VALUES),
    ("roles", VALUES),
    ("x509Certificates", VALUES),
];

/// The attributes of groups.
pub const GROUP: Names = &[("displayName", &[]), ("members", &["value", "$ref", "type"])];

/// The attributes of the Enterprise extension of users.
pub const ENTERPRISE_USER: Names = &[
    ("employeeNumber", &[]),
    ("costCenter", &[]),
    ("organization", &[]),
    ("division", &[]),
    ("department", &[]),
    ("manager", &["value", "$ref", "displayName"]),
];

/// What the server alone writes: the resource type that has it, where not all have, and the path.
pub(crate) const READ_ONLY: &[(&str, &str)] = &[
    ("", "id"),
    ("", "meta"),
    ("User", "groups"),
    ("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName"),
];

/// The sub-attributes of most attributes with several values, RFC 7643 §2.4.
const VALUES: &[&str] = &["value", "display", "type", "primary"];
