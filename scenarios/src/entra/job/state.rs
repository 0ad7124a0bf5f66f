//! What a job remembers between cycles.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::source::Object;
use super::{Escrow, Quarantine};
use crate::entra::ObjectKind;

/// What a job remembers between cycles: plain data that can be written down and read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Up to where the feed of changes has been read; nothing before the first cycle that came to its end.
    pub watermark: Option<u64>,
    /// How many cycles have begun.
    pub cycles: u32,
    /// How many log rows have been written.
    pub rows: u32,
    /// How many connection tests have been made.
    pub probes: u64,
    /// Which object is which resource.
    pub links: Links,
    /// What failed and is tried again.
    pub escrows: BTreeMap<Object, Escrow>,
    /// What the next cycle looks at although nothing about it changed: references that wait for it, as the settings say,
    /// and what a cycle left half done that broke off.
    pub later: BTreeSet<Object>,
    /// Whose disabling or deletion waits until an administrator allows it.
    pub staged: BTreeSet<Object>,
    /// Whether an administrator allowed what is staged.
    pub deletions_allowed: bool,
    /// Why the job is in quarantine, where it is.
    pub quarantine: Option<Quarantine>,
    /// Whether the job was switched off after four weeks in quarantine.
    pub switched_off: bool,
    /// When the last cycle began and ended, in milliseconds since 1970.
    pub last: Option<(i64, i64)>,
}

/// The connection between an object of the directory and a resource of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The resource's id in the target.
    pub target: String,
    /// What people call the object.
    pub name: String,
    /// Whether it was last exported as active.
    pub enabled: bool,
    /// Whether it left the scope, and is no longer managed.
    pub released: bool,
    /// The references exported: the attribute and the object that it points to.
    pub references: BTreeMap<String, String>,
    /// A group's members exported, by their ids in the directory. Members are never read from the target.
    pub members: BTreeSet<String>,
    /// A group's members whose export failed, and whether they are to be members.
    pub pending: BTreeMap<String, bool>,
    /// A group's members of whom the target may know otherwise, as no clear answer came.
    pub unsure: BTreeSet<String>,
    /// Whether all of a group's members were looked at since it was linked.
    pub complete: bool,
}

impl Link {
    pub(crate) fn new(target: String, name: String) -> Self {
        Self {
            target,
            name,
            enabled: true,
            released: false,
            references: BTreeMap::new(),
            members: BTreeSet::new(),
            pending: BTreeMap::new(),
            unsure: BTreeSet::new(),
            complete: false,
        }
    }
}

/// All links of a job, found from either side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Object, Link>", into = "BTreeMap<Object, Link>")]
pub struct Links {
    links: BTreeMap<Object, Link>,
    resources: BTreeMap<(ObjectKind, String), Object>,
}

impl Links {
    /// The link of an object.
    #[must_use]
    pub fn get(&self, object: &Object) -> Option<&Link> {
        self.links.get(object)
    }

    /// Every link, users first.
    pub fn iter(&self) -> impl Iterator<Item = (&Object, &Link)> {
        self.links.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The object that a resource of the target is linked to.
    #[must_use]
    pub fn owner(&self, kind: ObjectKind, target: &str) -> Option<&Object> {
        self.resources.get(&(kind, target.to_owned()))
    }

    pub(crate) fn get_mut(&mut self, object: &Object) -> Option<&mut Link> {
        self.links.get_mut(object)
    }

    pub(crate) fn insert(&mut self, object: Object, link: Link) {
        self.remove(&object);
        self.resources.insert((object.kind, link.target.clone()), object.clone());
        self.links.insert(object, link);
    }

    pub(crate) fn remove(&mut self, object: &Object) {
        if let Some(link) = self.links.remove(object) {
            self.resources.remove(&(object.kind, link.target));
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl From<BTreeMap<Object, Link>> for Links {
    fn from(links: BTreeMap<Object, Link>) -> Self {
        let resources =
            links.iter().map(|(object, link)| ((object.kind, link.target.clone()), object.clone()));
        Self { resources: resources.collect(), links }
    }
}

impl From<Links> for BTreeMap<Object, Link> {
    fn from(links: Links) -> Self {
        links.links
    }
}
