//! How much a tenant gets through.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use client::Socket;
use load::Closed;
use reference_server::ReferenceServer;

use crate::measured::{json, serve};
use crate::support::{READING, described, play_on, started};

/// What Microsoft Entra demands of a tenant.
const DEMANDED: &str = "rate>=25/s";
/// What a server takes for each request that gets through 20 a second.
const TOO_LONG: Duration = Duration::from_millis(50);

/// One job that asks one question after the other, as often as this.
fn asking(times: u64) -> load::Description {
    let mut description = described(&format!("objectives = [\"{DEMANDED}\"]\n{READING}"));
    description.together = 1;
    for step in &mut description.steps {
        step.times = Some(times);
    }
    description
}

#[test]
fn a_tenant_sustains_25_requests_a_second() {
    let (target, connect) = started(ReferenceServer::builder().profile("entra-ready"));
    let run = play_on(&asking(500), &Closed, &target, connect);
    assert!(run.objectives[0].met, "{:?}", run.objectives);
}

#[test]
fn who_gets_through_20_a_second_is_told_so() {
    let created = || async { json(StatusCode::CREATED, r#"{"id":"1"}"#) };
    let listed = || async {
        tokio::time::sleep(TOO_LONG).await;
        json(StatusCode::OK, r#"{"totalResults":0,"Resources":[]}"#)
    };
    let slow = serve(Router::new().route("/Users", post(created).get(listed)));
    let run = play_on(&asking(15), &Closed, &slow, Arc::new(Socket));
    assert!(!run.objectives[0].met, "{:?}", run.objectives);
}
