//! How users come, are switched off, go, and come back.

use harness::expect::{boolean, equals, error_body, lists_exactly, status, success};
use harness::{Capability, Check, Given, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use serde_json::{Value, json};

use super::{create, find, replace};
use crate::applications::{expect_id_of_who_returns, modify, shown};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.active-is-always-shown", &active_is_always_shown)
        .title("active is shown as a Boolean also where it was left out, null, or taken away")
        .verifies(&[rules::B_11])
        .needs(MOVES),
    Check::active("bonusly.unassigned-users-stay", &unassigned_users_stay)
        .title("a user who is switched off keeps the id and is found by it and by filter")
        .verifies(&[rules::B_40])
        .needs(MOVES),
    Check::active("bonusly.deleted-users-are-gone", &deleted_users_are_gone)
        .title("DELETE answers 204; then the user is 404")
        .verifies(&[rules::B_40])
        .needs(DELETES),
    Check::active("bonusly.deleted-users-are-not-found", &deleted_users_are_not_found)
        .title("a user who was deleted is in no list")
        .verifies(&[rules::B_40])
        .needs(DELETES_AND_FINDS),
    Check::active("bonusly.reactivation-keeps-the-id", &reactivation_keeps_the_id)
        .title("a PATCH switches a user on again, under the same id")
        .verifies(&[rules::B_41])
        .needs(MOVES),
    Check::active("bonusly.name-of-the-inactive-is-taken", &name_of_the_inactive_is_taken)
        .title("a create with the userName of somebody who is switched off is 409")
        .verifies(&[rules::B_41])
        .needs(MOVES),
    Check::active("bonusly.deleted-users-come-back", &deleted_users_come_back)
        .title("a create of somebody who was deleted answers 201 with the old id")
        .verifies(&[rules::B_41])
        .needs(DELETES),
];
const _: () = sound(CHECKS);

const MOVES: &[Capability] = &[capability::CREATE_USER, capability::FILTER_USER, capability::MODIFY_USER];
const DELETES: &[Capability] = &[capability::CREATE_USER, capability::DELETE_USER];
const DELETES_AND_FINDS: &[Capability] =
    &[capability::CREATE_USER, capability::DELETE_USER, capability::FILTER_USER];

fn found_by_name(probe: &Probe, user: &Given) -> Result<Reply, Stop> {
    let name = user.sent.get("userName").and_then(Value::as_str).unwrap_or_default();
    find(probe, &format!("userName eq \"{name}\""))
}

fn unassigned(probe: &Probe) -> Result<Given, Stop> {
    let user = probe.given(minimal_user().with("active", true))?;
    shown(probe, user.path())?;
    replace(probe, user.path(), "active", false)?.require(success())?;
    Ok(user)
}

fn active_is_always_shown(probe: &mut Probe) -> Outcome {
    let null = create(probe, minimal_user().with("active", Value::Null))?;
    // Null says nothing: whoever refuses it has not left anything out.
    if null.status() != 400 {
        null.expect(success())?;
        null.expect(boolean("/active"))?;
    }
    let created = create(probe, minimal_user())?;
    created.require(success())?;
    created.expect(boolean("/active"))?;
    let path = probe.service().place_of("User", &created)?;
    let removal = json!([{ "op": "remove", "path": "active" }]);
    let clearing = json!([{ "op": "replace", "path": "active", "value": null }]);
    for operations in [None, Some(removal), Some(clearing)] {
        if let Some(operations) = operations {
            modify(probe, &path, operations)?;
        }
        let read = shown(probe, &path)?;
        read.expect(boolean("/active"))?;
        let active = read.at("/active").cloned().unwrap_or_default();
        let filter = format!("active eq {active} and userName eq \"{}\"", read.text("/userName")?);
        find(probe, &filter)?.expect(lists_exactly(&[read.text("/id")?.to_owned()]))?;
    }
    Ok(())
}

fn unassigned_users_stay(probe: &mut Probe) -> Outcome {
    let user = unassigned(probe)?;
    let read = probe.get(user.path())?;
    read.expect(status(200))?;
    read.expect(equals("/id", user.id.clone()))?;
    read.expect(equals("/active", false))?;
    let found = found_by_name(probe, &user)?;
    found.expect(lists_exactly(&[user.id]))?;
    found.expect(equals("/Resources/0/active", false))
}

fn deleted_users_are_gone(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    shown(probe, user.path())?;
    probe.delete(user.path())?.expect(status(204))?;
    let read = probe.get(user.path())?;
    read.expect(status(404))?;
    read.expect(error_body())
}

fn deleted_users_are_not_found(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    found_by_name(probe, &user)?.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    probe.delete(user.path())?.require(success())?;
    let found = found_by_name(probe, &user)?;
    found.expect(status(200))?;
    found.expect(lists_exactly(&[]))
}

fn reactivation_keeps_the_id(probe: &mut Probe) -> Outcome {
    let user = unassigned(probe)?;
    replace(probe, user.path(), "active", true)?.expect(success())?;
    shown(probe, user.path())?.expect(equals("/active", true))?;
    found_by_name(probe, &user)?.expect(lists_exactly(&[user.id]))
}

fn name_of_the_inactive_is_taken(probe: &mut Probe) -> Outcome {
    let user = unassigned(probe)?;
    probe.post(&probe.service().endpoint("User"), &user.sent)?.expect(status(409))?;
    shown(probe, user.path())?.expect(equals("/active", false))
}

fn deleted_users_come_back(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    probe.delete(user.path())?.require(success())?;
    let again = probe.post(&probe.service().endpoint("User"), &user.sent)?;
    again.expect(status(201))?;
    expect_id_of_who_returns(probe, &again, &user)?;
    let path = probe.service().place_of("User", &again)?;
    shown(probe, &path)?.expect(equals("/userName", user.sent.get("userName").cloned().unwrap_or_default()))
}
