//! The oracle on numbers, dates, lists of simple values and what is set once, against cases worked out by hand.

use serde_json::{Value, json};
use suites::oracle::{Filter, GAUGED, Operation, Operator, Path, Request, explore, holds, patched, settled};

const URN: &str = "urn:example:gauged:2.0:User";

fn gauge(inner: Value) -> Value {
    json!({ "schemas": [GAUGED.urn, URN], "id": "1", "userName": "mara", URN: inner })
}

fn own(name: &str) -> String {
    format!("{URN}:{name}")
}

#[test]
fn numbers_are_compared_as_numbers_however_they_are_written() {
    let large = 9_007_199_254_740_993_i64;
    let subject = gauge(json!({ "level": large, "weight": 1.5, "codes": [3, 5] }));
    let table = [
        ("level", Operator::Eq, json!(large), true),
        ("level", Operator::Eq, json!(large - 1), false),
        ("level", Operator::Gt, json!(large - 1), true),
        ("weight", Operator::Eq, json!(15e-1), true),
        ("weight", Operator::Lt, json!(2), true),
        ("weight", Operator::Ge, json!(2), false),
        ("codes", Operator::Eq, json!(5), true),
        ("codes", Operator::Gt, json!(5), false),
    ];
    for (name, operator, literal, expected) in table {
        let filter = Filter::compare(Path::parse(&own(name)), operator, literal);
        let lawful = explore(|readings| holds(&GAUGED, &filter, &subject, readings));
        assert!(
            lawful.complete && lawful.outcomes.iter().all(|(outcome, _)| *outcome == Ok(expected)),
            "{filter}"
        );
    }
}

/// What an operation on the extension lawfully leaves: nothing but this, or a refusal with this keyword and no other way.
#[track_caller]
fn comes_to(before: Value, operation: Operation, expected: Result<Value, &str>) {
    let request = Request::new(vec![operation]);
    let lawful = explore(|readings| patched(&GAUGED, &gauge(before.clone()), &request, readings));
    assert!(lawful.complete);
    let fits = |outcome: &Result<Value, _>| match (outcome, &expected) {
        (Ok(left), Ok(inner)) => *left == settled(&GAUGED, &gauge(inner.clone())),
        (Err(words), Err(word)) => suites::oracle::Refusal::contains(words, *word),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
    };
    assert!(lawful.outcomes.iter().all(|(outcome, _)| fits(outcome)), "{:#?}", lawful.outcomes);
}

#[test]
fn what_is_set_once_is_neither_changed_nor_taken_away() {
    let (serial, set) = (own("serial"), || json!({ "serial": "a" }));
    for op in ["add", "replace"] {
        comes_to(
            json!({ "level": 1 }),
            Operation::at(op, &serial, json!("a")),
            Ok(json!({ "level": 1, "serial": "a" })),
        );
        comes_to(set(), Operation::at(op, &serial, json!("a")), Ok(set()));
        comes_to(set(), Operation::at(op, &serial, json!("A")), Err("mutability"));
        comes_to(set(), Operation::at(op, &serial, json!(5)), Err("mutability"));
        comes_to(set(), Operation::pathless(op, json!({ URN: { "serial": "b" } })), Err("mutability"));
    }
    comes_to(set(), Operation::at("remove", &serial, None), Err("mutability"));
}

#[test]
fn lists_of_simple_values_are_kept_as_sets() {
    let (tags, codes) = (own("tags"), own("codes"));
    let before = || json!({ "tags": ["a", "b"], "codes": [1, 2] });
    let with = |name: &str, value: Value| {
        let mut after = before();
        after[name] = value;
        Ok(after)
    };
    comes_to(before(), Operation::at("add", &tags, json!(["b", "c"])), with("tags", json!(["a", "b", "c"])));
    comes_to(before(), Operation::at("replace", &codes, json!([3])), with("codes", json!([3])));
    comes_to(before(), Operation::at("add", &codes, json!([1.5])), Err("invalidValue"));
    comes_to(before(), Operation::at("add", &codes, json!(["1"])), Err("invalidValue"));
    // Whether a value is heeded is open (only those, all of them, or a refusal); what it does not name never goes alone.
    let request = Request::new(vec![Operation::at("remove", &tags, json!(["a"]))]);
    let lawful = explore(|readings| patched(&GAUGED, &gauge(before()), &request, readings));
    let left = |inner: Value| lawful.admits(&Ok(settled(&GAUGED, &gauge(inner))));
    assert!(left(json!({ "tags": ["b"], "codes": [1, 2] })) && left(json!({ "codes": [1, 2] })));
    assert!(!left(before()) && !left(json!({ "tags": ["a"], "codes": [1, 2] })));
}

#[test]
fn numbers_and_dates_are_held_to_their_types() {
    let before = || json!({ "level": 1 });
    let after = |name: &str, value: Value| Ok(json!({ "level": 1, name: value }));
    for (name, value) in
        [("weight", json!(1.5)), ("weight", json!(2)), ("checked", json!("2026-03-01T12:00:00+01:00"))]
    {
        comes_to(before(), Operation::at("add", &own(name), value.clone()), after(name, value));
    }
    for (name, value) in
        [("level", json!(1.5)), ("level", json!("1")), ("weight", json!("1")), ("checked", json!("today"))]
    {
        comes_to(before(), Operation::at("add", &own(name), value), Err("invalidValue"));
    }
}
