use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::store::TenantId;

/// How many mails are kept for a tenant; older ones make room for newer ones.
const MAILS_MAX: usize = 10_000;

/// A mail that welcomes somebody.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) user: Uuid,
    pub(crate) to: String,
    /// Milliseconds since 1970.
    pub(crate) at_ms: i64,
}

/// Mails that nobody sends: whoever wants to know what would have been sent reads them here.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<HashMap<TenantId, Kept>>);

#[derive(Clone, Debug, Default)]
struct Kept {
    mails: VecDeque<Mail>,
    dropped: u64,
}

impl Outbox {
    pub(crate) fn put(&self, tenant: TenantId, mail: Mail) {
        let mut boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = boxes.entry(tenant).or_default();
        if kept.mails.len() == MAILS_MAX {
            kept.mails.pop_front();
            kept.dropped += 1;
        }
        kept.mails.push_back(mail);
    }

    /// The mails of a tenant, oldest first, and how many older ones had to go.
    pub(crate) fn mails(&self, tenant: TenantId) -> (Vec<Mail>, u64) {
        let boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        boxes
            .get(&tenant)
            .map_or((Vec::new(), 0), |kept| (kept.mails.iter().cloned().collect(), kept.dropped))
    }
}
