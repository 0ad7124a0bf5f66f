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

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use forward::Forward;
use serde_json::{Value, json};
use support::{
    Ended, Hook, Message, Proxy, Seen, Served, Step, TOKEN, TOKEN_VARIABLE, dead_url, run, scimproof,
};
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

/// How a server says that it speaks TLS 1.0 alone: by an alert (RFC 5246 §7.2.2), or by going on in that version.
fn speaks_tls_1_0(by_alert: bool) -> String {
    let hello: &[u8] = &[0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    let answer = match by_alert {
        true => vec![0x15, 3, 1, 0, 2, 2, 70],
        // A random number, no session, one of the old ciphers, and no compression.
        false => [hello, &[7; 32], &[0, 0, 0x2f, 0]].concat(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://{}/scim/v2", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            // Whoever goes away is not missed.
            let _ = client.read(&mut [0; 1024]);
            let _ = client.write_all(&answer);
            let _ = client.read(&mut [0; 1024]);
        }
    });
    url
}

#[test]
fn a_server_that_speaks_no_tls_of_today_is_told_as_such() {
    let dir = tempfile::tempdir().expect("a directory");
    for by_alert in [true, false] {
        let url = speaks_tls_1_0(by_alert);
        run(&mut doctor(dir.path(), &target(&url, ""))).exits(3).says(&["tls-too-old", "no TLS 1.2 or 1.3"]);
        let mut check = scimproof();
        check.args(["check", "--target", "target.toml", "--out", "out"]).env(TOKEN_VARIABLE, TOKEN);
        run(check.current_dir(dir.path())).exits(3).complains(&["the server offers no TLS 1.2 or 1.3"]);
    }
}

/// What is wrong with a certificate decides what helps, and no option lets one pass that is wrong.
#[test]
fn each_fault_of_a_certificate_is_told_with_what_helps() {
    for (kind, name, helps) in [
        (
            "certificate-signs-itself",
            "authority-unknown",
            "name the file with the certificate of its authority",
        ),
        ("certificate-of-another-host", "certificate-of-another-host", "use the name that it is for"),
        ("certificate-has-expired", "certificate-out-of-date", "the certificate has to be renewed"),
        ("handshake-breaks-off", "tls-broken-off", "the server hangs up before a secure connection stands"),
    ] {
        let served = Served::hostile(kind);
        let dir = tempfile::tempdir().expect("a directory");
        let authority = served.authority();
        std::fs::write(dir.path().join("ca.pem"), &authority).expect("a file");
        let trusted = if authority.is_empty() { "" } else { "[tls]\nca = \"ca.pem\"\n" };
        run(&mut doctor(dir.path(), &target(&served.url, trusted))).exits(3).says(&[
            name,
            helps,
            "NOT READY",
        ]);
    }
}

/// Which credential was refused decides what to look at.
#[test]
fn a_refused_password_or_grant_is_told_without_a_token() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let secret = format!("{{ env = \"{TOKEN_VARIABLE}\" }}");
    let basic = format!("url = \"{}\"\n[auth.basic]\nuser = \"us\"\npassword = {secret}\n", served.url);
    let asked = run(doctor(dir.path(), &basic).arg("--json")).exits(3);
    let told = obstacle(&asked);
    assert_eq!((&told["name"], &told["flag"]), (&Value::from("credential-refused"), &Value::Null), "{told}");
    assert!(told["advice"].as_str().expect("advice").contains("[auth.basic]"), "{told}");
    // Whatever is asked, this endpoint gives a token, and nobody takes it.
    let gives = json!({ "access_token": "g1ven-to-nobody", "token_type": "bearer" }).to_string();
    let hook = Hook {
        before: Box::new(move |seen: &Seen| match seen.request.path() {
            "/token" => Step::Answer(Message::response(200, "application/json", gives.clone())),
            _ => Step::Forward,
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let origin = proxy.url.trim_end_matches("/scim/v2");
    let oauth = format!(
        "url = \"{}\"\n[auth.oauth2]\ntoken_url = \"{origin}/token\"\nclient_id = \"us\"\nclient_secret = {secret}\n",
        proxy.url
    );
    let asked = run(doctor(dir.path(), &oauth).arg("--json")).exits(3);
    let told = obstacle(&asked);
    assert!(told["advice"].as_str().expect("advice").contains("[auth.oauth2]"), "{told}");
    let mut check = scimproof();
    check.args(["check", "--target", "target.toml", "--out", "out"]).env(TOKEN_VARIABLE, TOKEN);
    let refused = run(check.current_dir(dir.path())).exits(3);
    let refused = refused.complains(&["refuses the credential (401)", "[auth.oauth2] of the target file"]);
    assert!(!refused.stderr.contains("--token-env"), "{}", refused.stderr);
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

/// Types a command as it is proposed.
fn typed(dir: &Path, next: &str) -> Ended {
    let rest = next.strip_prefix("scimproof ").expect("a command of this program");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec \"$0\" {rest}"), env!("CARGO_BIN_EXE_scimproof")]);
    run(command.env(TOKEN_VARIABLE, TOKEN).current_dir(dir))
}

#[test]
fn what_is_proposed_next_keeps_what_was_said_and_can_be_typed() {
    let dir = tempfile::tempdir().expect("a directory");
    let url = dead_url();
    let said = "--header 'X-Tenant: acme' --lag 3 --timeout 5 --domain acme.test --out there --read-only --write t.toml --json";
    let line = format!("scimproof doctor {url} --token-env {TOKEN_VARIABLE} {said}");
    let asked = typed(dir.path(), &line).exits(3);
    let next = |asked: &Ended| {
        let read: Value =
            serde_json::from_str(&asked.stdout).unwrap_or_else(|error| panic!("{error}: {asked:#?}"));
        read["next"].as_str().expect("a command").to_owned()
    };
    assert_eq!(next(&asked), line);
    // Where the file was written, the next look has to write it anew.
    let served = Served::start(&[]);
    let line = format!("scimproof doctor {} --max-requests 15 --rps 900 --write t.toml --json", served.url);
    let asked = typed(dir.path(), &line).exits(3);
    let with_token = next(&asked);
    assert_eq!(
        with_token,
        format!(
            "scimproof doctor {} --rps 900 --max-requests 15 --write t.toml --force --json --token-env VAR",
            served.url
        )
    );
    let limited = typed(dir.path(), &with_token.replace(" VAR", &format!(" {TOKEN_VARIABLE}"))).exits(11);
    let enough = next(&limited);
    assert!(enough.contains(" --max-requests 1000 ") && !enough.contains("--max-requests 15"), "{enough}");
    let seen = typed(dir.path(), &enough).exits(0);
    assert_eq!(next(&seen), "scimproof check --target t.toml");
    typed(dir.path(), "scimproof check --target t.toml --dry-run").exits(0);
}
