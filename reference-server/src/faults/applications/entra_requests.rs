//! Requests of Microsoft Entra that a server refuses, or answers otherwise than the client needs.

use http::header::CONTENT_TYPE;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{
    at, below, error, json, listing, look, ok, patching, restate, sent, shown, unless,
};
use crate::faults::patch::operations;
use crate::faults::seams::{Answering, Next};
use crate::faults::{Fault, applications};

/// A fault that refuses a PATCH with an operation of some kind.
macro_rules! refuses {
    ($name:literal, $title:literal, $breaks:literal, $which:expr) => {
        Fault::around($name, $title, &[$breaks], |ask, next| refusing(ask, &next, $which))
    };
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply("absent-groups-are-404", "a search that finds no group is 404", &["E-01"], |ask, reply| {
        if listing(ask) && at(ask, endpoint::GROUPS) && shown(reply).get("totalResults") == Some(&json!(0)) {
            *reply = error(404);
        }
    }),
    refuses!("addresses-have-no-paths", "a value path into addresses is refused", "E-04", |_, path, _| path
        .starts_with("addresses[")),
    refuses!("phones-have-no-paths", "a value path into phoneNumbers is refused", "E-04", |_, path, _| path
        .starts_with("phoneNumbers[")),
    refuses!("roles-have-no-paths", "a value path into roles is refused", "E-04", |_, path, _| path
        .starts_with("roles[")),
    refuses!(
        "managers-stay",
        "a replace of the manager by another one is refused",
        "E-09",
        |verb, path, value| {
            verb == "replace" && of_manager(path) && value.as_str().is_some_and(|id| !id.is_empty())
        }
    ),
    refuses!("managers-cannot-be-removed", "a removal of the manager is refused", "E-09", |verb, path, _| {
        verb == "remove" && of_manager(path)
    }),
    Fault::request(
        "patched-text-is-trimmed",
        "blanks around a text that a PATCH sends are cut off",
        &["E-03"],
        |ask| {
            applications::each_operation(ask, |operation| {
                if let Some(Value::String(text)) = operation.get_mut("value") {
                    *text = text.trim().to_owned();
                }
            });
        },
    ),
    Fault::reply(
        "time-zone-is-unpublished",
        "/Schemas does not list timezone, which users have",
        &["E-07"],
        |ask, reply| {
            if at(ask, endpoint::SCHEMAS) {
                json(reply, |schemas| applications::unpublish(schemas, urn::USER, "timezone"));
            }
        },
    ),
    Fault::around(
        "group-rename-lists-members",
        "a PATCH that renames a group answers with all its members",
        &["E-10"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                let renames = sent(&ask).to_string().contains("displayName");
                if patching(&ask) && below(&ask, endpoint::GROUPS) && renames && ok(&reply) {
                    return next.call(look(&ask)).await;
                }
                reply
            })
        },
    ),
    Fault::reply(
        "charset-is-refused-on-patch",
        "a PATCH whose media type has a charset is refused",
        &["E-12"],
        |ask, reply| {
            let announced = ask.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if patching(ask) && announced.is_some_and(|media_type| media_type.contains("charset")) {
                restate(reply, 415);
            }
        },
    ),
];

fn of_manager(path: &str) -> bool {
    path.strip_prefix(urn::ENTERPRISE_USER).is_some_and(|rest| rest.eq_ignore_ascii_case(":manager"))
}

/// Refuses a PATCH with an operation of a kind: verb in lower case, path, value.
fn refusing(ask: Ask, next: &Next, which: fn(&str, &str, &Value) -> bool) -> Answering {
    let mut body = sent(&ask);
    let is_one = |operation: &Value| {
        let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
        let value = operation.get("value").unwrap_or(&Value::Null);
        which(&text("op").to_lowercase(), text("path"), value)
    };
    let refused = patching(&ask) && operations(&mut body).is_some_and(|all| all.iter().any(is_one));
    unless(refused, "noTarget", ask, next)
}
