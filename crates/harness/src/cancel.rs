use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Consecutive exchanges without any answer after which a run gives the target up.
const SILENT_EXCHANGES_MAX: u8 = 8;

/// A token that stops a run: the person at the keyboard holds one copy, every probe reads another.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    cancelled: std::sync::atomic::AtomicBool,
    silent: AtomicU8,
}

impl Cancel {
    /// Stops the run: no check sends anything any more; what was created is still removed.
    pub fn cancel(&self) {
        self.state.cancelled.store(true, Ordering::SeqCst);
    }

    /// Whether somebody stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state.cancelled.load(Ordering::SeqCst)
    }

    /// Notes whether an exchange was answered at all.
    pub(crate) fn answered(&self, answered: bool) {
        if answered {
            self.state.silent.store(0, Ordering::Relaxed);
        } else {
            let _ = self
                .state
                .silent
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_add(1));
        }
    }

    /// Whether the target has gone silent, so that asking on would only cost time.
    pub(crate) fn target_is_silent(&self) -> bool {
        self.state.silent.load(Ordering::Relaxed) >= SILENT_EXCHANGES_MAX
    }
}
