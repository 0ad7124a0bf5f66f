//! The journal: what a run may have created is on disk before the target hears of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::support::{Answer, BASE, MUST, Stage, answer, check};
use harness::{Journal, JournalError, minimal_group, minimal_user};
use serde_json::{Value, json};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    (folder, path)
}

fn begin(stage: &mut Stage, path: &Path) {
    stage.options.journal = Some(Arc::new(Journal::create(path, "r1", BASE).expect("a journal")));
}

fn entries(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a journal");
    text.lines().map(|line| serde_json::from_str(line).expect("an entry")).collect()
}

#[test]
fn the_intent_is_on_disk_before_the_request_arrives() {
    let (_folder, path) = folder();
    let seen = path.clone();
    let mut stage = Stage::scripted(move |call, _| {
        let name = call.body["userName"].as_str().filter(|_| call.method == "POST")?;
        let written = fs::read_to_string(&seen).expect("a journal");
        let last = written.lines().last().expect("an entry");
        let entry: Value = serde_json::from_str(last).expect("an entry");
        assert_eq!(
            (&entry["entry"], &entry["endpoint"], &entry["name"]),
            (&json!("intent"), &json!("/Users"), &json!(name))
        );
        None
    });
    begin(&mut stage, &path);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.given_all(vec![minimal_user(), minimal_user()]).map(drop)
    })]);
    assert_eq!(
        (run.results[0].verdict.kind(), run.created),
        (record::VerdictKind::Pass, 2),
        "{:?}",
        run.results[0]
    );
}

#[test]
fn it_tells_what_was_created_refused_and_removed() {
    let (_folder, path) = folder();
    let mut stage = Stage::scripted(|call, _| call.is("POST", "/Groups").then(|| answer(403, &json!({}))));
    begin(&mut stage, &path);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.given(minimal_user())?;
        probe.given(minimal_group()).map(drop)
    })]);
    assert_eq!(run.removed, 1);
    let created =
        stage.directory.calls().into_iter().find(|call| call.method == "DELETE").expect("a clean-up").path;
    assert_eq!(
        entries(&path),
        [
            json!({ "entry": "run", "run": "r1", "target": BASE }),
            json!({ "entry": "intent", "number": 1, "endpoint": "/Users", "name": "scimproof-r1-a-check-1" }),
            json!({ "entry": "created", "number": 1, "resources": [created] }),
            json!({ "entry": "intent", "number": 2, "endpoint": "/Groups", "name": "scimproof-r1-a-check-2" }),
            json!({ "entry": "refused", "number": 2 }),
            json!({ "entry": "removed", "resource": created }),
        ]
    );
}

#[test]
fn a_create_in_doubt_stays_open() {
    let (_folder, path) = folder();
    let mut stage = Stage::scripted(|call, _| call.is("POST", "/Users").then_some(Answer::Closed));
    begin(&mut stage, &path);
    stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    let kinds: Vec<String> =
        entries(&path).iter().map(|entry| entry["entry"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(kinds, ["run", "intent"]);
}

#[test]
fn reading_leaves_no_trace() {
    let (_folder, path) = folder();
    let mut stage = Stage::new();
    begin(&mut stage, &path);
    stage.run(&[check("a.check", &[MUST], |probe| {
        probe.get("/Users")?;
        probe.delete("/Users/nobody").map(drop)
    })]);
    assert_eq!(entries(&path).len(), 1);
}

#[test]
fn an_existing_file_is_not_written_over() {
    let (_folder, path) = folder();
    fs::write(&path, "somebody's").expect("a file");
    let error = Journal::create(&path, "r1", BASE).expect_err("refused");
    assert!(matches!(error, JournalError::Write { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.starts_with(&format!("cannot write the journal {}", path.display())), "{message}");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "somebody's");
}

/// On a full disk: what cannot be written down is not created, and what was written down can still be read.
#[cfg(unix)]
#[test]
fn nothing_is_created_that_cannot_be_written_down() {
    let (_folder, path) = folder();
    // A file may grow to so many blocks and no further; what is left over of the last line must not stay.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "journal::on_a_full_disk", "--ignored", "--nocapture"])
        .env("SCIMPROOF_TEST_JOURNAL", &path)
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let intents = entries(&path).iter().filter(|entry| entry["entry"] == "intent").count();
    assert!(intents > 3, "{intents} intents");
    assert!(told.contains(&format!("{intents} creates, error, left behind: 0")), "{told}");
}

/// The other half of the test above: a run under whatever limits its caller set.
#[cfg(unix)]
#[test]
#[ignore = "a part of another test, which sets the limit"]
#[expect(clippy::disallowed_methods, reason = "it has no other way to be told the path")]
fn on_a_full_disk() {
    let Some(path) = std::env::var_os("SCIMPROOF_TEST_JOURNAL") else { return };
    let mut stage = Stage::new();
    begin(&mut stage, Path::new(&path));
    let run = stage
        .run(&[check("a.check", &[MUST], |probe| probe.given_all(vec![minimal_user(); 1_000]).map(drop))]);
    let (creates, left) = (stage.directory.count("POST"), stage.directory.paths().len());
    println!("{creates} creates, {}, left behind: {left}", run.results[0].verdict.kind().as_str());
}
