//! What a run says of failures that were known before it: waivers that waive nothing, and an earlier run.

use record::{Baseline, CheckResult, Checks, Mark, VerdictKind, WaiverState, WaiverUse};

use super::Cause;
use crate::text;

/// The waivers that somebody has to look at: those that are past their day, then those without anything to excuse.
pub(crate) fn idle_waivers(checks: &Checks) -> Vec<&WaiverUse> {
    let of = |state| checks.waivers.iter().filter(move |waiver| waiver.state == state);
    of(WaiverState::Expired).chain(of(WaiverState::Unused)).chain(of(WaiverState::Unjudged)).collect()
}

/// A waiver that waives nothing, and what is to be done about it.
pub(crate) fn idle(waiver: &WaiverUse) -> String {
    let why = match waiver.state {
        WaiverState::Expired => "expired, and waives nothing any more",
        WaiverState::Unused => "unused: what it waives does not happen; it can go",
        WaiverState::Unjudged => "not needed: what it is about was not judged in this run",
        WaiverState::Used => "used",
    };
    text::line(&format!("{}: {why} ({}; {})", waiver.what, waiver.reason, waiver.by))
}

/// What became of the failures of the earlier run, in numbers, such as `1 new, 3 known, 2 mended`.
pub(crate) fn against(baseline: &Baseline) -> String {
    let Baseline { new, known, mended, lost, uncompared, .. } = baseline;
    let mut told = vec![format!("{} new", new.len()), format!("{} known", known.len())];
    if !mended.is_empty() {
        told.push(format!("{} mended", mended.len()));
    }
    if !lost.is_empty() {
        told.push(format!("{} lost", lost.len()));
    }
    if *uncompared > 0 {
        told.push(format!("{} not in this run", text::count(*uncompared as usize, "check", "checks")));
    }
    told.join(", ")
}

/// What is told one by one: the word for it, and the marks.
pub(crate) fn changes(baseline: &Baseline) -> [(&'static str, &'static str, &[Mark]); 4] {
    [
        ("new", "fails or is blocked, and did not", &baseline.new),
        ("lost", "held, and warns or is not supported now", &baseline.lost),
        ("known", "failed or was blocked there too", &baseline.known),
        ("mended", "failed or was blocked, and holds now", &baseline.mended),
    ]
}

/// Whether a failure is `new` or `known`, where the run is held to a baseline.
pub(crate) fn novelty(checks: &Checks, result: &CheckResult) -> Option<&'static str> {
    let baseline = checks.baseline.as_ref()?;
    let fails = matches!(result.verdict.kind(), VerdictKind::Fail | VerdictKind::Blocked);
    fails.then(|| if baseline.knows(&result.id) { "known" } else { "new" })
}

/// The same of a cause: it is `new` if it keeps any check from passing that it did not.
pub(crate) fn novelty_of(checks: &Checks, cause: &Cause<'_>) -> Option<&'static str> {
    cause.checks().filter_map(|result| novelty(checks, result)).min_by_key(|word| *word != "new")
}
