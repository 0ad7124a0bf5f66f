//! Servers that want more of a user than any schema tells. Whoever checks them has to know it, and gives samples.

use protocol::endpoint;
use serde_json::Value;

use super::{Variant, around};
use crate::ask::Ask;
use crate::faults::edit::{at, below, creating, patching, replacing, sent, unless};

/// What a user has to have beside a userName.
const EXTRAS: [&str; 3] = ["preferredLanguage", "timezone", "phoneNumbers"];
/// How long a password has to be.
const PASSWORD_CHARS_MIN: usize = 12;

pub(super) const VARIANTS: &[Variant] = &[Variant::new(
    "more-is-wanted-than-told",
    "a user needs a language, a time zone and a telephone number, a new one a password by a policy as well; no schema says so",
    "RFC 7644 §3.12: invalidValue where a required value is missing; password policies are the server's (RFC 7643 §4.1.1)",
    &[around(|ask, next| unless(lacks(&ask), "invalidValue", ask, &next))],
)
.lacks(&[("a user without emails.value", "the samples that it is checked with have one")])];

fn lacks(ask: &Ask) -> bool {
    if !(at(ask, endpoint::USERS) || below(ask, endpoint::USERS)) {
        return false;
    }
    let body = sent(ask);
    let (creates, replaces) = (creating(ask), replacing(ask));
    let wants = |name: &str| body.get(name).is_none_or(Value::is_null);
    let weak = passwords(&body, patching(ask)).any(|password| !follows_the_policy(password));
    // What is no user at all is refused for that.
    let is_user = body.get("userName").is_some();
    weak || (is_user
        && ((creates && wants("password")) || (creates || replaces) && EXTRAS.into_iter().any(wants)))
}

/// The passwords that a body gives, by whichever way.
fn passwords(body: &Value, patches: bool) -> impl Iterator<Item = &str> {
    let operations = body.get("Operations").and_then(Value::as_array).filter(|_| patches);
    let by_patch = operations.into_iter().flatten().filter_map(|operation| {
        let is_path = operation.get("path").and_then(Value::as_str) == Some("password");
        let value = operation.get("value")?;
        if is_path { Some(value) } else { value.get("password") }
    });
    body.get("password").into_iter().chain(by_patch).filter_map(Value::as_str)
}

fn follows_the_policy(password: &str) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    password.chars().count() >= PASSWORD_CHARS_MIN
        && has(|one| one.is_ascii_digit())
        && has(char::is_uppercase)
        && has(char::is_lowercase)
}
