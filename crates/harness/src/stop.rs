use record::{Cause, CauseKind, Finding};

/// Why a check ended before its last line.
#[derive(Debug)]
pub enum Stop {
    /// The target broke a requirement.
    Fail(Box<Finding>),
    /// Something that the check needs, but is not about, did not work.
    Blocked(Cause),
    /// We stumbled ourselves.
    Error(String),
    /// The target does not offer what the check is about.
    NotSupported(String),
}

/// How a check ends: `Ok` when nothing stopped it.
pub type Outcome = Result<(), Stop>;

impl Stop {
    /// A precondition failed.
    pub(crate) fn precondition(message: impl Into<String>, exchange: Option<u32>) -> Self {
        Self::Blocked(Cause { kind: CauseKind::Precondition, message: message.into(), exchange })
    }
}
