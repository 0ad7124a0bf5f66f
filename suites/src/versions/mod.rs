//! RFC 7644 §3.14: versions of resources.

mod changed;
pub(crate) mod conditional;
pub(crate) mod groups;

use client::Request;
use harness::expect::{header_present, header_that, status, success, text};
use harness::{Check, Given, Outcome, Probe, Procedure, Stop, capability, minimal_user, sound};

use self::changed::Kind;
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("versions.come-as-a-header", &Of(Kind::User, come_as_a_header_of))
        .title("create, read and replace carry the version in the ETag header")
        .verifies(&[rfc7644::ETAG_IN_HTTP_HEADER])
        .needs(VERSIONS),
    Check::active("versions.are-in-meta-too", &Of(Kind::User, are_in_meta_too_of))
        .title("create, read and replace show the version in meta.version too")
        .verifies(&[rfc7644::ETAG_ALSO_IN_META_VERSION])
        .needs(VERSIONS),
    Check::active("versions.change-with-the-resource", &Of(Kind::User, change_of))
        .title("a changed resource has another version")
        .verifies(&[rfc7644::CHANGED_RESOURCE_ANSWERS_200])
        .needs(VERSIONS),
    Check::active("versions.unchanged-is-304", &Of(Kind::User, unchanged_is_304_of))
        .title("If-None-Match with the current version answers 304")
        .verifies(&[rfc7644::UNCHANGED_RESOURCE_ANSWERS_304])
        .needs(VERSIONS),
];
const _: () = sound(CHECKS);

/// What changes when a version does.
const NAMED: &str = "displayName";

const VERSIONS: &[harness::Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER, capability::VERSION_USER];

/// What is asked of users and of groups alike.
struct Of(Kind, fn(&Probe, Kind) -> Outcome);

impl Procedure for Of {
    fn run(&self, probe: &mut Probe) -> Outcome {
        (self.1)(probe, self.0)
    }
}

fn come_as_a_header_of(probe: &Probe, kind: Kind) -> Outcome {
    let given = probe.given(kind.template())?;
    let created = probe.post(&probe.service().endpoint(kind.name()), &probe.fill(&kind.template()))?;
    created.require(success())?;
    created.expect(header_present("etag"))?;
    let read = probe.get(given.path())?;
    read.require(success())?;
    read.expect(header_present("etag"))?;
    let replaced = probe.put(given.path(), &given.sent)?;
    replaced.require(success())?;
    // An answer without a body need not carry the version; then the next read does.
    let shows = if replaced.status() == 204 { probe.get(given.path())? } else { replaced };
    shows.require(success())?;
    shows.expect(header_present("etag"))
}

fn are_in_meta_too_of(probe: &Probe, kind: Kind) -> Outcome {
    let given = probe.given(kind.template())?;
    let created = probe.post(&probe.service().endpoint(kind.name()), &probe.fill(&kind.template()))?;
    let read = probe.get(given.path())?;
    let replaced = probe.put(given.path(), &given.sent)?;
    for reply in [created, read, replaced] {
        reply.require(success())?;
        if reply.status() != 204 {
            reply.expect(text("/meta/version"))?;
        }
    }
    Ok(())
}

/// Somebody with a text that can be changed.
fn given(probe: &Probe) -> Result<(Given, Parts), Stop> {
    let parts = Parts::of(probe, &[NAMED]);
    Ok((parts.given(probe, minimal_user().with(NAMED, "Before"))?, parts))
}

/// The version that something has now.
fn version(probe: &Probe, given: &Given) -> Result<String, Stop> {
    let shown = probe.get(given.path())?;
    shown.require(header_present("etag"))?;
    Ok(shown.header("etag").unwrap_or_default().to_owned())
}

fn change_of(probe: &Probe, kind: Kind) -> Outcome {
    let (given, parts) = kind.given(probe)?;
    let old = version(probe, &given)?;
    let name = format!("{} After", given.name);
    probe.put(given.path(), &parts.with(&given.sent, NAMED, name))?.require(success())?;
    let after = probe.send(Request::get(given.path()).header("if-none-match", &old))?;
    after.expect(status(200))?;
    after.expect(header_that("etag", "another one than before", move |tag| tag != old))
}

fn unchanged_is_304_of(probe: &Probe, kind: Kind) -> Outcome {
    let given = probe.given(kind.template())?;
    let tag = version(probe, &given)?;
    probe.send(Request::get(given.path()).header("if-none-match", &tag))?.expect(status(304))
}
