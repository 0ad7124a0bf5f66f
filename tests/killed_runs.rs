//! What a killed run leaves behind, `scimproof sweep` removes, and nothing else.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use serde_json::json;
use support::{
    Ended, Hook, Hostile, Message, PATIENCE, Place, Proxy, Report, Running, Served, Step, TOKEN_VARIABLE,
    Trap, files, places, run, scimproof,
};

/// Starts a run through the proxy and kills it; gives the request at which it died.
fn kill_a_run(command: &mut Command, proxy: &Proxy, place: Place) -> String {
    let (reached, at) = mpsc::channel();
    let (dead, killed) = mpsc::channel();
    proxy.hook(Trap::new(place, reached, killed).hook());
    let mut running = Running::start(command);
    let request = at.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the run does not get to {place:?}"));
    running.kill();
    dead.send(()).expect("the proxy waits");
    proxy.settle();
    request
}

fn sweep(served: &Served, out: &Path) -> Command {
    let mut command = scimproof();
    command
        .args(["sweep", "--token-env", TOKEN_VARIABLE, "--out"])
        .arg(out)
        .env(TOKEN_VARIABLE, &served.token);
    command
}

/// A load of a moment, without the goose executor, which a build may lack.
const SMALL_LOAD: &str = r#"
name = "small"
title = "a small load"
together = 2
population = { users = 20, groups = 2, memberships = 20 }
caps = { rate = 10_000 }
steps = [
    { action = "create-users" },
    { action = "set-managers" },
    { action = "create-groups" },
    { action = "add-members" },
]
"#;

fn journals(dir: &Path) -> Vec<String> {
    files(dir).into_iter().filter(|name| name.starts_with("journal-")).collect()
}

/// Kills runs of a command in many places, and sweeps once. A run that nobody kills must leave nothing.
fn one_sweep_removes_what_they_left(profile: &str, command: &[&str]) {
    let served = Served::start(&["--profile", profile]);
    let proxy = Proxy::start(&served);
    let run_into = |out: &Path| {
        let mut words = scimproof();
        words.args(command).args([&proxy.url, "--token-env", TOKEN_VARIABLE, "--out"]).arg(out);
        words.env(TOKEN_VARIABLE, &served.token);
        words
    };
    let whole = tempfile::tempdir().expect("a directory");
    run(&mut run_into(whole.path())).exits(0);
    assert!(journals(whole.path()).is_empty(), "a run that left nothing leaves no journal");
    served.assert_empty();
    let places = places(&proxy.requests());
    let kills = places.len();
    let dir = tempfile::tempdir().expect("a directory");
    for place in places {
        let request = kill_a_run(&mut run_into(dir.path()), &proxy, place);
        assert!(place.method.is_none_or(|method| request.starts_with(method)), "{request} at {place:?}");
    }
    assert_eq!(journals(dir.path()).len(), kills, "each run left its journal");
    assert!(served.total("/Users") + served.total("/Groups") > 0, "killed runs leave something behind");

    proxy.hook(Hook::default());
    let dry = run(sweep(&served, dir.path()).arg("--dry-run")).exits(0);
    assert_eq!(dry.stdout.lines().count(), kills, "{}", dry.stdout);
    assert!(proxy.requests().is_empty(), "a dry run sends nothing");

    run(&mut sweep(&served, dir.path())).swept_what_has_a_name();
    served.assert_empty();
    for journal in journals(dir.path()) {
        let text = std::fs::read_to_string(dir.path().join(&journal)).expect("a journal");
        assert!(text.contains(r#""name":null"#), "{journal} is kept for no reason");
        std::fs::remove_file(dir.path().join(&journal)).expect("it can be removed");
    }
    run(&mut sweep(&served, dir.path())).exits(0).says(&["nothing to sweep"]);
}

#[test]
fn one_sweep_removes_what_many_killed_checks_left() {
    one_sweep_removes_what_they_left("rfc", &["check"]);
}

#[test]
fn one_sweep_removes_what_many_killed_syncs_left() {
    one_sweep_removes_what_they_left("entra-ready", &["sync", "steady-state"]);
}

#[test]
fn one_sweep_removes_what_many_killed_loads_left() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("small.toml");
    std::fs::write(&file, SMALL_LOAD).expect("a file");
    let file = file.to_str().expect("a path");
    one_sweep_removes_what_they_left("rfc", &["load", file, "--executor", "closed"]);
}

#[test]
fn a_second_signal_leaves_the_rest_to_a_sweep() {
    let served = Served::start(&[]);
    let (reached, at) = mpsc::channel();
    let hook = Hook {
        before: Box::new(move |seen| {
            // Nothing is ever removed: the run hangs in its clean-up until it is told again.
            if seen.request.method() != "DELETE" {
                return Step::Forward;
            }
            let _ = reached.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let running = Running::start(command.args(["--timeout", "600", "--out"]).arg(dir.path()));
    at.recv_timeout(PATIENCE).expect("the run gets that far");
    running.signal("INT");
    running.first_complaint();
    running.stop_again(PATIENCE).exits(130);
    assert_eq!(journals(dir.path()).len(), 1);

    proxy.hook(Hook::default());
    proxy.settle();
    run(&mut sweep(&served, dir.path())).exits(0);
    served.assert_empty();
}

/// Two loads, of which the second is given up in its clean-up: what came of the first is written all the same.
#[test]
fn a_second_signal_leaves_the_reports_of_the_loads_that_had_ended() {
    let served = Served::start(&[]);
    let (reached, at) = mpsc::channel();
    // The first of three users is created again by the second load.
    let creates = AtomicUsize::new(0);
    let hook = Hook {
        before: Box::new(move |seen| {
            let creates_user = seen.request.method() == "POST" && seen.request.path().ends_with("/Users");
            if !creates_user || creates.fetch_add(1, Ordering::SeqCst) < 3 {
                return Step::Forward;
            }
            let _ = reached.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("few.toml");
    let few = "name = \"few\"\ntitle = \"a few users\"\npopulation = { users = 3, groups = 0 }\n\
               steps = [{ action = \"create-users\" }]\n";
    std::fs::write(&file, few).expect("a file");
    let out = dir.path().join("out");
    let mut command = scimproof();
    command.args(["load", file.to_str().expect("a path"), &proxy.url, "--executor", "closed,arrival"]);
    command.args(["--timeout", "600", "--token-env", TOKEN_VARIABLE, "--out"]).arg(&out);
    let running = Running::start(command.env(TOKEN_VARIABLE, &served.token));
    at.recv_timeout(PATIENCE).expect("the second load gets that far");
    assert!(!out.join("run.json").exists());
    running.signal("INT");
    running.first_complaint();
    running.stop_again(PATIENCE).exits(130).complains(&["what had ended is written to"]);
    let run = Report::read(&out).run;
    let load = &run["load"];
    assert_eq!((&load["interrupted"], load["runs"].as_array().map(Vec::len)), (&json!(true), Some(1)));
    assert_eq!((&load["runs"][0]["created"], &load["runs"][0]["removed"]), (&json!(3), &json!(3)));
    let sentence = run["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("INTERRUPTED: load was stopped before its end"), "{sentence}");
    // The other one is left to a sweep.
    assert_eq!(journals(&out).len(), 1);
}

/// A server with one user of somebody else's, and a directory with a journal.
struct Scene {
    served: Served,
    dir: tempfile::TempDir,
    user: String,
}

const RUN: &str = "0badcafe";

impl Scene {
    /// A user by this name stands on the server.
    fn with_user(name: &str) -> Self {
        let served = Served::start(&[]);
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name });
        let users = format!("{}/Users", served.url);
        let answer = Message::send("POST", &users, &served.token, body.to_string().as_bytes());
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 201, "{answer:?}");
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        Self { served, dir: tempfile::tempdir().expect("a directory"), user: format!("/Users/{id}") }
    }

    /// Writes a journal with these lines after its head.
    fn journal(&self, lines: &[String]) -> PathBuf {
        write_journal(self.dir.path(), RUN, &self.served.url, lines)
    }

    fn raw_journal(&self, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(format!("journal-{RUN}.ndjson"));
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn sweep(&self) -> Ended {
        run(&mut sweep(&self.served, self.dir.path()))
    }
}

fn write_journal(dir: &Path, run: &str, target: &str, lines: &[String]) -> PathBuf {
    let head = json!({ "entry": "run", "run": run, "target": target }).to_string();
    let lines: Vec<String> = [head].iter().chain(lines).map(|line| format!("{line}\n")).collect();
    let path = dir.join(format!("journal-{run}.ndjson"));
    std::fs::write(&path, lines.concat()).expect("a file");
    path
}

fn intent(number: u64, name: &str) -> String {
    json!({ "entry": "intent", "number": number, "endpoint": "/Users", "name": name }).to_string()
}

fn created(number: u64, path: &str) -> String {
    json!({ "entry": "created", "number": number, "resources": [path] }).to_string()
}

#[test]
fn a_resource_that_carries_another_name_is_left_alone() {
    let scene = Scene::with_user("ada@example.com");
    let ours = format!("scimproof-{RUN}-create-answers-201-1");
    let journal = scene.journal(&[intent(1, &ours), created(1, &scene.user)]);
    scene.sweep().exits(1).says(&["0 removed, 1 left", &scene.user, "another name"]);
    assert_eq!(scene.served.total("/Users"), 1);
    assert!(journal.exists(), "what is not done stays written down");
}

#[test]
fn a_create_of_unknown_name_is_told_and_stays_written_down() {
    let scene = Scene::with_user("ada@example.com");
    let pending = json!({ "entry": "intent", "number": 1, "endpoint": "/Groups", "name": null });
    let journal = scene.journal(&[pending.to_string()]);
    scene
        .sweep()
        .exits(1)
        .says(&["a create of unknown name on /Groups", "got no reply; look for it by hand"]);
    assert!(journal.exists(), "it is the only trace");
}

#[test]
fn a_resource_of_another_run_is_left_alone() {
    let scene = Scene::with_user("scimproof-0badcaff-create-answers-201-1");
    scene.journal(&[intent(1, "scimproof-0badcafe-create-answers-201-1"), created(1, &scene.user)]);
    scene.sweep().exits(1).says(&["another name"]);
    assert_eq!(scene.served.total("/Users"), 1);
}

#[test]
fn letter_case_does_not_make_a_name_somebody_elses() {
    let scene = Scene::with_user("SCIMPROOF-0BADCAFE-CREATE-USERNAME-IGNORES-CASE-1");
    let journal = scene.journal(&[intent(1, "scimproof-0badcafe-x-1"), created(1, &scene.user)]);
    scene.sweep().exits(0).says(&["1 removed, 0 left"]);
    assert_eq!(scene.served.total("/Users"), 0);
    assert!(!journal.exists());
}

#[test]
fn a_last_line_that_was_cut_short_is_no_obstacle() {
    // In the middle of an entry, and in the middle of a letter.
    for torn in [&br#"{"entry":"intent","num"#[..], b"{\"entry\":\"intent\",\"number\":2,\"name\":\"\xc3"] {
        let name = format!("scimproof-{RUN}-create-answers-201-1");
        let scene = Scene::with_user(&name);
        let journal = scene.journal(&[intent(1, &name)]);
        let whole = std::fs::read(&journal).expect("the journal");
        scene.raw_journal(&[&whole, torn].concat());
        scene.sweep().exits(0).says(&["1 removed, 0 left"]);
        assert_eq!(scene.served.total("/Users"), 0);
        assert!(!journal.exists());
    }
}

#[test]
fn a_run_that_was_killed_before_its_first_line_left_nothing() {
    for torn in [&b""[..], br#"{"entry":"ru"#, br#"{"entry":"run","run":"0badcafe","targ"#] {
        let scene = Scene::with_user("ada@example.com");
        let journal = scene.raw_journal(torn);
        scene.sweep().exits(0).says(&["before it sent anything"]);
        assert!(!journal.exists());
        assert_eq!(scene.served.total("/Users"), 1);
    }
}

#[test]
fn what_only_looks_like_a_journal_is_left_alone_and_holds_nobody_up() {
    for strange in [&b"my notes"[..], b"my notes\n", br#"{"entry":"refused","number":1}"#, b"\xff\xfe\n"] {
        let name = format!("scimproof-{RUN}-create-answers-201-1");
        let scene = Scene::with_user(&name);
        let journal = scene.journal(&[intent(1, &name)]);
        let notes = scene.dir.path().join("journal-0.ndjson");
        std::fs::write(&notes, strange).expect("a file");
        scene.sweep().exits(2).says(&["1 removed, 0 left"]).complains(&["journal-0.ndjson"]);
        assert_eq!(std::fs::read(&notes).expect("still there"), strange);
        assert!(!journal.exists());
    }
}

#[test]
fn a_journal_of_another_server_is_left_alone() {
    let scene = Scene::with_user("scimproof-0badcafe-create-answers-201-1");
    let journal = scene.journal(&[intent(1, "scimproof-0badcafe-create-answers-201-1")]);
    let other = Served::start(&[]);
    let mut command = sweep(&other, scene.dir.path());
    let ended = run(command.arg(&other.url)).exits(2);
    ended.complains(&["left alone", "1 journal is of another server", "scimproof sweep <URL>"]);
    assert!(journal.exists());
    assert_eq!(scene.served.total("/Users"), 1);
}

#[test]
fn a_server_that_is_gone_keeps_its_journal() {
    let mut scene = Scene::with_user("scimproof-0badcafe-create-answers-201-1");
    let journal = scene.journal(&[intent(1, "scimproof-0badcafe-create-answers-201-1")]);
    scene.served.kill();
    scene.sweep().exits(3).complains(&["nothing swept", "cannot connect"]);
    assert!(journal.exists());
}

/// A page that answers 404 for everything says nothing of what once stood there.
#[test]
fn a_server_that_is_another_by_now_keeps_its_journal() {
    let page = Message::response(404, "text/html", "<h1>Not Found</h1>");
    let hostile = Hostile::answering(page.bytes());
    let dir = tempfile::tempdir().expect("a directory");
    let journal = write_journal(dir.path(), RUN, &hostile.url, &[created(1, "/Users/1")]);
    let mut command = scimproof();
    run(command.args(["sweep", "--out"]).arg(dir.path())).exits(3).complains(&["no SCIM"]);
    assert!(journal.exists());
}

#[test]
fn what_was_gone_already_is_told_apart() {
    let scene = Scene::with_user("ada@example.com");
    let journal = scene.journal(&[created(1, "/Users/gone")]);
    scene.sweep().exits(0).says(&["0 removed, 1 already gone, 0 left"]);
    assert!(!journal.exists());
}

/// A journal is a file that anybody may have written: it does not choose where a token travels.
#[test]
fn a_token_is_for_one_server_only() {
    let name = "scimproof-0badcafe-create-answers-201-1";
    let scene = Scene::with_user(name);
    let journal = scene.journal(&[intent(1, name)]);
    let stranger = Proxy::start(&scene.served);
    let other = write_journal(scene.dir.path(), "0badcaff", &stranger.url, &[created(1, "/Users/1")]);
    let ended = scene.sweep().exits(2);
    ended.complains(&["more than one server", &scene.served.url, &stranger.url, "sweep <URL>"]);
    assert!(journal.exists() && other.exists());
    assert_eq!(scene.served.total("/Users"), 1);

    let mut command = sweep(&scene.served, scene.dir.path());
    run(command.arg(&scene.served.url)).exits(0).says(&["1 removed, 0 left"]).complains(&["left alone"]);
    assert!(!journal.exists() && other.exists());
    assert!(stranger.requests().is_empty(), "the token must not travel: {:?}", stranger.requests());
}

#[test]
fn there_may_be_nothing_to_sweep() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    run(&mut sweep(&served, dir.path())).exits(0).says(&["nothing to sweep"]);
    run(&mut sweep(&served, &dir.path().join("none"))).exits(2).complains(&["cannot read --out"]);
}
