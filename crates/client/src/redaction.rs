//! What of an exchange may be written down.
//!
//! Credentials in headers, and the values of passwords and other secret attributes in bodies, are replaced wherever they
//! stand by definition; secrets
//! that the [`Redactor`] has learned are replaced wherever they turn up.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use memchr::memmem;
use record::{Body, Header, REDACTED, Redactor};
use serde_json::Value;

use crate::compared::without_compared;

/// How much of a body is kept.
const BODY_RECORDED_BYTES_MAX: usize = 64 * 1024;
/// Learning a word would make records unreadable, so a text must look made up or be long to be looked for elsewhere.
const DISTINCTIVE_BYTES_MIN: usize = 7;
const LONG_BYTES_MIN: usize = 16;
/// Longer first words of a credential header are no scheme but the credential itself.
const SCHEME_BYTES_MAX: usize = 16;

/// Whether a header carries a credential by definition; `name` in lower case.
pub(crate) fn is_credential_header(name: &str) -> bool {
    matches!(name, "authorization" | "proxy-authorization" | "cookie" | "set-cookie")
}

/// Whether a secret that nobody declared as one stands out enough to be looked for everywhere.
pub(crate) fn is_distinctive(secret: &str) -> bool {
    let kinds: [fn(char) -> bool; 3] =
        [char::is_alphabetic, char::is_numeric, |c| !c.is_alphabetic() && !c.is_numeric()];
    let mixed = kinds.into_iter().filter(|kind| secret.contains(*kind)).count() > 1;
    secret.len() >= LONG_BYTES_MIN || (secret.len() >= DISTINCTIVE_BYTES_MIN && mixed)
}

/// A header that is sent, as it may be written down.
pub(crate) fn sent(name: &HeaderName, value: &HeaderValue, redactor: &Redactor) -> Header {
    if value.is_sensitive() && !is_credential_header(name.as_str()) {
        return Header { name: redactor.scrub(name.as_str()), value: REDACTED.to_owned() };
    }
    header(name.as_str(), &as_text(value.as_bytes()), redactor)
}

/// What bytes say as text; whatever in them is none is replaced.
pub(crate) fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly everything is text, and that is found out faster than what would be left of it.
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A header as it may be written down; `name` in lower case.
pub(crate) fn header(name: &str, value: &str, redactor: &Redactor) -> Header {
    let value = match name {
        "authorization" | "proxy-authorization" => match scheme(value) {
            Some(scheme) => format!("{} {REDACTED}", redactor.scrub(scheme)),
            None => REDACTED.to_owned(),
        },
        _ if is_credential_header(name) => REDACTED.to_owned(),
        _ => redactor.scrub(value),
    };
    Header { name: redactor.scrub(name), value }
}

/// The authentication scheme (RFC 9110 §11.4), if the value begins with one.
fn scheme(value: &str) -> Option<&str> {
    let (scheme, _) = value.split_once(' ')?;
    let is_word = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    (is_word && scheme.len() <= SCHEME_BYTES_MAX).then_some(scheme)
}

/// An address as it may be written down: what its filter compares with a secret attribute is as secret as a value of it.
pub(crate) fn address(url: &str, redactor: &Redactor) -> String {
    // What is known is known as a whole: it goes first.
    without_compared(&redactor.scrub(url), &redactor.secret_names()).into_owned()
}

/// A body as it may be written down; none if it is empty. `json` is the body parsed, if it is JSON.
///
/// What was on the wire is the evidence, so a JSON body is only written anew if it holds a password value or
/// escapes that could hide a secret.
pub(crate) fn body(bytes: &Bytes, json: Option<&Value>, redactor: &Redactor) -> Option<Body> {
    if bytes.is_empty() {
        return None;
    }
    let secret = SecretNames::of(redactor);
    let raw = as_text(bytes);
    let text = match json {
        Some(value) if secret.need_rewriting(value, &raw, redactor) => {
            redactor.scrub(&secret.taken_from(value.clone(), redactor).to_string())
        }
        Some(_) => redactor.scrub(&raw),
        None => redactor.scrub(&secret.taken_from_text(&raw)),
    };
    let mut text = without_compared(&text, &secret.0).into_owned();
    let truncated = cut(&mut text, BODY_RECORDED_BYTES_MAX);
    Some(Body { text, bytes: bytes.len() as u64, truncated })
}

/// Leaves only the beginning of a long text; whether it was longer.
pub(crate) fn cut(text: &mut String, bytes_max: usize) -> bool {
    if text.len() <= bytes_max {
        return false;
    }
    let whole_chars = (0..=bytes_max).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(whole_chars.unwrap_or_default());
    // A run keeps thousands of bodies; what was cut off one must not stay in memory with the rest.
    text.shrink_to_fit();
    true
}

/// Every secret value that a JSON body sets: members of a secret name, and PATCH operations on such a path
/// (RFC 7644 §3.5.2). Only texts are of use to a redactor.
pub(crate) fn secrets<'a>(value: &'a Value, redactor: &Redactor) -> Vec<&'a str> {
    let mut found = Vec::new();
    SecretNames::of(redactor).visit(value, &mut |secret| found.extend(secret.as_str()));
    found
}

/// The names of attributes whose values nobody may read in a report.
struct SecretNames(Arc<[String]>);

impl SecretNames {
    fn of(redactor: &Redactor) -> Self {
        Self(redactor.secret_names())
    }

    /// Whether a name is one of them, alone or behind the URN of its schema.
    fn hold(&self, name: &str) -> bool {
        let last = name.rsplit([':', '.']).next().unwrap_or_default();
        self.0.iter().any(|secret| last.eq_ignore_ascii_case(secret))
    }

    /// Whether an object is a PATCH operation on one of them.
    fn are_aimed_at(&self, members: &serde_json::Map<String, Value>) -> bool {
        let path = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("path"));
        path.and_then(|(_, path)| path.as_str()).is_some_and(|path| self.hold(path.trim()))
    }

    fn need_rewriting(&self, value: &Value, raw: &str, redactor: &Redactor) -> bool {
        let hides_escapes = hides_escapes(raw);
        // A letter of a name is escaped as `\u` or stands there as it is, in either case.
        let may_be_named = hides_escapes || self.are_in(&raw.to_ascii_lowercase());
        (may_be_named && (self.are_set_in(value) || !self.values_in(raw).is_empty()))
            || (hides_escapes && holds_secret(value, redactor))
    }

    /// Whether a text in lower case has any of them anywhere.
    fn are_in(&self, lower: &str) -> bool {
        self.0.iter().any(|name| memmem::find(lower.as_bytes(), name.as_bytes()).is_some())
    }

    fn are_set_in(&self, value: &Value) -> bool {
        let mut found = false;
        self.visit(value, &mut |_| found = true);
        found
    }

    fn visit<'a>(&self, value: &'a Value, seen: &mut dyn FnMut(&'a Value)) {
        match value {
            Value::Object(members) => {
                let aimed = self.are_aimed_at(members);
                for (name, member) in members {
                    if self.hold(name) || (aimed && name.eq_ignore_ascii_case("value")) {
                        seen(member);
                    } else {
                        self.visit(member, seen);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.visit(item, seen)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// The value with every secret replaced and every text scrubbed.
    fn taken_from(&self, value: Value, redactor: &Redactor) -> Value {
        match value {
            Value::Object(members) => {
                let aimed = self.are_aimed_at(&members);
                let clean = members.into_iter().map(|(name, member)| {
                    let is_secret = self.hold(&name) || (aimed && name.eq_ignore_ascii_case("value"));
                    let member =
                        if is_secret { Value::from(REDACTED) } else { self.taken_from(member, redactor) };
                    (redactor.scrub(&name), member)
                });
                Value::Object(clean.collect())
            }
            Value::Array(items) => items.into_iter().map(|item| self.taken_from(item, redactor)).collect(),
            Value::String(text) => Value::from(redactor.scrub(&text)),
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }

    /// A text that is no JSON, but may be meant as such, without the secret texts in it.
    fn taken_from_text(&self, raw: &str) -> String {
        let mut clean = String::with_capacity(raw.len());
        let mut kept = 0;
        for value in self.values_in(raw) {
            if value.start < kept {
                continue;
            }
            clean.push_str(raw.get(kept..value.start).unwrap_or_default());
            clean.push('"');
            clean.push_str(REDACTED);
            clean.push('"');
            kept = value.end;
        }
        clean.push_str(raw.get(kept..).unwrap_or_default());
        clean
    }

    /// Where the values of secret members stand in a text, in order. A parsed tree does not show all of them: it keeps
    /// only the last of members with the same name.
    fn values_in(&self, raw: &str) -> Vec<Range<usize>> {
        // Lowering ASCII letters keeps every offset.
        let lower = raw.to_ascii_lowercase();
        let mut found: Vec<Range<usize>> =
            self.0.iter().flat_map(|name| member_values(&lower, name)).collect();
        found.sort_by_key(|range| range.start);
        found
    }
}

/// Whether a JSON text spells characters in a way in which they can be escapes themselves, so that no single look at it
/// shows what it says.
fn hides_escapes(raw: &str) -> bool {
    raw.contains("\\u") || raw.contains("\\\\")
}

/// Whether a text of the value, its escapes undone, holds a secret.
fn holds_secret(value: &Value, redactor: &Redactor) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(name, member)| redactor.is_needed_in(name) || holds_secret(member, redactor))
        }
        Value::Array(items) => items.iter().any(|item| holds_secret(item, redactor)),
        Value::String(text) => redactor.is_needed_in(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Where the values of members of a name stand in a text in lower case.
fn member_values(lower: &str, name: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + lower.get(from..)?.find(name)?;
            from = at + name.len();
            if lower.get(..at)?.ends_with(['"', ':'])
                && let Some(value) = value_after_name(lower.get(from..)?)
            {
                let start = from + value.start;
                from += value.end;
                return Some(start..from);
            }
        }
    })
}

/// Where a member's value stands in the text after its name, which begins with the quote that ends the name.
fn value_after_name(rest: &str) -> Option<Range<usize>> {
    let value = rest.strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
    let start = rest.len() - value.len();
    Some(start..start + value_bytes(value))
}

/// The length of the JSON scalar that a text begins with; a text without its closing quote reaches to the end.
fn value_bytes(text: &str) -> usize {
    let Some(inner) = text.strip_prefix('"') else {
        return text.find([',', '}', ']', '\n']).unwrap_or(text.len());
    };
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '"' if !escaped => return at + 2,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}
