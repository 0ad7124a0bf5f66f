//! Nothing is sent to a server that is not on this machine before the person in front has seen what would be.

use client::{Proxy, Target};

use crate::args::RunArguments;
use crate::failure::Failure;

/// Whether the server is on this machine, and what goes there stays on it: a proxy elsewhere takes `localhost` for itself.
pub(crate) fn is_here(target: &Target, proxy: Option<&str>) -> bool {
    target.is_loopback() && !proxy.is_some_and(is_elsewhere)
}

/// One whose address is none is refused by whoever would go through it.
fn is_elsewhere(proxy: &str) -> bool {
    Proxy::new(proxy).is_ok_and(|proxy| !proxy.is_loopback())
}

/// Whether anybody sees the plan: what takes a while to tell need not be told otherwise.
pub(crate) fn is_plan_shown(target: Option<&Target>, proxy: Option<&str>, run: &RunArguments) -> bool {
    run.dry_run || (!run.yes && target.is_some_and(|target| !is_here(target, proxy)))
}

/// Holds a run back until `--yes` where the target, or the proxy on the way to it, is not on this machine; `plan` is shown first.
pub(crate) fn obtain(target: &Target, proxy: Option<&str>, yes: bool, plan: &str) -> Result<(), Failure> {
    if is_here(target, proxy) || yes {
        return Ok(());
    }
    crate::console::out(plan);
    let base = target.base();
    let what = if target.is_loopback() {
        format!("{base} is reached through a proxy that is not on this machine")
    } else {
        format!("{base} is not on this machine")
    };
    Err(Failure::usage(format!(
        "{what}; nothing was sent. If you may test it, run the same command with --yes"
    )))
}
