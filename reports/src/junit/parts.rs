//! Scenarios and loads: a suite for each, a test case for each expectation and objective.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use record::{Baseline, ExpectationOutcome, Load, LoadRun, Mark, Run, Scenario, Step, Sync};

use super::{bad, known, property, skipped, suite};
use crate::{digest, text};

/// How many differences of an audit are told; the run file holds the others.
const DIFFERENCES_TOLD_MAX: usize = 12;

/// A suite for each scenario.
pub(super) fn of_sync(run: &Run, sync: &Sync) -> Vec<TestSuite> {
    sync.scenarios.iter().map(|scenario| of_scenario(run, sync, scenario)).collect()
}

fn of_scenario(run: &Run, sync: &Sync, scenario: &Scenario) -> TestSuite {
    let name = format!("sync.{}", text::line(&scenario.name));
    let mut suite = suite(run, &name);
    suite.add_properties([
        property("client", &scenario.client),
        property("mapping", &scenario.mapping),
        property("scenario-seed", &scenario.seed.to_string()),
    ]);
    suite.add_properties(scenario.profile.iter().map(|profile| property("asks-for-profile", profile)));
    let mut add = |title: &str, status| {
        let mut case = TestCase::new(text::line(title), status);
        case.set_classname(format!("scimproof.{name}"));
        suite.add_test_case(case);
    };
    for (step, number) in scenario.steps.iter().zip(1_usize..) {
        for (expectation, at) in step.expectations.iter().zip(1_usize..) {
            let title = format!("step {number}: {}", expectation.claim);
            let is_known = digest::expected_anew(sync, scenario, number, at) == Some("known");
            let details = |what: &[String]| details(run, sync, step, expectation, what);
            add(
                &title,
                match &expectation.outcome {
                    ExpectationOutcome::Held => TestCaseStatus::success(),
                    _ if is_known => known(),
                    ExpectationOutcome::Missed { expected, actual } => bad(
                        NonSuccessKind::Failure,
                        "missed",
                        &format!("expected {expected}, got {actual}"),
                        &details(&[format!("expected {expected}"), format!("but got  {actual}")]),
                    ),
                    ExpectationOutcome::Unjudged { reason } => bad(
                        NonSuccessKind::Error,
                        "unjudged",
                        reason,
                        &details(&[format!("unjudged: {reason}")]),
                    ),
                },
            );
        }
    }
    if let Some(stopped) = &scenario.stopped {
        let (word, lead) = if stopped.mishap {
            ("error", "a mishap of our own, which says nothing about the target: ")
        } else {
            ("ended-early", "")
        };
        let told = text::line(&format!("{lead}{}", stopped.reason));
        let is_known = is_known(sync.baseline.as_ref(), &scenario.mark_of_end());
        let status = match is_known && !stopped.mishap {
            true => known(),
            false => bad(NonSuccessKind::Error, word, &stopped.reason, &told),
        };
        add("the scenario is played to its end", status);
    }
    suite
}

fn is_known(baseline: Option<&Baseline>, mark: &Mark) -> bool {
    digest::novelty_at(baseline, mark) == Some("known")
}

/// Everything that somebody without the run file needs.
fn details(
    run: &Run,
    sync: &Sync,
    step: &Step,
    expectation: &record::Expectation,
    what: &[String],
) -> String {
    let mut lines = vec![step.title.clone()];
    lines.extend(step.because.clone());
    lines.extend(expectation.requirement.iter().map(|rule| format!("rule {rule}")));
    lines.extend(what.iter().cloned());
    lines.extend(expectation.exchanges.iter().filter_map(|number| sync.exchange(*number)).map(|exchange| {
        let line = digest::line(exchange, &run.target.url);
        format!("exchange {}: {line} -> {}", exchange.number, digest::outcome(exchange))
    }));
    lines.iter().map(|line| text::line(line)).collect::<Vec<_>>().join("\n")
}

/// A suite for each load.
pub(super) fn of_load(run: &Run, load: &Load) -> Vec<TestSuite> {
    load.runs.iter().map(|one| of_load_run(run, load, one)).collect()
}

fn of_load_run(run: &Run, part: &Load, load: &LoadRun) -> TestSuite {
    let is_known = |mark| is_known(part.baseline.as_ref(), &mark);

    let name = format!("load.{}", text::line(&load.name));
    let mut suite = suite(run, &name);
    suite.set_time(Duration::from_millis(load.duration_ms));
    suite.add_properties([
        property("model", digest::model(load.model)),
        property("rate", &digest::speed(load)),
        property("executor", &load.executor),
        property("generator", &digest::health(&load.health)),
        property("load-seed", &load.seed.to_string()),
        property("population", &load.population),
    ]);
    let mut add = |title: &str, status| {
        let mut case = TestCase::new(text::line(title), status);
        case.set_classname(format!("scimproof.{name}"));
        suite.add_test_case(case);
    };
    let spoiled = load.health.spoiled.join("; ");
    add(
        "the generator keeps up with its own plan",
        if load.health.spoiled.is_empty() {
            TestCaseStatus::success()
        } else {
            let whom = if load.health.by_others { "this machine" } else { "us" };
            let told = text::line(&format!(
                "{}; the speed that was measured is about {whom}, and says nothing about the target",
                digest::health(&load.health)
            ));
            bad(NonSuccessKind::Error, "spoiled", &spoiled, &told)
        },
    );
    add("the target ends as the load left it", audit(load, is_known(load.mark_of_audit())));
    for objective in &load.objectives {
        let measured = digest::measured(objective);
        let title = format!("objective: {}", objective.text);
        add(
            &title,
            match (objective.met, objective.is_missed()) {
                (true, _) => TestCaseStatus::success(),
                (false, true) if is_known(load.mark(objective)) => known(),
                (false, true) => bad(
                    NonSuccessKind::Failure,
                    "objective-missed",
                    &measured,
                    &text::line(&format!("{}: {measured}", objective.text)),
                ),
                (false, false) => skipped("unjudged", &measured),
            },
        );
    }
    if let Some(reason) = &load.stopped {
        let status = match is_known(load.mark_of_end()) {
            true => known(),
            false => bad(NonSuccessKind::Error, "ended-early", reason, &text::line(reason)),
        };
        add("the load is played to its end", status);
    }
    suite
}

fn audit(load: &LoadRun, is_known: bool) -> TestCaseStatus {
    let Some(audit) = &load.audit else { return skipped("no-audit", "nothing was left to compare") };
    if is_known {
        return known();
    }
    if audit.differing > 0 {
        let lead = format!("{} differences from what the load left", text::grouped(audit.differing));
        let mut lines = vec![lead.clone()];
        lines.extend(audit.differences.iter().take(DIFFERENCES_TOLD_MAX).map(|one| {
            text::line(&format!("{}: expected {}, got {}", one.resource, one.expected, one.actual))
        }));
        return bad(NonSuccessKind::Failure, "audit", &lead, &lines.join("\n"));
    }
    match &audit.unfinished {
        Some(reason) => bad(NonSuccessKind::Error, "audit-unfinished", reason, &text::line(reason)),
        None => TestCaseStatus::success(),
    }
}
