//! `scimproof doctor` before doors that want to see something first: each says what opens it, by the words of a command line
//! and of a target file, and these words do open it. And what it prints for programs.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

#[path = "support/forward.rs"]
mod forward;
mod support;
#[path = "support/tls.rs"]
#[expect(dead_code, reason = "HTTP/2 is for others to look at")]
mod tls;

use std::path::Path;
use std::process::Command;

use forward::Forward;
use serde_json::Value;
use support::{Ended, Served, TOKEN, TOKEN_VARIABLE, dead_url, run, scimproof};
use tls::{Demands, Front, NOWHERE};

const SCHEMA: &str = include_str!("../docs/diagnosis.schema.json");

/// `scimproof doctor` with a target file in a directory.
fn doctor(dir: &Path, file: &str) -> Command {
    std::fs::write(dir.join("target.toml"), file).expect("a file");
    let mut command = scimproof();
    command.args(["doctor", "--target", "target.toml", "--yes", "--timeout", "5", "--out", "out"]);
    command.env(TOKEN_VARIABLE, TOKEN).env("PROXY_PASSWORD", "open sesame").current_dir(dir);
    command
}

fn target(url: &str, rest: &str) -> String {
    format!("url = \"{url}\"\n[auth.bearer]\ntoken = {{ env = \"{TOKEN_VARIABLE}\" }}\n{rest}")
}

/// What keeps a run from beginning.
fn obstacle(ended: &Ended) -> Value {
    let diagnosis: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    diagnosis["symptoms"][0].clone()
}

#[track_caller]
fn is(obstacle: &Value, name: &str, flag: &str, keys: &[&str]) {
    assert_eq!(
        (obstacle["name"].as_str(), obstacle["flag"].as_str()),
        (Some(name), Some(flag)),
        "{obstacle}"
    );
    let setting = obstacle["setting"].as_str().expect("words of a target file");
    assert!(keys.iter().all(|key| setting.contains(key)), "{setting}");
}

#[test]
fn a_server_that_wants_a_certificate_and_is_shown_none_is_told_what_to_set() {
    let served = Served::start(&[]);
    let front = Front::start(&served, Demands { certificate: true, ..Demands::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let trusted = format!("[tls]\nca = \"{}\"\n", front.ca().display());
    let asked = run(doctor(dir.path(), &target(&front.url, &trusted)).arg("--json")).exits(3);
    let told = obstacle(&asked);
    is(&told, "certificate-wanted", "--target FILE", &["[tls]", "certificate = ", "key = "]);
    run(&mut doctor(dir.path(), &target(&front.url, &trusted))).exits(3).says(&[
        "certificate-wanted",
        "the server asks who comes",
        "certificate = \"client.pem\"",
        "key = \"client-key.pem\"",
        "NOT READY",
    ]);
    // As it is told, with the files where it says.
    for name in ["client.pem", "client-key.pem"] {
        std::fs::copy(front.file(name), dir.path().join(name)).expect("a file");
    }
    let setting = told["setting"].as_str().expect("words").replace("[tls]\n", &trusted);
    run(&mut doctor(dir.path(), &target(&front.url, &setting))).exits(0).says(&["READY"]);
    served.assert_empty();
}

#[test]
fn a_proxy_that_wants_to_know_who_asks_is_told_with_what_to_set() {
    let served = Served::start(&[]);
    // "porter:open sesame"
    let plain = Forward::start(served.address(), Some("Basic cG9ydGVyOm9wZW4gc2VzYW1l"));
    let front = Front::start(&served, Demands::default());
    let tunnel = Forward::start(front.address(), Some("Basic cG9ydGVyOm9wZW4gc2VzYW1l"));
    let ca = format!("[tls]\nca = \"{}\"\n", front.ca().display());
    // Of plain HTTP the proxy answers the request itself; before TLS it refuses the way.
    for (proxy, url, tls) in [
        (&plain, served.url.replace(served.address(), NOWHERE), ""),
        (&tunnel, front.url.replace(front.address(), NOWHERE), ca.as_str()),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        let file = |known: &str| {
            target(
                &url,
                &format!("{tls}[proxy]\nurl = \"{}\"\n{}", proxy.url, known.replace("[proxy]\n", "")),
            )
        };
        let asked = run(doctor(dir.path(), &file("")).arg("--json")).exits(3);
        let told = obstacle(&asked);
        is(&told, "proxy-wants-credential", "--target FILE", &["[proxy]", "user = ", "password = { env = "]);
        run(&mut doctor(dir.path(), &file(""))).exits(3).says(&["proxy-wants-credential", "PROXY_PASSWORD"]);
        // As it is told, with the name that only somebody who knows the proxy can fill in.
        let known = told["setting"].as_str().expect("words").replace('…', "porter");
        run(&mut doctor(dir.path(), &file(&known))).exits(0).says(&["READY"]);
        assert!(!proxy.starts().is_empty(), "nothing went through the proxy");
    }
    served.assert_empty();
}

/// Whatever it sees is in the form that is published, and nothing else.
#[test]
fn what_is_printed_for_programs_is_in_the_published_form() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let dir = tempfile::tempdir().expect("a directory");
    let wanting = Served::start(&["--variant", "more-is-wanted-than-told"]);
    let limited = Served::start(&["--variant", "requests-are-limited"]);
    let bonusly = Served::start(&["--profile", "bonusly"]);
    for (url, more) in [
        (wanting.url.as_str(), ""),
        (&limited.url, "--read-only"),
        (&bonusly.url, ""),
        (&dead_url(), "--read-only"),
    ] {
        let mut command = doctor(dir.path(), &target(url, ""));
        command.arg("--json").args((!more.is_empty()).then_some(more));
        let ended = run(&mut command);
        let printed: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        let errors: Vec<String> = schema.iter_errors(&printed).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{url}");
        assert_eq!(printed["version"], record::Diagnosis::VERSION);
        let mut other = printed;
        other["guess"] = Value::from("acme");
        assert!(!schema.is_valid(&other), "what is not published is refused");
    }
}
