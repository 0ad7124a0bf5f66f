//! The parts of a run that have ended while others go on: they are not lost with those.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use client::Recorder;
use record::{CheckResult, Checks, Leftover, Load, LoadRun, Run, Sync};

use crate::{console, files};

/// What has ended of a run, and where its reports go.
#[derive(Clone)]
pub(crate) struct SoFar {
    out: PathBuf,
    kept: Arc<Mutex<Option<Kept>>>,
}

struct Kept {
    run: Run,
    /// Who records the part that goes on.
    recorder: Option<Recorder>,
}

impl SoFar {
    /// Nothing has ended yet.
    pub(crate) fn new(out: &Path) -> Self {
        Self { out: out.to_owned(), kept: Arc::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This is the head of a run whose parts are to be kept.
    pub(crate) fn begin(&self, head: Run) {
        *self.kept() = Some(Kept { run: head, recorder: None });
    }

    /// Checks begin, with nothing judged.
    pub(crate) fn begin_checks(&self, strict: bool, recorder: &Recorder) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.checks = Some(none_judged(strict));
            kept.recorder = Some(recorder.clone());
        }
    }

    /// One of them has ended.
    pub(crate) fn judged(&self, result: &CheckResult) {
        if let Some(checks) = self.kept().as_mut().and_then(|kept| kept.run.checks.as_mut()) {
            checks.results.push(result.clone());
        }
    }

    /// All of them have.
    pub(crate) fn keep_checks(&self, checks: &Checks) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.checks = Some(checks.clone());
            kept.recorder = None;
        }
    }

    /// These scenarios have been played, and others may follow.
    pub(crate) fn keep_scenarios(&self, part: &Sync, recorder: &Recorder) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.sync = Some(Sync { interrupted: true, ..part.clone() });
            kept.recorder = Some(recorder.clone());
        }
    }

    /// No scenario follows.
    pub(crate) fn keep_sync(&self, part: &Sync) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.sync = Some(part.clone());
            kept.recorder = None;
        }
    }

    /// These loads have ended, and others may follow.
    pub(crate) fn keep(&self, runs: &[LoadRun]) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.load =
                Some(Load { version: Load::VERSION, interrupted: true, runs: runs.to_vec(), baseline: None });
        }
    }

    /// The run has ended, and is written as a whole.
    pub(crate) fn forget(&self) {
        *self.kept() = None;
    }

    /// Writes the reports of what had ended so long after the beginning, where that is anything: those of a run that was stopped.
    pub(crate) fn write(&self, lasted_ms: u64) {
        // It is held to the end, so that nobody else writes there meanwhile.
        let mut kept = self.kept();
        let Some(Kept { run, recorder }) = kept.as_mut() else { return };
        if let Some(recorder) = recorder {
            close(run, recorder);
        }
        if run.checks.is_none() && run.sync.is_none() && run.load.is_none() {
            return;
        }
        run.duration_ms = lasted_ms;
        run.sentence = reports::sentence(run);
        match files::write(&self.out, None, run) {
            Ok(_) => console::info(&format!("what had ended is written to {}", self.out.display())),
            Err(failure) => console::error(&failure.to_string()),
        }
    }
}

/// Closes the part that went on, whose clean-up nobody waits for.
fn close(run: &mut Run, recorder: &Recorder) {
    let left = || Leftover {
        resource: "what the journal lists".to_owned(),
        reason: "the run was ended before it was removed".to_owned(),
    };
    // Scenarios follow checks, so it is theirs where there are any.
    match (&mut run.sync, &mut run.checks) {
        (Some(sync), _) => {
            sync.exchanges = recorder.exchanges();
            sync.leftovers.push(left());
        }
        (None, Some(checks)) if !checks.results.is_empty() => {
            checks.exchanges = recorder.exchanges();
            checks.leftovers.push(left());
        }
        (None, _) => run.checks = None,
    }
}

/// A part of a run in which no check has ended.
fn none_judged(strict: bool) -> Checks {
    Checks {
        version: Checks::VERSION,
        strict,
        interrupted: true,
        capabilities: Vec::new(),
        results: Vec::new(),
        excluded: Vec::new(),
        unseen: Vec::new(),
        waivers: Vec::new(),
        baseline: None,
        exchanges: Vec::new(),
        created: 0,
        removed: 0,
        leftovers: Vec::new(),
        notes: Vec::new(),
    }
}
