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
/// escaped as HTML, each character in its own way.
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
        known.push(secret.clone());
        // Longest first, so that a secret that contains another one disappears whole.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let Ok(known) = self.known.read() else { return REDACTED.to_owned() };
        let mut beginnings: Vec<u8> =
            known.iter().flat_map(|secret| spelling::first_bytes(secret.expose())).collect();
        beginnings.sort_unstable();
        beginnings.dedup();
        let mut clean = String::with_capacity(text.len());
        // Up to where the text is written, and from where it is looked at.
        let (mut kept, mut from) = (0, 0);
        while let Some(skipped) = text.bytes().skip(from).position(|byte| beginnings.contains(&byte)) {
            let at = from + skipped;
            let rest = text.get(at..).unwrap_or_default();
            from = at + 1;
            if let Some(length) = known.iter().find_map(|secret| spelling::length_of(secret.expose(), rest)) {
                clean.push_str(text.get(kept..at).unwrap_or_default());
                clean.push_str(REDACTED);
                from = at + length;
                kept = from;
            }
        }
        clean.push_str(text.get(kept..).unwrap_or_default());
        clean
    }
}
