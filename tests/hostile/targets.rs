//! Targets that are broken in every way: each gets a clear word and the right exit code, in bounded time and memory.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{
    Ended, Hook, Hostile, Message, Proxy, Report, Running, Served, Step, TOKEN, TOKEN_VARIABLE, bounded,
    dead_url, files, run, scimproof,
};

/// More than any of these runs may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(90);
/// What the program may allocate.
const MEMORY_MIB: u32 = 320;

/// Checks a target that cannot be used; the reports say so and nothing else is written.
#[track_caller]
fn unusable(url: &str, options: &[&str]) -> Ended {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = bounded(MEMORY_MIB);
    command.args(["check", url, "--token-env", TOKEN_VARIABLE]).args(options).env(TOKEN_VARIABLE, TOKEN);
    let ended = Running::start(command.arg("--out").arg(dir.path())).wait(BOUND).exits(3);
    assert_eq!(
        files(dir.path()),
        ["junit.xml", "report.html", "report.sarif", "run.json", "summary.md"],
        "no journal stays"
    );
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

/// Discovery is over by then, and checks are under way on all threads.
const TURNS_AT: usize = 60;

fn sweep(dir: &Path) -> Command {
    let mut command = scimproof();
    command.args(["sweep", "--token-env", TOKEN_VARIABLE, "--out"]).arg(dir).env(TOKEN_VARIABLE, TOKEN);
    command
}

fn journals(dir: &Path) -> usize {
    files(dir).iter().filter(|name| name.starts_with("journal-")).count()
}

#[test]
fn a_server_that_dies_in_the_middle_of_a_run_ends_it_soon() {
    let served = Served::start(&[]);
    let killed = Arc::new(Mutex::new(served));
    let victim = Arc::clone(&killed);
    let hook = Hook {
        before: Box::new(move |seen| {
            // What a clean-up is about to remove stands by then.
            if seen.number >= TURNS_AT && seen.request.method() == "DELETE" {
                victim.lock().expect("nobody panicked").kill();
            }
            Step::Forward
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&killed.lock().expect("nobody panicked"), hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = bounded(MEMORY_MIB);
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
