//! PATCH that breaks a rule that holds for every operation.

use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    cut, empty, is, json, look, ok, patching, refusal, restate, send, sent, set, shown, status,
};
use crate::faults::patch::{operations, path, verb};
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// A fault that forgives what has to be refused: nothing is done, and the answer is a success.
macro_rules! forgives {
    ($name:literal, $title:literal, [$($breaks:literal),+], $which:expr) => {
        Fault::around($name, $title, &[$($breaks),+], |ask, next| forgiving(ask, next, $which))
    };
}

/// A fault that gives a refused PATCH another keyword.
macro_rules! misnames {
    ($name:literal, $title:literal, [$($breaks:literal),+], $keyword:literal) => {
        Fault::reply($name, $title, &[$($breaks),+], |ask, reply| {
            if patching(ask) {
                json(reply, |error| {
                    if error.get("scimType") == Some(&json!($keyword)) {
                        set(error, "/scimType", "tooMany");
                    }
                });
            }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "patch-runs-backwards",
        "the operations of a PATCH run in the opposite order",
        &["RFC7644-3.5.2-R17"],
        |ask| {
            edit(ask, |operations| operations.reverse());
        },
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
                let selected =
                    |op: &Value| verb(op, "replace") && path(op) == Some(r#"emails[type eq "work"].value"#);
                if operations.iter().any(selected) {
                    operations.push(json!({ "op": "remove", "path": r#"emails[type ne "work"]"# }));
                }
            });
        },
    ),
    Fault::request(
        "only-the-first-match-changes",
        "of the values that a filter selects only one is changed",
        &["RFC7644-3.5.2.3-R7"],
        |ask| {
            edit(ask, |operations| {
                for op in
                    operations.iter_mut().filter(|op| path(op).is_some_and(|path| path.contains(" ew ")))
                {
                    set(op, "/path", r#"emails[type eq "work"].display"#);
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
                if operations.iter().any(|op| verb(op, "replace") && path(op) == Some("name")) {
                    operations.insert(0, json!({ "op": "remove", "path": "name" }));
                }
            });
        },
    ),
    Fault::request(
        "remove-of-a-value-removes-all",
        "remove of a selected value takes all values away",
        &["RFC7644-3.5.2.2-R4"],
        |ask| {
            edit(ask, |operations| {
                for op in operations
                    .iter_mut()
                    .filter(|op| verb(op, "remove") && path(op) == Some(r#"emails[type eq "home"]"#))
                {
                    set(op, "/path", "emails");
                }
            });
        },
    ),
    Fault::request(
        "repeated-add-duplicates",
        "adding a value that is there makes a second one",
        &["RFC7644-3.5.2.1-R10"],
        |ask| {
            edit(ask, |operations| {
                let values = operations
                    .iter_mut()
                    .filter(|op| verb(op, "add"))
                    .filter_map(|op| op.get_mut("value")?.as_array_mut());
                for value in
                    values.flatten().filter(|value| value.get("value") == Some(&json!("home@example.com")))
                {
                    set(value, "/type", "other");
                }
            });
        },
    ),
    Fault::around(
        "repeated-add-is-refused",
        "adding a value that is there is refused",
        &["RFC7644-3.5.2.1-R11"],
        |ask, next| {
            if repeats(&ask) { Box::pin(std::future::ready(refusal("uniqueness"))) } else { next.call(ask) }
        },
    ),
    Fault::around(
        "repeated-add-counts-as-a-change",
        "adding a value that is there moves lastModified",
        &["RFC7644-3.5.2.1-R12"],
        |ask, next| {
            Box::pin(async move {
                if repeats(&ask) {
                    for op in [
                        json!({ "op": "add", "path": "userType", "value": "x" }),
                        json!({ "op": "remove", "path": "userType" }),
                    ] {
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
        &["RFC7644-3.5.2-R19", "RFC7644-3.5.2-R20"],
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
        "failed-patch-answers-200",
        "a PATCH of several operations that fails answers 200",
        &["RFC7644-3.5.2-R21"],
        |ask, next| {
            forgiving_where(ask, next, |body, _| {
                operations(body).is_some_and(|operations| operations.len() > 1)
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
        |op| verb(op, "replace") && path(op).is_some_and(|path| path.contains("[type"))
    ),
    forgives!(
        "removing-the-required-is-forgiven",
        "remove of a required attribute is acknowledged",
        ["RFC7644-3.5.2.2-R9"],
        |op| verb(op, "remove") && path(op) == Some("userName")
    ),
    forgives!(
        "bug-p17-replacing-the-id-is-forgiven",
        "replace of the id is acknowledged",
        ["RFC7644-3.5.2-R11"],
        |op| path(op) == Some("id")
    ),
    forgives!("replacing-meta-is-forgiven", "replace of meta is acknowledged", ["RFC7644-3.5.2-R11"], |op| {
        path(op).is_some_and(|path| path.starts_with("meta"))
    }),
    forgives!(
        "unfit-patch-value-is-forgiven",
        "a value of the wrong type is acknowledged",
        ["RFC7644-3.5.2-R10"],
        |op| path(op) == Some("displayName") && op.get("value").is_some_and(Value::is_object)
    ),
    forgives!(
        "malformed-path-is-forgiven",
        "a path that is no path is acknowledged",
        ["RFC7644-3.5.2-R8"],
        |op| path(op).is_some_and(|path| path.ends_with('['))
    ),
    forgives!(
        "array-index-is-forgiven",
        "a path with an array index is acknowledged",
        ["RFC7644-3.5.2-R9"],
        |op| path(op).is_some_and(|path| path.contains("[0]"))
    ),
    forgives!(
        "unknown-op-is-forgiven",
        "an operation that does not exist is acknowledged",
        ["RFC7644-3.5.2-R9"],
        |op| verb(op, "move")
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
    misnames!(
        "no-target-says-too-many",
        "a PATCH without target is refused as too many",
        ["RFC7644-3.12-R26"],
        "noTarget"
    ),
    misnames!(
        "patch-mutability-says-too-many",
        "a PATCH of what is read-only is refused as too many",
        ["RFC7644-3.12-R23"],
        "mutability"
    ),
    misnames!(
        "patch-value-says-too-many",
        "a PATCH with an unfit value is refused as too many",
        ["RFC7644-3.12-R27"],
        "invalidValue"
    ),
    Fault::reply(
        "patch-path-says-too-many",
        "a PATCH with a malformed path is refused as too many",
        &["RFC7644-3.12-R25"],
        |ask, reply| {
            let by_path = operations(&mut sent(ask)).is_some_and(|operations| {
                operations
                    .iter()
                    .any(|op| path(op).is_some_and(|path| path.ends_with('[') || path.contains("[0]")))
            });
            if patching(ask) && by_path {
                json(reply, |error| set(error, "/scimType", "tooMany"));
            }
        },
    ),
    misnames!(
        "patch-syntax-says-too-many",
        "a malformed PATCH is refused as too many",
        ["RFC7644-3.12-R24"],
        "invalidSyntax"
    ),
    misnames!(
        "patch-duplicate-says-too-many",
        "a PATCH onto a taken userName is refused as too many",
        ["RFC7644-3.12-R22"],
        "uniqueness"
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
        "patch-with-attributes-answers-204",
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
fn edit(ask: &mut Ask, change: impl FnOnce(&mut Vec<Value>)) {
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

/// Whether it adds the address that everybody has at home.
fn repeats(ask: &Ask) -> bool {
    let mut body = sent(ask);
    let mut operations =
        operations(&mut body).filter(|_| patching(ask)).cloned().unwrap_or_default().into_iter();
    operations.any(|op| verb(&op, "add") && op.pointer("/value/0/value") == Some(&json!("home@example.com")))
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
