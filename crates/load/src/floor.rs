//! What all desks of a load have in common: how much was sent, how much may be, and when it is over.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::{Cancel, Clock};

use crate::delivery::GivenUp;

/// How long what the ceiling of the rate allows may be saved up.
const BURST_US: u64 = 100_000;

/// What all desks have in common.
pub(crate) struct Floor {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cancel: Cancel,
    /// Requests that were begun, ended badly, and are under way.
    pub(crate) requests: AtomicU64,
    pub(crate) errors: AtomicU64,
    /// Tries that the target put off.
    pub(crate) put_off: AtomicU64,
    /// Requests, of the preparation too, that it never took however often they were sent.
    pub(crate) given_up: GivenUp,
    /// Reads of the measured part that failed although they were to bring nothing.
    pub(crate) unread: GivenUp,
    pub(crate) in_flight: AtomicU32,
    pub(crate) created: AtomicU64,
    /// The most requests, and the moment after which nothing new is sent.
    pub(crate) requests_max: u64,
    ends_us: AtomicU64,
    /// When the next request may go out, and how long each one keeps the way.
    next_us: AtomicU64,
    every_us: u64,
    /// How long all those together who wanted to send waited for that in the measured part.
    waited_us: AtomicU64,
    /// Where the measured part began; nothing is measured before.
    pub(crate) began_us: AtomicU64,
    warm_up_us: u64,
    /// Why nothing more is sent, where that was not planned.
    stopped: Mutex<Option<String>>,
}

impl Floor {
    pub(crate) fn new(clock: Arc<dyn Clock>, cancel: Cancel, caps: &crate::Caps, warm_up_s: u32) -> Self {
        let now_us = clock.now_us();
        let floor = Self {
            clock,
            cancel,
            requests: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            put_off: AtomicU64::new(0),
            given_up: GivenUp::default(),
            unread: GivenUp::default(),
            in_flight: AtomicU32::new(0),
            created: AtomicU64::new(0),
            requests_max: caps.requests,
            ends_us: AtomicU64::new(u64::MAX),
            next_us: AtomicU64::new(0),
            // Rates are validated; the conversion saturates all the same.
            every_us: (1_000_000.0 / caps.rate) as u64,
            waited_us: AtomicU64::new(0),
            began_us: AtomicU64::new(u64::MAX),
            warm_up_us: u64::from(warm_up_s) * 1_000_000,
            stopped: Mutex::default(),
        };
        floor.next_us.store(now_us, Ordering::Relaxed);
        floor
    }

    /// Begins the measured part, which ends after so long unless it is done before.
    pub(crate) fn measure(&self, for_us: Option<u64>) -> u64 {
        let now_us = self.clock.now_us();
        self.began_us.store(now_us, Ordering::Relaxed);
        if let Some(for_us) = for_us {
            self.ends_us.store(now_us.saturating_add(for_us), Ordering::Relaxed);
        }
        now_us
    }

    /// Whether what was due at a moment counts for nothing yet.
    pub(crate) fn is_warming_up(&self, due_us: u64) -> bool {
        due_us.saturating_sub(self.began_us.load(Ordering::Relaxed)) < self.warm_up_us
    }

    /// Whether what was due at a moment is measured and counts.
    pub(crate) fn counts(&self, due_us: u64) -> bool {
        due_us >= self.began_us.load(Ordering::Relaxed) && !self.is_warming_up(due_us)
    }

    /// Ends it for a reason; the first one stays.
    pub(crate) fn stop(&self, reason: String) {
        self.lock_stopped().get_or_insert(reason);
    }

    pub(crate) fn stopped(&self) -> Option<String> {
        self.lock_stopped().clone()
    }

    fn lock_stopped(&self) -> MutexGuard<'_, Option<String>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing new is sent any more.
    pub(crate) fn is_over(&self) -> bool {
        self.cancel.is_cancelled()
            || self.clock.now_us() >= self.ends_us.load(Ordering::Relaxed)
            || self.lock_stopped().is_some()
    }

    /// Takes a request out of those that may be sent.
    pub(crate) fn take(&self) -> bool {
        let taken = self.requests.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sent| {
            (sent < self.requests_max).then_some(sent + 1)
        });
        if taken.is_err() {
            self.stop(format!("the cap of {} requests was reached", self.requests_max));
        }
        taken.is_ok()
    }

    /// When a request may go out that could go out now. What was not used of the last moments may be used at once: a herd
    /// is to arrive as one.
    fn slot_us(&self) -> u64 {
        let now_us = self.clock.now_us();
        let least_us = now_us.saturating_sub(BURST_US);
        let after = |next: u64| Some(next.max(least_us).saturating_add(self.every_us));
        let slot = self.next_us.fetch_update(Ordering::Relaxed, Ordering::Relaxed, after);
        slot.unwrap_or(now_us).max(now_us)
    }

    /// Waits until the ceiling lets another request out, or until somebody stops the load; false then.
    pub(crate) async fn wait_for_turn(&self) -> bool {
        let asked_us = self.clock.now_us();
        let may = self.until(self.slot_us()).await;
        if asked_us >= self.began_us.load(Ordering::Relaxed) {
            self.waited_us.fetch_add(self.clock.now_us().saturating_sub(asked_us), Ordering::Relaxed);
        }
        may
    }

    /// How long all together waited for the ceiling in the measured part.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_micros(self.waited_us.load(Ordering::Relaxed))
    }

    /// Waits until a moment, or until somebody stops the load; false then.
    pub(crate) async fn until(&self, moment_us: u64) -> bool {
        let wait_us = moment_us.saturating_sub(self.clock.now_us());
        if wait_us == 0 {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_micros(wait_us)) => true,
            () = self.cancel.cancelled() => false,
        }
    }
}
