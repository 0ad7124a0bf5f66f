//! PATCH that says it is done and is not (`bug-P13`, `bug-P14`): one operation, by one form of path, is left out,
//! and everything looks as if it had been carried out.

use protocol::urn;
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::edit::{look, patching, send, sent, shown, unless};
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// A fault that leaves out the operations of one kind.
macro_rules! leaves_out {
    ($name:literal, $title:literal, [$($breaks:literal),+], $which:expr) => {
        Fault::around($name, $title, &[$($breaks),+], |ask, next| leaving_out(ask, next, $which)).of_state()
    };
}

pub(super) const FAULTS: &[Fault] = &[
    leaves_out!(
        "add-of-simple-is-lost",
        "add of an attribute without value is acknowledged and lost",
        ["RFC7644-3.5.2.1-R4"],
        |op, user| verb(op, "add") && simple(op) && !has(op, user)
    ),
    leaves_out!(
        "add-over-a-value-is-lost",
        "add over a value is acknowledged and lost",
        ["RFC7644-3.5.2.1-R7"],
        |op, user| verb(op, "add") && simple(op) && has(op, user)
    ),
    leaves_out!(
        "add-of-sub-attribute-is-lost",
        "add of a sub-attribute is acknowledged and lost",
        ["RFC7644-3.5.2.1-R4"],
        |op, _| verb(op, "add") && dotted(op)
    ),
    leaves_out!(
        "add-of-values-is-lost",
        "add to a multi-valued attribute is acknowledged and lost",
        ["RFC7644-3.5.2.1-R6"],
        |op, _| verb(op, "add") && plain(op) && value(op).is_array()
    )
    .collateral(&[
        ("patch.add-an-address", "addresses are values too"),
        ("groups.add-a-member", "members are values too"),
        ("groups.add-several-members", "members are values too"),
        ("groups.known-member-follows-the-answer", "members are values too"),
    ]),
    leaves_out!(
        "add-in-a-value-is-lost",
        "add in a selected value is acknowledged and lost",
        ["RFC7644-3.5.2.1-R9"],
        |op, _| verb(op, "add") && selects(op)
    ),
    leaves_out!(
        "add-of-extension-is-lost",
        "add of an extension is acknowledged and lost",
        ["RFC7644-3.5.2.1-R5"],
        |op, _| verb(op, "add") && of_extension(op)
    ),
    leaves_out!(
        "add-by-extension-urn-is-lost",
        "add by the URN of an extension attribute is acknowledged and lost",
        ["RFC7644-3.5.2.1-R4"],
        |op, _| verb(op, "add") && in_extension(op)
    )
    .collateral(&[
        ("patch.add-manager-value", "it adds by the URN of the manager"),
        ("patch.schemas-name-a-new-extension", "it adds by the URN of an attribute"),
    ]),
    leaves_out!(
        "add-without-path-is-lost",
        "add without path is acknowledged and lost",
        ["RFC7644-3.5.2.1-R3"],
        |op, _| verb(op, "add") && path(op).is_none()
    ),
    leaves_out!(
        "add-by-core-urn-is-lost",
        "add by the URN of a core attribute is acknowledged and lost",
        ["RFC7644-3.5.2.1-R4"],
        |op, _| verb(op, "add") && in_core(op)
    ),
    leaves_out!(
        "add-of-complex-is-lost",
        "add to a complex attribute is acknowledged and lost",
        ["RFC7644-3.5.2.1-R5"],
        |op, _| verb(op, "add") && plain(op) && value(op).is_object()
    ),
    Fault::request(
        "bare-names-follow-the-urn",
        "behind an operation on an extension a name without URI is taken for the extension's, and lost",
        &["RFC7644-3.5.2-R14"],
        |ask| {
            if patching(ask) {
                send(ask, |body| {
                    if let Some(operations) = operations(body) {
                        let mut behind = false;
                        operations.retain(|op| {
                            behind |= in_extension(op);
                            !(behind && plain(op))
                        });
                    }
                });
            }
        },
    ),
    leaves_out!(
        "replace-of-simple-is-lost",
        "replace of a value is acknowledged and lost",
        ["RFC7644-3.5.2.3-R2", "RFC7644-3.5.2-R17"],
        |op, user| verb(op, "replace") && simple(op) && has(op, user)
    )
    .collateral(&[
        ("readings.operations-in-another-case", "it replaces a simple value"),
        ("readings.text-for-booleans", "it replaces a simple value"),
        ("patch.switches-active", "active is a value too"),
        ("robustness.members-in-any-order", "it replaces a simple value"),
        ("groups.stale-patch-is-412", "the displayName of a group is a value too"),
        ("projection.modify-honours-attributes", "what stands is shown whole"),
        ("projection.modify-honours-exclusion", "what stands is shown whole"),
        ("patch.read-only-cannot-be-replaced", "the id is replaced by the same operation"),
        ("patch.respects-uniqueness", "the userName is replaced by the same operation"),
        ("patch.honours-attributes", "it looks for the written value"),
        ("patch.schemas-are-needed", "it replaces a simple value"),
    ]),
    leaves_out!(
        "replace-of-missing-is-lost",
        "replace of an attribute without value is acknowledged and lost",
        ["RFC7644-3.5.2.3-R4"],
        |op, user| verb(op, "replace") && simple(op) && !has(op, user)
    )
    .collateral(&[("readings.unknown-names-in-patches", "nobody has what is not known")]),
    leaves_out!(
        "replace-of-sub-attribute-is-lost",
        "replace of a sub-attribute is acknowledged and lost",
        ["RFC7644-3.5.2.3-R2"],
        |op, _| verb(op, "replace") && dotted(op)
    ),
    leaves_out!(
        "replace-of-values-is-lost",
        "replace of a multi-valued attribute is acknowledged and lost",
        ["RFC7644-3.5.2.3-R3"],
        |op, _| verb(op, "replace") && plain(op) && value(op).is_array()
    ),
    leaves_out!(
        "replace-of-a-value-is-lost",
        "replace of a selected value is acknowledged and lost",
        ["RFC7644-3.5.2.3-R7"],
        |op, _| verb(op, "replace") && selects_whole(op)
    ),
    leaves_out!(
        "replace-in-a-value-is-lost",
        "replace in a selected value is acknowledged and lost",
        ["RFC7644-3.5.2.3-R8"],
        |op, _| verb(op, "replace") && selects(op) && !selects_whole(op)
    )
    .collateral(&[
        ("patch.replace-in-an-address", "an address is a value too"),
        ("patch.replace-in-a-phone-number", "a phone number is a value too"),
    ]),
    leaves_out!(
        "replace-of-extension-is-lost",
        "replace of an extension is acknowledged and lost",
        ["RFC7644-3.5.2.3-R5"],
        |op, _| verb(op, "replace") && of_extension(op)
    ),
    leaves_out!(
        "bug-p06-extension-urn-is-lost",
        "replace by the URN of an extension attribute is acknowledged and lost",
        ["RFC7644-3.5.2.3-R2"],
        |op, _| verb(op, "replace") && in_extension(op)
    )
    .collateral(&[("readings.text-for-managers", "its path is such a URN")]),
    leaves_out!(
        "bug-p03-pathless-replace-is-lost",
        "replace without path is acknowledged and lost",
        ["RFC7644-3.5.2.3-R1"],
        |op, _| verb(op, "replace") && path(op).is_none()
    )
    .collateral(&[("patch.stores-what-was-sent", "it writes without path")]),
    leaves_out!(
        "replace-by-core-urn-is-lost",
        "replace by the URN of a core attribute is acknowledged and lost",
        ["RFC7644-3.5.2.3-R2"],
        |op, _| verb(op, "replace") && in_core(op)
    ),
    leaves_out!(
        "replace-of-complex-is-lost",
        "replace of a complex attribute is acknowledged and lost",
        ["RFC7644-3.5.2.3-R6"],
        |op, _| verb(op, "replace") && plain(op) && value(op).is_object()
    ),
    leaves_out!(
        "remove-of-simple-is-lost",
        "remove of an attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, user| verb(op, "remove")
            && plain(op)
            && there(op, user).is_some_and(|old| old.is_string() || old.is_boolean())
    ),
    leaves_out!(
        "remove-of-sub-attribute-is-lost",
        "remove of a sub-attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, _| verb(op, "remove") && dotted(op)
    ),
    leaves_out!(
        "remove-of-values-is-lost",
        "remove of a multi-valued attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R3"],
        |op, user| verb(op, "remove") && there(op, user).is_some_and(Value::is_array)
    ),
    leaves_out!(
        "bug-p13-remove-of-a-value-is-lost",
        "remove of a selected value is acknowledged and lost",
        ["RFC7644-3.5.2.2-R4", "RFC7644-3.5.2.2-R5"],
        |op, _| verb(op, "remove") && selects_whole(op)
    )
    .collateral(&[
        ("patch.remove-by-two-conditions", "two conditions select a value too"),
        ("patch.selects-by-or", "it removes what it selects"),
        ("patch.selects-by-not", "it removes what it selects"),
        ("patch.selects-by-ne", "it removes what it selects"),
        ("patch.selects-by-sw", "it removes what it selects"),
        ("patch.selects-by-pr", "it removes what it selects"),
        ("groups.remove-a-member", "a member is a value too"),
    ]),
    Fault::around(
        "bug-p12-value-paths-are-refused",
        "a PATCH whose path selects values by a filter is refused",
        &["RFC7644-3.5.2.2-R4", "RFC7644-3.5.2.3-R7", "RFC7644-3.5.2.3-R8"],
        |ask, next| {
            let refused =
                patching(&ask) && operations(&mut sent(&ask)).is_some_and(|all| all.iter().any(selects));
            unless(refused, "invalidPath", ask, &next)
        },
    )
    .collateral(&[
        ("patch.add-in-a-value", "it selects a value, or its twin does"),
        ("patch.replace-a-value", "it selects a value, or its twin does"),
        ("patch.replace-in-a-value", "it selects a value, or its twin does"),
        ("patch.replace-every-match", "it selects a value, or its twin does"),
        ("patch.remove-a-value", "it selects a value, or its twin does"),
        ("patch.remove-by-two-conditions", "it selects a value, or its twin does"),
        ("patch.remove-the-last-value", "it selects a value, or its twin does"),
        ("patch.remove-the-last-record", "it selects a value, or its twin does"),
        ("patch.remove-in-a-value", "it selects a value, or its twin does"),
        ("patch.is-atomic", "it selects a value, or its twin does"),
        ("patch.replace-needs-a-match", "it selects a value, or its twin does"),
        ("patch.path-must-be-well-formed", "it selects a value, or its twin does"),
        ("patch.no-array-indexes", "it selects a value, or its twin does"),
        ("patch.replace-in-an-address", "it selects a value, or its twin does"),
        ("patch.replace-in-a-phone-number", "it selects a value, or its twin does"),
        ("groups.member-values-are-immutable", "it selects a value, or its twin does"),
        ("patch.selects-by-or", "it selects a value, or its twin does"),
        ("patch.selects-by-not", "it selects a value, or its twin does"),
        ("patch.selects-by-ne", "it selects a value, or its twin does"),
        ("patch.selects-by-sw", "it selects a value, or its twin does"),
        ("patch.selects-by-pr", "it selects a value, or its twin does"),
        ("groups.remove-a-member", "it selects a value, or its twin does"),
        ("groups.remove-a-stranger", "it selects a value, or its twin does"),
        ("readings.unmatched-adds", "it selects a value, or its twin does"),
        ("readings.unmatched-removes", "it selects a value, or its twin does"),
    ]),
    leaves_out!(
        "remove-by-two-conditions-is-lost",
        "remove by two conditions is acknowledged and lost",
        ["RFC7644-3.5.2.2-R6"],
        |op, _| verb(op, "remove") && path(op).is_some_and(|path| path.contains(" and "))
    ),
    leaves_out!(
        "remove-in-a-value-is-lost",
        "remove in a selected value is acknowledged and lost",
        ["RFC7644-3.5.2.2-R7"],
        |op, _| verb(op, "remove") && selects(op) && !selects_whole(op)
    ),
    leaves_out!(
        "remove-of-extension-is-lost",
        "remove of an extension is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, _| verb(op, "remove") && of_extension(op)
    ),
    leaves_out!(
        "remove-by-extension-urn-is-lost",
        "remove by the URN of an extension attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, _| verb(op, "remove") && in_extension(op)
    ),
    leaves_out!(
        "remove-by-core-urn-is-lost",
        "remove by the URN of a core attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, _| verb(op, "remove") && in_core(op)
    ),
    leaves_out!(
        "remove-of-complex-is-lost",
        "remove of a complex attribute is acknowledged and lost",
        ["RFC7644-3.5.2.2-R2"],
        |op, user| verb(op, "remove") && there(op, user).is_some_and(Value::is_object)
    ),
    leaves_out!(
        "bug-g04-remove-of-members-is-lost",
        "remove of all members is acknowledged and lost",
        ["RFC7644-3.5.2.2-R3"],
        |op, _| verb(op, "remove") && path(op) == Some("members")
    )
    .of_groups(),
];

pub(super) fn verb(op: &Value, wanted: &str) -> bool {
    op.get("op").and_then(Value::as_str).is_some_and(|verb| verb.eq_ignore_ascii_case(wanted))
}

pub(super) fn path(op: &Value) -> Option<&str> {
    op.get("path").and_then(Value::as_str)
}

pub(super) fn value(op: &Value) -> &Value {
    op.get("value").unwrap_or(&Value::Null)
}

/// Whether the path is the name of an attribute and nothing else.
pub(super) fn plain(op: &Value) -> bool {
    path(op).is_some_and(|path| path.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether it gives a single value to an attribute.
fn simple(op: &Value) -> bool {
    plain(op) && matches!(value(op), Value::String(_) | Value::Bool(_) | Value::Number(_))
}

fn dotted(op: &Value) -> bool {
    path(op).is_some_and(|path| path.contains('.') && !path.contains(['[', ':']))
}

/// What stands at a plain path.
fn there<'a>(op: &Value, resource: &'a Value) -> Option<&'a Value> {
    resource.get(path(op)?)
}

fn has(op: &Value, resource: &Value) -> bool {
    there(op, resource).is_some()
}

/// Whether the path selects values by a filter.
pub(super) fn selects(op: &Value) -> bool {
    path(op).is_some_and(|path| path.contains('[') && path.contains(' '))
}

/// Whether it selects them whole.
pub(super) fn selects_whole(op: &Value) -> bool {
    selects(op) && path(op).is_some_and(|path| path.ends_with(']'))
}

fn of_extension(op: &Value) -> bool {
    path(op) == Some(urn::ENTERPRISE_USER)
}

fn in_extension(op: &Value) -> bool {
    path(op)
        .and_then(|path| path.strip_prefix(urn::ENTERPRISE_USER))
        .is_some_and(|rest| rest.starts_with(':'))
}

fn in_core(op: &Value) -> bool {
    path(op).and_then(|path| path.strip_prefix(urn::USER)).is_some_and(|rest| rest.starts_with(':'))
}

/// The operations of a PATCH, to be changed.
pub(super) fn operations(body: &mut Value) -> Option<&mut Vec<Value>> {
    body.get_mut("Operations").and_then(Value::as_array_mut)
}

/// Leaves operations out. Where none is left, what stands is shown as if it were the outcome.
pub(super) fn leaving_out(mut ask: Ask, next: Next, which: fn(&Value, &Value) -> bool) -> Answering {
    Box::pin(async move {
        let mut left = 1;
        if patching(&ask) {
            let stands = shown(&next.call(look(&ask)).await);
            send(&mut ask, |body| {
                if let Some(operations) = operations(body) {
                    let before = operations.len();
                    operations.retain(|op| !which(op, &stands));
                    left = if operations.len() < before { operations.len() } else { 1 };
                }
            });
        }
        if left == 0 { next.call(look(&ask)).await } else { next.call(ask).await }
    })
}
