//! What becomes of requests that do not come in one piece. HTTP lets a connection cut a body anywhere, and end before it.

use client::{Framing, Request};
use harness::expect::{equals, holds, lists, success};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::media;
use record::{At, CauseKind};
use serde_json::Value;

use crate::kept;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("framing.characters-may-be-cut", &characters_may_be_cut)
        .title("a body that is cut in the midst of characters loses none of them")
        .verifies(&[rfc7644::JSON_IN_UTF8_SUPPORTED, rfc7643::STRINGS_ARE_UTF8_UNICODE])
        .needs(&[capability::CREATE_USER, capability::READ_USER])
        .framed(),
    Check::active("framing.broken-off-bodies-count-for-nothing", &broken_off_bodies_count_for_nothing)
        .title("a create whose body breaks off creates nothing, however complete what came may look")
        .verifies(&[rfc7644::MALFORMED_REQUEST_IS_400])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER])
        .framed(),
];
const _: () = sound(CHECKS);

/// Letters of two, three and four bytes, one of them with a mark of its own.
const TEXT: &str = "Zo\u{eb} e\u{301}\u{4e2d}\u{1f469}";

fn characters_may_be_cut(probe: &mut Probe) -> Outcome {
    let plain = kept::plain_text(probe)?;
    // What the target demands of a user is learned before it counts.
    probe.given(minimal_user())?;
    let body = probe.fill(&plain.of(minimal_user(), TEXT)).to_string();
    let inside: Vec<usize> = (1..body.len()).filter(|place| !body.is_char_boundary(*place)).collect();
    let request = Request::post(probe.service().endpoint("User")).body(media::SCIM_JSON, body);
    let reply = match probe.send(request.framed(Framing::Chunks(inside))) {
        Ok(reply) if reply.succeeded() => reply,
        Err(stop) if !hung_up(&stop) => return Err(stop),
        _ if !takes_chunks(probe)? => {
            return Err(Stop::NotSupported("bodies that come in chunks".to_owned()));
        }
        Ok(reply) => {
            reply.expect(success())?;
            reply
        }
        Err(stop) => return Err(stop),
    };
    let id = reply.at("/id").and_then(Value::as_str).unwrap_or_default();
    let stored = probe.get(&probe.service().path_of("User", id))?;
    stored.require(success())?;
    stored.expect(equals(&plain.pointer(), TEXT))?;
    stored.expect(equals(&plain.pointer(), TEXT).under(rfc7643::STRINGS_ARE_UTF8_UNICODE))
}

/// Whether a body is taken that comes in chunks of whole characters. RFC 9110 §15.5.12 lets a server ask for the length
/// beforehand. Not every one says so with 411, and one that hangs up at once may not be heard at all.
fn takes_chunks(probe: &mut Probe) -> Result<bool, Stop> {
    let body = probe.fill(&minimal_user()).to_string();
    let between: Vec<usize> =
        (1..body.len()).filter(|place| body.is_char_boundary(*place)).step_by(8).collect();
    let request = Request::post(probe.service().endpoint("User")).body(media::SCIM_JSON, body);
    match probe.send(request.framed(Framing::Chunks(between))) {
        Ok(reply) => Ok(reply.succeeded()),
        Err(stop) if hung_up(&stop) => Ok(false),
        Err(stop) => Err(stop),
    }
}

fn hung_up(stop: &Stop) -> bool {
    matches!(stop, Stop::Blocked(cause) if cause.kind == CauseKind::Transport)
}

fn broken_off_bodies_count_for_nothing(probe: &mut Probe) -> Outcome {
    let search = |name: &str| {
        let list = Request::get(probe.service().endpoint("User"));
        probe.send(list.query("filter", &format!("userName eq \"{name}\"")))
    };
    let there = probe.given(minimal_user())?;
    search(there.body.get("userName").and_then(Value::as_str).unwrap_or_default())?
        .require(lists(&[there.id]))?;
    let resource = probe.fill(&minimal_user());
    let name = resource.get("userName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let whole = resource.to_string();
    let came = whole.len() + 1;
    // White space may follow a JSON text, so that what arrives of it reads like all of it.
    let body = format!("{whole}{}", " ".repeat(64));
    let request = Request::post(probe.service().endpoint("User")).body(media::SCIM_JSON, body);
    // Whether the server says something about it is its own affair.
    match probe.send(request.framed(Framing::BrokenOff(came))) {
        Ok(_) | Err(Stop::Blocked(_)) => {}
        Err(stop) => return Err(stop),
    }
    let found = search(&name)?;
    found.require(success())?;
    let total = found.at("/totalResults").cloned().unwrap_or_default();
    let outcome = if total == 0 { Ok(()) } else { Err(total.to_string()) };
    found.expect(holds("nobody of that name", At::Pointer { pointer: "/totalResults".to_owned() }, outcome))
}
