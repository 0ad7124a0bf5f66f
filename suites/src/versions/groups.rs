//! RFC 7644 §3.14 on groups: where versions are announced, groups have them too.

use harness::{Capability, Check, Outcome, Probe, Procedure, capability, sound};

use super::changed::Kind;
use super::{are_in_meta_too_of, change_of, come_as_a_header_of, unchanged_is_304_of};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("groups.versions-come-as-a-header", &OfGroups(come_as_a_header_of))
        .title("create, read and replace of a group carry the version in the ETag header")
        .verifies(&[rfc7644::ETAG_IN_HTTP_HEADER])
        .needs(VERSIONS),
    Check::active("groups.versions-are-in-meta-too", &OfGroups(are_in_meta_too_of))
        .title("create, read and replace of a group show the version in meta.version too")
        .verifies(&[rfc7644::ETAG_ALSO_IN_META_VERSION])
        .needs(VERSIONS),
    Check::active("groups.versions-change", &OfGroups(change_of))
        .title("a changed group has another version")
        .verifies(&[rfc7644::CHANGED_RESOURCE_ANSWERS_200])
        .needs(VERSIONS),
    Check::active("groups.unchanged-is-304", &OfGroups(unchanged_is_304_of))
        .title("If-None-Match with the current version of a group answers 304")
        .verifies(&[rfc7644::UNCHANGED_RESOURCE_ANSWERS_304])
        .needs(VERSIONS),
];
const _: () = sound(CHECKS);

const VERSIONS: &[Capability] =
    &[capability::CREATE_GROUP, capability::READ_GROUP, capability::REPLACE_GROUP, capability::VERSION_USER];

struct OfGroups(fn(&Probe, Kind) -> Outcome);

impl Procedure for OfGroups {
    fn run(&self, probe: &mut Probe) -> Outcome {
        (self.0)(probe, Kind::Group)
    }
}
