//! RFC 7644 §3.4.1 and §3.9, RFC 7643 §3: reading one resource, whole and in part.

use client::Request;
use harness::expect::{absent, equals, pointer_that, present, schemas_name, status, success};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::Value;

use crate::create::schemas::only_registered;
use crate::parts::Parts;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("read.answers-200", &answers_200)
        .title("reading a resource by id answers 200 with that resource")
        .verifies(&[rfc7644::GET_ANSWERS_200])
        .needs(READS),
    Check::active("read.unknown-id-is-404", &unknown_id_is_404)
        .title("reading an unknown id answers 404")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .needs(READS),
    Check::active("read.attributes-narrow-the-answer", &attributes_narrow)
        .title(
            "the attributes parameter yields the named attributes and those always returned, and no others",
        )
        .verifies(&[rfc7644::ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED])
        .needs(READS),
    Check::active("read.excluded-attributes-are-left-out", &excluded_are_left_out)
        .title("the excludedAttributes parameter leaves attributes out")
        .verifies(&[rfc7644::EXCLUSION_TRIMS_DEFAULT_SET])
        .needs(READS),
    Check::active("read.id-survives-exclusion", &id_survives_exclusion)
        .title("excludedAttributes cannot remove the id")
        .verifies(&[rfc7644::EXCLUSION_KEEPS_ALWAYS_SET])
        .needs(READS),
    Check::active("read.meta-names-the-type", &meta_names_the_type)
        .title("meta is there and names the resource type in its exact letter case")
        .verifies(&[rfc7643::META_RESOURCETYPE_IS_TYPE_NAME])
        .needs(READS),
    Check::active("read.schemas-name-the-base", &schemas_name_the_base)
        .title("a resource names its base schema, no schema twice, and none that its type does not have")
        .verifies(&[
            rfc7643::SCHEMAS_CONTAINS_BASE,
            rfc7643::SCHEMAS_HAS_NO_DUPLICATES,
            rfc7643::SCHEMAS_ONLY_BASE_AND_REGISTERED,
        ])
        .needs(READS),
];
const _: () = sound(CHECKS);

const READS: &[harness::Capability] = &[capability::CREATE_USER, capability::READ_USER];

/// A user with an attribute that projections can show or hide.
fn given_named(probe: &Probe) -> Result<(Given, Parts), Stop> {
    let parts = Parts::of(probe, &["displayName", "nickName"]);
    let user = minimal_user().with("displayName", "Ada Lovelace").with("nickName", "Ada");
    Ok((parts.given(probe, user)?, parts))
}

fn answers_200(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.expect(status(200))?;
    if reply.header("content-location").is_some() {
        reply.note("a read names the resource in Content-Location");
    }
    reply.expect(equals("/id", user.id))?;
    reply.expect(equals("/userName", user.body.get("userName").cloned().unwrap_or_default()))
}

fn unknown_id_is_404(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    // Somebody who is there is read first: who answers 404 to everything says nothing of those who are not.
    let user = probe.given(minimal_user())?;
    probe.get(user.path())?.require(success())?;
    for id in ["00000000-0000-4000-8000-00000000dead", "no-such-user", "%23"] {
        probe.get(&format!("{endpoint}/{id}"))?.expect(status(404))?;
    }
    Ok(())
}

fn attributes_narrow(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let reply = probe.send(Request::get(user.path()).query("attributes", parts.path("displayName")))?;
    reply.require(success())?;
    reply.expect(equals(&parts.pointer("displayName"), "Ada Lovelace"))?;
    reply.expect(equals("/id", user.id))?;
    if reply.at("/schemas").is_none() {
        reply.note("schemas is left out where attributes are asked for");
    }
    reply.expect(absent(&parts.pointer("nickName")))
}

fn excluded_are_left_out(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let excluded = parts.path("displayName");
    let reply = probe.send(Request::get(user.path()).query("excludedAttributes", excluded))?;
    reply.require(success())?;
    reply.expect(absent(&parts.pointer("displayName")))?;
    reply.expect(present("/userName"))
}

fn id_survives_exclusion(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let excluded = parts.spelt("id,displayName");
    let reply = probe.send(Request::get(user.path()).query("excludedAttributes", &excluded))?;
    reply.require(success())?;
    reply.expect(equals("/id", user.id))
}

fn meta_names_the_type(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    reply.expect(equals("/meta/resourceType", "User"))
}

fn schemas_name_the_base(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    reply.expect(schemas_name(urn::USER))?;
    let distinct = pointer_that("/schemas", "no URI twice", |value| {
        let uris: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let repeats = |(index, uri): (usize, &&str)| {
            uris.iter().take(index).any(|earlier| earlier.eq_ignore_ascii_case(uri))
        };
        !uris.iter().enumerate().any(repeats)
    });
    reply.expect(distinct.under(rfc7643::SCHEMAS_HAS_NO_DUPLICATES))?;
    match only_registered(probe)? {
        Some(only) => reply.expect(only),
        None => {
            reply.note("resource types are not published, so nobody knows which schemas users have");
            Ok(())
        }
    }
}
