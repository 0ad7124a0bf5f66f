//! Creates that are refused and carried out all the same: they are looked for once, when the run is over.

use std::sync::Arc;

use crate::doubt::{creates, crowd};
use crate::support::{BASE, Call, Stage, answer};
use harness::Journal;
use serde_json::json;

/// Discovery, and one look when the run is over.
#[test]
fn what_was_refused_is_looked_for_once() {
    for status in [400, 401, 403, 409, 413, 501] {
        let stage =
            Stage::scripted(move |call, _| call.is("POST", "/Users").then(|| answer(status, &json!({}))));
        let run = stage.run(&[creates(), creates()]);
        assert_eq!((run.created, run.removed, run.leftovers.len(), run.notes.len()), (0, 0, 0, 0));
        assert_eq!((stage.directory.count("GET"), stage.directory.count("DELETE")), (4, 0), "after {status}");
    }
}

/// Answers every create with this status and carries it out; whatever else is asked may be refused.
fn liar(status: u16, refuses: fn(&Call) -> bool) -> Stage {
    Stage::scripted(move |call, directory| match call.method.as_str() {
        "POST" => {
            directory.store(call);
            Some(answer(status, &json!({})))
        }
        _ => refuses(call).then(|| answer(405, &json!({}))),
    })
}

#[test]
fn what_was_refused_and_carried_out_is_removed() {
    for status in [400, 401, 409, 429, 501] {
        let stage = liar(status, |_| false);
        crowd(&stage.directory);
        let run = stage.run(&[creates()]);
        assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0), "after {status}");
        assert!(run.notes[0].contains("its create was refused"), "{:?}", run.notes);
        assert_eq!(stage.directory.paths().len(), 451);
    }
}

#[test]
fn what_was_refused_and_cannot_be_removed_is_told_and_left_to_a_sweep() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal-r1.ndjson");
    let mut stage = liar(400, |call| call.method == "DELETE");
    stage.options.journal = Some(Arc::new(Journal::create(&path, "r1", BASE).unwrap()));
    let run = stage.run(&[creates()]);
    let [left] = &run.leftovers[..] else { panic!("{:?}", run.leftovers) };
    assert_eq!(stage.directory.paths(), [left.resource.as_str()]);
    assert!(left.reason.contains("DELETE answered 405"), "{left:?}");
    assert_eq!(harness::sweep::remains(&path).unwrap().map(|remains| remains.len()), Some(1));
}

/// A list that is too long for a walk is asked by filter.
#[test]
fn in_a_long_list_what_was_refused_is_looked_for_by_name() {
    let stage = Stage::scripted(|call, directory| match (call.method.as_str(), call.path.as_str()) {
        ("POST", _) => {
            directory.store(call);
            Some(answer(400, &json!({})))
        }
        ("GET", "/Users") if call.query.contains("filter") => {
            let found: Vec<_> = directory.paths().iter().filter_map(|path| directory.get(path)).collect();
            Some(answer(200, &json!({ "totalResults": found.len(), "Resources": found })))
        }
        ("GET", "/Users") => {
            let somebody = json!({ "id": format!("x{}", directory.calls().len()), "userName": "somebody" });
            Some(answer(200, &json!({ "totalResults": 1_000_000, "Resources": [somebody] })))
        }
        _ => None,
    });
    let run = stage.run(&[creates()]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn where_nothing_can_be_looked_up_that_is_noted_and_no_leftover() {
    let stage = liar(400, |call| call.is("GET", "/Users"));
    let run = stage.run(&[creates()]);
    assert_eq!((run.created, run.leftovers.len()), (0, 0));
    assert!(run.notes[0].contains("cannot be told: listing /Users answered 405"), "{:?}", run.notes);
}
