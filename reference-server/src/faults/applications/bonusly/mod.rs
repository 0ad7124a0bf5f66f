//! What breaks the rules of Bonusly.

pub(super) mod accounts;
pub(super) mod attributes;
pub(super) mod requests;

use serde_json::Value;

/// The URI of the application's extension of users.
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";

/// Whether an operation is aimed at a path, or into it.
fn aims_at(operation: &Value, path: &str) -> bool {
    let aimed = operation.get("path").and_then(Value::as_str);
    aimed
        .and_then(|aimed| aimed.strip_prefix(path))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
