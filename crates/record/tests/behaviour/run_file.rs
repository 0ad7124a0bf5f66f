//! A run file: nothing is lost on the way through JSON, nothing unknown is let in, and a schema describes it.

use record::{Conclusion, LoadOutcome, Run, VerdictKind, json_schema};
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../../docs/run.schema.json");

fn written() -> Value {
    serde_json::to_value(Run::fixture()).expect("JSON")
}

fn read(file: Value) -> Result<Run, serde_json::Error> {
    serde_json::from_value(file)
}

/// The pointers to every object in a value.
fn objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(pointer.to_owned());
            for (name, member) in members {
                objects(member, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_run_survives_its_file() {
    let text = serde_json::to_string_pretty(&Run::fixture()).expect("JSON");
    assert_eq!(serde_json::from_str::<Run>(&text).expect("a run"), Run::fixture());
    assert_eq!(read(written()).expect("a run"), Run::fixture());
}

#[test]
fn the_fixture_holds_every_verdict() {
    let counts = Run::fixture().checks.expect("checks").counts();
    for kind in VerdictKind::ALL {
        assert!(counts.get(kind) > 0, "{kind:?}");
    }
}

#[test]
fn a_run_without_checks_is_one_too() {
    let mut file = written();
    file.as_object_mut().expect("an object").remove("checks");
    assert_eq!(read(file).expect("a run").checks, None);
}

/// A later version may add what matters; a reader that drops it would draw a wrong report.
#[test]
fn no_unknown_field_is_let_in_anywhere() {
    let mut places = Vec::new();
    objects(&written(), "", &mut places);
    assert!(places.len() > 50, "{} objects", places.len());
    let mut let_in = Vec::new();
    for place in places {
        let mut file = written();
        let object = file.pointer_mut(&place).and_then(Value::as_object_mut).expect("an object");
        object.insert("unknown".to_owned(), json!(1));
        if read(file).is_ok() {
            let_in.push(place);
        }
    }
    assert_eq!(let_in, [""; 0]);
}

#[test]
fn nothing_that_must_be_there_may_be_missing() {
    for pointer in [
        "",
        "/tool",
        "/target",
        "/checks",
        "/checks/results/0",
        "/checks/exchanges/0",
        "/checks/exchanges/0/request",
    ] {
        let file = written();
        let names: Vec<String> =
            file.pointer(pointer).and_then(Value::as_object).expect("an object").keys().cloned().collect();
        for name in names {
            let optional = [
                "checks",
                "notes",
                "excluded",
                "leftovers",
                "check",
                "response",
                "error",
                "held",
                "body",
                "credential",
            ];
            let mut file = written();
            file.pointer_mut(pointer).and_then(Value::as_object_mut).map(|object| object.remove(&name));
            assert_eq!(read(file).is_ok(), optional.contains(&name.as_str()), "{pointer}/{name}");
        }
    }
}

#[test]
fn an_unknown_verdict_is_refused() {
    let mut file = written();
    file["checks"]["results"][0]["verdict"] = json!({ "kind": "forgiven" });
    let error = read(file).expect_err("refused").to_string();
    assert!(error.contains("forgiven"), "{error}");
}

#[test]
fn the_schema_is_the_published_one() {
    let published: Value = serde_json::from_str(PUBLISHED).expect("JSON");
    let current = json_schema();
    for (name, definition) in current["$defs"].as_object().expect("definitions") {
        assert_eq!(published["$defs"][name], *definition, "{name}");
    }
    assert_eq!(published["properties"], current["properties"]);
}

#[test]
fn the_schema_describes_the_file() {
    let schema = jsonschema::validator_for(&json_schema()).expect("a schema");
    let errors: Vec<String> = schema.iter_errors(&written()).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    let mut file = written();
    file["checks"]["results"][0]["unknown"] = json!(1);
    assert!(!schema.is_valid(&file));
}

#[test]
fn an_exchange_is_found_by_its_number() {
    let part = Run::fixture().checks.expect("checks");
    for exchange in &part.exchanges {
        assert_eq!(part.exchange(exchange.number), Some(exchange));
    }
    assert_eq!(part.exchange(0), None);
    assert_eq!(part.results[0].area(), "create");
}

#[test]
fn the_fixtures_of_all_parts_hold_together() {
    let proof = Run::fixture_proof();
    let sync = proof.sync.as_ref().expect("a sync part");
    let known = |number: &u32| sync.exchange(*number).is_some();
    for scenario in &sync.scenarios {
        for step in &scenario.steps {
            assert!(step.exchanges.iter().all(known), "{}", step.title);
            assert!(step.expectations.iter().all(|expectation| expectation.exchanges.iter().all(known)));
        }
        assert!(scenario.log.iter().all(|row| row.exchanges.iter().all(known)));
    }
    for run in &proof.load.as_ref().expect("a load part").runs {
        let ok = run.intervals.iter().filter(|interval| !interval.warm_up).map(|interval| interval.ok);
        assert!(run.name != "initial-bulk-sync" || ok.sum::<u64>() == run.count(LoadOutcome::Ok));
        assert_eq!(run.measured_s(), 17.0);
    }
    assert_eq!(Run { load: None, ..proof.clone() }.conclusion(), Some(Conclusion::Mishap));
    // One of its loads was spoiled, and takes nothing back of what the other proved.
    assert_eq!(Run { checks: None, ..proof }.conclusion(), Some(Conclusion::Failed));
    assert_eq!(Run::fixture_sync().conclusion(), Some(Conclusion::Failed));
    assert_eq!(Run::fixture_load().conclusion(), Some(Conclusion::Failed));
}

/// What a generator spoils is what hangs on time: a loss stays a loss, and an error an error.
#[test]
fn a_spoiled_load_hides_nothing_that_is_proven() {
    let spoiled = Run::fixture_load().load.expect("a load part").runs.remove(1);
    assert_eq!(spoiled.conclusion(), Conclusion::Unhealthy);
    let mut lossy = spoiled.clone();
    lossy.audit.as_mut().expect("an audit").differing = 134;
    assert_eq!(lossy.conclusion(), Conclusion::Failed);
    let mut erring = spoiled;
    erring.objectives[0].unjudged = None;
    assert_eq!(erring.conclusion(), Conclusion::ObjectiveMissed);
}

/// What weighs more between two loads weighs more within one: each line adds something that weighs more than all before.
#[test]
fn a_load_is_ranked_as_conclusions_are() {
    let mut run = Run::fixture_load().load.expect("a load part").runs.remove(1);
    run.health.spoiled.clear();
    run.objectives.clear();
    let mut seen = vec![run.conclusion()];
    run.objectives = Run::fixture_load().load.expect("a load part").runs.remove(1).objectives;
    seen.push(run.conclusion());
    run.health.spoiled.push("too late".to_owned());
    seen.push(run.conclusion());
    run.objectives[0].unjudged = None;
    seen.push(run.conclusion());
    run.leftovers = Run::fixture().checks.expect("checks").leftovers;
    assert!(!run.leftovers.is_empty());
    seen.push(run.conclusion());
    run.audit.as_mut().expect("an audit").unfinished = Some("no answer".to_owned());
    seen.push(run.conclusion());
    run.audit.as_mut().expect("an audit").differing = 1;
    seen.push(run.conclusion());
    let expected = [
        Conclusion::Pass,
        Conclusion::Inconclusive,
        Conclusion::Unhealthy,
        Conclusion::ObjectiveMissed,
        Conclusion::LeftBehind,
        Conclusion::Blocked,
        Conclusion::Failed,
    ];
    assert_eq!(seen, expected);
    assert!(seen.is_sorted());
}

/// A load that its own generator spoiled and that was stopped says as little as one that was spoiled alone; an audit that could
/// not be read says that the target did not let itself be read.
#[test]
fn a_spoiled_load_is_stopped_by_itself_and_left_unread_by_the_target() {
    let spoiled = Run::fixture_load().load.expect("a load part").runs.remove(1);
    let mut stopped = spoiled.clone();
    stopped.stopped = Some("the cap of 60 s was reached".to_owned());
    assert_eq!(stopped.conclusion(), Conclusion::Unhealthy);
    stopped.health.spoiled.clear();
    assert_eq!(stopped.conclusion(), Conclusion::Blocked);
    let mut unread = spoiled;
    unread.audit.as_mut().expect("an audit").unfinished = Some("no answer".to_owned());
    assert_eq!(unread.conclusion(), Conclusion::Blocked);
}
