//! `prove`, `sync` and `load` as somebody runs them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use serde_json::Value;
use support::{
    Hook, Hostile, Message, PATIENCE, Proxy, Report, Running, Served, Step, TOKEN_VARIABLE, dead_url, run,
    scimproof,
};

fn out(dir: &Path, arguments: &[&str]) -> support::Ended {
    run(scimproof().args(arguments).arg("--out").arg(dir))
}

fn against(served: &Served, dir: &Path, arguments: &[&str]) -> support::Ended {
    let mut command = scimproof();
    command.args(arguments).args(["--token-env", TOKEN_VARIABLE, "--out"]).arg(dir);
    run(command.env(TOKEN_VARIABLE, &served.token))
}

/// The outcomes of all expectations of a run, by kind.
fn outcomes(run: &Value) -> Vec<String> {
    let scenarios = run["sync"]["scenarios"].as_array().expect("scenarios").iter();
    let steps = scenarios.flat_map(|scenario| scenario["steps"].as_array().expect("steps"));
    let expectations = steps.filter_map(|step| step["expectations"].as_array()).flatten();
    expectations.map(|expectation| expectation["outcome"]["kind"].to_string()).collect()
}

#[test]
fn one_proof_holds_all_three_parts() {
    let dir = tempfile::tempdir().expect("a directory");
    let ended = out(dir.path(), &["prove", "--seed", "7"]).exits(0);
    assert!(ended.stdout.contains("PROOF: all "), "{}", ended.stdout);
    // The report and nothing else, also from libraries that like to talk.
    assert!(ended.stdout.trim_start().starts_with("pass  warn  fail"), "{}", ended.stdout);
    let report = Report::read(dir.path());
    let run = &report.run;
    assert!(run["checks"]["results"].as_array().expect("results").len() > 200);
    let outcomes = outcomes(run);
    assert!(outcomes.len() > 100 && outcomes.iter().all(|kind| kind == "\"held\""), "{outcomes:?}");
    let load = &run["load"]["runs"][0];
    assert_eq!(
        (load["audit"]["differing"].as_u64(), load["created"].as_u64()),
        (Some(0), load["removed"].as_u64())
    );
    assert!(load["created"].as_u64() > Some(200), "{load}");
    assert_eq!(run["sync"]["created"], run["sync"]["removed"]);
}

/// The scenarios ask for more than the standard, and nobody is to find that out afterwards.
#[test]
fn what_the_scenarios_ask_for_is_said_beforehand() {
    let dir = tempfile::tempdir().expect("a directory");
    for verb in ["prove", "sync"] {
        let plan = out(dir.path(), &[verb, "http://127.0.0.1:9/scim", "--dry-run"]).exits(0);
        plan.says(&["the scenarios ask for what the profile entra-ready promises; `scimproof check --profile entra-ready`"]);
    }
    out(dir.path(), &["prove", "--dry-run"]).says(&["the scenarios ask for what these profiles promise: "]);
}

/// An application need not have groups, and may decide on addresses: the load is of what it takes.
#[test]
fn every_application_that_comes_with_the_program_is_proved() {
    for profile in ["entra-ready", "bonusly", "promapp", "blogin"] {
        let dir = tempfile::tempdir().expect("a directory");
        let ended = out(dir.path(), &["prove", "--profile", profile, "--seed", "7"]).exits(0);
        assert!(ended.stdout.contains("PROOF: "), "{profile}: {}", ended.stdout);
        let run = Report::read(dir.path()).run;
        assert_eq!(run["load"]["runs"][0]["audit"]["differing"].as_u64(), Some(0), "{profile}");
        assert!(outcomes(&run).iter().all(|kind| kind == "\"held\""), "{profile}");
    }
}

#[test]
fn a_server_that_loses_members_under_load_is_no_proof() {
    let served = Served::start(&["--fault", "lost-member-add"]);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = against(&served, dir.path(), &["load", "short-proof", &served.url, "--executor", "closed"]);
    let ended = ended.exits(1);
    assert!(ended.stdout.contains("NOT PROOF"), "{}", ended.stdout);
    let audit = &Report::read(dir.path()).run["load"]["runs"][0]["audit"];
    assert!(audit["differing"].as_u64() > Some(0), "{audit}");
    served.assert_empty();
}

/// Not one of those about time, which a busy machine would spoil.
#[test]
fn an_objective_that_is_missed_has_an_exit_code_of_its_own() {
    let served = Served::start(&[]);
    let looks = AtomicUsize::new(0);
    let hook = Hook {
        after: Box::new(move |seen, answer| {
            let is_look = seen.request.method() == "GET" && seen.request.start.contains("filter=userName");
            let fails = is_look && looks.fetch_add(1, Ordering::SeqCst) % 20 == 7;
            Some(if fails { Message::response(500, "application/scim+json", "{}") } else { answer })
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let arguments = ["load", "short-proof", &proxy.url, "--executor", "closed"];
    let ended = against(&served, dir.path(), &arguments).exits(12);
    assert!(ended.stdout.contains("OBJECTIVE MISSED"), "{}", ended.stdout);
    served.assert_empty();
}

#[test]
fn a_scenario_is_played_on_a_server_that_is_named_and_leaves_nothing() {
    let served = Served::start(&["--profile", "entra-ready"]);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = against(&served, dir.path(), &["sync", "create-with-manager", &served.url]).exits(0);
    for word in ["initial", "POST /Users", "why"] {
        assert!(ended.stdout.contains(word), "{word}: {}", ended.stdout);
    }
    served.assert_empty();
}

/// It would show nothing yet of what was written just before.
#[test]
fn a_server_whose_reads_are_said_to_lag_is_held_to_the_same() {
    let served = Served::start(&["--profile", "entra-ready", "--variant", "reads-lag-behind-writes"]);
    let dir = tempfile::tempdir().expect("a directory");
    let scenario = ["sync", "later-address", &served.url, "--lag", "2"];
    against(&served, dir.path(), &scenario).exits(0).says(&["PROOF"]);
    assert!(Report::read(dir.path()).run["command"].to_string().contains(" --lag 2 "));
}

/// The audit would miss what was just written, and the clean-up see what was just removed.
#[test]
fn a_server_whose_reads_are_said_to_lag_is_audited_when_it_has_caught_up() {
    let served = Served::start(&["--variant", "reads-lag-behind-writes"]);
    let dir = tempfile::tempdir().expect("a directory");
    let load = ["load", "short-proof", &served.url, "--executor", "closed", "--lag", "2"];
    against(&served, dir.path(), &load).exits(0).says(&["audited clean"]);
    assert!(Report::read(dir.path()).run["command"].to_string().contains(" --lag 2"));
}

/// What stands in the command that repeats a run was so in the run.
#[test]
fn the_bundled_server_is_waited_for_as_any_other() {
    let dir = tempfile::tempdir().expect("a directory");
    out(dir.path(), &["sync", "later-address", "--lag", "1"]).exits(0);
    let run = Report::read(dir.path()).run;
    assert!(run["command"].to_string().contains(" --lag 1 "), "{}", run["command"]);
    // A cycle, the reads that judge it, and the clean-up each wait.
    assert!(run["durationMs"].as_u64() > Some(2_000), "{}", run["durationMs"]);
}

#[test]
fn a_server_that_misreads_a_client_misses_expectations() {
    let served = Served::start(&["--profile", "entra-ready", "--fault", "inactive-users-are-hidden"]);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = against(&served, dir.path(), &["sync", "unassign-and-reassign", &served.url]).exits(1);
    assert!(ended.stdout.contains("NOT PROOF"), "{}", ended.stdout);
    let outcomes = outcomes(&Report::read(dir.path()).run);
    assert!(outcomes.iter().any(|kind| kind == "\"missed\""), "{outcomes:?}");
    served.assert_empty();
}

/// A server may do what it was asked and die before it says so: nobody knows where the user is, only how it is called.
#[test]
fn a_create_whose_answer_is_lost_leaves_nobody_behind() {
    for arguments in [&["sync", "create-with-manager"][..], &["load", "short-proof", "--executor", "closed"]]
    {
        let served = Served::start(&["--profile", "entra-ready"]);
        let creates = AtomicUsize::new(0);
        let hook = Hook {
            after: Box::new(move |seen, answer| {
                let is_second =
                    seen.request.method() == "POST" && creates.fetch_add(1, Ordering::SeqCst) == 1;
                (!is_second).then_some(answer)
            }),
            ..Hook::default()
        };
        let proxy = Proxy::start_with(&served, hook);
        let dir = tempfile::tempdir().expect("a directory");
        against(&served, dir.path(), &[arguments, &[&proxy.url]].concat());
        served.assert_empty();
        let run = Report::read(dir.path()).run;
        let part = if arguments[0] == "sync" { &run["sync"] } else { &run["load"]["runs"][0] };
        assert_eq!((&part["removed"], &part["leftovers"]), (&part["created"], &Value::Null));
    }
}

/// A client that is played waits as long as its provider does, unless somebody says how long a request may take.
#[test]
fn a_time_limit_that_is_said_holds_for_a_played_client_too() {
    let served = Served::start(&["--profile", "entra-ready"]);
    let creates = AtomicUsize::new(0);
    let hook = Hook {
        before: Box::new(move |seen| {
            let is_first = seen.request.method() == "POST" && creates.fetch_add(1, Ordering::SeqCst) == 0;
            if is_first { Step::Hold } else { Step::Forward }
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let arguments = ["sync", "create-with-manager", &proxy.url, "--timeout", "1"];
    against(&served, dir.path(), &arguments).exits(1);
    let run = Report::read(dir.path()).run;
    let log = run["sync"]["scenarios"][0]["log"].as_array().expect("a log");
    assert!(log.iter().any(|row| row["errorCode"] == "Timeout"), "{log:?}");
    assert!(run["command"].as_str().is_some_and(|command| command.contains("--timeout 1 ")), "{run}");
    served.assert_empty();
}

#[test]
fn what_cannot_be_is_said_and_nothing_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["sync", "bonusly-weak"], 2, "bonusly-week"),
        (&["sync", "steady-state", "http://192.0.2.1/scim/v2"], 2, "--yes"),
        (&["load", "initial-bulk"], 2, "initial-bulk-sync"),
        (&["load", "short-proof", "http://192.0.2.1/scim/v2"], 2, "--yes"),
        (&["load", "short-proof", "--objective", "p99<200 for create-user"], 2, "--objective"),
        (&["prove", "http://192.0.2.1/scim/v2"], 2, "--yes"),
        (&["sync", "nowhere.toml"], 2, "nowhere.toml"),
        (&["load", "nowhere.toml"], 2, "nowhere.toml"),
    ];
    for (arguments, code, word) in cases {
        out(dir.path(), arguments).exits(*code).complains(&[word]);
    }
}

#[test]
fn a_server_that_is_not_there_ends_a_proof_with_a_report() {
    let dir = tempfile::tempdir().expect("a directory");
    let url = dead_url();
    for arguments in [&["sync", "rename", &url][..], &["load", "short-proof", &url], &["prove", &url]] {
        out(dir.path(), arguments).exits(3).complains(&["connect"]);
    }
    assert!(Report::read(dir.path()).run["unjudged"].is_string());
}

#[test]
fn a_page_to_log_in_is_no_scim_server() {
    let page = Message::response(200, "text/html", "<form>Who are you?</form>");
    let hostile = Hostile::answering(page.bytes());
    let dir = tempfile::tempdir().expect("a directory");
    for verb in [&["sync", "rename"][..], &["load", "short-proof"], &["prove"]] {
        out(dir.path(), &[verb, &[&hostile.url]].concat()).exits(3).complains(&["which is no SCIM"]);
    }
}

#[test]
fn a_credential_that_is_refused_is_told_before_anything_is_played() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    for verb in [&["sync", "rename"][..], &["load", "short-proof"]] {
        let mut command = scimproof();
        command.args(verb).args([&served.url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
        let ended = run(command.env(TOKEN_VARIABLE, "another")).exits(3);
        ended.complains(&["refuses the credential"]);
    }
    served.assert_empty();
}

#[test]
fn plans_and_lists_send_nothing_and_write_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let place = dir.path().join("never");
    for arguments in [
        &["prove", "--dry-run"][..],
        &["sync", "--dry-run"],
        &["load", "--dry-run"],
        &["sync", "--list"],
        &["load", "--list"],
    ] {
        let ended = out(&place, arguments).exits(0);
        assert!(!ended.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!place.exists());
}

/// A cycle may be long and its server slow: a stop does not wait for its end.
#[cfg(unix)]
#[test]
fn a_sync_that_is_stopped_ends_at_its_next_request_and_removes_what_it_created() {
    let served = Served::start(&["--profile", "entra-ready"]);
    let (reached, at) = mpsc::channel();
    let (stopped, go_on) = mpsc::channel::<()>();
    let go_on = Mutex::new(go_on);
    let creates = AtomicUsize::new(0);
    let hook = Hook {
        before: Box::new(move |seen| {
            if seen.request.method() == "POST" && creates.fetch_add(1, Ordering::SeqCst) == 2 {
                reached.send(()).expect("the test listens");
                let go_on = go_on.lock().unwrap_or_else(PoisonError::into_inner);
                go_on.recv_timeout(PATIENCE).expect("the run is stopped");
            }
            Step::Forward
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command
        .args(["sync", "steady-state", &proxy.url, "--token-env", TOKEN_VARIABLE, "--out"])
        .arg(dir.path());
    let running = Running::start(command.env(TOKEN_VARIABLE, &served.token));
    at.recv_timeout(PATIENCE).expect("the third create");
    running.signal("INT");
    running.first_complaint();
    stopped.send(()).expect("the proxy waits");
    running.wait(PATIENCE).exits(130);
    let sync = &Report::read(dir.path()).run["sync"];
    assert_eq!((sync["interrupted"].as_bool(), sync["created"].as_u64()), (Some(true), Some(3)));
    assert_eq!(sync["created"], sync["removed"]);
    served.assert_empty();
}

#[cfg(unix)]
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "what is waited for is in another process, and the wait is bounded"
)]
fn a_load_that_is_stopped_removes_what_it_created() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["load", "initial-bulk-sync", &served.url, "--executor", "closed"]);
    command.args(["--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let running = Running::start(command.env(TOKEN_VARIABLE, &served.token));
    let began = std::time::Instant::now();
    while served.total("/Users") == 0 {
        assert!(began.elapsed() < PATIENCE, "nobody is created");
    }
    running.signal("INT");
    running.wait(PATIENCE).exits(130);
    let run = &Report::read(dir.path()).run["load"];
    assert_eq!(run["interrupted"], true);
    assert_eq!(run["runs"][0]["created"], run["runs"][0]["removed"]);
    served.assert_empty();
}
