//! JUnit XML as build servers read it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use std::collections::BTreeMap;

use junit_parser::{TestStatus, TestSuites};
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use record::{Run, Verdict};

#[test]
fn the_document_holds_every_verdict() {
    insta::assert_snapshot!(reports::junit::render(&Run::fixture()).unwrap());
}

#[test]
fn every_check_is_one_case_of_the_right_kind() {
    let run = Run::fixture();
    let report = Report::deserialize_from_str(&reports::junit::render(&run).unwrap()).unwrap();
    let cases: Vec<_> = report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
    let checks = run.checks.unwrap();
    // And one for what is left behind.
    assert_eq!(cases.len(), checks.results.len() + checks.excluded.len() + 1);
    for excluded in &checks.excluded {
        let case = cases.iter().find(|case| case.name.as_str() == excluded.check).unwrap();
        assert!(matches!(case.status, TestCaseStatus::Skipped { .. }), "{}", excluded.check);
    }
    let results = checks.results;
    for result in results {
        let case = cases.iter().find(|case| case.name.as_str() == result.id).unwrap();
        let kind = match &case.status {
            TestCaseStatus::Success { .. } => "success",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
            TestCaseStatus::Skipped { .. } => "skipped",
        };
        let expected = match result.verdict {
            Verdict::Pass | Verdict::Warn { .. } => "success",
            Verdict::Fail { .. } => "failure",
            Verdict::Error { .. } | Verdict::Blocked { .. } => "error",
            Verdict::Waived { .. } | Verdict::NotSupported { .. } => "skipped",
        };
        assert_eq!(kind, expected, "{}", result.id);
    }
}

#[test]
fn each_suite_tells_the_verdict_of_the_run() {
    let run = Run::fixture();
    let report = Report::deserialize_from_str(&reports::junit::render(&run).unwrap()).unwrap();
    assert!(report.test_suites.len() > 3);
    for suite in &report.test_suites {
        let told = suite.properties.iter().find(|property| property.name.as_str() == "verdict").unwrap();
        assert_eq!(told.value.as_str(), run.sentence);
    }
}

#[test]
fn a_run_that_came_to_nothing_is_one_error() {
    let reason = "http://127.0.0.1:9 gives no usable answer: cannot connect";
    let run = Run { checks: None, unjudged: Some(reason.to_owned()), ..Run::fixture() };
    let report = Report::deserialize_from_str(&reports::junit::render(&run).unwrap()).unwrap();
    let cases: Vec<_> = report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
    let [case] = &cases[..] else { panic!("{cases:?}") };
    match &case.status {
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, message, .. } => {
            assert_eq!(message.as_ref().unwrap().as_str(), reason);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn text_that_xml_cannot_hold_leaves_it_valid() {
    let mut run = Run::fixture();
    let hostile = "]]>\u{0}\u{b}\u{1b}[0m\u{fffe}\u{ffff}</failure>&bogus;\"'<!--";
    run.target.url.push_str(hostile);
    run.command.push_str(hostile);
    for result in &mut run.checks.as_mut().unwrap().results {
        result.title.push_str(hostile);
        result.notes.push(hostile.to_owned());
        match &mut result.verdict {
            Verdict::Waived { reason, .. } => reason.push_str(hostile),
            Verdict::Fail { findings } | Verdict::Warn { findings } => {
                findings.iter_mut().for_each(|finding| finding.actual.push_str(hostile));
            }
            Verdict::Blocked { cause } => cause.message.push_str(hostile),
            Verdict::Error { mishap } => mishap.push_str(hostile),
            Verdict::NotSupported { capability, .. } => capability.push_str(hostile),
            Verdict::Pass => {}
        }
    }
    let xml = reports::junit::render(&run).unwrap();
    let in_xml = |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(in_xml), "a character that XML 1.0 forbids came through");
    let report = Report::deserialize_from_str(&xml).unwrap();
    assert_eq!(report.tests, 12);
}

#[test]
fn scenarios_and_loads_have_suites_of_their_own() {
    let run = Run { checks: None, ..Run::fixture_proof() };
    insta::assert_snapshot!(reports::junit::render(&run).unwrap());
}

#[test]
fn every_expectation_and_objective_is_a_case() {
    let run = Run { checks: None, ..Run::fixture_proof() };
    let report = Report::deserialize_from_str(&reports::junit::render(&run).unwrap()).unwrap();
    let suites: Vec<_> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(
        suites,
        [
            "sync.bonusly-week",
            "sync.lost-object",
            "load.initial-bulk-sync",
            "load.incremental-herd",
            "clean-up"
        ]
    );
    let cases: Vec<usize> = report.test_suites.iter().map(|suite| suite.test_cases.len()).collect();
    // Expectations, and the end that one scenario did not come to; objectives, audit and generator; what is left behind.
    assert_eq!(cases, [8, 2, 6, 3, 1]);
    assert_eq!((report.failures, report.errors), (4, 4));
}

/// The document as the parser of another project reads it, and the run as its run file has it.
fn read_by_others(run: &Run) -> (TestSuites, Run) {
    let document = reports::junit::render(run).unwrap();
    let run = reports::json::parse(&reports::json::render(run).unwrap()).unwrap();
    (junit_parser::from_reader(document.as_bytes()).unwrap(), run)
}

/// What a case says: the word for its kind, its message and its text.
fn told(status: &TestStatus) -> (&str, &str, &str) {
    match status {
        TestStatus::Success => ("success", "", ""),
        TestStatus::Failure(failure) => ("failure", &failure.message, &failure.text),
        TestStatus::Error(error) => ("error", &error.message, &error.text),
        TestStatus::Skipped(skipped) => ("skipped", &skipped.message, &skipped.text),
    }
}

#[test]
fn the_parser_of_another_project_reads_names_verdicts_and_messages() {
    let (suites, run) = read_by_others(&Run::fixture());
    let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
    let cases: BTreeMap<_, _> = cases.map(|case| (case.original_name.as_str(), case)).collect();
    let checks = run.checks.unwrap();
    // And one for what is left behind.
    assert_eq!(cases.len(), checks.results.len() + checks.excluded.len() + 1);
    for result in &checks.results {
        let case = cases[result.id.as_str()];
        assert_eq!(case.classname.as_deref(), Some(&*format!("scimproof.{}", result.area())));
        let (kind, message, text) = told(&case.status);
        let (expected, says) = match &result.verdict {
            Verdict::Pass | Verdict::Warn { .. } => ("success", String::new()),
            Verdict::Fail { findings } => {
                // The one that weighs most is the message.
                let told = findings.iter().find(|finding| message.contains(&finding.expected));
                ("failure", told.unwrap().expected.clone())
            }
            Verdict::Error { mishap } => ("error", mishap.clone()),
            Verdict::Blocked { cause } => ("error", cause.message.clone()),
            Verdict::Waived { reason, .. } => ("skipped", reason.clone()),
            Verdict::NotSupported { .. } => ("skipped", String::new()),
        };
        assert_eq!(kind, expected, "{}", result.id);
        assert!(message.contains(&says), "{}: {message:?} lacks {says:?}", result.id);
        if matches!(kind, "failure" | "error") {
            assert!(text.contains(&result.title) && text.contains(&result.source), "{}: {text}", result.id);
        }
    }
    for excluded in &checks.excluded {
        let (kind, message, _) = told(&cases[excluded.check.as_str()].status);
        assert_eq!((kind, message), ("skipped", excluded.reason.as_str()), "{}", excluded.check);
    }
}

#[test]
fn the_parser_of_another_project_counts_as_the_document_does() {
    for run in [Run::fixture(), Run::fixture_sync(), Run::fixture_load(), Run::fixture_proof()] {
        let (suites, run) = read_by_others(&run);
        let count = |kind: &str| {
            let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
            cases.filter(|case| kind.is_empty() || told(&case.status).0 == kind).count() as u64
        };
        let counted = (count(""), count("failure"), count("error"), count("skipped"));
        assert_eq!((suites.tests, suites.failures, suites.errors, suites.skipped), counted);
        if let Some(checks) = &run.checks {
            let counts = checks.counts();
            let failed = suites.suites.iter().flat_map(|suite| &suite.cases);
            let failed = failed.filter(|case| {
                told(&case.status).0 == "failure"
                    && checks.results.iter().any(|it| it.id == case.original_name)
            });
            assert_eq!(failed.count(), counts.fail);
        }
        assert!(count("") > 5 && count("failure") + count("error") > 0, "{counted:?}");
    }
}
