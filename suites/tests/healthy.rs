//! The reference server passes its own catalogue.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use record::VerdictKind;
use reference_server::ReferenceServer;

#[test]
fn the_healthy_server_passes_every_check_and_keeps_nothing() {
    let profile = profiles::find("rfc").expect("the standard's own profile");
    let run = common::run(suites::all(), ReferenceServer::builder(), profile, Duration::ZERO);
    let strays: Vec<String> = run
        .results
        .iter()
        .filter(|result| result.verdict.kind() != VerdictKind::Pass)
        .map(|result| format!("{}: {:#?}", result.id, result.verdict))
        .collect();
    assert!(strays.is_empty(), "{}", strays.join("\n"));
    let framed = suites::all().iter().filter(|check| check.framed).count();
    assert_eq!(run.results.len() + framed, suites::all().len());
    assert!(run.created > 0);
    assert!(run.leftovers.is_empty(), "{:?}", run.leftovers);
}

/// No clean-up looks into another tenant, so the check that creates somebody there has to.
#[test]
fn what_is_created_in_another_tenant_is_deleted_there() {
    let profile = profiles::find("rfc").expect("the standard's own profile");
    let check = suites::find("credentials.other-tenant-creates-its-own").expect("the check");
    let run = common::run(std::slice::from_ref(check), ReferenceServer::builder(), profile, Duration::ZERO);
    let (mut created, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    for exchange in &run.exchanges {
        let Some(response) = &exchange.response else { continue };
        match (exchange.request.method.as_str(), response.status) {
            ("POST", 201) => {
                let body: serde_json::Value =
                    response.body.as_ref().and_then(|body| body.text.parse().ok()).unwrap_or_default();
                created.insert(body["id"].as_str().expect("an id").to_owned());
            }
            ("DELETE", 204) => {
                deleted.extend(exchange.request.url.rsplit('/').next().map(str::to_owned));
            }
            _ => {}
        }
    }
    assert_eq!((created.len(), &created), (2, &deleted));
}
