//! PATCH, RFC 7644 §3.5.2: a body becomes edits, and edits become what is to be committed.

mod elements;
mod leaf;
mod members;
mod parse;
mod patcher;
mod permitted;

use std::collections::BTreeSet;
use std::fmt;

use protocol::{PatchPath, PatchVerb};
use serde_json::{Map, Value};

use crate::accept::Draft;
use crate::behaviour::Before;
use crate::patch::patcher::Patcher;
use crate::reject::Reject;
use crate::rules::{ResourceType, Rules};

/// One operation of a PATCH, whatever dialect it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What it does.
    pub verb: PatchVerb,
    /// What it is aimed at; without a path, the attributes that the value names.
    pub path: Option<PatchPath>,
    /// What is added or put in place; on `remove`, which values are meant.
    pub value: Option<Value>,
}

/// The resource that is to be changed.
#[derive(Clone, Copy)]
pub struct Current<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its canonical body, as a [`Draft`] has it.
    pub body: &'a Map<String, Value>,
    /// Lists its members as they are shown. Called only where a filter asks for more than ids.
    pub members: &'a dyn Fn() -> Vec<Map<String, Value>>,
}

impl fmt::Debug for Current<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What edits come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The resource as it is to be. Its `members` are empty: see [`edges`](Self::edges).
    pub draft: Draft,
    /// What happens to the membership.
    pub edges: Edges,
    /// Whether a secret that was set is set no longer.
    pub secret_removed: bool,
    /// Whether the resource itself comes out different. Where it does not, and no edge changes either, its
    /// version and time stay as they are, RFC 7644 §3.5.2.1.
    pub changed: bool,
}

/// Changes of a membership, which never looks at those that it does not name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// Whether all members that are not in `adds` go.
    pub cleared: bool,
    /// The ids of those who are to be members.
    pub adds: BTreeSet<String>,
    /// The ids of those who are not to be members; some may not have been.
    pub removes: BTreeSet<String>,
}

impl Edges {
    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.cleared && self.adds.is_empty() && self.removes.is_empty()
    }

    fn add(&mut self, id: String) {
        self.removes.remove(&id);
        self.adds.insert(id);
    }

    fn remove(&mut self, id: String) {
        self.adds.remove(&id);
        self.removes.insert(id);
    }

    fn clear(&mut self) {
        *self = Self { cleared: true, ..Self::default() };
    }
}

impl Rules {
    /// Applies edits in order, each to what the one before left; all of them or none.
    ///
    /// # Errors
    /// 400 with invalidPath, noTarget, mutability, invalidValue or invalidFilter. The detail counts the
    /// operation at fault, where there are several.
    pub fn patch(
        &self,
        resource_type: &ResourceType,
        current: &Current<'_>,
        edits: &[Edit],
    ) -> Result<Patched, Reject> {
        let mut patcher = Patcher::new(self, resource_type, *current);
        for (position, edit) in edits.iter().enumerate() {
            patcher.apply(edit).map_err(|reject| match edits.len() {
                1 => reject,
                _ => Reject { detail: format!("operation {}: {}", position + 1, reject.detail), ..reject },
            })?;
        }
        let (body, edges, secret_removed) = patcher.into_parts();
        // The outcome as a whole is held to the schema once more: that is where required attributes and
        // immutable ones are seen to, and where the canonical order comes from.
        let before = Before { id: current.id, body: current.body };
        let draft = self.accept(resource_type, body, Some(before))?;
        let changed = draft.body != *current.body || draft.secret_given || secret_removed;
        Ok(Patched { draft, edges, secret_removed, changed })
    }
}
