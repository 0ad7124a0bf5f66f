//! Passive checks: what every exchange is to meet, whatever caused it.

use client::{Method, Seen};
use harness::expect::{
    equals, error_body, header_is, header_present, header_that, media_type, no_member_named, pointer_that,
    text,
};
use harness::{Check, Expectation, History, capability, sound};
use percent_encoding::percent_decode_str;
use protocol::media;
use serde_json::Value;

use crate::announced;
use crate::errors::is_no_endpoint;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::passive("wire.body-is-scim-json", &body_is_scim_json)
        .title("every body is announced as application/scim+json")
        .verifies(&[rfc7644::CONTENT_USES_SCIM_JSON]),
    Check::passive("wire.error-has-a-scim-body", &error_has_a_scim_body)
        .title("every error carries a SCIM error whose status is a string")
        .verifies(&[
            rfc7644::ERRORS_HAVE_JSON_BODY,
            rfc7644::ERROR_BODY_HAS_ERROR_URI,
            rfc7644::ERROR_STATUS_IS_JSON_STRING,
            rfc7644::ERROR_STATUS_REPEATED_IN_BODY,
        ]),
    Check::passive("wire.password-is-never-shown", &password_is_never_shown)
        .title("no response holds a password")
        .verifies(&[rfc7643::PASSWORD_OR_HASH_NEVER_RETURNED]),
    Check::passive("wire.id-is-stable", &id_is_stable)
        .title("a resource keeps its id from answer to answer")
        .verifies(&[rfc7643::ID_STABLE_NEVER_REASSIGNED]),
    Check::passive("wire.id-is-well-formed", &id_is_well_formed)
        .title("every resource has a non-empty id without the reserved word bulkId")
        .verifies(&[rfc7643::REPRESENTATION_HAS_NONEMPTY_ID, rfc7643::ID_NEVER_CONTAINS_BULKID]),
    Check::passive("wire.etag-is-the-version", &etag_is_the_version)
        .title("where an answer has an ETag and a meta.version, they are the same")
        .verifies(&[rfc7643::META_VERSION_IS_ETAG])
        .needs(&[capability::VERSION_USER]),
    Check::passive("wire.location-is-an-address", &location_is_an_address)
        .title("every meta.location is the resource's own address, percent-encoded and without a query")
        .verifies(&[
            rfc7644::URLS_PERCENT_ENCODED,
            rfc7644::BASE_URI_HAS_NO_QUERY,
            rfc7643::REFERENCE_GET_YIELDS_TARGET,
        ]),
    Check::passive("wire.active-is-boolean", &active_is_boolean)
        .title("active is a JSON boolean wherever it is shown")
        .verifies(&[rfc7643::BOOLEAN_ONLY_TRUE_OR_FALSE]),
];
const _: () = sound(CHECKS);

/// The resources in an answer, by JSON pointer: the body itself, or the items of a list.
fn resources<'a>(seen: &Seen<'a>) -> Vec<(String, &'a Value)> {
    let Some(body) = seen.json else { return Vec::new() };
    match body.get("Resources").and_then(Value::as_array) {
        Some(items) => {
            items.iter().enumerate().map(|(index, item)| (format!("/Resources/{index}"), item)).collect()
        }
        // An empty list may leave them out (RFC 7644 §3.4.2).
        None if body.get("totalResults").is_some() => Vec::new(),
        None => vec![(String::new(), body)],
    }
}

/// Those of them that the run could have created: neither discovery documents nor messages. The address tells, since
/// what an answer says of itself may be what is wrong.
///
/// What is said of something that is gone is not that thing.
pub(crate) fn managed<'a>(seen: &Seen<'a>) -> Vec<(String, &'a Value)> {
    if *seen.request.method() == Method::DELETE { Vec::new() } else { told(seen) }
}

/// The same, and whatever a DELETE answers.
fn told<'a>(seen: &Seen<'a>) -> Vec<(String, &'a Value)> {
    let succeeded = seen.answer.is_some_and(|answer| (200..300).contains(&answer.status));
    if !succeeded || is_about_others(seen.request.path()) { Vec::new() } else { resources(seen) }
}

/// Whether a path or URL leads to what holds no resources. Every exchange is asked for it many times over.
fn is_about_others(path: &str) -> bool {
    const OTHERS: [&[u8]; 4] = [b"ServiceProviderConfig", b"ResourceTypes", b"Schemas", b"Bulk"];
    path.as_bytes().split(|byte| matches!(byte, b'/' | b'?')).any(|segment| OTHERS.contains(&segment))
}

fn body_is_scim_json(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    if seen.answer.is_none_or(|answer| answer.body.is_empty()) || is_no_endpoint(seen.request.path()) {
        return Vec::new();
    }
    // Whoever asks for plain JSON may be given what was asked for (RFC 7644 §3.8).
    if !announced::asks_for(seen, media::JSON) {
        return vec![media_type(media::SCIM_JSON)];
    }
    let words = "application/scim+json, or application/json as it was asked for";
    vec![header_that("content-type", words, |told| {
        announced::is(told, media::SCIM_JSON) || announced::is(told, media::JSON)
    })]
}

fn error_has_a_scim_body(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    // What stands before a SCIM server may answer for paths that are none of its endpoints.
    let is_ours = !is_no_endpoint(seen.request.path());
    let Some(answer) = seen.answer.filter(|answer| answer.status >= 400 && is_ours) else {
        return Vec::new();
    };
    let repeated = answer.status;
    vec![
        harness::expect::object(),
        error_body().under(rfc7644::ERROR_BODY_HAS_ERROR_URI),
        pointer_that("/status", "a string", Value::is_string).under(rfc7644::ERROR_STATUS_IS_JSON_STRING),
        pointer_that("/status", repeated.to_string(), move |status| match status {
            Value::String(text) => text.parse() == Ok(repeated),
            other => other.as_u64() == Some(u64::from(repeated)),
        })
        .under(rfc7644::ERROR_STATUS_REPEATED_IN_BODY),
    ]
}

fn password_is_never_shown(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    // Errors and schemas may speak of passwords; resources may not hold any.
    told(seen).into_iter().next().map(|_| no_member_named("password")).into_iter().collect()
}

fn id_is_stable(seen: &Seen<'_>, past: &History) -> Vec<Expectation> {
    let url = seen.url.split('?').next().unwrap_or(seen.url);
    let single = managed(seen).into_iter().any(|(pointer, _)| pointer.is_empty());
    match past.id_at(url) {
        Some(id) if single => vec![equals("/id", id)],
        Some(_) | None => Vec::new(),
    }
}

fn id_is_well_formed(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let judged = managed(seen).into_iter().flat_map(|(pointer, _)| {
        let pointer = format!("{pointer}/id");
        let unreserved =
            pointer_that(&pointer, "no bulkId", |id| id.as_str().is_some_and(|id| !id.contains("bulkId")));
        [text(&pointer), unreserved.under(rfc7643::ID_NEVER_CONTAINS_BULKID)]
    });
    judged.collect()
}

/// An ETag alone need not be a version: frameworks add one of their own, made of the bytes of an answer. Whether
/// `meta.version` has to be there is the business of another check.
fn etag_is_the_version(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let tag = seen.answer.and_then(|answer| answer.header("etag"));
    let shown = managed(seen).into_iter().find(|(pointer, _)| pointer.is_empty()).filter(|_| tag.is_some());
    // Where meta was not asked for, nothing can be compared.
    let meta = shown.and_then(|(_, resource)| resource.get("meta"));
    meta.map(|meta| match meta.get("version") {
        Some(version) => header_is("etag", version.as_str().unwrap_or_default()),
        None => header_present("etag"),
    })
    .into_iter()
    .collect()
}

fn location_is_an_address(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let located =
        managed(seen).into_iter().filter(|(_, resource)| resource.pointer("/meta/location").is_some());
    let judged = located.flat_map(|(pointer, resource)| {
        let pointer = format!("{pointer}/meta/location");
        let own = resource.get("id").and_then(Value::as_str).map(|id| ends_in(&pointer, id));
        let encoded =
            pointer_that(&pointer, "an address with nothing in it that has to be encoded", |address| {
                address.as_str().is_some_and(is_encoded)
            });
        let plain = pointer_that(&pointer, "no query", |address| {
            address.as_str().is_some_and(|address| !address.contains('?'))
        });
        [Some(encoded), Some(plain.under(rfc7644::BASE_URI_HAS_NO_QUERY)), own].into_iter().flatten()
    });
    judged.collect()
}

/// Wherever an address leads to, and whether or not it can be followed, it is its resource's own where it ends in the id.
fn ends_in(pointer: &str, id: &str) -> Expectation {
    let id = id.to_owned();
    let own = pointer_that(pointer, format!("an address that ends in the id {id}"), move |address| {
        let path = address.as_str().and_then(|address| address.split(['?', '#']).next()).unwrap_or_default();
        let path = path.trim_end_matches('/');
        let last = path.rsplit_once('/').map_or(path, |(_, last)| last);
        percent_decode_str(last).decode_utf8().is_ok_and(|last| last == id)
    });
    own.under(rfc7643::REFERENCE_GET_YIELDS_TARGET)
}

/// Whether a text has only what RFC 3986 lets stand in an address, and each percent sign is followed by two digits.
pub(crate) fn is_encoded(address: &str) -> bool {
    let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let hex = |digits: &str| digits.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    !address.is_empty() && address.bytes().all(stands) && address.split('%').skip(1).all(hex)
}

fn active_is_boolean(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let shown = managed(seen).into_iter().filter(|(_, resource)| resource.get("active").is_some());
    shown.map(|(pointer, _)| harness::expect::boolean(&format!("{pointer}/active"))).collect()
}
