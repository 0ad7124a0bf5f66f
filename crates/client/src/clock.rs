//! Time as a parameter.

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where a client reads the time.
pub trait Clock: Send + Sync {
    /// Microseconds since the run began. Never runs backwards.
    fn now_us(&self) -> u64;

    /// Seconds since 1970 (UTC), where this clock knows the date. Only used to read a `Retry-After` date from a
    /// server that sends no `Date` header.
    fn unix_s(&self) -> Option<u64> {
        None
    }

    /// Waits until this clock has moved on so far. Needs a tokio runtime with its timer, unless a clock says otherwise.
    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(wait))
    }
}

/// The machine's clock, counted from its creation.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// A clock that stands at zero now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the default clock of this crate; everything else takes a Clock"
    )]
    pub fn new() -> Self {
        Self { began: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the default clock of this crate; everything else takes a Clock"
    )]
    fn unix_s(&self) -> Option<u64> {
        SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
    }
}
