//! The HAR document: what browsers' tools need of it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

use record::Run;
use reports::har;
use serde_json::Value;

fn log(run: &Run) -> Value {
    let har: Value = serde_json::from_str(&har::render(run).unwrap()).unwrap();
    har["log"].clone()
}

#[test]
fn the_document_holds_every_exchange_of_the_checks() {
    insta::assert_snapshot!(har::render(&Run::fixture()).unwrap());
}

/// The members that HAR 1.2 demands, by the object that has to hold them.
#[test]
fn every_entry_has_what_the_format_demands() {
    let run = Run::fixture_proof();
    let log = log(&run);
    assert_eq!(log["version"], "1.2");
    let recorded = run.checks.unwrap().exchanges.len() + run.sync.unwrap().exchanges.len();
    let entries = log["entries"].as_array().unwrap();
    assert_eq!(entries.len(), recorded);
    let pages: Vec<&Value> = log["pages"].as_array().unwrap().iter().map(|page| &page["id"]).collect();
    for entry in entries {
        for member in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
            assert!(!entry[member].is_null(), "{member} of {entry}");
        }
        for member in
            ["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"]
        {
            assert!(!entry["request"][member].is_null(), "{member} of {entry}");
        }
        for member in ["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"]
        {
            assert!(!entry["response"][member].is_null(), "{member} of {entry}");
        }
        let timings = entry["timings"].as_object().unwrap();
        let sum: f64 = timings.values().map(|time| time.as_f64().unwrap()).sum();
        assert!((sum - entry["time"].as_f64().unwrap()).abs() < 0.002, "{entry}");
        assert!(pages.contains(&&entry["pageref"]), "{entry}");
    }
}

#[test]
fn queries_are_taken_apart_and_secrets_stay_replaced() {
    let mut run = Run::fixture();
    let exchange = &mut run.checks.as_mut().unwrap().exchanges[0];
    exchange.request.url.push_str("?filter=userName%20eq%20%22a%26b%22&count=1&&flag");
    let entry = &log(&run)["entries"][0];
    let query = serde_json::json!([
        { "name": "filter", "value": "userName eq \"a&b\"" },
        { "name": "count", "value": "1" },
        { "name": "flag", "value": "" },
    ]);
    assert_eq!(entry["request"]["queryString"], query);
    assert_eq!(entry["request"]["headers"][0]["value"], "Bearer <redacted>");
}
