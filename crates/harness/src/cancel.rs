use std::sync::Arc;

use tokio::sync::watch;

/// A token that stops a run: the person at the keyboard holds one copy, every probe reads another.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    cancelled: Arc<watch::Sender<bool>>,
}

impl Cancel {
    /// Stops the run: no check sends anything any more; what was created is still removed.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Whether somebody stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Waits until somebody stops the run.
    pub(crate) async fn cancelled(&self) {
        // It fails only when the sender is gone, and this is one.
        let _ = self.cancelled.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
