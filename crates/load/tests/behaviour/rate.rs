//! How much a tenant gets through.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use client::Socket;
use load::{Arrival, Closed, Pace};
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
    let run = play_on(&asking(15), &Closed, &slow, Arc::new(Socket::default()));
    assert!(!run.objectives[0].met, "{:?}", run.objectives);
}

/// Whoever is too slow for those who come is not let off for it: what found no room would have waited longer than anybody.
#[test]
fn who_is_too_slow_for_its_arrivals_is_not_excused() {
    let created = || async { json(StatusCode::CREATED, r#"{"id":"1"}"#) };
    let listed = || async {
        tokio::time::sleep(10 * TOO_LONG).await;
        json(StatusCode::OK, r#"{"totalResults":0,"Resources":[]}"#)
    };
    let slow = serve(Router::new().route("/Users", post(created).get(listed)));
    let mut description = described(READING);
    description.objectives = vec!["p99<60s".to_owned(), "p50<60s for create-user".to_owned()];
    description.pace = Pace { rate: 40.0, duration_s: Some(2), in_flight: 4, ..Pace::default() };
    let run = play_on(&description, &Arrival, &slow, Arc::new(Socket::default()));
    assert!(run.health.dropped > 20, "{:?}", run.health);
    // Whether the arrivals were in time is up to the machine that the test runs on.
    let excused = run.health.spoiled.iter().any(|reason| !reason.contains("dropped"));
    assert_eq!(run.health.spoiled.is_empty(), !excused, "{:?}", run.health);
    let [all, create, dropped] = run.objectives.as_slice() else { panic!("{:?}", run.objectives) };
    assert_eq!((all.is_missed(), dropped.is_missed()), (!excused, !excused), "{:?}", run.objectives);
    assert!(all.measured.as_ref().unwrap().starts_with("no bound holds: "), "{all:?}");
    // Nobody was created while it was measured, and none of those arrivals would have been.
    assert_eq!((create.met, create.measured.as_deref()), (false, None));
}
