//! What breaks the rules of Bonusly.

pub(super) mod accounts;
pub(super) mod attributes;

use serde_json::Value;

use crate::ask::Ask;
use crate::faults::edit::{patching, send};
use crate::faults::patch::operations;

/// The URI of the application's extension of users.
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";

/// Changes each operation of a PATCH.
fn each_operation(ask: &mut Ask, edit: impl FnMut(&mut Value)) {
    if patching(ask) {
        send(ask, |body| operations(body).into_iter().flatten().for_each(edit));
    }
}

/// Whether an operation is aimed at a path, or into it.
fn aims_at(operation: &Value, path: &str) -> bool {
    let aimed = operation.get("path").and_then(Value::as_str);
    aimed
        .and_then(|aimed| aimed.strip_prefix(path))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
