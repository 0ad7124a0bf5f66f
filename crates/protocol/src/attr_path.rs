use std::fmt;

/// The path of an attribute, RFC 7644 §3.10: an optional schema URI, a name, an optional sub-attribute.
///
/// ```
/// let path = protocol::AttrPath::new("name").with_sub("givenName").within("urn:x:User");
/// assert_eq!(path.to_string(), "urn:x:User:name.givenName");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttrPath {
    /// The URI of the schema that defines the attribute, where it is given.
    pub urn: Option<String>,
    /// The attribute's name.
    pub name: String,
    /// The name of one of its sub-attributes.
    pub sub: Option<String>,
}

impl AttrPath {
    /// The path that is a name alone.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { urn: None, name: name.into(), sub: None }
    }

    /// The same path, down to a sub-attribute.
    #[must_use]
    pub fn with_sub(self, name: impl Into<String>) -> Self {
        Self { sub: Some(name.into()), ..self }
    }

    /// The same path, qualified by a schema URI.
    #[must_use]
    pub fn within(self, urn: impl Into<String>) -> Self {
        Self { urn: Some(urn.into()), ..self }
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.name)?;
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}
