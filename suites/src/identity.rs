//! RFC 7643 §3.1: one id, one resource, one type.

use client::Seen;
use harness::expect::{equals, holds, success};
use harness::{
    Check, Expectation, History, Outcome, Probe, base_schema, capability, minimal_group, minimal_user, sound,
};
use protocol::urn;
use record::At;
use serde_json::json;

use crate::requirements::{rfc7643, rfc7644};
use crate::wire::managed;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("read.id-names-one-resource", &id_names_one_resource)
        .title("no user has the id of a group, and no group that of a user")
        .verifies(&[rfc7643::ID_UNIQUE_ACROSS_SERVICE])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
    Check::active("groups.know-their-type", &know_their_type)
        .title("a group's meta names the type of its endpoint")
        .verifies(&[rfc7644::RESOURCETYPE_SET_FROM_ENDPOINT])
        .needs(&[capability::CREATE_GROUP, capability::READ_GROUP]),
    Check::passive("wire.id-is-unique", &id_is_unique)
        .title("no two resources of different types have one id, be they there at the same time or not")
        .verifies(&[rfc7643::ID_UNIQUE_ACROSS_SERVICE]),
];
const _: () = sound(CHECKS);

fn id_names_one_resource(probe: &mut Probe) -> Outcome {
    let (user, group) = (probe.given(minimal_user())?, probe.given(minimal_group())?);
    for there in [&user, &group] {
        probe.get(there.path())?.require(success())?;
    }
    for (kind, schema, id) in [("User", urn::USER, group.id), ("Group", urn::GROUP, user.id)] {
        let reply = probe.get(&probe.service().path_of(kind, &id))?;
        let is_id = reply.succeeded() && reply.at("/id").is_some_and(|seen| *seen == id);
        // Who shows the same resource at every endpoint has not used its id twice.
        let is_another = is_id && reply.at("").and_then(base_schema) == Some(schema);
        let outcome = if is_another { Err(format!("a {kind} with the id {id}")) } else { Ok(()) };
        let at = At::Pointer { pointer: "/id".to_owned() };
        reply.expect(holds(format!("no {kind} with the id of another resource"), at, outcome))?;
    }
    Ok(())
}

fn know_their_type(probe: &mut Probe) -> Outcome {
    let group = probe.given(minimal_group().with("meta", json!({ "resourceType": "User" })))?;
    let reply = probe.get(group.path())?;
    reply.require(success())?;
    reply.expect(equals("/meta/resourceType", "Group"))
}

/// An id may never be given to another resource, so that one which is gone keeps its own.
fn id_is_unique(seen: &Seen<'_>, past: &History) -> Vec<Expectation> {
    let judged = managed(seen).into_iter().filter_map(|(pointer, resource)| {
        let id = resource.get("id")?.as_str()?;
        let own = base_schema(resource)?;
        let other = past.type_of(id).filter(|other| *other != own);
        let outcome =
            other.map_or(Ok(()), |other| Err(format!("{id}, which a resource of type {other} has had")));
        let at = At::Pointer { pointer: format!("{pointer}/id") };
        Some(holds("an id that no resource of another type has", at, outcome))
    });
    judged.collect()
}
