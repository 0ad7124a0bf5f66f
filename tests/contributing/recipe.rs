//! RFC 7644 §3.6, for groups.

use harness::expect::{empty_body, status};
use harness::{Check, Outcome, Probe, capability, minimal_group, sound};

use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[Check::active("groups.delete-answers-204", &delete_answers_204)
    .title("a successful DELETE of a group answers 204 and sends no body")
    .verifies(&[rfc7644::DELETE_ANSWERS_204])
    .needs(&[capability::CREATE_GROUP, capability::DELETE_GROUP])];
const _: () = sound(CHECKS);

fn delete_answers_204(probe: &mut Probe) -> Outcome {
    let group = probe.given(minimal_group())?;
    let reply = probe.delete(group.path())?;
    reply.expect(status(204))?;
    reply.expect(empty_body())
}
