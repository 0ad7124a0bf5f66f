//! Sweeping up after runs that were killed, by their journals.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::support::{Answer, BASE, MUST, Stage, answer, check, text};
use client::SystemClock;
use harness::sweep::{Remains, SweepError, Swept, remains};
use harness::{Journal, JournalError, Unusable, minimal_user};
use serde_json::{Value, json};
use tempfile::TempDir;

const HEAD: &str = r#"{"entry":"run","run":"r1","target":"http://scim.example/scim/v2"}"#;

fn journal(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    fs::write(&path, text).expect("a journal");
    (folder, path)
}

fn lines(entries: &[Value]) -> String {
    let entries: Vec<String> = entries.iter().map(|entry| format!("{entry}\n")).collect();
    format!("{HEAD}\n{}", entries.concat())
}

fn intent(number: u64, name: &str) -> Value {
    json!({ "entry": "intent", "number": number, "endpoint": "/Users", "name": name })
}

fn created(number: u64, path: &str) -> Value {
    json!({ "entry": "created", "number": number, "resources": [path] })
}

fn removed(path: &str) -> Value {
    json!({ "entry": "removed", "resource": path })
}

fn user(stage: &Stage, id: &str, name: &str) {
    stage.directory.put(&format!("/Users/{id}"), json!({ "id": id, "userName": name }));
}

fn read(text: &str) -> Remains {
    let (_folder, path) = journal(text);
    remains(&path).expect("a journal").expect("a head")
}

fn sweep(stage: &Stage, text: &str) -> Swept {
    let clock = Arc::new(SystemClock::default());
    read(text).sweep(stage.target.clone(), stage.connect().as_ref(), clock).expect("a sweep")
}

fn refusal(text: impl AsRef<[u8]>) -> (JournalError, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.journal");
    fs::write(&path, text).expect("a file");
    let error = remains(&path).expect_err("no journal");
    let message = error.to_string().replace(&path.display().to_string(), "x.journal");
    (error, message)
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let stage = Stage::new();
    user(&stage, "u1", "scimproof-r1-a-check-1");
    user(&stage, "u2", "SCIMPROOF-R1-a-check-2@example.com");
    user(&stage, "u9", "somebody");
    let text = lines(&[
        intent(1, "scimproof-r1-a-check-1"),
        created(1, "/Users/u1"),
        intent(2, "scimproof-r1-a-check-2"),
        created(2, "/Users/u2"),
        intent(3, "scimproof-r1-a-check-3"),
        created(3, "/Users/u3"),
        removed("/Users/u3"),
        intent(4, "scimproof-r1-a-check-4"),
        json!({ "entry": "refused", "number": 4 }),
    ]);
    let remains = read(&text);
    assert_eq!((remains.run.as_str(), remains.target.as_str(), remains.len()), ("r1", BASE, 2));
    let swept = sweep(&stage, &text);
    assert_eq!((swept.removed, swept.leftovers.len()), (2, 0));
    assert_eq!(stage.directory.paths(), ["/Users/u9"]);
    let deletes = stage.directory.calls().into_iter().filter(|call| call.method == "DELETE");
    assert_eq!(deletes.map(|call| call.path).collect::<Vec<_>>(), ["/Users/u2", "/Users/u1"]);
}

#[test]
fn a_create_without_an_answer_is_found_by_its_name_on_any_page() {
    let stage = Stage::new();
    for number in 0..350 {
        user(&stage, &format!("a{number:03}"), &format!("somebody {number}"));
    }
    user(&stage, "z", "scimproof-r1-a-check-1");
    let swept =
        sweep(&stage, &lines(&[intent(1, "scimproof-r1-a-check-1"), intent(2, "scimproof-r1-a-check-2")]));
    assert_eq!((swept.removed, swept.leftovers.len()), (1, 0));
    assert_eq!((stage.directory.paths().len(), stage.directory.get("/Users/z")), (350, None));
}

fn lists(stage: &Stage, endpoint: &str) -> usize {
    let calls = stage.directory.calls();
    calls.iter().filter(|call| call.is("GET", endpoint) && call.query.contains("startIndex")).count()
}

#[test]
fn one_walk_through_the_list_finds_all_names() {
    let stage = Stage::new();
    for number in 0..350 {
        user(&stage, &format!("a{number:03}"), &format!("somebody {number}"));
    }
    let names: Vec<String> = (1..=20).map(|number| format!("scimproof-r1-a-check-{number}")).collect();
    for name in names.iter().skip(10) {
        user(&stage, &format!("z-{name}"), &name.to_uppercase());
    }
    let entries: Vec<Value> = (1..).zip(&names).map(|(number, name)| intent(number, name)).collect();
    let swept = sweep(&stage, &lines(&entries));
    assert_eq!((swept.removed, swept.leftovers.len()), (10, 0));
    assert_eq!(stage.directory.paths().len(), 350);
    assert_eq!(lists(&stage, "/Users"), 4, "pages of a hundred");
    assert_eq!(lists(&stage, "/Groups"), 0);
}

/// A server whose every page is followed by another one, with the name that is looked for on one of them.
fn endless(at: u64) -> Stage {
    Stage::scripted(move |call, _| {
        let start = call.query.strip_prefix("startIndex=")?.split('&').next()?.parse::<u64>().ok()?;
        let name =
            if start == at { "scimproof-r1-a-check-1".to_owned() } else { format!("somebody {start}") };
        let page = json!({ "totalResults": u64::MAX, "Resources": [{ "id": format!("u{start}"), "userName": name }] });
        call.is("GET", "/Users").then(|| answer(200, &page))
    })
}

#[test]
fn a_list_without_an_end_is_given_up_and_what_was_found_is_removed() {
    let stage = endless(7);
    stage.directory.put("/Users/u7", json!({ "id": "u7", "userName": "scimproof-r1-a-check-1" }));
    let entries = [intent(1, "scimproof-r1-a-check-1"), intent(2, "scimproof-r1-a-check-2")];
    let swept = sweep(&stage, &lines(&entries));
    assert_eq!(swept.removed, 1);
    let reasons: Vec<&str> = swept.leftovers.iter().map(|left| left.reason.as_str()).collect();
    let told = "not found on the 10000 pages that may be read to look for names; look for it by hand";
    assert_eq!(reasons, [told]);
    assert_eq!(lists(&stage, "/Users"), 10_000);
    assert_eq!(stage.directory.paths(), [""; 0]);
}

/// All checks of a run share what may be spent on looking for what they lost.
#[test]
fn a_run_looks_for_what_it_lost_only_so_long() {
    let endless = endless(u64::MAX);
    let stage = Stage::scripted(move |call, directory| {
        if call.is("POST", "/Users") {
            directory.store(call);
            return Some(Answer::Closed);
        }
        endless.answer(call)
    });
    let lose = |id| check(id, &[MUST], |probe| probe.given(minimal_user()).map(drop));
    let run = stage.run(&[lose("a.first"), lose("a.second"), lose("a.third")]);
    assert_eq!(lists(&stage, "/Users"), 1_000);
    assert_eq!(run.leftovers.len(), 3);
    for left in &run.leftovers {
        assert!(
            left.reason
                .ends_with("1000 pages that may be read to look for names; `scimproof sweep` looks further"),
            "{left:?}"
        );
    }
}

#[test]
fn what_a_delete_does_not_find_is_looked_for_before_it_counts_as_gone() {
    let stage = Stage::scripted(|call, _| (call.method == "DELETE").then(|| answer(404, &json!({}))));
    user(&stage, "u1", "scimproof-r1-a-check-1");
    let swept = sweep(&stage, &lines(&[created(1, "/Users/u1"), created(2, "/Users/u2")]));
    assert_eq!((swept.removed, swept.gone), (0, 1));
    let [left] = &swept.leftovers[..] else { panic!("{:?}", swept.leftovers) };
    assert_eq!(left.resource, "/Users/u1");
    assert_eq!(left.reason, "DELETE found nothing, and a GET after it answered 200");
}

/// Some servers end a connection after an answer and say nothing of it.
#[test]
fn a_connection_that_ends_is_no_reason_to_leave_something_behind() {
    let ended = std::sync::atomic::AtomicBool::new(false);
    let stage = Stage::scripted(move |call, _| {
        let first = call.method == "DELETE" && !ended.swap(true, std::sync::atomic::Ordering::SeqCst);
        first.then_some(Answer::Closed)
    });
    user(&stage, "u1", "scimproof-r1-a-check-1");
    let swept = sweep(&stage, &lines(&[created(1, "/Users/u1")]));
    assert_eq!((swept.removed, swept.leftovers.len()), (1, 0));
}

#[test]
fn a_resource_with_another_name_is_left_alone_and_listed() {
    let stage = Stage::new();
    user(&stage, "u1", "somebody");
    user(&stage, "u2", "scimproof-r2-a-check-1");
    stage.directory.put("/Users/u3", json!({ "id": "u3" }));
    let entries = [created(1, "/Users/u1"), created(2, "/Users/u2"), created(3, "/Users/u3")];
    let swept = sweep(&stage, &lines(&entries));
    let reasons: Vec<(&str, &str)> =
        swept.leftovers.iter().map(|left| (left.resource.as_str(), left.reason.as_str())).collect();
    let renamed = "what stands there has another name, so it may not be ours; if it is, remove it by hand";
    assert_eq!(
        reasons,
        [
            ("/Users/u3", "GET answered 200, so whose it is cannot be told"),
            ("/Users/u2", renamed),
            ("/Users/u1", renamed),
        ]
    );
    assert_eq!((swept.removed, stage.directory.paths().len(), stage.directory.count("DELETE")), (0, 3, 0));
}

/// A group may be created without a displayName; then the run's name is its externalId.
#[test]
fn a_create_that_is_named_by_its_external_id_is_found() {
    let stage = Stage::new();
    let name = "scimproof-r1-a-check-1";
    stage.directory.put("/Groups/g1", json!({ "id": "g1", "externalId": "hers" }));
    stage.directory.put("/Groups/g2", json!({ "id": "g2", "externalId": name }));
    stage.directory.put("/Groups/g3", json!({ "id": "g3", "externalId": name, "displayName": "group 3" }));
    let pending = json!({ "entry": "intent", "number": 1, "endpoint": "/Groups", "name": name });
    let swept = sweep(&stage, &lines(&[pending]));
    assert_eq!((swept.removed, swept.leftovers.len()), (2, 0));
    assert_eq!(stage.directory.paths(), ["/Groups/g1"]);
    stage.directory.put("/Groups/g4", json!({ "id": "g4", "externalId": name }));
    assert_eq!(sweep(&stage, &lines(&[created(1, "/Groups/g4")])).removed, 1);
}

#[test]
fn a_create_of_unknown_name_is_listed() {
    let stage = Stage::new();
    stage.directory.put("/Groups/g1", json!({ "id": "g1" }));
    let pending = json!({ "entry": "intent", "number": 1, "endpoint": "/Groups", "name": null });
    let swept = sweep(&stage, &lines(&[pending]));
    assert_eq!((swept.removed, stage.directory.paths().len()), (0, 1));
    assert_eq!(swept.leftovers.len(), 1);
    assert_eq!(swept.leftovers[0].resource, "a create of unknown name on /Groups");
    assert!(swept.leftovers[0].reason.ends_with("got no reply; look for it by hand"), "{swept:?}");
}

/// A journal is a file that anybody may have written.
#[test]
fn nobody_is_looked_for_by_a_name_that_no_run_gave() {
    let stage = Stage::new();
    user(&stage, "u1", "somebody");
    let swept = sweep(&stage, &lines(&[intent(1, "somebody"), intent(2, "scimproof-r2-a-check-1")]));
    // Discovery, and no walk through the list.
    assert_eq!((swept.removed, swept.leftovers.len(), stage.directory.calls().len()), (0, 2, 3));
    assert_eq!(swept.leftovers[0].reason, "its name is none that the run gave, so it may not be ours");
}

#[test]
fn an_id_that_was_given_anew_stands_again() {
    let stage = Stage::new();
    user(&stage, "5", "scimproof-r1-a-check-2");
    let again = [created(1, "/Users/5"), removed("/Users/5"), created(2, "/Users/5")];
    assert_eq!(read(&lines(&again)).len(), 1);
    assert_eq!(sweep(&stage, &lines(&again)).removed, 1);
    assert_eq!(stage.directory.paths(), [""; 0]);
    assert!(read(&lines(&[created(1, "/Users/5"), removed("/Users/5")])).is_empty());
}

#[test]
fn what_is_gone_already_is_well() {
    let swept = sweep(&Stage::new(), &lines(&[created(1, "/Users/u1")]));
    assert_eq!((swept.removed, swept.gone, swept.leftovers.len()), (0, 1, 0));
}

/// A web page answers 404 for every resource, and none of them is gone for that.
#[test]
fn what_is_no_scim_server_any_more_says_nothing_of_a_resource() {
    let stage = Stage::scripted(|_, _| Some(text(404, "text/html", "<h1>Not Found</h1>")));
    let clock = Arc::new(SystemClock::default());
    let remains = read(&lines(&[created(1, "/Users/u1")]));
    let error = remains.sweep(stage.target.clone(), stage.connect().as_ref(), clock).expect_err("no sweep");
    assert!(matches!(error, SweepError::Unusable(Unusable::NotScim { .. })), "{error:?}");
    assert_eq!(stage.directory.count("DELETE"), 0);
}

#[test]
fn a_last_line_that_was_cut_short_is_left_out() {
    let whole = lines(&[intent(1, "scimproof-r1-a-check-1"), created(1, "/Users/u1")]);
    for torn in ["{\"entry\":\"inte", "{", "{\"entry\":\"removed\",\"resource\":\"/Users/u1\"}"] {
        assert_eq!(read(&format!("{whole}{torn}")).len(), 1, "{torn}");
    }
    // The cut may go through a character.
    let mut bytes = whole.into_bytes();
    bytes.extend(&"{\"entry\":\"intent\",\"name\":\"ä".as_bytes()[..27]);
    let (_folder, path) = journal("");
    fs::write(&path, bytes).expect("a journal");
    assert_eq!(remains(&path).expect("a journal").map(|remains| remains.len()), Some(1));
}

#[test]
fn a_run_that_was_killed_at_once_left_nothing() {
    for cut in ["", "{\"entry\":\"ru", HEAD] {
        let (_folder, path) = journal(cut);
        assert!(remains(&path).expect("a journal").is_none(), "{cut:?}");
    }
}

#[test]
fn a_file_that_is_no_journal_is_refused_by_name_and_line() {
    let (error, message) = refusal("name = \"x\"\n");
    assert!(matches!(error, JournalError::Entry { line: 1, .. }), "{error:?}");
    assert!(message.starts_with("x.journal:1: not a journal entry"), "{message}");
    assert!(message.contains("is this a file that `check` wrote?"), "{message}");

    let (error, _) = refusal(format!("{HEAD}\n{}\n{{\"entry\":\"intent\"}}\n", created(1, "/Users/1")));
    assert!(matches!(error, JournalError::Entry { line: 3, .. }), "{error:?}");
    let (error, _) = refusal(format!("{HEAD}\n{{\"entry\":\"removed\",\"resource\":\"/\",\"more\":1}}\n"));
    assert!(matches!(error, JournalError::Entry { line: 2, .. }), "{error:?}");
    let (error, _) = refusal(format!("{}\n", created(1, "/Users/1")));
    assert!(matches!(error, JournalError::Headless { .. }), "{error:?}");
    let (error, _) = refusal("no journal at all");
    assert!(matches!(error, JournalError::Headless { .. }), "{error:?}");
    let (error, _) = refusal(b"\xff\xfe\n");
    assert!(matches!(error, JournalError::Read { .. }), "{error:?}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = remains(&folder.path().join("none.journal")).expect_err("no file");
    assert!(error.to_string().contains("none.journal"), "{error}");
}

#[test]
fn a_silent_target_is_given_up() {
    let stage = Stage::scripted(|_, directory| (directory.calls().len() > 2).then_some(Answer::Closed));
    let many: Vec<Value> = (0..50).map(|number| created(number, &format!("/Users/u{number}"))).collect();
    let swept = sweep(&stage, &lines(&many));
    assert_eq!((swept.removed, swept.leftovers.len()), (0, 50));
    assert_eq!(stage.directory.calls().len(), 3 + 8);
    assert_eq!(swept.leftovers[49].reason, "the target stopped answering");
}

#[test]
fn what_a_run_could_not_remove_a_sweep_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let mut stage = Stage::scripted(|call, directory| {
        let stubborn = directory.get("/Groups/open").is_none();
        (call.method == "DELETE" && stubborn).then(|| answer(403, &json!({})))
    });
    stage.options.journal = Some(Arc::new(Journal::create(&path, "r1", BASE).expect("a journal")));
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.given_all(vec![minimal_user(), minimal_user()]).map(drop)
    })]);
    assert_eq!((run.leftovers.len(), stage.directory.paths().len()), (2, 2));
    stage.directory.put("/Groups/open", json!({}));
    let text = fs::read_to_string(&path).expect("a journal");
    assert_eq!(sweep(&stage, &text).removed, 2);
    assert_eq!(stage.directory.paths(), ["/Groups/open"]);
}

/// Some servers store twice what they are sent, and one may store it without end.
#[test]
fn a_name_that_too_many_have_is_told() {
    let stage = Stage::new();
    for number in 100..125 {
        user(&stage, &format!("u{number}"), "scimproof-r1-a-check-1");
    }
    // Names that only begin the same are others: of the run and not in the journal, of another run, and of nobody.
    user(&stage, "u900", "scimproof-r10-a-check-1");
    user(&stage, "u901", "scimproof-r1");
    let swept = sweep(&stage, &lines(&[intent(1, "scimproof-r1-a-check-1")]));
    let told: Vec<&str> = swept.leftovers.iter().map(|left| left.reason.as_str()).collect();
    assert_eq!(
        told,
        ["more resources carry this name than are removed at a time; look for the rest by hand"]
    );
    assert_eq!(
        (swept.removed, stage.directory.paths().as_slice()),
        (25, ["/Users/u900", "/Users/u901"].map(str::to_owned).as_slice())
    );
}
