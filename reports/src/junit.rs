//! The run as JUnit XML, as build servers read it: a suite for each area, scenario and load, a test case for each check,
//! expectation and objective.

mod parts;

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use record::{CheckResult, Checks, Finding, Run, Verdict};

use crate::digest::{self, Area};
use crate::{Error, headline, text};

/// How many findings of one check are told; the run file holds the others.
const FINDINGS_TOLD_MAX: usize = 12;
/// The longest message: build servers show it in a list.
const MESSAGE_CHARS_MAX: usize = 300;

/// The run as a JUnit document. A broken MUST, a missed expectation or objective, and what an audit finds is a `failure`;
/// a mishap of our own, what could not be judged or removed, and a load that its own generator spoiled is an `error` of that
/// type, so that none of these is taken for a defect of the target; what the target does not offer, what the profile or a waiver excuses, what failed
/// in the baseline too, and what was left out, is `skipped`; a warning succeeds and says so in `system-out`. The verdict in one sentence is a
/// property of each suite. A run in which nothing could be judged is one `error`.
///
/// # Errors
/// [`Error::Junit`] if the document cannot be written.
pub fn render(run: &Run) -> Result<String, Error> {
    let mut report = Report::new("scimproof");
    report.set_time(Duration::from_millis(run.duration_ms));
    if let Some(reason) = &run.unjudged {
        let mut suite = suite(run, "target");
        let status = bad(NonSuccessKind::Error, "not-tested", reason, reason);
        suite.add_test_case(TestCase::new("the target can be tested", status));
        report.add_test_suite(suite);
    }
    if let Some(checks) = &run.checks {
        let mut suites: Vec<TestSuite> =
            digest::areas(checks).iter().map(|area| judged(run, checks, area)).collect();
        for excluded in &checks.excluded {
            let area = text::line(excluded.check.split_once('.').map_or(&excluded.check, |(area, _)| area));
            let mut case = TestCase::new(text::line(&excluded.check), skipped("left-out", &excluded.reason));
            case.set_classname(format!("scimproof.{area}"));
            match suites.iter_mut().find(|suite| suite.name.as_str() == area) {
                Some(suite) => drop(suite.add_test_case(case)),
                None => {
                    let mut suite = suite(run, &area);
                    suite.add_test_case(case);
                    suites.push(suite);
                }
            }
        }
        report.add_test_suites(suites);
    }
    if let Some(sync) = &run.sync {
        report.add_test_suites(parts::of_sync(run, sync));
    }
    if let Some(load) = &run.load {
        report.add_test_suites(parts::of_load(run, load));
    }
    report.add_test_suites(run.checks.as_ref().and_then(|checks| waivers(run, checks)));
    report.add_test_suites(left_behind(run));
    Ok(report.to_string()?)
}

/// What the run created and could not remove, where there is anything.
fn left_behind(run: &Run) -> Option<TestSuite> {
    let left: Vec<_> = digest::leftovers(run).collect();
    let lines: Vec<String> =
        left.iter().map(|left| text::line(&format!("{}: {}", left.resource, left.reason))).collect();
    let first = lines.first()?;
    let message = match lines.len() {
        1 => first.clone(),
        many => format!("{first}, and {} more", many - 1),
    };
    let status = bad(NonSuccessKind::Error, "left-behind", &message, &lines.join("\n"));
    let mut case = TestCase::new("everything that the run created is removed", status);
    case.set_classname("scimproof.clean-up");
    let mut suite = suite(run, "clean-up");
    suite.add_test_case(case);
    Some(suite)
}

/// Waivers that waive nothing, where there are any. They break no build by themselves: what an expired one let pass does.
fn waivers(run: &Run, checks: &Checks) -> Option<TestSuite> {
    let idle = digest::idle_waivers(checks);
    if idle.is_empty() {
        return None;
    }
    let mut suite = suite(run, "waivers");
    suite.add_test_cases(idle.into_iter().map(|waiver| {
        let word = format!("waiver-{}", waiver.state.as_str().replace(' ', "-"));
        let name = text::line(&format!("the waiver of {} is needed", waiver.what));
        let mut case = TestCase::new(name, skipped(&word, &digest::idle(waiver)));
        case.set_classname("scimproof.waivers");
        case
    }));
    Some(suite)
}

/// What came of the checks of an area.
fn judged(run: &Run, checks: &Checks, area: &Area<'_>) -> TestSuite {
    let mut suite = suite(run, area.name);
    suite.set_time(area.results.iter().map(|result| Duration::from_micros(result.duration_us)).sum());
    suite.add_test_cases(area.results.iter().map(|result| case(checks, result)));
    suite
}

/// A suite without cases.
fn suite(run: &Run, name: &str) -> TestSuite {
    let mut suite = TestSuite::new(text::line(name));
    suite.add_properties([
        property("verdict", &headline::sentence(run)),
        property("target", &run.target.url),
        property("profile", &run.target.profile),
        property("run", &run.id),
        property("seed", &run.seed.to_string()),
        property("started", &run.started),
        property("version", &format!("{} {}", run.tool.name, run.tool.version)),
        property("command", &run.command),
    ]);
    suite
}

fn skipped(word: &str, reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type(word);
    status.set_message(text::fit(reason, MESSAGE_CHARS_MAX));
    status
}

/// What the baseline has too breaks no build.
fn known() -> TestCaseStatus {
    skipped("known", "it failed, or was blocked, in the baseline too")
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, text::line(value))
}

fn case(checks: &Checks, result: &CheckResult) -> TestCase {
    let status = match &result.verdict {
        Verdict::Fail { .. } | Verdict::Blocked { .. }
            if digest::novelty(checks, result) == Some("known") =>
        {
            known()
        }
        Verdict::Pass | Verdict::Warn { .. } => TestCaseStatus::success(),
        Verdict::Fail { .. } => {
            let message = digest::lead(result).map(brief).unwrap_or_default();
            bad(NonSuccessKind::Failure, digest::label(result), &message, &details(checks, result))
        }
        Verdict::Error { mishap } => bad(NonSuccessKind::Error, "error", mishap, &details(checks, result)),
        Verdict::Blocked { cause } => {
            bad(NonSuccessKind::Error, "blocked", &cause.message, &details(checks, result))
        }
        Verdict::Waived { by, reason, .. } => skipped("waived", &format!("{by}: {reason}")),
        verdict @ Verdict::NotSupported { .. } => {
            skipped("not-supported", &verdict.inapplicable().unwrap_or_default())
        }
    };
    let mut case = TestCase::new(text::line(&result.id), status);
    case.set_classname(format!("scimproof.{}", text::line(result.area())));
    case.set_time(Duration::from_micros(result.duration_us));
    let mut said: Vec<String> =
        result.notes.iter().map(|note| format!("note: {}", text::line(note))).collect();
    let is_known = digest::novelty(checks, result) == Some("known");
    if matches!(result.verdict, Verdict::Warn { .. } | Verdict::Waived { .. }) || is_known {
        let word = result.verdict.kind().as_str();
        said.insert(0, format!("{word}\n{}", details(checks, result)));
    }
    said.extend(digest::changed(checks, result));
    if !said.is_empty() {
        case.set_system_out(said.join("\n"));
    }
    case
}

fn bad(kind: NonSuccessKind, word: &str, message: &str, details: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(word);
    status.set_message(text::fit(message, MESSAGE_CHARS_MAX));
    status.set_description(details);
    status
}

fn brief(finding: &Finding) -> String {
    format!(
        "{} {}: expected {}, got {}",
        finding.requirement.section,
        digest::places(finding),
        finding.expected,
        finding.actual
    )
}

/// Everything that somebody without the run file needs: the claim, its requirements, each finding with its
/// exchange, and where to look.
fn details(checks: &Checks, result: &CheckResult) -> String {
    let mut lines = vec![result.title.clone()];
    if let (Some("new"), Some(baseline)) = (digest::novelty(checks, result), &checks.baseline) {
        lines
            .push(format!("new: it held, or was not there, in run {} of {}", baseline.run, baseline.started));
    }
    lines.extend(digest::lapsed(checks, result).map(|lapsed| format!("waiver: {lapsed}")));
    let findings = digest::findings(result);
    for finding in findings.iter().take(FINDINGS_TOLD_MAX) {
        let requirement = &finding.requirement;
        lines.push(String::new());
        lines.push(format!("{} {} ({})", requirement.level, requirement.section, requirement.id));
        lines.push(requirement.paraphrase.clone());
        lines.push(format!("expected {} ({})", finding.expected, digest::places(finding)));
        lines.push(format!("but got  {}", finding.actual));
        lines.extend(exchange(checks, finding.exchange));
    }
    if findings.len() > FINDINGS_TOLD_MAX {
        lines.push(String::new());
        lines.push(format!("{} more in the run file", findings.len() - FINDINGS_TOLD_MAX));
    }
    if let Some(advice) = digest::advice(checks, result) {
        lines.push(String::new());
        lines.push(format!("advice: {advice}"));
    }
    if findings.is_empty() {
        lines.extend(
            result.requirements.iter().map(|cited| {
                format!("{} {} ({}): {}", cited.level, cited.section, cited.id, cited.paraphrase)
            }),
        );
    }
    match &result.verdict {
        Verdict::Blocked { cause } => {
            lines.push(format!("blocked: {}", cause.message));
            lines.extend(exchange(checks, cause.exchange));
        }
        Verdict::Error { mishap } => {
            lines.push(format!("a mishap of our own, which says nothing about the target: {mishap}"));
        }
        Verdict::Waived { by, reason, .. } => lines.push(format!("waived by {by}: {reason}")),
        Verdict::Pass | Verdict::Warn { .. } | Verdict::Fail { .. } | Verdict::NotSupported { .. } => {}
    }
    lines.push(String::new());
    lines.push(format!("source: {}; look at: scimproof explain {}", result.source, result.id));
    lines.iter().map(|line| text::line(line)).collect::<Vec<_>>().join("\n")
}

fn exchange(checks: &Checks, number: Option<u32>) -> Option<String> {
    let exchange = checks.exchange(number?)?;
    let request = &exchange.request;
    Some(format!(
        "exchange {}: {} {} -> {}",
        exchange.number,
        request.method,
        request.url,
        digest::outcome(exchange)
    ))
}
