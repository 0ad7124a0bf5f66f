//! Nothing is sent to a server that is not on this machine before the person in front has seen what would be.

use client::Target;

use crate::failure::Failure;

/// Holds a run back until `--yes` where the target is not on this machine; `plan` is shown first.
pub(crate) fn obtain(target: &Target, yes: bool, plan: &str) -> Result<(), Failure> {
    if target.is_loopback() || yes {
        return Ok(());
    }
    crate::console::out(plan);
    Err(Failure::usage(format!(
        "{} is not on this machine; nothing was sent. If you may test it, run the same command with --yes",
        target.base()
    )))
}
