//! The loads of a run that have ended while others go on: they are not lost with those.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use record::{Load, LoadRun, Run};

use crate::{console, files};

/// What has ended of a run, and where its reports go.
#[derive(Clone, Debug)]
pub(crate) struct SoFar {
    out: PathBuf,
    run: Arc<Mutex<Option<Run>>>,
}

impl SoFar {
    /// Nothing has ended yet.
    pub(crate) fn new(out: &Path) -> Self {
        Self { out: out.to_owned(), run: Arc::default() }
    }

    fn run(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This is the head of a run whose loads are to be kept.
    pub(crate) fn begin(&self, head: Run) {
        *self.run() = Some(head);
    }

    /// These loads have ended so long after the beginning, and others may follow.
    pub(crate) fn keep(&self, runs: &[LoadRun], lasted_ms: u64) {
        if let Some(run) = self.run().as_mut() {
            run.duration_ms = lasted_ms;
            run.load =
                Some(Load { version: Load::VERSION, interrupted: true, runs: runs.to_vec(), baseline: None });
        }
    }

    /// The run has ended, and is written as a whole.
    pub(crate) fn forget(&self) {
        *self.run() = None;
    }

    /// Writes the reports of what has ended, where that is anything: those of a run that was stopped.
    pub(crate) fn write(&self) {
        // It is held to the end, so that nobody else writes there meanwhile.
        let mut kept = self.run();
        let Some(run) = kept.as_mut().filter(|run| run.load.is_some()) else { return };
        run.sentence = reports::sentence(run);
        match files::write(&self.out, None, run) {
            Ok(_) => {
                console::info(&format!("the loads that had ended are written to {}", self.out.display()));
            }
            Err(failure) => console::error(&failure.to_string()),
        }
    }
}
