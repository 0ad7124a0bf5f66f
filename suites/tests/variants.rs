//! Justice: every variant of the reference server against every check. A correct server of another kind is never
//! failed, raises the warnings that it lists and no others, and lacks what it says that it lacks.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use record::{CheckResult, Checks, Verdict, VerdictKind};
use reference_server::variants::{self, Variant};
use reference_server::{Builder, ReferenceServer};

/// What somebody would write who tests a server that demands more than a userName.
const PROFILE: &str = r#"
name = "more"
title = "A server that demands more than the standard"
base_path = "/scim/v2"

[samples.User]
name = { givenName = "Given", familyName = "Family" }
emails = [{ value = "{name}@example.com", type = "work" }]
preferredLanguage = "en-GB"
timezone = "Europe/Oslo"
phoneNumbers = [{ value = "tel:+1-201-555-0123", type = "work" }]
password = "Correct-Horse-9"
"#;

/// Runs every check against a server whose reads are said to lag so far.
fn run(builder: Builder, lag_ms: u64) -> Checks {
    let profile = profiles::parse(PROFILE, "more.toml").unwrap();
    common::run(suites::all(), builder, profile, Duration::from_millis(lag_ms))
}

static RUNS: LazyLock<BTreeMap<&'static str, Checks>> = LazyLock::new(|| {
    let queue = Mutex::new(variants::all().iter().collect::<Vec<_>>());
    let runs = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(variant) = { queue.lock().unwrap().pop() } {
                    let builder = ReferenceServer::builder().variant(variant.name);
                    let run = run(builder, variant.lag_ms);
                    runs.lock().unwrap().insert(variant.name, run);
                }
            });
        }
    });
    runs.into_inner().unwrap()
});

fn results(variant: &Variant) -> impl Iterator<Item = &'static CheckResult> {
    RUNS.get(variant.name).unwrap().results.iter()
}

fn complain(problems: impl IntoIterator<Item = String>) {
    let problems: Vec<String> = problems.into_iter().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_variant_is_failed_or_cannot_be_judged() {
    complain(variants::all().iter().flat_map(|variant| {
        let wronged = results(variant).filter(|result| {
            matches!(result.verdict.kind(), VerdictKind::Fail | VerdictKind::Blocked | VerdictKind::Error)
        });
        wronged.map(|result| format!("{}: {}: {:?}", variant.name, result.id, result.verdict))
    }));
}

/// What passes over a connection alone needs one. Nothing of a variant lies there, so that every one of them passes. Whoever
/// lags is left out: over a connection the clock is a real one, and each read would wait for it.
#[test]
fn no_variant_is_accused_over_a_connection() {
    complain(variants::all().iter().filter(|variant| variant.lag_ms == 0).flat_map(|variant| {
        let builder = ReferenceServer::builder().variant(variant.name);
        let profile = profiles::parse(PROFILE, "more.toml").unwrap();
        let results = common::run_framed(suites::all(), builder, profile).results;
        let wronged = results
            .into_iter()
            .filter(|result| !matches!(result.verdict.kind(), VerdictKind::Pass | VerdictKind::NotSupported));
        wronged.map(|result| format!("{}: {}: {:?}", variant.name, result.id, result.verdict))
    }));
}

#[test]
fn a_variant_raises_just_the_warnings_that_it_lists() {
    complain(variants::all().iter().filter_map(|variant| {
        let warned = results(variant).filter(|result| result.verdict.kind() == VerdictKind::Warn);
        let warned: BTreeSet<&str> = warned.map(|result| result.id.as_str()).collect();
        let listed: BTreeSet<&str> = variant.warns.iter().map(|(check, _)| *check).collect();
        (warned != listed).then(|| format!("{} lists {listed:?} and raises {warned:?}", variant.name))
    }));
}

#[test]
fn a_variant_lacks_just_what_it_says() {
    complain(variants::all().iter().filter_map(|variant| {
        let lacking = results(variant).filter_map(|result| match &result.verdict {
            Verdict::NotSupported { capability, .. } => Some(capability.as_str()),
            _ => None,
        });
        let lacking: BTreeSet<&str> = lacking.collect();
        let listed: BTreeSet<&str> = variant.lacks.iter().map(|(what, _)| *what).collect();
        (lacking != listed).then(|| format!("{} lists {listed:?} and lacks {lacking:?}", variant.name))
    }));
}

#[test]
fn what_works_unannounced_is_noted() {
    for (lacking, unannounced, check) in [
        ("patch-is-not-offered", "patch-is-not-announced", "discovery.patch-flag-is-honest"),
        ("filters-are-not-offered", "filters-are-not-announced", "discovery.filter-flag-is-honest"),
        ("sorting-is-ignored", "sorting-is-not-announced", "discovery.sort-flag-is-honest"),
        ("versions-are-not-offered", "versions-are-not-announced", "discovery.etag-flag-is-honest"),
    ] {
        let noted = |variant: &str| {
            let result = results(variants::find(variant).unwrap()).find(|result| result.id == check);
            result.unwrap().notes.iter().any(|note| note.contains("does not announce"))
        };
        assert!(noted(unannounced) && !noted(lacking), "{check}");
    }
}

/// What a server answered, in order, with what it says of the body: everything that a check can tell it by.
fn answers(run: &Checks) -> Vec<(u16, Vec<&str>, &str)> {
    let responses = run.exchanges.iter().filter_map(|exchange| exchange.response.as_ref());
    responses
        .map(|response| {
            let told = response.headers.iter();
            let told =
                told.filter(|header| ["content-type", "content-location"].contains(&header.name.as_str()));
            let body = response.body.as_ref().map_or("", |body| body.text.as_str());
            (response.status, told.map(|header| header.value.as_str()).collect(), body)
        })
        .collect()
}

#[test]
fn every_variant_answers_something_otherwise() {
    let usual = run(ReferenceServer::builder(), 0);
    let again = run(ReferenceServer::builder(), 0);
    assert!(answers(&usual) == answers(&again), "two runs of the same server are the same");
    let alike = RUNS.iter().filter(|(_, run)| answers(run) == answers(&usual));
    complain(alike.map(|(variant, _)| format!("{variant}: no check asks what it answers otherwise")));
}

#[test]
fn nothing_is_left_behind_on_a_variant() {
    complain(
        RUNS.iter()
            .filter(|(_, run)| !run.leftovers.is_empty())
            .map(|(variant, run)| format!("{variant}: {:?}", run.leftovers)),
    );
}

#[test]
fn a_lag_that_nobody_told_of_is_noticed_and_one_that_was_told_hides_no_loss() {
    let accused = |run: &Checks, id: &str| {
        let result = run.results.iter().find(|result| result.id == id);
        result.is_some_and(|result| matches!(result.verdict.kind(), VerdictKind::Fail | VerdictKind::Warn))
    };
    let lagging = ReferenceServer::builder().variant("reads-lag-behind-writes");
    assert!(accused(&run(lagging, 0), "read.answers-200"));
    for (fault, check) in [
        ("store-loses-nickname", "create.shows-what-is-stored"),
        ("store-keeps-deleted", "delete.then-404"),
        ("store-keeps-old-edges", "groups.replace-the-members"),
    ] {
        let lossy = run(ReferenceServer::builder().fault(fault), 400);
        assert!(accused(&lossy, check), "{fault}: {check}");
    }
}
