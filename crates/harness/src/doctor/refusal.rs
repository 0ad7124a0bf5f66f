//! What a server says that refuses something.

use protocol::standard;
use serde_json::Value;

use crate::reply::Reply;

/// How much of a body is shown that is no SCIM error.
const BODY_CHARS_MAX: usize = 160;

/// A refusal in words.
pub(super) struct Refusal {
    pub(super) status: u16,
    /// All of it, for people.
    pub(super) said: String,
    /// What the server says, in lower case, to look for names in.
    text: String,
}

impl Refusal {
    pub(super) fn of(reply: &Reply) -> Self {
        let status = reply.status();
        let detail = reply.at("/detail").and_then(Value::as_str).map(str::to_owned);
        let kind = reply.at("/scimType").and_then(Value::as_str).map(|kind| format!(" {kind}"));
        let body = || String::from_utf8_lossy(reply.body()).trim().chars().take(BODY_CHARS_MAX).collect();
        let told: String = detail.unwrap_or_else(body);
        let said = match told.is_empty() {
            true => format!("answers {status}{}", kind.unwrap_or_default()),
            false => format!("answers {status}{} ({told})", kind.unwrap_or_default()),
        };
        Self { status, said, text: told.to_lowercase() }
    }

    /// The names of domains that it holds, in lower case.
    pub(super) fn domains(&self) -> impl Iterator<Item = &str> {
        let words = self.text.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter));
        words.map(|word| word.trim_matches(['.', '-'])).filter(|word| is_domain(word))
    }

    /// Whether it speaks of one of these.
    pub(super) fn speaks_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(&word.to_lowercase()))
    }
}

/// Whether a word is the name of a domain, and not the path of an attribute or a number.
fn is_domain(word: &str) -> bool {
    let Some(((first, _), (_, last))) = word.split_once('.').zip(word.rsplit_once('.')) else { return false };
    let is_attribute = standard::USER.iter().any(|(name, _)| name.eq_ignore_ascii_case(first));
    let is_letters = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    !is_attribute && is_letters && profiles::domain_complaint(word).is_none()
}
