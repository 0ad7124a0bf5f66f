//! The job's own time.

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Where a job reads the time, and how it waits. What it decides hangs on this clock alone: the next cycle, ladders of
/// attempts, `Retry-After`.
pub trait Clock {
    /// Milliseconds since 1970 (UTC). Never runs backwards.
    fn now_ms(&self) -> i64;

    /// Waits until this clock has moved on so far.
    fn sleep<'a>(&'a self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

    /// How the answer to the last request was timed. By this clock, unless it runs apart from that of the target.
    fn timed(&self) -> Timed {
        Timed::Here { unix_s: u64::try_from(self.now_ms() / 1000).ok() }
    }

    /// Waits until a request may go out: a target whose time runs apart from this clock may want to be left alone for a
    /// while of its own.
    fn ready<'a>(&'a self) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(std::future::ready(()))
    }
}

/// By whose time an answer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timed {
    /// By that of the job.
    Here {
        /// Then, in seconds since 1970.
        unix_s: Option<u64>,
    },
    /// By that of a target which knows nothing of the job's.
    There {
        /// Then, in seconds since 1970.
        unix_s: Option<u64>,
    },
}

/// A clock that moves only when it is told to, or when somebody waits for it: forty minutes pass in a moment.
///
/// ```
/// use std::time::Duration;
///
/// use scenarios::entra::{Clock, VirtualClock};
///
/// let clock = VirtualClock::at(0);
/// clock.advance(Duration::from_secs(40 * 60));
/// assert_eq!(clock.now_ms(), 2_400_000);
/// ```
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock that stands at this moment, in milliseconds since 1970 (UTC).
    #[must_use]
    pub const fn at(unix_ms: i64) -> Self {
        Self(AtomicI64::new(unix_ms))
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let moved = |now: i64| Some(now.saturating_add(by));
        // The closure always says where to go, so this cannot fail.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
}

impl Clock for VirtualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn sleep<'a>(&'a self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        self.advance(wait);
        Box::pin(std::future::ready(()))
    }
}

/// A moment as RFC 3339 in UTC; the edge of what can be written for moments beyond it.
pub(crate) fn rfc3339(unix_ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(unix_ms);
    moment.unwrap_or(if unix_ms < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX }).to_string()
}
