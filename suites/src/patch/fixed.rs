//! RFC 7644 §3.5.2: what a PATCH has to be announced as.

use harness::expect::{equals, status, success};
use harness::{Check, Outcome, Probe, sound};
use protocol::urn;
use serde_json::json;

use super::twins::patched;
use super::{PATCHES, given};
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[Check::active("patch.schemas-are-needed", &schemas_are_needed)
    .title("a PATCH whose schemas do not name PatchOp is refused, and changes nothing")
    .verifies(&[rfc7644::MALFORMED_REQUEST_IS_400])
    .needs(PATCHES)];
const _: () = sound(CHECKS);

/// To be called by no name, or by that of another message, is what makes a message malformed: the standard binds clients to
/// the right one, and says of a body that does not conform to it that it answers 400.
fn schemas_are_needed(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, &["displayName"]);
    let (person, _) = given(probe, &parts, &["displayName"])?;
    patched(probe, &person)?;
    let operations = json!([{ "op": "replace", "path": parts.path("displayName"), "value": "After" }]);
    let mut acknowledged = false;
    for body in [
        json!({ "Operations": operations }),
        json!({ "schemas": [], "Operations": operations }),
        json!({ "schemas": [urn::LIST_RESPONSE], "Operations": operations }),
    ] {
        let reply = probe.patch(person.path(), &body)?;
        reply.expect(status(400))?;
        acknowledged |= reply.succeeded();
        // What one that was taken has changed is nothing that the next has.
        if !acknowledged {
            let stored = probe.get(person.path())?;
            stored.require(success())?;
            stored.expect(equals(&parts.pointer("displayName"), "Before"))?;
        }
    }
    Ok(())
}
