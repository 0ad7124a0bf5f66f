use std::cell::Cell;
use std::time::Duration;

use client::{Method, Request};
use protocol::endpoint;

/// How often a read is repeated while the target may lag, at least.
const PAUSE_MIN: Duration = Duration::from_millis(10);
/// Into how many pauses the time is divided that a target may lag.
const PAUSES: u32 = 8;

/// How long what a check wrote may stay unseen.
pub(crate) struct Lag {
    window: Duration,
    wrote_us: Cell<Option<u64>>,
}

impl Lag {
    pub(crate) fn new(window: Duration) -> Self {
        Self { window, wrote_us: Cell::new(None) }
    }

    /// Takes note that something was written and acknowledged just now.
    pub(crate) fn wrote(&self, now_us: u64) {
        self.wrote_us.set(Some(now_us));
    }

    /// Takes note of what was written before the check began.
    pub(crate) fn wrote_before(&self, then_us: u64) {
        self.wrote_us.set(self.wrote_us.get().max(Some(then_us)));
    }

    /// How long it is until a read has to show all that was written.
    pub(crate) fn left(&self, now_us: u64) -> Duration {
        let since = self.wrote_us.get().map(|wrote| Duration::from_micros(now_us.saturating_sub(wrote)));
        since.map_or(Duration::ZERO, |since| self.window.saturating_sub(since))
    }

    /// How long to wait before reading again.
    pub(crate) fn pause(&self) -> Duration {
        (self.window / PAUSES).max(PAUSE_MIN)
    }
}

/// Whether a request only reads.
pub(crate) fn reads(request: &Request) -> bool {
    *request.method() == Method::GET || request.path().ends_with(endpoint::SEARCH)
}
