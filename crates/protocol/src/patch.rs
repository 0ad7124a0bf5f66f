use std::fmt;

use crate::attr_path::AttrPath;
use crate::filter::Filter;

/// What a PATCH operation does, RFC 7644 §3.5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatchVerb {
    /// Adds values.
    Add,
    /// Removes values.
    Remove,
    /// Replaces values.
    Replace,
}

impl PatchVerb {
    /// Every verb.
    pub const ALL: [Self; 3] = [Self::Add, Self::Remove, Self::Replace];

    /// The keyword on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
        }
    }
}

impl fmt::Display for PatchVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a PATCH operation is aimed at, RFC 7644 §3.5.2 figure 7: an attribute, some of its values, or one
/// sub-attribute of them.
///
/// ```
/// use protocol::{AttrPath, Filter, PatchPath};
///
/// let path = PatchPath {
///     attribute: AttrPath::new("emails"),
///     filter: Some(Filter::Present(AttrPath::new("type"))),
///     sub: Some("value".into()),
/// };
/// assert_eq!(path.to_string(), "emails[type pr].value");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PatchPath {
    /// The attribute. Where there is no filter, it may name a sub-attribute itself.
    pub attribute: AttrPath,
    /// Which of its values; all of them without a filter.
    pub filter: Option<Filter>,
    /// The sub-attribute named behind the filter.
    pub sub: Option<String>,
}

impl From<AttrPath> for PatchPath {
    fn from(attribute: AttrPath) -> Self {
        Self { attribute, filter: None, sub: None }
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}
