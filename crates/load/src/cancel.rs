use std::sync::Arc;

use tokio::sync::watch;

/// A token that stops a load: the person at the keyboard holds one copy, whoever sends reads another.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    cancelled: Arc<watch::Sender<bool>>,
}

impl Cancel {
    /// Stops the load: nothing new is sent, what is under way ends, and what was created is still removed.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Whether somebody stopped the load.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Waits until somebody stops the load.
    pub(crate) async fn cancelled(&self) {
        // It fails only when the sender is gone, and this is one.
        let _ = self.cancelled.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
