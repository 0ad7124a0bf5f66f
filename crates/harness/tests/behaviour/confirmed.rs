//! The guard for those who are not checks.

use std::sync::Arc;

use crate::support::{Stage, answer};
use client::{Client, Recorder, Request, SystemClock, TransportError};
use harness::Confirmed;
use record::Redactor;
use serde_json::json;

/// A client of the run behind the guard, and what it and the guard send.
fn guarded(stage: &Stage) -> (Client, Recorder) {
    let recorder = Recorder::new(Redactor::default());
    let clock = Arc::new(SystemClock::default());
    let connect = Confirmed::new(stage.connect(), "r1", &stage.target, recorder.clone(), clock.clone());
    let client = Client::new(stage.target.clone(), &connect, recorder.clone(), clock);
    (client.expect("a client"), recorder)
}

/// What becomes of requests: the status, or the error.
fn send(client: &Client, requests: Vec<Request>) -> Vec<Result<u16, Arc<TransportError>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut outcomes = Vec::new();
        for request in requests {
            outcomes.push(client.send(request, None).await.outcome.map(|answer| answer.status));
        }
        outcomes
    })
}

#[test]
fn whoever_a_create_is_taken_for_is_left_alone() {
    let stage = Stage::scripted(|call, _| {
        let mut body = call.body.clone();
        body["id"] = json!("other");
        call.is("POST", "/Users").then(|| answer(201, &body))
    });
    let somebody = json!({ "id": "other", "userName": "somebody" });
    stage.directory.put("/Users/other", somebody.clone());
    let (client, recorder) = guarded(&stage);
    let body = json!({ "userName": "scimproof-r1-ada" });
    let outcomes = send(
        &client,
        vec![
            Request::post("/Users").json(&body),
            Request::put("/Users/other").json(&body),
            Request::patch("/Users/other").json(&body),
            Request::delete("/Users/other"),
        ],
    );
    assert_eq!(outcomes.first(), Some(&Ok(201)));
    let foreign = TransportError::Foreign { path: "/Users/other".to_owned() };
    assert!(outcomes.iter().skip(1).all(|outcome| outcome.as_ref().is_err_and(|error| **error == foreign)));
    assert!(foreign.is_unsent());
    assert_eq!(stage.directory.get("/Users/other"), Some(somebody));
    // The reads of the guard are on record too.
    let reads = recorder.exchanges().into_iter().filter(|exchange| exchange.request.method == "GET").count();
    assert_eq!((reads, stage.directory.count("GET")), (3, 3));
}

#[test]
fn what_a_read_has_shown_to_be_ours_is_changed_and_not_read_again() {
    let stage = Stage::new();
    stage.directory.put("/Users/a", json!({ "id": "a", "userName": "scimproof-r1-ada" }));
    stage.directory.put("/Users/b", json!({ "id": "b", "displayName": "SCIMPROOF-R1-bob" }));
    let (client, _) = guarded(&stage);
    let body = json!({ "userName": "scimproof-r1-ada" });
    let outcomes = send(
        &client,
        vec![
            Request::get("/Users").query("filter", "userName sw \"scimproof\""),
            Request::put("/Users/a").json(&body),
            Request::delete("/Users/a"),
            Request::delete("/Users/b"),
            // Nobody is there.
            Request::delete("/Users/c"),
        ],
    );
    assert_eq!(outcomes, [Ok(200), Ok(200), Ok(204), Ok(204), Ok(404)]);
    assert_eq!(stage.directory.count("GET"), 2);
}

/// The one who waits for a read has the turn already, and nobody else is to be waited for.
#[test]
fn whoever_was_put_off_reads_before_it_tries_again() {
    let stage = Stage::scripted(|call, directory| {
        let is_first = directory.count("DELETE") == 1;
        (call.method == "DELETE" && is_first).then(|| answer(429, &json!({})).header("retry-after", "0"))
    });
    let (client, _) = guarded(&stage);
    // Nobody is there to be seen yet, so each try looks again.
    assert_eq!(send(&client, vec![Request::delete("/Users/late")]), [Ok(404)]);
    assert_eq!((stage.directory.count("GET"), stage.directory.count("DELETE")), (2, 2));
}
