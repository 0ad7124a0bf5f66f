//! The names of the attributes that the standard has, RFC 7643 §3.1, §4, §5 and §8.7. How they behave is told elsewhere.

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

/// The attributes of a service provider's configuration, RFC 7643 §5.
pub const SERVICE_PROVIDER_CONFIG: Names = &[
    ("documentationUri", &[]),
    ("patch", SUPPORTED),
    ("bulk", &["supported", "maxOperations", "maxPayloadSize"]),
    ("filter", &["supported", "maxResults"]),
    ("changePassword", SUPPORTED),
    ("sort", SUPPORTED),
    ("etag", SUPPORTED),
    ("authenticationSchemes", &["type", "name", "description", "specUri", "documentationUri", "primary"]),
];

/// What says whether a feature is there, RFC 7643 §5.
const SUPPORTED: &[&str] = &["supported"];

/// The sub-attributes of most attributes with several values, RFC 7643 §2.4.
const VALUES: &[&str] = &["value", "display", "type", "primary"];
