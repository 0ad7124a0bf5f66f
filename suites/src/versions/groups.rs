//! RFC 7644 §3.14 on groups: where versions are announced, groups have them too.

use harness::{Capability, Check, capability, sound};

use super::changed::Kind;
use super::{Of, are_in_meta_too_of, change_of, come_as_a_header_of, unchanged_is_304_of};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("groups.versions-come-as-a-header", &Of(Kind::Group, come_as_a_header_of))
        .title("create, read and replace of a group carry the version in the ETag header")
        .verifies(&[rfc7644::ETAG_IN_HTTP_HEADER])
        .needs(VERSIONS),
    Check::active("groups.versions-are-in-meta-too", &Of(Kind::Group, are_in_meta_too_of))
        .title("create, read and replace of a group show the version in meta.version too")
        .verifies(&[rfc7644::ETAG_ALSO_IN_META_VERSION])
        .needs(VERSIONS),
    Check::active("groups.versions-change", &Of(Kind::Group, change_of))
        .title("a changed group has another version")
        .verifies(&[rfc7644::CHANGED_RESOURCE_ANSWERS_200])
        .needs(VERSIONS),
    Check::active("groups.unchanged-is-304", &Of(Kind::Group, unchanged_is_304_of))
        .title("If-None-Match with the current version of a group answers 304")
        .verifies(&[rfc7644::UNCHANGED_RESOURCE_ANSWERS_304])
        .needs(VERSIONS),
];
const _: () = sound(CHECKS);

const VERSIONS: &[Capability] =
    &[capability::CREATE_GROUP, capability::READ_GROUP, capability::REPLACE_GROUP, capability::VERSION_USER];
