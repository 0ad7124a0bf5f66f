//! What becomes of requests that do not come in one piece. HTTP lets a connection cut a body anywhere, and end before it.

use client::{Framing, Request};
use harness::expect::{equals, holds, success};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use protocol::media;
use record::CauseKind;
use serde_json::Value;

use crate::kept;
use crate::places;
use crate::requirements::{rfc7643, rfc7644};
use crate::walk::{Found, Sought, items};

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
    // What the target demands of a user is learned before it counts. Who loses such letters also where nothing is cut says
    // nothing of cuts.
    let uncut = probe.given(plain.of(minimal_user(), TEXT))?;
    let kept = probe.get(uncut.path())?;
    kept.require(success())?;
    if kept.at(&plain.pointer()).and_then(Value::as_str) != Some(TEXT) {
        return Err(Stop::NotSupported("letters beyond ASCII that are kept".to_owned()));
    }
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
    let there = probe.given(minimal_user())?;
    let known = there.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    // Who is there has to be seen before not being seen means anything.
    if let Found::All(last) = look_for(probe, known, |page| Ok(shows(page, known)))? {
        return Err(last.lacking("does not show the user who has just been created"));
    }
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
    let judged = look_for(probe, &name, |page| {
        let there = shows(page, &name);
        let outcome = if there { Err(format!("a user called {name}")) } else { Ok(()) };
        page.expect(holds("nobody of that name", places::resources(), outcome)).map(|()| there)
    });
    judged.map(drop)
}

/// Goes through what a search by the name shows. Whoever pays no regard to filters shows everybody, and it is the names
/// that tell who has been created, not how many are counted.
fn look_for(
    probe: &Probe,
    name: &str,
    enough: impl FnMut(&Reply) -> Result<bool, Stop>,
) -> Result<Found, Stop> {
    let list = &Request::get(probe.service().endpoint("User"));
    let sought = Sought { list, key: "userName", name };
    Sought { list: &sought.narrowed(), ..sought }.look_through(probe, enough)
}

/// Whether a page of a list shows somebody of this name, in whatever letter case it is kept.
fn shows(page: &Reply, name: &str) -> bool {
    let names = items(page).iter().filter_map(|user| user.get("userName")?.as_str());
    names.into_iter().any(|shown| shown.eq_ignore_ascii_case(name))
}
