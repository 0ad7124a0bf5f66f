//! What a schema says of an attribute, RFC 7643 §2.2 and §7: its type, who may write it, when it is shown, and how
//! far its values are unique. The defaults are those of §2.2.

use serde::{Deserialize, Serialize};

/// An attribute's type, RFC 7643 §2.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Text.
    #[default]
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with or without a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// An instant.
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// An object.
    Complex,
}

impl Kind {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

/// Who may write an attribute, RFC 7643 §7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// The server alone.
    ReadOnly,
    /// Clients, at any time.
    #[default]
    ReadWrite,
    /// Clients, once.
    Immutable,
    /// Clients, and nobody can read it.
    WriteOnly,
}

impl Mutability {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When an attribute is shown, RFC 7643 §7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// In every representation.
    Always,
    /// In none.
    Never,
    /// Unless the client asks otherwise.
    #[default]
    Default,
    /// Only where the client names it.
    Request,
}

impl Returned {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

/// How far no two resources may share a value, RFC 7643 §7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// They may.
    #[default]
    None,
    /// Within the tenant.
    Server,
    /// Everywhere.
    Global,
}

impl Uniqueness {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}
