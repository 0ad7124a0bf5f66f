//! RFC 7644 §3.14: writes that depend on the version.
//!
//! RFC 9110 §13.1.1 has a weak tag match no If-Match; SCIM shows weak tags there. A server may do either, if it says so.

use harness::expect::{status, status_among, success};
use harness::{Capability, Check, Outcome, Probe, Procedure, Stop, capability, sound};

use super::VERSIONS;
use super::changed::{Changed, Kind, Verb};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("versions.stale-write-is-412", &Stale(Verb::Put, Kind::User))
        .title("PUT with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(VERSIONS),
    Check::active("versions.stale-patch-is-412", &Stale(Verb::Patch, Kind::User))
        .title("PATCH with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(MODIFIES),
    Check::active("versions.stale-delete-is-412", &Stale(Verb::Delete, Kind::User))
        .title("DELETE with a stale If-Match answers 412 and deletes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(DELETES),
    Check::active("groups.stale-write-is-412", &Stale(Verb::Put, Kind::Group))
        .title("PUT of a group with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(GROUPS),
    Check::active("groups.stale-patch-is-412", &Stale(Verb::Patch, Kind::Group))
        .title("PATCH of a group with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(MODIFIES_GROUPS),
    Check::active("groups.stale-delete-is-412", &Stale(Verb::Delete, Kind::Group))
        .title("DELETE of a group with a stale If-Match answers 412 and deletes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(DELETES_GROUPS),
    CURRENT.check("versions.current-tag-is-taken", "a write whose If-Match names the current version is taken"),
    ANY.check("versions.any-version-is-taken", "a write with If-Match: * to a resource that is there is taken"),
    LISTED.check("versions.one-of-several-tags-is-taken", "a write is taken whose If-Match lists the current version"),
    RESPELT.check(
        "versions.other-strength-is-decided",
        "a write whose If-Match names the current version in the other strength is taken, or is 412 and not done",
    ),
];
const _: () = sound(CHECKS);

const MODIFIES: &[Capability] = &[
    capability::CREATE_USER,
    capability::READ_USER,
    capability::REPLACE_USER,
    capability::MODIFY_USER,
    capability::VERSION_USER,
];
const DELETES: &[Capability] = &[
    capability::CREATE_USER,
    capability::READ_USER,
    capability::REPLACE_USER,
    capability::DELETE_USER,
    capability::VERSION_USER,
];

const GROUPS: &[Capability] =
    &[capability::CREATE_GROUP, capability::READ_GROUP, capability::REPLACE_GROUP, capability::VERSION_USER];
const MODIFIES_GROUPS: &[Capability] = &[
    capability::CREATE_GROUP,
    capability::READ_GROUP,
    capability::REPLACE_GROUP,
    capability::MODIFY_GROUP,
    capability::VERSION_USER,
];
const DELETES_GROUPS: &[Capability] = &[
    capability::CREATE_GROUP,
    capability::READ_GROUP,
    capability::REPLACE_GROUP,
    capability::DELETE_GROUP,
    capability::VERSION_USER,
];

/// A write that comes too late.
struct Stale(Verb, Kind);

impl Procedure for Stale {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let mut changed = Changed::given(probe, self.1, self.0)?;
        let stale = changed.old.clone();
        changed.expect_met(probe)?;
        changed.write_if(probe, self.0, &stale)?.expect(status(412))?;
        changed.expect_unchanged(probe)
    }
}

/// A write whose condition holds.
struct Timely {
    /// What If-Match says, of the version before and the current one.
    tags: fn(&str, &str) -> String,
    /// Whether tags alone decide, so that a server may hold that none of them matches.
    by_tags: bool,
    /// Whether it says nothing unless the server takes the current tag by itself.
    wants_tags: bool,
}

const CURRENT: &Timely = &Timely { tags: |_, current| current.to_owned(), by_tags: true, wants_tags: false };
const ANY: &Timely = &Timely { tags: |_, _| "*".to_owned(), by_tags: false, wants_tags: false };
const LISTED: &Timely =
    &Timely { tags: |old, current| format!("{old}, {current}"), by_tags: false, wants_tags: true };
const RESPELT: &Timely = &Timely { tags: |_, current| respelt(current), by_tags: true, wants_tags: false };

impl Timely {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rfc7644::FAILED_PRECONDITION_IS_412]).needs(VERSIONS)
    }
}

impl Procedure for Timely {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let mut changed = Changed::given(probe, Kind::User, Verb::Put)?;
        if self.wants_tags {
            let reply = changed.write_if(probe, Verb::Put, &changed.current)?;
            if reply.status() == 412 {
                changed.expect_met(probe)?;
                return Err(Stop::NotSupported("an If-Match that the current tag meets".to_owned()));
            }
            reply.require(success())?;
            changed.look(probe)?;
        }
        let tags = (self.tags)(&changed.old, &changed.current);
        let reply = changed.write_if(probe, Verb::Put, &tags)?;
        let is_weak = changed.current.starts_with("W/") || tags.starts_with("W/");
        if self.by_tags && is_weak && reply.status() == 412 {
            reply.note("a weak tag meets no If-Match");
            changed.expect_unchanged(probe)?;
            return changed.write_if(probe, Verb::Put, "*")?.require(success());
        }
        reply.expect(status_among(&[200, 204]))
    }
}

/// A strong tag where there is a weak one, and the other way round.
fn respelt(tag: &str) -> String {
    tag.strip_prefix("W/").map_or_else(|| format!("W/{tag}"), str::to_owned)
}
