//! RFC 7644 §3.13: the version of the protocol that an address names.

use harness::expect::{holds, scim_type, success};
use harness::{Check, Outcome, Probe, sound};
use protocol::{ScimType, endpoint};
use record::At;

use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] =
    &[Check::active("errors.unknown-version-is-refused", &unknown_version_is_refused)
        .title("an address with a version of the protocol that does not exist is refused")
        .verifies(&[rfc7644::NAMED_VERSION_USED_OR_REFUSED, rfc7644::INVALIDVERS_MARKS_UNSUPPORTED_VERSION])
        .reads_only()];
const _: () = sound(CHECKS);

/// The segment of a version that nobody has.
pub(crate) const NO_VERSION: &str = "/v9";

/// Whoever has no versions in his addresses has no such endpoint, and says so; 400 is said by one who knows versions.
fn unknown_version_is_refused(probe: &mut Probe) -> Outcome {
    probe.get(endpoint::SERVICE_PROVIDER_CONFIG)?.require(success())?;
    let reply = probe.get(&format!("{NO_VERSION}{}", endpoint::SERVICE_PROVIDER_CONFIG))?;
    let outcome = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, outcome))?;
    if reply.status() == 400 {
        return reply
            .expect(scim_type(ScimType::InvalidVers).under(rfc7644::INVALIDVERS_MARKS_UNSUPPORTED_VERSION));
    }
    reply.note(&format!("an address with version 9 of the protocol answers {}", reply.status()));
    Ok(())
}
