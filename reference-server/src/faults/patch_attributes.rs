//! PATCH that carries everything out but what is about one attribute.

use protocol::urn;
use serde_json::Value;

use crate::faults::Fault;
use crate::faults::edit::{patching, refusal, sent};
use crate::faults::patch::{leaving_out, operations, path, value, verb};

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-t02-patch-of-active-is-lost",
        "a PATCH of active is acknowledged and lost",
        &["RFC7643-4.1.1-R17", "RFC7644-3.5.2.3-R1", "RFC7644-3.5.2.3-R2"],
        |ask, next| {
            leaving_out(ask, next, |op, _| path(op) == Some("active") || value(op).get("active").is_some())
        },
    ),
    Fault::around(
        "patch-of-addresses-is-lost",
        "a PATCH of addresses is acknowledged and lost",
        &["RFC7644-3.5.2.1-R6", "RFC7644-3.5.2.3-R8"],
        |ask, next| leaving_out(ask, next, |op, _| names(op, "addresses")),
    ),
    Fault::around(
        "patch-of-phone-numbers-is-lost",
        "a PATCH of phone numbers is acknowledged and lost",
        &["RFC7644-3.5.2.3-R8"],
        |ask, next| leaving_out(ask, next, |op, _| names(op, "phoneNumbers")),
    ),
    Fault::around(
        "bug-p08-pathless-extension-is-lost",
        "an operation without path that names an extension by its URN is acknowledged and lost",
        &["RFC7644-3.5.2.1-R3", "RFC7644-3.5.2.3-R1"],
        |ask, next| {
            leaving_out(ask, next, |op, _| {
                path(op).is_none() && value(op).get(urn::ENTERPRISE_USER).is_some()
            })
        },
    ),
    Fault::around(
        "patch-of-the-manager-is-lost",
        "a PATCH of the manager is acknowledged and lost",
        &["RFC7644-3.5.2.1-R5", "RFC7644-3.5.2.2-R2", "RFC7644-3.5.2.3-R2", "RFC7644-3.5.2.3-R5"],
        |ask, next| leaving_out(ask, next, |op, _| names(op, MANAGER)),
    )
    .collateral(&[
        ("patch.replace-manager-value", "the value is a part of the manager"),
        ("patch.remove-manager", "a remove is lost like an add"),
    ]),
    Fault::around(
        "patch-of-the-manager-is-refused",
        "a PATCH that gives somebody a manager is refused",
        &["RFC7644-3.5.2.1-R5", "RFC7644-3.5.2.3-R2", "RFC7644-3.5.2.3-R5"],
        |ask, next| {
            let gives = |op: &Value| names(op, MANAGER) && !verb(op, "remove");
            let refused =
                patching(&ask) && operations(&mut sent(&ask)).is_some_and(|all| all.iter().any(gives));
            if refused { Box::pin(std::future::ready(refusal("invalidPath"))) } else { next.call(ask) }
        },
    ),
];

/// Whether the path leads to an attribute, or into it.
fn names(op: &Value, attribute: &str) -> bool {
    path(op)
        .and_then(|path| path.strip_prefix(attribute))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
