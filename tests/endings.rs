//! How a run ends that something comes in the way of: a disk that is full, a signal, a limit.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{
    Ended, Hook, Message, PATIENCE, Proxy, Report, Running, Seen, Served, Step, TOKEN, TOKEN_VARIABLE, files,
    run, scimproof,
};

/// Runs a command whose standard output is a disk without any room: `/dev/full` is there on Linux.
#[cfg(target_os = "linux")]
fn unheard(command: &mut Command) -> Ended {
    let full = File::create("/dev/full").expect("it is there");
    let output = command.stdout(full).output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ended { code: output.status.code(), stdout: String::new(), stderr }
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_told() {
    for arguments in [&["faults"][..], &["check", "--list"], &["explain", "delete.answers-204"]] {
        let ended = unheard(scimproof().args(arguments)).exits(4);
        assert_eq!(ended.complains(&["cannot write to standard output"]).stderr.lines().count(), 1);
    }
}

/// A mishap goes before a failure, and the failure is told all the same.
#[test]
#[cfg(target_os = "linux")]
fn a_failure_that_nobody_could_read_is_told_apart() {
    let served = Served::start(&["--fault", "delete-answers-200"]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &served.url, "--token-env", TOKEN_VARIABLE, "--only", "delete"]);
    command.arg("--out").arg(dir.path()).env(TOKEN_VARIABLE, TOKEN);
    let ended = unheard(&mut command).exits(4);
    ended.complains(&["cannot write to standard output", "what is lost would have ended with exit code 1"]);
    assert!(dir.path().join("run.json").exists(), "the reports are written all the same");
    run(&mut command).exits(1);
    // Wrong usage goes before a mishap, and what went well only is a mishap.
    unheard(command.args(["--only", "nothing"])).exits(2);
}

/// A disk on which a file can be made and nothing written, as far as a process may be told so: no file may be longer than nothing.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_no_empty_journal() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    for (verb, kept) in [("doctor", false), ("sync", true)] {
        let mut command = Command::new("sh");
        let within = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
        command.args(["-c", within, env!("CARGO_BIN_EXE_scimproof"), verb]);
        command.args(if kept { &["steady-state"][..] } else { &[] }).args([&served.url, "--out", "out"]);
        command.args(["--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN).current_dir(dir.path());
        run(&mut command).exits(4).complains(&["cannot write"]);
        let left = dir.path().join("out");
        assert!(!left.exists() || (kept && files(&left).is_empty()), "{verb}");
    }
    served.assert_empty();
}

/// Whoever named the file is not to blame for the disk, but for a folder that is not there.
#[test]
#[cfg(target_os = "linux")]
fn a_report_that_finds_no_room_is_a_mishap() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", "--only", "delete", "--out", "out"]);
    run(command.current_dir(dir.path())).exits(0);
    let report = |option: &str, place: &str| {
        let mut command = scimproof();
        command.args(["report", "out/run.json", option, place]);
        run(command.current_dir(dir.path()))
    };
    for option in ["--html", "--junit", "--sarif", "--markdown", "--har", "--json"] {
        report(option, "/dev/full").exits(4).complains(&[&format!("cannot write to {option} /dev/full")]);
        report(option, "none/file").exits(2).complains(&[&format!("cannot write to {option} none/file")]);
        report(option, "out").exits(2).complains(&["cannot write to"]);
    }
}

/// Whoever is stopped while it still fetches a secret says so, by a line and by its exit code.
#[test]
fn a_signal_before_the_run_is_told() {
    let dir = tempfile::tempdir().expect("a directory");
    // It says that it was asked, and then nothing for longer than anybody waits.
    let slow = "echo asked >&2; exec sleep 30 2>&-";
    let file = format!(
        "url = \"http://127.0.0.1:9/scim/v2\"\n[auth.bearer]\ntoken = {{ command = [\"sh\", \"-c\", \"{slow}\"] }}\n"
    );
    std::fs::write(dir.path().join("target.toml"), file).expect("a file");
    for words in ["check", "prove", "doctor", "sync steady-state", "load short-proof"] {
        let mut command = scimproof();
        command.args(words.split(' ')).args(["--target", "target.toml", "--out", "out"]);
        let running = Running::start(command.current_dir(dir.path()));
        assert!(running.first_complaint().contains("asked"), "{words}");
        running.signal("INT");
        running.wait(PATIENCE).exits(130).complains(&["stopped before the run began"]);
    }
}

/// Stops a command at a request that this picks, and stops it again while it cleans up.
fn stopped_twice(
    words: &[&str],
    dir: &Path,
    holds: impl Fn(&Seen) -> bool + Send + Sync + 'static,
) -> Report {
    let served = Served::start(&["--profile", "entra-ready"]);
    let (reached, at) = mpsc::channel();
    let hook = Hook {
        before: Box::new(move |seen| {
            if !holds(seen) {
                return Step::Forward;
            }
            let _ = reached.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let mut command = scimproof();
    command
        .args(words)
        .args([&proxy.url, "--timeout", "600", "--token-env", TOKEN_VARIABLE, "--out"])
        .arg(dir);
    let running = Running::start(command.env(TOKEN_VARIABLE, TOKEN));
    at.recv_timeout(3 * PATIENCE).expect("it gets that far");
    running.signal("INT");
    running.first_complaint();
    running.stop_again(PATIENCE).exits(130).complains(&["what had ended is written to", "scimproof sweep"]);
    Report::read(dir)
}

#[test]
fn a_second_signal_leaves_the_reports_of_the_checks_that_had_ended() {
    let dir = tempfile::tempdir().expect("a directory");
    let words = ["check", "--only", "delete,create", "--jobs", "1"];
    let report = stopped_twice(&words, dir.path(), |seen| seen.number >= 40);
    let number = report.results().len();
    assert!(number > 3 && report.ended("pass").len() > 3, "{number} results");
    assert!(report.exchanges().len() >= 30, "{} exchanges", report.exchanges().len());
    assert_eq!((&report.run["checks"]["interrupted"], report.leftovers()), (&json!(true), 1));
    // What was known before the first of them is told too: what the server offers, and what was left out.
    let checks = &report.run["checks"];
    assert!(
        checks["capabilities"].as_array().is_some_and(|known| known.len() > 5),
        "{}",
        checks["capabilities"]
    );
    assert!(checks["excluded"].as_array().is_some_and(|left| left.len() > 100), "{}", checks["excluded"]);
    let sentence = report.run["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("INTERRUPTED: stopped before the end"), "{sentence}");
}

/// As GNU `timeout` does it, and a terminal with a supervisor behind it.
#[test]
fn two_signals_at_once_are_one_wish_and_the_run_cleans_up() {
    let served = Served::start(&[]);
    let (reached, at) = mpsc::channel();
    let hook = Hook {
        before: Box::new(move |seen| {
            if seen.number == 60 {
                let _ = reached.send(());
            }
            Step::Forward
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let running = Running::start(command.arg("--out").arg(dir.path()));
    at.recv_timeout(PATIENCE).expect("the run gets that far");
    running.signals(&["INT", "TERM"]);
    let ended = running.wait(PATIENCE).exits(130).complains(&["stopping"]);
    assert!(!ended.stderr.contains("ended:"), "{}", ended.stderr);
    assert!(!files(dir.path()).iter().any(|name| name.starts_with("journal-")), "{ended:?}");
    served.assert_empty();
}

#[test]
fn a_second_signal_leaves_the_reports_of_what_a_proof_had_come_to() {
    let dir = tempfile::tempdir().expect("a directory");
    // People of the scenarios, which follow the checks.
    let of_a_scenario = |seen: &Seen| {
        let body = String::from_utf8_lossy(&seen.request.body);
        seen.request.method() == "POST" && body.contains(scenarios::file::DOMAIN)
    };
    let report = stopped_twice(&["prove"], dir.path(), of_a_scenario);
    assert!(report.results().len() > 300, "{} results", report.results().len());
    // All checks had ended, and the proof had not.
    let sentence = report.run["sentence"].as_str().expect("a sentence");
    let is_told = sentence.starts_with("INTERRUPTED: ") && sentence.contains("stopped before the end");
    assert!(is_told, "{sentence}");
}

/// It is held to its baseline as far as it came.
#[test]
fn a_second_signal_leaves_a_report_that_is_held_to_its_baseline() {
    let dir = tempfile::tempdir().expect("a directory");
    let first = dir.path().join("first");
    let served = Served::start(&["--profile", "entra-ready"]);
    run(served.check(&served.url).args(["--only", "delete,create", "--out"]).arg(&first)).exits(0);
    // Another server at another address: one that listens at both is the same.
    let baseline = first.join("run.json");
    let second = dir.path().join("second");
    let (reached, at) = mpsc::channel();
    let hook = Hook {
        before: Box::new(move |seen| {
            if seen.number < 40 {
                return Step::Forward;
            }
            let _ = reached.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let mut text = std::fs::read_to_string(&baseline).expect("a run");
    text = text.replace(&served.url, &proxy.url);
    std::fs::write(&baseline, text).expect("a run");
    let mut command = served.check(&proxy.url);
    command.args(["--only", "delete,create", "--jobs", "1", "--timeout", "600", "--baseline"]);
    let running = Running::start(command.arg(&baseline).arg("--out").arg(&second));
    at.recv_timeout(3 * PATIENCE).expect("it gets that far");
    running.signal("INT");
    running.first_complaint();
    running.stop_again(PATIENCE).exits(130);
    let report = Report::read(&second);
    assert!(report.run["checks"]["baseline"].is_object(), "{}", report.run["checks"]["baseline"]);
}

/// The bundled server goes with the program, and what it held goes with it.
#[test]
#[expect(clippy::disallowed_methods, reason = "what is waited for may never come")]
fn a_second_signal_leaves_nothing_behind_on_the_bundled_server() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    // Reads lag far, so that the clean-up takes long enough to be stopped.
    let running = Running::start(command.args(["prove", "--lag", "20", "--out"]).arg(dir.path()));
    let journal = |name: &String| name.starts_with("journal-");
    let began = Instant::now();
    let is_under_way = || {
        files(dir.path()).iter().find(|name| journal(name)).is_some_and(|name| {
            let text = std::fs::read_to_string(dir.path().join(name)).unwrap_or_default();
            text.contains("\"created\"")
        })
    };
    while !is_under_way() {
        assert!(began.elapsed() < 3 * PATIENCE, "it creates something");
        std::thread::yield_now();
    }
    running.signal("INT");
    running.first_complaint();
    running.stop_again(PATIENCE).exits(130);
    let left = files(dir.path());
    assert!(!left.iter().any(journal), "{left:?}");
    // Where no check had ended there is nothing to tell.
    if left.iter().any(|name| name == "run.json") {
        assert_eq!(Report::read(dir.path()).leftovers(), 0);
    }
}

/// A journal of a run that was killed, of which so many users stand.
fn left_behind(served: &Served, dir: &Path, number: usize) {
    let mut lines = vec![json!({ "entry": "run", "run": "e2e1", "target": served.url })];
    for number in 1..=number {
        let name = format!("scimproof-e2e1-user-{number}");
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name });
        let users = format!("{}/Users", served.url);
        let answer = Message::send("POST", &users, &served.token, body.to_string().as_bytes());
        let path = format!("/Users/{}", answer.expect("an answer").json()["id"].as_str().expect("an id"));
        lines.push(json!({ "entry": "intent", "number": number, "endpoint": "/Users", "name": name }));
        lines.push(json!({ "entry": "created", "number": number, "resources": [path] }));
    }
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(dir.join("journal-e2e1.ndjson"), lines).expect("a journal");
}

fn sweep(served: &Served, dir: &Path, options: &[&str]) -> Ended {
    let mut command = scimproof();
    command.args(["sweep", &served.url, "--out", "."]).args(options).current_dir(dir);
    run(command.args(["--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN))
}

#[test]
fn a_sweep_that_comes_to_its_limit_says_what_goes_on() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    left_behind(&served, dir.path(), 8);
    sweep(&served, dir.path(), &["--max-requests", "1"])
        .exits(1)
        .complains(&["nothing swept: the limit of 1 requests is reached", "scimproof sweep"]);
    let ended = sweep(&served, dir.path(), &["--max-requests", "12"]).exits(1);
    let ended = ended.says(&["its turn did not come"]);
    assert!(!ended.stdout.contains("nothing was sent"), "{}", ended.stdout);
    let left = served.total("/Users");
    assert!((1..8).contains(&left), "{left} left");
    // As it is told.
    let (said, next) = ended.stderr.trim().split_once("is removed with: scimproof ").expect("a command");
    assert!(said.contains("the limit of 12 requests is reached"), "{said}");
    let mut command = scimproof();
    command.args(next.split(' ')).env(TOKEN_VARIABLE, TOKEN).current_dir(dir.path());
    run(&mut command).exits(0).says(&[" 0 left"]);
    served.assert_empty();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what is tested is how much time passes")]
fn a_sweep_is_no_faster_than_it_may_be() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    left_behind(&served, dir.path(), 6);
    let start = Instant::now();
    sweep(&served, dir.path(), &["--rps", "20"]).exits(0).says(&["6 removed"]);
    // Each is read before it is removed.
    assert!(start.elapsed() > Duration::from_millis(11 * 50), "{:?}", start.elapsed());
    served.assert_empty();
}

/// Before anything was created, while it is, and in the middle of the probes: what comes to nothing because somebody stopped it says nothing
/// of the server, and is not written down as what the server is.
#[test]
fn doctor_blames_a_signal_on_nobody_and_leaves_no_target_file() {
    let served = Served::start(&[]);
    for method in ["PATCH", "POST", "sortBy"] {
        let (reached, at) = mpsc::channel();
        let before = move |seen: &Seen| {
            if !(seen.request.method() == method || seen.request.path().contains(method)) {
                return Step::Forward;
            }
            let _ = reached.send(());
            Step::Hold
        };
        let proxy = Proxy::start_with(&served, Hook { before: Box::new(before), ..Hook::default() });
        let dir = tempfile::tempdir().expect("a directory");
        for write in ["t.toml", "-"] {
            let mut look = scimproof();
            look.env(TOKEN_VARIABLE, TOKEN).current_dir(dir.path());
            let running = Running::start(look.args([
                "doctor",
                &proxy.url,
                "--token-env",
                TOKEN_VARIABLE,
                "--write",
                write,
            ]));
            at.recv_timeout(PATIENCE).expect("it gets that far");
            running.signal("INT");
            let ended = running.wait(PATIENCE).exits(130);
            let told = match write {
                "-" => ended.complains(&["INTERRUPTED: not everything was looked at"]),
                _ => ended
                    .says(&["INTERRUPTED: not everything was looked at"])
                    .complains(&["not written: t.toml: it was stopped"]),
            };
            assert!(write != "-" || told.stdout.is_empty(), "{}", told.stdout);
            let told = format!("{}{}", told.stdout, told.stderr);
            for wrong in ["What would block a run", "no-answer", "falls-silent", "--force"] {
                assert!(!told.contains(wrong), "{method}: {wrong:?} in {told}");
            }
            // A create that was under way may have been carried out: its journal stays.
            let journal: &[&str] = if method == "POST" { &["scimproof-report"] } else { &[] };
            assert_eq!(files(dir.path()), journal, "{method}");
        }
    }
    served.assert_empty();
}
