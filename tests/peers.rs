//! SCIM software by others: their server under our checks, our server under theirs.
//!
//! Needs `SCIMPROOF_PEERS`, the directory with `scim2-server` and `scim2` (the pins stand in `.ci/run`). Where the
//! variable is missing the tests do nothing and say so; where `CI` is set they fail.

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

use support::{Report, Running, Served, TOKEN, TOKEN_VARIABLE, run, scimproof};

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
    let told = writeln!(std::io::stderr(), "NOT TESTED: {what}; set SCIMPROOF_PEERS (see .ci/run)");
    told.expect("standard error is there");
}

/// `scim2-server` on a free port, and its base URL.
fn scim2_server(program: &Path) -> (Running, String) {
    for _ in 0..ATTEMPTS {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let mut command = Command::new(program);
        command.args(["--bearer-token", TOKEN, "--port", &port.to_string()]).env("PYTHONUNBUFFERED", "1");
        let running = Running::start(&mut command);
        let line = running.first_line();
        if line.starts_with("Serving SCIM on ") {
            return (running, format!("http://127.0.0.1:{port}/v2"));
        }
    }
    panic!("scim2-server does not start on any of {ATTEMPTS} ports");
}

/// The ids under a heading of the page that holds what was found by hand.
fn triaged(heading: &str) -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop/scim2-server.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    assert_eq!(page.lines().filter(|line| *line == format!("## {heading}")).count(), 1, "## {heading}");
    let section = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    let entries = section.take_while(|line| !line.starts_with("## "));
    let ids = entries.filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    ids.map(str::to_owned).collect()
}

#[test]
fn scim2_server_is_judged_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under scimproof");
    };
    let (_server, url) = scim2_server(&program);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let ended = run(command.env(TOKEN_VARIABLE, TOKEN));
    let report = Report::read(dir.path());

    let found = |kinds: &[&str]| kinds.iter().flat_map(|kind| report.ended(kind)).collect::<BTreeSet<_>>();
    let told = &ended.stdout;
    assert_eq!(found(&["fail", "warn"]), triaged("Failures and warnings"), "{told}");
    let unjudged = found(&["blocked", "not-supported", "error"]);
    assert_eq!(unjudged, triaged("Not judged"), "{told}");
    assert!(unjudged.len() * 10 <= report.results().len(), "{} not judged\n{told}", unjudged.len());
    assert_eq!(report.noted(), triaged("Readings"), "{told}");
    assert_eq!(report.leftovers(), 0, "{told}");

    // The exit code follows from the same verdicts.
    let expected = i32::from(!found(&["fail", "blocked"]).is_empty());
    ended.exits(expected);
}

#[test]
fn scim2_finds_nothing_wrong_with_the_bundled_server() {
    let Some(program) = peer("scim2") else {
        return skip("the bundled server under scim2");
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
