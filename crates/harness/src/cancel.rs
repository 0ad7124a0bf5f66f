use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A token that stops a run: the person at the keyboard holds one copy, every probe reads another.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    cancelled: Arc<AtomicBool>,
}

impl Cancel {
    /// Stops the run: no check sends anything any more; what was created is still removed.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// Whether somebody stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}
