//! PATCH that carries everything out but what is about one attribute.

use protocol::urn;
use serde_json::Value;

use crate::faults::Fault;
use crate::faults::edit::{patching, sent, unless};
use crate::faults::patch::{leaving_out, operations, path, value, verb};

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

/// The checks that write by PATCH and read back what they wrote: whoever loses updates is noticed by all of them.
pub(super) const READ_BACK: &[(&str, &str)] = &[
    ("discovery.patch-flag-is-honest", "it writes by PATCH and reads back"),
    ("replace.shows-what-is-stored", "the read differs from the answer"),
    ("replace.ignores-read-only", "it looks for the written value"),
    ("replace.null-clears", "it looks for the cleared value"),
    ("robustness.members-in-any-order", "it looks for the written value"),
    ("patch.selects-by-or", "it looks for the removed value"),
    ("patch.selects-by-not", "it looks for the removed value"),
    ("patch.selects-by-ne", "it looks for the removed value"),
    ("patch.selects-by-sw", "it looks for the removed value"),
    ("patch.selects-by-pr", "it looks for the removed value"),
    ("groups.replace-the-members", "members are replaced by the same operation"),
    ("patch.add-simple", "it writes by PATCH and reads back"),
    ("patch.add-over-a-value", "it writes by PATCH and reads back"),
    ("patch.add-sub-attribute", "it writes by PATCH and reads back"),
    ("patch.add-multi-valued", "it writes by PATCH and reads back"),
    ("patch.add-in-a-value", "it writes by PATCH and reads back"),
    ("patch.add-extension", "it writes by PATCH and reads back"),
    ("patch.add-extension-attribute", "it writes by PATCH and reads back"),
    ("patch.add-without-path", "it writes by PATCH and reads back"),
    ("patch.add-by-core-urn", "it writes by PATCH and reads back"),
    ("patch.add-complex", "it writes by PATCH and reads back"),
    ("patch.replace-simple", "it writes by PATCH and reads back"),
    ("patch.replace-missing", "it writes by PATCH and reads back"),
    ("patch.replace-sub-attribute", "it writes by PATCH and reads back"),
    ("patch.replace-multi-valued", "it writes by PATCH and reads back"),
    ("patch.replace-a-value", "it writes by PATCH and reads back"),
    ("patch.replace-in-a-value", "it writes by PATCH and reads back"),
    ("patch.replace-every-match", "it writes by PATCH and reads back"),
    ("patch.replace-extension", "it writes by PATCH and reads back"),
    ("patch.replace-extension-attribute", "it writes by PATCH and reads back"),
    ("patch.replace-without-path", "it writes by PATCH and reads back"),
    ("patch.replace-by-core-urn", "it writes by PATCH and reads back"),
    ("patch.replace-complex", "it writes by PATCH and reads back"),
    ("patch.remove-simple", "it writes by PATCH and reads back"),
    ("patch.remove-sub-attribute", "it writes by PATCH and reads back"),
    ("patch.remove-multi-valued", "it writes by PATCH and reads back"),
    ("patch.remove-a-value", "it writes by PATCH and reads back"),
    ("patch.remove-by-two-conditions", "it writes by PATCH and reads back"),
    ("patch.remove-the-last-value", "it writes by PATCH and reads back"),
    ("patch.remove-the-last-record", "it writes by PATCH and reads back"),
    ("patch.remove-in-a-value", "it writes by PATCH and reads back"),
    ("patch.remove-extension", "it writes by PATCH and reads back"),
    ("patch.remove-extension-attribute", "it writes by PATCH and reads back"),
    ("patch.remove-by-core-urn", "it writes by PATCH and reads back"),
    ("patch.remove-complex", "it writes by PATCH and reads back"),
    ("patch.operations-run-in-order", "it writes by PATCH and reads back"),
    ("patch.adds-build-one-value", "it writes by PATCH and reads back"),
    ("patch.names-need-no-urn", "it writes by PATCH and reads back"),
    ("patch.primary-moves", "it writes by PATCH and reads back"),
    ("patch.honours-attributes", "it writes by PATCH and reads back"),
    ("patch.switches-active", "it writes by PATCH and reads back"),
    ("patch.switches-active-without-path", "it writes by PATCH and reads back"),
    ("patch.add-manager", "it writes by PATCH and reads back"),
    ("patch.replace-manager", "it writes by PATCH and reads back"),
    ("patch.replace-manager-value", "it writes by PATCH and reads back"),
    ("patch.remove-manager", "it writes by PATCH and reads back"),
    ("patch.add-an-address", "it writes by PATCH and reads back"),
    ("patch.replace-in-an-address", "it writes by PATCH and reads back"),
    ("patch.replace-in-a-phone-number", "it writes by PATCH and reads back"),
    ("patch.add-extension-without-path", "it writes by PATCH and reads back"),
    ("patch.replace-extension-without-path", "it writes by PATCH and reads back"),
    ("replace.switches-active", "it looks for the written value"),
    ("replace.stores-the-extension", "it looks for the written value"),
    ("replace.stores-what-was-sent", "it looks for the written values"),
    ("patch.stores-what-was-sent", "it writes by PATCH and reads back"),
    ("groups.replace-stores-what-was-sent", "it looks for the written values"),
    ("patch.paths-ignore-case", "it writes by PATCH and reads back"),
    ("patch.null-clears", "it writes by PATCH and reads back"),
    ("patch.add-manager-value", "it writes by PATCH and reads back"),
    ("patch.remove-manager-value", "it writes by PATCH and reads back"),
    ("patch.schemas-name-a-new-extension", "it writes by PATCH and reads back"),
    ("readings.unmatched-adds", "it reads what was changed"),
    ("readings.removes-with-values", "it reads what was changed"),
    ("readings.operations-in-another-case", "it reads what was changed"),
    ("readings.null-in-patches", "it reads what was changed"),
];

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-t02-patch-of-active-is-lost",
        "a PATCH of active is acknowledged and lost",
        &["RFC7643-4.1.1-R17", "RFC7644-3.5.2.3-R1", "RFC7644-3.5.2.3-R2"],
        |ask, next| {
            leaving_out(ask, next, |op, _| path(op) == Some("active") || value(op).get("active").is_some())
        },
    )
    .collateral(&[("readings.text-for-booleans", "it patches active")]),
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
        ("patch.add-manager-value", "it is about the manager"),
        ("patch.remove-manager-value", "it is about the manager"),
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
            unless(refused, "invalidPath", ask, &next)
        },
    )
    .collateral(&[("patch.add-manager-value", "it is about the manager")]),
];

/// Whether the path leads to an attribute, or into it.
fn names(op: &Value, attribute: &str) -> bool {
    path(op)
        .and_then(|path| path.strip_prefix(attribute))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
