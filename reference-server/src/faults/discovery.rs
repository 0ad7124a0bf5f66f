use http::header::AUTHORIZATION;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{
    answer, at, below, cut, discovering, each, error, json, listed, look, no_content, ok, patching, quote,
    sent, set, shown, without,
};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "config-lacks-its-schema",
        "the configuration names the schema of something else",
        &["RFC7644-4-R2"],
        |ask, reply| config(ask, reply, |config| set(config, "/schemas", vec![urn::RESOURCE_TYPE])),
    ),
    Fault::reply(
        "config-omits-patch",
        "the configuration leaves patch out",
        &["RFC7643-5-R3"],
        |ask, reply| {
            config(ask, reply, |config| cut(config, "/patch"));
        },
    )
    .hinders(&[
        ("User.modify", "it is not announced as it has to be"),
        ("Group.modify", "it is not announced as it has to be"),
    ]),
    Fault::reply(
        "config-omits-bulk",
        "the configuration leaves bulk out",
        &["RFC7643-5-R5"],
        |ask, reply| {
            config(ask, reply, |config| cut(config, "/bulk"));
        },
    ),
    Fault::reply(
        "config-omits-filter",
        "the configuration leaves filter out",
        &["RFC7643-5-R7"],
        |ask, reply| {
            config(ask, reply, |config| cut(config, "/filter"));
        },
    )
    .hinders(&[("User.filter", "it is not announced as it has to be")]),
    Fault::reply(
        "config-omits-change-password",
        "the configuration leaves changePassword out",
        &["RFC7643-5-R9"],
        |ask, reply| config(ask, reply, |config| cut(config, "/changePassword")),
    ),
    Fault::reply(
        "config-omits-sort",
        "the configuration leaves sort out",
        &["RFC7643-5-R11"],
        |ask, reply| {
            config(ask, reply, |config| cut(config, "/sort"));
        },
    )
    .hinders(&[("User.sort", "it is not announced as it has to be")]),
    Fault::reply(
        "config-omits-etag",
        "the configuration leaves etag out",
        &["RFC7643-5-R13"],
        |ask, reply| {
            config(ask, reply, |config| cut(config, "/etag"));
        },
    )
    .hinders(&[("User.version", "it is not announced as it has to be")]),
    Fault::reply(
        "config-patch-supported-is-text",
        "patch.supported is a string",
        &["RFC7643-5-R4"],
        |ask, reply| {
            config(ask, reply, |config| quote(config, "/patch/supported"));
        },
    )
    .hinders(&[
        ("User.modify", "it is not announced as it has to be"),
        ("Group.modify", "it is not announced as it has to be"),
    ]),
    Fault::reply(
        "config-bulk-supported-is-text",
        "bulk.supported is a string",
        &["RFC7643-5-R6"],
        |ask, reply| {
            config(ask, reply, |config| quote(config, "/bulk/supported"));
        },
    ),
    Fault::reply(
        "config-filter-supported-is-text",
        "filter.supported is a string",
        &["RFC7643-5-R8"],
        |ask, reply| config(ask, reply, |config| quote(config, "/filter/supported")),
    )
    .hinders(&[("User.filter", "it is not announced as it has to be")]),
    Fault::reply(
        "config-change-password-supported-is-text",
        "changePassword.supported is a string",
        &["RFC7643-5-R10"],
        |ask, reply| config(ask, reply, |config| quote(config, "/changePassword/supported")),
    ),
    Fault::reply(
        "config-sort-supported-is-text",
        "sort.supported is a string",
        &["RFC7643-5-R12"],
        |ask, reply| {
            config(ask, reply, |config| quote(config, "/sort/supported"));
        },
    )
    .hinders(&[("User.sort", "it is not announced as it has to be")]),
    Fault::reply(
        "config-etag-supported-is-text",
        "etag.supported is a string",
        &["RFC7643-5-R14"],
        |ask, reply| {
            config(ask, reply, |config| quote(config, "/etag/supported"));
        },
    )
    .hinders(&[("User.version", "it is not announced as it has to be")]),
    Fault::reply(
        "config-bulk-max-operations-is-text",
        "bulk.maxOperations is a string",
        &["RFC7643-5-R15"],
        |ask, reply| config(ask, reply, |config| quote(config, "/bulk/maxOperations")),
    ),
    Fault::reply(
        "config-bulk-max-payload-is-text",
        "bulk.maxPayloadSize is a string",
        &["RFC7643-5-R16"],
        |ask, reply| config(ask, reply, |config| quote(config, "/bulk/maxPayloadSize")),
    ),
    Fault::reply(
        "config-filter-limit-is-text",
        "filter.maxResults is a string",
        &["RFC7643-5-R17"],
        |ask, reply| config(ask, reply, |config| quote(config, "/filter/maxResults")),
    ),
    Fault::reply(
        "config-has-no-schemes",
        "the configuration lists no authentication scheme",
        &["RFC7643-5-R18"],
        |ask, reply| config(ask, reply, |config| set(config, "/authenticationSchemes", Vec::<Value>::new())),
    ),
    Fault::reply(
        "config-scheme-lacks-type",
        "the authentication scheme has no type",
        &["RFC7643-5-R19"],
        |ask, reply| config(ask, reply, |config| cut(config, "/authenticationSchemes/0/type")),
    ),
    Fault::reply(
        "config-scheme-lacks-name",
        "the authentication scheme has no name",
        &["RFC7643-5-R21"],
        |ask, reply| config(ask, reply, |config| cut(config, "/authenticationSchemes/0/name")),
    ),
    Fault::reply(
        "config-scheme-lacks-description",
        "the authentication scheme has no description",
        &["RFC7643-5-R22"],
        |ask, reply| config(ask, reply, |config| cut(config, "/authenticationSchemes/0/description")),
    ),
    Fault::request(
        "config-needs-credentials",
        "the configuration cannot be read before authentication",
        &["RFC7643-5-R25"],
        |ask| {
            // Its neighbour wants credentials, and says so.
            if at(ask, endpoint::SERVICE_PROVIDER_CONFIG) && !ask.headers.contains_key(AUTHORIZATION) {
                ask.path = endpoint::RESOURCE_TYPES.to_owned();
            }
        },
    ),
    Fault::around(
        "bug-g13-config-claims-patch",
        "PATCH is announced, and answers 501 for a user without an e-mail address",
        &["RFC7643-5-R4"],
        |ask, next| {
            Box::pin(async move {
                if !patching(&ask) || !below(&ask, endpoint::USERS) {
                    return next.call(ask).await;
                }
                let user = shown(&next.call(look(&ask)).await);
                let works = user.get("id").is_none() || user.get("emails").is_some();
                if works { next.call(ask).await } else { error(501) }
            })
        },
    )
    .collateral(&[
        ("credentials.other-tenant-patches-no-user", "it patches"),
        ("patch.adds-build-one-value", "it patches"),
        ("readings.removes-of-nothing", "it patches"),
        ("readings.operations-in-another-case", "it patches"),
        ("readings.text-for-booleans", "it patches"),
        ("readings.text-for-managers", "it patches"),
        ("readings.names-with-dots", "it patches"),
        ("readings.unknown-names-in-patches", "it patches"),
        ("readings.null-in-patches", "it patches"),
        ("patch.add-manager-value", "it modifies somebody without an e-mail address"),
        ("robustness.members-in-any-order", "it modifies somebody without an e-mail address"),
        ("patch.remove-manager-value", "it modifies somebody without an e-mail address"),
        ("patch.schemas-name-a-new-extension", "it modifies somebody without an e-mail address"),
        ("errors.malformed-patch-is-400", "it modifies somebody without an e-mail address"),
        ("patch.moves-last-modified", "it modifies somebody without an e-mail address"),
        ("authentication.refused-patch-changes-nothing", "it modifies somebody without an e-mail address"),
        ("patch.switches-active", "it modifies somebody without an e-mail address"),
        ("patch.switches-active-without-path", "it modifies somebody without an e-mail address"),
        ("patch.add-manager", "it modifies somebody without an e-mail address"),
        ("patch.replace-manager", "it modifies somebody without an e-mail address"),
        ("patch.replace-manager-value", "it modifies somebody without an e-mail address"),
        ("patch.remove-manager", "it modifies somebody without an e-mail address"),
        ("versions.stale-patch-is-412", "it modifies somebody without an e-mail address"),
    ]),
    Fault::reply(
        "resource-type-lacks-name",
        "a resource type has no name",
        &["RFC7643-6-R4"],
        |ask, reply| {
            group_type(ask, reply, |group| cut(group, "/name"));
        },
    ),
    Fault::reply(
        "extension-entry-lacks-schema",
        "an entry among the extensions of a resource type names no schema",
        &["RFC7643-6-R11"],
        |ask, reply| {
            group_type(ask, reply, |group| set(group, "/schemaExtensions", json!([{ "required": false }])));
        },
    ),
    Fault::reply(
        "resource-type-lacks-schema",
        "a resource type does not name its schema",
        &["RFC7643-6-R8"],
        |ask, reply| group_type(ask, reply, |group| cut(group, "/schema")),
    ),
    Fault::reply(
        "resource-type-endpoint-dangles",
        "a resource type names an endpoint where nothing is served",
        &["RFC7643-6-R7"],
        |ask, reply| group_type(ask, reply, |group| set(group, "/endpoint", "/Circles")),
    )
    .hinders(&[("Group.create", "groups are looked for where the server says they are")]),
    Fault::reply(
        "extension-lacks-required-flag",
        "an extension does not say whether it is required",
        &["RFC7643-6-R13"],
        |ask, reply| {
            each(ask, reply, endpoint::RESOURCE_TYPES, |kind| cut(kind, "/schemaExtensions/0/required"));
        },
    ),
    Fault::reply(
        "resource-types-lack-list-uri",
        "the list of resource types does not say that it is one",
        &["RFC7644-4-R7"],
        |ask, reply| {
            if at(ask, endpoint::RESOURCE_TYPES) && ok(reply) {
                json(reply, |list| set(list, "/schemas", vec![urn::RESOURCE_TYPE]));
            }
        },
    ),
    Fault::reply(
        "resource-type-by-name-is-wrapped",
        "a single resource type comes as a list of one",
        &["RFC7644-4-R6"],
        |ask, reply| {
            if below(ask, endpoint::RESOURCE_TYPES) && ok(reply) {
                *reply = listed(&[shown(reply)]);
            }
        },
    ),
    Fault::request(
        "discovery-filter-ignored",
        "a filter on a discovery endpoint is ignored",
        &["RFC7644-4-R9"],
        |ask| {
            if discovering(ask) {
                without(ask, "filter");
            }
        },
    ),
    Fault::around(
        "config-is-writable",
        "a PUT on the configuration is answered as if it had changed something",
        &["RFC7643-5-R1"],
        |ask, next| written_off(ask, &next, endpoint::SERVICE_PROVIDER_CONFIG),
    ),
    Fault::around(
        "resource-type-is-writable",
        "writes on a resource type are answered as if they had changed something",
        &["RFC7643-6-R1"],
        |ask, next| written_off(ask, &next, endpoint::RESOURCE_TYPES),
    ),
    Fault::around(
        "schema-is-writable",
        "writes on a schema are answered as if they had changed something",
        &["RFC7643-7-R2"],
        |ask, next| written_off(ask, &next, endpoint::SCHEMAS),
    ),
];

fn config(ask: &Ask, reply: &mut Reply, edit: impl FnOnce(&mut Value)) {
    if at(ask, endpoint::SERVICE_PROVIDER_CONFIG) && ok(reply) {
        json(reply, edit);
    }
}

fn group_type(ask: &Ask, reply: &mut Reply, edit: impl Fn(&mut Value)) {
    each(ask, reply, endpoint::RESOURCE_TYPES, |kind| {
        if kind.get("id") == Some(&json!("Group")) {
            edit(kind);
        }
    });
}

/// Answers PUT with what was sent, and DELETE with 204, where both should be refused.
fn written_off(ask: Ask, next: &super::Next, endpoint: &str) -> super::Answering {
    let here = below(&ask, endpoint) || (endpoint == endpoint::SERVICE_PROVIDER_CONFIG && at(&ask, endpoint));
    match ask.method {
        http::Method::PUT if here => {
            let body = sent(&ask);
            Box::pin(std::future::ready(if body.is_object() {
                answer(200, &body)
            } else {
                answer(200, &json!({}))
            }))
        }
        http::Method::DELETE if here && endpoint != endpoint::SERVICE_PROVIDER_CONFIG => {
            Box::pin(std::future::ready(no_content()))
        }
        _ => next.call(ask),
    }
}
