//! Servers that take their time, by the clock that they are given.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::{IndexKey, UniqueKey};
use http::header::{DATE, HeaderValue, RETRY_AFTER};
use uuid::Uuid;

use super::{Variant, around};
use crate::ask::Ask;
use crate::clock::Clock;
use crate::faults::edit::error;
use crate::faults::{Answering, Bend, Gate, Next};
use crate::store::{Changes, Committed, Conflict, MemoryStore, Page, Position, Record, Store, TenantId};

/// How long a slow server thinks.
const LATENCY: Duration = Duration::from_millis(300);
/// How far reads lag behind writes, in milliseconds.
const LAG_MS: i64 = 2_000;
/// How many requests a second a server answers that counts them.
const REQUESTS_PER_S: u32 = 5;

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "answers-are-slow",
        "every answer takes 300 ms",
        "RFC 7644 does not say how fast a server has to be",
        &[around(|ask, next| {
            Box::pin(async move {
                next.clock().sleep(LATENCY).await;
                next.call(ask).await
            })
        })],
    ),
    Variant::new(
        "requests-are-limited",
        "the sixth request of a second, and those after it, answer 429 and the seconds to wait",
        "RFC 6585 §4 and RFC 9110 §10.2.3: Retry-After in seconds",
        &[Bend::Gate(|| Arc::new(Limited { spent: Mutex::default(), by_date: false }))],
    ),
    Variant::new(
        "requests-are-limited-by-date",
        "the sixth request of a second, and those after it, answer 429 and the date to wait for",
        "RFC 6585 §4 and RFC 9110 §10.2.3: Retry-After as a date",
        &[Bend::Gate(|| Arc::new(Limited { spent: Mutex::default(), by_date: true }))],
    ),
    Variant::new(
        "reads-lag-behind-writes",
        "a read shows what was written 2 s ago and before",
        "RFC 7644 promises no consistency between requests; replicas are common",
        &[Bend::Replicate(replicated)],
    )
    .lags(LAG_MS.unsigned_abs()),
];

/// Lets so many requests through in each second of the clock.
struct Limited {
    /// A second, and how many requests came in it.
    spent: Mutex<(i64, u32)>,
    by_date: bool,
}

impl Gate for Limited {
    fn pass(&self, ask: Ask, next: Next) -> Answering {
        let second = next.clock().unix_ms() / 1000;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != second {
            *spent = (second, 0);
        }
        spent.1 += 1;
        if spent.1 <= REQUESTS_PER_S {
            return next.call(ask);
        }
        let mut refused = error(429);
        let headers = refused.headers_mut();
        if self.by_date {
            headers.extend(date(second).map(|date| (DATE, date)));
            headers.extend(date(second + 1).map(|date| (RETRY_AFTER, date)));
        } else {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Box::pin(std::future::ready(refused))
    }
}

fn date(unix_s: i64) -> Option<HeaderValue> {
    let since_1970 = Duration::from_secs(u64::try_from(unix_s).ok()?);
    let text = httpdate::fmt_http_date(std::time::UNIX_EPOCH.checked_add(since_1970)?);
    HeaderValue::try_from(text).ok()
}

/// The commits that a replica has not made yet, the oldest first.
type Backlog = Arc<Mutex<VecDeque<(TenantId, Changes)>>>;

/// A store, and one that makes the same commits later.
fn replicated(inner: Arc<dyn Store>, clock: Arc<dyn Clock>) -> (Arc<dyn Store>, Arc<dyn Store>) {
    let backlog = Backlog::default();
    let primary = Primary { inner, backlog: Arc::clone(&backlog) };
    (Arc::new(primary), Arc::new(Replica { inner: MemoryStore::default(), backlog, clock }))
}

/// Hands every commit that succeeds on to its replica.
struct Primary {
    inner: Arc<dyn Store>,
    backlog: Backlog,
}

/// Serves reads from what was committed long enough ago. The same commits in the same order give the same versions.
struct Replica {
    inner: MemoryStore,
    backlog: Backlog,
    clock: Arc<dyn Clock>,
}

impl Replica {
    fn caught_up(&self) -> &MemoryStore {
        let shown_ms = self.clock.unix_ms() - LAG_MS;
        let mut backlog = self.backlog.lock().unwrap_or_else(PoisonError::into_inner);
        while backlog.front().is_some_and(|(_, changes)| changes.at_ms <= shown_ms)
            && let Some((tenant, changes)) = backlog.pop_front()
        {
            // It succeeded on the primary, and nothing else writes here.
            drop(self.inner.commit(tenant, changes));
        }
        &self.inner
    }
}

/// A store that reads from another one.
macro_rules! reads_from {
    ($store:ident) => {
        fn get(&self, tenant: TenantId, id: Uuid) -> Option<Record> {
            self.$store().get(tenant, id)
        }

        fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
            self.$store().page(tenant, resource_type, start, count)
        }

        fn scan(
            &self,
            tenant: TenantId,
            resource_type: &str,
            behind: Position,
            count: u64,
        ) -> (Vec<Record>, Option<Position>) {
            self.$store().scan(tenant, resource_type, behind, count)
        }

        fn indexed(&self, tenant: TenantId, key: &IndexKey) -> Vec<Record> {
            self.$store().indexed(tenant, key)
        }

        fn holder(&self, tenant: TenantId, key: &UniqueKey) -> Option<Uuid> {
            self.$store().holder(tenant, key)
        }

        fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
            self.$store().members(tenant, group)
        }

        fn groups(&self, tenant: TenantId, member: Uuid) -> Vec<Record> {
            self.$store().groups(tenant, member)
        }
    };
}

impl Primary {
    fn inner(&self) -> &dyn Store {
        self.inner.as_ref()
    }
}

impl Store for Primary {
    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        // Held over the commit, so that the replica gets to see them in their order.
        let mut backlog = self.backlog.lock().unwrap_or_else(PoisonError::into_inner);
        let committed = self.inner.commit(tenant, changes.clone())?;
        backlog.push_back((tenant, changes));
        Ok(committed)
    }

    reads_from!(inner);
}

impl Store for Replica {
    /// Nobody writes here but the primary.
    fn commit(&self, _: TenantId, _: Changes) -> Result<Committed, Conflict> {
        Err(Conflict::Version)
    }

    reads_from!(caught_up);
}
