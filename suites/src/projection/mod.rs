//! RFC 7644 §3.9: which attributes an answer shows.

pub(crate) mod names;
pub(crate) mod verbs;

use client::Request;
use harness::expect::{holds, success};
use harness::{Expectation, Given, Outcome, Probe, Stop, Template, capability, minimal_user};
use protocol::urn;
use record::At;
use serde_json::{Value, json};

use crate::kept;
use crate::parts::Parts;

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

/// A resource shows these attributes, and not those.
pub(crate) fn shows(resource: Option<&Value>, shown: &[&str], hidden: &[&str]) -> Expectation {
    let has = |path: &str| resource.is_some_and(|resource| !kept::values(resource, path).is_empty());
    let missing = shown.iter().find(|path| !has(path)).map(|path| format!("no {path}"));
    let surplus = hidden.iter().find(|path| has(path)).map(|path| format!("{path} too"));
    let outcome = missing.or(surplus).map_or(Ok(()), Err);
    holds(format!("{} and not {}", shown.join(", "), hidden.join(", ")), At::Body, outcome)
}
