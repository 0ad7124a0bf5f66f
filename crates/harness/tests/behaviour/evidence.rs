//! What a check leaves behind as evidence, and what never stands in it.

use crate::support::{MUST, MUST_TOO, SHOULD, Stage, answer, check, text};
use harness::expect::{equals, object, present, schemas_name, status};
use harness::minimal_user;
use record::{Secret, Verdict};
use serde_json::json;

#[test]
fn every_expectation_that_held_stands_on_its_exchange() {
    let run = Stage::new().run(&[check("a.check", &[MUST, MUST_TOO], |probe| {
        let first = probe.get("/Users")?;
        let second = probe.get("/Groups")?;
        second.expect(status(200).under(MUST_TOO))?;
        first.expect(status(200))?;
        first.expect(present("/totalResults"))?;
        first.json().map(drop)
    })]);
    assert_eq!(run.results[0].verdict, Verdict::Pass);
    let held = |path: &str| {
        let url = format!("{}{path}", crate::support::BASE);
        let exchange =
            run.exchanges.iter().find(|exchange| exchange.request.url == url).expect("an exchange");
        assert_eq!(exchange.check.as_deref(), Some("a.check"));
        let held = exchange.held.iter();
        held.map(|held| format!("{} {} {}", held.check, held.requirement, held.expectation))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        held("/Users"),
        ["a.check RFC7644-0-R1 200", "a.check RFC7644-0-R1 a value", "a.check RFC7644-0-R1 a JSON object",]
    );
    assert_eq!(held("/Groups"), ["a.check RFC7644-0-R2 200"]);
}

#[test]
fn what_did_not_hold_and_what_was_only_required_is_no_evidence() {
    let run = Stage::new().run(&[check("a.check", &[MUST, SHOULD], |probe| {
        let reply = probe.get("/Users")?;
        reply.require(status(200))?;
        reply.expect(status(418).under(SHOULD))?;
        reply.expect(present("/nothing"))
    })]);
    assert!(run.exchanges.iter().all(|exchange| exchange.held.is_empty()));
}

#[test]
fn notes_are_kept_once() {
    let result = Stage::new().judge(check("a.check", &[MUST], |probe| {
        for _ in 0..3 {
            probe.get("/Users")?.note("it is so");
        }
        Ok(())
    }));
    assert_eq!(result.notes, ["it is so"]);
}

/// A target may quote whatever it was sent, wherever it likes.
#[test]
fn secrets_stand_in_no_verdict() {
    const TOKEN: &str = "t0ken/of+ada==";
    // So long that the end of what is shown falls into the middle of the token.
    let padding = "x".repeat(394);
    let mut stage = Stage::scripted(move |call, _| match call.path.as_str() {
        "/Users/echo" => Some(answer(
            200,
            &json!({ "padded": format!("{padding}{TOKEN}"), "detail": TOKEN, TOKEN: TOKEN }),
        )),
        "/Users/plain" => Some(text(400, "text/plain", TOKEN).header("x-echo", TOKEN)),
        _ => None,
    });
    stage.target = stage.target.clone().bearer(Secret::new(TOKEN.to_owned()));
    let checks = [
        check("a.finding", &[MUST], |probe| probe.get("/Users/echo")?.expect(equals("/padded", 1))),
        check("a.body", &[MUST], |probe| probe.get("/Users/echo")?.expect(equals("", 1))),
        check("a.status", &[SHOULD], |probe| probe.get("/Users/echo")?.expect(status(201))),
        check("a.header", &[MUST], |probe| {
            probe.get("/Users/plain")?.expect(harness::expect::header_is("x-echo", "nothing"))
        }),
        check("a.words", &[MUST], |probe| {
            let reply = probe.get("/Users/echo")?;
            reply.expect(equals("/detail", TOKEN))?;
            reply.note(&format!("it says {TOKEN}"));
            reply.require(status(500))
        }),
        check("a.member", &[MUST], |probe| {
            probe.get("/Users/echo")?.expect(harness::expect::no_member_named(TOKEN))
        }),
        check("a.panics", &[MUST], |_| std::panic::resume_unwind(Box::new(TOKEN))),
        check("a.not-offered", &[MUST], |_| Err(harness::Stop::NotSupported(TOKEN.to_owned()))),
    ];
    let run = stage.run(&checks);
    let written = serde_json::to_string(&run).expect("a run file");
    for form in [TOKEN, "t0ken/", "t0ken\\/", "t0ken%2F", "t0ken~1"] {
        assert!(!written.contains(form), "{form} in {written}");
    }
    let findings = run.results[0].verdict.findings();
    assert!(findings[0].actual.ends_with("x<reda…"), "{}", findings[0].actual);
}

#[test]
fn passwords_stand_nowhere() {
    let stage = Stage::scripted(|call, _| {
        let password = call.body["password"].as_str().filter(|_| call.is("POST", "/Users"))?;
        let echo =
            json!({ "schemas": [password], "detail": format!("{password} is too weak"), password: true });
        Some(answer(400, &echo).header("x-echo", password))
    });
    let password = |probe: &harness::Probe| minimal_user().with("password", probe.password());
    let run = stage.run(&[
        check("a.blocked", &[MUST], move |probe| probe.given(password(probe)).map(drop)),
        check("a.found", &[MUST], move |probe| {
            let body = probe.fill(&password(probe));
            let reply = probe.post("/Users", &body)?;
            reply.note(&body.to_string());
            reply.expect(schemas_name("x"))
        }),
        check("a.whole", &[MUST], move |probe| {
            let body = probe.fill(&password(probe));
            probe.post("/Users", &body)?.expect(harness::expect::same_as(&body, &body.to_string()))
        }),
        check("a.passes", &[MUST], move |probe| {
            probe.post("/Users", &probe.fill(&password(probe)))?.expect(object())
        }),
    ]);
    let sent: Vec<String> = stage
        .directory
        .calls()
        .iter()
        .filter_map(|call| call.body["password"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(sent.len(), 4);
    let written = serde_json::to_string(&run).expect("a run file");
    for password in sent {
        assert!(!written.contains(&password), "{password} in {written}");
    }
}

#[test]
fn what_a_target_says_at_length_is_cut() {
    let stage = Stage::scripted(|call, _| {
        let items: Vec<_> = (0..5_000).map(|n| json!({ "id": format!("ä{n}") })).collect();
        call.is("GET", "/Users")
            .then(|| answer(200, &json!({ "Resources": items, "detail": "ä".repeat(9_000) })))
    });
    let run = stage.run(&[
        check("a.list", &[MUST], |probe| probe.get("/Users")?.expect(harness::expect::lists_exactly(&[]))),
        check("a.detail", &[MUST], |probe| probe.get("/Users")?.require(status(201))),
    ]);
    let shown = run.results[0].verdict.findings()[0].actual.chars().count();
    assert!(shown < 500, "{shown} characters");
    let told = crate::support::cause(&run.results[1].verdict).message.chars().count();
    assert!(told < 500, "{told} characters");
}
