//! RFC 7644 §3.8: how bodies are announced and asked for, and the characters in them.

use client::Request;
use harness::expect::{equals, lists_exactly, media_type, status, success};
use harness::{Capability, Check, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_user, sound};
use protocol::media;
use record::ReqId;
use serde_json::{Value, json};

use crate::announced::announces;
use crate::kept::{self, Plain};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    AMONG_OTHERS.check(
        "content.scim-json-among-others",
        "an Accept header that lists application/scim+json behind another type is met",
    ),
    UPPER_CASE
        .check("content.accept-ignores-case", "the media type in Accept may be written in any letter case"),
    PLAIN_JSON.check("content.accepts-plain-json", "whoever asks for application/json is answered in JSON"),
    ANYTHING.check(
        "content.anything-is-scim-json",
        "whoever takes anything is answered in application/scim+json",
    ),
    NOTHING
        .check("content.default-is-scim-json", "whoever says nothing is answered in application/scim+json"),
    WITH_CHARSET.check(
        "content.body-type-may-have-a-charset",
        "a body of type application/scim+json with a charset is taken",
    ),
    CAPITAL_TYPE.check(
        "content.body-type-ignores-case",
        "the media type of a body may be written in any letter case",
    ),
    Check::active("content.utf8-is-the-default", &utf8_is_the_default)
        .title("a body without a charset is read as UTF-8, and shown as it was sent")
        .verifies(&[rfc7644::UTF8_IS_DEFAULT_ENCODING, rfc7643::STRINGS_ARE_UTF8_UNICODE])
        .needs(NEEDS),
    Check::active("content.escapes-are-characters", &escapes_are_characters)
        .title("a character that is escaped in JSON is the character itself, pairs of surrogates included")
        .verifies(&[rfc7644::JSON_IN_UTF8_SUPPORTED])
        .needs(NEEDS),
    Check::active("content.utf8-in-addresses", &utf8_in_addresses)
        .title("a filter with letters beyond ASCII finds who has them")
        .verifies(&[rfc7644::JSON_IN_UTF8_SUPPORTED])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::LIST_USERS,
            capability::FILTER_USER,
        ]),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] = &[capability::CREATE_USER, capability::READ_USER];

/// Letters of two, three and four bytes.
const TEXT: &str = "Zo\u{eb} \u{4e2d}\u{6587} \u{1f469}";

/// A read or a create that says in one way or another which form bodies have.
struct Spoken {
    ask: fn(&Probe) -> Result<Reply, Stop>,
    /// Whether the answer has to be announced as SCIM's own media type.
    scim: bool,
    under: &'static [ReqId],
}

macro_rules! accepts {
    ($name:ident, $accept:literal, $scim:literal, $requirement:ident) => {
        const $name: &Spoken = &Spoken {
            ask: |probe| read(probe, |read| read.header("accept", $accept)),
            scim: $scim,
            under: &[rfc7644::$requirement],
        };
    };
}

accepts!(AMONG_OTHERS, "text/html, application/scim+json;q=0.9", false, ACCEPT_SCIM_JSON_SUPPORTED);
accepts!(UPPER_CASE, "APPLICATION/SCIM+JSON", false, ACCEPT_SCIM_JSON_SUPPORTED);
accepts!(PLAIN_JSON, "application/json", false, ACCEPT_PLAIN_JSON_SUPPORTED);
accepts!(ANYTHING, "*/*", true, DEFAULT_FORMAT_IS_SCIM_JSON);
const NOTHING: &Spoken = &Spoken {
    ask: |probe| read(probe, |read| read.without("accept")),
    scim: true,
    under: &[rfc7644::DEFAULT_FORMAT_IS_SCIM_JSON],
};
const WITH_CHARSET: &Spoken = &Spoken {
    ask: |probe| create(probe, "application/scim+json; charset=utf-8"),
    scim: false,
    under: &[rfc7644::SCIM_JSON_BODIES_ACCEPTED],
};
const CAPITAL_TYPE: &Spoken = &Spoken {
    ask: |probe| create(probe, "Application/SCIM+JSON"),
    scim: false,
    under: &[rfc7644::SCIM_JSON_BODIES_ACCEPTED],
};

/// Reads somebody who can be read in the plainest way.
fn read(probe: &Probe, spoken: fn(Request) -> Request) -> Result<Reply, Stop> {
    let user = probe.given(minimal_user())?;
    probe.get(user.path())?.require(success())?;
    probe.send(spoken(Request::get(user.path())))
}

/// Creates somebody whose like has just been created.
fn create(probe: &Probe, media_type: &str) -> Result<Reply, Stop> {
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user()).to_string();
    probe.send(Request::post(probe.service().endpoint("User")).body(media_type, body))
}

impl Spoken {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(NEEDS)
    }
}

impl Procedure for Spoken {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let reply = (self.ask)(probe)?;
        reply.expect(success())?;
        let asked_for = self.under == [rfc7644::ACCEPT_PLAIN_JSON_SUPPORTED];
        if asked_for && reply.succeeded() && announces(&reply, media::JSON) {
            reply.note("whoever asks for application/json is answered in application/json");
        }
        if reply.succeeded() && self.scim {
            reply.expect(media_type(media::SCIM_JSON))?;
        }
        if reply.succeeded() { reply.json().map(drop) } else { Ok(()) }
    }
}

/// Creates somebody with a text from a body that is written down here, and reads it back.
fn created_with(probe: &Probe, plain: Plain, body: String) -> Result<Reply, Stop> {
    let endpoint = probe.service().endpoint("User");
    let reply = probe.send(Request::post(&endpoint).body(media::SCIM_JSON, body))?;
    reply.require(success())?;
    let stored = probe.get(&probe.service().place_of("User", &reply)?)?;
    stored.require(success())?;
    stored.expect(equals(&plain.pointer(), TEXT))?;
    Ok(stored)
}

fn utf8_is_the_default(probe: &mut Probe) -> Outcome {
    // Who keeps no text at all says nothing of its letters.
    let (_, plain) = kept::with_text(probe, minimal_user())?;
    let body = probe.fill(&plain.of(minimal_user(), TEXT)).to_string();
    let stored = created_with(probe, plain, body)?;
    stored.expect(equals(&plain.pointer(), TEXT).under(rfc7643::STRINGS_ARE_UTF8_UNICODE))
}

fn escapes_are_characters(probe: &mut Probe) -> Outcome {
    let (_, plain) = kept::with_text(probe, minimal_user())?;
    let body = probe.fill(&plain.of(minimal_user(), TEXT)).to_string();
    let mut escaped = String::with_capacity(body.len() * 2);
    for unit in body.encode_utf16() {
        match char::from_u32(unit.into()).filter(char::is_ascii) {
            Some(plain) => escaped.push(plain),
            None => escaped.push_str(&format!("\\u{unit:04x}")),
        }
    }
    created_with(probe, plain, escaped).map(drop)
}

fn utf8_in_addresses(probe: &mut Probe) -> Outcome {
    let plain = kept::plain_text(probe)?;
    let name = probe.fill(&minimal_user());
    let name = name.get("userName").and_then(Value::as_str).unwrap_or_default();
    let text = format!("{TEXT} {name}");
    let user = probe.given(plain.of(minimal_user(), &text))?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    if stored.at(&plain.pointer()) != Some(&json!(text)) {
        return Err(Stop::NotSupported("letters beyond ASCII that are kept".to_owned()));
    }
    let list = |value: &str| {
        let list = Request::get(probe.service().endpoint("User"));
        probe.send(list.query("filter", &format!("{} eq \"{value}\"", plain.path)))
    };
    list("Nobody")?.require(success())?;
    let reply = list(&text)?;
    reply.expect(status(200))?;
    reply.expect(lists_exactly(&[user.id]))
}
