//! What checks only look at, lent from one to the next.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use harness::expect::{status, success};
use harness::{Check, Journal, minimal_group, minimal_user};
use record::{Verdict, VerdictKind};
use serde_json::json;

use crate::support::{MUST, SHOULD, Stage, answer, check};

/// A check that looks at two users.
fn looks(id: &'static str) -> Check {
    check(id, &[MUST], |probe| {
        let lent = probe.lent(|tag| vec![minimal_user().with("displayName", format!("{tag} Ada")); 2])?;
        assert_eq!(lent.resources.len(), 2, "as many as were asked for");
        lent.resources.iter().try_for_each(|user| {
            assert_eq!(user.sent["displayName"], format!("{} Ada", lent.tag), "the tag is in the values");
            probe.get(user.path())?.expect(success())
        })
    })
}

#[test]
fn who_asks_for_the_like_gets_the_same_and_nothing_stays() {
    let stage = Stage::new();
    let other = check("a.other", &[MUST], |probe| probe.lent(|_| vec![minimal_user()]).map(drop));
    let run = stage.run(&[looks("a.first"), looks("a.second"), other, looks("a.third")]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
    assert_eq!((stage.directory.count("POST"), stage.directory.count("DELETE")), (3, 3));
    assert_eq!((run.created, run.removed), (3, 3));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn each_thread_lends_its_own() {
    let mut stage = Stage::new();
    stage.options.jobs = 3.try_into().expect("jobs");
    let run = stage.run(&["a.one", "a.two", "a.three", "a.four", "a.five", "a.six"].map(looks));
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass));
    assert!((2..=6).contains(&stage.directory.count("POST")), "{}", stage.directory.count("POST"));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

/// Somebody else on the target may have done it, or the target itself.
#[test]
fn what_became_of_the_lent_accuses_nobody() {
    let stage = Stage::new();
    let directory = stage.directory.clone();
    let forgetting = check("a.meanwhile", &[MUST], move |_| {
        directory.paths().iter().for_each(|path| directory.forget(path));
        Ok(())
    });
    let run = stage.run(&[looks("a.first"), forgetting, looks("a.second")]);
    assert_eq!(run.results[2].verdict, Verdict::Pass, "it was made once more with users of its own");
    assert_eq!(stage.directory.count("POST"), 4);
    assert_eq!(run.leftovers, []);
}

/// Its evidence is whole: who is looked at was made by the check itself, under its own name.
#[test]
fn what_fails_has_failed_with_resources_of_its_own() {
    let broken = std::sync::Arc::new(AtomicBool::new(false));
    let breaks = std::sync::Arc::clone(&broken);
    let stage = Stage::scripted(move |call, _| {
        let reads = call.method == "GET" && call.path.starts_with("/Users/");
        (reads && broken.load(Ordering::Relaxed)).then(|| answer(500, &json!({})))
    });
    let breaking = check("a.meanwhile", &[MUST], move |_| {
        breaks.store(true, Ordering::Relaxed);
        Ok(())
    });
    let run = stage.run(&[looks("a.first"), breaking, looks("a.second")]);
    assert_eq!(run.results[2].verdict.kind(), VerdictKind::Fail);
    let of_result = |number: &u32| run.exchanges.iter().find(|exchange| exchange.number == *number);
    let methods: Vec<_> = run.results[2].exchanges.iter().filter_map(of_result).collect();
    assert_eq!(
        methods.iter().map(|exchange| exchange.request.method.as_str()).collect::<Vec<_>>(),
        ["POST", "POST", "GET"]
    );
    let names = stage.directory.calls();
    let names =
        names.iter().filter(|call| call.method == "POST").filter_map(|call| call.body["userName"].as_str());
    let names: BTreeSet<&str> = names.collect();
    assert_eq!(names.len(), 4, "no name is given twice: {names:?}");
    assert_eq!(run.leftovers, []);
}

#[test]
fn a_warning_does_not_rest_on_the_lent() {
    let stage = Stage::new();
    let warns = |id| {
        check(id, &[SHOULD], |probe| {
            let lent = probe.lent(|_| vec![minimal_user()])?;
            probe.get(lent.resources[0].path())?.expect(status(418))
        })
    };
    let run = stage.run(&[warns("a.first"), warns("a.second")]);
    assert!(run.results.iter().all(|result| result.verdict.kind() == VerdictKind::Warn));
    assert!(run.results.iter().all(|result| result.exchanges.len() == 2), "a create and a read");
}

#[test]
fn what_a_check_changes_is_lent_no_more() {
    let stage = Stage::new();
    let changes = check("a.changes", &[MUST], |probe| {
        let lent = probe.lent(|_| vec![minimal_group()])?;
        let group = &lent.resources[0];
        probe.get(group.path())?.require(success())?;
        probe.delete(group.path())?.expect(success())
    });
    let reads = check("a.reads", &[MUST], |probe| {
        let lent = probe.lent(|_| vec![minimal_group()])?;
        probe.get(lent.resources[0].path())?.expect(success())
    });
    let run = stage.run(&[changes, reads]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
    assert_eq!((run.created, run.removed), (2, 2));
    assert_eq!(stage.directory.count("POST"), 2);
}

#[test]
fn a_stopped_run_removes_what_it_lent() {
    let stage = Stage::new();
    let cancel = stage.options.cancel.clone();
    let stops = check("a.stops", &[MUST], move |_| {
        cancel.cancel();
        Ok(())
    });
    let run = stage.run(&[looks("a.first"), stops, looks("a.second")]);
    assert!(run.interrupted);
    assert_eq!(run.results[2].verdict.kind(), VerdictKind::Blocked);
    assert_eq!(stage.directory.paths(), [""; 0]);
    assert_eq!((run.created, run.removed), (2, 2));
}

#[test]
fn the_lent_that_cannot_be_deleted_is_told() {
    let stage = Stage::scripted(|call, _| (call.method == "DELETE").then(|| answer(403, &json!({}))));
    let run = stage.run(&[looks("a.first"), looks("a.second")]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass));
    assert_eq!((run.created, run.leftovers.len()), (2, 2));
}

#[test]
fn the_lent_is_in_the_journal_until_it_is_gone() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("journal.ndjson");
    let mut stage = Stage::new();
    let journal = Journal::create(&path, "r1", stage.target.base()).expect("a journal");
    stage.options.journal = Some(std::sync::Arc::new(journal));
    let during = path.clone();
    let written = check("a.written", &[MUST], move |probe| {
        probe.lent(|_| vec![minimal_user()])?;
        let text = std::fs::read_to_string(&during).expect("the journal");
        assert!(text.contains("/Users/n") && !text.contains("removed"), "{text}");
        Ok(())
    });
    let run = stage.run(&[written]);
    assert_eq!(run.results[0].verdict, Verdict::Pass, "{:?}", run.results);
    assert!(std::fs::read_to_string(&path).expect("the journal").contains("removed"));
}

#[test]
fn a_document_is_asked_for_once() {
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let counts = std::sync::Arc::clone(&asked);
    let stage = Stage::scripted(move |call, _| {
        let document = call.is("GET", "/Schemas/urn:x");
        document.then(|| counts.fetch_add(1, Ordering::Relaxed));
        document.then(|| answer(200, &json!({ "id": "urn:x" })))
    });
    let reads = |id| check(id, &[MUST], |probe| probe.document("/Schemas/urn:x")?.expect(status(200)));
    let run = stage.run(&[reads("a.first"), reads("a.second")]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(run.results[0].exchanges, run.results[1].exchanges, "it is evidence for both");

    let fails = check("a.fails", &[MUST], |probe| probe.document("/Schemas/urn:x")?.expect(status(418)));
    let run = stage.run(&[reads("a.first"), fails]);
    assert_eq!(run.results[1].verdict.kind(), VerdictKind::Fail);
    assert_eq!(asked.load(Ordering::Relaxed), 3, "what fails has asked for itself");
    assert_ne!(run.results[0].exchanges, run.results[1].exchanges);
}
