//! What a job reads of the directory.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::entra::ObjectKind;
use crate::wanted::Wanted;

/// An object of the directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Object {
    /// What it is. Users come before groups.
    pub kind: ObjectKind,
    /// Its id in the directory.
    pub id: String,
}

/// A directory behind a mapping, as a job sees it.
///
/// Everything but [`Source::objects`] is asked once for each object that a cycle looks at, so it must not cost more in a
/// larger directory.
pub trait Source {
    /// Where the feed of changes ends now.
    fn watermark(&self) -> u64;

    /// Every object of the directory that is mapped and not gone for good, whether it is in scope or not. Initial cycles
    /// read this.
    fn objects(&self, kind: ObjectKind) -> Box<dyn Iterator<Item = String> + '_>;

    /// What changed since a watermark, each object once: attributes, account, scope, references to others, members. Only
    /// kinds that are mapped.
    fn changes(&self, since: u64) -> Vec<Changed>;

    /// How an object stands to the job.
    fn standing(&self, object: &Object) -> Standing;

    /// What an object is to look like in the target; nothing if it is gone for good. Objects that are out of scope have an
    /// answer too: it says how they are disabled. A group's members may be left out.
    fn wanted(&self, object: &Object) -> Option<Wanted>;

    /// The users who are direct members of a group; nobody where members are not mapped. Only asked when a group is linked
    /// and in initial cycles.
    fn members(&self, group: &str) -> Vec<String>;

    /// The attributes of the target by which objects of a kind are matched, in the order in which they are tried.
    fn matching(&self, kind: ObjectKind) -> Vec<String>;
}

/// An object that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The object.
    pub object: Object,
    /// A group's members who came or went since; others are not mentioned. Empty where members are not mapped.
    pub members: Vec<MemberChange>,
}

/// A member who came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberChange {
    /// The user's id in the directory.
    pub user: String,
    /// Whether the user is a member now.
    pub is_member: bool,
}

/// How an object of the directory stands to the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is to be in the target.
    InScope,
    /// It is in scope, and its account is not enabled.
    Disabled,
    /// It is not, or no longer, for this target.
    OutOfScope(OutOfScope),
    /// It lies in the recycle bin.
    SoftDeleted,
    /// It is gone for good, or was never there.
    Gone,
}

/// Why an object is out of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfScope {
    /// Nobody assigned it.
    Unassigned,
    /// It is assigned with the role Default Access, which does not entitle here.
    DefaultAccess,
    /// A scoping filter leaves it out.
    ScopingFilter,
}

impl OutOfScope {
    /// Why, in words.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Unassigned => "it is not assigned to the application",
            Self::DefaultAccess => {
                "it is not effectively entitled: it is assigned with the role Default Access alone"
            }
            Self::ScopingFilter => "it does not pass the scoping filter",
        }
    }
}

impl Object {
    /// A user.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self { kind: ObjectKind::User, id: id.into() }
    }

    /// A group.
    #[must_use]
    pub fn group(id: impl Into<String>) -> Self {
        Self { kind: ObjectKind::Group, id: id.into() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.resource_type(), self.id)
    }
}

impl From<Object> for String {
    fn from(object: Object) -> Self {
        object.to_string()
    }
}

impl TryFrom<String> for Object {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('/') {
            Some(("User", id)) => Ok(Self::user(id)),
            Some(("Group", id)) => Ok(Self::group(id)),
            _ => Err(format!("{text:?} names no object; write it like User/8aa1a0c0")),
        }
    }
}
