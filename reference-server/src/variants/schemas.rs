//! Schemas of other shapes than the standard's own.

use engine::{Returned, Schema};
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::bodies::{fill, projected};
use super::{Variant, around, reply, rules};
use crate::ask::Ask;
use crate::faults::edit::{creating, each, look, refusal, replacing, sent, shown};

/// A schema of the server's own.
const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";

/// The attributes that every resource has, RFC 7643 §3.1.
const COMMON: &[&str] = &["schemas", "id", "externalid", "meta"];

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "members-on-request",
        "the members of a group come only where they are asked for",
        "RFC 7643 §7: returned is the schema's to say",
        &[rules(|rules| {
            if let Some(members) = rules.attribute_mut(urn::GROUP, "members") {
                members.returned = Returned::Request;
            }
        })],
    ),
    Variant::new(
        "group-names-are-optional",
        "a group needs no displayName, and the schema says so",
        "RFC 7643 §4.2 says required, its schema in §8.7.1 does not",
        &[rules(|rules| {
            if let Some(name) = rules.attribute_mut(urn::GROUP, "displayName") {
                name.required = false;
            }
        })],
    ),
    Variant::new(
        "schemas-of-its-own",
        "every user has an extension that only this server knows, with values that the server sets",
        "RFC 7643 §3.3: servers extend resource types by schemas of their own",
        &[
            rules(|rules| {
                let Ok(schema) = serde_json::from_value::<Schema>(badge()) else { return };
                rules.schemas.push(schema);
                for user in rules.resource_types.iter_mut().filter(|kind| kind.schema == urn::USER) {
                    user.schema_extensions
                        .push(engine::Extension { schema: BADGE.to_owned(), required: false });
                }
            }),
            reply(|ask, reply| {
                if projected(ask) {
                    return;
                }
                each(ask, reply, endpoint::USERS, |user| {
                    fill(user, BADGE, json!({ "number": "A-17", "doors": ["north", "south"] }));
                    if let Some(Value::Array(schemas)) = user.get_mut("schemas") {
                        schemas.push(BADGE.into());
                    }
                });
            }),
        ],
    ),
    Variant::new(
        "unknown-attributes-are-refused",
        "a body that names an attribute which the schemas do not have is refused with invalidSyntax",
        "RFC 7644 §3.3 and §3.12: a server may ignore it or refuse it",
        &[around(|ask, next| {
            Box::pin(async move {
                if !(creating(&ask) || replacing(&ask)) {
                    return next.call(ask).await;
                }
                let known = known_names(&shown(&next.call(schema_of(&ask)).await));
                let strange = |name: &String| {
                    let name = name.to_lowercase();
                    !name.starts_with("urn:") && !COMMON.contains(&name.as_str()) && !known.contains(&name)
                };
                if !known.is_empty() && sent(&ask).as_object().is_some_and(|body| body.keys().any(strange)) {
                    return refusal("invalidSyntax");
                }
                next.call(ask).await
            })
        })],
    ),
];

fn badge() -> Value {
    json!({
        "id": BADGE,
        "name": "Badge",
        "description": "What opens doors",
        "attributes": [
            { "name": "number", "description": "The number on the badge", "mutability": "readOnly" },
            { "name": "doors", "description": "The doors that it opens", "mutability": "readOnly", "multiValued": true },
        ],
    })
}

/// A request for the base schema of what a write is about.
fn schema_of(ask: &Ask) -> Ask {
    let uri = if ask.path.starts_with(endpoint::GROUPS) { urn::GROUP } else { urn::USER };
    Ask { path: format!("{}/{uri}", endpoint::SCHEMAS), ..look(ask) }
}

fn known_names(schema: &Value) -> Vec<String> {
    let attributes = schema.get("attributes").and_then(Value::as_array).into_iter().flatten();
    attributes.filter_map(|attribute| Some(attribute.get("name")?.as_str()?.to_lowercase())).collect()
}
