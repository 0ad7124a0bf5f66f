//! How a resource may look, and what a server may make of one that it is given.

use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::{Variant, around, reply};
use crate::ask::Ask;
use crate::faults::edit::{
    creating, cut, each, each_resource, json, look, replacing, reword, send, sent, shown,
};

/// The endpoints whose answers show resources, alone or in a list.
const SHOWING: &[&str] = &[
    endpoint::USERS,
    endpoint::GROUPS,
    endpoint::SERVICE_PROVIDER_CONFIG,
    endpoint::RESOURCE_TYPES,
    endpoint::SCHEMAS,
];

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "meta-is-sparse",
        "meta holds the resource type and the location alone",
        "RFC 7643 §3.1: version is optional; of created and lastModified it says what they are, not that they are there",
        &[reply(|ask, reply| {
            each_resource(ask, reply, |resource| {
                for pointer in ["/meta/created", "/meta/lastModified", "/meta/version"] {
                    cut(resource, pointer);
                }
            });
        })],
    )
    .warns(&[
        ("versions.are-in-meta-too", "that the ETag is in meta.version too is a SHOULD"),
        ("groups.versions-are-in-meta-too", "that the ETag is in meta.version too is a SHOULD"),
    ])
    .lacks(&[("attribute meta.created", "it is not shown"), ("attribute meta.lastModified", "it is not shown")]),
    Variant::new(
        "attribute-names-in-another-case",
        "the names of attributes begin with capitals, in resources and in discovery documents",
        "RFC 7643 §2.1: attribute names are case insensitive",
        &[reply(|ask, reply| {
            for endpoint in SHOWING {
                each(ask, reply, endpoint, capitalize);
            }
        })],
    ),
    Variant::new(
        "times-have-an-offset",
        "meta gives its times with an offset in place of Z",
        "RFC 7643 §2.3.5: any xsd:dateTime",
        &[reply(|ask, reply| {
            each_resource(ask, reply, |resource| {
                for pointer in ["/meta/created", "/meta/lastModified"] {
                    reword(resource, pointer, |time| time.replace('Z', "+00:00"));
                }
            });
        })],
    ),
    Variant::new(
        "times-have-no-zone",
        "meta gives its times without a zone",
        "RFC 7643 §2.3.5: any xsd:dateTime, in which the zone is optional",
        &[reply(|ask, reply| {
            each_resource(ask, reply, |resource| {
                for pointer in ["/meta/created", "/meta/lastModified"] {
                    reword(resource, pointer, |time| time.trim_end_matches('Z').to_owned());
                }
            });
        })],
    )
    .lacks(&[("times with a zone", "nobody can ask for a moment that it does not tell")]),
    Variant::new(
        "order-is-reversed",
        "members of objects, schemas and values of attributes come in another order",
        "RFC 7643 §2.4 and RFC 8259 §4: neither has an order",
        &[reply(|ask, reply| {
            json(reply, turn_round);
            each_resource(ask, reply, turn_round_whole);
            each(ask, reply, endpoint::SCHEMAS, turn_round_whole);
        })],
    ),
    Variant::new(
        "unset-is-shown",
        "attributes without a value are shown as null or as an empty array",
        "RFC 7643 §2.5: both mean the same as absence",
        &[reply(|ask, reply| {
            if projected(ask) {
                return;
            }
            each(ask, reply, endpoint::USERS, |user| {
                fill(user, "nickName", Value::Null);
                fill(user, "title", Value::Null);
                fill(user, "emails", json!([]));
                fill(user, "phoneNumbers", json!([]));
            });
            each(ask, reply, endpoint::GROUPS, |group| fill(group, "members", json!([])));
        })],
    ),
    Variant::new(
        "schemas-name-empty-extensions",
        "users name the Enterprise schema whether or not they have one of its attributes",
        "RFC 7643 §3: schemas names what the resource supports; nothing forbids an extension without a value",
        &[reply(|ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                if let Some(Value::Array(schemas)) = user.get_mut("schemas")
                    && !schemas.iter().any(|uri| uri == urn::ENTERPRISE_USER)
                {
                    schemas.push(urn::ENTERPRISE_USER.into());
                }
            });
        })],
    ),
    Variant::new(
        "usernames-become-lower-case",
        "a userName is kept in lower case",
        "RFC 7643 §4.1.1 and §2.2: letter case carries no meaning where caseExact is false",
        &[around(|mut ask, next| {
            if creating(&ask) || replacing(&ask) {
                send(&mut ask, |user| reword(user, "/userName", str::to_lowercase));
            }
            next.call(ask)
        })],
    ),
    Variant::new(
        "put-keeps-what-is-left-out",
        "a PUT leaves attributes alone that it does not name",
        "RFC 7644 §3.5.1: an omitted attribute MAY be taken as not asserted",
        &[around(|mut ask, next| {
            Box::pin(async move {
                if !replacing(&ask) {
                    return next.call(ask).await;
                }
                let current = shown(&next.call(look(&ask)).await);
                let given = sent(&ask);
                let names = given.as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase());
                let names: Vec<String> = names.collect();
                let kept = current.as_object().into_iter().flatten().filter(|(name, _)| {
                    !["id", "meta", "groups", "schemas", "status"].contains(&name.as_str())
                        && !names.contains(&name.to_lowercase())
                });
                let kept: Vec<(String, Value)> = kept
                    .filter(|_| current.get("id").is_some())
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                send(&mut ask, |body| {
                    for (name, value) in kept {
                        fill(body, &name, value);
                    }
                });
                next.call(ask).await
            })
        })],
    ),
];

/// Whether the client chose what it wants to see.
pub(super) fn projected(ask: &Ask) -> bool {
    let asks = |name: &str| ask.parameter(name).is_some() || sent(ask).get(name).is_some();
    asks("attributes") || asks("excludedAttributes")
}

/// Adds a member that is not there.
pub(super) fn fill(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.entry(name).or_insert(value);
    }
}

/// The names of all members with a capital letter at the beginning.
fn capitalize(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let spelt = std::mem::take(members).into_iter().map(|(name, mut value)| {
                capitalize(&mut value);
                let mut letters = name.chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                (first.into_iter().chain(letters).collect(), value)
            });
            *members = spelt.collect();
        }
        Value::Array(items) => items.iter_mut().for_each(capitalize),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The members of an object in reverse.
fn turn_round(value: &mut Value) {
    if let Value::Object(members) = value {
        *members = std::mem::take(members).into_iter().rev().collect();
    }
}

/// The members of every object, and the items of every array, in reverse.
fn turn_round_whole(value: &mut Value) {
    turn_round(value);
    match value {
        Value::Object(members) => members.values_mut().for_each(turn_round_whole),
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(turn_round_whole);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
