//! Ids and addresses of other forms.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::{AUTHORIZATION, HeaderValue, LOCATION};
use serde_json::Value;
use uuid::Uuid;

use super::{Variant, around, reply};
use crate::ask::{Ask, Reply};
use crate::faults::edit::{each_resource, ok, reword, reword_header};
use crate::faults::{Answering, Bend, Gate, Next};

/// How long a UUID is as text.
const UUID_CHARS: usize = 36;

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "ids-are-numbers",
        "ids are decimal numbers",
        "RFC 7643 §3.1: an id is a string of any form",
        &[around(|ask, next| translated(ask, next, |id| id.as_u128().to_string(), from_number))],
    ),
    Variant::new(
        "ids-are-counted-in-each-tenant",
        "ids are counted, by each token for itself: two tenants have users of the same id",
        "RFC 7643 §3.1: an id is a string of any form; RFC 7644 §6.2: it need not be unique across tenants",
        &[Bend::Gate(|| Arc::new(Counted::default()))],
    ),
    Variant::new(
        "ids-are-urns",
        "ids are URNs",
        "RFC 7643 §3.1: an id is a string of any form",
        &[around(|ask, next| translated(ask, next, |id| id.urn().to_string(), from_urn))],
    ),
    Variant::new(
        "ids-are-upper-case",
        "ids are UUIDs in capital letters, and known in no other form",
        "RFC 7643 §3.1: an id is a string of any form, and case exact",
        &[around(|ask, next| translated(ask, next, |id| id.to_string().to_uppercase(), from_upper_case))],
    ),
    Variant::new(
        "ids-have-slashes",
        "ids have a question mark and a slash in them, which addresses show encoded",
        "RFC 7643 §3.1: an id is a string of any form; RFC 3986 §2.2: what separates is encoded elsewhere",
        &[around(with_slashes)],
    ),
    Variant::new(
        "references-are-relative",
        "$ref is relative to the base URL, Location and meta.location to the host",
        "RFC 7643 §2.3.7: absolute or relative; RFC 9110 §10.2.2: Location may be relative",
        &[reply(|ask, reply| {
            let origin = ask.base.find("://").map_or(0, |scheme| {
                ask.base
                    .get(scheme + 3..)
                    .and_then(|rest| rest.find('/'))
                    .map_or(ask.base.len(), |slash| scheme + 3 + slash)
            });
            let (origin, base) =
                (ask.base.get(..origin).unwrap_or_default().to_owned(), format!("{}/", ask.base));
            let from_host = |address: &str| address.strip_prefix(&origin).unwrap_or(address).to_owned();
            reword_header(reply, LOCATION, from_host);
            each_resource(ask, reply, |resource| {
                reword(resource, "/meta/location", from_host);
                references(resource, |reference| {
                    reference.strip_prefix(&base).unwrap_or(reference).to_owned()
                });
            });
        })],
    ),
    Variant::new(
        "addresses-name-another-host",
        "addresses name the host that the server is known by in public",
        "RFC 7643 §3.1: meta.location is the resource's URI; a proxy may stand in between",
        &[reply(|ask, reply| {
            let public = |address: &str| address.replace(&ask.base, "https://scim.example.com/public");
            if ok(reply) {
                reword_header(reply, LOCATION, public);
            }
            each_resource(ask, reply, |resource| {
                reword(resource, "/meta/location", public);
                references(resource, public);
            });
        })],
    ),
];

/// Changes each `$ref` among members and groups.
fn references(resource: &mut Value, edit: impl Fn(&str) -> String) {
    for links in ["members", "groups"] {
        for link in resource.get_mut(links).and_then(Value::as_array_mut).into_iter().flatten() {
            reword(link, "/$ref", &edit);
        }
    }
}

/// Lets the server work with its own ids while the client sees others.
fn translated(
    mut ask: Ask,
    next: Next,
    outwards: impl Fn(Uuid) -> String + Send + Sync + 'static,
    inwards: impl Fn(&str) -> Option<Uuid> + Send + Sync + 'static,
) -> Answering {
    Box::pin(async move {
        ask.path = words(&ask.path, |word| inward(word, &inwards));
        ask.query = words(&ask.query.replace("%22", "\""), |word| inward(word, &inwards));
        if let Ok(body) = str::from_utf8(&ask.body) {
            ask.body = words(body, |word| inward(word, &inwards)).into();
        }
        let mut reply = next.call(ask).await;
        if let Some(Ok(location)) = location(&reply, &outwards) {
            reply.headers_mut().insert(LOCATION, location);
        }
        if let Ok(body) = str::from_utf8(reply.body()) {
            *reply.body_mut() = words(body, |word| outward(word, &outwards)).into();
        }
        reply
    })
}

/// The ids that each token was shown, in the order in which it saw them first.
#[derive(Default)]
struct Counted(Arc<Mutex<Shown>>);

impl Gate for Counted {
    fn pass(&self, ask: Ask, next: Next) -> Answering {
        let (seen, known) = (Arc::clone(&self.0), Arc::clone(&self.0));
        let token = ask.headers.get(AUTHORIZATION).cloned();
        let whose = token.clone();
        let outwards = move |id: Uuid| {
            let mut ids = held(&seen);
            let ids = ids.entry(whose.clone()).or_default();
            let place = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
                ids.push(id);
                ids.len() - 1
            });
            format!("{COUNTED}{place:06}")
        };
        let inwards = move |word: &str| {
            let place: usize = word.strip_prefix(COUNTED)?.parse().ok()?;
            held(&known).get(&token)?.get(place).copied()
        };
        translated(ask, next, outwards, inwards)
    }
}

type Shown = HashMap<Option<HeaderValue>, Vec<Uuid>>;

fn held(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a counted id begins.
const COUNTED: &str = "no.";

/// The beginning of an id with a slash, and the same in an address.
const SLASHED: &str = "who?is/";
const SLASHED_IN_ADDRESSES: &str = "who%3Fis%2F";

/// The same with ids that stand otherwise in addresses than in bodies, where they follow a quote.
fn with_slashes(mut ask: Ask, next: Next) -> Answering {
    Box::pin(async move {
        if let Ok(body) = str::from_utf8(&ask.body) {
            ask.body = body.replace(SLASHED, SLASHED_IN_ADDRESSES).into();
        }
        let mut reply = translated(ask, next, |id| format!("{SLASHED_IN_ADDRESSES}{id}"), from_slashed).await;
        let quoted = |id: &str| format!("\"{id}");
        if let Ok(body) = str::from_utf8(reply.body()) {
            *reply.body_mut() = body.replace(&quoted(SLASHED_IN_ADDRESSES), &quoted(SLASHED)).into();
        }
        reply
    })
}

fn from_slashed(word: &str) -> Option<Uuid> {
    word.strip_prefix(SLASHED_IN_ADDRESSES).and_then(|id| Uuid::parse_str(id).ok())
}

fn location(
    reply: &Reply,
    outwards: impl Fn(Uuid) -> String,
) -> Option<Result<HeaderValue, http::header::InvalidHeaderValue>> {
    let location = reply.headers().get(LOCATION)?.to_str().ok()?;
    Some(HeaderValue::try_from(words(location, |word| outward(word, &outwards))))
}

/// The text with each of its words exchanged. A word is what stands between quotes, slashes, and what separates in
/// queries.
fn words(text: &str, exchange: impl Fn(&str) -> String) -> String {
    const MARKS: &[char] = &['"', '/', '?', '&', '=', '\\', ' '];
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(mark) = rest.find(MARKS) {
        let (word, behind) = rest.split_at(mark);
        changed.push_str(&exchange(word));
        let mut behind = behind.chars();
        changed.extend(behind.next());
        rest = behind.as_str();
    }
    changed.push_str(&exchange(rest));
    changed
}

fn outward(word: &str, outwards: impl Fn(Uuid) -> String) -> String {
    let id = Some(word).filter(|word| word.len() == UUID_CHARS).and_then(|word| Uuid::parse_str(word).ok());
    id.map_or_else(|| word.to_owned(), outwards)
}

/// The server's id for the client's; what has the server's form is nobody's.
fn inward(word: &str, inwards: impl Fn(&str) -> Option<Uuid>) -> String {
    let plain = word.replace("%3A", ":");
    match inwards(&plain) {
        Some(id) => id.to_string(),
        None if word.len() == UUID_CHARS && Uuid::parse_str(word).is_ok() => format!("no-{word}"),
        None => word.to_owned(),
    }
}

fn from_number(word: &str) -> Option<Uuid> {
    // Shorter ones are counts and the like.
    let digits = word.len() >= 30 && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok().map(Uuid::from_u128))?
}

fn from_urn(word: &str) -> Option<Uuid> {
    word.strip_prefix("urn:uuid:").and_then(|id| Uuid::parse_str(id).ok())
}

fn from_upper_case(word: &str) -> Option<Uuid> {
    let capital = word.len() == UUID_CHARS && !word.bytes().any(|byte| byte.is_ascii_lowercase());
    capital.then(|| Uuid::parse_str(word).ok())?
}
