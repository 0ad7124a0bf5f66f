//! RFC 7643 §2.3 and §4.1.2, RFC 7644 §3.1: the forms that values have in whatever resource, and the names of messages.

use client::Seen;
use harness::expect::{holds, pointer_that};
use harness::{Check, Expectation, History, Outcome, Probe, Stop, capability, minimal_user, sound};
use record::At;
use serde_json::{Value, json};

use crate::create::{create, read_back};
use crate::errors::is_no_endpoint;
use crate::requirements::{rfc7643, rfc7644};
use crate::wire::{is_encoded, managed};
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.keeps-certificates", &keeps_certificates)
        .title("a certificate comes back in base64, and byte for byte as it was sent")
        .verifies(&[rfc7643::BINARY_IS_BASE64, rfc7643::CERTIFICATE_IS_BASE64])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::passive("wire.references-are-uris", &references_are_uris)
        .title("every reference is a URI, absolute or relative: each $ref, profileUrl, and the addresses of photos")
        .verifies(&[rfc7643::REFERENCE_IS_URI]),
    Check::passive("wire.messages-have-api-names", &messages_have_api_names)
        .title("the schemas of lists and errors begin with urn:ietf:params:scim:api:")
        .verifies(&[rfc7644::MESSAGE_URIS_USE_API_PREFIX]),
];
const _: () = sound(CHECKS);

const CERTIFICATES: &str = "x509Certificates";
/// A certificate that somebody called scimproof has issued to itself, and of which nobody has the key.
const CERTIFICATE: &str = "MIIBKzCB3qADAgECAgEBMAUGAytlcDAUMRIwEAYDVQQDDAlzY2ltcHJvb2YwIBcNMjYxMTIyMTYyMTExWhgPMjEyNjEw\
    MjkxNjIxMTFaMBQxEjAQBgNVBAMMCXNjaW1wcm9vZjAqMAUGAytlcAMhALRwvck7ZtxPPXJ4o0w/++TPhH8xYV8fUDDB\
    yj0fePc3o1MwUTAdBgNVHQ4EFgQU+LtBWuZYBEPr8I0aR2OEEv9VtrswHwYDVR0jBBgwFoAU+LtBWuZYBEPr8I0aR2OE\
    Ev9VtrswDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQAKTPlpVHa1jPo2k7ZKy4DuoWTUlF3/MENbp/DUbjC9yoo+K1Dh\
    iL4pIgEoauSTPq2aeHk9LoYYpIGVCHdTlXIA";
/// The references of RFC 7643 §4.1 that lead out of the service.
const EXTERNAL: [&str; 2] = ["profileUrl", "photos.value"];
/// What the names of all messages begin with.
const API: &str = "urn:ietf:params:scim:api:";

fn keeps_certificates(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["x509Certificates.value"])?;
    let (_, reply) = create(probe, minimal_user().with(CERTIFICATES, json!([{ "value": CERTIFICATE }])))?;
    // Whose certificates it takes is the server's to say.
    if !reply.succeeded() {
        return Err(Stop::NotSupported("a certificate that nobody trusts".to_owned()));
    }
    let stored = read_back(probe, &reply)?;
    let value = "/x509Certificates/0/value";
    if stored.at(value).is_none_or(Value::is_null) {
        return Err(Stop::NotSupported("certificates that are kept".to_owned()));
    }
    let in_base64 = pointer_that(value, "text in base64", |value| value.as_str().is_some_and(is_base64));
    stored.expect(in_base64.under(rfc7643::CERTIFICATE_IS_BASE64))?;
    stored.expect(pointer_that(value, "the certificate that was sent", |value| {
        value.as_str().is_some_and(|value| digits(value) == digits(CERTIFICATE))
    }))
}

/// Whether a text is base64 in either of its alphabets, padded or not, be it broken into lines.
fn is_base64(text: &str) -> bool {
    let text: String = text.chars().filter(|letter| !matches!(letter, '\r' | '\n')).collect();
    let digits = text.trim_end_matches('=');
    let of = |marks: &str| digits.chars().all(|digit| digit.is_ascii_alphanumeric() || marks.contains(digit));
    (of("+/") || of("-_")) && digits.len() % 4 != 1 && text.len() - digits.len() <= 2
}

/// The digits of a text in base64, in one alphabet.
fn digits(text: &str) -> String {
    let shown = text.chars().filter(|digit| !matches!(digit, '\r' | '\n' | '='));
    let one = |digit| match digit {
        '-' => '+',
        '_' => '/',
        digit => digit,
    };
    shown.map(one).collect()
}

/// One claim about an answer as a whole, however much of it there is; each place where it does not hold is pointed at.
fn claim(words: &str, wrong: Vec<(String, String)>) -> Vec<Expectation> {
    vec![holds(words, At::Body, places::unless(wrong))]
}

fn references_are_uris(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let resources = managed(seen);
    // A reference to the document itself is empty (RFC 3986 §4.4).
    let is_uri =
        |value: &Value| value.as_str().is_some_and(|address| address.is_empty() || is_encoded(address));
    let mut wrong = Vec::new();
    for (pointer, resource) in &resources {
        places::below(resource, pointer, &mut |pointer, name, value| {
            if name == "$ref" && !value.is_null() && !is_uri(value) {
                wrong.push((pointer.to_owned(), value.to_string()));
            }
        });
        for path in EXTERNAL {
            let shown = places::of(resource, "", path).into_iter();
            let shown =
                shown.filter_map(|place| Some((format!("{pointer}{place}"), resource.pointer(&place)?)));
            let unfit = shown.filter(|(_, value)| !value.is_null() && !is_uri(value));
            wrong.extend(unfit.map(|(place, value)| (place, value.to_string())));
        }
    }
    if resources.is_empty() { Vec::new() } else { claim("a URI in every reference", wrong) }
}

/// What is shown of a country that was sent as its code is such a code; nothing where none was sent, or none is shown.
pub(crate) fn country_codes(sent: &Value, shown: Option<&Value>) -> Option<Expectation> {
    let shown = shown.map(countries).unwrap_or_default();
    let wrong = shown.iter().filter(|(_, country)| !is_code(country));
    let wrong = wrong.map(|(pointer, country)| (pointer.clone(), country.to_string())).collect();
    let sent = countries(sent);
    let judged = !shown.is_empty() && !sent.is_empty() && sent.iter().all(|(_, country)| is_code(country));
    let claim = holds("codes of countries in two letters", At::Body, places::unless(wrong));
    judged.then(|| claim.under(rfc7643::COUNTRY_IS_ISO3166_ALPHA2))
}

/// The countries of the addresses of a resource, each with the place where it stands.
fn countries(resource: &Value) -> Vec<(String, &Value)> {
    let places = places::of(resource, "", "addresses.country").into_iter();
    places.filter_map(|pointer| Some((pointer.clone(), resource.pointer(&pointer)?))).collect()
}

fn is_code(country: &Value) -> bool {
    country.as_str().is_some_and(|code| code.len() == 2 && code.bytes().all(|one| one.is_ascii_alphabetic()))
}

fn messages_have_api_names(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let (Some(answer), Some(body)) = (seen.answer, seen.json) else { return Vec::new() };
    let is_list = (200..300).contains(&answer.status) && body.get("totalResults").is_some();
    // What stands before a SCIM server may answer for paths that are none of its endpoints.
    let is_error = answer.status >= 400 && !is_no_endpoint(seen.request.path());
    let named = body.get("schemas").and_then(Value::as_array).filter(|uris| !uris.is_empty());
    // Whether there are any is the business of other checks.
    let Some(uris) = named.filter(|_| is_list || is_error) else { return Vec::new() };
    let is_ours = |uri: &str| uri.get(..API.len()).is_some_and(|start| start.eq_ignore_ascii_case(API));
    let is_message = uris.iter().filter_map(Value::as_str).any(is_ours);
    let wrong = (!is_message).then(|| ("/schemas".to_owned(), Value::from(uris.clone()).to_string()));
    claim("the name of a message of SCIM 2.0 in schemas", wrong.into_iter().collect())
}
