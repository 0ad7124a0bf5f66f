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
    known: Arc<RwLock<Known>>,
}

/// The secrets in all forms that are looked for, the longest first, so that a secret that contains another one
/// disappears whole.
#[derive(Debug, Default)]
struct Known {
    all: Vec<Secret>,
    /// The same by their first byte: there are too many to try all of them everywhere.
    by_first: BTreeMap<u8, Vec<Secret>>,
}

impl Known {
    fn holds(&self, text: &str) -> bool {
        self.all.iter().any(|known| known.expose() == text)
    }

    fn add(&mut self, secrets: impl IntoIterator<Item = Secret>) {
        self.all.extend(secrets);
        self.all.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        self.by_first.clear();
        for secret in &self.all {
            if let Some(first) = secret.expose().bytes().next() {
                self.by_first.entry(first).or_default().push(secret.clone());
            }
        }
    }

    /// Those that a text can spell that begins with this byte.
    fn beginning_with(&self, byte: u8) -> &[Secret] {
        if spelling::is_escape(byte) {
            return &self.all;
        }
        self.by_first.get(&byte).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Redactor {
    /// Adds a secret to those that are taken out from now on.
    pub fn learn(&self, secret: &Secret) {
        if secret.expose().len() < SHORTEST_SCRUBBED_BYTES {
            return;
        }
        let Ok(mut known) = self.known.write() else { return };
        if known.holds(secret.expose()) {
            return;
        }
        let mut forms = spelling::encodings(secret.expose());
        forms.retain(|form| !known.holds(form));
        known.add(std::iter::once(secret.clone()).chain(forms.into_iter().map(Secret::new)));
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let Ok(known) = self.known.read() else { return REDACTED.to_owned() };
        let mut clean = String::with_capacity(text.len());
        // Up to where the text is written, and up to where it is dealt with.
        let (mut kept, mut done) = (0, 0);
        for (at, byte) in text.bytes().enumerate() {
            let secrets = known.beginning_with(byte);
            if at < done || secrets.is_empty() {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            if let Some(length) = secrets.iter().find_map(|secret| spelling::length_of(secret.expose(), rest))
            {
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
