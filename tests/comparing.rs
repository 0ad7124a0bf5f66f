//! Runs that are held to an earlier one by the command line: what scenarios and loads miss, and whole proofs. What a baseline
//! does to checks is in `waiving.rs`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use support::{Ended, Hook, Message, Proxy, Report, Served, TOKEN, TOKEN_VARIABLE, run, scimproof};

/// Runs a command with the folder as the working directory; its reports go to a folder there.
fn into(dir: &Path, out: &str, arguments: &[&str]) -> Ended {
    let mut command = scimproof();
    command.args(arguments).args(["--token-env", TOKEN_VARIABLE, "--out", out]);
    run(command.env(TOKEN_VARIABLE, TOKEN).current_dir(dir))
}

/// A copy of a run that is as if it were of another server.
fn moved(dir: &Path, of: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(dir.join(of).join("run.json")).expect("a run");
    std::fs::write(dir.join("moved.json"), text.replace(from, to)).expect("a file");
}

/// What is new and known of a part.
fn counts(dir: &Path, out: &str, part: &str) -> [usize; 2] {
    let baseline = &Report::read(&dir.join(out)).run[part]["baseline"];
    ["new", "known"].map(|word| baseline[word].as_array().map_or(0, Vec::len))
}

#[test]
fn a_sync_fails_for_what_its_baseline_did_not_miss() {
    let faulty = Served::start(&["--profile", "entra-ready", "--fault", "inactive-users-are-hidden"]);
    let healthy = Served::start(&["--profile", "entra-ready"]);
    let dir = tempfile::tempdir().expect("a directory");
    let sync = |served: &Served, out: &str, more: &[&str]| {
        into(dir.path(), out, &[&["sync", "unassign-and-reassign", &served.url], more].concat())
    };
    sync(&faulty, "before", &[]).exits(1);
    let again = sync(&faulty, "again", &["--baseline", "before/run.json"]).exits(0);
    again.says(&[
        "NOTHING NEW: the scenario unassign-and-reassign misses",
        "Scenarios against run",
        "  known",
    ]);
    let [new, known] = counts(dir.path(), "again", "sync");
    assert!(new == 0 && known > 0, "{new} new, {known} known");
    let command = Report::read(&dir.path().join("again")).run["command"].to_string();
    assert!(command.contains("--baseline before/run.json"), "{command}");

    moved(dir.path(), "before", &faulty.url, &healthy.url);
    let mended = sync(&healthy, "mended", &["--baseline", "moved.json"]).exits(0);
    mended.says(&["PROOF", "mended: was missed or could not be judged, and holds now"]);

    moved(dir.path(), "mended", &healthy.url, &faulty.url);
    let broken = sync(&faulty, "broken", &["--baseline", "moved.json"]).exits(1);
    broken.says(&[
        "NOT PROOF",
        "new: is missed or cannot be judged, and that is new",
        "sync.unassign-and-reassign step",
    ]);
}

#[test]
fn a_load_fails_for_the_objectives_that_its_baseline_met() {
    let served = Served::start(&[]);
    let (broken, looks) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
    let is_broken = Arc::clone(&broken);
    let hook = Hook {
        after: Box::new(move |seen, answer| {
            let is_look = seen.request.method() == "GET" && seen.request.start.contains("filter=userName");
            let fails =
                is_look && is_broken.load(Ordering::SeqCst) && looks.fetch_add(1, Ordering::SeqCst) % 20 == 7;
            Some(if fails { Message::response(500, "application/scim+json", "{}") } else { answer })
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let load = |out: &str, more: &[&str]| {
        let arguments = ["load", "short-proof", &proxy.url, "--executor", "closed"];
        into(dir.path(), out, &[&arguments, more].concat())
    };
    load("good", &[]).exits(0);
    broken.store(true, Ordering::SeqCst);
    // Too many errors, and with them not everything is delivered.
    let missed = load("bad", &["--baseline", "good/run.json"]).exits(12);
    missed.says(&["OBJECTIVE MISSED", "2 new, 0 known", "load.short-proof objective errors"]);
    let again = load("again", &["--baseline", "bad/run.json"]).exits(0);
    again.says(&["NOTHING NEW: 2 of 2 objectives are missed", "0 new, 2 known"]);
    assert_eq!(counts(dir.path(), "again", "load"), [0, 2]);
    broken.store(false, Ordering::SeqCst);
    load("mended", &["--baseline", "bad/run.json"]).exits(0).says(&["PROOF", "0 new, 0 known, 1 mended"]);
    served.assert_empty();
}

/// A nightly proof of a server that is known to be wrong.
#[test]
fn a_proof_is_held_to_its_baseline_in_every_part_that_this_has() {
    let served = Served::start(&["--profile", "entra-ready", "--fault", "inactive-users-are-hidden"]);
    let dir = tempfile::tempdir().expect("a directory");
    let prove = |out: &str, more: &[&str]| {
        into(dir.path(), out, &[&["prove", &served.url, "--seed", "7"], more].concat())
    };
    prove("before", &[]).exits(1);
    prove("again", &["--baseline", "before/run.json"]).exits(0).says(&["NOTHING NEW"]);
    let run = Report::read(&dir.path().join("again")).run;
    for part in ["checks", "sync", "load"] {
        assert_eq!(
            run[part]["baseline"]["run"],
            Report::read(&dir.path().join("before")).run["id"],
            "{part}"
        );
    }
    let [new, known] = counts(dir.path(), "again", "sync");
    assert!(new == 0 && known > 0, "{new} new, {known} known");

    // As `check` leaves it: nobody knows whether what the scenarios miss is new.
    let path = dir.path().join("before/run.json");
    let mut checked: record::Run =
        reports::json::parse(&std::fs::read_to_string(&path).expect("a run")).expect("a run");
    (checked.sync, checked.load) = (None, None);
    std::fs::write(&path, reports::json::render(&checked).expect("a run")).expect("a file");
    let ended = prove("other", &["--baseline", "before/run.json"]).exits(1);
    ended.says(&[
        "it holds no scenarios, so these count as without it",
        "it holds no loads, so these count as without it",
    ]);
    assert_eq!(counts(dir.path(), "other", "sync"), [0, 0]);
}

#[test]
fn a_baseline_without_anything_to_compare_is_refused_and_nothing_is_sent() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    into(dir.path(), "before", &["check", &served.url, "--only", "delete"]).exits(0);
    let proxy = Proxy::start(&served);
    moved(dir.path(), "before", &served.url, &proxy.url);
    let baseline = ["--baseline", "moved.json"];
    for (verb, lacks) in [("sync", "it holds no scenarios that were played"), ("load", "it holds no loads")] {
        let name = if verb == "sync" { "rename" } else { "short-proof" };
        let arguments = [&[verb, name, &proxy.url], &baseline[..]].concat();
        into(dir.path(), "after", &arguments).exits(13).complains(&["cannot be compared", lacks]);
        let other = [&arguments[..], &["--profile", "bonusly"]].concat();
        into(dir.path(), "after", &other).exits(13).complains(&["held to profile rfc, and this run to"]);
    }
    let none = ["sync", "rename", &proxy.url, "--baseline", "nowhere.json"];
    into(dir.path(), "after", &none).exits(2).complains(&["nowhere.json"]);
    assert_eq!(proxy.requests().len(), 0);
}
