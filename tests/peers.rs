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

/// `scim2-server` and its base URL.
fn scim2_server(program: &Path, options: &[&str]) -> (Running, String) {
    let (running, port) = on_a_free_port(|port| {
        let mut command = Command::new(program);
        command.args(options).args(["--port", &port.to_string()]).env("PYTHONUNBUFFERED", "1");
        command
    });
    (running, format!("http://127.0.0.1:{port}/v2"))
}

/// The ids under a heading of a page in `docs/interop` that holds what was found by hand.
fn triaged(page: &str, heading: &str) -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop").join(page);
    let page = std::fs::read_to_string(page).expect("the page is there");
    assert_eq!(page.lines().filter(|line| *line == format!("## {heading}")).count(), 1, "## {heading}");
    let section = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    let entries = section.take_while(|line| !line.starts_with("## "));
    let ids = entries.filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    ids.map(str::to_owned).collect()
}

/// What a page says under the heading of an id.
fn entry(page: &str, id: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop").join(page);
    let page = std::fs::read_to_string(page).expect("the page is there");
    let lines = page.lines().skip_while(|line| *line != format!("### `{id}`")).skip(1);
    lines.take_while(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ")
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
fn is_as_triaged(page: &str, part: &str, ended: Ended, report: &Report) {
    let found = |kinds: &[&str]| kinds.iter().flat_map(|kind| report.ended(kind)).collect::<BTreeSet<_>>();
    let told = ended.stdout.clone();
    let heading = |text: &str| format!("{text}{part}");
    assert_eq!(found(&["fail", "warn"]), triaged(page, &heading("Failures and warnings")), "{told}");
    let unjudged = found(&["blocked", "not-supported", "error"]);
    assert_eq!(unjudged, triaged(page, &heading("Not judged")), "{told}");
    assert!(unjudged.len() * 10 <= report.results().len(), "{} not judged\n{told}", unjudged.len());
    assert_eq!(report.noted(), triaged(page, &heading("Readings")), "{told}");
    assert_eq!(report.leftovers(), 0, "{told}");
    ended.exits(i32::from(!found(&["fail", "blocked"]).is_empty()));
}

#[test]
fn scim2_server_is_judged_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under scimproof; set SCIMPROOF_PEERS");
    };
    let (_server, url) = scim2_server(&program, &["--bearer-token", TOKEN]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let ended = run(command.env(TOKEN_VARIABLE, TOKEN));
    is_as_triaged("scim2-server.md", "", ended, &Report::read(dir.path()));
}

#[test]
fn scim2_server_is_ready_after_a_look() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under scimproof doctor; set SCIMPROOF_PEERS");
    };
    let (_server, url) = scim2_server(&program, &["--bearer-token", TOKEN]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut look = scimproof();
    look.args(["doctor", &url, "--token-env", TOKEN_VARIABLE, "--write", "target.toml"]);
    let told = run(look.current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN)).exits(0);
    told.says(&["calls itself", "READY"]);
    let mut check = scimproof();
    check.args(["check", "--target", "target.toml", "--only", "delete.answers-204"]);
    run(check.current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN)).exits(0);
}

#[test]
fn scim2_server_without_a_token_is_judged_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server without a token under scimproof; set SCIMPROOF_PEERS");
    };
    let (_server, url) = scim2_server(&program, &[]);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(scimproof().args(["check", &url, "--out"]).arg(dir.path()));
    is_as_triaged("scim2-server.md", ", without a token", ended, &Report::read(dir.path()));
}

/// Scenarios run to their end, whatever the server makes of them.
#[test]
fn scim2_server_is_provisioned_as_triaged_by_hand() {
    let Some(program) = peer("scim2-server") else {
        return skip("scim2-server under an identity provider; set SCIMPROOF_PEERS");
    };
    let (_server, url) = scim2_server(&program, &["--bearer-token", TOKEN]);
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
                let said = entry("scim2-server.md", name);
                let counted = format!("{missed} of its {all} expectations");
                assert!(!said.contains(" of its ") || said.contains(&counted), "{name}: {counted}");
                missing.insert(name.to_owned());
            }
        }
        assert_eq!((&sync["removed"], &sync["leftovers"]), (&sync["created"], &Value::Null));
    }
    assert_eq!(missing, triaged("scim2-server.md", "Scenarios that miss expectations"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the environment says where the peers are")]
fn scimmy_is_judged_as_triaged_by_hand() {
    let Some(packages) = std::env::var_os("SCIMPROOF_NPM_PEERS") else {
        return skip("scimmy under scimproof; set SCIMPROOF_NPM_PEERS");
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
    let url = format!("http://127.0.0.1:{port}/scim/v2");
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let ended = run(command.env(TOKEN_VARIABLE, TOKEN));
    is_as_triaged("scimmy.md", "", ended, &Report::read(dir.path()));
}

/// What stands between these lines of a page is counted from the run.
const COUNTED: [&str; 2] =
    ["<!-- counted: SCIMPROOF_BLESS=1 cargo test --test peers -->\n", "<!-- until here -->\n"];

/// Fails unless a page counts as a run does; with `SCIMPROOF_BLESS=1` it is counted anew.
#[expect(clippy::disallowed_methods, reason = "a page is blessed by its environment")]
fn is_as_counted(page: &str, report: &Report) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop").join(page);
    let text = std::fs::read_to_string(&path).expect("the page is there");
    let (before, rest) = text.split_once(COUNTED[0]).expect("where it begins");
    let (counted, after) = rest.split_once(COUNTED[1]).expect("where it ends");
    let number = |verdict: &str| report.ended(verdict).len();
    let mut now = format!(
        "\n{} checks: {} pass, {} warn, {} fail, {} are blocked, of {} the server does not offer what they are about.\n",
        report.results().len(),
        number("pass"),
        number("warn"),
        number("fail"),
        number("blocked"),
        number("not-supported"),
    );
    for (verdict, told) in [("blocked", "Blocked"), ("not-supported", "Not offered")] {
        let ids: Vec<String> = report.ended(verdict).iter().map(|id| format!("`{id}`")).collect();
        now.push_str(&format!("\n{told}: {}.\n", ids.join(", ")));
    }
    now.push('\n');
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        let [begin, end] = COUNTED;
        std::fs::write(path, format!("{before}{begin}{now}{end}{after}")).expect("a file");
    } else {
        assert_eq!(now, counted, "where it is meant: SCIMPROOF_BLESS=1");
    }
}

/// A package that offers little: what it does not offer is counted, and what it offers is judged.
#[test]
fn django_scim2_is_judged_as_triaged_by_hand() {
    const PAGE: &str = "django-scim2.md";
    let Some(python) = peer("python") else {
        return skip("django-scim2 under scimproof; set SCIMPROOF_PEERS");
    };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interop/django-scim2/server.py");
    let (_server, port) = on_a_free_port(|port| {
        let mut command = Command::new(&python);
        command.arg("-B").arg(&program).arg(port.to_string()).env("TOKEN", TOKEN);
        command
    });
    let url = format!("http://127.0.0.1:{port}/scim/v2");
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir.path());
    // SQLite writes for one at a time.
    let ended = Running::start(command.env(TOKEN_VARIABLE, TOKEN)).wait(4 * PATIENCE).exits(1);
    let report = Report::read(dir.path());
    let found: BTreeSet<String> = ["fail", "warn"].into_iter().flat_map(|kind| report.ended(kind)).collect();
    assert_eq!(found, triaged(PAGE, "Failures and warnings"), "{}", ended.stdout);
    // Lists come in the order of creation, which is that of the names now and then.
    let noted: BTreeSet<String> =
        report.noted().into_iter().filter(|id| id != "discovery.sort-flag-is-honest").collect();
    assert_eq!(noted, triaged(PAGE, "Readings"), "{}", ended.stdout);
    assert!(report.ended("error").is_empty(), "{}", ended.stdout);
    assert_eq!(report.leftovers(), 0, "{}", ended.stdout);
    is_as_counted(PAGE, &report);
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
