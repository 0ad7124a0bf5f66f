//! The reference server passes its own catalogue.

mod common;

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
