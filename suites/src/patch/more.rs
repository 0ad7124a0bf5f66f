//! RFC 7644 §3.5.2: rules of PATCH that are about how a path is spelt, about nothing, and about what it brings along.

use harness::expect::{equals, holds, schemas_name, status_among, success, unset};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::urn;
use serde_json::json;

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
