//! What keeps a check from being decided: no answer, a missing capability, ourselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::{Answer, MUST, SHOULD, Stage, answer, cause, check, mishap, text};
use client::Clock;
use harness::expect::status;
use harness::{Check, Runner, Stop, capability, minimal_user};
use record::{CauseKind, Verdict, VerdictKind};
use serde_json::json;

#[test]
fn a_panic_is_our_mishap_and_the_other_checks_still_run() {
    let stage = Stage::new();
    let run = stage.run(&[
        check("a.panics", &[MUST], |probe| {
            probe.given(minimal_user())?;
            std::panic::resume_unwind(Box::new(format!("no {}", "luck")))
        }),
        check("a.goes-on", &[MUST], |probe| probe.get("/Users")?.expect(status(200))),
    ]);
    assert_eq!(mishap(&run.results[0].verdict), "the check panicked: no luck");
    assert_eq!(run.results[1].verdict, Verdict::Pass);
    assert_eq!((run.created, run.removed), (1, 1));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn what_the_target_does_not_offer_is_not_asked_for() {
    let stage = Stage::new();
    let versions = check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop));
    let result = stage.judge(versions.needs(&[capability::CREATE_USER, capability::VERSION_USER]));
    assert_eq!(
        result.verdict,
        Verdict::NotSupported { capability: "User.version".to_owned(), offered: false }
    );
    assert_eq!((result.exchanges.len(), stage.directory.count("POST")), (0, 0));
}

#[test]
fn what_a_check_finds_missing_on_its_way_is_not_supported() {
    let result = Stage::new()
        .judge(check("a.check", &[MUST], |_| Err(Stop::NotSupported("a password on create".to_owned()))));
    assert_eq!(
        result.verdict,
        Verdict::NotSupported { capability: "a password on create".to_owned(), offered: false }
    );
}

/// What is offered and lost is no lack of an offer; the answer that shows the loss is named.
#[test]
fn what_the_answer_to_a_create_does_not_show_stands_in_the_way() {
    let stage = Stage::scripted(|call, directory| {
        let creates = call.is("POST", "/Users");
        creates.then(|| {
            let path = directory.store(call);
            let mut stored = directory.get(&path).expect("what was stored");
            stored["userName"] = json!("somebody else");
            directory.put(&path, stored.clone());
            answer(201, &stored)
        })
    });
    let result = stage.judge(check("a.check", &[MUST], |probe| {
        probe.given(minimal_user())?.keeps(&["userName"]).map(drop)
    }));
    let cause = cause(&result.verdict);
    let sent = "POST /Users does not show what was sent as userName: expected \"scimproof-";
    assert!(cause.message.starts_with(sent) && cause.message.ends_with("got \"somebody else\""), "{cause:?}");
    assert_eq!(result.exchanges, [cause.exchange.expect("an exchange")]);
}

#[test]
fn what_was_found_before_something_turned_out_missing_stands() {
    let result = Stage::new().judge(check("a.check", &[SHOULD], |probe| {
        probe.get("/Users")?.expect(status(418))?;
        Err(Stop::NotSupported("the rest".to_owned()))
    }));
    assert_eq!(result.verdict.kind(), VerdictKind::Warn);
}

#[test]
fn silence_proves_nothing() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users").then_some(Answer::Never));
    let result = stage.judge(check("a.check", &[MUST], |probe| probe.get("/Users")?.expect(status(200))));
    let cause = cause(&result.verdict);
    assert_eq!(cause.kind, CauseKind::Timeout);
    assert_eq!(cause.message, "GET /Users: no complete answer within 50ms");
    assert_eq!(result.exchanges, [cause.exchange.expect("an exchange")]);
}

#[test]
fn a_lost_connection_proves_nothing() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users").then_some(Answer::Closed));
    let result = stage.judge(check("a.check", &[MUST], |probe| probe.get("/Users")?.expect(status(200))));
    let cause = cause(&result.verdict);
    assert_eq!(cause.kind, CauseKind::Transport);
    assert!(cause.message.starts_with("GET /Users: the connection was closed"), "{}", cause.message);
}

#[test]
fn of_several_requests_at_once_each_leaves_its_exchange() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users/u1").then_some(Answer::Closed));
    let run = stage.run(&[check("a.check", &[MUST], |probe| {
        let paths = ["/Users/u1", "/Users/u2", "/Users/u3"];
        probe.together(paths.map(client::Request::get).to_vec()).map(drop)
    })]);
    let sent = run.exchanges.iter().filter(|exchange| exchange.check.as_deref() == Some("a.check"));
    assert_eq!(run.results[0].exchanges, sent.map(|exchange| exchange.number).collect::<Vec<_>>());
    assert_eq!(run.results[0].exchanges.len(), 3);
    assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Transport);
}

#[test]
fn another_host_is_not_followed_and_does_not_count_as_silence() {
    let stage = Stage::new();
    let elsewhere =
        |id| check(id, &[MUST], |probe| probe.get("http://other.example/Users/1")?.expect(status(200)));
    let mut checks = vec![elsewhere("a.elsewhere"); 20];
    checks.push(check("a.here", &[MUST], |probe| probe.get("/Users")?.expect(status(200))));
    let run = stage.run(&checks);
    let cause = cause(&run.results[0].verdict);
    assert_eq!(cause.kind, CauseKind::Transport);
    assert!(cause.message.contains("nothing was sent"), "{}", cause.message);
    assert_eq!(run.results[20].verdict, Verdict::Pass);
}

#[test]
fn a_request_that_cannot_be_put_into_http_is_our_mishap() {
    let result = Stage::new().judge(check("a.check", &[MUST], |probe| {
        probe.send(client::Request::get("/Users").header("x-line", "a\nb")).map(drop)
    }));
    assert!(mishap(&result.verdict).contains("cannot be sent"), "{:?}", result.verdict);
}

/// The rest was never judged, and a warning would let the run pass.
#[test]
fn an_obstacle_after_a_warning_blocks_and_the_warning_is_noted() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users/u1").then_some(Answer::Never));
    let result = stage.judge(check("a.check", &[MUST, SHOULD], |probe| {
        probe.get("/Users")?.expect(status(418).under(SHOULD))?;
        probe.get("/Users/u1")?.expect(status(200))
    }));
    assert_eq!(cause(&result.verdict).kind, CauseKind::Timeout);
    assert_eq!(result.notes, ["The server does so: expected 418 at status, got 200"]);
}

#[test]
fn a_failure_before_the_obstacle_stands() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users/u1").then_some(Answer::Never));
    let result = stage.judge(check("a.check", &[MUST], |probe| {
        probe.get("/Users")?.expect(status(418))?;
        probe.get("/Users/u1")?.expect(status(200))
    }));
    assert_eq!(result.verdict.kind(), VerdictKind::Fail);
}

#[test]
fn no_answer_of_a_target_makes_us_stumble() {
    let nested = format!("{}{}", "[".repeat(120), "]".repeat(120));
    let bodies =
        ["", "null", "[]", "5", "\"x\"", "{}", "{\"Resources\": 5}", "{\"id\": {}}", "\u{0}", &nested];
    for body in bodies {
        for code in [200, 204, 299, 304, 400, 500, 599] {
            let body = body.to_owned();
            let stage = Stage::scripted(move |call, _| {
                call.path.starts_with("/Users").then(|| text(code, "application/scim+json", &body))
            });
            let result = stage.judge(check("a.check", &[MUST], |probe| {
                let user = probe.given(minimal_user())?;
                probe.get(user.path())?.expect(harness::expect::lists_exactly(&[user.id]))
            }));
            assert_ne!(result.verdict.kind(), VerdictKind::Error, "{:?}", result.verdict);
        }
    }
}

/// A target that always has one more page.
fn endless() -> Stage {
    Stage::scripted(|call, directory| {
        let id = directory.calls().len().to_string();
        let page = json!({ "totalResults": 1_000_000, "Resources": [{ "id": id, "userName": id }] });
        call.is("GET", "/Users").then(|| answer(200, &page))
    })
}

fn walks() -> Check {
    check("a.walks", &[MUST], |probe| {
        while probe.get("/Users")?.at("/Resources/0").is_some() {}
        Ok(())
    })
}

#[test]
fn a_check_does_not_ask_for_ever() {
    let stage = endless();
    let run = stage.run(&[walks(), check("a.next", &[MUST], |probe| probe.get("/Users").map(drop))]);
    let cause = cause(&run.results[0].verdict);
    assert_eq!(cause.message, "the check's budget is spent: it sends no more than 2000 requests");
    assert_eq!(run.results[0].exchanges.len(), 2_000);
    assert_eq!(run.results[1].verdict, Verdict::Pass, "each check has a budget of its own");
}

/// Ten seconds pass whenever somebody looks.
#[derive(Default)]
struct Hasty(AtomicU64);

impl Clock for Hasty {
    fn now_us(&self) -> u64 {
        self.0.fetch_add(10_000_000, Ordering::Relaxed)
    }
}

#[test]
fn a_check_does_not_take_for_ever() {
    let stage = endless();
    let clock = Arc::new(Hasty::default());
    let runner = Runner::new(stage.target.clone(), stage.connect(), clock, stage.options.clone());
    let run = runner.run(&[walks()], &mut |_: &record::Event<'_>| {}).expect("a run");
    let cause = cause(&run.results[0].verdict);
    assert_eq!(cause.message, "the check's budget is spent: it sends nothing more after 120 s");
    assert!((1..12).contains(&run.results[0].exchanges.len()), "{}", run.results[0].exchanges.len());
}

/// RFC 7643 §6 has endpoints relative to the base URL. Who writes the whole path fails a check, and is judged all the same.
#[test]
fn endpoints_that_are_written_with_the_path_of_the_base_url_are_found() {
    let stage = Stage::scripted(|call, _| match call.path.as_str() {
        "/ResourceTypes" => Some(answer(
            200,
            &json!({ "totalResults": 1, "Resources": [{ "name": "User", "endpoint": "/scim/v2/Users" }] }),
        )),
        path if path.starts_with("/scim/v2/") => Some(answer(404, &json!({}))),
        _ => None,
    });
    let result = stage.judge(check("a.check", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.get(user.path())?.expect(status(200))
    }));
    assert_eq!(result.verdict, Verdict::Pass);
}
