use std::sync::atomic::{AtomicU8, Ordering};

use client::TransportError;

/// Consecutive exchanges without any answer after which a target is given up.
const SILENT_EXCHANGES_MAX: u8 = 8;

/// How long the target has not answered, counted in exchanges over all threads of a run.
#[derive(Debug, Default)]
pub(crate) struct Silence(AtomicU8);

impl Silence {
    /// Takes note of how an exchange ended.
    pub(crate) fn note(&self, error: Option<&TransportError>) {
        match error {
            None
            | Some(
                TransportError::TooLarge { .. }
                | TransportError::TooManyValues { .. }
                | TransportError::NotHttp { .. },
            ) => {
                self.0.store(0, Ordering::Relaxed);
            }
            Some(
                TransportError::Timeout { .. }
                | TransportError::Connect { .. }
                | TransportError::Closed { .. },
            ) => {
                let more = |count: u8| count.checked_add(1);
                let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
            }
            // Nothing reached the target, so nothing could be answered.
            Some(_) => {}
        }
    }

    /// Whether asking on would only cost time.
    pub(crate) fn lasts(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SILENT_EXCHANGES_MAX
    }
}
