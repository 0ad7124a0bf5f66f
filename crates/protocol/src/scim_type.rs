use std::fmt;

/// The detail keyword of an error (`scimType`), RFC 7644 §3.12 table 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScimType {
    /// The filter is malformed, or asks for a comparison that the attribute does not have.
    InvalidFilter,
    /// More results than the server is willing to compute.
    TooMany,
    /// The value is taken.
    Uniqueness,
    /// The change is at odds with the attribute's mutability.
    Mutability,
    /// The body is malformed or does not match its schema.
    InvalidSyntax,
    /// The path of a PATCH operation is malformed.
    InvalidPath,
    /// The path of a PATCH operation names nothing that could be changed.
    NoTarget,
    /// A required value is missing, or a value does not fit its type.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// The request would put personal data in a URI.
    Sensitive,
}

impl ScimType {
    /// The keyword on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
        }
    }
}

impl fmt::Display for ScimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
