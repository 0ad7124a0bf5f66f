//! What a run created is removed again, and nothing else is touched.

use crate::support::{Answer, MUST, Stage, answer, check, mishap, text};
use harness::expect::status;
use harness::sweep::is_by_hand;
use harness::{minimal_group, minimal_user};
use record::Verdict;
use serde_json::json;

#[test]
fn what_was_created_is_removed_the_youngest_first() {
    let stage = Stage::new();
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let users = probe.given_all(vec![minimal_user(), minimal_user()])?;
        probe.given(minimal_group().with("members", json!([{ "value": users[0].id }])))?;
        probe.delete(users[1].path())?.expect(status(204))
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (3, 3, 0));
    let deletes = stage.directory.calls().into_iter().filter(|call| call.method == "DELETE");
    let paths: Vec<String> = deletes.map(|call| call.path).collect();
    let own = |path: &str| path.split('/').nth(1).map(str::to_owned);
    // The check's own delete, then the group before its member.
    assert_eq!(paths.iter().filter_map(|path| own(path)).collect::<Vec<_>>(), ["Users", "Groups", "Users"]);
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn what_a_check_created_without_a_template_is_removed_too() {
    let stage = Stage::scripted(|call, directory| {
        // A server that is wrong: a PUT creates.
        (call.is("PUT", "/Users/unknown")).then(|| {
            directory.put("/Users/unknown", call.body.clone());
            answer(201, &call.body)
        })
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let body = probe.fill(&minimal_user());
        probe.post("/Users", &body)?.require(status(201))?;
        let mut body = probe.fill(&minimal_user());
        body["id"] = json!("unknown");
        probe.put("/Users/unknown", &body)?.expect(status(404))
    })]);
    assert_eq!((run.created, run.removed), (2, 2));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn a_put_to_a_resource_of_ours_creates_nothing() {
    let stage = Stage::new();
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.put(&format!("{}?attributes=userName", user.path()), &user.sent)?.expect(status(200))
    })]);
    assert_eq!((run.created, run.removed), (1, 1));
}

/// Some applications never delete; then a user is at least made inactive, and the report says so.
#[test]
fn where_nothing_can_be_deleted_users_are_deactivated_and_listed() {
    let stage = Stage::scripted(|call, _| (call.method == "DELETE").then(|| answer(405, &json!({}))));
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.given(minimal_user().with("nickName", "Ada"))?;
        probe.given(minimal_group()).map(drop)
    })]);
    assert_eq!((run.created, run.removed), (2, 0));
    let paths = stage.directory.paths();
    let [group, user] = paths.as_slice() else { panic!("{paths:?}") };
    let kept = stage.directory.get(user).expect("the user");
    assert_eq!((&kept["active"], &kept["nickName"]), (&json!(false), &json!("Ada")));
    let leftovers: Vec<_> =
        run.leftovers.iter().map(|left| (left.resource.as_str(), left.reason.as_str())).collect();
    assert_eq!(
        leftovers,
        [
            (group.as_str(), "DELETE answered 405; deactivating it failed too: only users can be inactive"),
            (user.as_str(), "DELETE answered 405; it was deactivated instead"),
        ]
    );
}

/// Does nothing of this method without the current version, which is told by a header or in the body; what `refuses` names it
/// never does.
fn careful(method: &'static str, status: u16, by_header: bool, refuses: &'static str) -> Stage {
    Stage::scripted(move |call, directory| {
        let shown = directory.get(&call.path).filter(|_| call.path.starts_with("/Users/"))?;
        match call.method.as_str() {
            "GET" if by_header => Some(answer(200, &shown).header("etag", "W/\"7\"")),
            "GET" => {
                let mut shown = shown;
                shown["meta"] = json!({ "version": "W/\"7\"" });
                Some(answer(200, &shown))
            }
            sent if sent == refuses => Some(answer(405, &json!({}))),
            sent if sent == method && call.if_match.as_deref() != Some("W/\"7\"") => {
                Some(answer(status, &json!({})))
            }
            _ => None,
        }
    })
}

#[test]
fn what_is_only_deleted_with_its_version_is_deleted_with_it() {
    for (status, by_header) in [(412, true), (428, true), (428, false)] {
        let stage = careful("DELETE", status, by_header, "");
        let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
        assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
        assert_eq!(stage.directory.paths(), [""; 0]);
    }
}

/// A weak version, as that server holds, matches nothing.
#[test]
fn a_version_that_nobody_asked_for_keeps_no_user_active() {
    let stage = Stage::scripted(|call, directory| {
        let shown = directory.get(&call.path).filter(|_| call.path.starts_with("/Users/"))?;
        match call.method.as_str() {
            "GET" => Some(answer(200, &shown).header("etag", "W/\"7\"")),
            "DELETE" => Some(answer(405, &json!({}))),
            "PUT" if call.if_match.is_some() => Some(answer(412, &json!({}))),
            _ => None,
        }
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert_eq!(run.leftovers[0].reason, "DELETE answered 405; it was deactivated instead");
}

#[test]
fn who_is_only_replaced_with_its_version_is_deactivated_with_it() {
    for (status, by_header) in [(412, true), (428, true), (428, false)] {
        let stage = careful("PUT", status, by_header, "DELETE");
        let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
        assert_eq!(run.leftovers[0].reason, "DELETE answered 405; it was deactivated instead");
    }
}

/// The check's own DELETE is no proof either.
#[test]
fn what_a_delete_does_not_find_and_a_read_does_is_left_behind() {
    for status in [404, 410] {
        let stage =
            Stage::scripted(move |call, _| (call.method == "DELETE").then(|| answer(status, &json!({}))));
        let run = stage.run(&[check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            probe.delete(user.path()).map(drop)
        })]);
        assert_eq!((run.created, run.removed), (1, 0));
        let [left] = &run.leftovers[..] else { panic!("{:?}", run.leftovers) };
        assert_eq!(left.reason, "DELETE found nothing, and a GET after it answered 200");
    }
}

#[test]
fn what_a_delete_finds_gone_is_not_left_behind() {
    let stage = Stage::scripted(|call, directory| {
        (call.method == "DELETE").then(|| {
            directory.forget(&call.path);
            answer(410, &json!({}))
        })
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
}

#[test]
fn what_is_gone_by_itself_is_not_left_behind() {
    let stage = Stage::new();
    let directory = stage.directory.clone();
    let run = stage.run(&[check("a.check", &[MUST], move |probe| {
        let user = probe.given(minimal_user())?;
        directory.forget(user.path());
        Ok(())
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
}

#[test]
fn what_cannot_be_removed_at_all_is_listed_with_both_reasons() {
    let stage = Stage::scripted(|call, _| {
        matches!(call.method.as_str(), "DELETE" | "PUT").then(|| answer(500, &json!({})))
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert_eq!(run.leftovers[0].reason, "DELETE answered 500; deactivating it failed too: PUT answered 500");
}

/// The id is the target's word; it may not lead to somebody else's resource.
#[test]
fn an_id_that_would_lead_elsewhere_is_not_followed() {
    for id in ["../Groups/other", "..", ".", "", "other?x=", "other#x", "x/../other", "%2e%2e/Groups/other"] {
        let stage = Stage::scripted(move |call, directory| {
            call.is("POST", "/Users").then(|| {
                directory.store(call);
                let mut body = call.body.clone();
                body["id"] = json!(id);
                answer(201, &body)
            })
        });
        stage.directory.put("/Groups/other", json!({ "id": "other", "displayName": "somebody's" }));
        stage.directory.put("/Users/other", json!({ "id": "other", "userName": "somebody" }));
        let result = stage.run(&[check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            probe.put(user.path(), &json!({}))?;
            probe.delete(user.path()).map(drop)
        })]);
        let other = stage.directory.get("/Users/other").expect("somebody");
        assert_eq!(
            (&other["userName"], stage.directory.get("/Groups/other").is_some()),
            (&json!("somebody"), true)
        );
        assert_eq!((result.created, result.removed, result.leftovers.len()), (1, 1, 0), "{id}");
        for call in
            stage.directory.calls().iter().filter(|call| call.method != "GET" && call.method != "POST")
        {
            let id = call.path.strip_prefix("/Users/").expect("a user");
            assert!(!id.is_empty() && !id.contains('/'), "{} {}", call.method, call.path);
        }
    }
}

#[test]
fn an_id_with_signs_of_its_own_is_escaped() {
    let stage = Stage::scripted(|call, directory| {
        let stored = |body: &serde_json::Value| json!({ "id": "a/b c?", "userName": body["userName"] });
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/Users") => {
                directory.put("/Users/a%2Fb%20c%3F", stored(&call.body));
                Some(answer(201, &stored(&call.body)).header("location", "/scim/v2/Users/a%2fb%20c%3f"))
            }
            _ => None,
        }
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.get(user.path())?.expect(status(200))
    })]);
    assert_eq!(run.results[0].verdict, Verdict::Pass, "{:?}", run.results[0]);
    assert_eq!((run.created, run.removed, stage.directory.paths().len()), (1, 1, 0));
}

/// A journal or not, all answers of requests made together are taken note of.
#[test]
fn of_several_creates_at_once_each_is_removed() {
    let stage = Stage::scripted(|call, directory| {
        (call.is("POST", "/Users") && directory.count("POST") == 2).then_some(Answer::Closed)
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let bodies: Vec<_> = (0..4).map(|_| probe.fill(&minimal_user())).collect();
        probe
            .together(bodies.iter().map(|body| client::Request::post("/Users").json(body)).collect())
            .map(drop)
    })]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (3, 3, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn messages_and_discovery_documents_are_no_resources() {
    let stage = Stage::scripted(|call, _| {
        matches!(call.path.as_str(), "/Bulk" | "/ResourceTypes/User")
            .then(|| text(200, "application/scim+json", r#"{"id": "x"}"#))
    });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        probe.post("/Bulk", &probe.fill(&minimal_user()))?.require(status(200))?;
        probe.put("/ResourceTypes/User", &json!({}))?.expect(status(200))
    })]);
    assert_eq!((run.created, stage.directory.count("DELETE")), (0, 0));
    let panics = stage.judge(check("a.panics", &[MUST], |_| std::panic::resume_unwind(Box::new(1))));
    assert_eq!(mishap(&panics.verdict), "the check panicked: no message");
}

/// The answer to the create shows our name and somebody else's id.
#[test]
fn whoever_a_create_is_taken_for_is_not_touched() {
    let stage = Stage::scripted(|call, _| {
        call.is("POST", "/Users").then(|| {
            let mut body = call.body.clone();
            body["id"] = json!("other");
            answer(201, &body).header("location", "http://scim.example/scim/v2/Users/other")
        })
    });
    let somebody = json!({ "id": "other", "userName": "somebody" });
    stage.directory.put("/Users/other", somebody.clone());
    let writes: [fn(&str) -> client::Request; 4] = [
        |path| client::Request::put(path).json(&json!({ "userName": "changed" })),
        |path| client::Request::patch(path).json(&json!({})),
        |path| client::Request::delete(path),
        |path| client::Request::delete(format!("{}{path}?x=y", crate::support::BASE)),
    ];
    for write in writes {
        let run = stage.run(&[check("a.check", &[MUST], move |probe| {
            let user = probe.given(minimal_user())?;
            probe.send(write(user.path())).map(drop)
        })]);
        let cause = crate::support::cause(&run.results[0].verdict);
        assert!(cause.message.contains("left alone") && cause.exchange.is_some(), "{cause:?}");
        let [left] = &run.leftovers[..] else { panic!("{:?}", run.leftovers) };
        assert!(
            left.reason.starts_with("what stands there has another name, so it may not be ours"),
            "{left:?}"
        );
        assert!(is_by_hand(left), "{left:?}");
    }
    assert_eq!(stage.directory.get("/Users/other"), Some(somebody));
    let harmless = |call: &crate::support::Call| matches!(call.method.as_str(), "GET" | "POST");
    assert!(stage.directory.calls().iter().all(harmless));
}

/// What a check reads by itself, alone or in a list, need not be read again.
#[test]
fn what_was_seen_to_be_ours_is_not_read_again() {
    for list in [false, true] {
        let stage = Stage::new();
        let run = stage.run(&[check("a.check", &[MUST], move |probe| {
            let user = probe.given(minimal_user())?;
            probe.get(if list { "/Users" } else { user.path() })?;
            probe.put(user.path(), &user.sent)?.expect(status(200))?;
            probe.put(user.path(), &user.sent)?.expect(status(200))
        })]);
        assert_eq!((run.removed, run.leftovers.len()), (1, 0));
        let calls = stage.directory.calls();
        assert_eq!(
            calls.iter().filter(|call| call.method == "GET" && call.path.starts_with("/Users")).count(),
            1
        );
    }
}

#[test]
fn what_cannot_be_read_at_its_place_is_removed_where_its_name_is_listed() {
    let stage = Stage::scripted(|call, _| {
        (call.method == "GET" && call.path.starts_with("/Users/")).then(|| answer(405, &json!({})))
    });
    stage.directory.put("/Users/other", json!({ "id": "other", "userName": "somebody" }));
    let run = stage.run(&[check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), ["/Users/other"]);
}

/// What was never sent is not looked for: the last requests are there to remove what stands.
#[test]
fn creates_that_were_not_sent_are_not_looked_for() {
    let mut stage = Stage::new();
    let total = std::num::NonZeroU64::new(60);
    stage.target = stage.target.clone().limited(client::Limits { total, ..client::Limits::default() });
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        loop {
            probe.given(minimal_user())?;
        }
    })]);
    assert!(run.created > 0);
    assert_eq!((run.removed, run.leftovers.len()), (run.created, 0));
    let calls = stage.directory.calls();
    let walks = calls.iter().filter(|call| call.is("GET", "/Users") && call.query.contains("startIndex"));
    assert_eq!(walks.count(), 0);
}
