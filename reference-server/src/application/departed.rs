use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use engine::UniqueKey;
use uuid::Uuid;

use crate::store::TenantId;

/// The ids of those who were deleted, by the unique keys that they had.
#[derive(Debug, Default)]
pub(crate) struct Departed(Mutex<HashMap<(TenantId, UniqueKey), Uuid>>);

impl Departed {
    /// Remembers somebody who goes.
    pub(crate) fn remember(&self, tenant: TenantId, keys: &BTreeSet<UniqueKey>, id: Uuid) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(keys.iter().map(|key| ((tenant, key.clone()), id)));
    }

    /// The id of somebody who is back.
    pub(crate) fn id(&self, tenant: TenantId, keys: &BTreeSet<UniqueKey>) -> Option<Uuid> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find_map(|key| known.get(&(tenant, key.clone())).copied())
    }
}
