//! Defects that servers were seen with and that few other faults are like.

use http::Method;
use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{
    ask_for, at, below, creating, cut, each_resource, error, json as edit, listing, look, number, ok,
    patching, reword, send, sent, set, unless,
};
use crate::faults::patch::{operations, path, value, verb};
use crate::faults::{Answering, Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-p02-verbs-are-capitalised-only",
        "a PATCH whose op does not begin with a capital is refused",
        &["RFC7643-5-R4", "RFC7644-3.5.2-R23", "RFC7644-3.5.2.1-R6"],
        |ask, next| {
            let small = |op: &Value| {
                let verb = op.get("op").and_then(Value::as_str);
                verb.is_some_and(|verb| verb.starts_with(|letter: char| letter.is_ascii_lowercase()))
            };
            let refused =
                patching(&ask) && operations(&mut sent(&ask)).is_some_and(|all| all.iter().any(small));
            unless(refused, "invalidSyntax", ask, &next)
        },
    )
    .collateral(&[("robustness.members-in-any-order", "it patches as well")])
    .hinders(&[
        ("User.modify", "no PATCH in the letters of the standard is taken"),
        ("Group.modify", "no PATCH in the letters of the standard is taken"),
    ]),
    Fault::request(
        "bug-p11-adds-make-a-value-each",
        "several adds to parts of a value that is not there make one value each",
        &["RFC7644-3.5.2-R17"],
        |ask| {
            if patching(ask) {
                send(ask, |body| {
                    if let Some(operations) = operations(body).filter(|operations| operations.len() > 1) {
                        for operation in operations {
                            *operation = on_its_own(operation).unwrap_or_else(|| operation.take());
                        }
                    }
                });
            }
        },
    )
    .of_state(),
    Fault::around(
        "bug-t03-switching-off-deletes",
        "a PATCH that switches a user off deletes the user, and answers 404",
        &["RFC7643-4.1.1-R17", "RFC7644-3.5.2.3-R1", "RFC7644-3.5.2.3-R2"],
        |ask, next| {
            Box::pin(async move {
                if !switches_off(&ask) {
                    return next.call(ask).await;
                }
                next.call(Ask { method: Method::DELETE, ..look(&ask) }).await;
                error(404)
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-k06-creates-show-another-case",
        "a userName is kept in lower case, and the answer to the create shows it as it was sent",
        &["RFC7644-3.1-R6"],
        |mut ask, next| {
            Box::pin(async move {
                let body = sent(&ask);
                let name = body.get("userName").and_then(Value::as_str).filter(|_| creating(&ask));
                let Some(name) = name.map(str::to_owned) else { return next.call(ask).await };
                send(&mut ask, |user| reword(user, "/userName", str::to_lowercase));
                let mut reply = next.call(ask).await;
                if ok(&reply) {
                    edit(&mut reply, |user| reword(user, "/userName", |_| name));
                }
                reply
            })
        },
    ),
    Fault::around(
        "bug-l08-everybody-is-listed-twice",
        "a list of users without filter has every user twice",
        &["RFC7644-3.4.2.4-R12", "RFC7644-3.4.2-R6"],
        |ask, next| {
            let whole = listing(&ask) && at(&ask, endpoint::USERS) && ask.parameter("filter").is_none();
            if whole { twice(ask, next) } else { next.call(ask) }
        },
    ),
    Fault::reply(
        "bug-m06-attributes-hide-the-id",
        "whoever asks for some attributes gets resources without their id",
        &["RFC7643-3.1-R5"],
        |ask, reply| {
            if ask.parameter("attributes").is_some() {
                each_resource(ask, reply, |resource| cut(resource, "/id"));
            }
        },
    )
    .collateral(&[
        ("read.attributes-narrow-the-answer", "the id comes whatever is asked for"),
        ("projection.create-honours-attributes", "the id comes whatever is asked for"),
        ("projection.replace-honours-attributes", "the id comes whatever is asked for"),
        ("projection.modify-honours-attributes", "the id comes whatever is asked for"),
        ("projection.list-honours-attributes", "it finds its own by the id"),
        ("groups.list-honours-attributes", "it finds its own by the id"),
        ("groups.read-honours-attributes", "the id comes whatever is asked for"),
        ("wire.id-is-stable", "nothing is no id that lasts"),
    ]),
];

/// An add to a part of a selected value, as one of a value with nothing else in it.
fn on_its_own(operation: &Value) -> Option<Value> {
    let (attribute, rest) = path(operation).filter(|_| verb(operation, "add"))?.split_once('[')?;
    let (filter, part) = rest.split_once("].")?;
    let (name, kind) = filter.split_once(" eq ")?;
    let kind: Value = serde_json::from_str(kind).ok()?;
    let alone = json!({ name: kind, part: value(operation) });
    Some(json!({ "op": "add", "path": attribute, "value": [alone] }))
}

fn switches_off(ask: &Ask) -> bool {
    let off = |op: &Value| match path(op) {
        Some(path) => path == "active" && *value(op) == json!(false),
        None => value(op).get("active") == Some(&json!(false)),
    };
    patching(ask)
        && below(ask, endpoint::USERS)
        && operations(&mut sent(ask)).is_some_and(|all| all.iter().any(off))
}

/// A page of a list that has every resource twice in a row.
fn twice(mut ask: Ask, next: Next) -> Answering {
    Box::pin(async move {
        let number = |name: &str| number(&ask, name).and_then(|number| usize::try_from(number).ok());
        let (start, count) = (number("startIndex").unwrap_or(1).max(1), number("count"));
        let skipped = start - 1;
        ask_for(&mut ask, "startIndex", &(skipped / 2 + 1).to_string());
        if let Some(count) = count.filter(|count| *count > 0) {
            ask_for(&mut ask, "count", &(count / 2 + 1).to_string());
        }
        let mut reply = next.call(ask).await;
        if ok(&reply) {
            edit(&mut reply, |list| {
                let once = list.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
                let both = once.into_iter().flat_map(|one| [one.clone(), one]).skip(skipped % 2);
                let page: Vec<Value> = both.take(count.unwrap_or(usize::MAX)).collect();
                let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
                set(list, "/totalResults", total * 2);
                set(list, "/startIndex", start);
                set(list, "/itemsPerPage", page.len());
                set(list, "/Resources", page);
            });
        }
        reply
    })
}
