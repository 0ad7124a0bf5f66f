//! What a create answers, and what it leaves stored.

use client::Request;
use harness::expect::{
    equals, header_present, holds, pointer_that, same_as, scim_type, status, success, unset,
};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::ScimType;
use record::At;
use serde_json::{Value, json};

use super::{create, read_back};
use crate::forms::country_codes;
use crate::kept;
use crate::loss;
use crate::places;
use crate::requirements::{rfc7643, rfc7644};
use crate::rich::{self, Turn};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.answers-201", &answers_201)
        .title("a successful create answers 201")
        .verifies(&[rfc7644::CREATE_ANSWERS_201])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.sends-location", &sends_location)
        .title("a create names the new resource in the Location header, and it is there")
        .verifies(&[rfc7644::CREATE_SENDS_LOCATION_HEADER, rfc7644::CREATE_BODY_HAS_META_LOCATION])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.shows-what-is-stored", &shows_what_is_stored)
        .title("the answer to a create shows the resource as the server holds it")
        .verifies(&[rfc7644::RESPONSES_SHOW_SERVER_STATE])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.stores-what-was-sent", &stores_what_was_sent)
        .title("a create stores every published attribute that it is given")
        .verifies(&[
            rfc7644::CREATE_HONOURS_MUTABILITY,
            rfc7643::MULTIVALUED_OBJECTS_ARE_COMPLEX,
            rfc7643::COUNTRY_IS_ISO3166_ALPHA2,
        ])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.duplicate-is-409", &duplicate_is_409)
        .title("a second user with the same userName is refused with 409 uniqueness")
        .verifies(&[rfc7644::DUPLICATE_CREATE_IS_409, rfc7644::DUPLICATE_CREATE_SAYS_UNIQUENESS])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.username-ignores-case", &username_ignores_case)
        .title("a userName that differs only in letter case is taken")
        .verifies(&[rfc7643::USERNAME_IGNORES_CASE])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.invents-no-external-id", &invents_no_external_id)
        .title("the server never sets externalId by itself")
        .verifies(&[rfc7643::EXTERNALID_NEVER_SERVER_SET])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
];
const _: () = sound(CHECKS);

fn answers_201(probe: &mut Probe) -> Outcome {
    let (_, reply) = create(probe, minimal_user())?;
    reply.expect(status(201))
}

fn sends_location(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    // An address leads nowhere where nobody can be read.
    probe.get(user.path())?.require(success())?;
    let body = probe.fill(&minimal_user());
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.require(success())?;
    reply.expect(header_present("location"))?;
    let location = reply.header("location").unwrap_or_default().to_owned();
    let path = path_of(&location).to_owned();
    let same =
        pointer_that("/meta/location", format!("the same URI as the header: {location}"), move |seen| {
            seen.as_str().is_some_and(|seen| path_of(seen) == path)
        });
    reply.expect(same.under(rfc7644::CREATE_BODY_HAS_META_LOCATION))?;
    if location.contains("://") && !location.starts_with(&probe.service().base) {
        reply.note("addresses name another host than the base URL, so they were not followed");
        return Ok(());
    }
    let there = probe.get(&absolute(&probe.service().base, &location))?;
    there.expect(status(200))?;
    let id = reply.at("/id").cloned().unwrap_or_default();
    let outcome = if id == user.id { Err("the id of another user".to_owned()) } else { Ok(()) };
    there.expect(equals("/id", id))?;
    there.expect(holds("an id of its own", At::Pointer { pointer: "/id".to_owned() }, outcome))
}

/// The path of a URI that may be absolute or relative.
fn path_of(uri: &str) -> &str {
    let after_scheme = uri.split_once("://").map(|(_, rest)| rest);
    after_scheme.map_or(uri, |rest| rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default())
}

/// The URL that a Location header means, which may be relative to the host or to the endpoint (RFC 9110 §10.2.2).
fn absolute(base: &str, location: &str) -> String {
    let origin = base.strip_suffix(path_of(base)).unwrap_or(base);
    match location {
        whole if whole.contains("://") => whole.to_owned(),
        rooted if rooted.starts_with('/') => format!("{origin}{rooted}"),
        below => format!("{base}/{below}"),
    }
}

/// A name with a capital at its beginning.
fn capitalised(name: &str) -> String {
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    format!("{}{rest}", first.to_uppercase())
}

fn shows_what_is_stored(probe: &mut Probe) -> Outcome {
    let address = kept::address(probe, "ada");
    let template = minimal_user()
        .with("nickName", "Nick")
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with("emails", json!([{ "value": address, "type": "work", "primary": true }]))
        .as_offered(&probe.service().published);
    probe.given(minimal_user())?;
    let mut body = probe.fill(&template);
    // Who keeps names in lower case says so.
    if !probe.service().published.binds("userName") {
        let name = body.get("userName").and_then(Value::as_str).map(capitalised);
        body = kept::edited(&body, json!({ "userName": name }));
    }
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.require(success())?;
    let stored = read_back(probe, &reply)?;
    reply.expect(same_as(stored.json()?, "an independent read right after"))
}

/// Attributes that the target does not publish it may drop; those that it publishes are its word.
fn stores_what_was_sent(probe: &mut Probe) -> Outcome {
    let tag = rich::tag(probe);
    let everything = || rich::user(probe, &tag, Turn::First);
    let (mut body, mut reply) = create(probe, rich::template(minimal_user(), everything()))?;
    let mut sent = everything();
    if !reply.succeeded() {
        reply.note(&format!("everything that is published is refused with {}", reply.status()));
        sent = loss::plain(sent);
        (body, reply) = create(probe, rich::template(minimal_user(), sent.clone()))?;
    }
    reply.require(success())?;
    let stored = read_back(probe, &reply)?;
    let name = body.get("userName").and_then(Value::as_str).unwrap_or_default().to_owned();
    stored.expect(pointer_that("/userName", format!("{name:?}"), move |seen| {
        seen.as_str().is_some_and(|seen| seen.eq_ignore_ascii_case(&name))
    }))?;
    // Whether there is an externalId at all is the business of another check.
    let has_id = stored.at("/externalId").is_some();
    sent.retain(|(name, _)| has_id || *name != "externalId");
    for seen in [&reply, &stored] {
        country_codes(&body, seen.at("")).map_or(Ok(()), |codes| seen.expect(codes))?;
    }
    let torn = places::unless(loss::torn(&sent, stored.at("")));
    let whole = holds("every one of several values with all its parts", At::Body, torn);
    stored.expect(whole.under(rfc7643::MULTIVALUED_OBJECTS_ARE_COMPLEX))?;
    let lost = places::unless(loss::lost(&sent, stored.at("")));
    stored.expect(holds("every attribute as it was sent", At::Body, lost))
}

fn duplicate_is_409(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.post(&probe.service().endpoint("User"), &user.sent)?;
    reply.expect(status(409))?;
    reply.expect(scim_type(ScimType::Uniqueness).under(rfc7644::DUPLICATE_CREATE_SAYS_UNIQUENESS))
}

fn username_ignores_case(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let name = user.sent.get("userName").and_then(Value::as_str).unwrap_or_default().to_uppercase();
    let body = kept::edited(&user.sent, json!({ "userName": name }));
    probe.post(&probe.service().endpoint("User"), &body)?.expect(status(409))
}

fn invents_no_external_id(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    if user.sent.get("externalId").is_some() {
        return Err(Stop::NotSupported("a create without externalId".to_owned()));
    }
    let reply = probe.send(Request::get(user.path()))?;
    reply.require(success())?;
    reply.expect(unset("/externalId"))
}
