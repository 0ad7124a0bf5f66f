//! What every report says about a run before it goes into detail.

use record::{
    CauseKind, CheckResult, Checks, Conclusion, Counts, Exchange, Finding, Level, Run, Verdict, VerdictKind,
};

use crate::text;

/// The run's verdict in one sentence, such as `NOT PROOF: 1 of 6 checks failed, 1 blocked; 2 were left out (--only)`.
/// Only a run that left nothing out is called proof.
#[must_use]
pub fn sentence(run: &Run) -> String {
    let Headline { word, rest, .. } = Headline::of(run);
    format!("{word}: {rest}")
}

/// The run's verdict in one sentence.
pub(crate) struct Headline {
    /// Its first words.
    pub(crate) word: &'static str,
    /// The verdict that it resembles most, for a colour.
    pub(crate) tone: VerdictKind,
    pub(crate) rest: String,
}

impl Headline {
    pub(crate) fn of(run: &Run) -> Self {
        let of = |word, tone, rest: &str| Self { word, tone, rest: rest.to_owned() };
        match (&run.unjudged, &run.checks) {
            (Some(reason), _) => of("NOT TESTED", VerdictKind::Warn, &text::line(reason)),
            (None, Some(checks)) => Self::of_checks(checks),
            (None, None) => of("INCONCLUSIVE", VerdictKind::Warn, "the run holds no checks"),
        }
    }

    fn of_checks(checks: &Checks) -> Self {
        let counts = checks.counts();
        let left_out = checks.excluded.len();
        let total = text::count(counts.total(), "check", "checks");
        let of_total = |number: usize, rest: &str| format!("{number} of {total} {rest}");
        let (word, tone, lead, told) = match checks.conclusion() {
            Conclusion::Pass if left_out > 0 => {
                let all = counts.total() + left_out;
                let lead = format!("{} of {} pass", counts.pass, text::count(all, "check", "checks"));
                ("PARTLY TESTED", VerdictKind::Warn, lead, Some(VerdictKind::Pass))
            }
            Conclusion::Pass if counts.total() == 1 && counts.pass == 1 => {
                ("PROOF", VerdictKind::Pass, "the one check passes".to_owned(), Some(VerdictKind::Pass))
            }
            Conclusion::Pass if counts.pass == counts.total() => {
                ("PROOF", VerdictKind::Pass, format!("all {total} pass"), Some(VerdictKind::Pass))
            }
            Conclusion::Pass => {
                ("PROOF", VerdictKind::Pass, of_total(counts.pass, "pass"), Some(VerdictKind::Pass))
            }
            Conclusion::Failed => {
                ("NOT PROOF", VerdictKind::Fail, of_total(counts.fail, "failed"), Some(VerdictKind::Fail))
            }
            Conclusion::Blocked => {
                let lead = of_total(counts.blocked, "blocked");
                ("NOT PROOF", VerdictKind::Blocked, lead, Some(VerdictKind::Blocked))
            }
            Conclusion::Mishap if counts.fail > 0 => {
                ("NOT PROOF", VerdictKind::Fail, of_total(counts.fail, "failed"), Some(VerdictKind::Fail))
            }
            Conclusion::Mishap => {
                let lead = of_total(counts.error, "ended in a mishap of our own");
                ("NO VERDICT", VerdictKind::Error, lead, Some(VerdictKind::Error))
            }
            Conclusion::Interrupted => {
                let lead = format!("stopped before the end, {}", of_total(counts.judged(), "judged"));
                ("INTERRUPTED", VerdictKind::Warn, lead, None)
            }
            Conclusion::Inconclusive if counts.judged() == 0 => {
                ("INCONCLUSIVE", VerdictKind::Warn, format!("none of {total} could be judged"), None)
            }
            // Checks have no objectives and no generator: of theirs only the first remains.
            Conclusion::Inconclusive | Conclusion::ObjectiveMissed | Conclusion::Unhealthy => {
                let lead = of_total(counts.not_supported, "not supported, and the run is strict about it");
                ("INCONCLUSIVE", VerdictKind::Warn, lead, Some(VerdictKind::NotSupported))
            }
        };
        let mut parts = vec![lead];
        parts.extend(others(counts, told));
        let mut rest = parts.join(", ");
        if left_out > 0 {
            let were = if left_out == 1 { "was" } else { "were" };
            rest.push_str(&format!("; {left_out} {were} left out ({})", options(checks)));
        }
        Self { word, tone, rest }
    }
}

/// The options that left checks out.
fn options(checks: &Checks) -> String {
    let mut options: Vec<String> = Vec::new();
    for excluded in &checks.excluded {
        let option = text::line(&excluded.option);
        if !options.contains(&option) {
            options.push(option);
        }
    }
    options.join(", ")
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
                VerdictKind::Waived => format!("{number} waived"),
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
            Verdict::Waived { .. } | Verdict::NotSupported { .. } | Verdict::Pass => false,
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
                verdict @ Verdict::NotSupported { .. } => {
                    (kind.as_str(), verdict.inapplicable().unwrap_or_default())
                }
                Verdict::Pass | Verdict::Warn { .. } | Verdict::Fail { .. } | Verdict::Waived { .. } => {
                    continue;
                }
            };
            add(word, text::line(&reason), &result.id);
        }
    }
    for excluded in &checks.excluded {
        add(LEFT_OUT, text::line(&excluded.reason), &excluded.check);
    }
    groups
}

/// Checks that a profile excuses for one reason.
pub(crate) struct Waived<'a> {
    /// Who says so.
    pub(crate) by: String,
    pub(crate) reason: String,
    pub(crate) checks: Vec<&'a str>,
}

/// What is broken and meant so, grouped by reason.
pub(crate) fn waived(checks: &Checks) -> Vec<Waived<'_>> {
    let mut groups: Vec<Waived<'_>> = Vec::new();
    for result in &checks.results {
        let Verdict::Waived { by, reason, .. } = &result.verdict else { continue };
        let (by, reason) = (text::line(by), text::line(reason));
        match groups.iter_mut().find(|group| group.by == by && group.reason == reason) {
            Some(group) => group.checks.push(&result.id),
            None => groups.push(Waived { by, reason, checks: vec![&result.id] }),
        }
    }
    groups
}

/// What the target chose where the text leaves a choice, each reading once, with the checks that noted it.
pub(crate) fn readings(checks: &Checks) -> Vec<(String, Vec<&str>)> {
    let mut readings: Vec<(String, Vec<&str>)> = Vec::new();
    for result in &checks.results {
        for note in &result.notes {
            let note = text::line(note);
            match readings.iter_mut().find(|(known, _)| *known == note) {
                Some((_, noted)) if noted.last() == Some(&result.id.as_str()) => {}
                Some((_, noted)) => noted.push(&result.id),
                None => readings.push((note, vec![&result.id])),
            }
        }
    }
    readings
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
