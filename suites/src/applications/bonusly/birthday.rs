//! The date of birth, which goes in and never comes out.

use client::{Request, Seen};
use harness::expect::{Miss, holds, no_member_named, scim_type_among, status_among, success};
use harness::{Check, Expectation, History, Outcome, Probe, minimal_user, sound};
use protocol::ScimType;
use record::At;
use serde_json::{Value, json};

use super::{EXTENSION, FINDS, MODIFIES, create, find, path, refused, replace};
use crate::applications::{modify, shown};
use crate::places;
use crate::requirements::bonusly as rules;
use crate::wire::managed;

const BIRTHDAY: &str = "dateOfBirth";
/// Shorter texts may stand in an answer by chance.
const TELLING_BYTES_MIN: usize = 8;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.birthday-is-never-shown", &birthday_is_never_shown)
        .title("dateOfBirth is taken, and shown in no answer")
        .verifies(&[rules::B_28])
        .needs(MODIFIES),
    Check::active("bonusly.birthday-cannot-be-searched", &birthday_cannot_be_searched)
        .title("a filter on dateOfBirth is refused")
        .verifies(&[rules::B_28])
        .needs(FINDS),
    Check::active("bonusly.other-birthdays-are-refused", &other_birthdays_are_refused)
        .title("dateOfBirth refuses what is no date")
        .verifies(&[rules::B_28])
        .needs(MODIFIES),
    Check::passive("bonusly.no-answer-holds-a-birthday", &no_answer_holds_a_birthday)
        .title("no answer of the whole run holds a date of birth")
        .verifies(&[rules::B_28]),
];
const _: () = sound(CHECKS);

fn birthday_is_never_shown(probe: &mut Probe) -> Outcome {
    let born = json!({ "department": "Research", "dateOfBirth": "1990-05-17" });
    let template = minimal_user().with(EXTENSION, born);
    let created = create(probe, template)?;
    created.expect(status_among(&[200, 201]))?;
    created.expect(no_member_named("dateOfBirth"))?;
    let user = probe.given(minimal_user())?;
    let operation = json!([{ "op": "add", "path": path("dateOfBirth"), "value": "1990-05-17" }]);
    let patched = modify(probe, user.path(), operation)?;
    patched.expect(success())?;
    if patched.status() == 200 {
        patched.expect(no_member_named("dateOfBirth"))?;
    }
    shown(probe, user.path())?.expect(no_member_named("dateOfBirth"))?;
    let asked = probe.send(Request::get(user.path()).query("attributes", &path("dateOfBirth")))?;
    asked.require(success())?;
    asked.expect(no_member_named("dateOfBirth"))
}

fn birthday_cannot_be_searched(probe: &mut Probe) -> Outcome {
    let born = minimal_user().with(EXTENSION, json!({ "dateOfBirth": "1990-05-17" }));
    let name = probe.given(born.within_rules())?.name;
    // A year in which nobody here was born: whether it is refused does not hang on whom it finds.
    for (condition, of_name) in [("sw \"1887\"", format!("sw \"{name}\"")), ("pr", "pr".to_owned())] {
        // Who refuses the operator whatever it is about protects no birthday.
        find(probe, &format!("userName {of_name}"))?.require(success())?;
        let reply = find(probe, &format!("{} {condition}", path(BIRTHDAY)))?;
        reply.expect(status_among(&[400, 403]))?;
        reply.expect(scim_type_among(&[ScimType::InvalidFilter, ScimType::Sensitive]))?;
    }
    Ok(())
}

fn other_birthdays_are_refused(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for sent in ["in spring", "17.05.1990", "1990-02-30", "--05-17"] {
        refused(&create(probe, minimal_user().with(EXTENSION, json!({ "dateOfBirth": sent })))?)?;
        refused(&replace(probe, user.path(), &path(BIRTHDAY), sent)?)?;
    }
    Ok(())
}

fn no_answer_holds_a_birthday(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let sent = seen.request.bytes().and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let mut told = sent.as_ref().map_or_else(Vec::new, birthdays);
    told.retain(|text| text.len() >= TELLING_BYTES_MIN);
    let quoted = told.into_iter().map(|told| {
        let words = "no date of birth that was sent";
        let said = seen.answer.is_some_and(|answer| String::from_utf8_lossy(&answer.body).contains(&told));
        let mut places = Vec::new();
        if let Some(body) = seen.json.filter(|_| said) {
            places::below(body, "", &mut |pointer, _, value| {
                if value.as_str().is_some_and(|text| text.contains(&told)) {
                    places.push(pointer.to_owned());
                }
            });
        }
        holds(words, At::Body, if said { Err(Miss::places(places, "it is there")) } else { Ok(()) })
    });
    let shown = managed(seen).into_iter().next().map(|_| no_member_named("dateOfBirth"));
    quoted.chain(shown).collect()
}

/// The texts that a body sets dateOfBirth to.
fn birthdays(body: &Value) -> Vec<String> {
    let aimed = |value: &Value| {
        value.get("path").and_then(Value::as_str).is_some_and(|path| path.ends_with(BIRTHDAY))
    };
    match body {
        Value::Object(members) => {
            let here = members.iter().filter(|(name, _)| name.ends_with(BIRTHDAY)).map(|(_, value)| value);
            let here = here.chain(body.get("value").filter(|_| aimed(body)));
            let here = here.filter_map(Value::as_str).map(str::to_owned);
            here.chain(members.values().flat_map(birthdays)).collect()
        }
        Value::Array(items) => items.iter().flat_map(birthdays).collect(),
        _ => Vec::new(),
    }
}
