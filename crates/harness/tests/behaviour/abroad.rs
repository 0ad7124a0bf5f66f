//! What the token of a second tenant created: its ids are counted in that tenant, and somebody of the first may have the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Answer, Call, Directory, MUST, Stage, answer, check};
use client::{Others, Request, SystemClock};
use harness::expect::status;
use harness::sweep::remains;
use harness::{Probe, Reply, Stop, minimal_user};
use record::Secret;
use serde_json::{Value, json};

const TOKEN: &str = "t0ken-of-the-other-tenant";

/// A server with two tenants, and the second of them. In the first one somebody has the id that the second gives first.
fn two_tenants() -> (Stage, Directory) {
    let second = Directory::default();
    let there = second.clone();
    let shows = format!("Bearer {TOKEN}");
    let stage = Stage::scripted(move |call, _| {
        (call.shown.as_deref() == Some(shows.as_str())).then(|| there.answer(call))
    });
    stage.directory.put("/Users/n0", json!({ "id": "n0", "userName": "somebody" }));
    (stage, second)
}

fn knowing(stage: &mut Stage) {
    let second_tenant = Some(Secret::new(TOKEN.to_owned()));
    stage.target = stage.target.clone().with_others(Others { second_tenant, ..Others::default() });
}

#[test]
fn what_was_created_there_is_removed_there() {
    let (mut stage, second) = two_tenants();
    knowing(&mut stage);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let body = probe.fill(&minimal_user());
        let create = Request::post("/Users").json(&body).bearer(Secret::new(TOKEN.to_owned()));
        probe.send(create)?.expect(status(201))
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0), "{:?}", run.leftovers);
    assert_eq!(second.paths(), [""; 0]);
    assert_eq!(stage.directory.paths(), ["/Users/n0"]);
    let touched = stage.directory.calls().into_iter().filter(|call| call.method == "DELETE");
    assert!(touched.map(|call| call.shown).all(|shown| shown.is_some_and(|shown| shown.ends_with(TOKEN))));
}

/// A 503 leaves open whether the create was carried out, and the next try is refused by what the first one made.
#[test]
fn what_an_open_answer_left_there_is_looked_for_there() {
    let second = Directory::default();
    let there = second.clone();
    let shows = format!("Bearer {TOKEN}");
    let mut stage = Stage::scripted(move |call, _| {
        if call.shown.as_deref() != Some(shows.as_str()) {
            return None;
        }
        Some(match (call.method == "POST", there.paths().is_empty()) {
            (true, true) => {
                there.store(call);
                answer(503, &json!({})).header("retry-after", "0")
            }
            (true, false) => answer(409, &json!({})),
            (false, _) => there.answer(call),
        })
    });
    knowing(&mut stage);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let body = probe.fill(&minimal_user());
        let create = Request::post("/Users").json(&body).bearer(Secret::new(TOKEN.to_owned()));
        probe.send(create)?.expect(status(409))
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0), "{:?}", run.leftovers);
    assert_eq!(second.paths(), [""; 0]);
}

/// A create by the token of the second tenant.
fn create_there(probe: &mut Probe) -> Result<Reply, Stop> {
    let body = probe.fill(&minimal_user());
    probe.send(Request::post("/Users").json(&body).bearer(Secret::new(TOKEN.to_owned())))
}

/// A server whose second tenant answers by a script.
fn scripted_there(
    script: impl Fn(&Call, &Directory) -> Option<Answer> + Send + Sync + 'static,
) -> (Stage, Directory) {
    let second = Directory::default();
    let there = second.clone();
    let shows = format!("Bearer {TOKEN}");
    let mut stage = Stage::scripted(move |call, _| {
        let is_there = call.shown.as_deref() == Some(shows.as_str());
        is_there.then(|| script(call, &there).unwrap_or_else(|| there.answer(call)))
    });
    knowing(&mut stage);
    (stage, second)
}

/// What was stored more than once is as many resources, created and removed.
#[test]
fn copies_there_are_counted_one_by_one() {
    let (stage, second) = scripted_there(|call, there| {
        (call.method == "POST").then(|| {
            let name = call.body.get("userName").cloned().unwrap_or_default();
            for id in ["c1", "c2", "c3"] {
                there.put(&format!("/Users/{id}"), json!({ "id": id, "userName": name }));
            }
            // Neither the answer nor its header says where it is.
            answer(201, &json!({ "userName": name }))
        })
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| create_there(probe)?.expect(status(201)))]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (3, 3, 0), "{:?}", run.leftovers);
    assert_eq!(second.paths(), [""; 0]);
}

#[test]
fn a_delete_there_that_got_no_answer_is_looked_after() {
    let (stage, second) = scripted_there(|call, there| {
        (call.method == "DELETE").then(|| {
            there.forget(&call.path);
            Answer::Never
        })
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| create_there(probe)?.expect(status(201)))]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0), "{:?}", run.leftovers);
    assert_eq!(second.paths(), [""; 0]);
}

/// Somebody who does not answer is not asked for each resource again.
#[test]
fn who_stopped_answering_there_is_asked_no_further() {
    const MANY: usize = 30;
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let (stage, _) = scripted_there(move |call, there| {
        if call.method == "POST" {
            let id = format!("m{}", there.paths().len());
            let made = json!({ "id": id, "userName": call.body["userName"] });
            there.put(&format!("/Users/{id}"), made.clone());
            return Some(answer(201, &made));
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Some(Answer::Never)
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        (0..MANY).try_for_each(|_| create_there(probe)?.expect(status(201)))
    })]);
    assert!(calls.load(Ordering::SeqCst) < MANY, "{calls:?}");
    assert_eq!((run.removed, run.leftovers.len()), (0, MANY), "{:?}", run.leftovers);
    assert!(
        run.leftovers.iter().any(|left| left.reason.contains("stopped answering")),
        "{:?}",
        run.leftovers
    );
}

#[test]
fn what_a_killed_run_left_there_is_swept_there() {
    let head = json!({ "entry": "run", "run": "r1", "target": crate::support::BASE });
    let intent = |number: u64, name: &str| json!({ "entry": "intent", "number": number, "endpoint": "/Users", "name": name, "abroad": true });
    let created = json!({ "entry": "created", "number": 1, "resources": ["/Users/n0"] });
    let lines = [head, intent(1, "scimproof-r1-a-1"), created, intent(2, "scimproof-r1-a-2")];
    let lines: String = lines.iter().map(|line: &Value| format!("{line}\n")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    std::fs::write(&path, lines).expect("a journal");
    let sweep = |stage: &Stage| {
        let left = remains(&path).expect("a journal").expect("a head");
        let clock = Arc::new(SystemClock::default());
        left.sweep(stage.target.clone(), stage.connect().as_ref(), clock).expect("a sweep")
    };
    let (mut stage, second) = two_tenants();
    for (id, name) in [("n0", "scimproof-r1-a-1"), ("n7", "scimproof-r1-a-2"), ("n8", "somebody")] {
        second.put(&format!("/Users/{id}"), json!({ "id": id, "userName": name }));
    }
    // Without its token nobody can remove it, and nothing is touched.
    let swept = sweep(&stage);
    assert_eq!((swept.removed, swept.leftovers.len(), stage.directory.count("DELETE")), (0, 2, 0));
    let told = &swept.leftovers[0];
    assert!(told.resource.ends_with(" of the second tenant"), "{told:?}");
    assert!(told.reason.contains("`credentials.second_tenant` in a target file"), "{told:?}");
    knowing(&mut stage);
    let swept = sweep(&stage);
    assert_eq!((swept.removed, swept.leftovers.len()), (2, 0), "{:?}", swept.leftovers);
    assert_eq!(second.paths(), ["/Users/n8"]);
    assert_eq!(stage.directory.paths(), ["/Users/n0"]);
}
