//! Ids that are counted in each tenant: whoever has the same one in the other tenant is nobody's business.

#![expect(clippy::expect_used, reason = "a test may panic")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use client::InProcess;
use record::{Checks, VerdictKind};
use reference_server::{ReferenceServer, Service};
use serde_json::{Value, json};

/// So many people live in the other tenant before the run. The run creates fewer in its own.
const STRANGERS: usize = 40;
const CREATES: &str = "credentials.other-tenant-creates-its-own";
const COUNTED: &str = "ids-are-counted-in-each-tenant";

/// Sends a request with the token of the other tenant.
fn ask(service: &Service, method: &str, path: &str, body: &Value) -> Value {
    let token = common::others().second_tenant.expect("a token");
    let request = http::Request::builder()
        .method(method)
        .uri(format!("http://localhost{}{path}", service.base_path()))
        .header("authorization", format!("Bearer {}", token.expose()))
        .header("content-type", "application/scim+json")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answer = runtime.block_on(tower::ServiceExt::oneshot(service.clone(), request)).expect("an answer");
    serde_json::from_slice(answer.body()).expect("an answer of JSON")
}

fn residents(service: &Service) -> Value {
    ask(service, "GET", "/Users?count=1000", &Value::Null)
}

/// Runs the checks of tenants, and gives what the other tenant held before and afterwards.
fn run(strangers: usize, which: &str) -> (Checks, Value, Value) {
    let checks: Vec<_> = suites::all().iter().filter(|check| check.id.starts_with(which)).copied().collect();
    let kept = Arc::new(Mutex::new(None));
    let held = Arc::clone(&kept);
    let profile = profiles::find("rfc").expect("the standard's own profile");
    let builder = ReferenceServer::builder().variant(COUNTED);
    let run = common::run_behind(&checks, builder, profile, Duration::ZERO, move |service| {
        for number in 0..strangers {
            let stranger = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": format!("stranger-{number}"),
                "displayName": "Nobody's business",
            });
            ask(&service, "POST", "/Users", &stranger);
        }
        *held.lock().expect("a lock") = Some((service.clone(), residents(&service)));
        Arc::new(InProcess::new(service))
    });
    let (service, before) = kept.lock().expect("a lock").take().expect("a server");
    let after = residents(&service);
    (run, before, after)
}

fn verdicts(run: &Checks) -> Vec<(&str, VerdictKind)> {
    run.results.iter().map(|result| (result.id.as_str(), result.verdict.kind())).collect()
}

#[test]
fn whoever_has_the_same_id_in_another_tenant_is_left_alone_and_accuses_nobody() {
    let (run, before, after) = run(STRANGERS, "credentials.other-tenant-");
    assert_eq!(before.get("totalResults"), Some(&json!(STRANGERS)));
    assert_eq!(before, after, "the people of the other tenant are as they were");
    assert_eq!(
        verdicts(&run),
        [
            ("credentials.other-tenant-is-not-shown-a-user", VerdictKind::NotSupported),
            ("credentials.other-tenant-changes-no-user", VerdictKind::NotSupported),
            ("credentials.other-tenant-replaces-no-user", VerdictKind::NotSupported),
            ("credentials.other-tenant-patches-no-user", VerdictKind::NotSupported),
            (CREATES, VerdictKind::Pass),
        ]
    );
    assert!(run.leftovers.is_empty(), "{:?}", run.leftovers);
}

#[test]
fn a_user_of_the_same_name_and_id_in_another_tenant_is_another_and_is_removed() {
    let (run, before, after) = run(0, CREATES);
    assert_eq!(verdicts(&run), [(CREATES, VerdictKind::Pass)]);
    let answers = run.exchanges.iter().filter_map(|exchange| exchange.response.as_ref());
    let created =
        answers.filter(|response| response.status == 201).filter_map(|response| response.body.as_ref());
    let ids: Vec<Value> = created
        .filter_map(|body| body.text.parse::<Value>().ok())
        .map(|body| body.get("id").cloned().unwrap_or_default())
        .collect();
    assert!(matches!(ids.as_slice(), [one, other] if one == other), "{ids:?}");
    assert_eq!(before, after, "nobody stays behind in the other tenant");
    assert!(run.leftovers.is_empty(), "{:?}", run.leftovers);
}
