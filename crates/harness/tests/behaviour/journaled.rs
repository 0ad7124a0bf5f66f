//! The journal of those who are not checks, and what a sweep makes of it.

use std::sync::Arc;

use crate::support::{BASE, Stage, answer};
use client::{Client, Recorder, Request, SystemClock};
use harness::sweep::{Swept, remains};
use harness::{Journal, Journaled};
use record::Redactor;
use serde_json::json;

/// Sends POSTs of users with these names, one after the other, and sweeps afterwards.
fn created_and_swept(stage: &Stage, names: &[&str]) -> Swept {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let journal = Arc::new(Journal::create(&path, "r1", BASE).expect("a journal"));
    let connect = Journaled::new(stage.connect(), journal, &stage.target, Redactor::default());
    let clock = Arc::new(SystemClock::default());
    let recorder = Recorder::new(Redactor::default());
    let client = Client::new(stage.target.clone(), &connect, recorder, clock.clone()).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for name in names {
        runtime.block_on(client.send(Request::post("/Users").json(&json!({ "userName": name })), None));
    }
    let remains = remains(&path).expect("a journal").expect("a head");
    remains.sweep(stage.target.clone(), stage.connect().as_ref(), clock).expect("a sweep")
}

/// A gateway that sends every POST twice: the second is answered with 409, and that is what the client hears.
fn twice() -> Stage {
    Stage::scripted(|call, directory| {
        let is_create = call.is("POST", "/Users");
        is_create.then(|| {
            let same =
                |path: &String| directory.get(path).is_some_and(|it| it["userName"] == call.body["userName"]);
            if !directory.paths().iter().any(same) {
                directory.store(call);
            }
            answer(409, &json!({ "scimType": "uniqueness" }))
        })
    })
}

#[test]
fn what_a_create_that_was_refused_as_taken_left_is_found_by_its_name_and_removed() {
    let stage = twice();
    let swept = created_and_swept(&stage, &["scimproof-r1-s1", "scimproof-r1-s2"]);
    assert_eq!((swept.removed, swept.leftovers.len()), (2, 0), "{swept:?}");
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn a_name_that_somebody_else_holds_is_left_to_him() {
    let stage = twice();
    stage.directory.put("/Users/u8", json!({ "id": "u8", "userName": "ada" }));
    stage.directory.put("/Users/u9", json!({ "id": "u9", "userName": "scimproof-r2-s1" }));
    // None of these names is one that the run gives.
    let swept = created_and_swept(&stage, &["ada", "scimproof-r2-s1"]);
    assert_eq!((swept.removed, swept.leftovers.len()), (0, 0), "{swept:?}");
    assert_eq!(stage.directory.paths(), ["/Users/u8", "/Users/u9"]);
    assert_eq!((stage.directory.count("DELETE"), stage.directory.count("GET")), (0, 0));
}

#[test]
fn a_name_of_the_run_that_nobody_has_leaves_nothing_to_be_done() {
    let stage = Stage::scripted(|call, _| call.is("POST", "/Users").then(|| answer(409, &json!({}))));
    stage.directory.put("/Users/u9", json!({ "id": "u9", "userName": "ada" }));
    let swept = created_and_swept(&stage, &["scimproof-r1-s1"]);
    assert_eq!((swept.removed, swept.gone, swept.leftovers.len()), (0, 0, 0), "{swept:?}");
    assert_eq!(stage.directory.paths(), ["/Users/u9"]);
}
