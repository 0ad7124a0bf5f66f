//! Stores with a defect, around a store without.

use std::sync::{Arc, Mutex, PoisonError};

use engine::{IndexKey, UniqueKey};
use serde_json::Value;
use uuid::Uuid;

use crate::store::{Changes, Committed, Conflict, Edge, Page, Position, Put, Record, Store, TenantId};

/// A store around another. What it does not say otherwise, the inner one does.
trait Wrapper: Send + Sync {
    fn inner(&self) -> &dyn Store;

    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        self.inner().commit(tenant, changes)
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        self.inner().page(tenant, resource_type, start, count)
    }

    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
        self.inner().members(tenant, group)
    }

    /// Whether queries come across a resource that the inner store has.
    fn shows(&self, _tenant: TenantId, _record: &Record) -> bool {
        true
    }
}

struct Wrapped<W>(W);

impl<W: Wrapper> Store for Wrapped<W> {
    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        self.0.commit(tenant, changes)
    }

    fn get(&self, tenant: TenantId, id: Uuid) -> Option<Record> {
        self.0.inner().get(tenant, id)
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        self.0.page(tenant, resource_type, start, count)
    }

    fn scan(
        &self,
        tenant: TenantId,
        resource_type: &str,
        behind: Position,
        count: u64,
    ) -> (Vec<Record>, Option<Position>) {
        let (mut records, next) = self.0.inner().scan(tenant, resource_type, behind, count);
        records.retain(|record| self.0.shows(tenant, record));
        (records, next)
    }

    fn indexed(&self, tenant: TenantId, key: &IndexKey) -> Vec<Record> {
        let mut records = self.0.inner().indexed(tenant, key);
        records.retain(|record| self.0.shows(tenant, record));
        records
    }

    fn holder(&self, tenant: TenantId, key: &UniqueKey) -> Option<Uuid> {
        self.0.inner().holder(tenant, key)
    }

    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
        self.0.members(tenant, group)
    }

    fn groups(&self, tenant: TenantId, member: Uuid) -> Vec<Record> {
        self.0.inner().groups(tenant, member)
    }
}

/// What a wrapper remembers.
type Notes<T> = Mutex<Vec<T>>;

fn noted<T: Clone>(notes: &Notes<T>, wanted: impl Fn(&T) -> bool) -> Vec<T> {
    notes.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|note| wanted(note)).cloned().collect()
}

fn note<T>(notes: &Notes<T>, new: impl IntoIterator<Item = T>) {
    notes.lock().unwrap_or_else(PoisonError::into_inner).extend(new);
}

/// Changes what is committed before it is committed.
type Edit = fn(&dyn Store, TenantId, &mut Changes);

struct Edited {
    inner: Arc<dyn Store>,
    edit: Edit,
}

impl Wrapper for Edited {
    fn inner(&self) -> &dyn Store {
        self.inner.as_ref()
    }

    fn commit(&self, tenant: TenantId, mut changes: Changes) -> Result<Committed, Conflict> {
        (self.edit)(self.inner(), tenant, &mut changes);
        self.inner.commit(tenant, changes)
    }
}

pub(super) fn edited(inner: Arc<dyn Store>, edit: Edit) -> Arc<dyn Store> {
    Arc::new(Wrapped(Edited { inner, edit }))
}

/// Changes a resource that is about to be stored.
pub(super) fn restored(put: &mut Put, edit: impl FnOnce(&mut Value)) {
    let mut body: Value = serde_json::from_slice(&put.body).unwrap_or_default();
    edit(&mut body);
    put.body = body.to_string().into_bytes().into();
}

/// Deletes nothing, and leaves out of lists what it should have deleted.
struct HidesDeleted {
    inner: Arc<dyn Store>,
    hidden: Notes<(TenantId, Uuid)>,
}

impl Wrapper for HidesDeleted {
    fn inner(&self) -> &dyn Store {
        self.inner.as_ref()
    }

    fn commit(&self, tenant: TenantId, mut changes: Changes) -> Result<Committed, Conflict> {
        let deletes = std::mem::take(&mut changes.deletes);
        for delete in &deletes {
            let groups = self.inner.groups(tenant, delete.id);
            changes
                .edge_removes
                .extend(groups.iter().map(|group| Edge { group: group.id, member: delete.id }));
        }
        let committed = self.inner.commit(tenant, changes)?;
        note(&self.hidden, deletes.iter().map(|delete| (tenant, delete.id)));
        Ok(committed)
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        let hidden = noted(&self.hidden, |(owner, _)| *owner == tenant);
        let mut records = self.inner.page(tenant, resource_type, 1, u64::MAX).records;
        records.retain(|record| !hidden.iter().any(|(_, id)| *id == record.id));
        cut_to_page(records, start, count)
    }

    fn shows(&self, tenant: TenantId, record: &Record) -> bool {
        noted(&self.hidden, |(owner, id)| *owner == tenant && *id == record.id).is_empty()
    }
}

pub(super) fn hiding_deleted(inner: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Wrapped(HidesDeleted { inner, hidden: Notes::default() }))
}

/// Deletes, and keeps listing what it deleted.
struct ListsDeleted {
    inner: Arc<dyn Store>,
    deleted: Notes<(TenantId, Record)>,
}

impl Wrapper for ListsDeleted {
    fn inner(&self) -> &dyn Store {
        self.inner.as_ref()
    }

    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        let doomed: Vec<Record> =
            changes.deletes.iter().filter_map(|delete| self.inner.get(tenant, delete.id)).collect();
        let committed = self.inner.commit(tenant, changes)?;
        note(&self.deleted, doomed.into_iter().map(|record| (tenant, record)));
        Ok(committed)
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        let deleted = noted(&self.deleted, |(owner, record)| {
            *owner == tenant && *record.resource_type == *resource_type
        });
        let mut records = self.inner.page(tenant, resource_type, 1, u64::MAX).records;
        records.extend(deleted.into_iter().map(|(_, record)| record));
        cut_to_page(records, start, count)
    }
}

pub(super) fn listing_deleted(inner: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Wrapped(ListsDeleted { inner, deleted: Notes::default() }))
}

/// Deletes, and leaves what it deleted among the members of one of its groups.
struct KeepsDeletedMembers {
    inner: Arc<dyn Store>,
    /// Tenant, group and member.
    kept: Notes<(TenantId, Uuid, Record)>,
}

impl Wrapper for KeepsDeletedMembers {
    fn inner(&self) -> &dyn Store {
        self.inner.as_ref()
    }

    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        let doomed = changes.deletes.iter().filter_map(|delete| self.inner.get(tenant, delete.id));
        let kept: Vec<_> = doomed
            .filter_map(|record| Some((tenant, self.inner.groups(tenant, record.id).first()?.id, record)))
            .collect();
        let committed = self.inner.commit(tenant, changes)?;
        note(&self.kept, kept);
        Ok(committed)
    }

    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
        let kept = noted(&self.kept, |(owner, holder, _)| *owner == tenant && *holder == group);
        let mut members = self.inner.members(tenant, group);
        members.extend(kept.into_iter().map(|(_, _, record)| record));
        members
    }
}

pub(super) fn keeping_deleted_members(inner: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Wrapped(KeepsDeletedMembers { inner, kept: Notes::default() }))
}

fn cut_to_page(records: Vec<Record>, start: u64, count: u64) -> Page {
    let skipped = usize::try_from(start.saturating_sub(1)).unwrap_or(usize::MAX);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Page { total: records.len() as u64, records: records.into_iter().skip(skipped).take(count).collect() }
}
