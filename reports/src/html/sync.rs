//! Scenarios as the page shows them.

use std::collections::BTreeSet;

use minijinja::Value;
use record::{Expectation, ExpectationOutcome, LogRow, LogStatus, Run, Scenario, Step, Sync};
use serde::Serialize;

use super::exchange::{Evidence, Link, View};
use super::timeline;
use crate::{digest, text};

/// How much of what was expected and came instead, or of a log's reason, is shown.
const TOLD_CHARS_MAX: usize = 600;
/// How many log rows of a scenario are shown; the run file holds the others.
const ROWS_SHOWN_MAX: usize = 300;
/// How many changes of a log row are shown.
const MODIFIED_SHOWN_MAX: usize = 12;
/// How many log rows a step tells; the table below the steps has the others.
const ROWS_OF_A_STEP_MAX: usize = 25;
/// How many exchanges an expectation or a log row links to.
const LINKS_SHOWN_MAX: usize = 8;
/// The most missed expectations that the first screen tells.
const MISSED_FIRST_MAX: usize = 12;

/// The part that played identity providers.
#[derive(Serialize)]
pub(super) struct SyncView {
    pub(super) held: usize,
    pub(super) missed: usize,
    pub(super) unjudged: usize,
    scenarios: Vec<ScenarioView>,
    /// Whether some exchanges are shown by their first line.
    abridged: bool,
    /// What belongs to no step: clean-up.
    others: Vec<View>,
    /// What the first screen tells.
    pub(super) repairs: Vec<MissedView>,
    pub(super) repairs_more: usize,
    pub(super) untested: Vec<UnjudgedView>,
}

#[derive(Serialize)]
struct ScenarioView {
    anchor: String,
    name: String,
    title: String,
    client: String,
    mapping: String,
    profile: Option<String>,
    /// The server, where it is not the run's only one.
    server: Option<String>,
    seed: u64,
    tone: &'static str,
    label: String,
    open: bool,
    cycles: usize,
    requests: usize,
    stopped: Option<StoppedView>,
    timeline: Option<Value>,
    steps: Vec<StepView>,
    log: Vec<RowView>,
    log_more: usize,
}

#[derive(Serialize)]
struct StoppedView {
    lead: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct StepView {
    anchor: String,
    number: usize,
    title: String,
    because: String,
    at: String,
    done: Vec<String>,
    cycle: Option<CycleView>,
    /// What the cycle did about each object, and by which requests.
    rows: Vec<RowView>,
    rows_more: usize,
    expectations: Vec<ExpectationView>,
    exchanges: Vec<View>,
    /// Whether the exchanges are shown from the start.
    open: bool,
}

#[derive(Serialize)]
struct CycleView {
    told: String,
    tone: &'static str,
    word: &'static str,
    quarantine: Option<String>,
}

#[derive(Serialize)]
struct ExpectationView {
    tone: &'static str,
    word: &'static str,
    claim: String,
    requirement: Option<String>,
    told: Option<(String, String)>,
    reason: Option<String>,
    exchanges: Vec<Link>,
}

#[derive(Serialize)]
struct RowView {
    number: u32,
    at: String,
    cycle: u32,
    action: String,
    tone: &'static str,
    status: &'static str,
    who: String,
    target: Option<String>,
    modified: Vec<String>,
    modified_more: usize,
    patience: Vec<String>,
    why: String,
    exchanges: Vec<Link>,
    exchanges_more: usize,
}

/// A missed expectation as the first screen tells it.
#[derive(Serialize)]
pub(super) struct MissedView {
    anchor: String,
    scenario: String,
    rule: Option<String>,
    claim: String,
    expected: String,
    actual: String,
    /// The request of the client whose effect is missed, and its answer.
    request: Option<String>,
    /// What all of them share, where there are others.
    cause: Option<String>,
    others: Vec<OtherMissed>,
    /// Whether it is `new` or `known`.
    novelty: Option<&'static str>,
}

/// Another that is missed for the same reason.
#[derive(Serialize)]
struct OtherMissed {
    anchor: String,
    told: String,
}

/// Something that could not be judged, as the first screen tells it.
#[derive(Serialize)]
pub(super) struct UnjudgedView {
    anchor: String,
    scenario: String,
    claim: String,
    reason: String,
}

fn anchor(scenario: usize) -> String {
    format!("scenario-{}", scenario + 1)
}

fn step_anchor(scenario: usize, step: usize) -> String {
    format!("{}-step-{}", anchor(scenario), step + 1)
}

impl SyncView {
    pub(super) fn of(run: &Run, sync: &Sync) -> Self {
        let evidence = Evidence::of_sync(run, sync);
        let mut shown = BTreeSet::new();
        let alone = sync.scenarios.len() == 1;
        let scenarios = sync.scenarios.iter().enumerate();
        let scenarios: Vec<ScenarioView> = scenarios
            .map(|(position, scenario)| ScenarioView::of(&evidence, scenario, position, alone, &mut shown))
            .collect();
        let others = sync.exchanges.iter().filter(|exchange| !shown.contains(&exchange.number));
        let sum = |of: fn(&Scenario) -> usize| sync.scenarios.iter().map(of).sum();
        let (repairs, repairs_more) = repairs(run, sync);
        Self {
            held: sum(Scenario::held),
            missed: sum(Scenario::missed),
            unjudged: sum(Scenario::unjudged),
            abridged: evidence.is_abridged(),
            others: others.map(|exchange| View::of(&evidence, exchange)).collect(),
            scenarios,
            repairs,
            repairs_more,
            untested: untested(sync),
        }
    }
}

/// Each cause of missed expectations; the steps are found again by their place.
fn repairs(run: &Run, sync: &Sync) -> (Vec<MissedView>, usize) {
    let all = digest::unmet(run, sync);
    let anchor = |missed: &digest::Missed<'_>| {
        let position = sync.scenarios.iter().position(|scenario| std::ptr::eq(scenario, missed.scenario));
        step_anchor(position.unwrap_or_default(), missed.number - 1)
    };
    let other = |missed: &digest::Missed<'_>| OtherMissed {
        anchor: anchor(missed),
        told: text::fit(&format!("{}: {}", missed.scenario.name, missed.expectation.claim), TOLD_CHARS_MAX),
    };
    let told = all.iter().take(MISSED_FIRST_MAX).map(|unmet| {
        let missed = &unmet.lead;
        MissedView {
            anchor: anchor(missed),
            scenario: text::line(&missed.scenario.name),
            rule: missed.expectation.requirement.as_deref().map(text::line),
            claim: text::fit(&missed.expectation.claim, TOLD_CHARS_MAX),
            expected: text::fit(missed.expected, TOLD_CHARS_MAX),
            actual: text::fit(missed.actual, TOLD_CHARS_MAX),
            request: unmet.told(run),
            cause: unmet.cause.clone().filter(|_| !unmet.others.is_empty()),
            others: unmet.others.iter().map(other).collect(),
            novelty: missed.novelty,
        }
    });
    let more = all.iter().skip(MISSED_FIRST_MAX).map(|unmet| 1 + unmet.others.len()).sum();
    (told.collect(), more)
}

/// What could not be judged, and scenarios that ended early.
fn untested(sync: &Sync) -> Vec<UnjudgedView> {
    let mut untested = Vec::new();
    for (position, scenario) in sync.scenarios.iter().enumerate() {
        let name = text::line(&scenario.name);
        if let Some(stopped) = &scenario.stopped {
            untested.push(UnjudgedView {
                anchor: anchor(position),
                scenario: name.clone(),
                claim: "its remaining steps".to_owned(),
                reason: text::fit(&stopped.reason, TOLD_CHARS_MAX),
            });
        }
        for (number, step) in scenario.steps.iter().enumerate() {
            for expectation in &step.expectations {
                if let ExpectationOutcome::Unjudged { reason } = &expectation.outcome {
                    untested.push(UnjudgedView {
                        anchor: step_anchor(position, number),
                        scenario: name.clone(),
                        claim: text::fit(&expectation.claim, TOLD_CHARS_MAX),
                        reason: text::fit(reason, TOLD_CHARS_MAX),
                    });
                }
            }
        }
    }
    untested
}

impl ScenarioView {
    fn of(
        evidence: &Evidence<'_>,
        scenario: &Scenario,
        position: usize,
        alone: bool,
        shown: &mut BTreeSet<u32>,
    ) -> Self {
        let (held, missed, unjudged) = (scenario.held(), scenario.missed(), scenario.unjudged());
        let (tone, label) = match &scenario.stopped {
            Some(stopped) if stopped.mishap => ("error", "mishap".to_owned()),
            _ if missed > 0 => ("fail", format!("{missed} missed")),
            Some(_) => ("blocked", "ended early".to_owned()),
            None if unjudged > 0 => ("blocked", format!("{unjudged} unjudged")),
            None if held == 0 => ("not-supported", "nothing expected".to_owned()),
            None => ("pass", format!("{held} held")),
        };
        let digest::Cycles { cycles, requests } = digest::cycles(scenario);
        let steps = scenario.steps.iter().enumerate();
        Self {
            anchor: anchor(position),
            name: text::line(&scenario.name),
            title: text::line(&scenario.title),
            client: text::line(&scenario.client),
            mapping: text::line(&scenario.mapping),
            profile: scenario.profile.as_deref().map(text::line),
            server: scenario
                .server
                .as_ref()
                .map(|server| text::line(&format!("{}, which plays {}", server.url, server.profile))),
            seed: scenario.seed,
            tone,
            label,
            open: alone || tone != "pass",
            cycles,
            requests,
            stopped: scenario.stopped.as_ref().map(|stopped| StoppedView {
                lead: if stopped.mishap {
                    "A mishap of our own; it says nothing about the target"
                } else {
                    "The scenario ended before its last step"
                },
                reason: text::fit(&stopped.reason, TOLD_CHARS_MAX),
            }),
            timeline: timeline::svg(&format!("{}-time", anchor(position)), scenario)
                .map(Value::from_safe_string),
            steps: steps
                .map(|(number, step)| {
                    let anchor = step_anchor(position, number);
                    StepView::of(evidence, step, &scenario.log, anchor, number + 1, shown)
                })
                .collect(),
            log: scenario.log.iter().take(ROWS_SHOWN_MAX).map(|row| RowView::of(evidence, row)).collect(),
            log_more: scenario.log.len().saturating_sub(ROWS_SHOWN_MAX),
        }
    }
}

impl StepView {
    fn of(
        evidence: &Evidence<'_>,
        step: &Step,
        log: &[LogRow],
        anchor: String,
        number: usize,
        shown: &mut BTreeSet<u32>,
    ) -> Self {
        let new = step.exchanges.iter().filter(|number| shown.insert(**number));
        let exchanges: Vec<View> = new
            .filter_map(|number| evidence.exchange(*number))
            .map(|exchange| View::of(evidence, exchange))
            .collect();
        let missed = |one: &Expectation| matches!(one.outcome, ExpectationOutcome::Missed { .. });
        let number_of_cycle = step.cycle.as_ref().map(|cycle| cycle.number);
        let rows: Vec<&LogRow> = log.iter().filter(|row| Some(row.cycle) == number_of_cycle).collect();
        Self {
            anchor,
            number,
            title: text::line(&step.title),
            because: step.because.as_deref().map(text::line).unwrap_or_default(),
            at: digest::moment(&step.at),
            cycle: step.cycle.as_ref().map(|cycle| {
                let (tone, word) = timeline::tone(cycle);
                CycleView { told: digest::cycle(cycle), tone, word, quarantine: digest::quarantine(cycle) }
            }),
            done: step.done.iter().map(|done| text::fit(done, TOLD_CHARS_MAX)).collect(),
            rows: rows.iter().take(ROWS_OF_A_STEP_MAX).map(|row| RowView::of(evidence, row)).collect(),
            rows_more: rows.len().saturating_sub(ROWS_OF_A_STEP_MAX),
            expectations: step.expectations.iter().map(|one| ExpectationView::of(evidence, one)).collect(),
            exchanges,
            open: step.expectations.iter().any(missed),
        }
    }
}

fn links(evidence: &Evidence<'_>, numbers: &[u32]) -> Vec<Link> {
    numbers.iter().take(LINKS_SHOWN_MAX).filter_map(|number| Link::of(evidence, Some(*number))).collect()
}

impl ExpectationView {
    fn of(evidence: &Evidence<'_>, expectation: &Expectation) -> Self {
        let fit = |said: &str| text::fit(said, TOLD_CHARS_MAX);
        let (tone, word, told, reason) = match &expectation.outcome {
            ExpectationOutcome::Held => ("pass", "held", None, None),
            ExpectationOutcome::Missed { expected, actual } => {
                ("fail", "missed", Some((fit(expected), fit(actual))), None)
            }
            ExpectationOutcome::Unjudged { reason } => ("blocked", "unjudged", None, Some(fit(reason))),
        };
        Self {
            tone,
            word,
            claim: fit(&expectation.claim),
            requirement: expectation.requirement.as_deref().map(text::line),
            told,
            reason,
            exchanges: links(evidence, &expectation.exchanges),
        }
    }
}

impl RowView {
    fn of(evidence: &Evidence<'_>, row: &LogRow) -> Self {
        let (tone, status) = match row.status {
            LogStatus::Success => ("pass", "success"),
            LogStatus::Warning => ("warn", "warning"),
            LogStatus::Failure => ("fail", "failure"),
            LogStatus::Skipped => ("not-supported", "skipped"),
        };
        Self {
            number: row.number,
            at: digest::moment(&row.at),
            cycle: row.cycle,
            action: text::line(&row.action),
            tone,
            status,
            who: digest::who(&row.source),
            target: row.target.as_ref().map(|target| text::fit(&target.id, TOLD_CHARS_MAX / 4)),
            modified: row.modified.iter().take(MODIFIED_SHOWN_MAX).map(digest::change).collect(),
            modified_more: row.modified.len().saturating_sub(MODIFIED_SHOWN_MAX),
            patience: digest::patience(row),
            why: text::fit(digest::why(row).trim(), TOLD_CHARS_MAX),
            exchanges: links(evidence, &row.exchanges),
            exchanges_more: row.exchanges.len().saturating_sub(LINKS_SHOWN_MAX),
        }
    }
}
