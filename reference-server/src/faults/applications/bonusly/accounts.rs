//! Where the application is found, who its users are, and how they come and go.

use engine::{Deleted, StringBooleans};
use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{endpoint, media, urn};
use serde_json::{Value, json};

use super::{EXTENSION, aims_at};
use crate::faults::Fault;
use crate::faults::applications::{each_operation, unpublish};
use crate::faults::edit::{
    answer, ask_for, at, creating, cut, deleting, each, empty_list, error, getting, is, json, look, patching,
    reading, reword, send, sent, set, shown,
};
use crate::faults::patch::operations;

pub(in crate::faults::applications) const FAULTS: &[Fault] = &[
    Fault::reply(
        "locations-lie-elsewhere",
        "users name an address below /scim/v2",
        &["B-01"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                reword(user, "/meta/location", |location| location.replace("/api/scim20", "/scim/v2"));
            });
        },
    ),
    Fault::reply("groups-are-empty", "/Groups answers a list without groups", &["B-01"], |ask, reply| {
        if getting(ask) && at(ask, endpoint::GROUPS) {
            *reply = empty_list();
        }
    }),
    Fault::reply("group-type-is-listed", "/ResourceTypes lists groups", &["B-01"], |ask, reply| {
        if at(ask, endpoint::RESOURCE_TYPES) {
            let group = json!({
                "schemas": [urn::RESOURCE_TYPE], "id": "Group", "name": "Group", "endpoint": endpoint::GROUPS,
                "schema": urn::GROUP,
            });
            json(reply, |types| add(types, group));
        }
    }),
    Fault::reply("group-schema-is-listed", "/Schemas describes groups", &["B-01"], |ask, reply| {
        if at(ask, endpoint::SCHEMAS) {
            let name = json!({ "name": "displayName", "type": "string", "multiValued": false });
            let group = json!({
                "schemas": [urn::SCHEMA], "id": urn::GROUP, "name": "Group", "attributes": [name],
            });
            json(reply, |schemas| add(schemas, group));
        }
    }),
    Fault::reply("schemas-cannot-be-listed", "/Schemas is 404", &["B-02"], |ask, reply| {
        if at(ask, endpoint::SCHEMAS) {
            *reply = error(404);
        }
    }),
    Fault::reply("locale-is-unpublished", "/Schemas does not list locale", &["B-02"], |ask, reply| {
        if at(ask, endpoint::SCHEMAS) {
            json(reply, |schemas| unpublish(schemas, urn::USER, "locale"));
        }
    }),
    Fault::reply("user-mode-is-unpublished", "/Schemas does not list userMode", &["B-02"], |ask, reply| {
        if at(ask, endpoint::SCHEMAS) {
            json(reply, |schemas| unpublish(schemas, EXTENSION, "userMode"));
        }
    }),
    Fault::rules("active-takes-no-text", "text in the place of active is refused", &["B-11"], |rules| {
        rules.readings.string_booleans = StringBooleans::Refused;
    }),
    Fault::request(
        "bug-t01-any-text-is-active",
        "any text but \"False\" switches a user on",
        &["B-11"],
        |ask| {
            let truthy = |value: &mut Value| {
                if value.as_str().is_some_and(|text| !text.eq_ignore_ascii_case("false")) {
                    *value = true.into();
                }
            };
            each_operation(ask, |operation| {
                if aims_at(operation, "active") {
                    operation.get_mut("value").into_iter().for_each(truthy);
                }
            });
            if creating(ask) {
                send(ask, |user| user.get_mut("active").into_iter().for_each(truthy));
            }
        },
    ),
    Fault::request("rename-loses-the-external-id", "a new userName clears externalId", &["B-12"], |ask| {
        if patching(ask) {
            send(ask, |body| {
                let operations = operations(body);
                if let Some(operations) =
                    operations.filter(|all| all.iter().any(|one| aims_at(one, "userName")))
                {
                    operations.push(json!({ "op": "remove", "path": "externalId" }));
                }
            });
        }
    }),
    Fault::reply("family-name-is-lost", "name.familyName is not shown", &["B-13"], |ask, reply| {
        each(ask, reply, endpoint::USERS, |user| cut(user, "/name/familyName"));
    }),
    Fault::reply(
        "unassigned-users-are-404",
        "a user who is switched off cannot be read",
        &["B-40"],
        |ask, reply| {
            if reading(ask) && shown(reply).get("active") == Some(&json!(false)) {
                *reply = error(404);
            }
        },
    ),
    Fault::request("delete-only-switches-off", "a DELETE only switches the user off", &["B-40"], |ask| {
        if deleting(ask) {
            ask.method = Method::PATCH;
            ask.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media::SCIM_JSON));
            let off = json!({ "op": "replace", "path": "active", "value": false });
            ask.body = json!({ "schemas": [urn::PATCH_OP], "Operations": [off] }).to_string().into();
        }
    }),
    Fault::request("nobody-is-switched-on", "a PATCH that switches a user on does not", &["B-41"], |ask| {
        each_operation(ask, |operation| {
            if aims_at(operation, "active") && operation.get("value") == Some(&json!(true)) {
                set(operation, "/value", false);
            }
        });
    }),
    Fault::around(
        "inactive-users-are-created-again",
        "a create with the userName of somebody who is switched off answers 201 with that user",
        &["B-41"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                if !creating(&ask) || !is(&reply, 409) {
                    return reply;
                }
                let body = sent(&ask);
                let name = body.get("userName").and_then(Value::as_str).unwrap_or_default();
                let mut search = look(&ask);
                ask_for(&mut search, "filter", &format!("userName+eq+%22{name}%22"));
                let found = shown(&next.call(search).await);
                match found.pointer("/Resources/0") {
                    Some(user) if user.get("active") == Some(&json!(false)) => answer(201, user),
                    _ => reply,
                }
            })
        },
    ),
    Fault::rules(
        "deleted-users-come-back-as-others",
        "a create of somebody who was deleted gives a new id",
        &["B-41"],
        |rules| rules.readings.deleted = Deleted::Forgotten,
    ),
];

/// Adds a resource to a list.
fn add(list: &mut Value, resource: Value) {
    if let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) {
        resources.push(resource);
        let listed = resources.len();
        set(list, "/totalResults", listed);
        set(list, "/itemsPerPage", listed);
    }
}
