use std::pin::Pin;
use std::time::Duration;

/// Where the server takes its time from.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970 in UTC.
    fn unix_ms(&self) -> i64;

    /// Waits until this clock has moved on so far.
    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(wait))
    }
}

/// The time of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the default that a deterministic run replaces")]
    fn unix_ms(&self) -> i64 {
        let since_1970 =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
    }
}
