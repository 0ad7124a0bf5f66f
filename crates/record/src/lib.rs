//! The run log: everything that one invocation did, with a verdict and its evidence for every check.
//!
//! A [`Run`] is plain data. It is what `run.json` holds, what every report is drawn from, and all that is
//! needed to draw a report again. Whatever reaches it has been redacted before ([`Redactor`]).
//!
//! ```
//! use record::{Counts, Run};
//!
//! let run = Run::fixture();
//! let counts: Counts = run.checks.as_ref().map(record::Checks::counts).unwrap_or_default();
//! assert_eq!(counts.total(), counts.judged() + counts.blocked + counts.not_supported + counts.error);
//! ```

mod baseline;
mod diagnosis;
mod event;
mod exchange;
mod fixture;
mod hints;
mod load;
mod pieces;
mod redact;
mod requirement;
mod run;
mod secret;
mod spelling;
mod sync;
mod verdict;
mod waiver;

pub use baseline::{Baseline, Incomparable, Part};
pub use diagnosis::{
    Diagnosis, Document, Feature, Manner, Settings, Symptom, Weight, Works, diagnosis_schema,
};
pub use event::{Event, Sink};
pub use exchange::{Body, Exchange, Header, Held, RequestLog, ResponseLog, Times};
pub use load::{
    Audit, Delivery, Difference, ErrorKind, Growth, GrowthPoint, Health, HeldBack, Interval,
    IntervalOperation, Latency, Load, LoadModel, LoadOutcome, LoadRun, Objective, Operation, ProcessorWait,
    Size,
};
pub use redact::{REDACTED, Redactor};
pub use requirement::{Breach, Level, ReqId, Requirement, RequirementRef};
pub use run::{
    CheckKind, CheckResult, Checks, Conclusion, Counts, CredentialSource, Excluded, Leftover, Run,
    TargetInfo, Tool, Unseen, json_schema,
};
pub use secret::Secret;
pub use sync::{
    Cycle, CycleKind, Expectation, ExpectationOutcome, Identity, LogRow, LogStatus, LogStep, Modified,
    Scenario, Server, Step, Stopped, Sync, Tally,
};
pub use verdict::{At, Cause, CauseKind, Finding, Mark, Verdict, VerdictKind, lost, not_given, not_shown};
pub use waiver::{WaiverState, WaiverUse};
