//! What a run says of failures that were known before it: waivers that waive nothing, and an earlier run.

use record::{Baseline, CheckResult, Checks, Mark, Run, Verdict, VerdictKind, WaiverState, WaiverUse};

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

/// What a waiver of a check that fails or warns says, whose day is past: the failure is not new, and was let pass before.
pub(crate) fn lapsed(checks: &Checks, result: &CheckResult) -> Option<String> {
    let findings = result.verdict.findings();
    let is_excused = matches!(result.verdict, Verdict::Waived { .. });
    // A waiver is told by what it is about: the check, the requirement, the place, as far as each is named.
    let is_about = |waiver: &&WaiverUse| {
        findings.iter().any(|finding| {
            let mark = finding.mark(&result.id);
            let mut rest = waiver.what.as_str();
            for part in [&mark.check, &mark.requirement] {
                rest = rest.strip_prefix(part.as_str()).map_or(rest, str::trim_start);
            }
            rest != waiver.what && (rest.is_empty() || rest == mark.place || rest == finding.at.to_string())
        })
    };
    let mut expired = checks.waivers.iter().filter(|waiver| waiver.state == WaiverState::Expired);
    let waiver = expired.find(is_about).filter(|_| !is_excused)?;
    Some(text::line(&format!("expired, and waives this no more ({}; {})", waiver.reason, waiver.by)))
}

/// What became of a check that the earlier run tells otherwise of, without its failing now.
pub(crate) fn changed(checks: &Checks, result: &CheckResult) -> Option<String> {
    let baseline = checks.baseline.as_ref().filter(|baseline| !baseline.absent)?;
    let history = History { of: Of::Checks, baseline };
    let mut changes = history.changes().into_iter().filter(|(word, ..)| matches!(*word, "lost" | "mended"));
    let (word, meaning, _) = changes.find(|(.., marks)| marks.iter().any(|mark| mark.check == result.id))?;
    Some(text::line(&format!("{word} since run {}: it {meaning}", baseline.run)))
}

/// What a part of a run that is held to an earlier one is made of.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Checks,
    Scenarios,
    Loads,
}

/// A part that is held to an earlier run.
#[derive(Clone, Copy)]
pub(crate) struct History<'a> {
    pub(crate) of: Of,
    pub(crate) baseline: &'a Baseline,
}

/// Every part that is held to an earlier run.
pub(crate) fn histories(run: &Run) -> impl Iterator<Item = History<'_>> {
    let checks = run.checks.iter().filter_map(|part| Some((Of::Checks, part.baseline.as_ref()?)));
    let sync = run.sync.iter().filter_map(|part| Some((Of::Scenarios, part.baseline.as_ref()?)));
    let load = run.load.iter().filter_map(|part| Some((Of::Loads, part.baseline.as_ref()?)));
    checks.chain(sync).chain(load).map(|(of, baseline)| History { of, baseline })
}

impl<'a> History<'a> {
    /// The part, and the run that it is held to.
    pub(crate) fn heading(self) -> String {
        let whose = match self.of {
            Of::Checks => "Against",
            Of::Scenarios => "Scenarios against",
            Of::Loads => "Loads against",
        };
        text::line(&format!("{whose} run {} of {}", self.baseline.run, self.baseline.started))
    }

    /// What became of the failures of the earlier run, in numbers, such as `1 new, 3 known, 2 mended`.
    pub(crate) fn told(self) -> String {
        let Baseline { new, known, mended, lost, uncompared, absent, .. } = self.baseline;
        let (one, many) = match self.of {
            Of::Checks => ("check", "checks"),
            Of::Scenarios => ("scenario", "scenarios"),
            Of::Loads => ("load", "loads"),
        };
        if *absent {
            return format!("it holds no {many}, so these count as without it");
        }
        let mut told = vec![format!("{} new", new.len()), format!("{} known", known.len())];
        if !mended.is_empty() {
            told.push(format!("{} mended", mended.len()));
        }
        if !lost.is_empty() {
            told.push(format!("{} lost", lost.len()));
        }
        if *uncompared > 0 {
            told.push(format!("{} not in this run", text::count(*uncompared as usize, one, many)));
        }
        told.join(", ")
    }

    /// Whether there is anything to be told of it but that nothing is new.
    pub(crate) fn tells(self) -> bool {
        self.baseline.absent || self.told() != "0 new, 0 known"
    }

    /// What is told one by one: the word for it, what it means, and the marks.
    pub(crate) fn changes(self) -> [(&'static str, &'static str, &'a [Mark]); 4] {
        let Baseline { new, lost, known, mended, .. } = self.baseline;
        let [is_new, is_lost, is_known, is_mended] = match self.of {
            Of::Checks => [
                "fails or is blocked, and did not",
                "held, and warns or is not supported now",
                "failed or was blocked there too",
                "failed or was blocked, and holds now",
            ],
            Of::Scenarios | Of::Loads => [
                "is missed or cannot be judged, and that is new",
                "held, and is not come to any more",
                "was missed or could not be judged there too",
                "was missed or could not be judged, and holds now",
            ],
        };
        [
            ("new", is_new, new),
            ("lost", is_lost, lost),
            ("known", is_known, known),
            ("mended", is_mended, mended),
        ]
    }
}

/// Whether a failure is `new` or `known`, where the run is held to a baseline.
pub(crate) fn novelty(checks: &Checks, result: &CheckResult) -> Option<&'static str> {
    let baseline = checks.baseline.as_ref().filter(|baseline| !baseline.absent)?;
    let fails = matches!(result.verdict.kind(), VerdictKind::Fail | VerdictKind::Blocked);
    fails.then(|| if baseline.knows(&result.id) { "known" } else { "new" })
}

/// The same of a cause: it is `new` if it keeps any check from passing that it did not.
pub(crate) fn novelty_of(checks: &Checks, cause: &Cause<'_>) -> Option<&'static str> {
    cause.checks().filter_map(|result| novelty(checks, result)).min_by_key(|word| *word != "new")
}

/// The same of what a scenario or a load misses.
pub(crate) fn novelty_at(baseline: Option<&Baseline>, mark: &Mark) -> Option<&'static str> {
    let baseline = baseline.filter(|baseline| !baseline.absent)?;
    Some(if baseline.has(mark) { "known" } else { "new" })
}
