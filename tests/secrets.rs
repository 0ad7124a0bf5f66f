//! Secrets stay inside: neither the token nor a password that a run makes up is ever written down or shown, not even
//! when the target repeats them in everything that it says.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use support::{
    CANARY, Confidences, Hook, Hostile, Message, PATIENCE, Proxy, Report, Running, Seen, Served,
    TOKEN_VARIABLE, files, repeat, run, scimproof, token,
};

/// `scimproof check --verbose` against a URL with the token in a variable.
fn check(url: &str, dir: &Path) -> Command {
    let mut command = scimproof();
    command.args(["check", url, "--verbose", "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, token());
    command.arg("--out").arg(dir).arg("--har").arg(dir.join("exchanges.har"));
    command
}

fn sweep(dir: &Path) -> Command {
    let mut command = scimproof();
    command.args(["sweep", "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, token());
    command.arg("--out").arg(dir);
    command
}

/// A hook that lets every answer pass through this.
fn after(change: impl Fn(&Seen, Message) -> Message + Send + Sync + 'static) -> Hook {
    Hook { after: Box::new(move |seen, answer| Some(change(seen, answer))), ..Hook::default() }
}

#[test]
fn a_target_that_repeats_everything_gets_nothing_into_the_reports() {
    let served = Served::start_with_token(&token(), &[]);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let proxy = Proxy::start_with(&served, after(move |seen, answer| repeat(&listening, seen, answer)));
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(&mut check(&proxy.url, dir.path())).exits(1);
    assert!(!confidences.list().is_empty(), "the run sends passwords");
    confidences.are_kept_after(&ended, dir.path());

    // It really was repeated, and what was repeated was looked at.
    let report = Report::read(dir.path());
    let holds =
        |exchange: &&Value, place: &str| exchange["response"][place].to_string().contains("<redacted>");
    let exchanges = report.exchanges();
    assert!(exchanges.iter().filter(|exchange| holds(exchange, "headers")).count() > 100);
    assert!(exchanges.iter().filter(|exchange| holds(exchange, "body")).count() > 100);
    assert!(report.ended("error").is_empty(), "{:?}", report.ended("error"));

    let swept = run(&mut sweep(dir.path()));
    confidences.are_kept_after(&swept, dir.path());
}

#[test]
fn a_token_from_a_file_is_kept_as_well() {
    let served = Served::start_with_token(&token(), &[]);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let proxy = Proxy::start_with(&served, after(move |seen, answer| repeat(&listening, seen, answer)));
    let secrets = tempfile::tempdir().expect("a directory");
    let file = secrets.path().join("token");
    std::fs::write(&file, format!("{}\nand a note\n", token())).expect("a file");
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &proxy.url, "--verbose", "--token-file"]).arg(&file).arg("--out").arg(dir.path());
    let ended = run(&mut command).exits(1);
    confidences.are_kept_after(&ended, dir.path());
    let line = Report::read(dir.path()).run["command"].to_string();
    assert!(line.contains("--token-file"), "{line}");
}

#[test]
fn a_healthy_run_keeps_its_secrets_too() {
    let served = Served::start_with_token(&token(), &[]);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let hear = move |seen: &Seen, answer| {
        listening.hear(&seen.request);
        answer
    };
    let proxy = Proxy::start_with(&served, after(hear));
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(&mut check(&proxy.url, dir.path())).exits(0);
    confidences.are_kept_after(&ended, dir.path());
    let text = std::fs::read_to_string(dir.path().join("run.json")).expect("run.json");
    assert!(text.contains("Bearer <redacted>"), "the credential is shown to have been sent");

    // The page of a long run shows passed exchanges by their first line; that of a short one shows curl lines.
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(check(&proxy.url, dir.path()).args(["--only", "create"])).exits(0);
    confidences.are_kept_after(&ended, dir.path());
    let page = std::fs::read_to_string(dir.path().join("report.html")).expect("a page");
    assert!(page.contains(&format!("Bearer ${TOKEN_VARIABLE}")), "and the page says where it came from");
}

/// Dates of birth are as secret as passwords to an application that never shows them.
#[test]
fn what_an_application_never_shows_is_kept_too() {
    for profile in ["bonusly", "blogin"] {
        let served = Served::start_with_token(&token(), &["--profile", profile]);
        let confidences = Confidences::default();
        let (listening, watched) = (confidences.clone(), tempfile::tempdir().expect("a directory"));
        let dir = watched.path().to_owned();
        let hear = move |seen: &Seen, answer: Message| {
            listening.hear(&seen.request);
            if seen.number.is_multiple_of(25) {
                // The journal is there for as long as the run is.
                listening.are_kept_in(&dir);
            }
            answer
        };
        let proxy = Proxy::start_with(&served, after(hear));
        let ended = run(check(&proxy.url, watched.path()).args(["--profile", profile])).exits(0);
        assert!(confidences.list().len() >= 2, "{profile}: {:?}", confidences.list());
        confidences.are_kept_after(&ended, watched.path());
        let said = served.ended();
        confidences.are_kept_by("what the server says", &format!("{}{}", said.stdout, said.stderr));
    }
}

/// A server that repeats what it refuses as a date of birth tells nobody who reads the reports, and neither does the filter
/// that asks for one.
#[test]
fn refused_dates_of_birth_and_those_that_a_filter_asks_for_are_kept() {
    let fault = ["--profile", "bonusly", "--fault", "birthdays-are-quoted"];
    let served = Served::start_with_token(&token(), &fault);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let hear = move |seen: &Seen, answer| {
        listening.hear(&seen.request);
        answer
    };
    let proxy = Proxy::start_with(&served, after(hear));
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = check(&proxy.url, dir.path());
    command.args(["--profile", "bonusly", "--only", "bonusly.other-birthdays-are-refused"]);
    command.args(["--only", "bonusly.birthday-cannot-be-searched,bonusly.no-answer-holds-a-birthday"]);
    let ended = run(&mut command).exits(1);
    assert!(confidences.list().iter().any(|told| told == "--05-17"), "{:?}", confidences.list());
    confidences.list().push("1887".to_owned());
    confidences.are_kept_after(&ended, dir.path());
    let text = std::fs::read_to_string(dir.path().join("run.json")).expect("run.json");
    assert!(text.contains("<redacted> is no date"), "it was quoted");
    assert!(text.contains("dateOfBirth%20sw%20%22<redacted>%22"), "it was asked for");
}

/// A server that shows dates of birth shows them to the checks, which tell that it does and not which.
#[test]
fn dates_of_birth_that_a_server_shows_are_kept() {
    let served =
        Served::start_with_token(&token(), &["--profile", "bonusly", "--fault", "birthday-is-shown"]);
    let shown = Confidences::default();
    let listening = shown.clone();
    let hear = move |_: &Seen, answer: Message| {
        if String::from_utf8_lossy(&answer.body).contains("--05-17") {
            listening.list().push("--05-17".to_owned());
        }
        answer
    };
    let proxy = Proxy::start_with(&served, after(hear));
    let dir = tempfile::tempdir().expect("a directory");
    let ended =
        run(check(&proxy.url, dir.path()).args(["--profile", "bonusly", "--only", "bonusly"])).exits(1);
    assert!(!shown.list().is_empty(), "the server shows them");
    shown.list().push("1990-05-17".to_owned());
    shown.are_kept_after(&ended, dir.path());
    let failed = Report::read(dir.path()).ended("fail");
    assert!(failed.contains("bonusly.birthday-is-never-shown"), "{failed:?}");
}

/// An identity provider reads dates of birth in its directory and tells of them in its log.
#[test]
fn what_an_application_never_shows_is_in_no_provisioning_log() {
    let served = Served::start_with_token(&token(), &["--profile", "bonusly"]);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let proxy = Proxy::start_with(
        &served,
        after(move |seen, answer| {
            listening.hear(&seen.request);
            answer
        }),
    );
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command
        .args(["sync", "bonusly-week", &proxy.url, "--token-env", TOKEN_VARIABLE, "--out"])
        .arg(dir.path());
    let ended = run(command.env(TOKEN_VARIABLE, token())).exits(0);
    assert!(!confidences.list().is_empty(), "nothing secret was sent");
    confidences.are_kept_after(&ended, dir.path());
    let log = std::fs::read_to_string(dir.path().join("provisioning-log.ndjson")).expect("a log");
    assert!(log.contains(r#":dateOfBirth","oldValue":null,"newValue":"<redacted>""#), "{log}");
}

/// What a log, an address or a header of Basic authentication would show of a token.
#[test]
fn no_piece_of_the_token_gets_into_the_reports() {
    let pieces = [&CANARY[..12], &CANARY[2..], "Y0FuQXJZN2YzZTliMmQ", "NBbkFyWTdmM2U5YjJkLysmPCInPj1"];
    let served = Served::start_with_token(&token(), &[]);
    let quote = move |_: &Seen, mut answer: Message| {
        for (name, piece) in ["x-session", "x-trace", "x-user", "x-basic"].into_iter().zip(pieces) {
            answer.add(name, &format!("of {piece}"));
        }
        if answer.status() == 201 {
            answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("location"));
            answer.add("location", &format!("http://elsewhere.example/{}/Users/1", &CANARY[1..13]));
        }
        answer
    };
    let proxy = Proxy::start_with(&served, after(quote));
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(&mut check(&proxy.url, dir.path()));
    let mut told = vec![ended.stdout, ended.stderr];
    for name in files(dir.path()) {
        told.push(std::fs::read_to_string(dir.path().join(name)).expect("a report"));
    }
    assert!(told.iter().any(|text| text.contains("http://elsewhere.example/<redacted>/Users/1")));
    for text in told {
        for piece in pieces.iter().chain([&&CANARY[1..13]]) {
            assert!(!text.contains(piece), "{piece} is shown");
        }
    }
}

/// Names resources after the token: in the id, in the address, in what discovery says.
fn name_after_the_token(seen: &Seen, mut answer: Message) -> Message {
    let path = seen.request.path();
    if path.contains("/ResourceTypes") || path.contains("/Schemas") || path.contains("/ServiceProviderConfig")
    {
        let body =
            String::from_utf8_lossy(&answer.body).replace("\"description\"", &json!(token()).to_string());
        answer.body = body.into_bytes();
        return answer;
    }
    if seen.request.method() == "POST" && answer.status() == 201 {
        let mut body = answer.json();
        body["id"] = json!(token());
        answer.body = body.to_string().into_bytes();
        answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("location"));
        answer.add("location", &format!("/scim/v2/Users/{}", token()));
    }
    answer
}

#[test]
fn what_is_named_after_a_secret_is_not_written_into_the_journal() {
    let served = Served::start_with_token(&token(), &[]);
    let (tell, reached) = mpsc::channel();
    let (dead, killed) = mpsc::channel::<()>();
    let killed = Mutex::new(killed);
    let hook = after(move |seen, answer| {
        if seen.number == 90 {
            tell.send(()).expect("the test listens");
            let killed = killed.lock().unwrap_or_else(PoisonError::into_inner);
            killed.recv_timeout(PATIENCE).expect("the run is killed");
        }
        name_after_the_token(seen, answer)
    });
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut running = Running::start(&mut check(&proxy.url, dir.path()));
    reached.recv_timeout(PATIENCE).expect("the run gets that far");

    // While it runs, other users of the machine can see the command line.
    let confidences = Confidences::default();
    let process = Path::new("/proc").join(running.id().to_string());
    if process.exists() {
        let line = std::fs::read_to_string(process.join("cmdline")).expect("the command line");
        assert!(line.contains("--token-env"), "{line}");
        confidences.are_kept_by("the process list", &line);
    }
    running.kill();
    dead.send(()).expect("the proxy waits");
    proxy.settle();
    assert!(files(dir.path()).iter().any(|name| name.starts_with("journal-")));
    confidences.are_kept_in(dir.path());

    // What may not be called by its address is found by its name.
    proxy.hook(Hook::default());
    let swept = run(&mut sweep(dir.path())).exits(0);
    confidences.are_kept_after(&swept, dir.path());
    served.assert_empty();
}

#[test]
fn what_is_named_after_a_secret_is_not_named_in_the_reports() {
    let served = Served::start_with_token(&token(), &[]);
    let keep = |seen: &Seen, answer| {
        // What cannot be deleted is listed in the reports.
        if seen.request.method() == "DELETE" {
            return Message::response(403, "application/scim+json", json!({ "detail": token() }).to_string());
        }
        name_after_the_token(seen, answer)
    };
    let proxy = Proxy::start_with(&served, after(keep));
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(&mut check(&proxy.url, dir.path())).exits(1);
    assert!(Report::read(dir.path()).leftovers() > 10);
    Confidences::default().are_kept_after(&ended, dir.path());
}

#[test]
fn endpoints_named_after_a_secret_are_not_written_down() {
    let rename = |seen: &Seen, mut answer: Message| {
        if seen.request.path().contains("/ResourceTypes") {
            let body = String::from_utf8_lossy(&answer.body);
            let body =
                body.replace("\"/Users\"", &format!("\"/{CANARY}\"")).replace("\"/Groups\"", "\"/Users\"");
            answer.body = body.into_bytes();
        }
        answer
    };
    // Letters and digits alone, or it could not stand in a path as it is.
    let served = Served::start_with_token(CANARY, &[]);
    let proxy = Proxy::start_with(&served, after(rename));
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(check(&proxy.url, dir.path()).env(TOKEN_VARIABLE, CANARY)).exits(1);
    Confidences::default().are_kept_after(&ended, dir.path());
}

#[test]
fn a_target_that_is_none_gets_nothing_into_the_last_word() {
    let token = token();
    let garbage = [
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {token}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]"
        ),
        format!(
            "HTTP/1.1 404 {token}\r\ncontent-type: text/{token}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        ),
        format!(
            "HTTP/1.1 401 {token}\r\nwww-authenticate: {token}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        ),
        format!("{token}\r\n\r\n"),
        format!(
            "HTTP/1.1 302 Found\r\nlocation: http://elsewhere.example/?of={token}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        ),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{token}\r\n"),
    ];
    for answer in garbage {
        let target = Hostile::breaking_off(answer);
        let dir = tempfile::tempdir().expect("a directory");
        let ended = run(&mut check(&target.url, dir.path())).exits(3);
        Confidences::default().are_kept_after(&ended, dir.path());
    }
}

#[test]
fn a_secret_is_heard_in_whatever_form_it_is_sent() {
    let urn = "urn:x:2.0:User";
    let table = [
        (json!({ "password": "s3" }), true),
        (json!({ urn: { "dateOfBirth": "s3" } }), true),
        (json!({ "Operations": [{ "op": "add", "path": "password", "value": "s3" }] }), true),
        (json!({ "Operations": [{ "op": "add", "path": "urn:x:2.0:User:PassWord", "value": "s3" }] }), true),
        (
            json!({ "Operations": [{ "op": "add", "path": "urn:x:2.0:User:dateOfBirth", "value": "s3" }] }),
            true,
        ),
        (json!({ "Operations": [{ "op": "add", "value": { "password": "s3" } }] }), true),
        (json!({ "Operations": [{ "op": "add", "value": { urn: { "dateOfBirth": "s3" } } }] }), true),
        (json!({ "Operations": [{ "op": "add", "value": { "urn:x:2.0:User:password": "s3" } }] }), true),
        (json!({ "Operations": [{ "op": "add", "path": urn, "value": { "password": "s3" } }] }), true),
        (json!({ "title": "s3", "Operations": [{ "op": "add", "path": "title", "value": "s3" }] }), false),
    ];
    for (body, is_heard) in table {
        let confidences = Confidences::default();
        confidences.hear(&Message::response(200, "application/scim+json", body.to_string()));
        assert_eq!(confidences.list().iter().any(|heard| heard == "s3"), is_heard, "{body}");
    }
}
