//! RFC 7644 §3.14: versions of resources.

mod changed;
pub(crate) mod conditional;

use client::Request;
use harness::expect::{header_present, header_that, status, success, text};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};

use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("versions.come-as-a-header", &come_as_a_header)
        .title("create, read and replace carry the version in the ETag header")
        .verifies(&[rfc7644::ETAG_IN_HTTP_HEADER])
        .needs(VERSIONS),
    Check::active("versions.are-in-meta-too", &are_in_meta_too)
        .title("create, read and replace show the version in meta.version too")
        .verifies(&[rfc7644::ETAG_ALSO_IN_META_VERSION])
        .needs(VERSIONS),
    Check::active("versions.change-with-the-resource", &change_with_the_resource)
        .title("a changed resource has another version")
        .verifies(&[rfc7644::CHANGED_RESOURCE_ANSWERS_200])
        .needs(VERSIONS),
    Check::active("versions.unchanged-is-304", &unchanged_is_304)
        .title("If-None-Match with the current version answers 304")
        .verifies(&[rfc7644::UNCHANGED_RESOURCE_ANSWERS_304])
        .needs(VERSIONS),
];
const _: () = sound(CHECKS);

/// What changes when a version does.
const NAMED: &str = "displayName";

const VERSIONS: &[harness::Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER, capability::VERSION_USER];

fn come_as_a_header(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let created = probe.post(&probe.service().endpoint("User"), &probe.fill(&minimal_user()))?;
    created.require(success())?;
    created.expect(header_present("etag"))?;
    let read = probe.get(user.path())?;
    read.require(success())?;
    read.expect(header_present("etag"))?;
    let replaced = probe.put(user.path(), &user.sent)?;
    replaced.require(success())?;
    // An answer without a body need not carry the version; then the next read does.
    let shows = if replaced.status() == 204 { probe.get(user.path())? } else { replaced };
    shows.require(success())?;
    shows.expect(header_present("etag"))
}

fn are_in_meta_too(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let created = probe.post(&probe.service().endpoint("User"), &probe.fill(&minimal_user()))?;
    let read = probe.get(user.path())?;
    let replaced = probe.put(user.path(), &user.sent)?;
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

/// The version that somebody has now.
fn version(probe: &Probe, user: &Given) -> Result<String, Stop> {
    let shown = probe.get(user.path())?;
    shown.require(header_present("etag"))?;
    Ok(shown.header("etag").unwrap_or_default().to_owned())
}

fn change_with_the_resource(probe: &mut Probe) -> Outcome {
    let (user, parts) = given(probe)?;
    let old = version(probe, &user)?;
    probe.put(user.path(), &parts.with(&user.sent, NAMED, "After"))?.require(success())?;
    let after = probe.send(Request::get(user.path()).header("if-none-match", &old))?;
    after.expect(status(200))?;
    after.expect(header_that("etag", "another one than before", move |tag| tag != old))
}

fn unchanged_is_304(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let tag = version(probe, &user)?;
    probe.send(Request::get(user.path()).header("if-none-match", &tag))?.expect(status(304))
}
