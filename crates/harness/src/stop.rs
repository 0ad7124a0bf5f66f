use std::panic::{AssertUnwindSafe, catch_unwind};

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
    /// The check is about targets that do not offer this, and the target does.
    Inapplicable(String),
}

/// How a check ends: `Ok` when nothing stopped it.
pub type Outcome = Result<(), Stop>;

impl Stop {
    /// A precondition failed.
    pub(crate) fn precondition(message: impl Into<String>, exchange: Option<u32>) -> Self {
        Self::Blocked(Cause { kind: CauseKind::Precondition, message: message.into(), exchange })
    }
}

/// Calls what a check's author wrote. A panic in it is our mishap; it is given as a text.
pub(crate) fn unpanicked<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(body)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        format!("the check panicked: {text}")
    })
}
