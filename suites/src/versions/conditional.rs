//! RFC 7644 §3.14: writes that depend on the version.
//!
//! RFC 9110 §13.1.1 has a weak tag match no If-Match; SCIM shows weak tags there. A server may do either, if it says so.

use client::Request;
use harness::expect::{equals, header_present, status, status_among, success};
use harness::{Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, sound};
use protocol::urn;
use serde_json::{Value, json};

use super::{NAMED, VERSIONS, given};
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("versions.stale-write-is-412", &Stale(Verb::Put))
        .title("PUT with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(VERSIONS),
    Check::active("versions.stale-patch-is-412", &Stale(Verb::Patch))
        .title("PATCH with a stale If-Match answers 412 and changes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(MODIFIES),
    Check::active("versions.stale-delete-is-412", &Stale(Verb::Delete))
        .title("DELETE with a stale If-Match answers 412 and deletes nothing")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(DELETES),
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

/// What writes.
#[derive(Clone, Copy)]
enum Verb {
    Put,
    Patch,
    Delete,
}

/// Somebody who has changed since a first look.
struct Changed {
    user: Given,
    parts: Parts,
    /// The version before.
    old: String,
    /// The version now.
    current: String,
    /// The text that a read shows now.
    text: Value,
}

impl Changed {
    fn given(probe: &Probe, verb: Verb) -> Result<Self, Stop> {
        let (user, parts) = given(probe)?;
        let mut changed = Self { user, parts, old: String::new(), current: String::new(), text: Value::Null };
        // Who refuses every PATCH or DELETE refuses this one for another reason.
        match verb {
            Verb::Put => {}
            Verb::Patch => probe.send(changed.write(verb, "Patched"))?.require(success())?,
            Verb::Delete => {
                let (another, _) = given(probe)?;
                probe.delete(another.path())?.require(success())?;
            }
        }
        changed.look(probe)?;
        probe.send(changed.write(Verb::Put, "Meanwhile"))?.require(success())?;
        changed.look(probe)?;
        Ok(changed)
    }

    fn look(&mut self, probe: &Probe) -> Outcome {
        let shown = probe.get(self.user.path())?;
        shown.require(header_present("etag"))?;
        let now = shown.header("etag").unwrap_or_default().to_owned();
        self.old = std::mem::replace(&mut self.current, now);
        self.text = shown.at(&self.parts.pointer(NAMED)).cloned().unwrap_or_default();
        Ok(())
    }

    fn write(&self, verb: Verb, name: &str) -> Request {
        let path = self.user.path();
        match verb {
            Verb::Put => Request::put(path).json(&self.parts.with(&self.user.sent, NAMED, name)),
            Verb::Patch => {
                let operation = json!({ "op": "replace", "path": self.parts.path(NAMED), "value": name });
                Request::patch(path).json(&json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] }))
            }
            Verb::Delete => Request::delete(path),
        }
    }

    fn write_if(&self, probe: &Probe, verb: Verb, tags: &str) -> Result<Reply, Stop> {
        probe.send(self.write(verb, "Under a condition").header("if-match", tags))
    }

    /// Has a condition that holds met first: who refuses every condition says nothing about one that does not.
    fn expect_met(&mut self, probe: &Probe) -> Outcome {
        let in_time = |tags: &str| probe.send(self.write(Verb::Put, "In time").header("if-match", tags));
        let by_tag = in_time(&self.current)?;
        if by_tag.status() == 412 {
            in_time("*")?.require(success())?;
        } else {
            by_tag.require(success())?;
        }
        self.look(probe)
    }

    /// Reads again what a refused write was to change.
    fn expect_unchanged(&self, probe: &Probe) -> Outcome {
        let shown = probe.get(self.user.path())?;
        shown.expect(success())?;
        shown.expect(equals(&self.parts.pointer(NAMED), self.text.clone()))
    }
}

/// A write that comes too late.
struct Stale(Verb);

impl Procedure for Stale {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let mut changed = Changed::given(probe, self.0)?;
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
        let mut changed = Changed::given(probe, Verb::Put)?;
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
