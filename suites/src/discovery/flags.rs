//! What `/ServiceProviderConfig` says is supported, against what is: RFC 7643 §5.
//!
//! A feature that is announced has to work. One that works unannounced harms nobody, and clients that believe the
//! configuration never use it: that is noted.

use client::Request;
use harness::expect::{header_present, holds, lists_exactly, pointer_that, status_among, success};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use crate::requirements::rfc7643;
use crate::walk::items;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.patch-flag-is-honest", &patch_flag_is_honest)
        .title("PATCH works where the configuration announces it; elsewhere it is refused, or noted to work")
        .verifies(&[rfc7643::PATCH_SUPPORTED_IS_BOOLEAN])
        .needs(&[capability::CREATE_USER]),
    Check::active("discovery.filter-flag-is-honest", &filter_flag_is_honest)
        .title(
            "filters work where the configuration announces them; where they work unannounced, that is noted",
        )
        .verifies(&[rfc7643::FILTER_SUPPORTED_IS_BOOLEAN])
        .needs(LISTS),
    Check::active("discovery.sort-flag-is-honest", &sort_flag_is_honest)
        .title(
            "sorting works where the configuration announces it; where it works unannounced, that is noted",
        )
        .verifies(&[rfc7643::SORT_SUPPORTED_IS_BOOLEAN])
        .needs(LISTS),
    Check::active("discovery.etag-flag-is-honest", &etag_flag_is_honest)
        .title("a read carries the version where the configuration announces versions; elsewhere it is noted")
        .verifies(&[rfc7643::ETAG_SUPPORTED_IS_BOOLEAN])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
];
const _: () = sound(CHECKS);

const LISTS: &[harness::Capability] = &[capability::CREATE_USER, capability::LIST_USERS];

fn patch_flag_is_honest(probe: &mut Probe) -> Outcome {
    let plain = kept::plain_text(probe)?;
    // A part is written where the whole is there; where an attribute is missing, replace adds it.
    let is_part = plain.path != plain.top();
    let user = if is_part { plain.of(minimal_user(), "Before") } else { minimal_user() };
    let user = probe.given(user)?;
    let body = json!({
        "schemas": [urn::PATCH_OP],
        "Operations": [{ "op": "replace", "path": plain.path, "value": "Patched" }],
    });
    let reply = probe.patch(user.path(), &body)?;
    if probe.service().claims("patch") {
        reply.expect(status_among(&[200, 204]))?;
        let stored = probe.get(user.path())?;
        stored.require(success())?;
        let words = "the change that was acknowledged: \"Patched\"";
        return stored.expect(pointer_that(&plain.pointer(), words, |value| value == "Patched"));
    }
    if reply.succeeded() {
        reply.note("PATCH works although the configuration does not announce it");
        return Ok(());
    }
    reply.expect(status_among(&[400, 403, 404, 405, 501]))
}

fn users(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User"))
}

fn filter_flag_is_honest(probe: &mut Probe) -> Outcome {
    let (wanted, _) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    probe.send(users(probe).query("count", "1"))?.require(success())?;
    let name = wanted.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    let reply = probe.send(users(probe).query("filter", &format!("userName eq \"{name}\"")))?;
    if probe.service().claims("filter") {
        reply.expect(success())?;
        return reply.expect(lists_exactly(&[wanted.id]));
    }
    let found: Vec<Option<&Value>> = items(&reply).iter().map(|item| item.get("id")).collect();
    if reply.succeeded() && found == [Some(&json!(wanted.id))] {
        reply.note("filters work although the configuration does not announce them");
    }
    Ok(())
}

/// Of two users with different names at least, the least is not the greatest, whoever else is there.
fn sort_flag_is_honest(probe: &mut Probe) -> Outcome {
    probe.given_all(vec![minimal_user(); 2])?;
    probe.send(users(probe).query("count", "1"))?.require(success())?;
    let first = |order: &str| -> Result<(Reply, Option<Value>), Stop> {
        let list = users(probe).query("sortBy", "userName").query("sortOrder", order).query("count", "1");
        let reply = probe.send(list)?;
        let id = items(&reply).first().and_then(|user| user.get("id")).cloned();
        Ok((reply, id))
    };
    let ((ascending, least), (descending, greatest)) = (first("ascending")?, first("descending")?);
    let differ = least.is_some() && greatest.is_some() && least != greatest;
    if probe.service().claims("sort") {
        ascending.expect(success())?;
        descending.expect(success())?;
        let outcome = if differ { Ok(()) } else { Err("the same user".to_owned()) };
        return descending.expect(holds(
            "another user first than in ascending order",
            places::resources(),
            outcome,
        ));
    }
    if differ {
        descending.note("sorting works although the configuration does not announce it");
    }
    Ok(())
}

fn etag_flag_is_honest(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let read = probe.get(user.path())?;
    read.require(success())?;
    if probe.service().claims("etag") {
        return read.expect(header_present("etag"));
    }
    let Some(tag) = read.header("etag") else { return Ok(()) };
    if probe.send(Request::get(user.path()).header("if-none-match", tag))?.status() == 304 {
        read.note("a conditional read answers 304 although the configuration does not announce versions");
    }
    Ok(())
}
