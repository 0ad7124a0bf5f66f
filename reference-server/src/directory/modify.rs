//! PATCH: the engine computes, and what changed is committed. Members come and go as edges; unless all of them
//! are replaced, nobody looks at the others.

use std::collections::BTreeSet;

use engine::{Current, Edges, Edit, IdleReplace, Links, Patched, Reject, ResourceType};
use protocol::PatchVerb;
use uuid::Uuid;

use crate::application::Change;
use crate::command::{Answer, Look, Precondition};
use crate::directory::{Directory, Setback, canonical, expect_precondition, no_such_member, put};
use crate::store::{Changes, Edge, Record};

/// Edges as the store knows them.
#[derive(Default)]
struct Moves {
    adds: Vec<Edge>,
    removes: Vec<Edge>,
}

impl Directory<'_> {
    pub(super) fn modify(
        &self,
        resource_type: &ResourceType,
        id: &str,
        edits: &[Edit],
        only_if: &Precondition,
        look: &dyn Look,
    ) -> Result<Answer, Setback> {
        let old = self.record(resource_type, id)?;
        expect_precondition(only_if, &old)?;
        let old_body = old.object();
        let members =
            || self.store.members(self.tenant, old.id).iter().map(|member| look.member(member)).collect();
        let current = Current { id, body: &old_body, members: &members };
        let patched = self.rules.patch(resource_type, &current, edits)?;
        let conditional = *only_if != Precondition::default();
        let moves = self.moves(&old, &patched.edges, conditional)?;
        let moved = !moves.adds.is_empty() || !moves.removes.is_empty();
        let is_counted = self.rules.readings.patch.idle_replace == IdleReplace::Counted
            && edits.iter().any(|edit| edit.verb == PatchVerb::Replace);
        if !patched.changed && !moved && !is_counted {
            return Ok(self.modified(resource_type, old, &patched, look));
        }
        // A change of members alone stands beside any other change of the group, so it expects no version. Where
        // all of them go, or the client named a version, it does.
        let rewritten = patched.changed || patched.edges.cleared || conditional || is_counted;
        let changes = self.changes(resource_type, &old, &patched, moves, rewritten)?;
        self.store.commit(self.tenant, changes)?;
        self.after_commit(&resource_type.name, old.id, Change::Updated);
        let new = self.store.get(self.tenant, old.id).ok_or(Setback::Lost)?;
        Ok(self.modified(resource_type, new, &patched, look))
    }

    fn modified(
        &self,
        resource_type: &ResourceType,
        record: Record,
        patched: &Patched,
        look: &dyn Look,
    ) -> Answer {
        let brief = look.is_brief(!patched.edges.is_empty());
        let none = Links { members: false, groups: false };
        let links = if brief { none } else { look.links(resource_type) };
        Answer::Modified { resource: self.linked(record, links), brief }
    }

    fn changes(
        &self,
        resource_type: &ResourceType,
        old: &Record,
        patched: &Patched,
        moves: Moves,
        rewritten: bool,
    ) -> Result<Changes, Setback> {
        let mut changes = Changes {
            at_ms: self.clock.unix_ms(),
            edge_adds: moves.adds,
            edge_removes: moves.removes,
            ..Changes::default()
        };
        if rewritten {
            let draft = &patched.draft;
            self.expect_free(&draft.keys, old.id)?;
            let secret_set = draft.secret_given || (old.secret_set && !patched.secret_removed);
            changes.puts.push(put(resource_type, old.id, Some(old.version), draft, secret_set));
            self.exchange_keys(resource_type, old, &draft.keys, &draft.body, &mut changes);
        }
        Ok(changes)
    }

    /// The edges that an edit comes to. Only where the client named a version is it asked beforehand which of
    /// them are there: the store knows, but it could not tell a change without effect from one with.
    fn moves(&self, group: &Record, edges: &Edges, conditional: bool) -> Result<Moves, Setback> {
        let edge = |member: Uuid| Edge { group: group.id, member };
        let adds = edges
            .adds
            .iter()
            .map(|id| {
                let found = canonical(id).and_then(|id| self.store.get(self.tenant, id));
                found.map(|record| record.id).ok_or_else(no_such_member)
            })
            .collect::<Result<Vec<Uuid>, Reject>>()?;
        let mut moves = Moves {
            removes: edges.removes.iter().filter_map(|id| canonical(id)).map(edge).collect(),
            adds: adds.iter().copied().map(edge).collect(),
        };
        if edges.cleared {
            let stored: BTreeSet<Uuid> =
                self.store.members(self.tenant, group.id).iter().map(|member| member.id).collect();
            moves.removes = stored.iter().filter(|id| !adds.contains(id)).copied().map(edge).collect();
            moves.adds.retain(|edge| !stored.contains(&edge.member));
        } else if conditional {
            let is_member = |edge: &Edge| {
                self.store.groups(self.tenant, edge.member).iter().any(|found| found.id == group.id)
            };
            moves.adds.retain(|edge| !is_member(edge));
            moves.removes.retain(is_member);
        }
        Ok(moves)
    }
}
