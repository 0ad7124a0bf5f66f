//! The SARIF log: held to the official schema, and to what code scanning makes of it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

use std::collections::BTreeSet;

use record::{Run, Verdict};
use reports::sarif;
use serde_json::Value;

fn log(run: &Run) -> Value {
    serde_json::from_str(&sarif::render(run).unwrap()).unwrap()
}

fn results(log: &Value) -> Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap().clone()
}

fn fingerprints(log: &Value) -> Vec<String> {
    results(log)
        .iter()
        .map(|result| result["partialFingerprints"]["scimproof/v1"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_log_holds_every_verdict() {
    insta::assert_snapshot!(sarif::render(&Run::fixture()).unwrap());
}

#[test]
fn every_log_is_valid_by_the_official_schema() {
    let mut schema: Value = serde_json::from_str(include_str!("data/sarif-schema-2.1.0.json")).unwrap();
    // Its pattern for languages is no regular expression; no language is written here.
    for part in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{part}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some(), "it is mended");
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let unjudged = Run { checks: None, unjudged: Some("nobody answers".to_owned()), ..Run::fixture() };
    let mut odd = Run::fixture();
    odd.target.url = "http://[::1]:80/a b/{c}".to_owned();
    odd.started = "yesterday".to_owned();
    for run in [Run::fixture(), Run::fixture_proof(), Run::fixture_load(), unjudged, odd] {
        let log = log(&run);
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut wrong = log(&Run::fixture());
    wrong["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&wrong), "the schema takes anything");
}

/// Code scanning shows nothing that has no place, and nothing whose rule it does not find.
#[test]
fn every_result_has_a_rule_and_a_place() {
    let log = log(&Run::fixture_proof());
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results(&log) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uriBaseId"], "TARGET");
        assert!(!place["uri"].as_str().unwrap().is_empty());
    }
    let named: BTreeSet<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(named.len(), rules.len(), "a rule twice");
    assert!(named.contains("delete.answers-204") && !named.contains("create.sends-location"), "{named:?}");
}

#[test]
fn each_verdict_is_what_the_format_calls_it() {
    let log = log(&Run::fixture());
    let result = |rule: &str| results(&log).into_iter().find(|result| result["ruleId"] == rule).unwrap();
    let kind = |rule: &str| {
        let result = result(rule);
        (result["kind"].clone(), result["level"].clone())
    };
    assert_eq!(kind("delete.answers-204"), ("fail".into(), "error".into()));
    assert_eq!(kind("wire.media-type-is-scim-json"), ("fail".into(), "warning".into()));
    assert_eq!(kind("replace.answers-200"), ("open".into(), "none".into()));
    let suppression = result("create.names-ignore-case")["suppressions"][0].clone();
    assert_eq!(suppression["status"], "accepted");
    assert_eq!(suppression["justification"], "names match letter by letter (profile acme, rule A-7)");
    // What is ours accuses nobody.
    assert!(!results(&log).iter().any(|result| result["ruleId"] == "read.unknown-id-is-404"));
    let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(
        told.contains("read.unknown-id-is-404: a mishap of our own") && told.contains("/Users/42"),
        "{told}"
    );
}

/// Another run has other ids, other numbers and says it in other words; what is wrong is the same.
#[test]
fn fingerprints_outlive_the_run() {
    let first = Run::fixture_proof();
    let mut second = first.clone();
    second.id = "an0therr".to_owned();
    second.target.url = "https://elsewhere.example/scim".to_owned();
    let checks = second.checks.as_mut().unwrap();
    for result in &mut checks.results {
        if let Verdict::Fail { findings } | Verdict::Warn { findings } = &mut result.verdict {
            for finding in findings {
                finding.actual = format!("{} of another day", finding.actual);
                finding.exchange = finding.exchange.map(|number| number + 100);
            }
        }
    }
    for exchange in &mut checks.exchanges {
        exchange.number += 100;
        exchange.request.url =
            exchange.request.url.replace("127.0.0.1:8080/scim/v2", "elsewhere.example/scim");
    }
    let [before, after] = [&first, &second].map(|run| fingerprints(&log(run)));
    assert_eq!(before.len(), before.iter().collect::<BTreeSet<_>>().len(), "two results share one");
    // The blocked one has lost its exchange, and is the same all the same.
    assert_eq!(before, after);
}

#[test]
fn no_secret_and_no_endless_body_is_written() {
    let mut run = Run::fixture();
    let body = run.checks.as_mut().unwrap().exchanges[3].response.as_mut().unwrap().body.as_mut().unwrap();
    body.text = "y".repeat(100_000);
    let text = sarif::render(&run).unwrap();
    assert!(text.contains("<redacted>") && text.len() < 100_000, "{}", text.len());
}
