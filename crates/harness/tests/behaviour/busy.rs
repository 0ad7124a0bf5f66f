//! Servers that are busy: they are waited for, and what they do not get to says nothing about them.

use crate::support::{Answer, Call, Directory, MUST, Stage, answer, cause, check};
use client::Request;
use harness::expect::status;
use harness::{minimal_group, minimal_user};
use record::Verdict;
use serde_json::json;

fn busy(seconds: &str) -> Answer {
    answer(503, &json!({})).header("retry-after", seconds)
}

/// Answers the first writes of this method with 503; some of them are carried out all the same.
fn busy_at_first(method: &'static str, times: usize, carried_out: bool) -> Stage {
    Stage::scripted(move |call: &Call, directory: &Directory| {
        let hit = call.method == method && directory.count(method) <= times;
        if hit && carried_out {
            directory.store(call);
        }
        hit.then(|| busy("0"))
    })
}

#[test]
fn a_write_is_sent_again_when_the_server_asks_for_patience() {
    for method in ["POST", "PUT", "DELETE"] {
        let stage = busy_at_first(method, 2, false);
        let run = stage.run(&[check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            probe.put(user.path(), &user.sent)?.expect(status(200))?;
            probe.delete(user.path())?.expect(status(204))
        })]);
        assert_eq!(run.results[0].verdict, Verdict::Pass, "{method}");
        assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0), "{method}");
        assert_eq!(stage.directory.paths(), [""; 0]);
    }
}

#[test]
fn a_server_that_stays_busy_is_accused_of_nothing() {
    for seconds in ["0", "3600"] {
        let stage = Stage::scripted(move |call, _| (call.method == "PATCH").then(|| busy(seconds)));
        let result = stage.judge(check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            probe.patch(user.path(), &json!({}))?.expect(status(200))
        }));
        let cause = cause(&result.verdict);
        assert!(cause.message.contains("answered 503 to the last try"), "{cause:?}");
        assert!(cause.exchange.is_some());
    }
}

/// A server that fails is not busy.
#[test]
fn a_server_that_asks_for_no_patience_is_judged() {
    let stage = Stage::scripted(|call, _| (call.method == "PATCH").then(|| answer(503, &json!({}))));
    let result = stage.judge(check("a.check", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.patch(user.path(), &json!({}))?.expect(status(200))
    }));
    assert!(matches!(result.verdict, Verdict::Fail { .. }), "{:?}", result.verdict);
}

/// The server did what it said it had no time for, and then did it once more.
#[test]
fn of_a_create_that_was_carried_out_twice_both_are_removed() {
    let stage = busy_at_first("POST", 1, true);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let group = probe.given(minimal_group())?;
        probe.put(group.path(), &group.sent)?.expect(status(200))
    })]);
    assert_eq!(run.results[0].verdict, Verdict::Pass);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (2, 2, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

/// A server that filters, to which letter case in names means nothing, and that has no time for the second create.
fn particular(carried_out: bool) -> Stage {
    Stage::scripted(move |call: &Call, directory: &Directory| {
        let named = |name: &str| {
            let all = directory.paths().into_iter().filter_map(|path| directory.get(&path));
            let name = name.to_lowercase();
            all.filter(|one| one["userName"].as_str().is_some_and(|known| known.to_lowercase() == name))
                .collect::<Vec<_>>()
        };
        match (call.method.as_str(), directory.count("POST")) {
            ("GET", _) if call.path == "/ServiceProviderConfig" => {
                Some(answer(200, &json!({ "filter": { "supported": true } })))
            }
            ("GET", _) if call.query.contains("filter") => {
                let name = call.query.split("%22").nth(1).expect("a name");
                let found = named(name);
                Some(answer(200, &json!({ "totalResults": found.len(), "Resources": found })))
            }
            ("POST", 2) => {
                if carried_out {
                    directory.store(call);
                }
                Some(busy("0"))
            }
            ("POST", _) => {
                let taken = !named(call.body["userName"].as_str().expect("a name")).is_empty();
                taken.then(|| answer(409, &json!({})))
            }
            _ => None,
        }
    })
}

#[test]
fn a_conflict_with_somebody_else_is_judged_after_a_busy_moment_too() {
    for carried_out in [false, true] {
        let stage = particular(carried_out);
        let run = stage.run(&[check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            let shouted = json!({ "userName": user.name.to_uppercase() });
            probe.post("/Users", &shouted)?.expect(status(409))
        })]);
        let verdict = &run.results[0].verdict;
        match carried_out {
            false => assert_eq!(*verdict, Verdict::Pass),
            true => assert!(cause(verdict).message.contains("an earlier try"), "{verdict:?}"),
        }
        assert_eq!((run.created, run.removed), if carried_out { (2, 2) } else { (1, 1) });
        assert_eq!((run.leftovers.len(), stage.directory.paths()), (0, vec![]));
    }
}

#[test]
fn a_create_that_meets_its_own_earlier_try_accuses_nobody() {
    let stage = Stage::scripted(|call, directory| match (call.method.as_str(), directory.count("POST")) {
        ("POST", 1) => {
            directory.store(call);
            Some(busy("0"))
        }
        ("POST", _) => Some(answer(409, &json!({}))),
        _ => None,
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let body = probe.fill(&minimal_user());
        probe.send(Request::post("/Users").json(&body))?.expect(status(201))
    })]);
    assert!(cause(&run.results[0].verdict).message.contains("an earlier try"));
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}
