//! What a server makes of parameters and conditions for users, and not for groups.

use http::Method;
use http::header::{ETAG, IF_NONE_MATCH};
use protocol::endpoint;

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    ask_for, at, below, cut, deleting, each, is, listing, no_content, ok, patching, reading, replacing,
    restate, without,
};
use crate::faults::{Fault, Next};

/// A fault that ignores a parameter of requests about groups.
macro_rules! ignores {
    ($name:literal, $title:literal, $breaks:literal, $when:ident, [$($parameter:literal),+]) => {
        Fault::request($name, $title, &[$breaks], |ask| {
            if $when(ask) {
                $(without(ask, $parameter);)+
            }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    ignores!(
        "count-ignored-on-groups",
        "a list of groups holds more than count asks for",
        "RFC7644-3.4.2.4-R7",
        listed,
        ["count"]
    ),
    ignores!(
        "bug-l04-start-ignored-on-groups",
        "every page of groups is the first",
        "RFC7644-3.4.2.4-R12",
        listed,
        ["startIndex"]
    ),
    ignores!(
        "sort-ignored-on-groups",
        "sortBy changes nothing about lists of groups",
        "RFC7644-3.4.2.3-R3",
        listed,
        ["sortBy", "sortOrder"]
    ),
    Fault::request(
        "sort-order-ignored-on-groups",
        "lists of groups are sorted in descending order alone",
        &["RFC7644-3.4.2.3-R8"],
        |ask| {
            if listed(ask) && ask.parameter("sortBy").is_some() {
                ask_for(ask, "sortOrder", "descending");
            }
        },
    ),
    ignores!(
        "attributes-ignored-on-lists-of-groups",
        "the attributes parameter changes nothing about lists of groups",
        "RFC7644-3.4.2.5-R3",
        listed,
        ["attributes"]
    ),
    ignores!(
        "exclusion-ignored-on-lists-of-groups",
        "the excludedAttributes parameter changes nothing about lists of groups",
        "RFC7644-3.9-R7",
        listed,
        ["excludedAttributes"]
    ),
    ignores!(
        "attributes-ignored-on-groups",
        "the attributes parameter changes nothing about a group that is read",
        "RFC7644-3.9-R5",
        read,
        ["attributes"]
    ),
    ignores!(
        "exclusion-ignored-on-groups",
        "the excludedAttributes parameter changes nothing about a group that is read",
        "RFC7644-3.9-R7",
        read,
        ["excludedAttributes"]
    ),
    Fault::reply(
        "unknown-group-is-400",
        "a read of an unknown group answers 400",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if read(ask) && is(reply, 404) {
                restate(reply, 400);
            }
        },
    )
    .collateral(&[("delete.keeps-to-its-type", "it is preceded by a read of an unknown group")]),
    Fault::around(
        "replace-of-unknown-group-creates",
        "a replace of an unknown group creates one",
        &["RFC7644-3.5.1-R2"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let unknown = replacing(&ask) && below(&ask, endpoint::GROUPS) && is(&reply, 404);
                if !unknown {
                    return reply;
                }
                next.call(Ask { method: Method::POST, path: endpoint::GROUPS.to_owned(), ..ask }).await
            })
        },
    )
    .of_state()
    .collateral(&[("groups.deleted-are-404", "it replaces what is not there any more")]),
    Fault::around(
        "patch-of-unknown-group-is-acknowledged",
        "a PATCH of an unknown group is acknowledged",
        &["RFC7644-3.12-R13"],
        |ask, next| acknowledging(ask, next, patching),
    ),
    Fault::around(
        "delete-of-unknown-group-is-acknowledged",
        "a delete of an unknown group is acknowledged",
        &["RFC7644-3.12-R13"],
        |ask, next| acknowledging(ask, next, deleting),
    )
    .collateral(&[
        ("groups.deleted-are-404", "it deletes what is not there any more"),
        ("delete.keeps-to-its-type", "it deletes what is no group"),
    ]),
    Fault::around(
        "endpoints-show-every-type",
        "a resource is shown at the endpoint of another type, as what it is",
        &["RFC7644-3.12-R13"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                match turned(&ask).filter(|_| reading(&ask) && is(&reply, 404)) {
                    Some(path) => next.call(Ask { path, ..ask }).await,
                    None => reply,
                }
            })
        },
    ),
    Fault::around(
        "delete-takes-any-type",
        "a delete at the endpoint of another type answers 404, and deletes the resource all the same",
        &["RFC7644-3.1-R6"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                if let Some(path) = turned(&ask).filter(|_| deleting(&ask) && is(&reply, 404)) {
                    next.call(Ask { path, ..ask }).await;
                }
                reply
            })
        },
    )
    .of_state(),
    Fault::reply(
        "groups-have-no-versions",
        "versions are announced, and groups have none",
        &["RFC7644-3.14-R2", "RFC7644-3.14-R3"],
        |ask, reply| {
            if at(ask, endpoint::GROUPS) || below(ask, endpoint::GROUPS) {
                reply.headers_mut().remove(ETAG);
                each(ask, reply, endpoint::GROUPS, |group| cut(group, "/meta/version"));
            }
        },
    )
    .collateral(&[
        ("groups.versions-change", "it needs the version of a group"),
        ("groups.unchanged-is-304", "it needs the version of a group"),
        ("groups.stale-write-is-412", "it needs the version of a group"),
        ("groups.stale-patch-is-412", "it needs the version of a group"),
        ("groups.stale-delete-is-412", "it needs the version of a group"),
    ]),
    Fault::reply(
        "group-versions-are-in-the-header-alone",
        "a group shows no meta.version",
        &["RFC7644-3.14-R3"],
        |ask, reply| each(ask, reply, endpoint::GROUPS, |group| cut(group, "/meta/version")),
    ),
    Fault::request(
        "if-none-match-ignored-on-groups",
        "a group that has not changed is shown again whatever If-None-Match says",
        &["RFC7644-3.14-R5"],
        |ask| {
            if below(ask, endpoint::GROUPS) {
                ask.headers.remove(IF_NONE_MATCH);
            }
        },
    ),
    Fault::around(
        "changed-groups-are-304",
        "a group that is asked for with any version is said not to have changed",
        &["RFC7644-3.14-R6"],
        |ask, next| {
            Box::pin(async move {
                let conditional = read(&ask) && ask.headers.contains_key(IF_NONE_MATCH);
                let mut reply = next.call(ask).await;
                if conditional && ok(&reply) {
                    crate::faults::edit::status(&mut reply, 304);
                    crate::faults::edit::empty(&mut reply);
                }
                reply
            })
        },
    ),
];

fn listed(ask: &Ask) -> bool {
    listing(ask) && at(ask, endpoint::GROUPS)
}

fn read(ask: &Ask) -> bool {
    reading(ask) && below(ask, endpoint::GROUPS)
}

/// The same id at the endpoint of the other type.
fn turned(ask: &Ask) -> Option<String> {
    let other = |from: &str, to: &str| Some(format!("{to}{}", ask.path.strip_prefix(from)?));
    other(endpoint::USERS, endpoint::GROUPS).or_else(|| other(endpoint::GROUPS, endpoint::USERS))
}

/// Says of a write to a group that is not there that it is done.
fn acknowledging(ask: Ask, next: Next, which: fn(&Ask) -> bool) -> crate::faults::Answering {
    Box::pin(async move {
        let mut reply: Reply = next.call(ask.clone()).await;
        if which(&ask) && below(&ask, endpoint::GROUPS) && is(&reply, 404) {
            reply = no_content();
        }
        reply
    })
}
