//! What every report says about a run before it goes into detail.

use record::{
    CauseKind, CheckResult, Checks, Conclusion, Counts, Exchange, Finding, Level, Run, Verdict, VerdictKind,
};

use crate::text;

/// The run's verdict in one sentence, such as `NOT PROOF: 1 of 6 checks failed, 1 blocked`.
#[must_use]
pub fn sentence(run: &Run) -> String {
    let (word, rest) = headline(run);
    format!("{word}: {rest}")
}

/// The sentence's first words, and the rest of it.
pub(crate) fn headline(run: &Run) -> (&'static str, String) {
    let Some(checks) = &run.checks else {
        return ("INCONCLUSIVE", "the run holds no checks".to_owned());
    };
    let counts = checks.counts();
    let total = text::count(counts.total(), "check", "checks");
    let (word, lead, told) = match checks.conclusion() {
        Conclusion::Pass if counts.total() == 1 && counts.pass == 1 => {
            ("PROOF", "the one check passes".to_owned(), Some(VerdictKind::Pass))
        }
        Conclusion::Pass if counts.pass == counts.total() => {
            ("PROOF", format!("all {total} pass"), Some(VerdictKind::Pass))
        }
        Conclusion::Pass => ("PROOF", format!("{} of {total} pass", counts.pass), Some(VerdictKind::Pass)),
        Conclusion::Failed => {
            ("NOT PROOF", format!("{} of {total} failed", counts.fail), Some(VerdictKind::Fail))
        }
        Conclusion::Blocked => {
            ("NOT PROOF", format!("{} of {total} blocked", counts.blocked), Some(VerdictKind::Blocked))
        }
        Conclusion::Mishap if counts.fail > 0 => {
            ("NOT PROOF", format!("{} of {total} failed", counts.fail), Some(VerdictKind::Fail))
        }
        Conclusion::Mishap => {
            let lead = format!("{} of {total} ended in a mishap of our own", counts.error);
            ("NO VERDICT", lead, Some(VerdictKind::Error))
        }
        Conclusion::Interrupted => {
            let lead = format!("stopped before the end, {} of {total} judged", counts.judged());
            ("INTERRUPTED", lead, None)
        }
        Conclusion::Inconclusive if counts.judged() == 0 => {
            ("INCONCLUSIVE", format!("none of {total} could be judged"), None)
        }
        Conclusion::Inconclusive => {
            let lead =
                format!("{} of {total} not supported, and the run is strict about it", counts.not_supported);
            ("INCONCLUSIVE", lead, Some(VerdictKind::NotSupported))
        }
    };
    let mut parts = vec![lead];
    parts.extend(others(counts, told));
    if !checks.excluded.is_empty() {
        parts.push(format!("{} left out", checks.excluded.len()));
    }
    (word, parts.join(", "))
}

/// The counts that the sentence has not told yet; passes are told by what is missing.
fn others(counts: Counts, told: Option<VerdictKind>) -> Vec<String> {
    VerdictKind::ALL
        .into_iter()
        .filter(|kind| Some(*kind) != told && *kind != VerdictKind::Pass && counts.get(*kind) > 0)
        .map(|kind| {
            let number = counts.get(kind);
            match kind {
                VerdictKind::Fail => format!("{number} failed"),
                VerdictKind::Error => text::count(number, "error of our own", "errors of our own"),
                VerdictKind::Blocked => format!("{number} blocked"),
                VerdictKind::Warn => text::count(number, "warning", "warnings"),
                VerdictKind::NotSupported => format!("{number} not supported"),
                VerdictKind::Pass => format!("{number} passed"),
            }
        })
        .collect()
}

/// The word for a verdict. A failure under plain prose, or under a SHOULD of a strict run, says so.
pub(crate) fn label(result: &CheckResult) -> &'static str {
    match &result.verdict {
        Verdict::Fail { .. } => match lead(result).map(|finding| finding.requirement.level) {
            Some(Level::Stated) => "fail (stated)",
            Some(Level::Should | Level::ShouldNot) => "fail (should)",
            Some(Level::Must | Level::MustNot | Level::May) | None => "fail",
        },
        other => other.kind().as_str(),
    }
}

/// The finding that speaks for its check: the worst one, the most binding of those, the first of those.
pub(crate) fn lead(result: &CheckResult) -> Option<&Finding> {
    findings(result).first().copied()
}

/// The findings, the worst first.
pub(crate) fn findings(result: &CheckResult) -> Vec<&Finding> {
    let mut findings: Vec<_> = result.verdict.findings().iter().collect();
    findings.sort_by_key(|finding| weight(finding));
    findings
}

/// Sorts findings from worst to least: `Breach` is declared from the mildest, `Level` from the most binding.
fn weight(finding: &Finding) -> (std::cmp::Reverse<record::Breach>, Level) {
    (std::cmp::Reverse(finding.breach), finding.requirement.level)
}

/// The checks that somebody has to look at: fail, error, blocked, warn, the most binding failures first, and
/// in the catalogue's order within that. Those that a stopped run did not come to are no problem of anybody's.
pub(crate) fn problems(checks: &Checks) -> Vec<&CheckResult> {
    let mut problems: Vec<_> = checks
        .results
        .iter()
        .filter(|result| match &result.verdict {
            Verdict::Fail { .. } | Verdict::Error { .. } | Verdict::Warn { .. } => true,
            Verdict::Blocked { cause } => cause.kind != CauseKind::Cancelled,
            Verdict::NotSupported { .. } | Verdict::Pass => false,
        })
        .collect();
    problems.sort_by_key(|result| {
        let kind = result.verdict.kind();
        (VerdictKind::ALL.iter().position(|listed| *listed == kind), lead(result).map(weight))
    });
    problems
}

/// The checks of one area.
pub(crate) struct Area<'a> {
    pub(crate) name: &'a str,
    pub(crate) results: Vec<&'a CheckResult>,
}

/// The areas in the catalogue's order, each with its checks.
pub(crate) fn areas(checks: &Checks) -> Vec<Area<'_>> {
    let mut areas: Vec<Area<'_>> = Vec::new();
    for result in &checks.results {
        match areas.iter_mut().find(|area| area.name == result.area()) {
            Some(area) => area.results.push(result),
            None => areas.push(Area { name: result.area(), results: vec![result] }),
        }
    }
    areas
}

/// The word for checks that were not in the run.
pub(crate) const LEFT_OUT: &str = "left out";
/// The word for checks that a stopped run did not come to.
pub(crate) const STOPPED: &str = "stopped";

/// Checks that came to no judgement, and the reason that they share.
pub(crate) struct Untested<'a> {
    /// `error`, `blocked`, `not-supported`, [`STOPPED`], or [`LEFT_OUT`].
    pub(crate) word: &'static str,
    pub(crate) reason: String,
    pub(crate) checks: Vec<&'a str>,
}

/// What was not tested and why, grouped by reason.
pub(crate) fn untested(checks: &Checks) -> Vec<Untested<'_>> {
    let mut groups: Vec<Untested<'_>> = Vec::new();
    let mut add = |word: &'static str, reason: String, check| match groups
        .iter_mut()
        .find(|group| group.word == word && group.reason == reason)
    {
        Some(group) => group.checks.push(check),
        None => groups.push(Untested { word, reason, checks: vec![check] }),
    };
    for kind in VerdictKind::ALL {
        for result in checks.results.iter().filter(|result| result.verdict.kind() == kind) {
            let (word, reason) = match &result.verdict {
                Verdict::Error { mishap } => (kind.as_str(), mishap.clone()),
                Verdict::Blocked { cause } if cause.kind == CauseKind::Cancelled => {
                    (STOPPED, cause.message.clone())
                }
                Verdict::Blocked { cause } => (kind.as_str(), cause.message.clone()),
                Verdict::NotSupported { capability } => {
                    (kind.as_str(), format!("the target does not offer {capability}"))
                }
                Verdict::Pass | Verdict::Warn { .. } | Verdict::Fail { .. } => continue,
            };
            add(word, text::line(&reason), &result.id);
        }
    }
    for excluded in &checks.excluded {
        add(LEFT_OUT, text::line(&excluded.reason), &excluded.check);
    }
    groups
}

/// What came of an exchange: a status, or why there is none.
pub(crate) fn outcome(exchange: &Exchange) -> String {
    match (&exchange.response, &exchange.error) {
        (Some(response), None) => response.status.to_string(),
        (Some(response), Some(error)) => format!("{}, then {}", response.status, text::line(error)),
        (None, Some(error)) => text::line(error),
        (None, None) => "no answer".to_owned(),
    }
}
