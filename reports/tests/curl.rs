//! Commands are run by a real shell, with a `curl` that only tells what it was given.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use std::process::Command;

use proptest::prelude::*;
use record::{Body, CredentialSource, Exchange, Header, Run, TargetInfo};
use reports::curl;

/// The arguments that `curl` gets when a shell runs the command.
fn arguments(line: &str) -> Vec<String> {
    let script = format!("curl() {{ for given in \"$@\"; do printf '%s\\000' \"$given\"; done; }}\n{line}\n");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("TOKEN", "t0k$(id)en")
        .env("SECRET", "s3'c\"ret")
        .env("ANOTHER_TOKEN", "wr0ng")
        .env("SCIMPROOF_TOKEN", "served")
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    let mut given: Vec<_> =
        String::from_utf8(output.stdout).unwrap().split('\0').map(str::to_owned).collect();
    assert_eq!(given.pop().as_deref(), Some(""), "each argument ends in a zero");
    given
}

fn exchange(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Exchange {
    let mut exchange = Run::fixture().checks.unwrap().exchanges.remove(0);
    exchange.request.method = method.to_owned();
    exchange.request.url = url.to_owned();
    exchange.request.headers =
        headers.iter().map(|(name, value)| Header { name: (*name).into(), value: (*value).into() }).collect();
    exchange.request.body =
        body.map(|text| Body { text: text.to_owned(), bytes: text.len() as u64, truncated: false });
    exchange
}

fn line(exchange: &Exchange) -> String {
    curl::line(exchange, &Run::fixture().target)
}

/// The last argument of a request with a credential, as a shell makes it of a run with this source.
fn credential(source: Option<CredentialSource>, bundled: bool) -> String {
    let target = TargetInfo { credential: source, bundled, ..Run::fixture().target };
    let sent = exchange("GET", "http://h/Users", &[("authorization", "Bearer <redacted>")], None);
    arguments(&curl::line(&sent, &target)).pop().unwrap()
}

#[test]
fn the_credential_is_read_from_where_the_run_had_it() {
    let variable = |name: &str| Some(CredentialSource::Variable { name: name.to_owned() });
    assert_eq!(credential(variable("TOKEN"), false), "authorization: Bearer t0k$(id)en");
    assert_eq!(credential(variable("SECRET"), false), "authorization: Bearer s3'c\"ret");
    // No shell knows a variable of such a name.
    assert_eq!(credential(variable("scim.token"), false), "authorization: Bearer t0k$(id)en");
    assert_eq!(credential(None, false), "authorization: Bearer t0k$(id)en");
    assert_eq!(credential(None, true), "authorization: Bearer served");

    let folder = tempfile::tempdir().unwrap();
    for name in ["token", "it's a $(token)"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "t0k en'\nand a note\n").unwrap();
        let source = CredentialSource::File { path: path.to_str().unwrap().to_owned() };
        assert_eq!(credential(Some(source), false), "authorization: Bearer t0k en'");
    }
}

#[test]
fn a_credential_that_a_check_made_up_is_not_taken_for_the_runs() {
    let mut sent = exchange("GET", "http://h/Users", &[("authorization", "Bearer <redacted>")], None);
    sent.request.made_up_credential = true;
    assert_eq!(arguments(&line(&sent)).pop().unwrap(), "authorization: Bearer wr0ng");
}

/// The server of a run is gone with it; the command is for one that can be started.
#[test]
fn requests_to_the_bundled_server_go_to_where_serve_listens() {
    let bundled = |url: &str, sent: &str| {
        let target = TargetInfo { url: url.to_owned(), bundled: true, ..Run::fixture().target };
        arguments(&curl::line(&exchange("GET", sent, &[], None), &target)).pop().unwrap()
    };
    let url = "http://127.0.0.1:40123/scim/v2";
    assert_eq!(bundled(url, "http://127.0.0.1:40123/scim/v2/Users"), "http://127.0.0.1:8080/scim/v2/Users");
    assert_eq!(bundled(url, "http://127.0.0.1:401234/Users"), "http://127.0.0.1:401234/Users");
    assert_eq!(line(&exchange("GET", url, &[], None)), format!("curl -i '{url}'"));
}

#[test]
fn a_word_is_quoted_where_a_shell_would_read_it_otherwise() {
    for text in ["http://h:1/scim/v2", "a b", "it's", "$(id)", "*", ""] {
        assert_eq!(arguments(&format!("curl {}", curl::word(text))), [text]);
    }
    assert_eq!(curl::word("https://h/v2"), "https://h/v2");
}

#[test]
fn the_fixture_as_commands() {
    let lines: Vec<_> = Run::fixture().checks.unwrap().exchanges.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn secrets_come_from_the_environment() {
    let headers =
        [("authorization", "Bearer <redacted>"), ("x-odd", "\"<redacted>\""), ("x-two", "<redacted>x")];
    let body = r#"{"userName":"it's","password":"<redacted>"}"#;
    let given = arguments(&line(&exchange("POST", "http://h/Users?k=<redacted>", &headers, Some(body))));
    let expected = [
        ["-i", "-X"],
        ["POST", "http://h/Users?k=s3'c\"ret"],
        ["-H", "authorization: Bearer t0k$(id)en"],
        ["-H", "x-odd: \"t0k$(id)en\""],
        ["-H", "x-two: t0k$(id)enx"],
        ["--data-raw", r#"{"userName":"it's","password":"s3'c"ret"}"#],
        ["-H", "content-type:"],
    ];
    assert_eq!(given, expected.concat());
}

#[test]
fn what_curl_would_read_otherwise_is_kept_literal() {
    let url = "http://h/../Users?filter=emails[type eq \"work\"]";
    let given = arguments(&line(&exchange("GET", url, &[("accept", ""), ("host", "h")], None)));
    assert_eq!(given, ["-i", "-g", "--path-as-is", url, "-H", "accept;"]);
    let head = arguments(&line(&exchange("HEAD", "http://h/", &[], None)));
    assert_eq!(head, ["-i", "-I", "http://h/"]);
}

#[test]
fn a_body_that_cannot_be_pasted_is_left_to_a_file() {
    let mut cut = exchange("PUT", "http://h/", &[("content-type", "a/b")], Some("{\"long"));
    cut.request.body.as_mut().unwrap().truncated = true;
    let escapes = exchange("PUT", "http://h/", &[("content-type", "a/b")], Some("\u{3}rm\n"));
    for exchange in [cut, escapes] {
        assert_eq!(arguments(&line(&exchange)).last().unwrap(), "@body.json");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_shell_gets_exactly_what_was_sent(
        path in "[ -~]{0,24}",
        value in "[ -~äß李]{1,24}",
        body in "[ -~\n\t'\"$`\\\\!@äß李]{0,40}",
    ) {
        let url = format!("http://h/{path}");
        let sent = exchange("POST", &url, &[("content-type", "a/b"), ("x-y", &value)], Some(&body));
        let given = arguments(&line(&sent));
        prop_assert!(given.contains(&url));
        let header = format!("x-y: {value}");
        prop_assert!(given.contains(&header));
        prop_assert_eq!(given.last(), Some(&body));
    }

    #[test]
    fn no_control_character_reaches_the_line(url in "\\PC{0,8}[\\x00-\\x1f\\x7f]\\PC{0,8}") {
        let line = line(&exchange("GET", &url, &[("x-y", &url)], None));
        prop_assert!(!line.contains(|letter: char| letter.is_control()));
    }
}
