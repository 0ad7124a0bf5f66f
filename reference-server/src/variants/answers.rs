//! Statuses, headers and messages that a server is free to choose.

use bytes::Bytes;
use engine::AnswerToPatch;
use http::header::{ACCEPT, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, WWW_AUTHENTICATE};
use protocol::{endpoint, media};
use serde_json::{Value, json};

use super::{Variant, around, reply, rules};
use crate::ask::Reply;
use crate::faults::edit::{
    at, below, cut, each_resource, error, failed, is, json, ok, patching, replacing, restate, reword,
    reword_header, set, shown,
};
use crate::faults::known;

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "patch-answers-204",
        "a PATCH answers 204 unless the client asks for attributes",
        "RFC 7644 §3.5.2: 200 with the resource or 204",
        &[rules(|rules| rules.readings.patch.answer = AnswerToPatch::NoContent)],
    ),
    Variant::new(
        "patch-answers-200",
        "a PATCH answers 200 with the resource, whatever it changed",
        "RFC 7644 §3.5.2: 200 with the resource or 204",
        &[rules(|rules| rules.readings.patch.answer = AnswerToPatch::Resource)],
    ),
    Variant::new(
        "media-type-is-json",
        "bodies are announced as application/json",
        "RFC 7644 §3.1: clients have to expect it; the server SHOULD answer in application/scim+json",
        &[reply(|_, reply| announce(reply, "application/json"))],
    )
    .warns(&[
        ("wire.body-is-scim-json", "application/scim+json is a SHOULD"),
        ("content.anything-is-scim-json", "application/scim+json is a SHOULD"),
        ("content.default-is-scim-json", "application/scim+json is a SHOULD"),
    ]),
    Variant::new(
        "json-is-sent-where-asked-for",
        "whoever asks for application/json is answered in it, and everybody else in application/scim+json",
        "RFC 7644 §3.8: the client says by Accept which form it wants, and servers SHOULD take application/json there",
        &[reply(|ask, reply| {
            let accept = ask.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
            if accept.split(',').any(|range| range.trim() == media::JSON) {
                announce(reply, media::JSON);
            }
        })],
    ),
    Variant::new(
        "media-type-has-a-charset",
        "the media type is written in other letter case, with a charset",
        "RFC 9110 §8.3.1: type names are case-insensitive, and parameters may follow",
        &[reply(|_, reply| announce(reply, "Application/SCIM+JSON; charset=utf-8"))],
    ),
    Variant::new(
        "errors-are-terse",
        "errors have no detail, and carry a member of the server's own",
        "RFC 7644 §3.12: detail is optional",
        &[reply(|_, reply| {
            if failed(reply) {
                json(reply, |error| {
                    cut(error, "/detail");
                    set(error, "/traceId", "5f3a");
                });
            }
        })],
    ),
    Variant::new(
        "other-paths-are-anothers",
        "a path that is none of its endpoints is answered by what stands before it, with a page",
        "RFC 7644 §3.2 lists the endpoints; of others it says nothing",
        &[reply(|ask, reply| {
            if is(reply, 404) && !known(ask) {
                *reply.body_mut() = Bytes::from_static(b"<!doctype html><title>404</title>");
                reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            }
        })],
    ),
    Variant::new(
        "no-scim-types",
        "errors say what is wrong by scimType only where the standard demands the very word",
        "RFC 7644 §3.12: scimType is optional",
        &[reply(|ask, reply| {
            let demanded = if patching(ask) { DEMANDED_OF_PATCH } else { DEMANDED };
            let said = shown(reply).get("scimType").and_then(Value::as_str).map(str::to_owned);
            if failed(reply) && said.is_some_and(|said| !demanded.contains(&said.as_str())) {
                json(reply, |error| cut(error, "/scimType"));
            }
        })],
    )
    .warns(&[
        ("create.needs-a-username", NO_KEYWORD),
        ("errors.body-must-be-an-object", NO_KEYWORD),
        ("errors.malformed-json-is-400", NO_KEYWORD),
        ("errors.unknown-version-is-refused", NO_KEYWORD),
        ("patch.meta-cannot-be-replaced", NO_KEYWORD),
        ("patch.no-array-indexes", NO_KEYWORD),
        ("patch.op-is-needed", NO_KEYWORD),
        ("patch.path-must-be-well-formed", NO_KEYWORD),
        ("patch.read-only-cannot-be-replaced", NO_KEYWORD),
        ("patch.required-cannot-be-removed", NO_KEYWORD),
        ("patch.respects-uniqueness", NO_KEYWORD),
        ("patch.unknown-op-is-refused", NO_KEYWORD),
        ("patch.value-must-fit", NO_KEYWORD),
    ]),
    Variant::new(
        "challenges-are-worded-differently",
        "a 401 offers two schemes and gives another reason",
        "RFC 7644 §2 and RFC 6750 §3: what a challenge says is the server's choice",
        &[reply(|_, reply| {
            if is(reply, 401) {
                let challenge = "Basic realm=\"directory\", Bearer error=\"invalid_token\"";
                reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
                json(reply, |error| set(error, "/detail", "who are you?"));
            }
        })],
    ),
    Variant::new(
        "taken-names-are-400-on-change",
        "PUT and PATCH onto a taken userName answer 400 with uniqueness",
        "RFC 7644 §3.12 table 9 lists uniqueness under 400; 409 is demanded of creates alone",
        &[reply(|ask, reply| {
            if (replacing(ask) || patching(ask))
                && is(reply, 409)
                && shown(reply).get("scimType") == Some(&json!("uniqueness"))
            {
                restate(reply, 400);
            }
        })],
    ),
    Variant::new(
        "versions-are-strong",
        "ETags are strong validators",
        "RFC 7644 §3.14: weak ETags are a MAY",
        &[reply(|ask, reply| {
            let strong = |tag: &str| tag.trim_start_matches("W/").to_owned();
            reword_header(reply, ETAG, strong);
            each_resource(ask, reply, |resource| reword(resource, "/meta/version", strong));
        })],
    ),
    Variant::new(
        "weak-tags-match-nothing",
        "no tag meets an If-Match, since all are weak",
        "RFC 9110 §13.1.1: If-Match compares strongly; RFC 7644 §3.14 shows weak tags there all the same",
        &[around(|ask, next| {
            let condition = ask.headers.get(IF_MATCH);
            if condition.is_some_and(|tags| tags != "*") {
                Box::pin(std::future::ready(error(412)))
            } else {
                next.call(ask)
            }
        })],
    )
    .lacks(&[("an If-Match that the current tag meets", "all tags are weak")]),
    Variant::new(
        "content-location-is-sent",
        "answers that show one resource name it in Content-Location",
        "RFC 7643 §3.1: meta.location is the same as that header",
        &[reply(|ask, reply| {
            let one = below(ask, endpoint::USERS) || below(ask, endpoint::GROUPS);
            let location = shown(reply).pointer("/meta/location").and_then(Value::as_str).map(str::to_owned);
            if let Some(Ok(location)) = location.map(HeaderValue::try_from).filter(|_| one && ok(reply)) {
                reply.headers_mut().insert(CONTENT_LOCATION, location);
            }
        })],
    ),
    Variant::new(
        "discovery-says-more",
        "the configuration and the resource types carry members that the standard does not know",
        "RFC 9865 §4 and RFC 9967 add some, and vendors add their own",
        &[reply(|ask, reply| {
            if at(ask, endpoint::SERVICE_PROVIDER_CONFIG) && ok(reply) {
                json(reply, |config| {
                    set(config, "/id", "config");
                    set(config, "/documentationUri", "https://docs.example.com/scim");
                    set(config, "/pagination", json!({ "cursor": false, "index": true }));
                    set(config, "/urn:example:params:scim:vendor", json!({ "plan": "gold" }));
                });
            }
            crate::faults::edit::each(ask, reply, endpoint::RESOURCE_TYPES, |kind| {
                set(kind, "/vendorHint", json!({ "icon": "person" }));
            });
        })],
    ),
];

const NO_KEYWORD: &str = "the standard names a keyword for it, and no error has to have one";

/// The keywords that RFC 7644 §3.3 and §3.4.2.2 demand.
const DEMANDED: &[&str] = &["uniqueness", "invalidFilter"];
/// Those that §3.5.2 demands.
const DEMANDED_OF_PATCH: &[&str] = &["noTarget"];

fn announce(reply: &mut Reply, media_type: &'static str) {
    if reply.headers().contains_key(CONTENT_TYPE) {
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
}
