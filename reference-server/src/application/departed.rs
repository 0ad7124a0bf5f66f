use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use engine::UniqueKey;
use uuid::Uuid;

use crate::store::{Record, TenantId};

/// Those who were deleted.
#[derive(Debug, Default)]
pub(crate) struct Departed(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    /// By the unique keys that they had.
    ids: HashMap<(TenantId, UniqueKey), Uuid>,
    /// As they were when they went.
    records: HashMap<(TenantId, Uuid), Arc<Record>>,
}

impl Departed {
    /// Remembers somebody who goes.
    pub(crate) fn remember(&self, tenant: TenantId, keys: &BTreeSet<UniqueKey>, record: &Record) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.ids.extend(keys.iter().map(|key| ((tenant, key.clone()), record.id)));
        known.records.insert((tenant, record.id), Arc::new(record.clone()));
    }

    /// The id of somebody who may be back.
    pub(crate) fn id(&self, tenant: TenantId, keys: &BTreeSet<UniqueKey>) -> Option<Uuid> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find_map(|key| known.ids.get(&(tenant, key.clone())).copied())
    }

    /// Somebody as he was when he went. Whether he came back since is for the store to say.
    pub(crate) fn record(&self, tenant: TenantId, id: Uuid) -> Option<Arc<Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).records.get(&(tenant, id)).cloned()
    }
}
