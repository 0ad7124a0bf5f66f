//! The requests of identity providers, as `clients.json` has them, and the state that each is to leave.
//!
//! A case creates what is *given*, *sends* what the client sends, and looks *then* by independent reads. `{name}` is the
//! id of what was given under that name; `*` in an expectation is any value.

use std::collections::BTreeMap;

use record::Secret;
use reference_server::ReferenceServer;
use serde_json::{Map, Value, json};

use crate::support::{Client, Seen, TOKEN};

const CASES: &str = include_str!("clients.json");

/// Ids by the names that a case gives.
type Ids = BTreeMap<String, String>;

#[test]
fn every_request_of_a_client_leaves_the_state_that_the_client_needs() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let problems: Vec<String> = cases.iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    assert!(cases.len() >= 80, "only {} cases", cases.len());
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for case in &cases {
        for (kind, place, wrong) in altered(case) {
            let mut case = case.clone();
            *case.pointer_mut(&place).unwrap() = wrong;
            assert!(!problems(&case).is_empty(), "{}: {kind} at {place}", case["name"]);
            *kinds.entry(kind).or_default() += 1;
        }
    }
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), ["absence", "answer", "path", "status", "value"]);
}

/// Every expectation of a case, made wrong: its kind, where it stands, and what it says then.
fn altered(case: &Value) -> Vec<(&'static str, String, Value)> {
    let mut altered = Vec::new();
    for (index, _) in list(&case["send"]).enumerate() {
        altered.push(("answer", format!("/send/{index}/status"), json!([418])));
    }
    for (index, look) in list(&case["then"]).enumerate() {
        let mut wrong =
            |kind, rest: &str, value| altered.push((kind, format!("/then/{index}/{rest}"), value));
        wrong("status", "status", 418.into());
        // Of what is not there nothing else can be said.
        if look["status"] != 200 {
            continue;
        }
        wrong("path", "get", "/Users/nobody".into());
        for pointer in look["has"].as_object().into_iter().flat_map(Map::keys) {
            let place = format!("has/{}", pointer.replace('~', "~0").replace('/', "~1"));
            // Any value will do for some; then it is the place that is made wrong.
            match &look["has"][pointer] {
                Value::String(any) if any == "*" => {
                    wrong("value", "has", json!({ "/nosuch": "*" }));
                }
                _ => wrong("value", &place, "something else".into()),
            }
        }
        for (at, _) in list(&look["lacks"]).enumerate() {
            wrong("absence", &format!("lacks/{at}"), "/schemas".into());
        }
    }
    altered
}

/// What of a case does not hold on a fresh server.
fn problems(case: &Value) -> Vec<String> {
    let service = ReferenceServer::builder()
        .profile("entra-ready")
        .token(Secret::new(TOKEN.to_owned()))
        .seed(1)
        .service()
        .unwrap();
    let client = Client::of(service);
    let mut ids = Ids::new();
    let mut problems = Vec::new();
    let mut complain = |what: String| problems.push(format!("{} ({}): {what}", case["name"], case["source"]));
    // Users first, so that groups can name them.
    let given = case["given"].as_object().cloned().unwrap_or_default();
    let (groups, users): (Vec<_>, Vec<_>) =
        given.into_iter().partition(|(_, body)| body["displayName"] == "Sales");
    for (endpoint, resources) in [("/Users", users), ("/Groups", groups)] {
        for (name, body) in resources {
            let made = client.post(endpoint, &filled(&body, &ids));
            assert_eq!(made.status, 201, "{}: {}", case["name"], made.body);
            ids.insert(name, made.id());
        }
    }
    for request in list(&case["send"]) {
        let answer = sent(&client, request, &ids);
        if !list(&request["status"]).any(|status| *status == answer.status) {
            complain(format!("answered {} {}", answer.status, answer.body));
        }
    }
    for look in list(&case["then"]) {
        let seen = client.get(&text(&look["get"], &ids));
        if look["status"] != seen.status {
            complain(format!("a look shows {} {}", seen.status, seen.body));
        }
        for (pointer, wanted) in look["has"].as_object().unwrap_or(&Map::new()) {
            let found = seen.body.pointer(pointer);
            let holds = if wanted == "*" { found.is_some() } else { found == Some(&filled(wanted, &ids)) };
            if !holds {
                complain(format!("{pointer} is {found:?} and not {wanted} in {}", seen.body));
            }
        }
        for pointer in list(&look["lacks"]).filter_map(Value::as_str) {
            if let Some(found) = seen.body.pointer(pointer) {
                complain(format!("{pointer} is there: {found}"));
            }
        }
    }
    problems
}

fn sent(client: &Client, request: &Value, ids: &Ids) -> Seen {
    let method = request["method"].as_str().unwrap();
    let to = text(&request["to"], ids);
    let body = match request.get("as_read") {
        // What the client read, with changes.
        Some(changes) => {
            let mut body = client.get(&to).body;
            for (pointer, value) in changes.as_object().unwrap() {
                body[pointer.trim_start_matches('/')] = value.clone();
            }
            body
        }
        None => filled(&request["body"], ids),
    };
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    client.with(method, &to, &[], &bytes)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value, ids: &Ids) -> String {
    let text = value.as_str().unwrap_or_default().to_owned();
    ids.iter().fold(text, |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
}

fn filled(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::String(_) => text(value, ids).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, ids)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), filled(value, ids))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
