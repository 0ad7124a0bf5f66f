//! What becomes of those who name a resource that is deleted: the reference goes with it. They are found by the index, so
//! that a deletion costs what it changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::ResourceType;
use uuid::Uuid;

use crate::application::Change;
use crate::directory::Directory;
use crate::store::{Changes, Put, Record};

impl Directory<'_> {
    /// Takes a resource out of all that name it, and says who they are. Who comes to name it before the commit is
    /// noticed by the store: then all of this starts over.
    pub(super) fn drop_references(
        &self,
        target: &ResourceType,
        gone: &Record,
        changes: &mut Changes,
    ) -> Vec<Record> {
        let id = gone.id.to_string();
        let keys = self.rules.reference_keys(target, &id);
        let found = keys.iter().flat_map(|key| self.store.indexed(self.tenant, key));
        let found: BTreeMap<Uuid, Record> = found.map(|record| (record.id, record)).collect();
        let mut changed = Vec::new();
        for record in found.into_values().filter(|record| record.id != gone.id) {
            let Some(resource_type) = self.rules.resource_type(&record.resource_type) else { continue };
            let old_body = record.object();
            let Some(body) = self.rules.without_references(resource_type, &old_body, target, &id) else {
                continue;
            };
            let needed = self.rules.unique_keys(resource_type, &body);
            self.exchange_keys(resource_type, &record, &needed, &body, changes);
            changes.puts.push(Put {
                id: record.id,
                resource_type: Arc::clone(&record.resource_type),
                expected: Some(record.version),
                // What is JSON already can always be written.
                body: Arc::from(serde_json::to_vec(&body).unwrap_or_default()),
                secret_set: record.secret_set,
            });
            changed.push(record);
        }
        changes.vacated = keys;
        changed
    }

    /// Lets the application learn of those who lost a reference.
    pub(super) fn after_dropping(&self, changed: &[Record]) {
        for record in changed {
            self.after_commit(&record.resource_type, record.id, Change::Updated);
        }
    }
}
