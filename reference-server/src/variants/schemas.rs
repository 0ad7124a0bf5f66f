//! Schemas of other shapes than the standard's own.

use engine::{Kind, Returned, Schema, Uniqueness};
use http::header::AUTHORIZATION;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::bodies::{fill, projected};
use super::{Variant, around, reply, rules};
use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    below, creating, each, is, look, patching, refusal, replacing, send, sent, set, shown,
};

/// A schema of the server's own.
const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";

/// The attributes of users that a small directory has.
const FEW: &[&str] = &["userName", "name", "displayName", "active", "emails", "groups"];

/// The attributes that every resource has, RFC 7643 §3.1.
const COMMON: &[&str] = &["schemas", "id", "externalid", "meta"];

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "schema-is-small",
        "users have six attributes and no more, and discovery says so",
        "RFC 7643 §4.1 and §7: of these attributes userName alone is required; the schema says which there are",
        &[rules(|rules| {
            for schema in rules.schemas.iter_mut().filter(|schema| schema.id == urn::USER) {
                schema.attributes.retain(|attribute| FEW.contains(&attribute.name.as_str()));
            }
        })],
    )
    .lacks(&[
        ("an attribute addresses.type that can be written", "the schema does not have it"),
        ("an attribute phoneNumbers.type that can be written", "the schema does not have it"),
        ("an attribute nickName that can be written", "the schema does not have it"),
        ("an attribute profileUrl that can be written", "the schema does not have it"),
        ("an attribute title that can be written", "the schema does not have it"),
        ("an attribute userType that can be written", "the schema does not have it"),
        ("an attribute x509Certificates.value that can be written", "the schema does not have it"),
    ]),
    Variant::new(
        "more-is-required",
        "a user needs an e-mail address and a given name, and the schema says so",
        "RFC 7643 §7: what is required is the schema's to say",
        &[rules(|rules| {
            if let Some(emails) = rules.attribute_mut(urn::USER, "emails") {
                emails.required = true;
            }
            if let Some(name) = rules.attribute_mut(urn::USER, "name") {
                name.required = true;
                for part in name.sub_attributes.iter_mut().filter(|part| part.name == "givenName") {
                    part.required = true;
                }
            }
        })],
    )
    .lacks(&[("a resource without emails", "the schema says required"), ("a resource without name", "the schema says required"), ("a resource without name.givenName", "the schema says required"), ("a user without emails.value", "every user has to have one")]),
    Variant::new(
        "addresses-are-unique",
        "no two users have the same e-mail address, and the schema says so",
        "RFC 7643 §7: uniqueness is the schema's to say",
        &[rules(|rules| {
            if let Some(emails) = rules.attribute_mut(urn::USER, "emails") {
                for part in emails.sub_attributes.iter_mut().filter(|part| part.name == "value") {
                    part.uniqueness = Uniqueness::Server;
                }
            }
        })],
    )
    .lacks(&[(
        "e-mail addresses that the schema lets several users have",
        "the schema says that everybody has his own",
    )]),
    Variant::new(
        "extension-is-required",
        "a user needs the Enterprise extension, and the resource type says so",
        "RFC 7643 §6: which extensions are required is the resource type's to say",
        &[rules(|rules| {
            for kind in rules.resource_types.iter_mut().filter(|kind| kind.schema == urn::USER) {
                let own = kind.schema_extensions.iter_mut();
                own.filter(|known| known.schema == urn::ENTERPRISE_USER).for_each(|known| known.required = true);
            }
        })],
    ),
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
    Variant::new(
        "display-name-is-the-servers",
        "the displayName of a user is the server's: its schema says read-only, and it is the userName",
        "RFC 7643 §7: mutability is the schema's to say",
        &[
            reply(|ask, reply| {
                each(ask, reply, endpoint::SCHEMAS, |schema| {
                    if schema.get("id") == Some(&json!(urn::USER)) {
                        published(schema, "displayName", "mutability", "readOnly");
                    }
                });
            }),
            around(|mut ask, next| {
                Box::pin(async move {
                    if let Some(refused) = patches(&ask, "displayName")
                        && is(&next.call(look(&ask)).await, 200)
                    {
                        return refused;
                    }
                    if ask.path.starts_with(endpoint::USERS) && (creating(&ask) || replacing(&ask)) {
                        send(&mut ask, |user| {
                            let name = user.get("userName").cloned().unwrap_or_default();
                            cut_any_case(user, "displayName");
                            set(user, "/displayName", name);
                        });
                    }
                    next.call(ask).await
                })
            }),
        ],
    ),
    Variant::new(
        "references-have-no-case",
        "the schemas say that letter case does not count in references",
        "RFC 7643 §2.3.7 says caseExact; its schemas in §8.7.1 say otherwise",
        &[rules(|rules| {
            let attributes = rules.schemas.iter_mut().flat_map(|schema| &mut schema.attributes);
            let leaves = attributes.flat_map(|attribute| &mut attribute.sub_attributes);
            for reference in leaves.filter(|leaf| leaf.kind == Kind::Reference) {
                reference.case_exact = false;
            }
        })],
    ),
    Variant::new(
        "user-names-are-for-ever",
        "the userName of a user is immutable, and the schema says so: whoever would change it is refused with mutability",
        "RFC 7643 §7: mutability is the schema's to say; RFC 7644 §3.5.1 and §3.12: 400 with mutability",
        &[
            reply(|ask, reply| {
                each(ask, reply, endpoint::SCHEMAS, |schema| {
                    if schema.get("id") == Some(&json!(urn::USER)) {
                        published(schema, "userName", "mutability", "immutable");
                    }
                });
            }),
            around(|ask, next| {
                Box::pin(async move {
                    if let Some(refused) = patches(&ask, "userName")
                        && is(&next.call(look(&ask)).await, 200)
                    {
                        return refused;
                    }
                    if ask.path.starts_with(endpoint::USERS) && replacing(&ask) {
                        let stored = next.call(look(&ask)).await;
                        if is(&stored, 200) && renames(&shown(&stored), &sent(&ask)) {
                            return refusal("mutability");
                        }
                    }
                    next.call(ask).await
                })
            }),
        ],
    )
    .lacks(&[("an attribute userName that can be written", "the schema says immutable")]),
];

/// Whether a body gives a user another userName.
fn renames(stored: &Value, body: &Value) -> bool {
    let name = |user: &Value| {
        let mut members = user.as_object().into_iter().flatten();
        let found = members.find(|(name, _)| name.eq_ignore_ascii_case("userName"));
        found.and_then(|(_, name)| name.as_str()).map(str::to_lowercase)
    };
    name(body).is_some_and(|given| Some(given) != name(stored))
}

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

fn cut_any_case(object: &mut Value, name: &str) {
    if let Value::Object(members) = object {
        members.retain(|known, _| !known.eq_ignore_ascii_case(name));
    }
}

/// Sets a characteristic of a published attribute.
fn published(schema: &mut Value, attribute: &str, characteristic: &str, value: &str) {
    let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut).into_iter().flatten();
    for found in attributes.filter(|known| known.get("name") == Some(&json!(attribute))) {
        set(found, &format!("/{characteristic}"), value);
    }
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

/// The refusal of a PATCH that names an attribute of a user.
fn patches(ask: &Ask, attribute: &str) -> Option<Reply> {
    if !ask.headers.contains_key(AUTHORIZATION) || !patching(ask) || !below(ask, endpoint::USERS) {
        return None;
    }
    let body = sent(ask);
    let operations = body.get("Operations").and_then(Value::as_array).into_iter().flatten();
    let names = |operation: &Value| {
        let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
        let in_value = operation.get("value").and_then(Value::as_object);
        path.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case(attribute))
            || path.is_empty()
                && in_value.is_some_and(|value| value.keys().any(|name| name.eq_ignore_ascii_case(attribute)))
    };
    operations.into_iter().any(names).then(|| refusal("mutability"))
}
