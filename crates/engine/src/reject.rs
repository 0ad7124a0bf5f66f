use protocol::ScimType;

/// Why a request is refused, in terms that any face can encode (RFC 7644 §3.12).
///
/// The detail names the attribute and says what to do. It never repeats a value that the client sent: values
/// can be personal or secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Reject {
    /// The HTTP status code.
    pub status: u16,
    /// The detail keyword, where table 9 has one.
    pub scim_type: Option<ScimType>,
    /// The attribute at fault, as a path.
    pub attribute: Option<String>,
    /// What is wrong and what to do about it, in a sentence.
    pub detail: String,
}

impl Reject {
    /// A refusal without a keyword.
    #[must_use]
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, attribute: None, detail: detail.into() }
    }

    /// 400: the body's structure is broken.
    #[must_use]
    pub fn syntax(detail: impl Into<String>) -> Self {
        Self { scim_type: Some(ScimType::InvalidSyntax), ..Self::new(400, detail) }
    }

    /// 400: a value is missing or does not fit. The attribute's path opens the detail.
    #[must_use]
    pub fn value(attribute: &str, complaint: &str) -> Self {
        Self {
            scim_type: Some(ScimType::InvalidValue),
            attribute: Some(attribute.to_owned()),
            ..Self::new(400, format!("{attribute} {complaint}"))
        }
    }

    /// 400: the change is at odds with the attribute's mutability.
    #[must_use]
    pub fn mutability(attribute: &str) -> Self {
        Self {
            scim_type: Some(ScimType::Mutability),
            attribute: Some(attribute.to_owned()),
            ..Self::new(400, format!("{attribute} cannot change once it has a value; send the value it has"))
        }
    }

    /// 400: the attribute is the server's to write, or a resource cannot be without it.
    #[must_use]
    pub fn protected(attribute: &str, complaint: &str) -> Self {
        Self { scim_type: Some(ScimType::Mutability), ..Self::value(attribute, complaint) }
    }

    /// 400: a PATCH path names nothing that the resource type has.
    #[must_use]
    pub fn path(detail: impl Into<String>) -> Self {
        Self { scim_type: Some(ScimType::InvalidPath), ..Self::new(400, detail) }
    }

    /// 400: a PATCH operation is aimed at nothing.
    #[must_use]
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self { scim_type: Some(ScimType::NoTarget), ..Self::new(400, detail) }
    }

    /// 409: the value is taken.
    #[must_use]
    pub fn taken(attribute: &str) -> Self {
        Self {
            scim_type: Some(ScimType::Uniqueness),
            attribute: Some(attribute.to_owned()),
            ..Self::new(409, format!("{attribute} is taken by another resource; choose a different value"))
        }
    }

    /// Adds the attribute at fault to a refusal that has none.
    #[must_use]
    pub fn about(mut self, attribute: &str) -> Self {
        self.attribute = Some(attribute.to_owned());
        self
    }
}
