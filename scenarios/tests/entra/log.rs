//! The log as newline-delimited JSON, and the labels of exchanges.

use scenarios::entra::{Ndjson, Settings, label};
use serde_json::Value;

use crate::people::People;
use crate::stage::Stage;

#[test]
fn every_exchange_is_told_by_the_row_that_caused_it() {
    let mut people = People::of(&["ada", "grace"]);
    people.change("ada", |person| person.manager = Some("grace".to_owned()));
    people.found("sales", &["ada"]);
    let mut stage = Stage::new(people, Settings::default());
    stage.cycle();
    for exchange in stage.exchanges().iter().skip(1) {
        let row = stage.log.iter().find(|row| row.exchanges.contains(&exchange.number)).expect("a row");
        assert_eq!(exchange.check.as_deref(), Some(label(row.number).as_str()));
    }
    let numbers: Vec<u32> = stage.log.iter().map(|row| row.number).collect();
    assert_eq!(numbers.len() as u32, *numbers.iter().max().expect("a row"), "numbers have no gaps");
}

#[test]
fn the_log_has_the_fields_of_the_providers_interface() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    stage.people.change("ada", |_| {});
    stage.cycle();
    let ndjson = Ndjson::new("an application");
    let text: String = stage.log.iter().map(|row| ndjson.line(row)).collect();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    let created = &lines[0];
    assert_eq!(created["provisioningAction"], "create");
    assert_eq!(created["activityDateTime"], "2026-01-05T08:00:00Z");
    assert_eq!(created["provisioningStatusInfo"]["status"], "success");
    assert_eq!(created["provisioningStatusInfo"]["errorInformation"], Value::Null);
    assert_eq!(created["sourceIdentity"]["id"], "ada");
    assert_eq!(created["targetIdentity"]["id"], stage.id("ada"));
    assert_eq!(created["modifiedProperties"][0]["displayName"], "userName");
    assert_eq!(created["modifiedProperties"][0]["newValue"], "ada@contoso.example");
    let kinds: Vec<&str> = created["provisioningSteps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["provisioningStepType"].as_str())
        .collect();
    assert_eq!(kinds, ["import", "scoping", "matching", "export"]);
    let skipped = &lines[1];
    assert_eq!(skipped["provisioningStatusInfo"]["status"], "skipped");
    assert_eq!(skipped["provisioningStatusInfo"]["errorInformation"]["errorCode"], "RedundantExport");
    assert_eq!(skipped["activityDateTime"], "2026-01-05T08:40:00Z");
    // One job, two cycles, two rows.
    assert_eq!(created["jobId"], skipped["jobId"]);
    for differing in ["id", "cycleId", "changeId"] {
        assert_ne!(created[differing], skipped[differing], "{differing}");
    }
    assert!(created["jobId"].as_str().expect("an id").starts_with("scim."));
}
