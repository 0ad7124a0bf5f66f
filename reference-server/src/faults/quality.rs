//! Discovery that leaves out or garbles what it has to say of schemas, resource types and extensions.

use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{at, below, cut, each, error, ok, quote, reading, set, shown};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "resource-type-name-is-empty",
        "a resource type has an empty name",
        &["RFC7643-6-R2"],
        |ask, reply| group_type(ask, reply, |kind| set(kind, "/name", "")),
    )
    .of_groups()
    .collateral(&[("discovery.types-are-described", "it looks for the name too")]),
    Fault::reply(
        "resource-type-description-is-empty",
        "a resource type's description says nothing",
        &["RFC7643-6-R6"],
        |ask, reply| each(ask, reply, endpoint::RESOURCE_TYPES, |kind| set(kind, "/description", "")),
    ),
    Fault::reply("schema-lacks-id", "a schema is listed without its id", &["RFC7643-7-R3"], |ask, reply| {
        if at(ask, endpoint::SCHEMAS) {
            each(ask, reply, endpoint::SCHEMAS, |schema| {
                if schema.get("id") == Some(&json!(urn::GROUP)) {
                    cut(schema, "/id");
                }
            });
        }
    })
    .of_groups(),
    Fault::reply("schema-name-is-empty", "a schema's name says nothing", &["RFC7643-7-R8"], |ask, reply| {
        each(ask, reply, endpoint::SCHEMAS, |schema| set(schema, "/name", ""));
    }),
    Fault::reply(
        "schema-description-is-empty",
        "a schema's description says nothing",
        &["RFC7643-7-R9"],
        |ask, reply| each(ask, reply, endpoint::SCHEMAS, |schema| set(schema, "/description", "")),
    ),
    Fault::reply(
        "attribute-description-is-empty",
        "the description of an attribute says nothing",
        &["RFC7643-7-R13"],
        |ask, reply| attribute(ask, reply, "nickName", |nick_name| set(nick_name, "/description", "")),
    ),
    Fault::reply(
        "schema-attribute-lacks-name",
        "an attribute is published without a name",
        &["RFC7643-7-R6"],
        |ask, reply| attribute(ask, reply, "x509Certificates", |found| cut(found, "/name")),
    ),
    Fault::reply(
        "schema-divides-a-string",
        "a string is published with sub-attributes",
        &["RFC7643-1.2-R2"],
        |ask, reply| {
            attribute(ask, reply, "timezone", |timezone| {
                let part = json!({ "name": "offset", "type": "string", "multiValued": false });
                set(timezone, "/subAttributes", json!([part]));
            });
        },
    ),
    Fault::reply(
        "schema-multi-valued-is-text",
        "multiValued of an attribute is a string",
        &["RFC7643-7-R12"],
        |ask, reply| attribute(ask, reply, "timezone", |timezone| quote(timezone, "/multiValued")),
    ),
    Fault::reply(
        "schema-required-is-text",
        "required of an attribute is a string",
        &["RFC7643-7-R14"],
        |ask, reply| attribute(ask, reply, "timezone", |timezone| quote(timezone, "/required")),
    ),
    Fault::reply(
        "schema-string-has-reference-types",
        "a string is published with reference types",
        &["RFC7643-7-R35"],
        |ask, reply| {
            attribute(ask, reply, "timezone", |timezone| set(timezone, "/referenceTypes", json!(["User"])));
        },
    ),
    Fault::reply(
        "required-extension-is-not-enforced",
        "an extension is published as required, and users are taken without it",
        &["RFC7643-6-R14"],
        |ask, reply| {
            each(ask, reply, endpoint::RESOURCE_TYPES, |kind| {
                if kind.get("id") == Some(&json!("User")) {
                    set(kind, "/schemaExtensions/0/required", true);
                }
            });
        },
    ),
    Fault::reply(
        "bug-m04-extension-leaks-to-the-top",
        "attributes of the Enterprise extension are shown at the top of a user as well",
        &["RFC7643-3.3-R7", "RFC7643-3-R10"],
        |ask, reply| {
            if reading(ask) {
                each(ask, reply, endpoint::USERS, |user| {
                    if let Some(department) =
                        user.get(urn::ENTERPRISE_USER).and_then(|own| own.get("department")).cloned()
                    {
                        set(user, "/department", department);
                    }
                });
            }
        },
    ),
    Fault::reply(
        "named-schema-cannot-be-fetched",
        "a schema that users name is listed, and cannot be fetched with its URI in its own letter case",
        &["RFC7643-7-R1"],
        |ask, reply| {
            if below(ask, endpoint::SCHEMAS) && ok(reply) && ask.path.ends_with(urn::ENTERPRISE_USER) {
                *reply = error(404);
            }
        },
    )
    .collateral(&[
        ("discovery.schema-is-fetched-by-uri", "it fetches every schema"),
        ("discovery.type-schemas-are-published", "it fetches every schema"),
    ]),
    Fault::reply(
        "users-name-an-unpublished-type",
        "a user names a resource type that is not published",
        &["RFC7643-6-R5", "RFC7643-3.1-R21"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| set(user, "/meta/resourceType", "Person"));
        },
    ),
];

fn group_type(ask: &Ask, reply: &mut Reply, edit: impl Fn(&mut Value)) {
    each(ask, reply, endpoint::RESOURCE_TYPES, |kind| {
        if kind.get("id") == Some(&json!("Group")) {
            edit(kind);
        }
    });
}

/// Changes an attribute of the user schema.
fn attribute(ask: &Ask, reply: &mut Reply, name: &str, edit: impl Fn(&mut Value)) {
    if !(at(ask, endpoint::SCHEMAS) || below(ask, endpoint::SCHEMAS)) || shown(reply).is_null() {
        return;
    }
    each(ask, reply, endpoint::SCHEMAS, |schema| {
        if schema.get("id") == Some(&json!(urn::USER)) {
            let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut);
            let named = attributes.into_iter().flatten();
            named.filter(|found| found.get("name") == Some(&json!(name))).for_each(&edit);
        }
    });
}
