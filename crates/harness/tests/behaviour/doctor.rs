//! The look at a server before any check is run.

use std::sync::Arc;

use crate::support::{Answer, BASE, Call, Stage, answer};
use client::{Cancel, SystemClock};
use harness::RunError;
use harness::doctor::{Look, look};
use record::{Diagnosis, Secret, TargetInfo, Tool, Works};
use serde_json::{Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn seen(stage: &Stage) -> Diagnosis {
    seen_until(stage, Cancel::default()).expect("a diagnosis")
}

/// The same, until somebody stops it.
fn seen_until(stage: &Stage, cancel: Cancel) -> Result<Diagnosis, RunError> {
    let how = Look {
        tool: Tool { name: "scimproof".to_owned(), version: "0".to_owned() },
        info: TargetInfo {
            url: BASE.to_owned(),
            profile: "rfc".to_owned(),
            bundled: false,
            credential: None,
        },
        run: "r1".to_owned(),
        seed: 7,
        read_only: Some("so it is".to_owned()),
        profile: profiles::find("rfc").expect("a profile"),
        by_proxy: false,
        journal: None,
        overrides: Vec::new(),
        cancel,
    };
    look(stage.target.clone(), stage.connect(), Arc::new(SystemClock::default()), how)
}

fn works(diagnosis: &Diagnosis, feature: &str) -> Option<Works> {
    diagnosis.features.iter().find(|known| known.name == feature).map(|known| known.works)
}

fn of_types(types: &Value) -> impl Fn(&Call) -> Option<Value> + use<> {
    let types = types.clone();
    move |call| call.is("GET", "/ResourceTypes").then(|| json!({ "totalResults": 1, "Resources": types }))
}

/// RFC 7643 §6 has endpoints relative to the base URL. Who writes the whole path can be judged, so nothing blocks a run.
#[test]
fn endpoints_that_are_written_with_the_path_of_the_base_url_are_found() {
    let types = of_types(&json!([{ "name": "User", "endpoint": "/scim/v2/Users" }]));
    let stage = Stage::scripted(move |call, _| match types(call) {
        Some(types) => Some(answer(200, &types)),
        None => call.path.starts_with("/scim/v2/").then(|| answer(404, &json!({}))),
    });
    let diagnosis = seen(&stage);
    assert!(diagnosis.obstacle().is_none(), "{:?}", diagnosis.obstacle());
    assert_eq!(works(&diagnosis, "list users"), Some(Works::Yes));
}

#[test]
fn a_server_does_not_say_how_much_is_asked_of_it() {
    let extensions: Vec<Value> =
        (0..500).map(|n| json!({ "schema": format!("urn:x:{n}"), "required": true })).collect();
    let mut types: Vec<Value> =
        (0..500).map(|n| json!({ "name": format!("T{n}"), "endpoint": format!("/scim/v2/T{n}") })).collect();
    types.push(json!({ "name": "User", "endpoint": "/Users", "schemaExtensions": extensions }));
    let types = of_types(&json!(types));
    let stage = Stage::scripted(move |call, _| types(call).map(|types| answer(200, &types)));
    seen(&stage);
    let asked = stage.directory.calls().len();
    assert!(asked < 60, "{asked} requests");
}

/// Each document is one of several that are read in a row, by whoever asks by himself.
#[test]
fn whoever_is_stopped_among_the_documents_reads_no_more_of_them() {
    let extension = |name: &str| json!({ "schema": format!("urn:x:{name}"), "required": true });
    let user = json!({
        "name": "User", "endpoint": "/Users",
        "schemaExtensions": [extension("a"), extension("b"), extension("c"), { "schema": ENTERPRISE, "required": false }],
    });
    // One that is published, and one that says what a user has to carry.
    for stops_at in ["/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/Schemas/urn:x:a"] {
        let cancel = Cancel::default();
        let (stop, types) = (cancel.clone(), of_types(&json!([user.clone()])));
        let stage = Stage::scripted(move |call, _| {
            if call.path == stops_at {
                stop.cancel();
                return Some(Answer::Never);
            }
            types(call).map(|types| answer(200, &types))
        });
        assert!(matches!(seen_until(&stage, cancel), Err(RunError::Cancelled)));
        let calls = stage.directory.calls();
        assert_eq!(calls.last().map(|call| call.path.as_str()), Some(stops_at));
    }
}

/// A list of users in the order of a language, which is not that of code points.
fn sorted(backwards: bool, mirrored: bool) -> Value {
    let mut names = ["ada", "Äda", "adb", "zoe"];
    if backwards && mirrored {
        names.reverse();
    } else if backwards {
        names.rotate_left(1);
    }
    let users = names.iter().map(|name| json!({ "id": name, "userName": name }));
    json!({ "totalResults": 4, "Resources": users.collect::<Vec<_>>() })
}

#[test]
fn an_order_of_texts_of_its_own_is_an_order() {
    for (mirrored, works_so) in [(true, Works::Yes), (false, Works::No)] {
        let stage = Stage::scripted(move |call, _| {
            let backwards = call.query.contains("sortOrder=descending");
            call.is("GET", "/Users").then(|| answer(200, &sorted(backwards, mirrored)))
        });
        assert_eq!(works(&seen(&stage), "sort"), Some(works_so), "{mirrored}");
    }
}

/// Where the base URL is not that of SCIM, other places are asked; nobody said that they may see what opens the gate.
#[test]
fn other_places_are_not_shown_the_secret_headers() {
    let mut stage = Stage::scripted(|_, _| Some(answer(404, &json!({}))));
    stage.target = client::Target::new(BASE)
        .and_then(|target| target.secret_header("if-match", Secret::new("the-key-of-the-gate".to_owned())))
        .expect("a target");
    seen(&stage);
    let calls = stage.directory.calls();
    let here = calls.iter().find(|call| call.path == "/Users");
    assert_eq!(here.and_then(|call| call.if_match.as_deref()), Some("the-key-of-the-gate"));
    let elsewhere: Vec<&Call> = calls.iter().filter(|call| call.path.starts_with("outside")).collect();
    assert!(!elsewhere.is_empty());
    assert!(elsewhere.iter().all(|call| call.if_match.is_none()), "{elsewhere:?}");
}
