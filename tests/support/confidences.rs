//! What a run knows and nobody may read.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Ended, Message, files};

/// What must never turn up, in whatever form: letters and digits survive every way of escaping.
pub(crate) const CANARY: &str = "cAnArY7f3e9b2d";

/// A token with the canary and everything that is escaped somewhere.
pub(crate) fn token() -> String {
    format!("{CANARY}/+&<\"'>=~x")
}

/// What the target has been told in confidence.
#[derive(Clone, Default)]
pub(crate) struct Confidences(Arc<Mutex<Vec<String>>>);

impl Confidences {
    pub(crate) fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the passwords and the dates of birth in a request: in a resource, at a path of a PATCH, and in a value of
    /// one without a path.
    pub(crate) fn hear(&self, request: &Message) {
        let body = request.json();
        let mut told = secrets(&body);
        for operation in body["Operations"].as_array().into_iter().flatten() {
            match operation["path"].as_str() {
                Some(path) if is_secret(path) => told.extend(operation["value"].as_str()),
                Some(_) | None => told.extend(secrets(&operation["value"])),
            }
        }
        self.list().extend(told.into_iter().map(str::to_owned));
    }

    /// Everything in one line: the token, and each password.
    pub(crate) fn gossip(&self) -> String {
        [vec![token()], self.list().clone()].concat().join(" ")
    }

    /// Fails if any of it stands in a text.
    #[track_caller]
    pub(crate) fn are_kept_by(&self, place: &str, text: &str) {
        let plain = unescaped(text);
        let passwords = self.list().clone();
        // The last character of a password may be escaped.
        let secrets = passwords.iter().map(|password| password.trim_end_matches('!')).chain([CANARY]);
        for secret in secrets {
            for text in [text, &plain] {
                let Some(at) = text.find(secret) else { continue };
                let around: String =
                    text.chars().skip(text[..at].chars().count().saturating_sub(200)).take(400).collect();
                panic!("{place} holds {secret}: …{around}…");
            }
        }
    }

    /// Fails if any of it stands in a file below a directory.
    #[track_caller]
    pub(crate) fn are_kept_in(&self, dir: &Path) {
        for name in files(dir) {
            let bytes = std::fs::read(dir.join(&name)).expect("a file");
            self.are_kept_by(&name, &String::from_utf8_lossy(&bytes));
        }
    }

    #[track_caller]
    pub(crate) fn are_kept_after(&self, ended: &Ended, dir: &Path) {
        self.are_kept_by("standard output", &ended.stdout);
        self.are_kept_by("standard error", &ended.stderr);
        self.are_kept_in(dir);
    }
}

/// Whether a path or a name ends in what nobody may read, however it is written.
fn is_secret(path: &str) -> bool {
    let name = path.rsplit([':', '.']).next().unwrap_or(path);
    ["password", "dateOfBirth"].iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// The secrets in a resource and its extensions, or in a part of them.
fn secrets(value: &Value) -> Vec<&str> {
    let mut told = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::String(text) if is_secret(name) => told.push(text.as_str()),
            Value::Object(_) => told.extend(secrets(value)),
            _ => {}
        }
    }
    told
}

/// The text with `\u` escapes undone.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter =
            part.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match letter {
            Some(letter) => {
                plain.push(letter);
                plain.push_str(part.get(4..).unwrap_or_default());
            }
            None => plain.push_str(part),
        }
    }
    plain
}
