//! RFC 7643 §4.2: groups and their members.

use client::Request;
use harness::expect::{equals, pointer_that, status, success};
use harness::{Check, Given, Outcome, Probe, Stop, Template, capability, minimal_group, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use crate::members::{self, exactly};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("groups.keep-their-members", &keep_their_members)
        .title("a group created with members holds exactly these")
        .verifies(&[rfc7644::CREATE_HONOURS_MUTABILITY])
        .needs(GROUPS),
    Check::active("groups.replace-the-members", &replace_the_members)
        .title("PUT on a group sets its members to exactly those sent")
        .verifies(&[rfc7644::PUT_REPLACES_WRITABLE_VALUES])
        .needs(&[
            capability::CREATE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::REPLACE_GROUP,
        ]),
    Check::active("groups.need-a-display-name", &need_a_display_name)
        .title("a group without displayName is refused")
        .verifies(&[rfc7643::GROUP_DISPLAYNAME_REQUIRED])
        .needs(&[capability::CREATE_GROUP]),
    Check::active("groups.replace-needs-the-display-name", &replace_needs_the_display_name)
        .title("a PUT of a group without displayName is refused, or carried out under the old name")
        .verifies(&[rfc7644::PUT_HAS_REQUIRED_ATTRIBUTES, rfc7644::PUT_REPLACES_WRITABLE_VALUES])
        .needs(&[
            capability::CREATE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::REPLACE_GROUP,
        ]),
    Check::active("groups.member-refs-resolve", &member_refs_resolve)
        .title("where a member carries $ref, it leads to that member")
        .verifies(&[rfc7643::MEMBERS_REF_IS_RESOURCE_URI, rfc7643::REFERENCE_GET_YIELDS_TARGET])
        .needs(GROUPS),
    Check::active("groups.are-named-by-id", &are_named_by_id)
        .title("where a user shows its groups, each is named by the id of the group")
        .verifies(&[rfc7643::GROUPS_VALUE_IS_GROUP_ID])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
];
const _: () = sound(CHECKS);

const GROUPS: &[harness::Capability] =
    &[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP];

fn group_of(users: &[Given]) -> Template {
    minimal_group().with("members", members::values(users))
}

fn keep_their_members(probe: &mut Probe) -> Outcome {
    let lent = probe.lent(|_| vec![minimal_user(); 3])?;
    let users = lent.resources.as_slice();
    let group = probe.given(group_of(users))?;
    members::expect_members(probe, &group, users)
}

fn replace_the_members(probe: &mut Probe) -> Outcome {
    let lent = probe.lent(|_| vec![minimal_user(); 3])?;
    let users = lent.resources.as_slice();
    let (first, rest) = users.split_at(1);
    let group = probe.given(group_of(first))?;
    let mut body = group.sent.clone();
    if let Some(body) = body.as_object_mut() {
        body.insert("members".to_owned(), members::values(rest));
    }
    let reply = probe.put(group.path(), &body)?;
    if !reply.succeeded() {
        // Who takes no PUT of a group at all says nothing of its members.
        probe.put(group.path(), &group.sent)?.require(success())?;
    }
    reply.expect(success())?;
    members::expect_members(probe, &group, rest)
}

fn need_a_display_name(probe: &mut Probe) -> Outcome {
    // A group with a displayName is taken, and nothing but that is missing from the other.
    probe.given(minimal_group().with("externalId", "Named-1").within_rules())?;
    let mut body = probe.fill(&minimal_group());
    // Were it taken all the same, the externalId says whose it is.
    body.as_object_mut()
        .and_then(|body| body.remove("displayName").map(|name| body.insert("externalId".to_owned(), name)));
    let reply = probe.post(&probe.service().endpoint("Group"), &body)?;
    if reply.succeeded() && published_as_optional(probe)? {
        // The standard's own example schema marks it optional; a server that publishes so is lawful.
        reply.note("displayName of a group is optional here, and the published schema says so");
        return Ok(());
    }
    reply.expect(status(400))
}

fn replace_needs_the_display_name(probe: &mut Probe) -> Outcome {
    let lent = probe.lent(|_| vec![minimal_user(); 2])?;
    let users = lent.resources.as_slice();
    let (first, rest) = users.split_at(1);
    let group = probe.given(group_of(first))?;
    probe.put(group.path(), &group.sent)?.require(success())?;
    let mut body = group.sent.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("displayName");
        body.insert("members".to_owned(), members::values(rest));
    }
    let reply = probe.put(group.path(), &body)?;
    let stored = probe.get(group.path())?;
    stored.require(success())?;
    if reply.succeeded() && published_as_optional(probe)? {
        reply.note("displayName of a group is optional here, and the published schema says so");
    } else {
        stored.expect(equals("/displayName", group.name.clone()))?;
    }
    let members = members::read(probe, &group)?;
    if reply.succeeded() {
        reply.note("a PUT of a group without displayName is accepted");
        return members.expect(exactly(rest).under(rfc7644::PUT_REPLACES_WRITABLE_VALUES));
    }
    reply.expect(status(400))?;
    members.expect(exactly(first).under(rfc7644::PUT_REPLACES_WRITABLE_VALUES))
}

fn published_as_optional(probe: &Probe) -> Result<bool, Stop> {
    let schema = probe.document(&format!("/Schemas/{}", urn::GROUP))?;
    let attributes = schema.at("/attributes").and_then(Value::as_array);
    let display_name = attributes
        .and_then(|list| list.iter().find(|attribute| attribute.get("name") == Some(&json!("displayName"))));
    Ok(display_name.is_some_and(|attribute| attribute.get("required") == Some(&json!(false))))
}

fn member_refs_resolve(probe: &mut Probe) -> Outcome {
    let lent = probe.lent(|_| vec![minimal_user(); 2])?;
    let users = lent.resources.as_slice();
    let group = probe.given(group_of(users))?;
    let reply = members::read(probe, &group)?;
    let members = reply.at("/members").and_then(Value::as_array).cloned().unwrap_or_default();
    for member in &members {
        let text = |name: &str| member.get(name).and_then(Value::as_str);
        let (Some(reference), Some(value)) = (text("$ref"), text("value")) else {
            reply.note("members carry no $ref");
            continue;
        };
        // A relative reference resolves against the base URL (RFC 7643 §2.3.7).
        let absolute = reference.contains("://");
        if absolute && !reference.starts_with(&probe.service().base) {
            reply.note("references name another host than the base URL, so they were not followed");
            continue;
        }
        let path =
            if absolute { reference.to_owned() } else { format!("/{}", reference.trim_start_matches('/')) };
        let target = probe.get(&path)?;
        target.expect(success().under(rfc7643::REFERENCE_GET_YIELDS_TARGET))?;
        target.expect(equals("/id", value))?;
    }
    Ok(())
}

fn are_named_by_id(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let users = [user];
    let group = probe.given(group_of(&users))?;
    members::read(probe, &group)?.require(exactly(&users))?;
    let [user] = users;
    let reply = probe.send(Request::get(user.path()).query("attributes", "groups"))?;
    reply.require(success())?;
    let shown = reply.at("/groups").and_then(Value::as_array).is_some_and(|groups| !groups.is_empty());
    if !shown {
        reply.note("users do not show their groups");
        return Ok(());
    }
    // Groups that everybody is in may stand there as well.
    let id = group.id;
    reply.expect(pointer_that("/groups", format!("the value {id}"), move |groups| {
        let mut values = groups.as_array().into_iter().flatten().filter_map(|group| group.get("value"));
        values.any(|value| *value == id)
    }))
}
