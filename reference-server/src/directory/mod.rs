//! Reads, computes, commits. No lock is held across a computation; whoever loses a race starts over.

mod after;
mod modify;
mod query;
mod references;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Before, Deleted, Draft, Reject, ResourceType, Rules, UniqueKey};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::application::{Application, Change};
use crate::clock::Clock;
use crate::command::{Answer, Command, Look, Precondition, Resource, Tags};
use crate::ids::Ids;
use crate::store::{Changes, Conflict, Delete, Edge, GroupsMark, Put, Record, Store, TenantId};

/// How often a command is tried while others change the same resource.
const ATTEMPTS_MAX: u32 = 32;

/// One tenant's resources, under the rules of the server.
pub(crate) struct Directory<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) store: &'a dyn Store,
    pub(crate) application: &'a Application,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) ids: &'a Ids,
    pub(crate) tenant: TenantId,
}

/// Why an attempt came to nothing.
enum Setback {
    /// Starting over cannot help.
    Refused(Reject),
    /// Somebody else was faster.
    Lost,
}

impl From<Reject> for Setback {
    fn from(reject: Reject) -> Self {
        Self::Refused(reject)
    }
}

impl From<Conflict> for Setback {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Version => Self::Lost,
            Conflict::Key(key) => Self::Refused(Reject::taken(&key.attribute)),
            Conflict::Member => Self::Refused(no_such_member()),
        }
    }
}

impl Directory<'_> {
    /// Does what a command says.
    ///
    /// # Errors
    /// The engine's refusals, 404 for an unknown id, 409 for a taken value, 412 for a failed precondition.
    pub(crate) fn execute(&self, command: Command<'_>, look: &dyn Look) -> Result<Answer, Reject> {
        match command {
            Command::Create { resource_type, body } => {
                let draft = self.rules.accept(resource_type, body, None)?;
                let created = self.trying(|| self.create(resource_type, &draft))?;
                Ok(Answer::Created(created))
            }
            Command::Replace { resource_type, id, body, only_if } => {
                let replaced = self.trying(|| self.replace(resource_type, id, body.clone(), &only_if))?;
                Ok(Answer::Replaced(replaced))
            }
            Command::Modify { resource_type, id, edits, only_if } => {
                self.trying(|| self.modify(resource_type, id, &edits, &only_if, look))
            }
            Command::Delete { resource_type, id, only_if } => {
                self.trying(|| self.delete(resource_type, id, &only_if)).map(|()| Answer::Deleted)
            }
            Command::Read { resource_type, id } => {
                Ok(Answer::Found(self.resource(resource_type, self.record(resource_type, id)?, look)))
            }
            Command::Query(query) => self.query(&query, look),
        }
    }

    fn trying<T>(&self, attempt: impl Fn() -> Result<T, Setback>) -> Result<T, Reject> {
        for _ in 0..ATTEMPTS_MAX {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(Setback::Refused(reject)) => return Err(reject),
                Err(Setback::Lost) => {}
            }
        }
        Err(Reject::new(
            409,
            "the resource kept changing while the request was served; send the request again",
        ))
    }

    fn create(&self, resource_type: &ResourceType, draft: &Draft) -> Result<Resource, Setback> {
        let (id, is_back) = self.id(draft);
        let members = self.named_members(draft)?;
        self.expect_free(&draft.keys, id)?;
        let put = put(resource_type, id, None, draft, draft.secret_given);
        let changes = Changes {
            at_ms: self.clock.unix_ms(),
            claims: draft.keys.iter().map(|key| (key.clone(), id)).collect(),
            edge_adds: members.keys().map(|member| Edge { group: id, member: *member }).collect(),
            index_adds: self
                .rules
                .index_keys(resource_type, &draft.body)
                .into_iter()
                .map(|key| (key, id))
                .collect(),
            puts: vec![put],
            ..Changes::default()
        };
        let change = if is_back { Change::Returned } else { Change::Created(&draft.body) };
        self.written(changes, draft, members, change)
    }

    fn replace(
        &self,
        resource_type: &ResourceType,
        id: &str,
        body: Map<String, Value>,
        only_if: &Precondition,
    ) -> Result<Resource, Setback> {
        let old = self.record(resource_type, id)?;
        expect_precondition(only_if, &old)?;
        let old_body = old.object();
        let members_stay = self.rules.members_stay(resource_type, &body);
        let body = self.rules.replacement(resource_type, body, &old_body)?;
        let before = Before { id: &old.id.to_string(), body: &old_body };
        let draft = self.rules.accept(resource_type, body, Some(before))?;
        let there = self.store.members(self.tenant, old.id);
        let old_members: BTreeSet<Uuid> = there.iter().map(|member| member.id).collect();
        let members = if members_stay {
            there.into_iter().map(|member| (member.id, member)).collect()
        } else {
            self.named_members(&draft)?
        };
        self.expect_free(&draft.keys, old.id)?;
        let edge = |member: &Uuid| Edge { group: old.id, member: *member };
        let mut changes = Changes {
            at_ms: self.clock.unix_ms(),
            edge_adds: members.keys().filter(|member| !old_members.contains(member)).map(edge).collect(),
            edge_removes: old_members
                .iter()
                .filter(|member| !members.contains_key(member))
                .map(edge)
                .collect(),
            puts: vec![put(
                resource_type,
                old.id,
                Some(old.version),
                &draft,
                old.secret_set || draft.secret_given,
            )],
            ..Changes::default()
        };
        self.exchange_keys(resource_type, &old, &draft.keys, &draft.body, &mut changes);
        self.written(changes, &draft, members, Change::Updated)
    }

    fn delete(&self, resource_type: &ResourceType, id: &str, only_if: &Precondition) -> Result<(), Setback> {
        let old = self.record(resource_type, id)?;
        expect_precondition(only_if, &old)?;
        let old_body = old.object();
        let index_keys = self.rules.index_keys(resource_type, &old_body).into_iter();
        let keys = self.rules.unique_keys(resource_type, &old_body);
        let mut changes = Changes {
            at_ms: self.clock.unix_ms(),
            releases: keys.iter().cloned().collect(),
            index_removes: index_keys.map(|key| (key, old.id)).collect(),
            deletes: vec![Delete { id: old.id, expected: old.version }],
            ..Changes::default()
        };
        let unlinked = self.drop_references(resource_type, &old, &mut changes);
        // Whoever comes back must be known as soon as the keys are free.
        if self.rules.readings.deleted == Deleted::Remembered {
            self.application.departed.remember(self.tenant, &keys, &old);
        }
        self.store.commit(self.tenant, changes)?;
        self.after_commit(&resource_type.name, old.id, Change::Deleted);
        self.after_dropping(&unlinked);
        Ok(())
    }

    /// The id of a resource, and whether it is one that is back. Whoever is back already, under another name, keeps
    /// his id to himself.
    fn id(&self, draft: &Draft) -> (Uuid, bool) {
        let known = match self.rules.readings.deleted {
            Deleted::Forgotten => None,
            Deleted::Remembered => self.application.departed.id(self.tenant, &draft.keys),
        };
        match known.filter(|id| self.store.get(self.tenant, *id).is_none()) {
            Some(id) => (id, true),
            None => (self.ids.next(), false),
        }
    }

    /// Commits, and answers with what was computed: a second look could show somebody else's change.
    fn written(
        &self,
        changes: Changes,
        draft: &Draft,
        members: BTreeMap<Uuid, Record>,
        change: Change<'_>,
    ) -> Result<Resource, Setback> {
        let committed = self.store.commit(self.tenant, changes)?;
        let record = committed.records.into_iter().next().ok_or(Setback::Lost)?;
        self.after_commit(&record.resource_type, record.id, change);
        let groups = self.groups(&record);
        Ok(Resource {
            body: draft.body.clone(),
            members: members.into_values().collect(),
            groups_mark: GroupsMark::of(&groups),
            groups,
            record,
        })
    }

    fn resource(&self, resource_type: &ResourceType, record: Record, look: &dyn Look) -> Resource {
        self.linked(record, look.links(resource_type))
    }

    /// The record with this id. Ids are compared letter by letter, so another spelling is another, unknown
    /// id.
    fn record(&self, resource_type: &ResourceType, id: &str) -> Result<Record, Reject> {
        canonical(id)
            .and_then(|id| self.store.get(self.tenant, id))
            .filter(|record| *record.resource_type == *resource_type.name)
            .ok_or_else(|| Reject::new(404, format!("there is no {} with this id", resource_type.name)))
    }

    fn named_members(&self, draft: &Draft) -> Result<BTreeMap<Uuid, Record>, Reject> {
        let found = |id: &String| canonical(id).and_then(|id| self.store.get(self.tenant, id));
        draft
            .members
            .iter()
            .map(|id| found(id).map(|record| (record.id, record)).ok_or_else(no_such_member))
            .collect()
    }

    /// Lets a resource go of the keys that it no longer needs, and take those that it does.
    fn exchange_keys(
        &self,
        resource_type: &ResourceType,
        old: &Record,
        needed: &BTreeSet<UniqueKey>,
        body: &Map<String, Value>,
        changes: &mut Changes,
    ) {
        let old_body = old.object();
        let before = self.rules.unique_keys(resource_type, &old_body);
        changes.claims.extend(needed.difference(&before).map(|key| (key.clone(), old.id)));
        changes.releases.extend(before.difference(needed).cloned());
        let before = self.rules.index_keys(resource_type, &old_body);
        let after = self.rules.index_keys(resource_type, body);
        changes.index_adds.extend(after.difference(&before).map(|key| (key.clone(), old.id)));
        changes.index_removes.extend(before.difference(&after).map(|key| (key.clone(), old.id)));
    }

    /// Looks before leaping: the commit would notice as well, but only after more work.
    fn expect_free(&self, keys: &BTreeSet<UniqueKey>, id: Uuid) -> Result<(), Reject> {
        match keys.iter().find(|key| self.store.holder(self.tenant, key).is_some_and(|holder| holder != id)) {
            Some(key) => Err(Reject::taken(&key.attribute)),
            None => Ok(()),
        }
    }
}

fn put(
    resource_type: &ResourceType,
    id: Uuid,
    expected: Option<u64>,
    draft: &Draft,
    secret_set: bool,
) -> Put {
    // What is JSON already can always be written.
    let body = serde_json::to_vec(&draft.body).unwrap_or_default();
    Put { id, resource_type: resource_type.name.as_str().into(), expected, body: Arc::from(body), secret_set }
}

fn expect_precondition(only_if: &Precondition, record: &Record) -> Result<(), Reject> {
    let Precondition { only_if, not_if } = only_if;
    if *only_if != Tags::Unsaid && !only_if.is_about(record) {
        return Err(Precondition::other_version());
    }
    if not_if.is_about(record) {
        let detail = "the resource is there, in a version that If-None-Match rules out; leave the header out to change it";
        return Err(Reject::new(412, detail));
    }
    Ok(())
}

fn canonical(id: &str) -> Option<Uuid> {
    Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id)
}

fn no_such_member() -> Reject {
    Reject::value("members.value", "names a resource that does not exist; send the id of a User or Group")
}

#[cfg(test)]
mod tests;
