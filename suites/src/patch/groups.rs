//! RFC 7644 §3.5.2 on groups: what holds for every PATCH, beyond members that come and go.

use client::Request;
use harness::expect::{empty_body, holds, pointer_that, same_as, status, status_among, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_group,
    minimal_user, sound,
};
use record::At;
use serde_json::{Value, json};

use super::patch;
use crate::kept;
use crate::members;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("groups.patch-is-atomic", &is_atomic)
        .title("when one operation on a group fails, none has happened")
        .verifies(&[
            rfc7644::PATCH_IS_ATOMIC,
            rfc7644::FAILED_PATCH_RETURNS_FAILURE_STATUS,
            rfc7644::FAILED_PATCH_RESTORES_ORIGINAL,
        ])
        .needs(NEEDS),
    Check::active("groups.patch-answers-with-what-is-stored", &answers_with_what_is_stored)
        .title("a PATCH of a group answers 204 without a body, or 200 with the group as it is stored")
        .verifies(&[rfc7644::PATCH_ANSWERS_200_OR_204])
        .needs(NEEDS),
    Check::active("groups.unknown-member-is-decided", &Odd(|| json!({ "value": NOBODY })))
        .title("adding a member whom nobody knows is refused or taken, and no server error")
        .verifies(DECIDED)
        .needs(NEEDS),
    Check::active("groups.empty-member-is-decided", &Odd(|| json!({})))
        .title("adding a member without a value is refused or taken, and no server error")
        .verifies(DECIDED)
        .needs(NEEDS),
    Check::active("groups.known-member-follows-the-answer", &known_member_follows_the_answer)
        .title("who is added beside a member whom nobody knows becomes a member if the PATCH succeeds, and only then")
        .verifies(&[rfc7644::FAILED_PATCH_RESTORES_ORIGINAL, rfc7644::ADD_MULTIVALUED_APPENDS])
        .needs(NEEDS),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] =
    &[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP, capability::MODIFY_GROUP];
const DECIDED: &[record::ReqId] = &[rfc7644::INCOMPATIBLE_PATCH_GETS_JSON_ERROR];
/// The form of an id, and nobody's.
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// A group with its one member, and somebody who stands by.
fn given(probe: &Probe) -> Result<(Given, Given, Given), Stop> {
    let (member, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let group = probe.given(minimal_group().with("members", json!([{ "value": member.id }])))?;
    Ok((group, member, other))
}

/// The group as it is shown unasked, and its members, which may come only when they are asked for by name.
fn read(probe: &Probe, group: &Given) -> Result<[Reply; 2], Stop> {
    let whole = probe.get(group.path())?;
    whole.require(success())?;
    let members = probe.send(Request::get(group.path()).query("attributes", "members"))?;
    members.require(success())?;
    Ok([whole, members])
}

fn is_atomic(probe: &mut Probe) -> Outcome {
    let (group, _, other) = given(probe)?;
    let sound = |group: &Given| {
        [
            json!({ "op": "replace", "path": "displayName", "value": format!("{} renamed", group.name) }),
            json!({ "op": "add", "path": "members", "value": [{ "value": other.id }] }),
        ]
    };
    // Without the flaw the same operations are taken.
    let twin = probe.given(minimal_group())?;
    patch(probe, twin.path(), &json!(sound(&twin)))?.require(success())?;
    let before = read(probe, &group)?;
    let [rename, add] = sound(&group);
    let flawed = json!([rename, add, { "op": "replace", "path": "members[", "value": "x" }]);
    let reply = patch(probe, group.path(), &flawed)?;
    reply.expect(status(400).under(rfc7644::FAILED_PATCH_RETURNS_FAILURE_STATUS))?;
    for (now, then) in read(probe, &group)?.iter().zip(&before) {
        now.expect(same_as(then.json()?, "before the PATCH"))?;
        let restored = same_as(then.json()?, "before the PATCH");
        now.expect(restored.under(rfc7644::FAILED_PATCH_RESTORES_ORIGINAL))?;
    }
    Ok(())
}

fn answers_with_what_is_stored(probe: &mut Probe) -> Outcome {
    let (first, second) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let removal = json!([{ "op": "remove", "path": format!("members[value eq \"{}\"]", first.id) }]);
    let group = probe.given(minimal_group().with("members", members::values(&[first, second])))?;
    let reply = patch(probe, group.path(), &removal)?;
    reply.require(success())?;
    reply.expect(status_among(&[200, 204]))?;
    reply.note(&format!("a PATCH of a group answers {}", reply.status()));
    if reply.status() == 204 {
        return reply.expect(empty_body());
    }
    let [whole, members] = read(probe, &group)?;
    let mut stored = whole.json()?.clone();
    // Members that come on request alone may come with the answer to a write of them (RFC 7643 §7).
    if whole.at("/members").is_none() && reply.at("/members").is_some() {
        stored = kept::edited(&stored, json!({ "members": members.at("/members") }));
    }
    reply.expect(same_as(&stored, "an independent read right after"))
}

/// A member that is none. The standard does not say what adding it comes to; whatever that is, the client hears of it,
/// and the members that are there stay.
struct Odd(fn() -> Value);

impl Procedure for Odd {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (group, member, other) = given(probe)?;
        let add = |value: Value| json!([{ "op": "add", "path": "members", "value": [value] }]);
        let twin = probe.given(minimal_group())?;
        patch(probe, twin.path(), &add(json!({ "value": other.id })))?.require(success())?;
        let reply = patch(probe, group.path(), &add((self.0)()))?;
        let decided = match reply.status() {
            200..500 => Ok(()),
            other => Err(other.to_string()),
        };
        reply.expect(holds("success, or an error that is the client's", At::Status, decided))?;
        let [_, members] = read(probe, &group)?;
        if reply.succeeded() {
            let shown = members.at("/members").and_then(Value::as_array).map_or(0, Vec::len);
            reply.note(match shown {
                0 | 1 => "a member that is none is taken without a word, and not kept",
                _ => "a member that is none is taken without a word, and kept",
            });
        }
        let still = format!("the member {} that was there", member.id);
        members.expect(pointer_that("/members", still, move |members| {
            let mut members = members.as_array().into_iter().flatten();
            members.any(|shown| shown.get("value").is_some_and(|value| *value == member.id))
        }))
    }
}

/// To refuse both is lawful, and so is to leave out who nobody is. What the answer says of the other one has to be true.
fn known_member_follows_the_answer(probe: &mut Probe) -> Outcome {
    let (group, member, other) = given(probe)?;
    members::read(probe, &group)?.require(members::exactly([&member]))?;
    let add = |members: Value| json!([{ "op": "add", "path": "members", "value": members }]);
    let twin = probe.given(minimal_group())?;
    patch(probe, twin.path(), &add(json!([{ "value": other.id }])))?.require(success())?;
    let both = add(json!([{ "value": other.id }, { "value": NOBODY }]));
    let reply = patch(probe, group.path(), &both)?;
    let [_, stored] = read(probe, &group)?;
    let shown = stored.at("/members").and_then(Value::as_array).into_iter().flatten();
    let shown: Vec<&Value> = shown.filter_map(|member| member.get("value")).collect();
    let is_shown = |id: &str| shown.iter().any(|value| *value == id);
    let joined = is_shown(&other.id);
    let at = At::Pointer { pointer: "/members".to_owned() };
    let kept = if is_shown(&member.id) { Ok(()) } else { Err("it is gone".to_owned()) };
    let still = format!("the member {} that was there", member.id);
    stored.expect(holds(still, at.clone(), kept).under(rfc7644::ADD_MULTIVALUED_APPENDS))?;
    if reply.succeeded() {
        reply.note("one member whom nobody knows does not keep out the others");
        let outcome = if joined { Ok(()) } else { Err("it is not there".to_owned()) };
        let words = format!("the member {}, whom the PATCH was acknowledged to add", other.id);
        return stored.expect(holds(words, at, outcome).under(rfc7644::ADD_MULTIVALUED_APPENDS));
    }
    reply.note("one member whom nobody knows keeps out the others");
    let outcome = if joined { Err("it is there".to_owned()) } else { Ok(()) };
    stored.expect(holds(format!("no member {}, since the PATCH was refused", other.id), at, outcome))
}
