//! RFC 7644 §3.5.2: what a PATCH answers.

use client::Request;
use harness::expect::{absent, empty_body, equals, same_as, status, status_among, success};
use harness::{Check, Outcome, Probe, sound};
use protocol::urn;
use serde_json::json;

use super::twins::patched;
use super::{PATCHES, given, patch};
use crate::parts::Parts;
use crate::projection::plainly;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("patch.answers-with-what-is-stored", &answers_with_what_is_stored)
        .title("a successful PATCH answers 204 without a body, or 200 with the resource as it is stored")
        .verifies(&[rfc7644::PATCH_ANSWERS_200_OR_204])
        .needs(PATCHES),
    Check::active("patch.honours-attributes", &honours_attributes)
        .title("with the attributes parameter a PATCH answers 200 with what was asked for")
        .verifies(&[rfc7644::PATCH_WITH_ATTRIBUTES_ANSWERS_200])
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

fn answers_with_what_is_stored(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, &["displayName"]);
    let (person, _) = given(probe, &parts, &["displayName"])?;
    let operations = json!([{ "op": "replace", "path": parts.path("displayName"), "value": "After" }]);
    let reply = patch(probe, person.path(), &operations)?;
    reply.expect(status_among(&[200, 204]))?;
    reply.note(&format!("a PATCH of a user answers {}", reply.status()));
    if reply.status() == 204 {
        return reply.expect(empty_body());
    }
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    reply.expect(same_as(stored.json()?, "an independent read right after"))
}

fn honours_attributes(probe: &mut Probe) -> Outcome {
    let about = &["displayName", "userType"];
    let parts = Parts::of(probe, about);
    let named = parts.path("displayName");
    let (person, _) = given(probe, &parts, about)?;
    patched(probe, &person)?;
    let body = json!({
        "schemas": [urn::PATCH_OP],
        "Operations": [{ "op": "replace", "path": named, "value": "After" }],
    });
    let reply = probe.send(Request::patch(person.path()).query("attributes", named).json(&body))?;
    if !reply.succeeded() {
        plainly(probe, person.path(), "attributes")?;
    }
    reply.expect(status(200))?;
    reply.expect(equals(&parts.pointer("displayName"), "After"))?;
    reply.expect(absent(&parts.pointer("userType")))
}
