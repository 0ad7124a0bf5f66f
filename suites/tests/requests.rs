//! How many requests each check takes.

mod common;

use std::collections::BTreeMap;

use harness::{Action, Check};
use record::{Checks, Verdict};
use reference_server::ReferenceServer;

/// A run of one check against the server that it is about.
#[expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]
fn alone(check: Check, profile: &str) -> Checks {
    let known = profiles::find(profile).expect("a profile");
    match check.framed {
        true => common::run_over_sockets(&[check], ReferenceServer::builder().profile(profile), known),
        false => common::run_as(profile, &[check], None),
    }
}

/// What is told before a run is what it takes: each check was counted against a server that it passes.
#[test]
fn each_check_takes_as_many_requests_as_is_told() {
    let discovery = common::run_as("rfc", &[], None).exchanges.len();
    let mut counted = BTreeMap::new();
    let own = profiles::names().into_iter().map(|profile| (profile, suites::of_profile(profile)));
    for (profile, checks) in own.chain([("rfc", suites::all().to_vec())]) {
        for check in checks.into_iter().filter(|check| matches!(check.action, Action::Active(_))) {
            let run = alone(check, profile);
            assert_eq!(run.results[0].verdict, Verdict::Pass, "{} is counted where it passes", check.id);
            counted.insert(check.id, run.exchanges.len() - discovery);
        }
    }
    let rows = counted.iter().map(|(id, count)| format!("{id}\t{count}"));
    let lines: Vec<String> = std::iter::once(format!("-\t{discovery}")).chain(rows).collect();
    common::compare("requests.tsv", &lines);
}

/// A run of all sends no more than is told, since checks that look at the same things share them.
#[test]
fn a_whole_run_takes_no_more() {
    let told = suites::requests(suites::all().iter().filter(|check| !check.framed));
    let sent = common::run_as("rfc", suites::all(), None).exchanges.len();
    assert!((told / 2..=told).contains(&u32::try_from(sent).expect("a count")), "{sent} of {told}");
}
