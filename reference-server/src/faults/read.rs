use engine::timestamp;
use protocol::{endpoint, urn};
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{
    at, below, cut, discovering, each, each_resource, is, json, listing, look, ok, reading, restate, reword,
    set, status, without,
};
use crate::faults::stores::{edited, restored};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply("read-answers-203", "a read answers 203", &["RFC7644-3.4.1-R1"], |ask, reply| {
        if reading(ask) && is(reply, 200) {
            status(reply, 203);
        }
    })
    .collateral(&[
        ("create.sends-location", "it follows Location and expects 200 there"),
        ("versions.change-with-the-resource", "it reads the changed resource and expects 200"),
        ("groups.versions-change", "it reads the changed group and expects 200"),
    ]),
    Fault::reply(
        "read-lacks-version",
        "a read shows no version, neither as ETag nor in meta",
        &["RFC7644-3.14-R2", "RFC7643-5-R14"],
        |ask, reply| {
            if reading(ask) && ok(reply) {
                reply.headers_mut().remove(http::header::ETAG);
                json(reply, |resource| cut(resource, "/meta/version"));
            }
        },
    )
    .collateral(&[
        ("groups.versions-come-as-a-header", "groups have versions too"),
        ("groups.versions-are-in-meta-too", "groups have versions too"),
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
        ("create.shows-what-is-stored", "the answer differs from the read"),
        ("replace.shows-what-is-stored", "the answer differs from the read"),
        ("patch.answers-with-what-is-stored", "the answer differs from the read"),
    ])
    .hinders(&[("User.version", "the version to ask by comes with a read")]),
    Fault::reply(
        "bug-r12-unknown-id-is-400",
        "a read of an unknown id answers 400",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if reading(ask) && is(reply, 404) {
                restate(reply, 400);
            }
        },
    )
    .collateral(&[
        ("groups.unknown-id-is-404", "it reads an unknown id"),
        ("read.endpoints-show-their-type", "it reads an unknown id"),
        ("delete.keeps-to-its-type", "it is preceded by a read of an unknown id"),
    ]),
    Fault::request(
        "attributes-ignored",
        "the attributes parameter changes nothing",
        &["RFC7644-3.9-R5"],
        |ask| {
            if !discovering(ask) {
                without(ask, "attributes");
            }
        },
    )
    .collateral(&[
        ("readings.extensions-in-projections", "it asks for attributes"),
        ("list.honours-attributes", "it asks for attributes"),
        ("patch.honours-attributes", "it asks for attributes"),
        ("projection.create-honours-attributes", "it asks for attributes"),
        ("projection.replace-honours-attributes", "it asks for attributes"),
        ("projection.modify-honours-attributes", "it asks for attributes"),
        ("projection.list-honours-attributes", "it asks for attributes"),
        ("projection.by-urn-name", "it asks for attributes"),
        ("projection.by-extension-urn", "it asks for attributes"),
        ("projection.by-sub-attribute", "it asks for attributes"),
        ("projection.by-several-names", "it asks for attributes"),
        ("projection.names-ignore-case", "it asks for attributes"),
        ("projection.parameters-are-supported", "it asks for attributes"),
    ]),
    Fault::request(
        "list-ignores-attributes",
        "the attributes parameter changes nothing about lists",
        &["RFC7644-3.4.2.5-R3"],
        |ask| {
            if listing(ask) {
                without(ask, "attributes");
            }
        },
    ),
    Fault::request(
        "excluded-attributes-ignored",
        "the excludedAttributes parameter changes nothing",
        &["RFC7644-3.9-R7", "RFC7644-3.4.2.5-R1", "E-06"],
        |ask| {
            if !discovering(ask) {
                without(ask, "excludedAttributes");
            }
        },
    )
    .collateral(&[
        ("groups.list-honours-exclusion", "it excludes attributes"),
        ("groups.read-honours-exclusion", "it excludes attributes"),
        ("projection.create-honours-exclusion", "it excludes attributes"),
        ("projection.replace-honours-exclusion", "it excludes attributes"),
        ("projection.modify-honours-exclusion", "it excludes attributes"),
        ("projection.list-honours-exclusion", "it excludes attributes"),
        ("projection.without-sub-attribute", "it excludes attributes"),
    ]),
    Fault::rules(
        "exclusion-removes-id",
        "id can be excluded",
        &["RFC7644-3.4.2.5-R5", "RFC7644-3.9-R6"],
        |rules| {
            if let Some(id) = rules.common.iter_mut().find(|attribute| attribute.name == "id") {
                id.returned = engine::Returned::Default;
            }
        },
    )
    .collateral(&[
        ("groups.list-honours-attributes", "it looks for the id in a projected answer"),
        ("groups.read-honours-attributes", "it looks for the id in a projected answer"),
        ("projection.create-honours-attributes", "it looks for the id in a projected answer"),
        ("projection.replace-honours-attributes", "it looks for the id in a projected answer"),
        ("projection.modify-honours-attributes", "it looks for the id in a projected answer"),
        ("search.keeps-the-id", "it excludes the id"),
        ("projection.list-honours-attributes", "it looks for the id in a projected answer"),
        ("projection.search-honours-attributes", "it looks for the id in a projected answer"),
        ("read.attributes-narrow-the-answer", "it looks for the id in a projected answer"),
        ("wire.id-is-stable", "a projected answer has no id to compare"),
        ("wire.id-is-well-formed", "a projected answer has no id"),
    ]),
    Fault::reply(
        "meta-resource-type-is-lower-case",
        "meta.resourceType is written in lower case",
        &["RFC7643-3.1-R21", "RFC7644-3.3.1-R1"],
        |ask, reply| {
            each_resource(ask, reply, |resource| reword(resource, "/meta/resourceType", str::to_lowercase));
        },
    ),
    Fault::reply(
        "created-is-a-date-only",
        "meta.created is a date without a time",
        &["RFC7643-2.3.5-R2"],
        |ask, reply| {
            each_resource(ask, reply, |resource| {
                reword(resource, "/meta/created", |text| {
                    text.split('T').next().unwrap_or_default().to_owned()
                });
            });
        },
    )
    .collateral(&[
        ("readings.equal-times", "it asks for a time of creation"),
        ("filter.date-times-compare-in-time", "it compares with when its people were created"),
        ("filter.nothing-is-older-than-the-run", "it compares with when its people were created"),
        ("filter.ge-on-a-date-time", "it compares with when its people were created"),
        ("filter.le-on-a-date-time", "it compares with when its people were created"),
        ("filter.ne-on-a-date-time", "it compares with when its people were created"),
    ]),
    Fault::reply(
        "created-is-no-day",
        "a read shows a time of creation in a month that does not exist",
        &["RFC7643-3.1-R22"],
        |ask, reply| {
            if reading(ask) {
                each_resource(ask, reply, |resource| {
                    set(resource, "/meta/created", "2026-13-01T00:00:00Z");
                });
            }
        },
    ),
    Fault::reply(
        "last-modified-is-no-day",
        "a read shows a time of change in a month that does not exist",
        &["RFC7643-2.3.5-R1"],
        |ask, reply| {
            if reading(ask) {
                each_resource(ask, reply, |resource| {
                    reword(resource, "/meta/lastModified", |time| {
                        format!("2026-13{}", time.get(7..).unwrap_or_default())
                    });
                });
            }
        },
    )
    .collateral(&[
        ("replace.moves-last-modified", "it compares the time of change"),
        ("patch.moves-last-modified", "it compares the time of change"),
    ]),
    Fault::reply(
        "title-is-a-number",
        "a read shows a title as a number",
        &["RFC7643-2.3-R2"],
        |ask, reply| {
            if reading(ask) {
                each(ask, reply, endpoint::USERS, |user| {
                    if user.get("title") == Some(&Value::from("Analyst")) {
                        set(user, "/title", 7);
                    }
                });
            }
        },
    )
    .collateral(&[
        ("create.stores-what-was-sent", "it looks for the title too"),
        ("patch.add-simple", "it looks for the title too"),
        ("patch.add-without-path", "it looks for the title too"),
        ("patch.add-by-core-urn", "it looks for the title too"),
        ("patch.replace-missing", "it looks for the title too"),
        ("patch.names-need-no-urn", "it looks for the title too"),
    ]),
    Fault::reply(
        "password-on-request",
        "a password is shown to whoever asks for it by name",
        &["RFC7643-7-R26"],
        |ask, reply| {
            if reading(ask) && ask.parameter("attributes").is_some_and(|names| names.contains("password")) {
                each_resource(ask, reply, |user| set(user, "/password", "********"));
            }
        },
    ),
    Fault::store(
        "groups-lack-external-id",
        "the externalId of a group is acknowledged and not kept",
        &["RFC7643-3-R8"],
        |inner| {
            edited(inner, |_, _, changes| {
                for put in changes.puts.iter_mut().filter(|put| *put.resource_type == *"Group") {
                    restored(put, |group| cut(group, "/externalId"));
                }
            })
        },
    ),
    Fault::around(
        "ids-repeat-across-types",
        "for every group there is a user with the same id",
        &["RFC7643-3.1-R6"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let id = ask.path.strip_prefix(endpoint::USERS).filter(|_| reading(&ask) && is(&reply, 404));
                let Some(id) = id else { return reply };
                let path = format!("{}{id}", endpoint::GROUPS);
                let mut twin = next.call(Ask { path, ..look(&ask) }).await;
                if !is(&twin, 200) {
                    return reply;
                }
                json(&mut twin, |user| {
                    set(user, "/schemas", vec![urn::USER]);
                    set(user, "/userName", user.get("displayName").cloned().unwrap_or_default());
                    set(user, "/meta/resourceType", "User");
                    reword(user, "/meta/location", |at| at.replace(endpoint::GROUPS, endpoint::USERS));
                });
                twin
            })
        },
    ),
    Fault::reply(
        "users-name-unknown-schemas",
        "a user names a schema that is not registered for users",
        &["RFC7643-3-R5"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                if let Some(Value::Array(schemas)) = user.get_mut("schemas") {
                    schemas.push(urn::SERVICE_PROVIDER_CONFIG.into());
                }
            });
        },
    ),
    Fault::reply("created-is-a-number", "meta.created is a number", &["RFC7643-2.3.5-R3"], |ask, reply| {
        each_resource(ask, reply, |resource| {
            if let Some(created) = resource.pointer("/meta/created").and_then(Value::as_str).and_then(unix_ms)
            {
                set(resource, "/meta/created", created / 1_000);
            }
        });
    })
    .collateral(&[
        ("readings.equal-times", "it asks for a time of creation"),
        ("filter.date-times-compare-in-time", "it compares with when its people were created"),
        ("filter.nothing-is-older-than-the-run", "it compares with when its people were created"),
        ("filter.ge-on-a-date-time", "it compares with when its people were created"),
        ("filter.le-on-a-date-time", "it compares with when its people were created"),
        ("filter.ne-on-a-date-time", "it compares with when its people were created"),
    ]),
    Fault::reply(
        "last-modified-starts-ahead",
        "a resource that was never changed was last modified after it was created",
        &["RFC7643-3.1-R23"],
        |ask, reply| {
            each_resource(ask, reply, |resource| {
                reword(resource, "/meta/lastModified", |text| {
                    unix_ms(text).map_or_else(|| text.to_owned(), |moment| timestamp(moment + 1_000))
                });
            });
        },
    ),
    Fault::reply(
        "resource-lacks-base-schema",
        "a user does not name the schema of users",
        &["RFC7643-3.3-R3"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| set(user, "/schemas", vec![urn::ENTERPRISE_USER]));
        },
    ),
    Fault::reply(
        "schemas-hold-duplicates",
        "a resource names a schema twice",
        &["RFC7643-3-R6"],
        |ask, reply| {
            each_resource(ask, reply, |resource| {
                if let Some(Value::Array(schemas)) = resource.get_mut("schemas") {
                    schemas.extend(schemas.first().cloned());
                }
            });
        },
    ),
    Fault::reply("read-lacks-meta", "a read answers without meta", &["RFC7643-3.1-R1"], |ask, reply| {
        if reading(ask) {
            json(reply, |resource| cut(resource, "/meta"));
        }
    })
    .collateral(&[
        ("read.type-is-published", "it looks for the type in meta"),
        ("replace.moves-last-modified", "it looks at meta"),
        ("patch.moves-last-modified", "it looks at meta"),
        ("groups.versions-are-in-meta-too", "it looks for the version in meta"),
        ("wire.resources-name-their-type", "it looks for the type in meta"),
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
        ("create.shows-what-is-stored", "the read differs from the create's answer"),
        ("replace.shows-what-is-stored", "the read differs from the replace's answer"),
        ("groups.know-their-type", "it looks for the type in meta"),
        ("create.ignores-client-meta", "it looks at the meta that the server set"),
        ("versions.are-in-meta-too", "it looks for the version in meta"),
    ]),
    Fault::reply(
        "read-changes-id",
        "a read shows another id than the one asked for",
        &["RFC7643-3.1-R7"],
        |ask, reply| {
            if reading(ask) {
                json(reply, |resource| reword(resource, "/id", |id| format!("{id}0")));
            }
        },
    )
    .collateral(&[
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
        ("patch.answers-with-what-is-stored", "the read differs from the answer"),
        ("create.sends-location", "the resource there has another id"),
        ("create.shows-what-is-stored", "the read differs from the create's answer"),
        ("read.answers-200", "it compares the id"),
        ("read.attributes-narrow-the-answer", "it compares the id"),
        ("read.id-survives-exclusion", "it compares the id"),
        ("replace.shows-what-is-stored", "the read differs from the replace's answer"),
        ("groups.member-refs-resolve", "the member there has another id"),
        ("read.location-leads-back", "the resource there has another id"),
    ]),
    Fault::reply("active-is-text", "active is a string", &["RFC7643-2.3.2-R1", "B-11"], |ask, reply| {
        if at(ask, endpoint::USERS) || below(ask, endpoint::USERS) {
            each_resource(ask, reply, |user| {
                if let Some(active) = user.get("active").and_then(Value::as_bool) {
                    set(user, "/active", if active { "True" } else { "False" });
                }
            });
        }
    })
    .collateral(&[
        ("readings.unset-booleans-in-filters", "it is about a Boolean"),
        ("readings.text-for-booleans", "it is about a Boolean"),
        ("replace.switches-active", "it looks at the value"),
        ("patch.switches-active", "it looks at the value"),
        ("patch.switches-active-without-path", "it looks at the value"),
        ("read.values-have-their-type", "it looks at every value"),
        ("create.stores-what-was-sent", "it compares the value"),
    ]),
];

fn unix_ms(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}
