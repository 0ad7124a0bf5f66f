//! What changed since somebody asked last.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::directory::object::{Body, Slot};
use crate::directory::{Directory, Kind};

/// The number of the last change that somebody knows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Watermark(u64);

impl Watermark {
    /// Before the first change: from here everything has changed.
    pub const START: Self = Self(0);

    /// The mark of a number.
    #[must_use]
    pub const fn at(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What changed between two watermarks. Where something changed more than once, the last state counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Users, each once, by their last change.
    pub users: Vec<UserChange>,
    /// Groups, each once: first those that changed themselves, by their last change, then those of which only members
    /// changed.
    pub groups: Vec<GroupChange>,
    /// Up to where this tells: the watermark to ask from the next time.
    pub until: Watermark,
}

/// How an object changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// An attribute, its assignment, what brings it into scope, or its life in the bin: it is to be looked at again.
    Altered,
    /// Only who is in it.
    Members,
    /// It was deleted for good.
    Deleted,
}

/// A user that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChange {
    /// The user's object id.
    pub id: Arc<str>,
    /// How; never by members.
    pub changed: Changed,
    /// Whether the manager was set or removed.
    pub manager: bool,
}

/// A group that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChange {
    /// The group's object id.
    pub id: Arc<str>,
    /// How.
    pub changed: Changed,
    /// Who came into it, by the number of the change.
    pub added: Vec<Arc<str>>,
    /// Who left it. Somebody who came and left in between is among them too.
    pub removed: Vec<Arc<str>>,
}

impl Directory {
    /// The number of the last change.
    #[must_use]
    pub fn watermark(&self) -> Watermark {
        Watermark(self.sequence)
    }

    /// What changed since a watermark. This costs what the changes cost, whatever the size of the directory.
    #[must_use]
    pub fn changes_since(&self, known: Watermark) -> Changes {
        let mut users = Vec::new();
        let mut groups: Vec<GroupChange> = Vec::new();
        let mut places: BTreeMap<Slot, usize> = BTreeMap::new();
        let after = known.0.saturating_add(1)..;
        for slot in self.changed.range(after.clone()).map(|(_, slot)| *slot) {
            let Some(object) = self.objects.get(slot.at()) else { continue };
            let id = Arc::clone(&object.id);
            let gone = matches!(object.body, Body::Gone { .. });
            let changed = if gone { Changed::Deleted } else { Changed::Altered };
            match object.kind() {
                Kind::User => {
                    let manager = self.user_at(slot).is_some_and(|user| user.manager_changed > known.0);
                    users.push(UserChange { id, changed, manager });
                }
                Kind::Group => {
                    places.insert(slot, groups.len());
                    groups.push(GroupChange { id, changed, added: Vec::new(), removed: Vec::new() });
                }
            }
        }
        for (group, member) in self.memberships.range(after).map(|(_, pair)| *pair) {
            let (Some(id), Some(member_id)) = (self.id_at(group), self.id_at(member)) else { continue };
            let place = *places.entry(group).or_insert_with(|| {
                let (id, changed) = (Arc::clone(id), Changed::Members);
                groups.push(GroupChange { id, changed, added: Vec::new(), removed: Vec::new() });
                groups.len().saturating_sub(1)
            });
            let Some(change) = groups.get_mut(place) else { continue };
            let stands = self.group_at(group).and_then(|found| found.members.get(&member));
            let list = match stands {
                Some(membership) if membership.stands => &mut change.added,
                _ => &mut change.removed,
            };
            list.push(Arc::clone(member_id));
        }
        Changes { users, groups, until: self.watermark() }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.sequence = self.sequence.saturating_add(1);
        self.sequence
    }

    /// Gives an object the number of a new change.
    pub(super) fn touch(&mut self, slot: Slot) {
        let sequence = self.next();
        let Some(object) = self.objects.get_mut(slot.at()) else { return };
        self.changed.remove(&object.changed);
        object.changed = sequence;
        self.changed.insert(sequence, slot);
    }

    /// The same, where the change is that of a manager.
    pub(super) fn touch_manager(&mut self, slot: Slot) {
        self.touch(slot);
        let sequence = self.sequence;
        if let Some(user) = self.user_at_mut(slot) {
            user.manager_changed = sequence;
        }
    }
}
