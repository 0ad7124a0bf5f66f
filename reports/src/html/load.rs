//! Loads as the page shows them.

use record::{Conclusion, Latency, Load, LoadOutcome, LoadRun};
use serde::Serialize;

use super::figures::{self, Figure};
use crate::{digest, headline, text};

/// How much of an example, a difference or a reason is shown.
const TOLD_CHARS_MAX: usize = 400;

/// The part that put load on the target.
#[derive(Serialize)]
pub(super) struct LoadView {
    runs: Vec<LoadRunView>,
    /// What the first screen tells.
    pub(super) repairs: Vec<LoadRepair>,
}

#[derive(Serialize)]
struct LoadRunView {
    anchor: String,
    name: String,
    title: String,
    tone: &'static str,
    label: &'static str,
    model: &'static str,
    facts: Vec<(&'static str, String)>,
    spoiled: Vec<String>,
    disturbed: Vec<String>,
    stopped: Option<String>,
    operations: Vec<OperationView>,
    errors: Vec<(String, String)>,
    figures: Vec<Figure>,
    audit: AuditView,
    objectives: Vec<ObjectiveView>,
    leftovers: Vec<(String, String)>,
}

#[derive(Serialize)]
struct OperationView {
    name: String,
    outcome: &'static str,
    tone: &'static str,
    count: String,
    cells: Vec<String>,
    service_p99: String,
}

#[derive(Serialize)]
struct AuditView {
    tone: &'static str,
    told: String,
    /// By what is not as it should be.
    kinds: Vec<DifferencesView>,
    more: u64,
    unfinished: Option<String>,
}

#[derive(Serialize)]
struct DifferencesView {
    name: String,
    differences: Vec<(String, String, String)>,
}

#[derive(Serialize)]
struct ObjectiveView {
    text: String,
    measured: String,
    tone: &'static str,
    word: &'static str,
}

/// Something that a load found wrong, as the first screen tells it.
#[derive(Serialize)]
pub(super) struct LoadRepair {
    anchor: String,
    load: String,
    tone: &'static str,
    label: &'static str,
    claim: String,
    expected: String,
    actual: String,
    /// Whether it is `new` or `known`.
    novelty: Option<&'static str>,
}

fn anchor(position: usize) -> String {
    format!("load-{}", position + 1)
}

fn fit(said: &str) -> String {
    text::fit(said, TOLD_CHARS_MAX)
}

impl LoadView {
    pub(super) fn of(load: &Load) -> Self {
        let runs = || load.runs.iter().enumerate();
        Self {
            runs: runs().map(|(position, run)| LoadRunView::of(run, anchor(position))).collect(),
            repairs: runs().flat_map(|(position, run)| repairs(load, run, &anchor(position))).collect(),
        }
    }
}

/// What differs from the model, and which objectives were missed.
fn repairs(load: &Load, run: &LoadRun, anchor: &str) -> Vec<LoadRepair> {
    let demands = digest::of_load(load, run).into_iter();
    demands
        .map(|demand| LoadRepair {
            anchor: anchor.to_owned(),
            load: text::line(demand.of),
            tone: demand.tone.as_str(),
            label: demand.label,
            claim: fit(&demand.claim),
            expected: fit(demand.expected),
            actual: fit(&demand.actual),
            novelty: demand.novelty,
        })
        .collect()
}

impl LoadRunView {
    fn of(run: &LoadRun, anchor: String) -> Self {
        let conclusion = run.conclusion();
        let (word, tone) = headline::word(conclusion, conclusion == Conclusion::Failed, false);
        let label = match conclusion {
            Conclusion::Failed => "wrong state",
            Conclusion::Blocked => "ended early",
            Conclusion::LeftBehind => "left something behind",
            Conclusion::Pass | Conclusion::Known | Conclusion::Regression => "clean",
            Conclusion::ObjectiveMissed => "objective missed",
            Conclusion::Unhealthy => "spoiled",
            Conclusion::Inconclusive => "objective unjudged",
            Conclusion::Mishap | Conclusion::Interrupted => word,
        };
        let mut facts = vec![
            ("rate", digest::speed(run)),
            ("load", digest::size(&run.size)),
            (
                "driven by",
                format!("{}, at most {} at once", run.executor, text::grouped(u64::from(run.concurrency))),
            ),
            ("took", format!("{:.1} s with its warm-up", run.duration_ms as f64 / 1_000.0)),
            ("generator", digest::health(&run.health)),
            ("seed", format!("{} ({})", run.seed, run.population)),
            (
                "resources",
                format!("{} created, {} removed", text::grouped(run.created), text::grouped(run.removed)),
            ),
        ];
        let given_up = digest::unmeasured(run);
        facts.extend(given_up.map(|reason| {
            ("given up", fit(&format!("{} of {}", text::grouped(reason.count), digest::error(reason))))
        }));
        facts.extend(run.left_out.iter().map(|left_out| ("left out", fit(left_out))));
        Self {
            figures: figures::of(&anchor, run),
            anchor,
            name: text::line(&run.name),
            title: text::line(&run.title),
            tone: tone.as_str(),
            label,
            model: digest::model(run.model),
            facts: facts.into_iter().map(|(name, value)| (name, text::line(&value))).collect(),
            spoiled: run.health.spoiled.iter().map(|reason| fit(reason)).collect(),
            disturbed: run.health.disturbed.iter().map(|reason| fit(reason)).collect(),
            stopped: run.stopped.as_deref().map(fit),
            operations: run.operations.iter().map(OperationView::of).collect(),
            errors: run
                .errors
                .iter()
                .map(|error| (text::grouped(error.count), fit(&digest::error(error))))
                .collect(),
            audit: AuditView::of(run),
            objectives: run
                .objectives
                .iter()
                .map(|objective| ObjectiveView {
                    text: fit(&objective.text),
                    measured: fit(&digest::measured(objective)),
                    tone: match (objective.met, objective.is_missed()) {
                        (true, _) => "pass",
                        (false, true) => "fail",
                        (false, false) => "blocked",
                    },
                    word: digest::objective(objective),
                })
                .collect(),
            leftovers: run.leftovers.iter().map(|left| (fit(&left.resource), fit(&left.reason))).collect(),
        }
    }
}

impl OperationView {
    fn of(operation: &record::Operation) -> Self {
        let Latency { p50_us, p90_us, p99_us, p999_us, max_us } = operation.response;
        let cells = [p50_us, p90_us, p99_us, p999_us, max_us].map(digest::milliseconds);
        Self {
            name: text::line(&operation.name),
            outcome: digest::outcome_word(operation.outcome),
            tone: match operation.outcome {
                LoadOutcome::Ok => "pass",
                LoadOutcome::Limited => "warn",
                LoadOutcome::Failed | LoadOutcome::Broken => "fail",
            },
            count: text::grouped(operation.count),
            cells: cells.to_vec(),
            service_p99: digest::milliseconds(operation.service.p99_us),
        }
    }
}

impl AuditView {
    fn of(run: &LoadRun) -> Self {
        let Some(audit) = &run.audit else {
            let told = "Nothing was left to compare with the model.".to_owned();
            return Self { tone: "not-supported", told, kinds: Vec::new(), more: 0, unfinished: None };
        };
        let compared = digest::size(&audit.compared);
        let (tone, told) = match (audit.differing, &audit.unfinished, &run.delivery) {
            (0, None, Some(delivery)) => {
                let short = digest::undelivered(delivery);
                ("warn", format!("{short}. {compared} were read back, and are as the load left them."))
            }
            (0, None, None) => ("pass", format!("{compared} were read back, and are as the load left them.")),
            (0, Some(_), _) => ("blocked", format!("{compared} were read back; there was more.")),
            (differing, ..) => {
                let differing = text::grouped(differing);
                (
                    "fail",
                    format!("{compared} were read back. Differences from what the load left: {differing}."),
                )
            }
        };
        let kinds = digest::by_attribute(audit).into_iter();
        Self {
            tone,
            told,
            kinds: kinds
                .map(|(name, found)| DifferencesView {
                    name,
                    differences: found
                        .into_iter()
                        .map(|one| (fit(&one.resource), fit(&one.expected), fit(&one.actual)))
                        .collect(),
                })
                .collect(),
            more: audit.differing.saturating_sub(audit.differences.len() as u64),
            unfinished: audit.unfinished.as_deref().map(fit),
        }
    }
}
