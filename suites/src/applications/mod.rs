//! The rules of applications: what a server is held to whose profile a run names.

mod blogin;
mod blogin_filters;
mod blogin_groups;
mod bonusly;
mod entra_ready;
mod entra_ready_groups;
mod entra_ready_requests;
mod members;
mod promapp;
mod promapp_writes;

use harness::expect::success;
use harness::{Check, Probe, Reply, Stop};
use protocol::urn;
use serde_json::{Value, json};

/// The checks of each profile that has any, by its name.
const PROFILES: &[(&str, &[&[Check]])] = &[
    ("blogin", &[blogin::CHECKS, blogin_filters::CHECKS, blogin_groups::CHECKS]),
    ("bonusly", bonusly::CHECKS),
    ("entra-ready", &[entra_ready::CHECKS, entra_ready_groups::CHECKS, entra_ready_requests::CHECKS]),
    ("promapp", &[promapp::CHECKS, promapp_writes::CHECKS]),
];

/// The checks that hold a server to the rules of a profile, beyond those of the standard.
pub(crate) fn checks(profile: &str) -> Vec<Check> {
    let found = PROFILES.iter().find(|(name, _)| *name == profile);
    found.map_or_else(Vec::new, |(_, files)| files.concat())
}

/// The names of the profiles that have checks.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// Sends the operations of a PATCH.
fn modify(probe: &Probe, path: &str, operations: Value) -> Result<Reply, Stop> {
    probe.patch(path, &json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
}

/// What an independent read shows.
fn shown(probe: &Probe, path: &str) -> Result<Reply, Stop> {
    let reply = probe.get(path)?;
    reply.require(success())?;
    Ok(reply)
}
