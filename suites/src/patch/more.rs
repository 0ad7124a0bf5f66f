//! RFC 7644 §3.5.2: rules of PATCH that are about how a path is spelt, about nothing, and about what it brings along.

use harness::expect::{equals, holds, schemas_name, status_among, success, unset};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use super::twins::{patched, rest_is_taken};
use super::{DIVISION, PATCHES, PATCHES_ENTERPRISE, enterprise, given, patch};
use crate::kept;
use crate::parts::Parts;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("patch.paths-ignore-case", &paths_ignore_case)
        .title("the attribute that a path names may be written in any letter case")
        .verifies(&[rfc7643::ATTRIBUTE_NAMES_IGNORE_CASE])
        .needs(PATCHES),
    Check::active("patch.null-clears", &null_clears)
        .title("replace with null leaves an attribute without value, or is refused and changes nothing")
        .verifies(&[rfc7643::NULL_OR_EMPTY_ARRAY_CLEARS])
        .needs(PATCHES),
    Check::active("patch.schemas-name-a-new-extension", &schemas_name_a_new_extension)
        .title("whoever is given an extension by PATCH names its schema from then on")
        .verifies(&[rfc7643::SCHEMAS_LISTS_SUPPORTED_SCHEMAS])
        .needs(PATCHES_ENTERPRISE),
    Check::active("patch.adds-build-one-value", &adds_build_one_value)
        .title("where an add makes a value of what its filter says, the adds behind it go into that value")
        .verifies(&[rfc7644::PATCH_OPERATIONS_RUN_IN_ORDER])
        .needs(PATCHES),
    Check::active("patch.groups-are-read-only", &groups_are_read_only)
        .title("nobody joins a group by a PATCH of the user's own groups")
        .verifies(&[rfc7644::PATCH_RESPECTS_MUTABILITY_AND_SCHEMA])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::MODIFY_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
];
const _: () = sound(CHECKS);

fn paths_ignore_case(probe: &mut Probe) -> Outcome {
    let about = &["displayName"];
    let parts = Parts::of(probe, about);
    let (person, _) = given(probe, &parts, about)?;
    let path = parts.path("displayName").to_uppercase();
    let operations = json!([{ "op": "replace", "path": path, "value": "After" }]);
    let reply = patch(probe, person.path(), &operations)?;
    if !reply.succeeded() {
        patched(probe, &person)?;
    }
    reply.expect(status_among(&[200, 204]))?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    stored.expect(equals(&parts.pointer("displayName"), "After"))
}

fn null_clears(probe: &mut Probe) -> Outcome {
    let about = &["displayName"];
    let parts = Parts::of(probe, about);
    let path = parts.path("displayName");
    kept::removable(probe, &[path])?;
    let (person, _) = given(probe, &parts, about)?;
    patched(probe, &person)?;
    let operations = json!([{ "op": "replace", "path": path, "value": null }]);
    let reply = patch(probe, person.path(), &operations)?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    if reply.succeeded() {
        return stored.expect(unset(&parts.pointer("displayName")));
    }
    // The standard gives replace a value, and does not say whether null is one.
    reply.note(&format!("replace with null is refused with {}", reply.status()));
    stored.expect(equals(&parts.pointer("displayName"), "Before"))
}

fn schemas_name_a_new_extension(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &[DIVISION])?;
    let person = probe.given(minimal_user())?;
    let operations = json!([{ "op": "add", "path": DIVISION, "value": "North" }]);
    let reply = patch(probe, person.path(), &operations)?;
    if !reply.succeeded() {
        rest_is_taken(probe, &person, &operations)?;
    }
    reply.require(success())?;
    let stored = probe.get(person.path())?;
    stored.require(equals(&enterprise("division"), "North"))?;
    stored.expect(schemas_name(urn::ENTERPRISE_USER))
}

/// Whether an add makes a value is open, and asked elsewhere.
fn adds_build_one_value(probe: &mut Probe) -> Outcome {
    const PARTS: [(&str, &str); 3] =
        [("locality", "Oslo"), ("region", "Viken"), ("streetAddress", "1 Main Street")];
    kept::writable(
        probe,
        &["addresses.type", "addresses.locality", "addresses.region", "addresses.streetAddress"],
    )?;
    let add = |(part, text): (&str, &str)| {
        let path = format!("addresses[type eq \"work\"].{part}");
        json!({ "op": "add", "path": path, "value": text })
    };
    let built = |reply: &Reply, parts: &[(&str, &str)]| {
        let addresses = reply.at("/addresses").and_then(Value::as_array).map(Vec::as_slice);
        let [address] = addresses.unwrap_or_default() else { return false };
        address.get("type") == Some(&json!("work"))
            && parts.iter().all(|(part, text)| address.get(part) == Some(&json!(text)))
    };
    let (one, another) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let (first, _) = PARTS.split_at(1);
    let alone = patch(probe, one.path(), &first.iter().copied().map(add).collect())?;
    if !alone.succeeded() || !built(&kept::shown(probe, one.path())?, first) {
        return Err(Stop::NotSupported("adds that make a value of what their filter says".to_owned()));
    }
    let operations = PARTS.into_iter().map(add).collect();
    let reply = patch(probe, another.path(), &operations)?;
    if !reply.succeeded() {
        rest_is_taken(probe, &another, &operations)?;
    }
    reply.expect(status_among(&[200, 204]))?;
    let stored = kept::shown(probe, another.path())?;
    let whole = built(&stored, &PARTS);
    let seen = || stored.at("/addresses").map_or_else(|| "no address".to_owned(), Value::to_string);
    stored.expect(holds(
        "one address of type work with locality, region and street",
        record::At::Pointer { pointer: "/addresses".to_owned() },
        if whole { Ok(()) } else { Err(seen()) },
    ))
}

fn groups_are_read_only(probe: &mut Probe) -> Outcome {
    let (person, _) = given(probe, &Parts::of(probe, &[]), &[])?;
    patched(probe, &person)?;
    let group = probe.given(harness::minimal_group())?;
    let operations = json!([{ "op": "add", "path": "groups", "value": [{ "value": group.id }] }]);
    let reply = patch(probe, person.path(), &operations)?;
    if !reply.succeeded() {
        rest_is_taken(probe, &person, &operations)?;
    }
    let outcome = match crate::membership::is_member(probe, &group, &person)? {
        true => Err("a member of it".to_owned()),
        false => Ok(()),
    };
    reply.expect(holds("no member of a group that the group did not take in", record::At::Body, outcome))
}
