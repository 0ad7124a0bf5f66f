use crate::run::{CheckResult, Excluded};

/// What a runner tells while it works.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Discovery is done and the plan stands.
    Planned {
        /// How many checks will run.
        checks: usize,
    },
    /// The same moment: what a report of the run says beside its results, should it end before its end.
    Known {
        /// What the target says it can do, by capability name.
        capabilities: &'a [String],
        /// What will not run, and why.
        excluded: &'a [Excluded],
    },
    /// A check began.
    Started {
        /// Its id.
        check: &'a str,
    },
    /// A check ended.
    Finished {
        /// Its result.
        result: &'a CheckResult,
    },
}

/// Somebody who follows a run. Reporters live behind it; checks never print.
pub trait Sink {
    /// Takes note of an event.
    fn event(&mut self, event: &Event<'_>);
}

impl<F: FnMut(&Event<'_>)> Sink for F {
    fn event(&mut self, event: &Event<'_>) {
        self(event);
    }
}
