//! The ways to a server, as a target file, the environment and the command line tell of them: each test fails when what it
//! is about is taken away.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

#[path = "support/forward.rs"]
mod forward;
mod support;
#[path = "support/tls.rs"]
mod tls;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use forward::Forward;
use serde_json::json;
use support::{
    Ended, Hook, Message, Proxy, Report, Seen, Served, Step, TOKEN, TOKEN_VARIABLE, files, run, scimproof,
};
use tls::{Demands, Front, NOWHERE};

/// A few checks that show whether a server can be reached, read and written to.
const FEW: &str = "authentication.wrong-token-is-401,delete.answers-204";

/// `scimproof check` with a target file in a directory, where its reports go too.
fn check(dir: &Path, file: &str) -> Command {
    let path = dir.join("target.toml");
    std::fs::write(&path, file).expect("a file");
    let mut command = scimproof();
    command.args(["check", "--only", FEW, "--target"]).arg(path).arg("--out").arg(dir.join("out"));
    command.env(TOKEN_VARIABLE, TOKEN);
    command
}

fn bearer() -> String {
    format!("[auth.bearer]\ntoken = {{ env = \"{TOKEN_VARIABLE}\" }}\n")
}

/// Fails unless the few checks passed.
#[track_caller]
fn passed(command: &mut Command, dir: &Path) -> Ended {
    let ended = run(command).exits(0);
    let passed = Report::read(&dir.join("out")).ended("pass");
    assert!(FEW.split(',').all(|id| passed.contains(id)), "{}", ended.stdout);
    ended
}

/// A proxy that lets nobody through but whoever shows this.
fn gate(served: &Served, shows: impl Fn(&Message) -> bool + Send + Sync + 'static) -> Proxy {
    let before = move |seen: &Seen| match shows(&seen.request) {
        true => Step::Forward,
        false => Step::Answer(Message::response(403, "text/plain", "not through here")),
    };
    Proxy::start_with(served, Hook { before: Box::new(before), ..Hook::default() })
}

#[test]
fn every_request_has_the_headers_of_the_file_and_of_the_command_line() {
    let served = Served::start(&[]);
    let shows = |request: &Message| {
        request.header("x-tenant") == Some("acme") && request.header("x-api-key") == Some("k3y of the gate")
    };
    let proxy = gate(&served, shows);
    let dir = tempfile::tempdir().expect("a directory");
    let file = |headers: &str| format!("url = \"{}\"\n{}[headers]\n{headers}", proxy.url, bearer());
    let whole = file("X-Tenant = \"acme\"\nX-Api-Key = { command = [\"echo\", \"k3y of the gate\"] }\n");
    passed(&mut check(dir.path(), &whole), dir.path());
    let kept = std::fs::read_to_string(dir.path().join("out/run.json")).expect("run.json");
    assert!(kept.contains("x-api-key") && !kept.contains("k3y"), "a secret header is named and not shown");
    let other = whole.replace("acme", "another");
    run(&mut check(dir.path(), &other)).exits(3);
    passed(check(dir.path(), &other).args(["--header", "x-tenant: acme"]), dir.path());
    run(&mut check(dir.path(), &file("X-Tenant = \"acme\"\n"))).exits(3);
}

#[test]
fn a_user_name_and_a_password_open_a_server_that_wants_them() {
    let served = Served::start(&[]);
    // The gate knows one user, by the text that RFC 7617 makes of "scim user:correct horse".
    let rewrite = |request: &mut Message| {
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("authorization") && value == "Basic c2NpbSB1c2VyOmNvcnJlY3QgaG9yc2U="
            {
                *value = format!("Bearer {TOKEN}");
            }
        }
    };
    let proxy = Proxy::start_with(&served, Hook { rewrite: Box::new(rewrite), ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let file = |user: &str| {
        let password = "password = { file = \"password.txt\" }";
        format!("url = \"{}\"\n[auth.basic]\nuser = \"{user}\"\n{password}\n", proxy.url)
    };
    std::fs::write(dir.path().join("password.txt"), "correct horse\nsecond line\n").expect("a file");
    passed(&mut check(dir.path(), &file("scim user")), dir.path());
    let kept = std::fs::read_to_string(dir.path().join("out/run.json")).expect("run.json");
    assert!(
        kept.contains("Basic <redacted>")
            && !kept.contains("c2NpbSB1c2Vy")
            && !kept.contains("correct horse")
    );
    // Whose password is wrong is helped by no token.
    let refused = run(&mut check(dir.path(), &file("somebody"))).exits(3);
    let refused = refused.complains(&["401", "`user` and `password` in [auth.basic] of the target file"]);
    assert!(!refused.stderr.contains("--token-env"), "{}", refused.stderr);
    // What is given by hand stands in place of what the file says.
    run(check(dir.path(), &file("scim user")).args(["--token-env", TOKEN_VARIABLE])).exits(0);
}

#[test]
fn a_certificate_of_a_private_authority_is_trusted_where_somebody_says_so() {
    let served = Served::start(&[]);
    let front = Front::start(&served, Demands::default());
    let dir = tempfile::tempdir().expect("a directory");
    let file = |tls: &str| format!("url = \"{}\"\n{}{tls}", front.url, bearer());
    let distrusted = run(&mut check(dir.path(), &file(""))).exits(3);
    // What helps is told, the plainest first.
    let told = distrusted.complains(&["UnknownIssuer", "--ca FILE", "`tls.ca` in a target file"]).stderr;
    assert!(told.find("--ca FILE") < told.find("SSL_CERT_FILE"), "{told}");
    let ca = front.ca();
    passed(&mut check(dir.path(), &file(&format!("[tls]\nca = \"{}\"\n", ca.display()))), dir.path());
    passed(check(dir.path(), &file("")).arg("--ca").arg(&ca), dir.path());
    passed(check(dir.path(), &file("")).env("SCIMPROOF_CA", &ca), dir.path());
}

#[test]
fn http_2_is_spoken_over_tls_with_a_server_that_knows_nothing_older() {
    let served = Served::start(&[]);
    let front = Front::start(&served, Demands { http2: true, ..Demands::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let tls = format!("[tls]\nca = \"{}\"\n", front.ca().display());
    let file = |http: &str| format!("url = \"{}\"\n{http}{}{tls}", front.url, bearer());
    run(&mut check(dir.path(), &file(""))).exits(3);
    assert!(!front.spoke_http2());
    passed(&mut check(dir.path(), &file("http = \"2\"\n")), dir.path());
    assert!(front.spoke_http2());
    // What is cut up on the wire is not so by HTTP/2.
    run(check(dir.path(), &file("http = \"2\"\n")).args(["--only", "framing"])).exits(0);
    assert!(!Report::read(&dir.path().join("out")).ended("not-supported").is_empty());
    served.assert_empty();
}

/// It would be refused only once something was sent, and in words that help nobody.
#[test]
fn http_2_without_tls_is_refused_before_anything_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    for url in ["http://127.0.0.1:9/scim/v2", "HTTP://127.0.0.1:9/scim/v2"] {
        let file = format!("url = \"{url}\"\nhttp = \"2\"\n{}", bearer());
        for words in [&["--dry-run"][..], &[]] {
            run(check(dir.path(), &file).args(words)).exits(2).complains(&[
                "target.toml:2:8: HTTP/2 is spoken over TLS alone",
                "hint: give a URL that begins with https:, or leave `http` out",
            ]);
        }
        run(check(dir.path(), &file).args([
            "https://127.0.0.1:9/scim/v2",
            "--token-env",
            TOKEN_VARIABLE,
            "--dry-run",
        ]))
        .exits(0);
    }
}

#[test]
fn a_certificate_is_shown_to_a_server_that_asks_who_comes() {
    let served = Served::start(&[]);
    let front = Front::start(&served, Demands { certificate: true, ..Demands::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let file = |shown: &str| {
        format!("url = \"{}\"\n{}[tls]\nca = \"{}\"\n{shown}", front.url, bearer(), front.ca().display())
    };
    run(&mut check(dir.path(), &file("")))
        .exits(3)
        .complains(&["CertificateRequired", "`tls.certificate` and `tls.key` in a target file"]);
    // Files are found from the folder of the target file.
    for name in ["client.pem", "client-key.pem"] {
        std::fs::copy(front.file(name), dir.path().join(name)).expect("a file");
    }
    let shown = "certificate = \"client.pem\"\nkey = \"client-key.pem\"\n";
    passed(&mut check(dir.path(), &file(shown)), dir.path());
    let swapped = "certificate = \"client-key.pem\"\nkey = \"client-key.pem\"\n";
    run(&mut check(dir.path(), &file(swapped)))
        .exits(2)
        .complains(&["target.toml", "it holds no certificate"]);
}

#[test]
fn a_server_behind_a_proxy_is_reached_through_it_alone() {
    let served = Served::start(&[]);
    // "porter:open sesame"
    let proxy = Forward::start(served.address(), Some("Basic cG9ydGVyOm9wZW4gc2VzYW1l"));
    let dir = tempfile::tempdir().expect("a directory");
    let url = served.url.replace(served.address(), NOWHERE);
    let file = |proxy: &str| format!("url = \"{url}\"\n{}{proxy}", bearer());
    let known = "user = \"porter\"\npassword = { env = \"SCIMPROOF_E2E_PROXY\" }\n";
    let ask = |file: &str| {
        let mut command = check(dir.path(), file);
        command.args(["--yes", "--timeout", "5"]).env("SCIMPROOF_E2E_PROXY", "open sesame");
        // A request without an Accept header goes another way through the client.
        command.args(["--only", "content.default-is-scim-json"]);
        command
    };
    run(&mut ask(&file(""))).exits(3);
    run(&mut ask(&file(&format!("[proxy]\nurl = \"{}\"\n", proxy.url))))
        .exits(3)
        .complains(&["the proxy answers 407", "`proxy.user` and `proxy.password` in a target file"]);
    let whole = file(&format!("[proxy]\nurl = \"{}\"\n{known}", proxy.url));
    run(ask(&whole).arg("--har").arg(dir.path().join("out/exchanges.har"))).exits(0);
    let starts = proxy.starts();
    assert!(
        starts.iter().any(|start| start.starts_with(&format!("GET http://{NOWHERE}/scim/v2/Users"))),
        "{starts:?}"
    );
    for name in files(&dir.path().join("out")) {
        let kept = std::fs::read(dir.path().join("out").join(&name)).expect("a report");
        let kept = String::from_utf8_lossy(&kept).into_owned();
        assert!(!kept.contains("sesame") && !kept.contains("cG9ydGVy"), "what the proxy sees is in {name}");
    }
    let ended = run(ask(&whole).arg("--verbose")).exits(0);
    assert!(!(ended.stdout + &ended.stderr).contains("sesame"), "and is shown to nobody");
    // The address by hand, and what it wants to see from the file.
    let unnamed = file(&format!("[proxy]\n{known}"));
    run(ask(&unnamed).args(["--proxy", &proxy.url])).exits(0);
}

#[test]
fn tls_goes_through_a_proxy_unread() {
    let served = Served::start(&[]);
    let front = Front::start(&served, Demands::default());
    let proxy = Forward::start(front.address(), None);
    let dir = tempfile::tempdir().expect("a directory");
    let url = front.url.replace(front.address(), NOWHERE);
    let tls = format!("[tls]\nca = \"{}\"\n", front.ca().display());
    let file = format!("url = \"{url}\"\n{}{tls}[proxy]\nurl = \"{}\"\n", bearer(), proxy.url);
    let mut command = check(dir.path(), &file);
    command.args(["--yes", "--only", "content.default-is-scim-json"]);
    run(&mut command).exits(0);
    let shut = Forward::start(front.address(), Some("Basic cG9ydGVyOm9wZW4gc2VzYW1l"));
    let refused = run(check(dir.path(), &file.replace(&proxy.url, &shut.url)).arg("--yes")).exits(3);
    refused.complains(&["`proxy.user` and `proxy.password` in a target file"]);
    let starts = proxy.starts();
    assert!(
        !starts.is_empty() && starts.iter().all(|start| start.starts_with("CONNECT scim.invalid:443 ")),
        "{starts:?}"
    );
}

/// A server whose tokens open it a few times each, and the endpoint that gives them.
fn short_lived(served: &Served) -> (Proxy, Arc<AtomicUsize>) {
    const USES: usize = 4;
    let (given, used) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (giving, counting, known) = (Arc::clone(&given), Arc::clone(&used), Arc::clone(&given));
    let before = move |seen: &Seen| {
        let request = &seen.request;
        if request.path() == "/oauth/token" {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            // "scimproof:s3cr3t of the client", as a form has it
            let is_known = request.header("authorization")
                == Some("Basic c2NpbXByb29mOnMzY3IzdCUyMG9mJTIwdGhlJTIwY2xpZW50");
            if !is_known || body != "grant_type=client_credentials&scope=scim%20write" {
                return Step::Answer(Message::response(
                    401,
                    "application/json",
                    "{\"error\":\"invalid_client\"}",
                ));
            }
            counting.store(0, Ordering::SeqCst);
            let number = giving.fetch_add(1, Ordering::SeqCst) + 1;
            let token = json!({
                "access_token": format!("acc3ss-t0ken-{number}"), "token_type": "Bearer", "expires_in": 3600,
            });
            return Step::Answer(Message::response(200, "application/json", token.to_string()));
        }
        let current = format!("Bearer acc3ss-t0ken-{}", known.load(Ordering::SeqCst));
        let is_current = request.header("authorization") == Some(current.as_str());
        if is_current && counting.fetch_add(1, Ordering::SeqCst) < USES {
            return Step::Forward;
        }
        let mut refusal = Message::response(401, "application/scim+json", "{}");
        refusal.add("www-authenticate", "Bearer error=\"invalid_token\"");
        Step::Answer(refusal)
    };
    let rewrite = |request: &mut Message| {
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("authorization") {
                *value = format!("Bearer {TOKEN}");
            }
        }
    };
    let hook = Hook { before: Box::new(before), rewrite: Box::new(rewrite), ..Hook::default() };
    (Proxy::start_with(served, hook), given)
}

#[test]
fn a_token_that_ends_in_the_middle_of_a_run_is_asked_for_again() {
    let served = Served::start(&[]);
    let (proxy, given) = short_lived(&served);
    let origin = proxy.url.trim_end_matches("/scim/v2").to_owned();
    let dir = tempfile::tempdir().expect("a directory");
    let file = |secret: &str| {
        format!(
            "url = \"{}\"\n[auth.oauth2]\ntoken_url = \"{origin}/oauth/token\"\nclient_id = \"scimproof\"\n\
             client_secret = {{ command = [\"echo\", \"{secret}\"] }}\nscope = \"scim write\"\n",
            proxy.url
        )
    };
    passed(&mut check(dir.path(), &file("s3cr3t of the client")), dir.path());
    assert!(given.load(Ordering::SeqCst) > 1, "one token was enough");
    let kept = std::fs::read_to_string(dir.path().join("out/run.json")).expect("run.json");
    assert!(kept.contains("/oauth/token"), "it is on record that tokens were asked for");
    assert!(
        !kept.contains("acc3ss") && !kept.contains("s3cr3t") && !kept.contains("c2NpbXByb29m"),
        "and no secret is"
    );
    served.assert_empty();
    // Without the option a token is what it is.
    let fixed = format!(
        "url = \"{}\"\n[auth.bearer]\ntoken = {{ command = [\"echo\", \"acc3ss-t0ken-1\"] }}\n",
        proxy.url
    );
    assert_ne!(run(&mut check(dir.path(), &fixed)).code, Some(0));
    run(&mut check(dir.path(), &file("another"))).exits(3).complains(&["invalid_client"]);
}

#[test]
fn a_run_that_may_only_read_sends_nothing_but_reads() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let file = format!("url = \"{}\"\n{}", proxy.url, bearer());
    run(check(dir.path(), &file).arg("--read-only")).exits(0);
    let writes = |proxy: &Proxy| proxy.requests().iter().filter(|request| request.method() != "GET").count();
    assert!(!proxy.requests().is_empty() && writes(&proxy) == 0);
    run(&mut check(dir.path(), &file)).exits(0);
    assert!(writes(&proxy) > 0);
}

#[test]
fn a_run_ends_at_its_limit_of_requests_and_leaves_nothing_behind() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let file = format!("url = \"{}\"\n{}", proxy.url, bearer());
    let all = |limit: Option<&str>| {
        let mut command = check(dir.path(), &file);
        command.args(["--only", "create,groups"]);
        command.args(limit.iter().flat_map(|limit| ["--max-requests", limit]));
        proxy.hook(Hook::default());
        let ended = run(&mut command);
        (ended, proxy.requests().len())
    };
    let (ended, number) = all(None);
    ended.exits(0);
    assert!(number > 120, "{number} requests");
    let (ended, number) = all(Some("100"));
    ended.exits(11).says(&["the limit of 100 requests is reached"]);
    assert!((60..=100).contains(&number), "{number} requests");
    let report = Report::read(&dir.path().join("out"));
    assert!(
        !report.ended("blocked").is_empty() && report.ended("fail").is_empty(),
        "{:?}",
        report.ended("fail")
    );
    assert_eq!(report.leftovers(), 0);
    served.assert_empty();
    // The same where even discovery is too much.
    let (ended, number) = all(Some("1"));
    ended.exits(11).complains(&["the limit of 1 requests is reached"]);
    assert_eq!(number, 1);
}

/// A proxy elsewhere looks for `localhost` on its own machine.
#[test]
fn nothing_is_sent_through_a_proxy_elsewhere_without_consent() {
    let here = "http://127.0.0.1:9/scim/v2";
    let far = "http://192.0.2.1:3128";
    let asked = |words: &[&str]| run(scimproof().args(words));
    for verb in [&["check"][..], &["sync", "steady-state"], &["prove"]] {
        let words = [verb, &[here, "--timeout", "600", "--proxy", far]].concat();
        asked(&words).exits(2).complains(&[
            "a proxy that is not on this machine",
            "nothing was sent",
            "--yes",
        ]);
    }
    // What only reads promises nothing of what it creates, and sends nothing back.
    let reads = asked(&["check", here, "--read-only", "--dry-run"]).exits(0).says(&["nothing is written"]);
    assert!(!reads.stdout.contains("every name begins"), "{}", reads.stdout);
    // What is bundled is reached without one.
    let dir = tempfile::tempdir().expect("a directory");
    let out = dir.path().to_str().expect("a path");
    asked(&["check", "--only", "delete", "--proxy", far, "--out", out]).exits(0);
}
