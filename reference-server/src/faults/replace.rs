use http::Method;
use serde_json::Value;

use crate::faults::Fault;
use crate::faults::edit::{
    UNKNOWN_ID, below, cut, dangling, empty, error, is, json, keeping, look, ok, refusal, replacing, restate,
    reword, send, sent, set, shown, status,
};
use crate::faults::patch_attributes::READ_BACK;
use crate::faults::stores::edited;

/// Where the Enterprise extension stands.
const EXTENSION: &str = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "replace-answers-204",
        "a replace answers without a body",
        &["RFC7644-3.5.1-R14"],
        |ask, reply| {
            if replacing(ask) && is(reply, 200) {
                status(reply, 204);
                empty(reply);
            }
        },
    ),
    Fault::around("replace-is-501", "a replace is not supported", &["RFC7644-3.5-R1"], |ask, next| {
        if replacing(&ask) { Box::pin(std::future::ready(error(501))) } else { next.call(ask) }
    })
    .collateral(&[
        ("replace.stores-what-was-sent", "it replaces"),
        ("groups.replace-stores-what-was-sent", "it replaces"),
        ("credentials.other-tenant-replaces-no-user", "it replaces"),
        ("replace.moves-last-modified", "it replaces"),
        ("groups.replace-of-unknown-is-404", "it replaces"),
        ("groups.versions-come-as-a-header", "it replaces"),
        ("groups.versions-are-in-meta-too", "it replaces"),
        ("groups.versions-change", "it replaces"),
        ("replace.ignores-groups", "it replaces"),
        ("races.replaces-are-whole", "it replaces"),
        ("races.one-version-admits-one", "it replaces"),
        ("robustness.members-in-any-order", "it replaces"),
        ("errors.malformed-put-is-400", "it replaces"),
        ("replace.switches-active", "it replaces"),
        ("replace.stores-the-extension", "it replaces"),
        ("groups.replace-needs-the-display-name", "it replaces"),
        ("groups.stale-write-is-412", "it replaces"),
        ("groups.stale-patch-is-412", "it replaces"),
        ("groups.stale-delete-is-412", "it replaces"),
        ("groups.deleted-are-404", "it replaces what it deletes then"),
        ("replace.shows-what-is-stored", "it replaces"),
        ("replace.keeps-the-id", "it replaces"),
        ("replace.null-clears", "it replaces"),
        ("projection.replace-honours-attributes", "it replaces"),
        ("projection.replace-honours-exclusion", "it replaces"),
        ("groups.replace-the-members", "it replaces"),
        ("versions.come-as-a-header", "it replaces"),
        ("versions.change-with-the-resource", "it replaces"),
        ("versions.stale-write-is-412", "it replaces"),
        ("versions.stale-patch-is-412", "it replaces"),
        ("versions.stale-delete-is-412", "it replaces"),
        ("versions.current-tag-is-taken", "it replaces"),
        ("versions.any-version-is-taken", "it replaces"),
        ("versions.one-of-several-tags-is-taken", "it replaces"),
        ("versions.other-strength-is-decided", "it replaces"),
        ("replace.answers-200", "it replaces"),
        ("replace.never-creates", "it replaces"),
        ("replace.ignores-read-only", "it replaces"),
        ("replace.needs-the-username", "it replaces"),
        ("replace.respects-uniqueness", "it replaces"),
        ("delete.then-404", "it replaces what it deletes then"),
    ]),
    Fault::around(
        "bug-g09-replace-loses-members",
        "a replace of a group answers with the members that it was sent, and keeps none",
        &["RFC7644-3.5.1-R4"],
        |mut ask, next| {
            Box::pin(async move {
                let members = sent(&ask).get("members").cloned();
                let of_group = replacing(&ask) && below(&ask, protocol::endpoint::GROUPS);
                let Some(members) = members.filter(|_| of_group) else { return next.call(ask).await };
                send(&mut ask, |group| cut(group, "/members"));
                let mut reply = next.call(ask).await;
                json(&mut reply, |group| set(group, "/members", members));
                reply
            })
        },
    )
    .of_groups()
    .of_state(),
    Fault::around(
        "replace-keeps-the-extension",
        "a replace leaves the Enterprise extension as it was, whatever it is sent",
        &["RFC7644-3.5.1-R4"],
        |ask, next| keeping(ask, next, EXTENSION),
    )
    .of_state(),
    Fault::around(
        "replace-keeps-active",
        "a replace leaves active as it was, whatever it is sent",
        &["RFC7643-4.1.1-R17", "RFC7644-3.5.1-R4"],
        |ask, next| keeping(ask, next, "/active"),
    )
    .of_state(),
    Fault::reply(
        "replace-of-unknown-is-400",
        "a replace of an unknown id answers 400",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if replacing(ask) && is(reply, 404) {
                restate(reply, 400);
            }
        },
    )
    .collateral(&[("groups.replace-of-unknown-is-404", "it replaces what is not there")]),
    Fault::reply(
        "replace-answer-lacks-id",
        "a replace answers with the resource without its id",
        &["RFC7643-3.1-R5"],
        |ask, reply| {
            if replacing(ask) && ok(reply) {
                json(reply, |resource| cut(resource, "/id"));
            }
        },
    )
    .collateral(&[
        ("projection.replace-honours-attributes", "it looks for the id in the answer"),
        ("projection.replace-honours-exclusion", "it looks for the id in the answer"),
        ("replace.shows-what-is-stored", "the answer differs from the read"),
        ("replace.keeps-the-id", "it looks for the id in the answer"),
    ]),
    Fault::store(
        "store-ignores-updates",
        "a replace is acknowledged and changes nothing",
        &["RFC7644-3.5.1-R4"],
        |inner| {
            edited(inner, |store, tenant, changes| {
                for put in changes.puts.iter_mut().filter(|put| put.expected.is_some()) {
                    put.body = store.get(tenant, put.id).map_or_else(|| put.body.clone(), |old| old.body);
                    changes.claims.clear();
                    changes.releases.clear();
                    changes.edge_adds.clear();
                    changes.edge_removes.clear();
                }
            })
        },
    )
    .collateral(READ_BACK),
    Fault::around(
        "replace-creates",
        "a replace of an unknown id creates a resource",
        &["RFC7644-3.5.1-R2"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let Some((collection, _)) =
                    ask.path.rsplit_once('/').filter(|_| replacing(&ask) && is(&reply, 404))
                else {
                    return reply;
                };
                next.call(crate::ask::Ask {
                    method: Method::POST,
                    path: collection.to_owned(),
                    ..ask.clone()
                })
                .await
            })
        },
    )
    .of_state()
    .collateral(&[
        ("groups.replace-of-unknown-is-404", "it replaces what is not there"),
        ("groups.deleted-are-404", "it replaces what is not there any more"),
        ("credentials.other-tenant-replaces-no-user", "it replaces what is not there for the other tenant"),
    ]),
    Fault::around(
        "replace-creates-unseen",
        "a replace of an unknown id is refused, and creates a resource all the same",
        &["RFC7644-3.2-R3"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let path = ask.path.rsplit_once('/').map(|(collection, _)| collection.to_owned());
                if let Some(path) = path.filter(|_| replacing(&ask) && is(&reply, 404)) {
                    next.call(crate::ask::Ask { method: Method::POST, path, ..ask }).await;
                }
                reply
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-r08-replace-refuses-read-only",
        "a replace that sends id or meta is refused",
        &["RFC7644-3.5.1-R12"],
        |ask, next| {
            let body = sent(&ask);
            let sends_read_only = body.get("id").is_some() || body.get("meta").is_some();
            if replacing(&ask) && sends_read_only {
                return Box::pin(std::future::ready(refusal("mutability")));
            }
            next.call(ask)
        },
    ),
    Fault::around(
        "bug-t06-null-keeps-the-value",
        "null and empty arrays leave the old value in place",
        &["RFC7643-2.5-R2", "B-31"],
        |mut ask, next| {
            Box::pin(async move {
                if replacing(&ask) {
                    let current = shown(&next.call(look(&ask)).await);
                    send(&mut ask, |body| {
                        for (name, value) in body.as_object_mut().into_iter().flatten() {
                            if (value.is_null() || value.as_array().is_some_and(Vec::is_empty))
                                && name != "schemas"
                            {
                                *value = current.get(name).cloned().unwrap_or_default();
                            }
                        }
                    });
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
    Fault::around(
        "replace-merges-arrays",
        "a replace adds mail addresses to the old ones",
        &["RFC7644-3.5.1-R4"],
        |mut ask, next| {
            Box::pin(async move {
                if replacing(&ask) {
                    let mut merged =
                        shown(&next.call(look(&ask)).await).get("emails").cloned().unwrap_or_default();
                    if let Some(emails) = merged.as_array_mut() {
                        emails.iter_mut().for_each(|email| cut(email, "/primary"));
                        emails.extend(
                            sent(&ask).get("emails").and_then(Value::as_array).into_iter().flatten().cloned(),
                        );
                        send(&mut ask, |body| set(body, "/emails", merged));
                    }
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
    Fault::reply(
        "replace-changes-id",
        "a replace answers with another id",
        &["RFC7643-3.1-R7"],
        |ask, reply| {
            if replacing(ask) && ok(reply) {
                json(reply, |resource| set(resource, "/id", UNKNOWN_ID));
            }
        },
    )
    .collateral(&[
        ("replace.shows-what-is-stored", "the answer differs from the read"),
        ("wire.id-is-unique", "users and groups are answered with the same id"),
    ]),
    Fault::reply(
        "replace-duplicate-says-invalid-value",
        "a replace with a taken userName is refused as an unfit value",
        &["RFC7644-3.12-R22"],
        |ask, reply| {
            if replacing(ask) && is(reply, 409) {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
    Fault::reply(
        "replace-shows-anothers-location",
        "a replace answers with the address of somebody else",
        &["RFC7643-2.3.7-R5"],
        |ask, reply| {
            if replacing(ask) && ok(reply) {
                json(reply, |user| reword(user, "/meta/location", dangling));
            }
        },
    ),
    Fault::reply(
        "etag-missing-on-replace",
        "a replace answers without ETag",
        &["RFC7644-3.14-R2"],
        |ask, reply| {
            if replacing(ask) {
                reply.headers_mut().remove(http::header::ETAG);
            }
        },
    ),
];
