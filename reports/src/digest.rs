//! What every report says about a run before it goes into detail.

use std::collections::BTreeSet;

use record::{
    CauseKind, CheckResult, Checks, Counts, Exchange, Finding, Leftover, Level, Run, Verdict, VerdictKind,
};

mod advice;
mod asked;
mod cause;
mod demand;
mod hint;
mod history;
mod load;
mod operation;
mod sync;
mod unmet;

use crate::text;
pub(crate) use advice::{advice, advice_on};
pub use asked::asked;
pub(crate) use asked::asked_in;
pub(crate) use cause::{Cause, causes};
pub(crate) use demand::{Demand, causes_of_demands, demands, mishaps, of_load};
pub(crate) use hint::hint;
pub(crate) use history::{
    History, Of, changed, histories, idle, idle_waivers, lapsed, novelty, novelty_at, novelty_of,
};
pub(crate) use load::{
    by_attribute, doubts, error, exponent, health, key_figures, measured, milliseconds, model, objective,
    outcome_word, size, speed, undelivered, unmeasured,
};
pub(crate) use operation::Operation;
pub(crate) use sync::{
    Cycles, Missed, action, change, cycle, cycles, done, expected_anew, is_our_read, is_probe, missed,
    moment, patience, plain_line, quarantine, who, why, why_in_short,
};
pub(crate) use unmet::{Unmet, unmet};

/// The word for a verdict. A failure under plain prose, or under a SHOULD of a strict run, says so.
pub(crate) fn label(result: &CheckResult) -> &'static str {
    match &result.verdict {
        _ if is_not_begun(result) => NOT_BEGUN,
        Verdict::Fail { .. } => match lead(result).map(|finding| finding.requirement.level) {
            Some(Level::Stated) => "fail (stated)",
            Some(Level::Should | Level::ShouldNot) => "fail (should)",
            Some(Level::Must | Level::MustNot | Level::May) | None => "fail",
        },
        other => other.kind().as_str(),
    }
}

/// How binding it is what a check is about: its worst finding's requirement, or else its first.
pub(crate) fn level(result: &CheckResult) -> &'static str {
    let found = lead(result).map(|finding| &finding.requirement);
    found.or(result.requirements.first()).map_or("", |cited| cited.level.as_str())
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

/// How many places of a finding are named; the others are counted.
const PLACES_NAMED_MAX: usize = 4;

/// Where a finding points, in a line: `/userType`, or `/userType, /userName and 3 more`.
pub(crate) fn places(finding: &Finding) -> String {
    let count = finding.places().count();
    // One that is left over is as short as its count.
    let named = if count == PLACES_NAMED_MAX + 1 { count } else { PLACES_NAMED_MAX };
    let told: Vec<String> = finding.places().take(named).map(|at| text::line(&at.to_string())).collect();
    match count.saturating_sub(named) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
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
/// The word for checks that a stopped run broke off.
pub(crate) const STOPPED: &str = "stopped";
/// The word for checks that a stopped run did not come to. In the run file they are blocked, as any other without a claim.
pub(crate) const NOT_BEGUN: &str = "not-begun";

/// Whether a stopped run did not come to a check.
pub(crate) fn is_not_begun(result: &CheckResult) -> bool {
    let is_cancelled =
        matches!(&result.verdict, Verdict::Blocked { cause } if cause.kind == CauseKind::Cancelled);
    is_cancelled && result.exchanges.is_empty()
}

/// The verdicts of checks that were begun, and how many were not.
pub(crate) fn tally<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> (Counts, usize) {
    let (idle, begun): (Vec<_>, Vec<_>) = results.into_iter().partition(|result| is_not_begun(result));
    (Counts::of(begun), idle.len())
}

/// Checks that came to no judgement, and the reason that they share, in the words of the first.
pub(crate) struct Untested<'a> {
    /// `error`, `blocked`, `not-supported`, [`STOPPED`], [`NOT_BEGUN`], or [`LEFT_OUT`].
    pub(crate) word: &'static str,
    pub(crate) reason: String,
    pub(crate) checks: Vec<&'a str>,
}

/// What was not tested and why, grouped by reason.
pub(crate) fn untested(checks: &Checks) -> Vec<Untested<'_>> {
    let mut groups: Vec<Untested<'_>> = Vec::new();
    // What blocks many checks says of each which resource it was; that is one reason all the same.
    let is_same = |group: &Untested<'_>, word: &str, reason: &str| {
        let blocks = word == VerdictKind::Blocked.as_str();
        group.word == word
            && (group.reason == reason || blocks && text::obstacle(&group.reason) == text::obstacle(reason))
    };
    let mut add = |word: &'static str, reason: String, check| match groups
        .iter_mut()
        .find(|group| is_same(group, word, &reason))
    {
        Some(group) => group.checks.push(check),
        None => groups.push(Untested { word, reason, checks: vec![check] }),
    };
    for kind in VerdictKind::ALL {
        for result in checks.results.iter().filter(|result| result.verdict.kind() == kind) {
            let (word, reason) = match &result.verdict {
                Verdict::Error { mishap } => (kind.as_str(), mishap.clone()),
                Verdict::Blocked { cause } if cause.kind == CauseKind::Cancelled => {
                    (if is_not_begun(result) { NOT_BEGUN } else { STOPPED }, cause.message.clone())
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

/// What the target chose where the text leaves a choice, each with the check that asked. Checks that ask the same are as one.
pub(crate) fn readings(checks: &Checks) -> Vec<(&CheckResult, String)> {
    let mut seen = BTreeSet::new();
    let mut readings = Vec::new();
    for result in &checks.results {
        for note in &result.notes {
            let note = text::line(note);
            if seen.insert((result.title.as_str(), note.clone())) {
                readings.push((result, note));
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

/// The exchange on one line, such as `POST /Users`, its URL relative to the target's where it is below that.
pub(crate) fn line(exchange: &Exchange, base: &str) -> String {
    let url = exchange.request.url.strip_prefix(base.trim_end_matches('/'));
    let url = url.filter(|path| path.starts_with('/')).unwrap_or(&exchange.request.url);
    text::line(&format!("{} {url}", exchange.request.method))
}

/// Of what is listed as left, how much was seen to be created and not to be removed, and how much there only may be: nobody knows what
/// became of a create without an answer.
pub(crate) fn left(left: usize, created: u64, removed: u64) -> (usize, usize) {
    let stands = usize::try_from(created.saturating_sub(removed)).unwrap_or(usize::MAX).min(left);
    (stands, left - stands)
}

/// What any part of a run created and could not remove.
pub(crate) fn leftovers(run: &Run) -> impl Iterator<Item = &Leftover> {
    let checks = run.checks.iter().flat_map(|checks| &checks.leftovers);
    let sync = run.sync.iter().flat_map(|sync| &sync.leftovers);
    let load = run.load.iter().flat_map(|load| &load.runs).flat_map(|run| &run.leftovers);
    checks.chain(sync).chain(load)
}
