//! PATCH of groups that loses, keeps or multiplies members.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{below, conflict, error, look, patching, refusal, send, sent, set, shown, unless};
use crate::faults::patch::{leaving_out, operations, path, verb};
use crate::faults::{Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "member-add-replaces",
        "adding a member takes the others away",
        &["RFC7644-3.5.2.1-R6", "E-05", "G-03"],
        |ask| {
            each_op(ask, |op| {
                if verb(op, "add") && path(op) == Some("members") {
                    set(op, "/op", "replace");
                }
            });
        },
    )
    .collateral(&[("races.added-members-are-kept", "members are added there as well")]),
    Fault::request(
        "member-add-keeps-one",
        "of several members added at once only one is kept",
        &["RFC7644-3.5.2.1-R6", "E-05"],
        |ask| {
            each_op(ask, |op| {
                if verb(op, "add")
                    && let Some(members) = op.get_mut("value").and_then(Value::as_array_mut)
                {
                    members.truncate(1);
                }
            });
        },
    ),
    Fault::request(
        "bug-g08-members-without-a-type-are-dropped",
        "a member that is added without its type is not made one",
        &["RFC7644-3.5.2.1-R6", "E-05", "G-03"],
        |ask| {
            each_op(ask, |op| {
                if verb(op, "add")
                    && let Some(members) = op.get_mut("value").and_then(Value::as_array_mut)
                {
                    members.retain(|member| member.get("type").is_some());
                }
            });
        },
    )
    .collateral(&[("races.added-members-are-kept", "members are added there as well")]),
    Fault::around(
        "bug-p04-nameless-rename-is-refused",
        "a new name for a group in an operation without a path is refused",
        &["RFC7644-3.5.2.3-R1"],
        |ask, next| {
            let mut body = sent(&ask);
            let renames = |op: &Value| path(op).is_none() && op.pointer("/value/displayName").is_some();
            let refused = of_group(&ask) && operations(&mut body).is_some_and(|all| all.iter().any(renames));
            unless(refused, "invalidPath", ask, &next)
        },
    ),
    Fault::around(
        "bug-g05-member-again-is-refused",
        "adding somebody who is a member is refused",
        &["RFC7644-3.5.2.1-R11", "E-11"],
        |ask, next| {
            Box::pin(async move {
                let again = of_group(&ask) && named(&ask, "add").is_some() && is_member(&ask, &next).await;
                if again { refusal("uniqueness") } else { next.call(ask).await }
            })
        },
    ),
    Fault::request(
        "bug-g02-member-remove-removes-all",
        "removing one member takes all away",
        &["RFC7644-3.5.2.2-R4", "E-09", "G-03"],
        |ask| {
            each_op(ask, |op| {
                if verb(op, "remove") && path(op).is_some_and(|path| path.starts_with("members[")) {
                    set(op, "/path", "members");
                }
            });
        },
    ),
    Fault::around(
        "bug-g01-filtered-member-remove-is-lost",
        "a remove of one member by a filter is acknowledged and lost",
        &["RFC7644-3.5.2.2-R4"],
        |ask, next| {
            leaving_out(ask, next, |op, _| {
                verb(op, "remove") && path(op).is_some_and(|path| path.starts_with("members["))
            })
        },
    )
    .of_state(),
    Fault::around(
        "removing-a-stranger-is-404",
        "removing somebody who is no member answers 404",
        &["RFC7644-3.5.2.2-R10"],
        |ask, next| {
            Box::pin(async move {
                let stranger =
                    of_group(&ask) && named(&ask, "remove").is_some() && !is_member(&ask, &next).await;
                if stranger { error(404) } else { next.call(ask).await }
            })
        },
    ),
    Fault::request(
        "member-replace-appends",
        "replacing the members keeps the old ones",
        &["RFC7644-3.5.2.3-R3"],
        |ask| {
            each_op(ask, |op| {
                if verb(op, "replace") && path(op) == Some("members") {
                    set(op, "/op", "add");
                }
            });
        },
    ),
    Fault::around(
        "bug-g06-overlapping-members-are-refused",
        "replacing the members of a group is refused as a conflict where one of them stays",
        &["RFC7644-3.5.2.3-R3"],
        |ask, next| {
            Box::pin(async move {
                let sent = replaced(&ask);
                if sent.is_empty() {
                    return next.call(ask).await;
                }
                let group = shown(&next.call(look(&ask)).await);
                let stays = ids(group.get("members")).iter().any(|id| sent.contains(id));
                if stays { conflict() } else { next.call(ask).await }
            })
        },
    ),
    Fault::request(
        "bug-g12-rename-empties-the-group",
        "renaming a group takes its members away",
        &["RFC7644-3.5.2.3-R1"],
        |ask| {
            if of_group(ask) {
                send(ask, |body| {
                    if let Some(operations) =
                        operations(body).filter(|operations| operations.iter().any(|op| path(op).is_none()))
                    {
                        operations.push(json!({ "op": "remove", "path": "members" }));
                    }
                });
            }
        },
    ),
];

fn of_group(ask: &Ask) -> bool {
    patching(ask) && below(ask, protocol::endpoint::GROUPS)
}

/// The members that a PATCH puts in the place of all others.
fn replaced(ask: &Ask) -> BTreeSet<String> {
    let mut body = sent(ask);
    let operations = operations(&mut body).filter(|_| of_group(ask));
    let mut replaces =
        operations.into_iter().flatten().filter(|op| verb(op, "replace") && path(op) == Some("members"));
    replaces.next().map(|op| ids(op.get("value"))).unwrap_or_default()
}

/// The ids in a list of members.
pub(super) fn ids(members: Option<&Value>) -> BTreeSet<String> {
    let members = members.and_then(Value::as_array).into_iter().flatten();
    members.filter_map(|member| member.get("value")?.as_str().map(str::to_owned)).collect()
}

fn each_op(ask: &mut Ask, edit: impl FnMut(&mut Value)) {
    if of_group(ask) {
        send(ask, |body| {
            if let Some(operations) = operations(body) {
                operations.iter_mut().for_each(edit);
            }
        });
    }
}

/// The one member that a PATCH adds, or removes by its value.
fn named(ask: &Ask, wanted: &str) -> Option<String> {
    let body = sent(ask);
    let op = body.pointer("/Operations/0").filter(|op| verb(op, wanted))?;
    let by_path = path(op).and_then(|path| path.split('"').nth(1));
    let by_value = op.pointer("/value/0/value").and_then(Value::as_str);
    by_path.or(by_value).map(str::to_owned)
}

async fn is_member(ask: &Ask, next: &Next) -> bool {
    let wanted = named(ask, "add").or_else(|| named(ask, "remove"));
    let group = shown(&next.call(look(ask)).await);
    let mut members = group.get("members").and_then(Value::as_array).into_iter().flatten();
    members.any(|member| member.get("value").and_then(Value::as_str) == wanted.as_deref())
}
