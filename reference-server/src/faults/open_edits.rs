//! Points of PATCH, of pages and of projections that the standard leaves open, read in a way that is none of the lawful
//! ones.

use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{
    at, empty_list, error, look, no_content, ok, patching, reading, restate, send, sent, shown, without,
};

/// A fault by which an operation of one kind is lost, with everything that comes with it, and success is told.
macro_rules! loses {
    ($name:literal, $title:literal, $breaks:literal, $which:expr) => {
        Fault::around($name, $title, &[$breaks], |ask, next| {
            let which: fn(&Value) -> bool = $which;
            let lost = operations(&ask).iter().any(which);
            if lost { Box::pin(std::future::ready(no_content())) } else { next.call(ask) }
        })
        .of_state()
    };
}

pub(super) const FAULTS: &[Fault] = &[
    loses!(
        "unmatched-adds-are-lost",
        "what is added to a value that is not there is lost",
        "RFC7644-3.12-R25",
        |operation| does(operation, "add") && path(operation).contains(r#"type eq "other""#)
    ),
    Fault::request(
        "unmatched-adds-replace-all",
        "what is added to a value that is not there takes the place of all values",
        &["RFC7644-3.5.2.1-R4"],
        |ask| {
            if patching(ask) {
                each_operation(ask, |operation| {
                    if does(operation, "add") && path(operation).contains(r#"type eq "other""#) {
                        let values = json!([{ "value": operation["value"], "type": "other" }]);
                        *operation = json!({ "op": "replace", "path": "emails", "value": values });
                    }
                });
            }
        },
    )
    .of_state(),
    Fault::request(
        "unmatched-removes-remove-all",
        "a remove of what a filter does not find removes all values",
        &["RFC7644-3.5.2.2-R4"],
        |ask| {
            if patching(ask) {
                each_operation(ask, |operation| {
                    if does(operation, "remove") && path(operation) == r#"emails[type eq "other"]"# {
                        operation["path"] = json!("emails");
                    }
                });
            }
        },
    )
    .of_state(),
    Fault::around(
        "nothing-cannot-be-removed",
        "a remove of a title that is not there answers 404",
        &["RFC7644-3.5.2.2-R2"],
        |ask, next| {
            Box::pin(async move {
                let removes = operations(&ask).iter().any(|one| does(one, "remove") && path(one) == "title");
                let has = shown(&next.call(look(&ask)).await).get("title").is_some();
                if removes && !has { error(404) } else { next.call(ask).await }
            })
        },
    ),
    loses!(
        "removes-with-values-are-lost",
        "a remove with values does nothing, and says that it did",
        "RFC7644-3.5.2.2-R3",
        |operation| does(operation, "remove") && operation.get("value").is_some()
    ),
    loses!(
        "capital-operations-are-lost",
        "an operation whose name begins with a capital does nothing, and says that it did",
        "RFC7644-3.5.2.3-R2",
        |operation| does(operation, "Replace")
    ),
    loses!(
        "text-for-booleans-is-lost",
        "text for a Boolean does nothing, and success is told",
        "RFC7644-3.5.2.3-R2",
        |operation| path(operation) == "active" && operation.get("value").is_some_and(Value::is_string)
    ),
    loses!(
        "text-for-managers-is-lost",
        "text for a manager does nothing, and success is told",
        "RFC7644-3.5.2-R10",
        |operation| path(operation).ends_with(":manager")
            && operation.get("value").is_some_and(Value::is_string)
    ),
    Fault::request(
        "names-with-dots-replace-the-whole",
        "a name with a dot, in a value without path, replaces the complex attribute",
        &["RFC7644-3.5.2.3-R1"],
        |ask| {
            if patching(ask) {
                each_operation(ask, |operation| {
                    if let Some(given) = operation.pointer("/value/name.givenName").cloned() {
                        let name = json!({ "givenName": given, "familyName": null });
                        *operation = json!({ "op": "replace", "value": { "name": name } });
                    }
                });
            }
        },
    )
    .of_state(),
    Fault::around(
        "bug-p16-unknown-attributes-are-conflicts",
        "a PATCH of an attribute that is not known answers 409",
        &["RFC7644-3.12-R25"],
        |ask, next| {
            Box::pin(async move {
                let unknown = operations(&ask).iter().any(|one| path(one).starts_with("noSuch"));
                let mut reply = next.call(ask).await;
                if unknown && !ok(&reply) {
                    restate(&mut reply, 409);
                }
                reply
            })
        },
    ),
    loses!(
        "null-changes-nothing",
        "a replace with null does nothing, and says that it did",
        "RFC7643-2.5-R2",
        |operation| does(operation, "replace") && operation.get("value").is_some_and(Value::is_null)
    ),
    Fault::around(
        "complex-orders-lose-all",
        "a list that is sorted by a complex attribute is empty",
        &["RFC7644-3.4.2.3-R6"],
        |ask, next| {
            let complex =
                at(&ask, endpoint::USERS) && ask.parameter("sortBy").is_some_and(|by| by == "emails");
            if complex { Box::pin(std::future::ready(empty_list())) } else { next.call(ask) }
        },
    ),
    Fault::around(
        "text-starts-behind-the-end",
        "a startIndex that is no number shows nobody",
        &["RFC7644-3.4.2.4-R4"],
        |ask, next| {
            let text = ask.parameter("startIndex").is_some_and(|start| start.parse::<i64>().is_err());
            if text { Box::pin(std::future::ready(empty_list())) } else { next.call(ask) }
        },
    ),
    Fault::request(
        "uris-of-extensions-show-everything",
        "the URI of an extension alone shows the whole resource",
        &["RFC7644-3.9-R5"],
        |ask| {
            let names = ask.parameter("attributes").unwrap_or_default();
            if reading(ask) && names.starts_with("urn:") && names.ends_with(":User") {
                without(ask, "attributes");
            }
        },
    ),
];

fn operations(ask: &Ask) -> Vec<Value> {
    let body = if patching(ask) { sent(ask) } else { Value::Null };
    body.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn does(operation: &Value, op: &str) -> bool {
    operation.get("op").is_some_and(|found| found == op)
}

fn path(operation: &Value) -> &str {
    operation.get("path").and_then(Value::as_str).unwrap_or_default()
}

fn each_operation(ask: &mut Ask, edit: impl FnMut(&mut Value)) {
    send(ask, |body| {
        if let Some(operations) = body.get_mut("Operations").and_then(Value::as_array_mut) {
            operations.iter_mut().for_each(edit);
        }
    });
}
