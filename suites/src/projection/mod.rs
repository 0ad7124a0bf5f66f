//! RFC 7644 §3.9: which attributes an answer shows.

pub(crate) mod names;
pub(crate) mod verbs;

use client::Request;
use harness::expect::{Miss, holds, success};
use harness::{Expectation, Given, Outcome, Probe, Reply, Stop, Template, capability, minimal_user};
use protocol::urn;
use record::At;
use serde_json::json;

use crate::parts::Parts;
use crate::{kept, places};

/// What most rows show and hide.
pub(super) const ABOUT: &[&str] = &["displayName", "userType"];

/// Somebody with attributes to show and to hide, as far as the target has them.
pub(super) fn person(probe: &Probe, parts: &Parts) -> Template {
    let template = minimal_user()
        .with("displayName", "Ada Lovelace")
        .with("userType", "Ada")
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }));
    let template = if probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        template.with(urn::ENTERPRISE_USER, json!({ "department": "Engines", "costCenter": "7" }))
    } else {
        template
    };
    parts.cast(template).as_offered(&probe.service().published)
}

/// Creates the person, where clients can write these attributes, and makes sure that they were kept.
pub(super) fn given(probe: &Probe, parts: &Parts, about: &[&'static str]) -> Result<Given, Stop> {
    let about = parts.paths(about);
    kept::writable(probe, &about)?;
    let person = probe.given(person(probe, parts))?;
    kept::kept(probe, &person, &about)?;
    Ok(person)
}

/// Makes sure that a read takes this parameter at all, with the plainest name.
pub(crate) fn plainly(probe: &Probe, path: &str, parameter: &str) -> Outcome {
    probe.send(Request::get(path).query(parameter, "userName"))?.require(success())
}

/// A resource, which stands at a pointer of an answer, shows these attributes, and not those. Each that it should not have shown is
/// pointed at, and each that is not there is where it should be.
pub(crate) fn shows(reply: &Reply, pointer: &str, shown: &[&str], hidden: &[&str]) -> Expectation {
    let found = |path: &str| {
        reply.at(pointer).map(|resource| places::of(resource, pointer, path)).unwrap_or_default()
    };
    let is_set =
        |path: &str| reply.at(pointer).is_some_and(|resource| !kept::values(resource, path).is_empty());
    let missing: Vec<&str> = shown.iter().copied().filter(|path| !is_set(path)).collect();
    let surplus: Vec<&str> = hidden.iter().copied().filter(|path| is_set(path)).collect();
    let places = surplus.iter().flat_map(|path| found(path));
    let places = places.chain(missing.iter().map(|path| places::wanted(pointer, path)));
    let told = [
        (!missing.is_empty()).then(|| format!("no {}", missing.join(", no "))),
        (!surplus.is_empty()).then(|| format!("{} too", surplus.join(" and "))),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    let outcome = if told.is_empty() { Ok(()) } else { Err(Miss::places(places, told.join(", and "))) };
    holds(format!("{} and not {}", shown.join(", "), hidden.join(", ")), At::Body, outcome)
}
