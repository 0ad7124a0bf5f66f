use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::secret::Secret;
use crate::spelling;

/// What stands where a secret was.
pub const REDACTED: &str = "<redacted>";

/// Shorter secrets would make ordinary text unreadable; they are still never written where they are known to
/// stand (headers, password values).
const SHORTEST_SCRUBBED_BYTES: usize = 4;

/// The one gate through which text enters the run log. It knows the run's secrets and takes them out, in the
/// forms in which they can come back: plain, escaped as JSON or as a JSON pointer, percent-encoded, as form data,
/// escaped as HTML, each character in its own way; whole in Base64 (also as the password of nobody in Basic
/// authentication, RFC 7617) and in hexadecimal digits.
///
/// ```
/// use record::{Redactor, Secret};
///
/// let redactor = Redactor::default();
/// redactor.learn(&Secret::new("tok/en 1".to_owned()));
/// assert_eq!(redactor.scrub("saw tok/en 1 and tok%2Fen%201"), "saw <redacted> and <redacted>");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    known: Arc<RwLock<Vec<Secret>>>,
}

impl Redactor {
    /// Adds a secret to those that are taken out from now on.
    pub fn learn(&self, secret: &Secret) {
        if secret.expose().len() < SHORTEST_SCRUBBED_BYTES {
            return;
        }
        let Ok(mut known) = self.known.write() else { return };
        if known.iter().any(|known| known.expose() == secret.expose()) {
            return;
        }
        let mut forms = spelling::encodings(secret.expose());
        forms.retain(|form| known.iter().all(|known| known.expose() != form));
        known.push(secret.clone());
        known.extend(forms.into_iter().map(Secret::new));
        // Longest first, so that a secret that contains another one disappears whole.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let Ok(known) = self.known.read() else { return REDACTED.to_owned() };
        // By the byte with which they begin: there are too many to try all of them everywhere.
        let mut beginning: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
        for secret in known.iter().map(Secret::expose) {
            for byte in spelling::first_bytes(secret) {
                let secrets = beginning.entry(byte).or_default();
                if secrets.last() != Some(&secret) {
                    secrets.push(secret);
                }
            }
        }
        let mut clean = String::with_capacity(text.len());
        // Up to where the text is written, and up to where it is dealt with.
        let (mut kept, mut done) = (0, 0);
        for (at, byte) in text.bytes().enumerate() {
            let Some(secrets) = beginning.get(&byte).filter(|_| at >= done) else { continue };
            let rest = text.get(at..).unwrap_or_default();
            if let Some(length) = secrets.iter().find_map(|secret| spelling::length_of(secret, rest)) {
                clean.push_str(text.get(kept..at).unwrap_or_default());
                clean.push_str(REDACTED);
                done = at + length;
                kept = done;
            }
        }
        clean.push_str(text.get(kept..).unwrap_or_default());
        clean
    }
}
