//! PATCH that breaks a rule that holds for every operation.

use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    below, cut, empty, is, json, look, ok, patching, refusal, restate, reword, send, sent, set, shown, status,
};
use crate::faults::patch::{operations, path, plain, selects, selects_whole, value, verb};
use crate::faults::patch_selections::BY_REMOVAL;
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// A fault that forgives what has to be refused: nothing is done, and the answer is a success.
macro_rules! forgives {
    ($name:literal, $title:literal, [$($breaks:literal),+], $which:expr) => {
        Fault::around($name, $title, &[$($breaks),+], |ask, next| forgiving(ask, next, $which))
    };
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "patch-runs-backwards",
        "the operations of a PATCH run in the opposite order",
        &["RFC7644-3.5.2-R17"],
        |ask| edit(ask, |operations| operations.reverse()),
    ),
    Fault::request(
        "bug-p18-primary-stays",
        "a new primary value does not become the primary one",
        &["RFC7644-3.5.2-R18"],
        |ask| {
            edit(ask, |operations| {
                for value in
                    operations.iter_mut().filter_map(|op| op.get_mut("value")?.as_array_mut()).flatten()
                {
                    cut(value, "/primary");
                }
            });
        },
    ),
    Fault::request(
        "bug-p10-other-values-vanish",
        "replace in a selected value takes the other values away",
        &["RFC7644-3.5.2.3-R8"],
        |ask| {
            edit(ask, |operations| {
                let others = operations
                    .iter()
                    .filter(|op| verb(op, "replace") && !selects_whole(op))
                    .filter_map(|op| {
                        let (attribute, filter) = path(op)?.split_once('[')?;
                        let (filter, _) = filter.split_once(']')?;
                        Some(json!({ "op": "remove", "path": format!("{attribute}[not ({filter})]") }))
                    });
                let others: Vec<Value> = others.collect();
                // Where there are no others, nothing is to be removed.
                operations.extend(others);
            });
        },
    ),
    Fault::request(
        "only-the-first-match-changes",
        "of the values that a filter selects only one is changed",
        &["RFC7644-3.5.2.3-R7"],
        |ask| {
            edit(ask, |operations| {
                for op in operations.iter_mut().filter(|op| verb(op, "replace")) {
                    reword(op, "/path", |path| path.replacen('[', "[primary eq true and ", 1));
                }
            });
        },
    ),
    Fault::request(
        "complex-replace-forgets",
        "replace of a complex attribute drops the sub-attributes that it does not name",
        &["RFC7644-3.5.2.3-R6"],
        |ask| {
            edit(ask, |operations| {
                let complex =
                    operations.iter().filter(|op| verb(op, "replace") && plain(op) && value(op).is_object());
                let removes: Vec<Value> =
                    complex.map(|op| json!({ "op": "remove", "path": path(op) })).collect();
                operations.splice(0..0, removes);
            });
        },
    ),
    Fault::request(
        "remove-of-a-value-removes-all",
        "remove of a selected value takes all values away",
        &["RFC7644-3.5.2.2-R4"],
        |ask| {
            edit(ask, |operations| {
                for op in operations.iter_mut().filter(|op| verb(op, "remove") && selects_whole(op)) {
                    reword(op, "/path", |path| path.split('[').next().unwrap_or(path).to_owned());
                }
            });
        },
    )
    .collateral(BY_REMOVAL),
    Fault::around(
        "repeated-add-duplicates",
        "adding a value that is there makes a second one",
        &["RFC7644-3.5.2.1-R10"],
        |mut ask, next| {
            Box::pin(async move {
                if let Some(user) = repeated(&ask, &next).await {
                    edit(&mut ask, |operations| {
                        let again = operations.iter_mut().filter(|op| repeats(op, &user));
                        for value in again.filter_map(|op| op.get_mut("value")?.as_array_mut()).flatten() {
                            set(value, "/type", "other");
                        }
                    });
                }
                next.call(ask).await
            })
        },
    ),
    Fault::around(
        "repeated-add-is-refused",
        "adding a value that is there is refused",
        &["RFC7644-3.5.2.1-R11"],
        |ask, next| {
            Box::pin(async move {
                let again = repeated(&ask, &next).await.is_some();
                if again { refusal("uniqueness") } else { next.call(ask).await }
            })
        },
    ),
    Fault::around(
        "repeated-add-counts-as-a-change",
        "adding a value that is there moves lastModified",
        &["RFC7644-3.5.2.1-R12"],
        |ask, next| {
            Box::pin(async move {
                if let Some(user) = repeated(&ask, &next).await {
                    // There and back again.
                    let name = user.get("userName").and_then(Value::as_str).unwrap_or_default().to_owned();
                    for name in [format!("{name}-"), name] {
                        let op = json!({ "op": "replace", "path": "userName", "value": name });
                        next.call(with(&ask, vec![op])).await;
                    }
                }
                next.call(ask).await
            })
        },
    ),
    Fault::around(
        "bug-p15-patch-is-not-atomic",
        "the operations before one that fails stay done",
        &["RFC7644-3.5.2-R19"],
        |ask, next| {
            Box::pin(async move {
                let mut body = sent(&ask);
                let several = operations(&mut body).filter(|operations| operations.len() > 1).cloned();
                let Some(several) = several.filter(|_| patching(&ask)) else { return next.call(ask).await };
                let mut reply = next.call(look(&ask)).await;
                for op in several {
                    reply = next.call(with(&ask, vec![op])).await;
                    if !ok(&reply) {
                        break;
                    }
                }
                reply
            })
        },
    ),
    Fault::around(
        "failed-patch-leaves-a-trace",
        "a PATCH of several operations that fails is undone, and takes the userType away",
        &["RFC7644-3.5.2-R20"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let several = operations(&mut sent(&ask)).is_some_and(|operations| operations.len() > 1);
                if patching(&ask) && several && is(&reply, 400) {
                    next.call(with(&ask, vec![json!({ "op": "remove", "path": "userType" })])).await;
                }
                reply
            })
        },
    ),
    Fault::around(
        "failed-patch-answers-200",
        "a PATCH of several operations that fails answers 200",
        &["RFC7644-3.5.2-R21"],
        |ask, next| {
            forgiving_where(ask, next, |body, _| {
                operations(body).is_some_and(|operations| operations.len() > 1)
            })
        },
    ),
    Fault::reply(
        "failed-patch-has-no-error",
        "a PATCH of several operations that fails answers without a body",
        &["RFC7644-3.5.2-R22"],
        |ask, reply| {
            let several = operations(&mut sent(ask)).is_some_and(|operations| operations.len() > 1);
            if patching(ask) && several && is(reply, 400) {
                empty(reply);
            }
        },
    ),
    Fault::reply(
        "incompatible-patch-has-no-error",
        "a PATCH of what only the server can set is refused without a body",
        &["RFC7644-3.5.2-R13"],
        |ask, reply| {
            let own = |op: &Value| path(op).is_some_and(|path| path == "id" || path.starts_with("meta"));
            let concerned = operations(&mut sent(ask)).is_some_and(|operations| operations.iter().any(own));
            if patching(ask) && concerned && is(reply, 400) {
                empty(reply);
            }
        },
    ),
    Fault::around(
        "the-last-record-stays",
        "of the last value that a filter of two conditions selects the address alone is removed",
        &["RFC7644-3.5.2.2-R8"],
        |mut ask, next| {
            Box::pin(async move {
                let user = if patching(&ask) { shown(&next.call(look(&ask)).await) } else { Value::Null };
                if user.get("emails").and_then(Value::as_array).is_some_and(|emails| emails.len() == 1) {
                    edit(&mut ask, |operations| {
                        let two = |path: &str| path.contains(" and ");
                        let whole = operations
                            .iter_mut()
                            .filter(|op| verb(op, "remove") && path(op).is_some_and(two));
                        whole.for_each(|op| reword(op, "/path", |path| format!("{path}.value")));
                    });
                }
                next.call(ask).await
            })
        },
    ),
    forgives!(
        "remove-without-path-is-forgiven",
        "remove without path is acknowledged",
        ["RFC7644-3.5.2.2-R1"],
        |op| verb(op, "remove") && path(op).is_none()
    ),
    forgives!(
        "unmatched-replace-is-forgiven",
        "replace of a value that is not there is acknowledged",
        ["RFC7644-3.5.2.3-R9"],
        |op| verb(op, "replace") && selects(op)
    ),
    forgives!(
        "removing-the-required-is-forgiven",
        "remove of a required attribute is acknowledged",
        ["RFC7644-3.5.2.2-R9"],
        |op| verb(op, "remove") && plain(op)
    ),
    forgives!(
        "bug-p17-replacing-the-id-is-forgiven",
        "replace of the id is acknowledged",
        ["RFC7644-3.5.2-R10"],
        |op| path(op) == Some("id")
    ),
    forgives!("replacing-meta-is-forgiven", "replace of meta is acknowledged", ["RFC7644-3.5.2-R10"], |op| {
        path(op).is_some_and(|path| path.starts_with("meta"))
    }),
    forgives!(
        "unfit-patch-value-is-forgiven",
        "a value of the wrong type is acknowledged",
        ["RFC7644-3.5.2-R10"],
        |op| verb(op, "replace") && plain(op) && value(op).is_object()
    ),
    forgives!(
        "malformed-path-is-forgiven",
        "a path that is no path is acknowledged",
        ["RFC7644-3.5.2-R8"],
        |op| path(op).is_some_and(|path| path.matches('[').count() != path.matches(']').count())
    ),
    forgives!(
        "array-index-is-forgiven",
        "a path with an array index is acknowledged",
        ["RFC7644-3.5.2-R9"],
        |op| path(op).is_some_and(|path| path.contains('[') && !path.contains(' ') && path.contains(']'))
    ),
    forgives!(
        "unknown-op-is-forgiven",
        "an operation that does not exist is acknowledged",
        ["RFC7644-3.5.2-R9"],
        |op| op.get("op").is_some_and(|op| !["add", "remove", "replace"].iter().any(|known| op == known))
    ),
    forgives!(
        "missing-op-is-forgiven",
        "an operation without op is acknowledged",
        ["RFC7644-3.5.2-R4"],
        |op| op.get("op").is_none()
    ),
    Fault::around(
        "missing-operations-are-forgiven",
        "a PATCH without operations is acknowledged",
        &["RFC7644-3.5.2-R3"],
        |ask, next| forgiving_where(ask, next, |body, _| operations(body).is_none()),
    ),
    Fault::reply(
        "patch-of-unknown-is-400",
        "PATCH of an unknown id answers 400",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if patching(ask) && is(reply, 404) {
                restate(reply, 400);
            }
        },
    ),
    Fault::around(
        "bug-p14-patch-answer-is-stale",
        "a PATCH answers with the resource as it was before",
        &["RFC7644-3.5.2-R23"],
        |ask, next| {
            Box::pin(async move {
                if !patching(&ask) || ask.parameter("attributes").is_some() {
                    return next.call(ask).await;
                }
                let before = next.call(look(&ask)).await;
                let mut reply = next.call(ask).await;
                if ok(&reply) {
                    let old = shown(&before);
                    json(&mut reply, |body| *body = old);
                }
                reply
            })
        },
    ),
    Fault::reply(
        "bug-h03-patch-with-attributes-answers-204",
        "a PATCH with the attributes parameter answers 204",
        &["RFC7644-3.5.2-R25"],
        |ask, reply| {
            if patching(ask) && ask.parameter("attributes").is_some() && is(reply, 200) {
                status(reply, 204);
                empty(reply);
            }
        },
    ),
];

/// Changes the operations of a PATCH.
pub(super) fn edit(ask: &mut Ask, change: impl FnOnce(&mut Vec<Value>)) {
    if patching(ask) {
        send(ask, |body| {
            if let Some(operations) = operations(body) {
                change(operations);
            }
        });
    }
}

/// The same PATCH with other operations.
fn with(ask: &Ask, others: Vec<Value>) -> Ask {
    let mut ask = ask.clone();
    edit(&mut ask, |operations| *operations = others);
    ask
}

/// The user as it stands, where a PATCH adds values that it has.
async fn repeated(ask: &Ask, next: &Next) -> Option<Value> {
    if !patching(ask) || !below(ask, endpoint::USERS) {
        return None;
    }
    let user = shown(&next.call(look(ask)).await);
    let mut body = sent(ask);
    let again =
        operations(&mut body).is_some_and(|operations| operations.iter().any(|op| repeats(op, &user)));
    again.then_some(user)
}

/// Whether every value that an operation adds is there.
fn repeats(op: &Value, user: &Value) -> bool {
    let there = path(op).and_then(|path| user.get(path)?.as_array());
    let (Some(there), Some(new)) = (there, value(op).as_array()) else { return false };
    let known = |new: &Value| {
        new.get("value").is_some_and(|new| there.iter().any(|old| old.get("value") == Some(new)))
    };
    verb(op, "add") && new.iter().all(known)
}

fn forgiving(ask: Ask, next: Next, which: fn(&Value) -> bool) -> Answering {
    let mut body = sent(&ask);
    let concerned =
        operations(&mut body).is_some_and(|operations| matches!(operations.as_slice(), [op] if which(op)));
    if concerned { forgiving_where(ask, next, |_, _| true) } else { next.call(ask) }
}

/// Shows what stands, as a success, where a PATCH is refused.
fn forgiving_where(ask: Ask, next: Next, when: fn(&mut Value, &Reply) -> bool) -> Answering {
    Box::pin(async move {
        let reply = next.call(ask.clone()).await;
        let refused = patching(&ask) && is(&reply, 400) && when(&mut sent(&ask), &reply);
        if refused { next.call(look(&ask)).await } else { reply }
    })
}
