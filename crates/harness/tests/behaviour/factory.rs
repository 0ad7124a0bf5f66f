//! The data that checks are given, on targets that demand more than the standard does.

use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::support::{Answer, Call, MUST, Stage, answer, cause, check};
use harness::expect::status;
use harness::{Check, Template, minimal_group, minimal_user};
use record::Verdict;
use serde_json::{Value, json};

const SAMPLES: &str = r#"
name = "demanding"
title = "Demanding"
base_path = "/scim/v2"

[samples.User]
userName = "{name}@example.com"
active = true

[[samples.User.emails]]
value = "{name}@example.com"
primary = true

[samples.User."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
department = "for {name}"
"#;

/// A target that takes no user without an address.
fn demanding(call: &Call) -> Option<Answer> {
    let lacking = call.is("POST", "/Users") && call.body.get("emails").is_none();
    lacking.then(|| answer(400, &json!({ "detail": "emails is required" })))
}

fn stage() -> Stage {
    with_samples(Stage::scripted(|call, _| demanding(call)))
}

fn with_samples(mut stage: Stage) -> Stage {
    stage.options.profile = profiles::parse(SAMPLES, "demanding.toml").expect("a profile");
    stage
}

fn creates(id: &'static str) -> Check {
    check(id, &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.get(user.path())?.expect(status(200))
    })
}

fn posts(stage: &Stage) -> Vec<Value> {
    let calls = stage.directory.calls().into_iter();
    calls.filter(|call| call.is("POST", "/Users")).map(|call| call.body).collect()
}

/// A profile that decides on the values of an attribute, and on one of an extension.
const BINDING: &str = r#"
name = "binding"
title = "Binding"
base_path = "/scim/v2"

[[behaviours]]
does = "country-code"
at = "addresses.country"
otherwise = "refused"

[[behaviours]]
does = "date"
at = "urn:x:user:hiredOn"

[types.User]
extensions = ["urn:x:user"]

[[schemas]]
id = "urn:x:user"
name = "X"
description = "What is kept beside the standard."

[[schemas.attributes]]
name = "hiredOn"
description = "The first day."
"#;

#[test]
fn a_check_does_not_choose_values_that_the_profile_decides_on() {
    let mut stage = Stage::new();
    stage.options.profile = profiles::parse(BINDING, "binding.toml").expect("a profile");
    let gives =
        |id, template: fn() -> Template| check(id, &[MUST], move |probe| probe.given(template()).map(drop));
    let run = stage.run(&[
        gives("a.whole", || minimal_user().with("addresses", json!([{ "country": "Atlantis" }]))),
        gives("a.extension", || minimal_user().with("urn:x:user", json!({ "hiredOn": "soon" }))),
        gives("a.other", || minimal_user().with("urn:x:user", json!({ "room": "7" }))),
        gives("a.fitting", || minimal_user().with("addresses", json!([{ "country": "NO" }])).within_rules()),
    ]);
    let verdicts: Vec<&Verdict> = run.results.iter().map(|result| &result.verdict).collect();
    let unfree =
        |path: &str| Verdict::NotSupported { capability: format!("free values of {path}"), offered: false };
    let wanted = [unfree("addresses"), unfree("urn:x:user:hiredOn"), Verdict::Pass, Verdict::Pass];
    assert_eq!(verdicts, wanted.iter().collect::<Vec<_>>());
    assert_eq!(stage.directory.count("POST"), 2);
}

#[test]
fn the_least_is_tried_first_and_then_the_samples() {
    let stage = stage();
    let run = stage.run(&[creates("a.one"), creates("a.two")]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let minimal = json!({ "userName": "scimproof-r1-a-one-1", "schemas": [user] });
    let rich = |name: &str| {
        json!({
            "userName": format!("{name}@example.com"),
            "active": true,
            "emails": [{ "value": format!("{name}@example.com"), "primary": true }],
            enterprise: { "department": format!("for {name}") },
            "schemas": [user, enterprise],
        })
    };
    assert_eq!(posts(&stage), [minimal, rich("scimproof-r1-a-one-1"), rich("scimproof-r1-a-two-1")]);
    assert_eq!(run.results[0].notes, ["a minimal User is refused; sample values are sent with it"]);
    assert_eq!(run.results[1].notes, [""; 0]);
    assert_eq!((run.created, run.removed), (2, 2));
}

#[test]
fn what_a_check_asks_for_stands_above_the_samples() {
    let stage = stage();
    let run = stage.run(&[
        creates("a.one"),
        check("a.two", &[MUST], |probe| {
            let user = probe.given(minimal_user().with("active", false))?;
            assert_eq!(probe.fill(&minimal_user().with("emails", json!([])))["emails"], json!([]));
            probe.get(user.path())?.expect(harness::expect::equals("/active", false))
        }),
    ]);
    assert_eq!(run.results[1].verdict, Verdict::Pass, "{:?}", run.results[1]);
}

#[test]
fn without_samples_the_targets_own_words_are_passed_on() {
    let stage = Stage::scripted(|call, _| demanding(call));
    let result = stage.judge(creates("a.check"));
    assert!(
        cause(&result.verdict).message.contains(" answers 400 (emails is required), "),
        "{:?}",
        result.verdict
    );
    assert_eq!(posts(&stage).len(), 1);
}

/// Then it was not for want of them, and they are not sent to others.
#[test]
fn samples_that_are_refused_too_are_not_sent_again() {
    let stage = with_samples(Stage::scripted(|call, _| {
        (call.is("POST", "/Users") && call.body["displayName"] == 5)
            .then(|| answer(400, &json!({ "detail": "no text" })))
    }));
    let refused =
        check("a.refused", &[MUST], |probe| probe.given(minimal_user().with("displayName", 5)).map(drop));
    let run = stage.run(&[refused, creates("a.two")]);
    assert!(cause(&run.results[0].verdict).message.contains("(no text), where "));
    assert_eq!(run.results[1].verdict, Verdict::Pass);
    let posts = posts(&stage);
    assert_eq!((posts.len(), posts[2].get("emails")), (3, None));
}

#[test]
fn only_a_400_is_answered_with_more() {
    for refusal in [401, 403, 409, 500] {
        let stage = with_samples(Stage::scripted(move |call, _| {
            call.is("POST", "/Users").then(|| answer(refusal, &json!({})))
        }));
        cause(&stage.judge(creates("a.check")).verdict);
        assert_eq!(posts(&stage).len(), 1, "after {refusal}");
    }
}

/// Both are refused before either has learned that the target demands more.
#[test]
fn checks_that_learn_it_at_the_same_time_all_go_on() {
    let minimal = Arc::new((Mutex::new(0), Condvar::new()));
    let mut stage = with_samples(Stage::scripted(move |call, _| {
        let refusal = demanding(call)?;
        let (count, changed) = &*minimal;
        let mut count = count.lock().expect("a count");
        *count += 1;
        changed.notify_all();
        drop(
            changed.wait_timeout_while(count, Duration::from_secs(20), |count| *count < 2).expect("a count"),
        );
        Some(refusal)
    }));
    stage.options.jobs = NonZeroUsize::new(2).expect("jobs");
    let run = stage.run(&[creates("a.one"), creates("a.two")]);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
    assert_eq!(posts(&stage).len(), 4);
}

#[test]
fn each_type_of_resource_is_learned_for_itself() {
    let stage = stage();
    let run = stage.run(&[
        creates("a.users"),
        check("a.groups", &[MUST], |probe| {
            let group = probe.given(minimal_group())?;
            probe.get(group.path())?.expect(status(200))
        }),
    ]);
    assert_eq!(run.results[1].verdict, Verdict::Pass);
    let groups = stage.directory.calls().into_iter().filter(|call| call.is("POST", "/Groups"));
    let names = json!({ "displayName": "scimproof-r1-a-groups-1", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"] });
    assert_eq!(groups.map(|call| call.body).collect::<Vec<_>>(), [names]);
}

#[test]
fn what_was_given_is_told() {
    let result = Stage::new().judge(check("a.check", &[MUST], |probe| {
        let user = probe.given(minimal_user().with("nickName", "Ada"))?;
        assert_eq!(
            (user.name.as_str(), user.path()),
            ("scimproof-r1-a-check-1", format!("/Users/{}", user.id).as_str())
        );
        assert_eq!((&user.sent["nickName"], &user.body["id"]), (&json!("Ada"), &json!(user.id)));
        Ok(())
    }));
    assert_eq!(result.verdict, Verdict::Pass);
}

/// What the address of a schema cannot hold as it is, is escaped. Where a schema has nothing to write, or is not to be read, nothing
/// is made up.
#[test]
fn users_have_the_least_of_the_extensions_that_are_required() {
    let stage = Stage::scripted(|call, _| match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/ResourceTypes") => {
            let uris = ["urn:x:a b?", "urn:x:closed", "urn:x:unknown"];
            let extensions = uris.map(|uri| json!({ "schema": uri, "required": true }));
            let user = json!({ "name": "User", "endpoint": "/Users", "schemaExtensions": extensions });
            Some(answer(200, &json!({ "totalResults": 1, "Resources": [user] })))
        }
        ("GET", "/Schemas/urn:x:a%20b%3F") => {
            Some(answer(200, &json!({ "attributes": [{ "name": "number", "required": true }] })))
        }
        ("GET", "/Schemas/urn:x:closed") => {
            Some(answer(200, &json!({ "attributes": [{ "name": "number", "mutability": "readOnly" }] })))
        }
        _ => None,
    });
    let run = stage.run(&[creates("a.check")]);
    assert_eq!(run.results[0].verdict, Verdict::Pass);
    let [user] = &posts(&stage)[..] else { panic!("one user") };
    assert_eq!(user["urn:x:a b?"], json!({ "number": user["userName"] }));
    let schemas = json!(["urn:x:a b?", "urn:x:closed", "urn:x:unknown"]);
    assert_eq!(user["schemas"].as_array().expect("schemas")[1..], *schemas.as_array().expect("URIs"));
    assert!(user.get("urn:x:closed").is_none() && user.get("urn:x:unknown").is_none(), "{user}");
}
