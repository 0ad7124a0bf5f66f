//! What whoever makes the server would change.

use record::{At, CheckResult, Checks, Finding, Verdict};

use super::{Cause, lead};
use crate::text;

/// The advice of a check that fails or warns: what its author wrote for whoever makes the server, behind what the answer itself
/// says to do first. None where nobody wrote any, as in a run file from before there was any.
pub(crate) fn advice(checks: &Checks, result: &CheckResult) -> Option<String> {
    if !matches!(result.verdict, Verdict::Fail { .. } | Verdict::Warn { .. }) {
        return None;
    }
    let advice = result.advice.as_deref().map(text::line);
    match lead(result).and_then(|finding| broke_down(checks, finding)) {
        Some(status) => Some(
            [Some(look_at_the_log(status)), advice.map(|advice| format!("Then: {advice}"))]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        ),
        None => advice,
    }
}

/// The advice of a cause. Where a kind of request is not answered as it should be at all, what the checks that send it are about
/// comes later; where only what is in the answers is wrong, the check that shows it knows what to do.
pub(crate) fn advice_on(checks: &Checks, cause: &Cause<'_>) -> Option<String> {
    let by_status = lead(cause.lead).is_none_or(|finding| finding.at == At::Status);
    match &cause.operation {
        Some(operation) if by_status && cause.size() > 1 && !cause.only_blocks() => {
            let operation = text::line(&operation.to_string());
            Some(format!(
                "Make {operation} work first, as the standard has it: {} send it, and each has more to say once it does.",
                text::count(cause.size(), "check", "checks")
            ))
        }
        _ => advice(checks, cause.lead),
    }
}

/// The status by which an answer says that the server itself is at fault. That it cannot do a thing (501), or cannot now (503), is
/// no breakdown.
fn broke_down(checks: &Checks, finding: &Finding) -> Option<u16> {
    let status = checks.exchange(finding.exchange?)?.response.as_ref()?.status;
    ((500..600).contains(&status) && !matches!(status, 501 | 503)).then_some(status)
}

fn look_at_the_log(status: u16) -> String {
    format!(
        "Look for this request in the server's log: {status} says that the server itself broke down over it."
    )
}
