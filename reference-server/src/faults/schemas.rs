use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{
    answer, at, below, cut, each, error, getting, is, json, listed, number, ok, restate, set, shown,
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "group-schema-unpublished",
        "the schema of groups is not published",
        &["RFC7643-6-R9"],
        |ask, reply| unpublish(ask, reply, urn::GROUP),
    ),
    Fault::reply(
        "enterprise-schema-unpublished",
        "the schema of an extension is not published",
        &["RFC7643-6-R12", "E-07"],
        |ask, reply| unpublish(ask, reply, urn::ENTERPRISE_USER),
    ),
    Fault::reply(
        "schemas-lack-list-uri",
        "the list of schemas does not say that it is one",
        &["RFC7644-4-R3"],
        |ask, reply| {
            if at(ask, endpoint::SCHEMAS) && ok(reply) {
                json(reply, |list| set(list, "/schemas", vec![urn::SCHEMA]));
            }
        },
    ),
    Fault::reply(
        "bug-d01-schemas-are-a-bare-array",
        "/Schemas answers an array in place of a list",
        &["RFC7644-4-R3"],
        |ask, reply| {
            if at(ask, endpoint::SCHEMAS)
                && ok(reply)
                && let Some(schemas) = shown(reply).get("Resources")
            {
                *reply = answer(200, schemas);
            }
        },
    )
    .collateral(OF_LISTED_SCHEMAS),
    Fault::reply(
        "bug-d02-schemas-name-no-schema",
        "the documents of schemas do not say what they are",
        &["RFC7643-7-R38"],
        |ask, reply| each(ask, reply, endpoint::SCHEMAS, |schema| cut(schema, "/schemas")),
    ),
    Fault::reply("bug-d06-config-is-404", "there is no configuration", &["RFC7644-4-R2"], |ask, reply| {
        if at(ask, endpoint::SERVICE_PROVIDER_CONFIG) && ok(reply) {
            *reply = error(404);
        }
    })
    .collateral(OF_THE_CONFIG)
    .hinders(&[
        ("User.modify", "it is not announced"),
        ("Group.modify", "it is not announced"),
        ("User.filter", "it is not announced"),
        ("User.sort", "it is not announced"),
        ("User.version", "it is not announced"),
    ]),
    Fault::reply(
        "schema-by-uri-is-wrapped",
        "a single schema comes as a list of one",
        &["RFC7644-4-R4"],
        |ask, reply| {
            if below(ask, endpoint::SCHEMAS) && ok(reply) {
                *reply = listed(&[shown(reply)]);
            }
        },
    )
    .collateral(&[("create.emails-can-be-shared", "it goes by what the schema of users says of addresses")]),
    Fault::reply(
        "schemas-list-messages",
        "the schema of a message is listed among those of resources",
        &["RFC7644-3.1-R4"],
        |ask, reply| {
            if at(ask, endpoint::SCHEMAS) && ok(reply) {
                relist(reply, |schemas| schemas.push(error_schema(&ask.base)));
            } else if of_schema(ask, urn::ERROR) && getting(ask) && is(reply, 404) {
                *reply = answer(200, &error_schema(&ask.base));
            }
        },
    ),
    Fault::reply("schemas-honour-count", "the list of schemas is paged", &["RFC7644-4-R8"], |ask, reply| {
        let count = number(ask, "count").and_then(|count| usize::try_from(count).ok());
        if let Some(count) = count.filter(|_| at(ask, endpoint::SCHEMAS) && ok(reply)) {
            json(reply, |list| {
                set(list, "/itemsPerPage", count);
                list.get_mut("Resources")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .for_each(|all| all.truncate(count));
            });
        }
    }),
    Fault::reply(
        "schema-mutability-unknown",
        "an attribute is published with a mutability that does not exist",
        &["RFC7643-7-R36"],
        |ask, reply| attribute(ask, reply, "nickName", |nick_name| set(nick_name, "/mutability", "mutable")),
    ),
    Fault::reply(
        "schema-type-unknown",
        "an attribute is published with a type that does not exist",
        &["RFC7643-7-R10"],
        |ask, reply| attribute(ask, reply, "nickName", |nick_name| set(nick_name, "/type", "text")),
    ),
    Fault::reply(
        "schema-name-has-space",
        "an attribute is published under a name with a space in it",
        &["RFC7643-2.1-R3"],
        |ask, reply| attribute(ask, reply, "nickName", |nick_name| set(nick_name, "/name", "nick name")),
    ),
    Fault::reply(
        "schema-nests-complex",
        "a complex attribute is published with a complex sub-attribute",
        &["RFC7643-2.3.8-R2"],
        |ask, reply| {
            attribute(ask, reply, "name", |name| {
                let mut inner = name.clone();
                set(&mut inner, "/name", "former");
                name.pointer_mut("/subAttributes").and_then(Value::as_array_mut).into_iter().for_each(
                    |subs| {
                        subs.push(inner.clone());
                    },
                );
            });
        },
    ),
    Fault::reply(
        "bug-d03-schema-complex-lacks-subattributes",
        "a complex attribute is published without its sub-attributes",
        &["RFC7643-7-R11"],
        |ask, reply| attribute(ask, reply, "name", |name| cut(name, "/subAttributes")),
    ),
    Fault::reply(
        "schema-password-readwrite",
        "the password is published as an attribute that can be read",
        &["RFC7643-4.1.1-R24"],
        |ask, reply| {
            attribute(ask, reply, "password", |password| {
                set(password, "/mutability", "readWrite");
                set(password, "/returned", "default");
            });
        },
    ),
    Fault::reply(
        "schema-id-is-no-uri",
        "a schema is published under an id that is no URI",
        &["RFC7643-7-R7"],
        |ask, reply| {
            each(ask, reply, endpoint::SCHEMAS, |schema| {
                if schema.get("id") == Some(&json!(urn::ENTERPRISE_USER)) {
                    set(schema, "/id", "EnterpriseUser");
                }
            });
        },
    ),
];

/// The checks that look at each schema of the list.
const OF_LISTED_SCHEMAS: &[(&str, &str)] = &[
    ("discovery.schema-is-fetched-by-uri", "it reads the list of schemas"),
    ("discovery.schemas-name-their-schema", "it reads the list of schemas"),
    ("discovery.schemas-list-no-messages", "it reads the list of schemas"),
    ("discovery.schemas-ignore-paging", "it reads the list of schemas"),
    ("discovery.schema-characteristics-are-known", "it reads the list of schemas"),
    ("discovery.schema-names-follow-the-grammar", "it reads the list of schemas"),
    ("discovery.schema-complexity-is-flat", "it reads the list of schemas"),
    ("discovery.schema-names-say-something", "it reads the list of schemas"),
    ("discovery.schema-descriptions-say-something", "it reads the list of schemas"),
    ("discovery.attribute-descriptions-say-something", "it reads the list of schemas"),
    ("discovery.schema-attributes-are-named", "it reads the list of schemas"),
    ("discovery.schema-simple-is-undivided", "it reads the list of schemas"),
    ("discovery.schema-flags-are-booleans", "it reads the list of schemas"),
    ("discovery.schema-references-have-types", "it reads the list of schemas"),
];

/// The checks that look at the configuration.
const OF_THE_CONFIG: &[(&str, &str)] = &[
    ("discovery.config-describes-patch", "it reads the configuration"),
    ("discovery.config-describes-bulk", "it reads the configuration"),
    ("discovery.config-describes-filter", "it reads the configuration"),
    ("discovery.config-describes-change-password", "it reads the configuration"),
    ("discovery.config-describes-sort", "it reads the configuration"),
    ("discovery.config-describes-etag", "it reads the configuration"),
    ("discovery.config-limits-are-integers", "it reads the configuration"),
    ("discovery.config-describes-authentication", "it reads the configuration"),
    ("discovery.config-is-readable-anonymously", "it reads the configuration"),
    ("errors.config-is-read-only", "it reads the configuration"),
];

fn of_schema(ask: &Ask, uri: &str) -> bool {
    below(ask, endpoint::SCHEMAS)
        && ask.segments().get(1).is_some_and(|named| named.eq_ignore_ascii_case(uri))
}

fn unpublish(ask: &Ask, reply: &mut Reply, uri: &str) {
    if of_schema(ask, uri) && ok(reply) {
        *reply = answer(404, &json!({ "schemas": [urn::ERROR], "detail": "there is no such schema" }));
        restate(reply, 404);
    } else if at(ask, endpoint::SCHEMAS) && ok(reply) {
        relist(reply, |schemas| schemas.retain(|schema| schema.get("id") != Some(&json!(uri))));
    }
}

/// Changes what a list holds and keeps its numbers right.
fn relist(reply: &mut Reply, edit: impl FnOnce(&mut Vec<Value>)) {
    let mut body = shown(reply);
    if let Some(resources) = body.get_mut("Resources").and_then(Value::as_array_mut) {
        edit(resources);
        *reply = listed(resources);
    }
}

/// Changes an attribute of the user schema.
fn attribute(ask: &Ask, reply: &mut Reply, name: &str, edit: impl Fn(&mut Value)) {
    each(ask, reply, endpoint::SCHEMAS, |schema| {
        if schema.get("id") == Some(&json!(urn::USER)) {
            let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut);
            attributes
                .into_iter()
                .flatten()
                .filter(|found| found.get("name") == Some(&json!(name)))
                .for_each(&edit);
        }
    });
}

fn error_schema(base: &str) -> Value {
    json!({
        "schemas": [urn::SCHEMA],
        "id": urn::ERROR,
        "name": "Error",
        "description": "Why a request failed.",
        "attributes": [{
            "name": "detail",
            "type": "string",
            "multiValued": false,
            "description": "An explanation for people.",
            "required": false,
            "caseExact": false,
            "mutability": "readOnly",
            "returned": "default",
            "uniqueness": "none",
        }],
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base}{}/{}", endpoint::SCHEMAS, urn::ERROR),
        },
    })
}
