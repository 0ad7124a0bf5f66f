//! Writes that do more than they say, or less.

use http::Method;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    below, creating, each, is, look, no_content, ok, patching, replacing, send, sent, shown,
};
use crate::faults::patch::{leaving_out, operations, path, value, verb};
use crate::faults::{Answering, Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "create-joins-groups",
        "a create makes the new user a member of the groups that it names",
        &["RFC7643-7-R19"],
        |ask, next| joining(ask, next, creating, |body| body.get("groups").cloned()),
    )
    .of_groups()
    .of_state(),
    Fault::around(
        "replace-joins-groups",
        "a replace makes the user a member of the groups that it names",
        &["RFC7643-7-R19"],
        |ask, next| joining(ask, next, replacing, |body| body.get("groups").cloned()),
    )
    .of_groups()
    .of_state(),
    Fault::around(
        "patch-joins-groups",
        "a PATCH of a user's groups makes the user a member of them",
        &["RFC7644-3.5.2-R10"],
        |ask, next| {
            joining(ask, next, patching, |body| {
                let mut body = body.clone();
                let all = operations(&mut body)?;
                all.iter()
                    .find(|operation| path(operation) == Some("groups"))
                    .map(|found| value(found).clone())
            })
        },
    )
    .of_groups()
    .of_state(),
    Fault::around(
        "paths-in-capitals-are-lost",
        "a PATCH whose path is written in capitals is acknowledged and lost",
        &["RFC7643-2.1-R2"],
        |ask, next| {
            leaving_out(ask, next, |op, _| {
                path(op).is_some_and(|path| path.bytes().all(|letter| letter.is_ascii_uppercase()))
            })
        },
    )
    .of_state(),
    Fault::around(
        "null-in-patch-is-lost",
        "a replace with null is acknowledged and lost",
        &["RFC7643-2.5-R2"],
        |ask, next| {
            leaving_out(ask, next, |op, _| verb(op, "replace") && op.get("value").is_some_and(Value::is_null))
        },
    )
    .of_state(),
    Fault::around(
        "add-of-manager-value-is-lost",
        "add of the value of a manager is acknowledged and lost",
        &["RFC7644-3.5.2.1-R4"],
        |ask, next| leaving_out(ask, next, |op, _| verb(op, "add") && of_manager_value(op)),
    )
    .of_state(),
    Fault::around(
        "remove-of-manager-value-is-lost",
        "remove of the value of a manager is acknowledged and lost",
        &["RFC7644-3.5.2.2-R2"],
        |ask, next| leaving_out(ask, next, |op, _| verb(op, "remove") && of_manager_value(op)),
    )
    .of_state(),
    Fault::reply(
        "schemas-lag-behind-extensions",
        "a user who has an extension without a department does not name its schema",
        &["RFC7643-3-R4"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                let lacks = user
                    .get(urn::ENTERPRISE_USER)
                    .is_some_and(|extension| extension.get("department").is_none());
                if let Some(Value::Array(schemas)) = user.get_mut("schemas").filter(|_| lacks) {
                    schemas.retain(|uri| uri != urn::ENTERPRISE_USER);
                }
            });
        },
    ),
    Fault::around(
        "malformed-replace-is-acknowledged",
        "a replace that is no JSON is answered with what is there",
        &["RFC7644-3.12-R10"],
        |ask, next| forgiving(ask, next, replacing),
    ),
    Fault::around(
        "malformed-patch-is-acknowledged",
        "a PATCH that is no JSON is answered with what is there",
        &["RFC7644-3.12-R10"],
        |ask, next| forgiving(ask, next, patching),
    ),
    Fault::around(
        "malformed-writes-switch-off",
        "a replace or a PATCH that is no JSON is refused, and switches the user off",
        &["RFC7644-3.1-R6"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let malformed = (replacing(&ask) || patching(&ask)) && sent(&ask).is_null();
                if malformed && is(&reply, 400) {
                    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
                    let at = ask.path.clone();
                    next.call(modifying(ask, at, &off)).await;
                }
                reply
            })
        },
    )
    .of_state(),
    Fault::request(
        "member-values-are-exchanged",
        "a replace of the id of a member puts another member in its place",
        &["RFC7643-7-R22"],
        |ask| {
            if patching(ask) && below(ask, endpoint::GROUPS) {
                send(ask, |body| operations(body).into_iter().for_each(exchange_members));
            }
        },
    )
    .of_groups()
    .of_state(),
    Fault::request(
        "external-ids-become-lower-case",
        "a create stores an externalId in lower case",
        &["RFC7643-7-R17"],
        |ask| {
            if creating(ask) && ask.path == endpoint::USERS {
                send(ask, |body| crate::faults::edit::reword(body, "/externalId", str::to_lowercase));
            }
        },
    )
    .collateral(&[
        ("filter.eq-on-external-id", "it looks for an externalId with capitals"),
        ("filter.external-id-respects-case", "it looks for an externalId with capitals"),
    ])
    .of_state(),
];

fn of_manager_value(op: &Value) -> bool {
    path(op).is_some_and(|path| path.ends_with(":manager.value"))
}

/// Makes of every replace of a selected member's id that it goes, and the other one comes.
fn exchange_members(all: &mut Vec<Value>) {
    let old = std::mem::take(all);
    for operation in old {
        let selected = path(&operation).and_then(|path| path.strip_suffix("].value"));
        match selected.filter(|path| path.starts_with("members[") && verb(&operation, "replace")) {
            Some(selected) => all.extend([
                json!({ "op": "remove", "path": format!("{selected}]") }),
                json!({ "op": "add", "path": "members", "value": [{ "value": value(&operation) }] }),
            ]),
            None => all.push(operation),
        }
    }
}

/// A request for a PATCH with the credentials of another one.
fn modifying(ask: Ask, path: String, operations: &Value) -> Ask {
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    let mut write = Ask { method: Method::PATCH, path, query: String::new(), ..ask };
    write.headers.remove(http::header::IF_MATCH);
    write.body = body.to_string().into();
    write
}

/// Carries a write of a user out, and adds the user to the groups that are found in its body.
fn joining(ask: Ask, next: Next, which: fn(&Ask) -> bool, groups: fn(&Value) -> Option<Value>) -> Answering {
    Box::pin(async move {
        let reply: Reply = next.call(ask.clone()).await;
        let of_user = which(&ask) && ask.path.starts_with(endpoint::USERS);
        let Some(Value::Array(groups)) = groups(&sent(&ask)).filter(|_| of_user) else { return reply };
        let own = ask.path.rsplit('/').next().unwrap_or_default().to_owned();
        let id = shown(&reply).get("id").and_then(Value::as_str).map_or(own, str::to_owned);
        for group in groups.iter().filter_map(|group| group.get("value")?.as_str()) {
            let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
            next.call(modifying(ask.clone(), format!("{}/{group}", endpoint::GROUPS), &add)).await;
        }
        reply
    })
}

/// Acknowledges a write that cannot be read.
fn forgiving(ask: Ask, next: Next, which: fn(&Ask) -> bool) -> Answering {
    Box::pin(async move {
        if which(&ask) && below(&ask, endpoint::USERS) && sent(&ask).is_null() {
            let there = next.call(look(&ask)).await;
            return if ok(&there) { no_content() } else { there };
        }
        next.call(ask).await
    })
}
