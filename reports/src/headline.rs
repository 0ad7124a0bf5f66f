//! The verdict of a run in one sentence: a word, and what each part of the run comes to.

mod load;

use record::{Checks, Conclusion, Counts, Run, Sync, VerdictKind};

pub(crate) use self::load::{rate, way};
use crate::digest::{self, History, Of};
use crate::text;

/// The run's verdict in one sentence, such as `NOT PROOF: 1 of 6 checks failed, 1 blocked; 2 were left out (--only)`.
/// Only a run that left nothing out is called proof. Of several parts the one that weighs most comes first.
///
/// ```
/// let run = record::Run { checks: None, ..record::Run::fixture_load() };
/// assert!(reports::sentence(&run).starts_with("NOT PROOF: load leaves 23 differences"));
/// ```
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

/// What one part of a run comes to.
pub(crate) struct Part {
    pub(crate) conclusion: Conclusion,
    /// Whether something that must hold does not, whatever else happened.
    pub(crate) failed: bool,
    /// In words.
    pub(crate) told: String,
}

impl Headline {
    pub(crate) fn of(run: &Run) -> Self {
        if let Some(reason) = &run.unjudged {
            return Self { word: "NOT TESTED", tone: VerdictKind::Warn, rest: text::line(reason) };
        }
        let alone = run.sync.is_none() && run.load.is_none();
        let mut parts: Vec<Part> = [
            run.checks.as_ref().map(|checks| Part::of_checks(checks, alone)),
            run.sync.as_ref().map(Part::of_sync),
            run.load.as_ref().map(Part::of_load),
        ]
        .into_iter()
        .flatten()
        .collect();
        let left_out = run.checks.as_ref().filter(|checks| !checks.excluded.is_empty());
        let failed = parts.iter().any(|part| part.failed);
        let (word, tone) = match run.conclusion() {
            // Nobody stopped it. What was found until then stands.
            Some(Conclusion::Interrupted) if run.limit.is_some() => {
                run.found().map_or(("LIMIT REACHED", VerdictKind::Warn), |found| word(found, failed, false))
            }
            Some(conclusion) => word(conclusion, failed, left_out.is_some()),
            None => ("INCONCLUSIVE", VerdictKind::Warn),
        };
        parts.sort_by_key(|part| std::cmp::Reverse(part.conclusion));
        let mut rest = parts.into_iter().map(|part| part.told).collect::<Vec<_>>().join("; ");
        if rest.is_empty() {
            "the run holds no checks".clone_into(&mut rest);
        }
        if let Some(limit) = &run.limit {
            rest = format!("{}; {rest}", text::line(limit));
        }
        Self { word, tone, rest }
    }
}

/// The word for a conclusion, and the verdict that it resembles. What failed is told first even where something else,
/// such as a mishap, decides how the run ends.
pub(crate) const fn word(
    conclusion: Conclusion,
    failed: bool,
    left_out: bool,
) -> (&'static str, VerdictKind) {
    match conclusion {
        Conclusion::Pass if left_out => ("PARTLY TESTED", VerdictKind::Warn),
        Conclusion::Pass => ("PROOF", VerdictKind::Pass),
        Conclusion::Known => ("NOTHING NEW", VerdictKind::Warn),
        Conclusion::Regression => ("REGRESSION", VerdictKind::Warn),
        Conclusion::Interrupted => ("INTERRUPTED", VerdictKind::Warn),
        Conclusion::Failed => ("NOT PROOF", VerdictKind::Fail),
        Conclusion::Mishap if failed => ("NOT PROOF", VerdictKind::Fail),
        Conclusion::Blocked | Conclusion::LeftBehind => ("NOT PROOF", VerdictKind::Blocked),
        Conclusion::Mishap => ("NO VERDICT", VerdictKind::Error),
        Conclusion::Unhealthy => ("SPOILED", VerdictKind::Error),
        Conclusion::ObjectiveMissed => ("OBJECTIVE MISSED", VerdictKind::Warn),
        Conclusion::Inconclusive => ("INCONCLUSIVE", VerdictKind::Warn),
    }
}

/// Of no check it cannot be said that none could be judged.
fn nothing_judged(number: usize, total: &str) -> String {
    match number {
        0 => "no check was left to judge by".to_owned(),
        _ => format!("none of {total} could be judged"),
    }
}

impl Part {
    /// `alone` is whether the run has no other part.
    pub(crate) fn of_checks(checks: &Checks, alone: bool) -> Self {
        let (counts, not_begun) = digest::tally(&checks.results);
        let left_out = checks.excluded.len();
        let conclusion = checks.conclusion();
        let total = text::count(counts.total() + not_begun, "check", "checks");
        let of_total = |number: usize, rest: &str| format!("{number} of {total} {rest}");
        // What is left behind is told by its number; the rest is told as if it were not.
        let apart = match conclusion {
            Conclusion::LeftBehind if counts.judged() == 0 => Conclusion::Inconclusive,
            Conclusion::LeftBehind => Conclusion::Pass,
            other => other,
        };
        let (lead, told) = match apart {
            Conclusion::Pass if left_out > 0 => {
                let all = text::count(counts.total() + left_out, "check", "checks");
                (format!("{} of {all} pass", counts.pass), Some(VerdictKind::Pass))
            }
            Conclusion::Pass if counts.total() == 1 && counts.pass == 1 => {
                ("the one check passes".to_owned(), Some(VerdictKind::Pass))
            }
            Conclusion::Pass if counts.pass == counts.total() => {
                (format!("all {total} pass"), Some(VerdictKind::Pass))
            }
            Conclusion::Pass => (of_total(counts.pass, "pass"), Some(VerdictKind::Pass)),
            Conclusion::Failed | Conclusion::Known | Conclusion::Regression if counts.fail > 0 => {
                (of_total(counts.fail, "failed"), Some(VerdictKind::Fail))
            }
            // Nothing failed: what is known is blocked, or what is lost has only come to warn.
            Conclusion::Regression if counts.blocked == 0 => {
                (of_total(counts.pass, "pass"), Some(VerdictKind::Pass))
            }
            Conclusion::Failed | Conclusion::Known | Conclusion::Regression | Conclusion::Blocked => {
                (of_total(counts.blocked, "blocked"), Some(VerdictKind::Blocked))
            }
            Conclusion::Mishap if counts.fail > 0 => {
                (of_total(counts.fail, "failed"), Some(VerdictKind::Fail))
            }
            Conclusion::Mishap => {
                (of_total(counts.error, "ended in a mishap of our own"), Some(VerdictKind::Error))
            }
            Conclusion::Interrupted => {
                (format!("stopped before the end, {}", of_total(counts.judged(), "judged")), None)
            }
            Conclusion::Inconclusive if counts.judged() == 0 => {
                (nothing_judged(counts.total(), &total), None)
            }
            // Checks have no objectives and no generator: of theirs only the first remains.
            Conclusion::Inconclusive
            | Conclusion::ObjectiveMissed
            | Conclusion::Unhealthy
            | Conclusion::LeftBehind => {
                (of_total(counts.not_supported, &strictly(checks)), Some(VerdictKind::NotSupported))
            }
        };
        let mut parts = vec![lead];
        parts.extend(others(counts, told));
        parts.extend((not_begun > 0).then(|| format!("{not_begun} not begun")));
        parts.extend(left_behind(digest::left(
            checks.leftovers.len(),
            checks.created.into(),
            checks.removed.into(),
        )));
        let mut told = parts.join(", ");
        if left_out > 0 {
            let were = if left_out == 1 { "was" } else { "were" };
            let lead = if alone { format!("; {left_out} {were}") } else { format!(", {left_out}") };
            told.push_str(&format!("{lead} left out ({})", options(checks)));
        }
        if let Some(baseline) = &checks.baseline {
            let lead = if alone { ";" } else { "," };
            told.push_str(&against(lead, History { of: Of::Checks, baseline }));
        }
        Self { conclusion, failed: counts.fail > 0, told }
    }

    pub(crate) fn of_sync(sync: &Sync) -> Self {
        let scenarios = &sync.scenarios;
        let sum = |count: fn(&record::Scenario) -> usize| scenarios.iter().map(count).sum::<usize>();
        let (held, missed, unjudged) =
            (sum(record::Scenario::held), sum(record::Scenario::missed), sum(record::Scenario::unjudged));
        let all = text::count(held + missed + unjudged, "expectation", "expectations");
        let failing = scenarios.iter().filter(|scenario| scenario.missed() > 0).count();
        let stopped = |mishap: bool| {
            let of = |scenario: &&record::Scenario| {
                scenario.stopped.as_ref().is_some_and(|stopped| stopped.mishap == mishap)
            };
            scenarios.iter().filter(of).count()
        };
        let conclusion = sync.conclusion();
        let mut told = Vec::new();
        if sync.interrupted {
            told.push(format!("sync was stopped before the end, {} of {all} judged", held + missed));
        }
        if missed > 0 {
            told.push(match scenarios.as_slice() {
                [one] => format!("the scenario {} misses {missed} of its {all}", text::line(&one.name)),
                _ if failing == 1 => {
                    format!(
                        "1 of {} scenarios misses {missed} of its {}",
                        scenarios.len(),
                        expectations_of(scenarios)
                    )
                }
                _ => format!("{failing} of {} scenarios miss {missed} of {all}", scenarios.len()),
            });
        } else if matches!(conclusion, Conclusion::Pass | Conclusion::LeftBehind) {
            told.push(match scenarios.as_slice() {
                [one] if held == 1 => {
                    format!("the scenario {} keeps its one expectation", text::line(&one.name))
                }
                [one] => format!("the scenario {} keeps its {all}", text::line(&one.name)),
                _ => format!("{} scenarios keep their {all}", scenarios.len()),
            });
        } else if conclusion == Conclusion::Inconclusive {
            told.push("no scenario expects anything".to_owned());
        }
        let mishaps = stopped(true);
        if mishaps > 0 {
            let ended = text::count(mishaps, "scenario", "scenarios");
            told.push(format!("{ended} ended in a mishap of our own"));
        }
        if unjudged > 0 {
            let of = if told.is_empty() { format!(" of {all}") } else { String::new() };
            told.push(format!("{unjudged}{of} could not be judged"));
        }
        // Whoever stopped the run stopped the scenario that was being played too.
        let early = stopped(false);
        if early > 0 && !sync.interrupted {
            told.push(format!("{} ended early", text::count(early, "scenario", "scenarios")));
        }
        told.extend(left_behind(digest::left(
            sync.leftovers.len(),
            sync.created.into(),
            sync.removed.into(),
        )));
        let history = sync.baseline.as_ref().map(|baseline| History { of: Of::Scenarios, baseline });
        let against = history.filter(|history| history.tells()).map(|history| against(",", history));
        let told = told.join(", ") + &against.unwrap_or_default();
        Self { conclusion, failed: missed > 0, told }
    }
}

/// What became of the failures of an earlier run, after what goes before it.
fn against(lead: &str, history: History<'_>) -> String {
    format!("{lead} against run {}: {}", text::line(&history.baseline.run), history.told())
}

/// What still stands on the target, and what may.
fn left_behind((stands, may): (usize, usize)) -> Option<String> {
    match (stands, may) {
        (0, 0) => None,
        (stands, 0) => Some(format!("{stands} left behind on the target")),
        (0, may) => Some(format!("{may} may be left behind on the target")),
        (stands, may) => Some(format!("{stands} left behind on the target and {may} more may be")),
    }
}

/// The expectations of the scenarios that miss some.
fn expectations_of(scenarios: &[record::Scenario]) -> String {
    let of = scenarios.iter().filter(|scenario| scenario.missed() > 0);
    text::count(of.map(|scenario| scenario.expectations().count()).sum(), "expectation", "expectations")
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

/// What a strict run says of checks that had no claim to make. What was not given is the tester's to mend.
fn strictly(checks: &Checks) -> String {
    let not_given = checks.results.iter().filter(|result| result.verdict.not_given().is_some()).count();
    let of_those = match not_given {
        0 => String::new(),
        _ => format!(" ({not_given} for want of a credential that the run was not given)"),
    };
    format!("not supported{of_those}, and the run is strict about it")
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
