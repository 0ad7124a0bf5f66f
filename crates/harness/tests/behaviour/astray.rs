//! Targets that tell wrongly where a resource is: it is found all the same, and nobody else's is touched.

use std::fs;
use std::sync::Arc;

use crate::support::{Answer, BASE, Call, Directory, MUST, Stage, answer, check};
use client::SystemClock;
use harness::expect::status;
use harness::sweep::remains;
use harness::{Journal, minimal_user};
use serde_json::json;

/// Stores what a POST carries and answers with an id at which nothing stands.
fn elsewhere(call: &Call, directory: &Directory) -> Option<Answer> {
    call.is("POST", "/Users").then(|| {
        directory.store(call);
        let mut told = call.body.clone();
        told["id"] = json!("../nowhere");
        answer(201, &told)
    })
}

fn creates_one(stage: &Stage) -> record::Checks {
    stage.run(&[check("a.check", &[MUST], |probe| {
        let body = probe.fill(&minimal_user());
        probe.post("/Users", &body)?.expect(status(201))
    })])
}

#[test]
fn what_stands_elsewhere_than_it_was_said_to_is_found_by_its_name_and_removed() {
    let stage = Stage::scripted(elsewhere);
    stage.directory.put("/Users/u9", json!({ "id": "u9", "userName": "somebody" }));
    let run = creates_one(&stage);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), ["/Users/u9"]);
}

/// Each create is told to stand at the same place, and no list can be read.
#[test]
fn what_cannot_be_found_is_told_by_its_name_and_can_be_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let mut stage = Stage::scripted(|call, directory| {
        let is_shut = call.is("GET", "/Users") && directory.get("/Groups/open").is_none();
        if is_shut { Some(answer(503, &json!({}))) } else { elsewhere(call, directory) }
    });
    stage.options.journal = Some(Arc::new(Journal::create(&path, "r1", BASE).expect("a journal")));
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        for _ in 0..2 {
            let body = probe.fill(&minimal_user());
            probe.post("/Users", &body)?.expect(status(201))?;
        }
        Ok(())
    })]);
    assert_eq!((run.leftovers.len(), stage.directory.paths().len()), (2, 2), "{:?}", run.leftovers);
    assert!(run.leftovers.iter().all(|left| left.resource.starts_with("/Users named scimproof-r1-")));
    stage.directory.put("/Groups/open", json!({}));
    let remains = remains(&path).expect("a journal").expect("a head");
    let swept =
        remains.sweep(stage.target.clone(), stage.connect().as_ref(), Arc::new(SystemClock::default()));
    assert_eq!(swept.expect("a sweep").removed, 2);
    assert_eq!(stage.directory.paths(), ["/Groups/open"]);
}

#[test]
fn what_stands_elsewhere_and_cannot_be_removed_is_told_and_can_be_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let mut stage = Stage::scripted(|call, directory| {
        let is_kept = call.method == "DELETE" && directory.get("/Groups/open").is_none();
        let is_kept = is_kept && directory.get(&call.path).is_some();
        if is_kept { Some(answer(403, &json!({}))) } else { elsewhere(call, directory) }
    });
    stage.options.journal = Some(Arc::new(Journal::create(&path, "r1", BASE).expect("a journal")));
    let run = creates_one(&stage);
    let [left] = run.leftovers.as_slice() else { panic!("{:?}", run.leftovers) };
    assert_eq!(vec![left.resource.clone()], stage.directory.paths());
    stage.directory.put("/Groups/open", json!({}));
    let remains = remains(&path).expect("a journal").expect("a head");
    let swept =
        remains.sweep(stage.target.clone(), stage.connect().as_ref(), Arc::new(SystemClock::default()));
    assert_eq!(swept.expect("a sweep").removed, 1);
    assert_eq!(stage.directory.paths(), ["/Groups/open"]);
}

/// Both creates are answered with the second one, as by a server that mixes its answers up.
#[test]
fn an_answer_about_another_resource_of_the_run_tells_nothing() {
    let stage = Stage::scripted(|call, directory| {
        let is_first = call.is("POST", "/Users") && directory.paths().is_empty();
        is_first.then(|| {
            directory.store(call);
            let name =
                format!("{}-other", call.body["userName"].as_str().expect("a name").trim_end_matches('1'));
            let other = json!({ "id": "other", "userName": name });
            directory.put("/Users/other", other.clone());
            answer(201, &other)
        })
    });
    let run = creates_one(&stage);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), ["/Users/other"], "whoever created that one removes it");
}

#[test]
fn a_sweep_looks_for_all_of_the_run_where_something_was_not_at_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let head = format!(r#"{{"entry":"run","run":"r1","target":"{BASE}"}}"#);
    let intent = r#"{"entry":"intent","number":1,"endpoint":"/Users","name":"scimproof-r1-a-1"}"#;
    let created = r#"{"entry":"created","number":1,"resources":["/Users/nowhere"]}"#;
    fs::write(&path, format!("{head}\n{intent}\n{created}\n")).expect("a journal");
    let stage = Stage::new();
    for (id, name) in [("u1", "scimproof-r1-a-1"), ("u2", "scimproof-r1-b-1"), ("u9", "scimproof-r2-a-1")] {
        stage.directory.put(&format!("/Users/{id}"), json!({ "id": id, "userName": name }));
    }
    let remains = remains(&path).expect("a journal").expect("a head");
    let swept =
        remains.sweep(stage.target.clone(), stage.connect().as_ref(), Arc::new(SystemClock::default()));
    let swept = swept.expect("a sweep");
    assert_eq!((swept.removed, swept.gone, swept.leftovers.len()), (2, 1, 0));
    assert_eq!(stage.directory.paths(), ["/Users/u9"]);
}
