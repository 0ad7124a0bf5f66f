//! What comes of requests that are under way at the same time.

use client::Request;
use harness::expect::{holds, pointer_that, status, success};
use harness::{Capability, Check, Outcome, Probe, Reply, capability, minimal_group, minimal_user, sound};
use protocol::urn;
use record::At;
use serde_json::{Value, json};

use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("races.one-name-goes-to-one", &one_name_goes_to_one)
        .title("of creates with one userName at the same time, one succeeds and the others answer 409")
        .verifies(&[rfc7643::USERNAME_UNIQUE_IN_SERVICE, rfc7644::DUPLICATE_CREATE_IS_409])
        .needs(&[capability::CREATE_USER]),
    Check::active("races.added-members-are-kept", &added_members_are_kept)
        .title("members that are added to one group at the same time are all kept")
        .verifies(&[rfc7644::ADD_MULTIVALUED_APPENDS])
        .needs(MEMBERS),
];
const _: () = sound(CHECKS);

const MEMBERS: &[Capability] =
    &[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP, capability::MODIFY_GROUP];

/// How many requests are under way at the same time. Many servers have that many workers, and no limit is that low.
const AT_ONCE: usize = 4;

fn one_name_goes_to_one(probe: &mut Probe) -> Outcome {
    // What the target demands of a user is learned before it counts.
    probe.given(minimal_user())?;
    let endpoint = probe.service().endpoint("User");
    let body = probe.fill(&minimal_user());
    let replies = probe.together(vec![Request::post(endpoint).json(&body); AT_ONCE])?;
    let (won, lost): (Vec<&Reply>, Vec<&Reply>) = replies.iter().partition(|reply| reply.succeeded());
    let outcome = if won.len() == 1 { Ok(()) } else { Err(format!("{} of {AT_ONCE}", won.len())) };
    // Of several the last is the one that should not have been.
    if let Some(reply) = won.last().or(lost.first()) {
        reply.expect(holds("success for one of them", At::Status, outcome))?;
    }
    lost.iter().try_for_each(|reply| reply.expect(status(409).under(rfc7644::DUPLICATE_CREATE_IS_409)))
}

/// A server may refuse a write that loses a race. What it acknowledges it has to keep.
fn added_members_are_kept(probe: &mut Probe) -> Outcome {
    let people = probe.given_all(vec![minimal_user(); AT_ONCE])?;
    let group = probe.given(minimal_group())?;
    let read = Request::get(group.path()).query("attributes", "members");
    probe.send(read.clone())?.require(success())?;
    let add = |id: &str| {
        let operation = json!({ "op": "add", "path": "members", "value": [{ "value": id }] });
        Request::patch(group.path()).json(&json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] }))
    };
    let replies = probe.together(people.iter().map(|person| add(&person.id)).collect())?;
    let both = people.iter().zip(&replies);
    let kept: Vec<String> =
        both.filter(|(_, reply)| reply.succeeded()).map(|(person, _)| person.id.clone()).collect();
    if kept.is_empty() {
        // Then it is no race that keeps it from adding members.
        return replies.iter().try_for_each(|reply| reply.require(success()));
    }
    if kept.len() < AT_ONCE {
        replies.iter().take(1).for_each(|reply| reply.note("writes that lose a race are refused"));
    }
    let words = format!("the {} members whose adding was acknowledged", kept.len());
    let holds_all = pointer_that("/members", words, move |members| {
        let members = members.as_array().map(Vec::as_slice).unwrap_or_default();
        kept.iter()
            .all(|id| members.iter().any(|member| member.get("value").and_then(Value::as_str) == Some(id)))
    });
    probe.eventually(&read, holds_all).map(drop)
}
