use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::watch;

/// How long a request under way may take when the run is stopped: an answer that is about to come saves the search for what
/// was created.
const GRACE: Duration = Duration::from_millis(500);

/// A token that stops a run: the person at the keyboard holds one copy, whoever sends requests reads another.
///
/// ```
/// let cancel = client::Cancel::default();
/// let held = cancel.clone();
/// held.cancel();
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    cancelled: Arc<watch::Sender<bool>>,
    reason: Arc<OnceLock<String>>,
}

impl Cancel {
    /// Stops the run: nothing new is sent but what removes what was created.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Stops the run for a reason of its own, where nobody has stopped it yet.
    pub fn cancel_because(&self, reason: &str) {
        if !self.is_cancelled() {
            // Of several reasons the first one stopped it.
            let _ = self.reason.set(reason.to_owned());
            self.cancel();
        }
    }

    /// Why the run was stopped, where it was not somebody's wish.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.get().map(String::as_str)
    }

    /// Whether somebody stopped the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Waits until somebody stops the run.
    pub async fn cancelled(&self) {
        // It fails only when the sender is gone, and this is one.
        let _ = self.cancelled.subscribe().wait_for(|cancelled| *cancelled).await;
    }

    /// Waits until somebody stops the run, and then as long as a request that is under way may still take.
    pub async fn given_up(&self) {
        self.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }
}
