//! The player: that it sees what a server does wrong, ends when it is told to, and leaves nothing behind.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

mod cleared;
mod common;
mod off;
mod patience;

use std::sync::atomic::Ordering;

use client::Method;
use common::{Theatre, misses};
use record::ExpectationOutcome;
use scenarios::entra::ClientKind::{self, EntraDefault, EntraFlag};
use scenarios::file;

/// A scenario about one person, with these steps.
fn about_ada(steps: &str) -> file::Scenario {
    let text = format!(
        "name = \"x\"\ntitle = \"X\"\n[app]\nprofile = \"entra-ready\"\nmapping = \"entra-default\"\n[[people]]\nkey = \
         \"ada\"\nassigned = true\nattributes = {{ userPrincipalName = \"ada@contoso.example\", displayName = \"Ada \
         Berg\" }}\n{steps}"
    );
    file::parse(&text, "x.toml").expect("a scenario")
}

/// A fault, a scenario and its client, and the claim that the fault breaks.
const TEETH: &[(&str, &str, ClientKind, &str)] = &[
    ("member-add-replaces", EDITORS, EntraDefault, "the members of Editors r7f3 are Ada Berg, Bo Ek"),
    (
        "bug-g02-member-remove-removes-all",
        EDITORS,
        EntraFlag,
        "the members of Editors r7f3 are Ada Berg, Cy Holm",
    ),
    ("bug-t04-text-is-no-manager", "create-with-manager", EntraDefault, "Ada Berg has"),
    ("inactive-users-are-hidden", "unassign-and-reassign", EntraDefault, "the cycle sends no request: POST"),
    (
        "bug-p01-verbs-are-lower-case-only",
        "unassign-and-reassign",
        EntraDefault,
        "Ada Berg has false at active",
    ),
    (
        "bug-g02-member-remove-removes-all",
        "groups-and-managers",
        EntraFlag,
        "the members of Research r7f3 are Cy Holm, Di Lund",
    ),
    (
        "bug-p01-verbs-are-lower-case-only",
        "groups-and-managers",
        EntraDefault,
        "Laboratory r7f3 has \"Laboratory r7f3\" at displayName",
    ),
];
const EDITORS: &str = "blogin-users-and-groups";

#[test]
fn what_a_server_does_wrong_is_missed_by_name() {
    for (fault, scenario, client, claim) in TEETH {
        let scenario = file::find(scenario).unwrap();
        let played = Theatre::with_fault(&scenario.app.profile, fault).play_by(*client, &scenario);
        let missed = misses(&played);
        assert!(missed.iter().any(|missed| missed.starts_with(claim)), "{fault}: {missed:#?}");
    }
}

/// What a target may only say that it did, and the claim that shows it.
#[test]
fn a_target_that_says_yes_and_does_nothing_is_found_out() {
    type Picked = fn(&http::Request<bytes::Bytes>) -> bool;
    let table: [(Picked, &str); 6] = [
        (|sent| patches(sent, "/Groups/", "\"remove\""), "the members of Research r7f3 are Cy Holm, Di Lund"),
        (
            |sent| patches(sent, "/Groups/", "laboratory"),
            "Laboratory r7f3 has \"Laboratory r7f3\" at displayName",
        ),
        (|sent| patches(sent, "/Users/", "\"replace\""), "Di Lund has"),
        (|sent| patches(sent, "/Users/", "\"remove\""), "Di Lund has nothing at"),
        (|sent| patches(sent, "/Users/", "manager\",\"value\":\"\""), "Di Lund has nothing at"),
        (|sent| sent.method() == Method::DELETE, "Field r7f3 is not in the target"),
    ];
    let scenario = file::find("groups-and-managers").unwrap();
    for (number, (picked, claim)) in table.into_iter().enumerate() {
        // Each client clears a manager in a form of its own.
        let client = if number == 4 { EntraFlag } else { EntraDefault };
        let played = Theatre::of("entra-ready").only_saying_so(picked).play_by(client, &scenario);
        let missed = misses(&played);
        assert!(missed.iter().any(|missed| missed.starts_with(claim)), "{claim}: {missed:#?}");
    }
}

fn patches(sent: &http::Request<bytes::Bytes>, below: &str, word: &str) -> bool {
    let body = String::from_utf8_lossy(sent.body()).to_lowercase();
    *sent.method() == Method::PATCH && sent.uri().path().contains(below) && body.contains(word)
}

#[test]
fn a_target_that_falls_silent_ends_the_scenario_and_those_after_it() {
    for answered in [5, 60] {
        let (theatre, sent) = Theatre::of("entra-ready").falling_silent_after(answered);
        let scenario = file::find("steady-state").unwrap();
        let played = theatre.play(&scenario);
        let stopped = played.scenario.stopped.expect("an end");
        assert!(stopped.reason.starts_with("the target stopped answering"), "{stopped:?}");
        assert_eq!(sent.load(Ordering::Relaxed), answered + 8);
        assert_eq!(played.leftovers.len(), played.created as usize);
        let next = theatre.play(&file::find("rename").unwrap());
        assert_eq!((next.scenario.steps.len(), next.scenario.stopped), (0, Some(stopped)));
        assert_eq!(sent.load(Ordering::Relaxed), answered + 8);
    }
}

#[test]
fn a_miss_says_what_was_expected_and_what_was() {
    let scenario = about_ada(
        "[[steps]]\ntitle = \"one\"\ncycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"displayName\", is = \
         \"Ada Holm\" } }, { requests = { method = \"POST\", count = 2 } }, { log = { of = \"ada\", status = \"failure\" } \
         }, { exactly = { entra-default = [{ method = \"GET\", path = \"/Users\" }] } }]",
    );
    let played = Theatre::of("entra-ready").play(&scenario);
    let outcomes: Vec<_> = played.scenario.steps[0].expectations.iter().map(|it| &it.outcome).collect();
    let told = |outcome: &ExpectationOutcome| match outcome {
        ExpectationOutcome::Missed { expected, actual } => (expected.clone(), actual.clone()),
        other => panic!("{other:?}"),
    };
    let owned = |expected: &str, actual: &str| (expected.to_owned(), actual.to_owned());
    assert_eq!(told(outcomes[0]), owned("\"Ada Holm\"", "\"Ada Berg\""));
    assert_eq!(told(outcomes[1]), owned("2", "1"));
    assert_eq!(
        told(outcomes[2]),
        owned("some", "0; the log: create Success Ada Berg of userName and active and displayName")
    );
    let (expected, actual) = told(outcomes[3]);
    assert_eq!(expected, "GET /Users");
    assert!(actual.contains("POST /Users {\"schemas\""), "{actual}");
    assert_eq!(played.scenario.missed(), 4);
}

#[test]
fn every_word_of_a_row_can_miss() {
    let table = [
        "of = \"ada\", action = \"update\"",
        "of = \"ada\", status = \"failure\"",
        "of = \"bo\"",
        "code = \"EntryConflict\"",
        "reason = \"taken\"",
        "step = \"TooManyRequests\"",
        "modified = [\"title\"]",
        "modified = [\"displayName\", \"title\"]",
        "count = 2",
        "count = 0",
    ];
    let logs: Vec<String> = table.iter().map(|log| format!("{{ log = {{ {log} }} }}")).collect();
    let bo = "[[people]]\nkey = \"bo\"\nattributes = { userPrincipalName = \"bo@contoso.example\" }";
    let step = format!("[[steps]]\ntitle = \"one\"\ncycle = true\nexpect = [{}]", logs.join(", "));
    let played = Theatre::of("entra-ready").play(&about_ada(&format!("{bo}\n{step}")));
    assert_eq!(misses(&played).len(), table.len(), "{:#?}", played.scenario.steps);
    let said = "[[steps]]\ntitle = \"one\"\ncycle = true\nexpect = [{ log = { of = \"ada\", action = \"create\", status = \
                \"success\", step = \"EntryMatch\", modified = [\"displayName\", \"userName\"], count = 1 } }]";
    let played = Theatre::of("entra-ready").play(&about_ada(said));
    assert_eq!((played.scenario.held(), misses(&played)), (1, Vec::new()));
}

#[test]
fn what_is_written_out_for_one_client_is_not_judged_for_another() {
    let scenario = about_ada(
        "[[steps]]\ntitle = \"one\"\ncycle = true\nexpect = [{ exactly = { entra-default = [] } }]",
    );
    let played = Theatre::of("entra-ready").play_by(EntraFlag, &scenario);
    assert_eq!(
        played.scenario.steps[0].expectations[0].outcome,
        ExpectationOutcome::Unjudged {
            reason: "the requests are written out for entra-default, and entra-flag was played".to_owned()
        }
    );
}

#[test]
fn the_model_misses_whoever_was_deleted_and_should_be_disabled() {
    let scenario = about_ada(
        "[[steps]]\ntitle = \"one\"\ncycle = true\n[[steps]]\ntitle = \"two\"\ndo = [{ unassign = \"ada\" }]\ncycle = \
         true\nexpect = [{ same-as-model = {} }]\n[[steps]]\ntitle = \"three\"\ndo = [{ lose = \"ada\" }]\nexpect = [{ \
         same-as-model = {} }]",
    );
    let played = Theatre::of("entra-ready").play(&scenario);
    assert_eq!(misses(&played).len(), 1);
    let ExpectationOutcome::Missed { actual, .. } = &played.scenario.steps[2].expectations[0].outcome else {
        panic!("{:#?}", played.scenario.steps);
    };
    assert_eq!(actual, "Ada Berg is no longer in the target, and should be there, not active");
}

#[test]
fn the_model_misses_a_manager_who_is_no_longer_meant() {
    let scenario = about_ada(
        "manager = \"bo\"\n[[people]]\nkey = \"bo\"\nassigned = true\nattributes = { userPrincipalName = \
         \"bo@contoso.example\" }\n[[people]]\nkey = \"dee\"\nattributes = { userPrincipalName = \"dee@contoso.example\" \
         }\n[[steps]]\ntitle = \"one\"\ncycle = true\nexpect = [{ same-as-model = {} }]\n[[steps]]\ntitle = \"two\"\ndo = [{ \
         manager = { of = \"ada\", is = \"dee\" } }]\ncycle = true\nexpect = [{ same-as-model = {} }]\n[[steps]]\ntitle = \
         \"three\"\ndo = [{ manager = { of = \"ada\" } }]\nexpect = [{ same-as-model = {} }]",
    );
    let played = Theatre::of("entra-ready").play(&scenario);
    let outcomes = |step: usize| played.scenario.steps[step].expectations[0].outcome.clone();
    assert_eq!(outcomes(0), ExpectationOutcome::Held);
    for step in [1, 2] {
        let ExpectationOutcome::Missed { actual, .. } = outcomes(step) else {
            panic!("{:?}", outcomes(step))
        };
        assert!(actual.starts_with("Ada Berg: urn:") && actual.contains("should be nothing"), "{actual}");
    }
}

#[test]
fn a_run_that_is_stopped_ends_within_its_cycle_and_leaves_nothing() {
    let scenario = file::find("steady-state").unwrap();
    let theatre = Theatre::of("entra-ready").stopped_at_the_first(Method::POST);
    let played = theatre.play(&scenario);
    let stopped = played.scenario.stopped.as_ref().unwrap();
    assert_eq!((stopped.mishap, stopped.reason.as_str()), (false, "the run was stopped"));
    let [step] = &played.scenario.steps[..] else { panic!("{:#?}", played.scenario.steps) };
    assert!(step.expectations.is_empty(), "nobody may judge half a cycle");
    assert_eq!((played.created, played.removed, theatre.users()), (1, 1, 0));
}

#[test]
fn who_was_never_provisioned_cannot_be_lost() {
    let scenario = about_ada("[[steps]]\ntitle = \"one\"\ndo = [{ lose = \"ada\" }]\ncycle = true");
    let played = Theatre::of("entra-ready").play(&scenario);
    let stopped = played.scenario.stopped.unwrap();
    assert_eq!(stopped.reason, "ada cannot be deleted in the target: it was never provisioned");
}

#[test]
fn what_cannot_be_removed_is_left_over_by_its_address() {
    let scenario = about_ada("[[steps]]\ntitle = \"one\"\ncycle = true");
    let played = Theatre::of("entra-ready").answering_deletions(405).play(&scenario);
    assert_eq!((played.created, played.removed), (1, 0));
    let [leftover] = &played.leftovers[..] else { panic!("{:?}", played.leftovers) };
    assert!(leftover.resource.contains("/Users/"), "{leftover:?}");
    assert_eq!(leftover.reason, "DELETE was answered with 405");
}

#[test]
fn what_a_delete_finds_gone_is_not_left_over() {
    let scenario = about_ada("[[steps]]\ntitle = \"one\"\ncycle = true");
    for status in [404, 410] {
        let played = Theatre::of("entra-ready").answering_deletions(status).play(&scenario);
        assert_eq!((played.created, played.removed, played.leftovers.len()), (1, 1, 0));
    }
}

#[test]
fn every_step_tells_its_own_exchanges_and_its_own_time() {
    let scenario = file::find("bonusly-token-rotated").unwrap();
    let played = Theatre::of("bonusly").play(&scenario);
    let steps = &played.scenario.steps;
    assert_eq!(steps[0].at, "2026-11-23T08:00:00Z");
    assert!(steps.windows(2).all(|pair| pair[0].at < pair[1].at), "{steps:#?}");
    let numbers: Vec<u32> = steps.iter().flat_map(|step| step.exchanges.iter().copied()).collect();
    assert_eq!(numbers, (1..=u32::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    // A new token is tested before it is saved: two probes beside those of the cycle's own.
    let cycle = steps[2].cycle.as_ref().unwrap();
    assert!(steps[2].exchanges.len() > cycle.requests as usize);
    assert_eq!(
        steps[1].cycle.as_ref().unwrap().quarantine.as_deref(),
        Some("EncounteredQuarantineException")
    );
}

#[test]
fn two_runs_share_a_target_without_touching_each_other() {
    let scenario = file::find("blogin-users-and-groups").unwrap();
    let theatre = Theatre::of("blogin");
    let first = theatre.keeping("r1", &scenario);
    let second = theatre.keeping("r2", &scenario);
    assert_eq!((first.scenario.missed(), second.scenario.missed()), (0, 0));
    assert_eq!(theatre.users(), 0);
}

/// What stands in the blocks of TOML of a part of the guide.
fn toml_of(part: &str) -> String {
    let blocks = part.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block).collect()
}

#[test]
fn the_guides_scenarios_play_the_second_with_a_mapping_of_its_own() {
    let guide = include_str!("../../../docs/scenarios.md");
    let (scenario, mapping) = guide.split_once("## A mapping of your own").unwrap();
    let scenario = file::parse(&toml_of(scenario), "guide.toml").unwrap_or_else(|error| panic!("{error}"));
    let played = Theatre::of(&scenario.app.profile).play(&scenario);
    assert_eq!(misses(&played), [""; 0], "{:#?}", played.scenario.log);
    assert_eq!(played.scenario.stopped, None);
    let (mapping, of_acme) = mapping.split_once("<!-- the scenario -->").unwrap();
    let load = |path: &std::path::Path| {
        assert_eq!(path, std::path::Path::new("guide/acme.toml"));
        Ok(toml_of(mapping))
    };
    let scenario = file::parse_with(&toml_of(of_acme), "guide/leaver.toml", &load).unwrap();
    assert_eq!((scenario.mapping.name.as_str(), scenario.mapping.users.len()), ("acme", 3));
    let played = Theatre::of(&scenario.app.profile).play(&scenario);
    assert_eq!((misses(&played), played.scenario.stopped), (Vec::new(), None), "{:#?}", played.scenario.log);
    assert!(played.scenario.steps.iter().all(|step| !step.expectations.is_empty()));
}

#[test]
fn the_guide_names_every_action_and_every_expectation() {
    let guide = include_str!("../../../docs/scenarios.md");
    let schema = file::json_schema();
    let actions = schema.pointer("/$defs/Action/oneOf").and_then(serde_json::Value::as_array).unwrap();
    let named = actions.iter().flat_map(|action| match action.pointer("/required/0") {
        Some(name) => vec![name.clone()],
        None => action.get("enum").and_then(serde_json::Value::as_array).cloned().unwrap_or_default(),
    });
    let names: Vec<_> =
        named.chain(actions.iter().filter_map(|action| action.get("const").cloned())).collect();
    assert!(names.len() > 15, "{names:?}");
    let expectations =
        schema.pointer("/$defs/Expect/properties").and_then(serde_json::Value::as_object).unwrap();
    let names = names.iter().filter_map(|name| name.as_str()).chain(expectations.keys().map(String::as_str));
    for name in names {
        assert!(guide.contains(&format!("`{name}`")), "the guide says nothing of {name}");
    }
}
