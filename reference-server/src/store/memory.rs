use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use engine::{IndexKey, UniqueKey};
use uuid::Uuid;

use super::{Changes, Committed, Conflict, Page, Position, Record, Store, TenantId};

/// Everything in memory, behind one lock per tenant. Under the lock only indexes move; no JSON is read there.
#[derive(Default)]
pub(crate) struct MemoryStore {
    tenants: RwLock<HashMap<TenantId, Arc<RwLock<Tenant>>>>,
}

#[derive(Default)]
struct Tenant {
    /// Counts commits; the versions of resources are drawn from it.
    sequence: u64,
    /// The latest moment seen.
    latest_ms: i64,
    /// Counts creations; gives lists their order.
    slots: u64,
    records: HashMap<Uuid, Record>,
    order: HashMap<Arc<str>, BTreeMap<u64, Uuid>>,
    keys: HashMap<UniqueKey, Uuid>,
    index: HashMap<IndexKey, BTreeMap<u64, Uuid>>,
    members: BTreeSet<(Uuid, Uuid)>,
    groups: BTreeSet<(Uuid, Uuid)>,
}

impl MemoryStore {
    fn tenant(&self, id: TenantId) -> Arc<RwLock<Tenant>> {
        if let Some(tenant) = self.tenants.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Arc::clone(tenant);
        }
        Arc::clone(self.tenants.write().unwrap_or_else(PoisonError::into_inner).entry(id).or_default())
    }

    fn reading<T>(&self, id: TenantId, read: impl FnOnce(&Tenant) -> T) -> T {
        read(&self.tenant(id).read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for MemoryStore {
    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        let tenant = self.tenant(tenant);
        let mut tenant = tenant.write().unwrap_or_else(PoisonError::into_inner);
        tenant.check(&changes)?;
        Ok(tenant.apply(changes))
    }

    fn get(&self, tenant: TenantId, id: Uuid) -> Option<Record> {
        self.reading(tenant, |tenant| tenant.record(id).cloned())
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        let skipped = usize::try_from(start.saturating_sub(1)).unwrap_or(usize::MAX);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.reading(tenant, |tenant| {
            let Some(order) = tenant.order.get(resource_type) else {
                return Page { total: 0, records: Vec::new() };
            };
            let ids = order.values().skip(skipped).take(count);
            Page {
                total: order.len() as u64,
                records: ids.filter_map(|id| tenant.record(*id).cloned()).collect(),
            }
        })
    }

    fn scan(
        &self,
        tenant: TenantId,
        resource_type: &str,
        behind: Position,
        count: u64,
    ) -> (Vec<Record>, Option<Position>) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.reading(tenant, |tenant| {
            let order = tenant.order.get(resource_type);
            let part = order.into_iter().flat_map(|order| order.range(behind.0 + 1..)).take(count);
            let part: Vec<(&u64, &Uuid)> = part.collect();
            let last = part.last().filter(|_| part.len() == count).map(|(slot, _)| Position(**slot));
            (part.into_iter().filter_map(|(_, id)| tenant.record(*id).cloned()).collect(), last)
        })
    }

    fn indexed(&self, tenant: TenantId, key: &IndexKey) -> Vec<Record> {
        self.reading(tenant, |tenant| {
            let ids = tenant.index.get(key).into_iter().flat_map(BTreeMap::values);
            tenant.records_of(ids.copied())
        })
    }

    fn holder(&self, tenant: TenantId, key: &UniqueKey) -> Option<Uuid> {
        self.reading(tenant, |tenant| tenant.keys.get(key).copied())
    }

    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
        self.reading(tenant, |tenant| tenant.records_of(neighbours(&tenant.members, group)))
    }

    fn groups(&self, tenant: TenantId, member: Uuid) -> Vec<Record> {
        self.reading(tenant, |tenant| tenant.records_of(neighbours(&tenant.groups, member)))
    }
}

impl Tenant {
    fn record(&self, id: Uuid) -> Option<&Record> {
        self.records.get(&id)
    }

    fn records_of(&self, ids: impl Iterator<Item = Uuid>) -> Vec<Record> {
        ids.filter_map(|id| self.record(id).cloned()).collect()
    }

    fn check(&self, changes: &Changes) -> Result<(), Conflict> {
        let version = |id: Uuid| self.record(id).map(|record| record.version);
        let stale = changes.puts.iter().any(|put| version(put.id) != put.expected)
            || changes.deletes.iter().any(|delete| version(delete.id) != Some(delete.expected));
        if stale {
            return Err(Conflict::Version);
        }
        for (key, id) in &changes.claims {
            let foreign = self.keys.get(key).is_some_and(|holder| holder != id);
            if foreign && !changes.releases.contains(key) {
                return Err(Conflict::Key(key.clone()));
            }
        }
        if changes.vacated.iter().any(|key| self.leaves(key, changes)) {
            return Err(Conflict::Version);
        }
        let exists = |id: Uuid| self.records.contains_key(&id) || changes.puts.iter().any(|put| put.id == id);
        // A group that is gone is for the caller to look for again; a member that is gone is not.
        if !changes.edge_adds.iter().all(|edge| exists(edge.group)) {
            return Err(Conflict::Version);
        }
        if changes.edge_adds.iter().all(|edge| exists(edge.member)) { Ok(()) } else { Err(Conflict::Member) }
    }

    /// Whether somebody stays under a key of the index.
    fn leaves(&self, key: &IndexKey, changes: &Changes) -> bool {
        let Some(entries) = self.index.get(key) else { return false };
        let leaving = changes.index_removes.iter().filter(|(removed, _)| removed == key);
        let leaving: BTreeSet<Uuid> = leaving.map(|(_, id)| *id).collect();
        entries.values().any(|id| !leaving.contains(id))
    }

    fn apply(&mut self, changes: Changes) -> Committed {
        self.sequence += 1;
        self.latest_ms = self.latest_ms.max(changes.at_ms);
        for key in &changes.releases {
            self.keys.remove(key);
        }
        self.keys.extend(changes.claims);
        for (key, id) in changes.index_removes {
            self.unindex(&key, id);
        }
        for delete in &changes.deletes {
            self.remove(delete.id);
        }
        for edge in changes.edge_removes {
            // An edge that was not there leaves the group as it was, and so does one that is there already.
            if self.members.remove(&(edge.group, edge.member)) {
                self.groups.remove(&(edge.member, edge.group));
                self.touch(edge.group);
            }
        }
        for edge in changes.edge_adds {
            if self.members.insert((edge.group, edge.member)) {
                self.groups.insert((edge.member, edge.group));
                self.touch(edge.group);
            }
        }
        let mut records = Vec::with_capacity(changes.puts.len());
        for put in changes.puts {
            let old = self.records.get(&put.id);
            let (slot, created_ms, modified_ms) = match old {
                // Strictly forward: two changes within one millisecond can still be told apart.
                Some(old) if old.version == self.sequence => (old.slot, old.created_ms, old.modified_ms),
                Some(old) => (old.slot, old.created_ms, self.latest_ms.max(old.modified_ms + 1)),
                None => {
                    self.slots += 1;
                    (self.slots, self.latest_ms, self.latest_ms)
                }
            };
            let same = old.filter(|old| old.body == put.body);
            let written = same.map_or(self.sequence, |old| old.written);
            let record = Record {
                id: put.id,
                resource_type: put.resource_type,
                slot,
                version: self.sequence,
                written,
                created_ms,
                modified_ms,
                body: put.body,
                secret_set: put.secret_set,
            };
            self.order.entry(Arc::clone(&record.resource_type)).or_default().insert(slot, record.id);
            self.records.insert(record.id, record.clone());
            records.push(record);
        }
        for (key, id) in changes.index_adds {
            if let Some(record) = self.records.get(&id) {
                self.index.entry(key).or_default().insert(record.slot, id);
            }
        }
        Committed { records }
    }

    fn unindex(&mut self, key: &IndexKey, id: Uuid) {
        let Some(slot) = self.record(id).map(|record| record.slot) else { return };
        let Some(entries) = self.index.get_mut(key) else { return };
        entries.remove(&slot);
        if entries.is_empty() {
            self.index.remove(key);
        }
    }

    /// Removes a resource and its edges; groups that lose a member have changed.
    fn remove(&mut self, id: Uuid) {
        for group in neighbours(&self.groups, id).collect::<Vec<_>>() {
            self.members.remove(&(group, id));
            self.groups.remove(&(id, group));
            self.touch(group);
        }
        for member in neighbours(&self.members, id).collect::<Vec<_>>() {
            self.members.remove(&(id, member));
            self.groups.remove(&(member, id));
        }
        if let Some(record) = self.records.remove(&id)
            && let Some(order) = self.order.get_mut(&record.resource_type)
        {
            order.remove(&record.slot);
        }
    }

    /// Notes that a group changed through its edges, once a commit.
    fn touch(&mut self, id: Uuid) {
        if let Some(record) = self.records.get_mut(&id)
            && record.version != self.sequence
        {
            record.version = self.sequence;
            record.modified_ms = self.latest_ms.max(record.modified_ms + 1);
        }
    }
}

/// The far ends of the edges that begin at `from`.
fn neighbours(edges: &BTreeSet<(Uuid, Uuid)>, from: Uuid) -> impl Iterator<Item = Uuid> {
    edges.range((from, Uuid::nil())..=(from, Uuid::max())).map(|(_, to)| *to)
}
