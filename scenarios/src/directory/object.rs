use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::directory::attributes::Attributes;
use crate::directory::scope::AppRole;

/// What an object of the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody with an account.
    User,
    /// A group.
    Group,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::User => "user",
            Self::Group => "group",
        })
    }
}

/// Where an object lies. Places are never used again, so that a deletion can be told of later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Slot(pub(super) u32);

impl Slot {
    pub(super) fn at(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) id: Arc<str>,
    /// The number of its last change.
    pub(super) changed: u64,
    pub(super) assigned: Option<AppRole>,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    User(Box<User>),
    Group(Box<Group>),
    /// Deleted for good; only that is known of it, and what it was called.
    Gone {
        kind: Kind,
        name: Box<str>,
    },
}

#[derive(Debug, Default)]
pub(super) struct User {
    pub(super) attributes: Attributes,
    pub(super) disabled: bool,
    /// Since when it is in the bin.
    pub(super) deleted: Option<i64>,
    pub(super) manager: Option<Slot>,
    /// The number of the change that set the manager last; 0 where there never was one.
    pub(super) manager_changed: u64,
    pub(super) reports: Vec<Slot>,
    /// The groups that it is a direct member of.
    pub(super) groups: Vec<Slot>,
}

#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) attributes: Attributes,
    pub(super) security_enabled: bool,
    /// Who is a direct member, or was.
    pub(super) members: BTreeMap<Slot, Membership>,
    /// How many of them are.
    pub(super) size: usize,
    /// The groups that it is a direct member of.
    pub(super) groups: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Membership {
    /// The number of its last change.
    pub(super) changed: u64,
    pub(super) stands: bool,
}

impl Object {
    pub(super) fn kind(&self) -> Kind {
        match &self.body {
            Body::User(_) => Kind::User,
            Body::Group(_) => Kind::Group,
            Body::Gone { kind, .. } => *kind,
        }
    }

    pub(super) fn name(&self) -> &str {
        let attributes = match &self.body {
            Body::User(user) => &user.attributes,
            Body::Group(group) => &group.attributes,
            Body::Gone { name, .. } => return name,
        };
        attributes.text("displayName").or_else(|| attributes.text("userPrincipalName")).unwrap_or(&self.id)
    }
}

impl Group {
    /// The direct members, in the order in which they came into the directory.
    pub(super) fn standing(&self) -> impl Iterator<Item = Slot> {
        self.members.iter().filter(|(_, membership)| membership.stands).map(|(slot, _)| *slot)
    }
}
