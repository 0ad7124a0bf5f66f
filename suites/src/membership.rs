//! RFC 7643 §4.1.2: the groups of a user are the server's to show; who is in a group is the group's to say.

use client::Request;
use harness::expect::{holds, status_among, success};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_group, minimal_user, sound};
use protocol::{endpoint, urn};
use record::At;
use serde_json::{Value, json};

use crate::kept;
use crate::patch::patch;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("replace.ignores-groups", &replace_ignores_groups)
        .title("a PUT that names groups of a user is taken, and makes nobody a member")
        .verifies(&[rfc7643::READONLY_NEVER_CLIENT_MODIFIED, rfc7644::PUT_IGNORES_READONLY])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::REPLACE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
    Check::active("create.ignores-groups", &create_ignores_groups)
        .title("a create that names groups of a user makes nobody a member")
        .verifies(&[rfc7643::READONLY_NEVER_CLIENT_MODIFIED])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
    Check::active("groups.member-values-are-immutable", &member_values_are_immutable)
        .title("the id of a member is not exchanged for another one in place")
        .verifies(&[rfc7643::IMMUTABLE_NEVER_UPDATED])
        .needs(&[
            capability::CREATE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::MODIFY_GROUP,
        ]),
];
const _: () = sound(CHECKS);

/// Whether the group says so; members are asked for by name, since they may come only then.
pub(crate) fn is_member(probe: &Probe, group: &Given, user: &Given) -> Result<bool, Stop> {
    let reply = probe.send(Request::get(group.path()).query("attributes", "members"))?;
    reply.require(success())?;
    let mut members = reply.at("/members").and_then(Value::as_array).into_iter().flatten();
    Ok(members.any(|member| member.get("value").is_some_and(|value| *value == user.id)))
}

fn no_member(probe: &Probe, group: &Given, user: &Given) -> Result<Result<(), String>, Stop> {
    let joined = is_member(probe, group, user)?;
    Ok(if joined { Err("a member of it".to_owned()) } else { Ok(()) })
}

const WORDS: &str = "no member of a group that the group did not take in";

fn replace_ignores_groups(probe: &mut Probe) -> Outcome {
    let (user, group) = (probe.given(minimal_user())?, probe.given(minimal_group())?);
    probe.put(user.path(), &user.sent)?.require(success())?;
    let body = kept::edited(&user.sent, json!({ "groups": [{ "value": group.id }] }));
    let reply = probe.put(user.path(), &body)?;
    reply.expect(holds(WORDS, At::Body, no_member(probe, &group, &user)?))?;
    reply.expect(status_among(&[200, 204]).under(rfc7644::PUT_IGNORES_READONLY))
}

fn create_ignores_groups(probe: &mut Probe) -> Outcome {
    let group = probe.given(minimal_group())?;
    probe.given(minimal_user())?;
    let user = probe.given(minimal_user().with("groups", json!([{ "value": group.id }])))?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    stored.expect(holds(WORDS, At::Body, no_member(probe, &group, &user)?))
}

/// A server may refuse the change or do nothing; whoever takes a member for another has updated what cannot be.
fn member_values_are_immutable(probe: &mut Probe) -> Outcome {
    let (member, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let group = probe.given(minimal_group().with("members", json!([{ "value": member.id }])))?;
    if !is_member(probe, &group, &member)? {
        return Err(Stop::NotSupported("members on create".to_owned()));
    }
    let schema = probe.document(&format!("{}/{}", endpoint::SCHEMAS, urn::GROUP))?;
    let published = schema.at("/attributes").and_then(Value::as_array).into_iter().flatten();
    let members = published.filter(|attribute| attribute.get("name") == Some(&json!("members")));
    let parts = members.filter_map(|members| members.get("subAttributes")?.as_array()).flatten();
    let mut values = parts.filter(|part| part.get("name") == Some(&json!("value")));
    if !values.any(|value| value.get("mutability") == Some(&json!("immutable"))) {
        return Err(Stop::NotSupported("a published immutable value of members".to_owned()));
    }
    // A PATCH that selects a member is taken as long as it asks for nothing that cannot be.
    let twin = probe.given(minimal_group().with("members", json!([{ "value": member.id }])))?;
    let selected = format!("members[value eq \"{}\"]", member.id);
    patch(probe, twin.path(), &json!([{ "op": "remove", "path": selected }]))?.require(success())?;
    let path = format!("{selected}.value");
    let reply = patch(probe, group.path(), &json!([{ "op": "replace", "path": path, "value": other.id }]))?;
    let exchanged = is_member(probe, &group, &other)? || !is_member(probe, &group, &member)?;
    let outcome = if exchanged { Err(format!("{} in its place", other.id)) } else { Ok(()) };
    reply.expect(holds(format!("the member {} still", member.id), At::Body, outcome))
}
