use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::error::TransportError;

/// Consecutive requests without any answer after which a target is given up.
const SILENT_REQUESTS_MAX: u8 = 8;

/// How many requests in a row a target has left without an answer. A target that does not answer any more is given up:
/// asking on would only cost time.
///
/// Clones count together, and so do all threads.
///
/// ```
/// use client::{Silence, TransportError};
///
/// let silence = Silence::default();
/// let lost = TransportError::Closed { reason: "the connection ended".to_owned() };
/// (0..8).for_each(|_| silence.note(Some(&lost)));
/// assert!(silence.clone().lasts());
/// silence.note(None);
/// assert!(!silence.lasts());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Silence(Arc<AtomicU8>);

impl Silence {
    /// Takes note of how a request ended.
    pub fn note(&self, error: Option<&TransportError>) {
        match error {
            None
            | Some(
                TransportError::TooLarge { .. }
                | TransportError::TooManyValues { .. }
                | TransportError::NotHttp { .. },
            ) => self.0.store(0, Ordering::Relaxed),
            Some(
                TransportError::Timeout { .. }
                | TransportError::Connect { .. }
                | TransportError::Closed { .. }
                | TransportError::Stale { .. }
                // Without a token the target is out of reach, and each try may take as long as a silent target does.
                | TransportError::NoToken { .. },
            ) => {
                let more = |count: u8| count.checked_add(1);
                let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
            }
            // Nothing reached the target, so nothing could be answered.
            Some(_) => {}
        }
    }

    /// Whether the target is given up.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SILENT_REQUESTS_MAX
    }

    /// What to say of a target that is given up.
    #[must_use]
    pub fn told() -> String {
        format!("the target stopped answering: {SILENT_REQUESTS_MAX} requests in a row got no answer")
    }
}
