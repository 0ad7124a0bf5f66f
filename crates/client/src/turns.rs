//! Who may send while a server asks for patience.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

/// The queue of those whom a server's limit has put off. Whoever is put off is heard again before anybody else is; without an
/// order the same one may be unlucky each time that all try again. Clones are one queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns {
    queue: Arc<RwLock<()>>,
    /// Whether somebody waited as often as anybody does, and was put off still; nobody waits after that, until the server
    /// answers again.
    in_vain: Arc<AtomicBool>,
}

/// As long as this is held, nobody else sends.
pub(crate) type Turn = OwnedRwLockWriteGuard<()>;

impl Turns {
    /// Waits while others have been put off.
    pub(crate) async fn come(&self) {
        drop(self.queue.read().await);
    }

    /// Waits until all who were put off before have been heard.
    pub(crate) async fn first(&self) -> Turn {
        Arc::clone(&self.queue).write_owned().await
    }

    /// Takes note of how the server goes on: whether it puts off whoever has waited enough, or answers.
    pub(crate) fn note(&self, in_vain: bool) {
        self.in_vain.store(in_vain, Ordering::Relaxed);
    }

    /// Whether waiting is known to lead nowhere.
    pub(crate) fn are_in_vain(&self) -> bool {
        self.in_vain.load(Ordering::Relaxed)
    }
}
