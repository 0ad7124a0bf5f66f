//! Targets that are broken in every way: each gets a clear word and the right exit code, in bounded time and memory.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{
    Ended, Hook, Hostile, Message, Proxy, Report, Running, Seen, Served, Step, TOKEN, TOKEN_VARIABLE,
    dead_url, files, outwait, pour, run, scimproof,
};

/// More than any of these runs may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(90);
/// What the program may allocate.
const MEMORY_KIB: usize = 320 * 1024;
/// How much the hostile servers send.
const BODY_BYTES: usize = 300 * 1024 * 1024;

/// `scimproof` with its memory bounded by the system: allocating more ends it with a signal.
fn bounded() -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("ulimit -d {MEMORY_KIB} && exec \"$0\" \"$@\""),
        env!("CARGO_BIN_EXE_scimproof"),
    ]);
    command
}

/// Checks a target that cannot be used; the reports say so and nothing else is written.
#[track_caller]
fn unusable(url: &str, options: &[&str]) -> Ended {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = bounded();
    command.args(["check", url, "--token-env", TOKEN_VARIABLE]).args(options).env(TOKEN_VARIABLE, TOKEN);
    let ended = Running::start(command.arg("--out").arg(dir.path())).wait(BOUND).exits(3);
    assert_eq!(files(dir.path()), ["junit.xml", "report.html", "run.json"], "no journal stays");
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    let why = ended.stderr.trim_end().strip_prefix("error: ").expect("an error");
    let run = Report::read(dir.path()).run;
    assert_eq!(run["unjudged"], why);
    assert_eq!(run["sentence"], format!("NOT TESTED: {why}"));
    assert!(run["checks"].is_null(), "{run:#}");
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).expect("a report");
    assert!(read("report.html").contains("NOT TESTED"));
    let junit = read("junit.xml");
    assert!(junit.contains(r#"tests="1""#) && junit.contains(r#"errors="1""#), "{junit}");
    ended.complains(&[url])
}

#[test]
fn nobody_listens() {
    unusable(&dead_url(), &[]).complains(&["cannot connect", "is the server running", "host and the port"]);
}

#[test]
fn html_is_no_scim() {
    let page = Message::response(200, "text/html; charset=utf-8", "<!doctype html><h1>Welcome</h1>");
    let target = Hostile::answering(page.bytes());
    unusable(&target.url, &[]).complains(&["answers 200 with text/html", "no SCIM", "base URL"]);
}

#[test]
fn a_missing_page_is_no_scim() {
    let target = Hostile::answering(Message::response(404, "text/html", "<h1>Not Found</h1>").bytes());
    unusable(&target.url, &[]).complains(&["answers 404 with text/html", "no SCIM"]);
}

#[test]
fn a_refused_token_is_named_as_such() {
    let target = Served::start_with_token("another-token", &[]);
    // Discovery may be open to all; a server that closes it too is told apart by its lists.
    let proxy = Proxy::start_with(
        &target,
        Hook {
            before: Box::new(|_| Step::Answer(Message::response(401, "application/scim+json", "{}"))),
            ..Hook::default()
        },
    );
    unusable(&proxy.url, &[]).complains(&["refuses the credential (401)", "--token-env"]);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Served::start(&[]);
    let proxy = Proxy::start(&elsewhere);
    let moved = format!("HTTP/1.1 302 Found\r\nlocation: {}/Users\r\ncontent-length: 0\r\n\r\n", proxy.url);
    let target = Hostile::answering(moved);
    unusable(&target.url, &[]).complains(&["answers 302", &format!("{}/Users", proxy.url), "not followed"]);
    assert!(proxy.requests().is_empty(), "the token must not travel: {:?}", proxy.requests());
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let target = Hostile::start(outwait);
    unusable(&target.url, &["--timeout", "1"]).complains(&["no complete answer within 1s"]);
}

#[test]
fn a_server_that_never_ends_its_answer_is_given_up() {
    let target = Hostile::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/scim+json\r\n\r\n{")?;
        outwait(stream)
    });
    unusable(&target.url, &["--timeout", "1"]).complains(&["no complete answer within 1s"]);
}

#[test]
fn a_connection_that_ends_in_mid_body_is_no_answer() {
    let target = Hostile::breaking_off("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"schemas\":");
    unusable(&target.url, &[]).complains(&["closed before the answer was complete"]);
}

#[test]
fn a_connection_that_ends_at_once_is_no_answer() {
    let target = Hostile::start(|_| Ok(()));
    unusable(&target.url, &[]).complains(&["closed before the answer was complete"]);
}

#[test]
fn something_that_speaks_another_protocol_is_told() {
    let target = Hostile::breaking_off("220 mail.example.com ESMTP ready\r\n");
    unusable(&target.url, &[]).complains(&["not HTTP"]);
}

#[test]
fn bytes_that_are_no_text_are_no_scim() {
    let target =
        Hostile::answering(Message::response(200, "application/scim+json", [0xff, 0xfe, 0x00, 0xc3]).bytes());
    unusable(&target.url, &[]).complains(&["answers 200", "not UTF-8", "no SCIM"]);
}

#[test]
fn json_that_never_ends_its_nesting_is_no_scim() {
    let target =
        Hostile::answering(Message::response(200, "application/scim+json", vec![b'['; 100_000]).bytes());
    unusable(&target.url, &[]).complains(&["answers 200", "nested too deeply", "no SCIM"]);
}

#[test]
fn a_body_of_300_megabytes_is_not_read() {
    for chunked in [false, true] {
        let target = Hostile::start(move |stream| pour(stream, BODY_BYTES, chunked));
        unusable(&target.url, &[]).complains(&["longer than"]);
    }
}

/// A run against a server that answers well until this request and then does something else to all that follow.
struct Turning {
    served: Served,
    proxy: Proxy,
    dir: tempfile::TempDir,
}

/// Discovery is over by then, and checks are under way on all threads.
const TURNS_AT: usize = 60;

impl Turning {
    /// The server is not asked any more; the proxy does this.
    fn away(options: &[&str], then: impl Fn() -> Step + Send + Sync + 'static) -> (Self, Ended) {
        let before = move |seen: &Seen| if seen.number < TURNS_AT { Step::Forward } else { then() };
        Self::run(options, Hook { before: Box::new(before), ..Hook::default() })
    }

    fn run(options: &[&str], hook: Hook) -> (Self, Ended) {
        let served = Served::start(&[]);
        let proxy = Proxy::start_with(&served, hook);
        let dir = tempfile::tempdir().expect("a directory");
        let mut command = bounded();
        command.args(["check", &proxy.url, "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN);
        let command = command.args(options).arg("--out").arg(dir.path());
        let ended = Running::start(command).wait(BOUND).exits(1).says(&["NOT PROOF:"]);
        (Self { served, proxy, dir }, ended)
    }

    /// What is left can be removed once the server is well again.
    fn can_be_swept(&self) {
        self.proxy.settle();
        self.proxy.hook(Hook::default());
        run(&mut sweep(self.dir.path())).swept_what_has_a_name();
        self.served.assert_empty();
    }
}

fn sweep(dir: &Path) -> Command {
    let mut command = scimproof();
    command.args(["sweep", "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir).env(TOKEN_VARIABLE, TOKEN);
    command
}

fn journals(dir: &Path) -> usize {
    files(dir).iter().filter(|name| name.starts_with("journal-")).count()
}

#[test]
fn silence_in_the_middle_of_a_run_ends_it_soon() {
    let (turning, ended) = Turning::away(&["--timeout", "1"], || Step::Hold);
    ended.says(&["stopped answering", "left behind"]).complains(&["scimproof sweep --out"]);
    let report = Report::read(turning.dir.path());
    assert_eq!(report.ended("fail").len() + report.ended("error").len(), 0, "silence accuses nobody");
    assert!(report.ended("blocked").len() > 10, "{:?}", report.ended("blocked"));
    assert_eq!(journals(turning.dir.path()), 1);
    turning.can_be_swept();
}

#[test]
fn a_server_that_dies_in_the_middle_of_a_run_ends_it_soon() {
    let served = Served::start(&[]);
    let killed = Arc::new(Mutex::new(served));
    let victim = Arc::clone(&killed);
    let hook = Hook {
        before: Box::new(move |seen| {
            if seen.number == TURNS_AT {
                victim.lock().expect("nobody panicked").kill();
            }
            Step::Forward
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&killed.lock().expect("nobody panicked"), hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = bounded();
    command.args(["check", &proxy.url, "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN);
    let ended = Running::start(command.arg("--out").arg(dir.path())).wait(BOUND).exits(1);
    ended.says(&["NOT PROOF:", "stopped answering"]).complains(&["scimproof sweep"]);
    let report = Report::read(dir.path());
    assert_eq!(report.ended("fail").len() + report.ended("error").len(), 0, "a dead server is not accused");
    assert_eq!(journals(dir.path()), 1);
    run(&mut sweep(dir.path())).exits(3).complains(&["nothing swept"]);
    assert_eq!(journals(dir.path()), 1);
}

#[test]
fn bytes_that_are_no_text_in_the_middle_of_a_run_are_a_verdict() {
    let garble = |seen: &Seen, mut answer: Message| {
        if seen.number >= TURNS_AT && !answer.body.is_empty() {
            answer.body = vec![b'{', 0xff, 0xfe, b'}'];
        }
        Some(answer)
    };
    let (turning, ended) = Turning::run(&[], Hook { after: Box::new(garble), ..Hook::default() });
    ended.says(&["4 bytes that are no JSON"]);
    let report = Report::read(turning.dir.path());
    assert_eq!(report.ended("error").len(), 0, "{:?}", report.ended("error"));
    assert!(!report.ended("fail").is_empty());
    turning.can_be_swept();
}

#[test]
fn answers_that_break_off_in_the_middle_of_a_run_are_a_verdict() {
    let broken =
        || Step::Raw(Box::new(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"")));
    let (turning, ended) = Turning::away(&[], broken);
    ended.says(&["closed before the answer was complete"]);
    let report = Report::read(turning.dir.path());
    assert_eq!(report.ended("fail").len() + report.ended("error").len(), 0);
    turning.can_be_swept();
}

#[test]
fn bodies_of_300_megabytes_in_the_middle_of_a_run_are_a_verdict() {
    for chunked in [false, true] {
        let flood = move || Step::Raw(Box::new(move |stream| pour(stream, BODY_BYTES, chunked)));
        let (turning, ended) = Turning::away(&[], flood);
        ended.says(&["longer than"]);
        assert_eq!(Report::read(turning.dir.path()).ended("error").len(), 0);
        turning.can_be_swept();
    }
}

#[test]
fn large_answers_are_judged_in_bounded_memory() {
    // As long as an answer may be, of the JSON that takes the most room once it is read.
    let many = Arc::new([b"{\"Resources\":[".as_slice(), &b"0,".repeat(4_000_000), b"0]}"].concat());
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let flood = move || {
        let many = Arc::clone(&many);
        count.fetch_add(1, Ordering::SeqCst);
        Step::Raw(Box::new(move |stream| {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n", many.len())?;
            write!(stream, "content-type: application/scim+json\r\n\r\n")?;
            stream.write_all(&many)
        }))
    };
    let (turning, ended) = Turning::away(&[], flood);
    ended.says(&["JSON values"]);
    assert_eq!(Report::read(turning.dir.path()).ended("error").len(), 0);
    assert!(sent.load(Ordering::SeqCst) > 8);
    turning.can_be_swept();
}

#[test]
fn what_is_created_after_nobody_waits_any_more_can_be_swept() {
    let served = Served::start(&[]);
    let (go_on, told) = mpsc::channel::<()>();
    let told = Mutex::new(told);
    let hook = Hook {
        before: Box::new(move |seen| {
            // One create takes longer than anybody waits, and longer than the run.
            let body = String::from_utf8_lossy(&seen.request.body);
            if seen.request.method() == "POST" && body.contains("delete-answers-204-1") {
                let told = told.lock().expect("nobody panicked");
                told.recv_timeout(BOUND).expect("the run ends");
            }
            Step::Forward
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let command = command.args(["--timeout", "1", "--out"]).arg(dir.path());
    let ended = Running::start(command).wait(BOUND).exits(1);
    ended.says(&["no complete answer within 1s", "left behind"]).complains(&["scimproof sweep"]);
    let report = Report::read(dir.path());
    let reason = &report.run["checks"]["leftovers"][0]["reason"];
    assert!(reason.as_str().is_some_and(|reason| reason.contains("may still appear")), "{reason}");
    served.assert_empty();
    go_on.send(()).expect("the proxy waits");
    proxy.settle();
    assert_eq!(served.total("/Users") + served.total("/Groups"), 1);
    proxy.hook(Hook::default());
    run(&mut sweep(dir.path())).exits(0);
    served.assert_empty();
    assert_eq!(journals(dir.path()), 0);
}
