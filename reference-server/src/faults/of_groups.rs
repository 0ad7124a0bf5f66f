//! What works for users and is broken for groups.

use http::Method;
use http::header::IF_MATCH;
use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{
    at, below, cut, deleting, each, empty_list, error, listing, look, no_content, ok, patching, refusal,
    replacing, sent, shown, without,
};
use crate::faults::members::ids;
use crate::faults::patch::{operations, path, value, verb};
use crate::faults::{Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-r11-deleted-groups-stay",
        "a delete of a group answers 204 and deletes nothing",
        &["RFC7644-3.6-R2", "RFC7644-3.6-R3"],
        |ask, next| {
            let ignored = deleting(&ask) && below(&ask, endpoint::GROUPS);
            if ignored { acknowledged(ask, next) } else { next.call(ask) }
        },
    )
    .of_state(),
    Fault::request(
        "if-match-ignored-on-groups",
        "a conditional write to a group goes through although the group has changed",
        &["RFC7644-3.12-R15"],
        |ask| {
            if below(ask, endpoint::GROUPS) {
                ask.headers.remove(IF_MATCH);
            }
        },
    )
    .of_state(),
    Fault::around(
        "patch-of-groups-is-not-atomic",
        "the operations on a group before one that fails stay done",
        &["RFC7644-3.5.2-R19", "RFC7644-3.5.2-R20"],
        |ask, next| {
            Box::pin(async move {
                let mut body = sent(&ask);
                let several = operations(&mut body).cloned().unwrap_or_default();
                if of_group(&ask) && several.len() > 1 {
                    for op in several {
                        let schemas = body.get("schemas").cloned().unwrap_or_default();
                        let one = json!({ "schemas": schemas, "Operations": [op] });
                        let reply = next.call(Ask { body: one.to_string().into(), ..ask.clone() }).await;
                        if !ok(&reply) {
                            return reply;
                        }
                    }
                    return next.call(look(&ask)).await;
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
    Fault::around(
        "flawed-patch-of-a-group-is-forgiven",
        "a PATCH of a group with a path that is no path is acknowledged",
        &["RFC7644-3.5.2-R21"],
        |ask, next| {
            let flawed = |op: &Value| path(op) == Some("members[");
            let forgiven =
                of_group(&ask) && operations(&mut sent(&ask)).is_some_and(|all| all.iter().any(flawed));
            if forgiven { next.call(look(&ask)) } else { next.call(ask) }
        },
    ),
    Fault::request(
        "bug-f02-group-filter-ignored",
        "a filter on groups by anything but the displayName is ignored, and every group is listed",
        &["RFC7644-3.4.2.2-R4", "RFC7644-3.4.2.2-R11", "RFC7644-3.4.2.2-R35", "RFC7644-3.4.2-R11"],
        |ask| {
            if filtered(ask).is_some_and(|filter| !filter.contains("displayName")) {
                without(ask, "filter");
            }
        },
    )
    .collateral(&[
        ("groups.found-by-id", "the id is no displayName"),
        ("groups.found-by-member", "a member is no displayName"),
    ]),
    Fault::around(
        "groups-are-not-found-by-name",
        "a filter on the displayName of groups finds none",
        &["RFC7644-3.4.2.2-R11"],
        |ask, next| {
            let lost = filtered(&ask).is_some_and(|filter| filter.contains("displayName"));
            if lost { Box::pin(std::future::ready(empty_list())) } else { next.call(ask) }
        },
    )
    .collateral(&[
        ("groups.are-sorted", "it finds its groups by their names"),
        ("groups.list-honours-attributes", "it finds its group by its name"),
        ("groups.list-honours-exclusion", "it finds its group by its name"),
    ]),
    Fault::reply(
        "listed-groups-lack-members",
        "a list shows groups without their members",
        &["RFC7644-3.9-R1", "RFC7644-3.1-R6"],
        |ask, reply| {
            if listing(ask) {
                each(ask, reply, endpoint::GROUPS, |group| cut(group, "/members"));
            }
        },
    ),
    Fault::around(
        "bug-t08-nameless-replace-of-a-group-is-lost",
        "a replace of a group without displayName is acknowledged and lost",
        &["RFC7644-3.5.1-R4"],
        |ask, next| {
            let lost =
                replacing(&ask) && below(&ask, endpoint::GROUPS) && sent(&ask).get("displayName").is_none();
            if lost { next.call(look(&ask)) } else { next.call(ask) }
        },
    )
    .of_state(),
    Fault::around(
        "bug-g07-members-are-immutable",
        "a replace of a group by one with other members is refused with mutability",
        &["RFC7644-3.5.1-R4"],
        |ask, next| {
            Box::pin(async move {
                let body = sent(&ask);
                if !(replacing(&ask) && below(&ask, endpoint::GROUPS) && body.get("members").is_some()) {
                    return next.call(ask).await;
                }
                let group = shown(&next.call(look(&ask)).await);
                let others = ids(body.get("members")) != ids(group.get("members"));
                if others { refusal("mutability") } else { next.call(ask).await }
            })
        },
    ),
    Fault::around(
        "bug-g15-group-patches-answer-with-the-past",
        "a PATCH of a group answers 200 with the group as it was before",
        &["RFC7644-3.5.2-R23"],
        |ask, next| {
            Box::pin(async move {
                if !of_group(&ask) || ask.parameter("attributes").is_some() {
                    return next.call(ask).await;
                }
                let before = next.call(look(&ask)).await;
                let reply = next.call(ask).await;
                if ok(&reply) { before } else { reply }
            })
        },
    ),
    Fault::around(
        "bug-t07-odd-members-are-501",
        "adding a member without a value, or one whom nobody knows, is said not to be implemented",
        &["RFC7644-3.5.2-R13"],
        |ask, next| {
            Box::pin(async move {
                let odd = of_group(&ask) && adds_nobody(&ask, &next).await;
                if odd { error(501) } else { next.call(ask).await }
            })
        },
    ),
];

fn of_group(ask: &Ask) -> bool {
    patching(ask) && below(ask, endpoint::GROUPS)
}

/// The filter of a list of groups.
fn filtered(ask: &Ask) -> Option<String> {
    let of_groups = listing(ask) && at(ask, endpoint::GROUPS);
    ask.parameter("filter").filter(|_| of_groups).map(|filter| filter.to_string())
}

/// Says that it is done, of whatever is there.
fn acknowledged(ask: Ask, next: Next) -> crate::faults::Answering {
    Box::pin(async move {
        let stands = next.call(look(&ask)).await;
        if ok(&stands) { no_content() } else { stands }
    })
}

/// Whether a PATCH adds a member that is no user.
async fn adds_nobody(ask: &Ask, next: &Next) -> bool {
    let mut body = sent(ask);
    let adds = operations(&mut body).cloned().unwrap_or_default();
    let adds = adds.iter().filter(|op| verb(op, "add") && path(op) == Some("members"));
    for member in adds.flat_map(|op| value(op).as_array().cloned().unwrap_or_default()) {
        let Some(id) = member.get("value").and_then(Value::as_str) else { return true };
        let user = Ask { method: Method::GET, path: format!("{}/{id}", endpoint::USERS), ..look(ask) };
        if !ok(&next.call(user).await) {
            return true;
        }
    }
    false
}
