//! SCIM software by others: their server under our checks, our server under theirs.
//!
//! Needs `SCIMPROOF_PEERS`, the directory with `scim2-server` and `scim2` (the pins stand in `.ci/run`). Where the
//! variable is missing the tests do nothing and say so; where `CI` is set they fail. Software for Node.js is needed in
//! `SCIMPROOF_NPM_PEERS`, the directory with its `node_modules`; without it that test does nothing and says so.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::interop::{DJANGO_SCIM2, Peer, REPEATABLE, SCIM2_SERVER, SCIMMY, Stored, entry, triaged};
use support::{Ended, PATIENCE, Report, Running, Served, TOKEN, TOKEN_VARIABLE, run, scimproof};

/// How many ports are tried: between finding a free one and using it somebody else may take it.
const ATTEMPTS: usize = 5;

/// A program of the peers; none where there are none and nobody insists.
#[expect(clippy::disallowed_methods, reason = "the environment says where the peers are")]
fn peer(name: &str) -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os("SCIMPROOF_PEERS") {
        let program = Path::new(&directory).join(name);
        assert!(program.exists(), "SCIMPROOF_PEERS is set, and there is no {}", program.display());
        return Some(program);
    }
    let ci = std::env::var("CI").unwrap_or_default();
    assert!(
        ci.is_empty() || ci == "false",
        "CI needs SCIMPROOF_PEERS: the directory with scim2 and scim2-server"
    );
    None
}

/// Says, past the test runner's capture, that nothing was tested.
fn skip(what: &str) {
    use std::io::Write as _;
    let told = writeln!(std::io::stderr(), "NOT TESTED: {what} (see .ci/run)");
    told.expect("standard error is there");
}

/// A server that says where it serves, on a free port.
fn on_a_free_port(start: impl Fn(u16) -> Command) -> (Running, u16) {
    for _ in 0..ATTEMPTS {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let running = Running::start(&mut start(port));
        if running.next_line().starts_with("Serving SCIM on ") {
            return (running, port);
        }
    }
    panic!("the server does not start on any of {ATTEMPTS} ports");
}

/// `scim2-server` and its port.
fn scim2_server(program: &Path, options: &[&str]) -> (Running, u16) {
    on_a_free_port(|port| {
        let mut command = Command::new(program);
        command.args(options).args(["--port", &port.to_string()]).env("PYTHONUNBUFFERED", "1");
        command
    })
}

/// The base URL of a `scim2-server`.
fn base(port: u16) -> String {
    format!("http://127.0.0.1:{port}{}", SCIM2_SERVER.path)
}

/// The name of a scenario that was played, and how many of how many expectations it misses.
fn tally(scenario: &Value) -> (&str, usize, usize) {
    let steps = scenario["steps"].as_array().expect("steps");
    let expectations = steps.iter().filter_map(|step| step["expectations"].as_array()).flatten();
    let outcomes: Vec<bool> = expectations.map(|it| it["outcome"]["kind"] == "missed").collect();
    let missed = outcomes.iter().filter(|missed| **missed).count();
    (scenario["name"].as_str().expect("a name"), missed, outcomes.len())
}

/// Fails unless a run came to just what a page says. The exit code follows from the same verdicts.
#[track_caller]
fn is_as_triaged(peer: &Peer, ended: Ended, report: &Report) {
    let found = |kinds: &[&str]| kinds.iter().flat_map(|kind| report.ended(kind)).collect::<BTreeSet<_>>();
    let told = ended.stdout.clone();
    let entries = |heading: &str| triaged(&peer.page(), heading);
    assert_eq!(found(&["fail", "warn"]), entries("Failures and warnings"), "{told}");
    assert_eq!(found(&["blocked", "not-supported", "error"]), entries("Not judged"), "{told}");
    assert_eq!(report.noted(), entries("Readings"), "{told}");
    assert_eq!(report.leftovers(), 0, "{told}");
    ended.exits(i32::from(!found(&["fail", "blocked"]).is_empty()));
}

/// Fails unless a server is found to be what a stored run says, or stores the run anew with `SCIMPROOF_BLESS=1`. That the page
/// tells of all that the run found is held by `tests/interop.rs`.
#[track_caller]
fn is_as_stored(peer: &Peer, stored: &Stored, port: u16) {
    let url = format!("http://127.0.0.1:{port}{}", peer.path);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url]).args(REPEATABLE).arg("--out").arg(dir.path());
    if stored.with_token {
        command.args(["--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN);
    }
    // SQLite, under one of them, writes slowly.
    let ended = Running::start(&mut command).wait(4 * PATIENCE).exits(1);
    let report = Report::read(dir.path());
    assert_eq!(report.leftovers(), 0, "{}", ended.stdout);
    peer.comes_to(stored, &report);
}

/// As most people run it: eight checks at a time, with names and values of its own.
#[test]
fn scim2_server_is_judged_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under scimproof; set SCIMPROOF_PEERS");
    };
    let (_server, port) = scim2_server(&program, &["--bearer-token", TOKEN]);
    let url = base(port);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let ended = run(command.env(TOKEN_VARIABLE, TOKEN));
    is_as_triaged(&SCIM2_SERVER, ended, &Report::read(dir.path()));
}

#[test]
fn scim2_server_comes_to_its_stored_runs() {
    let Some(program) = peer("scim2-server") else {
        return skip("the stored runs of scim2-server; set SCIMPROOF_PEERS");
    };
    for stored in SCIM2_SERVER.runs {
        let options: &[&str] = if stored.with_token { &["--bearer-token", TOKEN] } else { &[] };
        let (_server, port) = scim2_server(&program, options);
        is_as_stored(&SCIM2_SERVER, stored, port);
    }
}

#[test]
fn scim2_server_is_ready_after_a_look() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under scimproof doctor; set SCIMPROOF_PEERS");
    };
    let (_server, port) = scim2_server(&program, &["--bearer-token", TOKEN]);
    let url = base(port);
    let dir = tempfile::tempdir().expect("a directory");
    let mut look = scimproof();
    look.args(["doctor", &url, "--token-env", TOKEN_VARIABLE, "--write", "target.toml"]);
    let told = run(look.current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN)).exits(0);
    told.says(&["calls itself", "READY"]);
    let mut check = scimproof();
    check.args(["check", "--target", "target.toml", "--only", "delete.answers-204"]);
    run(check.current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN)).exits(0);
}

/// Scenarios run to their end, whatever the server makes of them.
#[test]
fn scim2_server_is_provisioned_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under an identity provider; set SCIMPROOF_PEERS");
    };
    let (_server, port) = scim2_server(&program, &["--bearer-token", TOKEN]);
    let url = base(port);
    let mut missing = BTreeSet::new();
    for (scenarios, played) in [(&[][..], 11), (&["bonusly-week"], 1)] {
        let dir = tempfile::tempdir().expect("a directory");
        let mut command = scimproof();
        command
            .arg("sync")
            .args(scenarios)
            .args([&url, "--token-env", TOKEN_VARIABLE, "--out"])
            .arg(dir.path());
        run(command.env(TOKEN_VARIABLE, TOKEN)).exits(1);
        let sync = &Report::read(dir.path()).run["sync"];
        let told = sync["scenarios"].as_array().expect("scenarios");
        assert_eq!(told.len(), played);
        for scenario in told {
            assert!(scenario["stopped"].is_null(), "{} did not get to its end", scenario["name"]);
            let (name, missed, all) = tally(scenario);
            if missed > 0 {
                let said = entry(&SCIM2_SERVER.page(), name);
                let counted = format!("{missed} of its {all} expectations");
                assert!(!said.contains(" of its ") || said.contains(&counted), "{name}: {counted}");
                missing.insert(name.to_owned());
            }
        }
        assert_eq!((&sync["removed"], &sync["leftovers"]), (&sync["created"], &Value::Null));
    }
    assert_eq!(missing, triaged(&SCIM2_SERVER.page(), "Scenarios that miss expectations"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the environment says where the peers are")]
fn scimmy_comes_to_its_stored_run() {
    let Some(packages) = std::env::var_os("SCIMPROOF_NPM_PEERS") else {
        return skip("the stored run of scimmy; set SCIMPROOF_NPM_PEERS");
    };
    // Node.js looks for packages beside the program.
    let program = Path::new(&packages).join("server.mjs");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop/scimmy/server.mjs");
    std::fs::copy(source, &program).expect("the server is copied");
    let (_server, port) = on_a_free_port(|port| {
        let mut command = Command::new("node");
        command.arg(&program).arg(port.to_string()).env("TOKEN", TOKEN);
        command
    });
    for stored in SCIMMY.runs {
        is_as_stored(&SCIMMY, stored, port);
    }
}

#[test]
fn django_scim2_comes_to_its_stored_run() {
    let Some(python) = peer("python") else {
        return skip("the stored run of django-scim2; set SCIMPROOF_PEERS");
    };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop/django-scim2/server.py");
    let (_server, port) = on_a_free_port(|port| {
        let mut command = Command::new(&python);
        command.arg("-B").arg(&program).arg(port.to_string()).env("TOKEN", TOKEN);
        command
    });
    for stored in DJANGO_SCIM2.runs {
        is_as_stored(&DJANGO_SCIM2, stored, port);
    }
}

#[test]
fn scim2_finds_nothing_wrong_with_the_bundled_server() {
    let Some(program) = peer("scim2") else {
        return skip("the bundled server under scim2; set SCIMPROOF_PEERS");
    };
    let served = Served::start(&[]);
    let mut command = Command::new(program);
    command.args(["--url", &served.url, "--header", &format!("Authorization: Bearer {TOKEN}"), "test"]);
    let ended = run(&mut command);
    let told = format!("{}\n{}", ended.stdout, ended.stderr);

    let mut held = 0;
    for line in ended.stdout.lines() {
        let status = line.split(' ').next().unwrap_or(line);
        match status {
            "SUCCESS" | "COMPLIANT" | "ACCEPTABLE" => held += 1,
            "SKIPPED" | "DEVIATION" | "ERROR" | "CRITICAL" => panic!("{line}\n{told}"),
            _ => {}
        }
    }
    assert!(held > 100, "only {held} checks held\n{told}");
    assert!(!told.contains("Traceback"), "{told}");
    served.assert_empty();
}
