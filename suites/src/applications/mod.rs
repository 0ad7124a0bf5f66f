//! The rules of applications: what a server is held to whose profile a run names.

mod blogin;
mod blogin_answers;
mod blogin_filters;
mod blogin_groups;
mod bonusly;
mod entra_ready;
mod entra_ready_changes;
mod entra_ready_groups;
mod entra_ready_published;
mod entra_ready_requests;
mod entra_ready_users;
mod promapp;
mod promapp_blanks;
mod promapp_limits;
mod promapp_refusals;
mod promapp_writes;

use client::Request;
use harness::expect::{differs, equals, error_body, pointer_that, status, success};
use harness::{Check, Given, Outcome, Probe, Reply, Stop, minimal_group, minimal_user};
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::advice;
use crate::kept::shown;

/// The checks of each profile that has any, by its name.
const PROFILES: &[(&str, &[&[Check]])] = &[
    ("blogin", &[blogin::CHECKS, blogin_answers::CHECKS, blogin_filters::CHECKS, blogin_groups::CHECKS]),
    ("bonusly", bonusly::CHECKS),
    (
        "entra-ready",
        &[
            entra_ready::CHECKS,
            entra_ready_users::CHECKS,
            entra_ready_groups::CHECKS,
            entra_ready_changes::CHECKS,
            entra_ready_published::CHECKS,
            entra_ready_requests::CHECKS,
        ],
    ),
    (
        "promapp",
        &[
            promapp::CHECKS,
            promapp_blanks::CHECKS,
            promapp_writes::CHECKS,
            promapp_limits::CHECKS,
            promapp_refusals::CHECKS,
        ],
    ),
];

/// The checks that hold a server to the rules of a profile, beyond those of the standard.
pub(crate) fn checks(profile: &str) -> Vec<Check> {
    let found = PROFILES.iter().find(|(name, _)| *name == profile);
    let checks = found.into_iter().flat_map(|(_, files)| files.concat());
    checks.map(advice::given).collect()
}

/// The names of the profiles that have checks.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// Sends the operations of a PATCH. Where they are refused, a change that nobody objects to has to be taken: a refusal is
/// about these operations then, and one of whatever is asked blocks the check.
fn modify(probe: &Probe, path: &str, operations: Value) -> Result<Reply, Stop> {
    let send = |path: &str, operations: Value| {
        probe.patch(path, &json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
    };
    let renames = operations.pointer("/0/path").is_some_and(|path| path == "displayName");
    let reply = send(path, operations)?;
    if reply.succeeded() {
        return Ok(reply);
    }
    let user = probe.given(minimal_user())?;
    let (twin, path, value) = if path.starts_with(&probe.service().endpoint("User")) {
        (user, "name.givenName", json!("Ada"))
    } else {
        let group = probe.given(minimal_group())?;
        let name = json!(format!("{}-twin", group.name));
        // A group that cannot be renamed can have members, and the other way round.
        if renames { (group, "members", json!([{ "value": user.id }])) } else { (group, "displayName", name) }
    };
    send(twin.path(), json!([{ "op": "add", "path": path, "value": value }]))?.require(success())?;
    Ok(reply)
}

/// Replaces somebody. Where that is refused, a PUT of what is there anyway has to be taken.
fn replace(probe: &Probe, user: &Given, body: &Value) -> Result<Reply, Stop> {
    let reply = probe.put(user.path(), body)?;
    if !reply.succeeded() {
        probe.put(user.path(), &user.sent)?.require(success())?;
    }
    Ok(reply)
}

/// Searches an endpoint. Where that is refused, the plainest search has to be answered.
fn search(probe: &Probe, endpoint: &str, filter: &str) -> Result<Reply, Stop> {
    let reply = probe.send(Request::get(endpoint).query("filter", filter))?;
    if !reply.succeeded() {
        let user = probe.given(minimal_user())?;
        let name = user.body.get("userName").and_then(Value::as_str).unwrap_or_default();
        let plainest = format!("userName eq \"{name}\"");
        let users = Request::get(probe.service().endpoint("User"));
        probe.send(users.query("filter", &plainest))?.require(success())?;
    }
    Ok(reply)
}

/// Holds where a group cannot be created at the standard endpoint, since there is none.
fn refuses_groups(probe: &Probe) -> Outcome {
    // Who takes no user either has said nothing of groups.
    probe.given(minimal_user())?;
    let reply = probe.post(endpoint::GROUPS, &probe.fill(&minimal_group()))?;
    reply.expect(status(404))?;
    reply.expect(error_body())
}

/// Holds where the address of a user is below a base path.
fn lives_below(probe: &Probe, base_path: &'static str) -> Outcome {
    let user = probe.given(minimal_user())?;
    let ending = format!("{base_path}{}", user.path());
    let words = format!("an address that ends in {ending}");
    let base = probe.service().base.clone();
    let host = base.split('/').take(3).collect::<Vec<_>>().join("/");
    shown(probe, user.path())?.expect(pointer_that("/meta/location", words, move |location| {
        // Behind a proxy a server may know itself by another address; then the one that reached it counts.
        let is_elsewhere = |location: &str| location.contains("://") && !location.starts_with(&host);
        location.as_str().is_some_and(|location| {
            location.ends_with(&ending) || (is_elsewhere(location) && base.ends_with(base_path))
        })
    }))
}

/// Holds where somebody who was deleted comes back with the id that the profile's reading gives: the old one, or a new one.
fn expect_id_of_who_returns(probe: &Probe, back: &Reply, user: &Given) -> Outcome {
    match probe.service().reading("deleted") {
        "remembered" => back.expect(equals("/id", user.id.as_str())),
        _ => back.expect(differs("/id", user.id.as_str())),
    }
}

/// An address for whoever has this name, with a capital letter in its domain, where letter case says nothing (RFC 5321 §2.3.11).
fn capitalised_address(probe: &Probe, name: &str) -> String {
    let address = probe.service().address(name);
    match address.split_once('@') {
        Some((local, domain)) => {
            let (first, rest) = domain.split_at_checked(1).unwrap_or((domain, ""));
            format!("{local}@{}{rest}", first.to_uppercase())
        }
        None => address,
    }
}
