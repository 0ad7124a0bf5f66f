//! The parts of a run that have ended while others go on: they are not lost with those.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use client::Recorder;
use harness::sweep::{Remains, remains};
use record::{CheckResult, Checks, Excluded, Leftover, Load, LoadRun, Run, Sync};

use crate::judging::Earlier;
use crate::{console, files};

/// What has ended of a run, and where its reports go.
#[derive(Clone)]
pub(crate) struct SoFar {
    out: PathBuf,
    kept: Arc<Mutex<Option<Kept>>>,
}

struct Kept {
    run: Run,
    /// The run that it is compared with.
    earlier: Earlier,
    /// Where the part that goes on writes down what it creates.
    journal: Option<PathBuf>,
    /// Who records the part that goes on.
    recorder: Option<Recorder>,
    /// Whether nothing goes on, so that it is told as it is.
    has_ended: bool,
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
    pub(crate) fn begin(&self, head: Run, earlier: &Earlier) {
        let earlier = earlier.clone();
        *self.kept() = Some(Kept { run: head, earlier, journal: None, recorder: None, has_ended: false });
    }

    /// What a part creates is written down here until it is removed.
    pub(crate) fn writes_down(&self, journal: &Path) {
        if let Some(kept) = self.kept().as_mut() {
            kept.journal = Some(journal.to_owned());
        }
    }

    /// Checks begin, with nothing judged.
    pub(crate) fn begin_checks(&self, strict: bool, recorder: &Recorder) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.checks = Some(none_judged(strict));
            kept.recorder = Some(recorder.clone());
        }
    }

    /// This is known before the first of them: what the server offers, and what is left out.
    pub(crate) fn known(&self, capabilities: &[String], excluded: Vec<Excluded>) {
        if let Some(checks) = self.kept().as_mut().and_then(|kept| kept.run.checks.as_mut()) {
            checks.capabilities = capabilities.to_vec();
            checks.excluded = excluded;
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
            (kept.recorder, kept.journal) = (None, None);
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
            (kept.recorder, kept.journal) = (None, None);
        }
    }

    /// These loads have ended, and others may follow.
    pub(crate) fn keep(&self, runs: &[LoadRun]) {
        if let Some(kept) = self.kept().as_mut() {
            kept.run.load =
                Some(Load { version: Load::VERSION, interrupted: true, runs: runs.to_vec(), baseline: None });
        }
    }

    /// The run has ended, and is about to be written as a whole.
    pub(crate) fn ended(&self, run: &Run) {
        let (run, earlier) = (run.clone(), Earlier::default());
        *self.kept() = Some(Kept { run, earlier, journal: None, recorder: None, has_ended: true });
    }

    /// Writes the reports of what had ended so long after the beginning, where that is anything: those of a run that was stopped.
    pub(crate) fn write(&self, lasted_ms: u64) {
        // It is held to the end, so that nobody else writes there meanwhile.
        let mut kept = self.kept();
        let Some(Kept { run, earlier, journal, recorder, has_ended }) = kept.as_mut() else { return };
        if let Some(recorder) = recorder {
            close(run, recorder);
        }
        if let Some(journal) = journal {
            leave(run, journal);
        }
        if run.checks.is_none() && run.sync.is_none() && run.load.is_none() {
            return;
        }
        if !*has_ended {
            stop(run);
            run.duration_ms = lasted_ms;
            earlier.hold(run);
            run.sentence = reports::sentence(run);
        }
        match files::write(&self.out, None, run) {
            Ok(_) => console::info(&format!("what had ended is written to {}", self.out.display())),
            Err(failure) => console::error(&failure.to_string()),
        }
    }
}

/// Closes the part that went on, whose clean-up nobody waits for.
fn close(run: &mut Run, recorder: &Recorder) {
    // Scenarios follow checks, so it is theirs where there are any.
    match (&mut run.sync, &mut run.checks) {
        (Some(sync), _) => sync.exchanges = recorder.exchanges(),
        (None, Some(checks)) if !checks.results.is_empty() => checks.exchanges = recorder.exchanges(),
        (None, _) => run.checks = None,
    }
}

/// Tells what the part leaves behind that went on, where it leaves anything.
fn leave(run: &mut Run, journal: &Path) {
    // The bundled server goes with this process, and all that it holds.
    if run.target.bundled {
        let _ = std::fs::remove_file(journal);
        return;
    }
    // What cannot be read may list anything.
    if matches!(remains(journal), Ok(left) if left.as_ref().is_none_or(Remains::is_empty)) {
        return;
    }
    let left = Leftover {
        resource: "what the journal lists".to_owned(),
        reason: "the run was ended before it was removed".to_owned(),
    };
    let load = run.load.as_mut().and_then(|load| load.runs.last_mut());
    match (load, &mut run.sync, &mut run.checks) {
        (Some(load), _, _) => load.leftovers.push(left),
        (None, Some(sync), _) => sync.leftovers.push(left),
        (None, None, Some(checks)) => checks.leftovers.push(left),
        (None, None, None) => {}
    }
}

/// Says that the run was stopped. A part that has nothing to show yet cannot, so the one before it does.
fn stop(run: &mut Run) {
    let parts = [
        run.load.as_mut().map(|part| &mut part.interrupted),
        run.sync.as_mut().map(|part| &mut part.interrupted),
        run.checks.as_mut().map(|part| &mut part.interrupted),
    ];
    let mut parts: Vec<&mut bool> = parts.into_iter().flatten().collect();
    if parts.iter().all(|is_interrupted| !**is_interrupted)
        && let Some(last) = parts.first_mut()
    {
        **last = true;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes what is kept, and reads how it is told.
    fn told(kept: &SoFar) -> Run {
        kept.write(7);
        let text = std::fs::read_to_string(kept.out.join("run.json")).expect("a report");
        serde_json::from_str(&text).expect("a run")
    }

    #[test]
    fn a_run_that_has_ended_is_told_as_it_is() {
        let dir = tempfile::tempdir().expect("a directory");
        let kept = SoFar::new(dir.path());
        let run = Run::fixture();
        kept.begin(Run { checks: None, ..run.clone() }, &Earlier::default());
        kept.ended(&run);
        let told = told(&kept);
        assert_eq!((told.sentence, told.duration_ms), (run.sentence, run.duration_ms));
    }

    #[test]
    fn a_run_is_stopped_although_its_checks_have_ended() {
        let dir = tempfile::tempdir().expect("a directory");
        let kept = SoFar::new(dir.path());
        let run = Run::fixture();
        kept.begin(Run { checks: None, ..run.clone() }, &Earlier::default());
        kept.keep_checks(run.checks.as_ref().expect("checks"));
        let told = told(&kept);
        assert!(told.sentence.starts_with("INTERRUPTED"), "{}", told.sentence);
        assert_eq!(told.duration_ms, 7);
    }
}
