//! What makes a server unlike Promapp.

use bytes::Bytes;
use engine::{Deleted, FilteredReplace, ResourceType, Rules, UnknownTarget};
use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{endpoint, media, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::applications::create_group;
use crate::faults::edit::{
    at, creating, deleting, each, error, is, json, keeping, look, no_content, patching, reading, reword,
    send, sent, set, shown, unless,
};
use crate::faults::patch::operations;
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// A fault that leaves a value as it is in a replace.
macro_rules! fixed {
    ($name:literal, $title:literal, $pointer:literal) => {
        Fault::around($name, $title, &["P-04"], |ask, next| keeping(ask, next, $pointer))
    };
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "locations-lack-the-base-path",
        "the address of a user leaves the base path out",
        &["P-01"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                reword(user, "/meta/location", |address| address.replace("/api/scim/", "/"));
            });
        },
    ),
    Fault::rules("groups-are-served", "there are groups", &["P-01"], |rules| {
        if let Ok(standard) = Rules::rfc() {
            let is_group = |known: &ResourceType| known.schema == urn::GROUP;
            rules.resource_types.extend(standard.resource_types.into_iter().filter(is_group));
            rules.schemas.extend(standard.schemas.into_iter().filter(|schema| schema.id == urn::GROUP));
        }
    }),
    Fault::reply(
        "group-type-is-advertised",
        "the resource type of groups is advertised",
        &["P-01"],
        |ask, reply| {
            let group = json!({
                "schemas": [urn::RESOURCE_TYPE], "id": "Group", "name": "Group",
                "endpoint": endpoint::GROUPS, "schema": urn::GROUP,
            });
            advertise(ask, reply, endpoint::RESOURCE_TYPES, &group);
        },
    ),
    Fault::reply(
        "group-schema-is-advertised",
        "the schema of groups is advertised",
        &["P-01"],
        |ask, reply| {
            let name =
                json!({ "name": "displayName", "type": "string", "multiValued": false, "required": true });
            let group =
                json!({ "schemas": [urn::SCHEMA], "id": urn::GROUP, "name": "Group", "attributes": [name] });
            advertise(ask, reply, endpoint::SCHEMAS, &group);
        },
    ),
    Fault::around("groups-are-created", "a POST to /Groups is 201", &["P-01"], create_group),
    Fault::rules("emails-need-no-address", "an e-mail needs no address", &["P-03", "P-04"], |rules| {
        demand_less(rules, "emails", Some("value"));
        if let Some(emails) = rules.attribute_mut(urn::USER, "emails") {
            emails.required = true;
        }
    }),
    Fault::request("empty-names-are-taken", "a name may be empty text", &["P-03"], |ask| {
        if creating(ask) {
            send(ask, |user| {
                for pointer in ["/name/givenName", "/name/familyName"] {
                    reword(
                        user,
                        pointer,
                        |name| if name.is_empty() { "-".to_owned() } else { name.to_owned() },
                    );
                }
            });
        }
    }),
    Fault::rules("given-name-is-optional", "a user needs no given name", &["P-03"], |rules| {
        demand_less(rules, "name", Some("givenName"));
    }),
    Fault::rules("family-name-is-optional", "a user needs no family name", &["P-03"], |rules| {
        demand_less(rules, "name", Some("familyName"));
    }),
    Fault::rules("email-is-optional", "a user needs no e-mail", &["P-03"], |rules| {
        demand_less(rules, "emails", None);
    }),
    Fault::around("json-is-refused", "plain JSON is refused", &["P-03"], |ask, next| {
        refusing_media_type(ask, next, media::JSON)
    }),
    Fault::around(
        "json-patch-is-refused",
        "a body of the type of JSON Patch is refused",
        &["P-03"],
        |ask, next| refusing_media_type(ask, next, "application/json-patch+json"),
    ),
    fixed!("put-cannot-rename", "a replace leaves the userName as it is", "/userName"),
    fixed!("put-keeps-the-given-name", "a replace leaves the given name as it is", "/name/givenName"),
    fixed!("put-keeps-the-family-name", "a replace leaves the family name as it is", "/name/familyName"),
    fixed!("put-keeps-the-emails", "a replace leaves the e-mail as it is", "/emails"),
    fixed!("put-keeps-the-timezone", "a replace leaves the timezone as it is", "/timezone"),
    Fault::rules("patch-spares-names", "PATCH cannot change the family name", &["P-04"], |rules| {
        patchable(rules, |paths| paths.retain(|path| path != "name.familyName"));
    }),
    Fault::rules("patch-spares-emails", "PATCH cannot change the work e-mail", &["P-04"], |rules| {
        patchable(rules, |paths| paths.retain(|path| !path.starts_with("emails")));
    }),
    Fault::around(
        "patch-paths-are-compared-by-text",
        "PATCH changes the work e-mail where its path is written in one way alone",
        &["P-04"],
        |ask, next| {
            let mut body = sent(&ask);
            let other = |operation: &Value| {
                let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
                path.contains('[') && path != r#"emails[type eq "work"].value"#
            };
            let refused = patching(&ask) && operations(&mut body).is_some_and(|all| all.iter().any(other));
            unless(refused, "mutability", ask, &next)
        },
    ),
    Fault::rules("patch-renames", "PATCH changes the userName", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("userName".to_owned()));
    }),
    Fault::rules("patch-switches-off", "PATCH changes active", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("active".to_owned()));
    }),
    Fault::rules("patch-sets-the-external-id", "PATCH changes externalId", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("externalId".to_owned()));
    }),
    Fault::rules("patch-moves-to-another-timezone", "PATCH changes the timezone", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("timezone".to_owned()));
    }),
    Fault::rules("patch-adds-any-email", "PATCH changes every e-mail", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("emails".to_owned()));
    }),
    Fault::rules("patch-changes-the-type", "PATCH changes the type of the work e-mail", &["P-04"], |rules| {
        patchable(rules, |paths| paths.push("emails[type eq \"work\"].type".to_owned()));
    }),
    Fault::rules(
        "patched-emails-lose-their-type",
        "a PATCH of the work e-mail leaves of it what it names",
        &["P-04"],
        |rules| rules.readings.patch.filtered_replace = FilteredReplace::Replaced,
    ),
    Fault::rules("put-switches-off", "a replace changes active", &["P-04"], |rules| {
        replaceable(rules, "active");
    }),
    Fault::rules("put-moves-the-external-id", "a replace changes externalId", &["P-04"], |rules| {
        replaceable(rules, "externalId");
    }),
    Fault::rules(
        "patch-of-unknown-names-is-taken",
        "PATCH takes attributes that there are not, and does nothing for them",
        &["P-04"],
        |rules| rules.readings.patch.unknown = UnknownTarget::Ignored,
    ),
    Fault::reply(
        "patch-of-unknown-names-is-an-invalid-path",
        "a PATCH of attributes that there are not is refused with invalidPath",
        &["P-04"],
        |ask, reply| {
            let sent = sent(ask).to_string();
            let unknown = ["displayName", "formatted", urn::ENTERPRISE_USER];
            if patching(ask) && is(reply, 400) && unknown.iter().any(|name| sent.contains(name)) {
                json(reply, |error| set(error, "/scimType", "invalidPath"));
            }
        },
    ),
    Fault::around(
        "refused-patch-is-half-done",
        "a PATCH that is refused has changed what stands before its mistake",
        &["P-04"],
        |ask, next| {
            Box::pin(async move {
                if patching(&ask) {
                    let mut first = ask.clone();
                    send(&mut first, |body| {
                        if let Some(operations) = operations(body) {
                            operations.truncate(operations.len().saturating_sub(1));
                        }
                    });
                    next.call(first).await;
                }
                next.call(ask).await
            })
        },
    ),
    Fault::reply(
        "refused-patch-says-invalid-value",
        "a PATCH of what it may not change is refused as an unfit value",
        &["P-04"],
        |ask, reply| {
            if patching(ask) {
                json(reply, |error| {
                    if error.get("scimType") == Some(&json!("mutability")) {
                        set(error, "/scimType", "invalidValue");
                    }
                });
            }
        },
    )
    .collateral(&[
        ("promapp.patch-cannot-rename", "it is refused with the same keyword"),
        ("promapp.patch-cannot-switch-off", "it is refused with the same keyword"),
        ("promapp.patch-cannot-set-the-external-id", "it is refused with the same keyword"),
        ("promapp.patch-cannot-change-the-timezone", "it is refused with the same keyword"),
        ("promapp.patch-cannot-add-other-emails", "it is refused with the same keyword"),
        ("promapp.patch-cannot-add-a-display-name", "it is refused with the same keyword"),
        ("promapp.patch-cannot-change-the-formatted-name", "it is refused with the same keyword"),
        ("promapp.patch-cannot-change-the-department", "it is refused with the same keyword"),
        ("promapp.patch-is-refused-whole", "it is refused with the same keyword"),
    ]),
    Fault::rules("bug-r13-departed-are-forgotten", "who returns gets a new id", &["P-05"], |rules| {
        rules.readings.deleted = Deleted::Forgotten;
    }),
    Fault::around(
        "departed-users-are-found",
        "a deleted user is not there by id, and a filter still finds him",
        &["P-05"],
        |ask, next| {
            Box::pin(async move {
                if deleting(&ask) {
                    let user = shown(&next.call(look(&ask)).await);
                    let mut off = ask.clone();
                    off.method = Method::PUT;
                    off.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media::SCIM_JSON));
                    off.body = Bytes::from(user.to_string());
                    send(&mut off, |user| set(user, "/active", false));
                    let kept = is(&next.call(off).await, 200);
                    return if kept { no_content() } else { next.call(ask).await };
                }
                let reply = next.call(ask.clone()).await;
                let is_off = reading(&ask) && shown(&reply).get("active") == Some(&json!(false));
                if is_off { error(404) } else { reply }
            })
        },
    )
    .collateral(&[("promapp.who-returns-keeps-the-id", "the name of somebody who is there still is taken")]),
];

/// Puts one more resource into a list of discovery.
fn advertise(ask: &Ask, reply: &mut Reply, endpoint: &str, resource: &Value) {
    if at(ask, endpoint) {
        json(reply, |list| {
            if let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) {
                resources.push(resource.clone());
                let count = resources.len();
                set(list, "/totalResults", count);
                set(list, "/itemsPerPage", count);
            }
        });
    }
}

fn demand_less(rules: &mut Rules, name: &str, part: Option<&str>) {
    let Some(attribute) = rules.attribute_mut(urn::USER, name) else { return };
    attribute.required = false;
    let mut parts = attribute.sub_attributes.iter_mut();
    if let Some(part) = parts.find(|known| Some(known.name.as_str()) == part) {
        part.required = false;
    }
}

fn refusing_media_type(ask: Ask, next: Next, media_type: &str) -> Answering {
    let announced = ask.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if creating(&ask) && announced == Some(media_type) {
        return Box::pin(std::future::ready(error(415)));
    }
    next.call(ask)
}

fn patchable(rules: &mut Rules, edit: impl Fn(&mut Vec<String>)) {
    rules.resource_types.iter_mut().filter_map(|known| known.patchable.as_mut()).for_each(edit);
}

fn replaceable(rules: &mut Rules, name: &str) {
    let lists = rules.resource_types.iter_mut().filter_map(|known| known.replaceable.as_mut());
    lists.for_each(|listed| listed.push(name.to_owned()));
}
