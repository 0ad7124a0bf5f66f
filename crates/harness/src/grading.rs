use record::{Breach, Level, ReqId};

/// How a run weighs what it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grading {
    /// A broken SHOULD is a failure.
    pub strict: bool,
    /// Only what a MUST or MUST NOT says counts; everything else is noted.
    pub must_only: bool,
}

impl Grading {
    /// What breaking a requirement amounts to in this run.
    #[must_use]
    pub fn breach(self, requirement: ReqId) -> Breach {
        let binding = matches!(requirement.level, Level::Must | Level::MustNot);
        match requirement.breach() {
            _ if self.must_only && !binding => Breach::Note,
            Breach::Warn if self.strict => Breach::Fail,
            breach => breach,
        }
    }
}
