//! Creates whose answer does not tell what became of them: the resource is looked for by its name.

use crate::support::{Answer, BASE, Call, Directory, MUST, Stage, answer, cause, check, text};
use harness::{Check, minimal_user};
use record::CauseKind;
use serde_json::json;

pub(crate) fn creates() -> Check {
    check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))
}

/// A directory of others, so many that ours stands on a later page; one of them is called almost like ours.
pub(crate) fn crowd(directory: &Directory) {
    for number in 0..450 {
        let id = format!("a{number:03}");
        directory.put(&format!("/Users/{id}"), json!({ "id": id, "userName": format!("user {number}") }));
    }
    directory.put("/Users/a999", json!({ "id": "a999", "userName": "scimproof-r1-a-check-11" }));
}

/// A script that stores what a POST carries, and answers as it likes.
fn storing<F>(reply: F) -> Stage
where
    F: Fn(&Call, &str) -> Answer + Send + Sync + 'static,
{
    let stage = Stage::scripted(move |call, directory| {
        call.is("POST", "/Users").then(|| {
            let path = directory.store(call);
            reply(call, &path)
        })
    });
    crowd(&stage.directory);
    stage
}

/// Runs the check; everything but ours must still be there.
fn is_found_and_removed(stage: &Stage) -> record::Checks {
    let run = stage.run(&[creates()]);
    let others = stage.directory.paths();
    assert!(others.len() == 451 && others.iter().all(|path| path.starts_with("/Users/a")), "{others:?}");
    assert_eq!((run.created, run.removed, run.leftovers.as_slice()), (1, 1, [].as_slice()));
    assert_eq!(stage.directory.count("DELETE"), 1);
    run
}

#[test]
fn an_error_of_the_server_leaves_it_open() {
    for status in [500, 502, 503, 504] {
        let stage = storing(move |_, _| answer(status, &json!({})));
        let run = is_found_and_removed(&stage);
        assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Precondition);
    }
}

#[test]
fn no_answer_leaves_it_open() {
    let run = is_found_and_removed(&storing(|_, _| Answer::Never));
    assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Timeout);
    let run = is_found_and_removed(&storing(|_, _| Answer::Closed));
    assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Transport);
}

#[test]
fn a_success_that_does_not_say_where_is_followed_up() {
    is_found_and_removed(&storing(|_, _| text(201, "application/scim+json", "")));
    is_found_and_removed(&storing(|_, _| answer(200, &json!({ "id": 5 }))));
    is_found_and_removed(&storing(|_, _| text(201, "text/html", "created").header("location", "/")));
}

/// One of the two names somebody else's resource; deleting either could do harm.
#[test]
fn an_id_and_a_location_that_differ_are_both_not_trusted() {
    is_found_and_removed(&storing(|call, path| {
        let id = path.rsplit('/').next().unwrap_or_default();
        let mut body = call.body.clone();
        body["id"] = json!(id);
        answer(201, &body).header("location", &format!("{BASE}/Users/a001"))
    }));
    is_found_and_removed(&storing(|call, path| {
        let mut body = call.body.clone();
        body["id"] = json!("a001");
        answer(201, &body).header("location", &format!("{BASE}{path}"))
    }));
}

#[test]
fn a_location_alone_is_enough() {
    let stage = storing(|_, path| {
        text(201, "application/scim+json", "")
            .header("location", &format!("https://elsewhere.example/v2{path}/"))
    });
    is_found_and_removed(&stage);
    // Discovery, a look at whose it is, and no walk through the list.
    assert_eq!(stage.directory.count("GET"), 4);
}

#[test]
fn what_was_not_stored_after_all_is_no_leftover() {
    let stage = Stage::scripted(|call, _| call.is("POST", "/Users").then(|| answer(500, &json!({}))));
    crowd(&stage.directory);
    let run = stage.run(&[creates()]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (0, 0, 0));
    assert_eq!(stage.directory.paths().len(), 451);
}

#[test]
fn what_was_created_and_cannot_be_found_is_listed() {
    let stage = Stage::scripted(|call, _| call.is("POST", "/Users").then(|| answer(201, &json!({}))));
    let run = stage.run(&[creates()]);
    assert_eq!((run.created, run.removed), (1, 0));
    assert_eq!(run.leftovers[0].resource, "/Users named scimproof-r1-a-check-1");
    assert!(
        run.leftovers[0].reason.contains("neither the answer nor the list"),
        "{}",
        run.leftovers[0].reason
    );
}

#[test]
fn a_list_that_cannot_be_read_leaves_it_listed() {
    let stage = Stage::scripted(|call, _| match call.method.as_str() {
        "POST" => Some(answer(500, &json!({}))),
        _ => (call.path == "/Users").then(|| answer(403, &json!({}))),
    });
    let run = stage.run(&[creates()]);
    assert_eq!(run.leftovers[0].reason, "listing /Users answered 403");
}

/// A check may send any name; only one that the run gave is looked for, since others may bear the rest.
#[test]
fn nobody_is_removed_for_having_the_name_that_a_check_sent() {
    let stage = Stage::scripted(|call, _| call.is("POST", "/Users").then(|| answer(500, &json!({}))));
    crowd(&stage.directory);
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.post("/Users", &json!({ "userName": "user 7" }))?;
        probe.post("/Users", &json!({ "displayName": "USER 8" })).map(drop)
    })]);
    assert_eq!((run.created, run.removed, stage.directory.count("DELETE")), (0, 0, 0));
    assert_eq!((run.leftovers.len(), stage.directory.paths().len()), (0, 451));
}

/// No name to look for, and no answer: somebody has to look.
#[test]
fn a_create_without_name_and_answer_is_listed() {
    let stage = Stage::scripted(|call, _| call.is("POST", "/Groups").then_some(Answer::Closed));
    let run = stage.run(&[check("a.check", &[MUST], |probe| probe.post("/Groups", &json!({})).map(drop))]);
    assert_eq!((run.created, run.removed, stage.directory.count("DELETE")), (0, 0, 0));
    assert_eq!(run.leftovers[0].resource, "a create of unknown name on /Groups");
}

#[test]
fn a_create_is_found_by_its_external_id_too() {
    let stage = Stage::scripted(|call, directory| {
        call.is("POST", "/Groups").then(|| {
            directory.store(call);
            Answer::Closed
        })
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.post("/Groups", &json!({ "externalId": "scimproof-r1-a-check-1" })).map(drop)
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn letter_case_does_not_hide_it_and_each_one_of_the_name_is_removed() {
    let stage = Stage::scripted(|call, directory| {
        call.is("POST", "/Users").then(|| {
            let mut twice = call.clone();
            twice.body["userName"] = json!(call.body["userName"].as_str().unwrap_or_default().to_uppercase());
            directory.store(&twice);
            twice.path = "/Users/again".to_owned();
            directory.put("/Users/again", json!({ "id": "again", "userName": call.body["userName"] }));
            answer(500, &json!({}))
        })
    });
    let run = stage.run(&[creates()]);
    assert_eq!((run.created, run.removed, stage.directory.paths().len()), (2, 2, 0));
}

/// Without a limit, a server that sends its first page for ever would be asked for ever.
#[test]
fn a_list_that_never_ends_is_left_at_some_point() {
    let page = || json!({ "Resources": [{ "id": "a1", "userName": "somebody" }] });
    let stage = Stage::scripted(move |call, _| match (call.method.as_str(), call.path.as_str()) {
        ("POST", _) => Some(Answer::Closed),
        ("GET", "/Users") => Some(answer(200, &page())),
        _ => None,
    });
    let run = stage.run(&[creates()]);
    assert!(stage.directory.count("GET") < 10, "{} requests", stage.directory.count("GET"));
    assert_eq!(run.leftovers.len(), 0);
}

#[test]
fn a_list_without_a_total_is_followed_to_its_end() {
    let stage = Stage::scripted(|call, directory| {
        if call.is("POST", "/Users") {
            directory.store(call);
            return Some(answer(500, &json!({})));
        }
        let Answer::Whole(page) = (call.is("GET", "/Users")).then(|| directory.answer(call))? else {
            return None;
        };
        let mut page: serde_json::Value = serde_json::from_slice(page.body()).unwrap_or_default();
        page.as_object_mut().map(|page| page.remove("totalResults"));
        Some(answer(200, &page))
    });
    crowd(&stage.directory);
    is_found_and_removed(&stage);
}
