//! Attributes and their characteristics (RFC 7643 §2.2), as far as filters and PATCH ask for them.

/// A resource type.
#[derive(Debug)]
pub struct Type {
    /// The URN of its base schema.
    pub urn: &'static str,
    /// The attributes of the base schema and the common ones.
    pub attributes: &'static [Attribute],
    /// The URNs and attributes of its extensions.
    pub extensions: &'static [(&'static str, &'static [Attribute])],
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether letter case counts.
    pub case: Case,
    /// Whether it has several values.
    pub many: bool,
    /// Who may write it.
    pub access: Access,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether it stands in every type (RFC 7643 §3.1).
    pub common: bool,
    /// Its sub-attributes, where it is complex.
    pub subs: &'static [Attribute],
}

/// The type of a value, RFC 7643 §2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Text,
    Boolean,
    Integer,
    Decimal,
    DateTime,
    Binary,
    Reference,
    Complex,
}

/// Whether letter case counts in comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// It does.
    Exact,
    /// It does not.
    Folded,
    /// The text and its schemas disagree ([`Point::OpenCase`](super::Point::OpenCase)).
    Open,
}

/// Who may write an attribute, RFC 7643 §7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Access {
    ReadWrite,
    ReadOnly,
    Immutable,
    WriteOnly,
}

impl Attribute {
    const fn new(name: &'static str, kind: Kind, case: Case) -> Self {
        Self {
            name,
            kind,
            case,
            many: false,
            access: Access::ReadWrite,
            required: false,
            common: false,
            subs: &[],
        }
    }

    /// Text without regard to letter case.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text, Case::Folded)
    }

    /// Another type; letter case counts as `case` says.
    #[must_use]
    pub const fn of(name: &'static str, kind: Kind, case: Case) -> Self {
        Self::new(name, kind, case)
    }

    /// A complex attribute.
    #[must_use]
    pub const fn complex(name: &'static str, many: bool, subs: &'static [Self]) -> Self {
        Self { many, subs, ..Self::new(name, Kind::Complex, Case::Exact) }
    }

    pub(super) const fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    pub(super) const fn common(self) -> Self {
        Self { common: true, ..self }
    }

    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    /// The sub-attribute of this name, in any letter case.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&'static Self> {
        self.subs.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }
}
