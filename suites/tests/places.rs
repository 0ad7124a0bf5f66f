//! A finding points at what offends, at each of several places, and not at the whole body.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::time::Duration;

use harness::Check;
use record::{At, Body, Checks, Finding};
use reference_server::ReferenceServer;

/// What one check finds of a server with a fault.
fn found(check: &str, fault: &str) -> (Finding, Checks) {
    let checks: Vec<Check> = suites::all().iter().copied().filter(|one| one.id == check).collect();
    let builder = ReferenceServer::builder().fault(fault);
    let run = common::run(&checks, builder, profiles::find("rfc").unwrap(), Duration::ZERO);
    let result = run.results.iter().find(|result| result.id == check).unwrap();
    (result.verdict.findings().first().unwrap().clone(), run)
}

fn pointers(finding: &Finding) -> Vec<&str> {
    fn pointer(at: &At) -> &str {
        match at {
            At::Pointer { pointer } => pointer,
            other => panic!("{other:?} is no pointer"),
        }
    }
    finding.places().map(pointer).collect()
}

/// What stands at the places in the answer that the finding is about; none where nothing does.
fn shown(finding: &Finding, run: &Checks) -> Vec<Option<serde_json::Value>> {
    let exchange = run.exchange(finding.exchange.unwrap()).unwrap();
    let Body { text, .. } = exchange.response.as_ref().unwrap().body.as_ref().unwrap();
    let body: serde_json::Value = serde_json::from_str(text).unwrap();
    pointers(finding).into_iter().map(|pointer| body.pointer(pointer).cloned()).collect()
}

#[test]
fn every_attribute_too_many_is_named_and_pointed_at() {
    let (finding, run) = found("projection.create-honours-attributes", "attributes-ignored");
    assert_eq!(pointers(&finding), ["/userType", "/userName"]);
    assert_eq!(finding.actual, "userType and userName too");
    assert!(shown(&finding, &run).iter().all(Option::is_some));
    let (finding, run) = found("projection.list-honours-attributes", "attributes-ignored");
    assert_eq!(pointers(&finding), ["/Resources/0/userType", "/Resources/0/userName"]);
    assert!(shown(&finding, &run).iter().all(Option::is_some));
}

#[test]
fn parts_and_extensions_are_pointed_at_where_they_stand() {
    let (finding, run) = found("projection.by-extension-urn", "attributes-ignored");
    let extension = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(pointers(&finding), [&format!("{extension}/costCenter"), "/displayName"]);
    assert!(shown(&finding, &run).iter().all(Option::is_some));
    let (finding, _) = found("projection.by-sub-attribute", "attributes-ignored");
    assert_eq!(pointers(&finding), ["/name/familyName", "/displayName"]);
}

#[test]
fn an_excluded_attribute_is_pointed_at_in_every_resource_of_a_list() {
    let (finding, run) = found("projection.list-honours-exclusion", "excluded-attributes-ignored");
    assert_eq!(pointers(&finding), ["/Resources/0/userType"]);
    assert!(shown(&finding, &run).iter().all(Option::is_some));
}
