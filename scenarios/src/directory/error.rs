use crate::directory::{Kind, attributes};

/// Why the directory refuses a change or a question. Nothing was changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// Nothing in the directory has this id, not even in the bin.
    #[error("no object of the directory has the id {0:?}")]
    Unknown(String),
    /// The object is of the other kind.
    #[error("{id:?} is a {is}, not a {wanted}")]
    WrongKind {
        /// The object's id.
        id: String,
        /// What it is.
        is: Kind,
        /// What was asked for.
        wanted: Kind,
    },
    /// Another object has this id, or had it.
    #[error("the id {0:?} is taken, or was; ids are never used again")]
    DuplicateId(String),
    /// Another user has this userPrincipalName; letter case does not count.
    #[error("another user has the userPrincipalName {0:?}")]
    DuplicateUserPrincipalName(String),
    /// A user needs a userPrincipalName, a group a displayName.
    #[error("a {kind} needs a {attribute}")]
    Required {
        /// The kind of object.
        kind: Kind,
        /// The attribute.
        attribute: &'static str,
    },
    /// The directory keeps nothing under this name.
    #[error("the directory has no attribute {name:?}{}", meant(name))]
    UnknownAttribute {
        /// The name.
        name: String,
    },
    /// The object is in the bin: it can be restored or deleted for good, and nothing else.
    #[error("{0:?} is soft-deleted; restore it first")]
    SoftDeleted(String),
    /// The object is not in the bin.
    #[error("{0:?} is not soft-deleted")]
    NotSoftDeleted(String),
    /// The object is no direct member of the group.
    #[error("{0:?} is no member of the group {1:?}")]
    NoMember(String, String),
}

fn meant(name: &str) -> String {
    match attributes::nearest(name) {
        Some(known) if attributes::REFERENCES.contains(&known) => {
            format!("; {known} is a reference and has calls of its own")
        }
        Some(known) if attributes::is_kept(known) => format!("; did you mean {known}?"),
        Some(known) => format!("; {known} is worked out by the directory and cannot be set"),
        None => String::new(),
    }
}
