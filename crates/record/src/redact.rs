use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, RwLock};

use serde_json::Value;

use crate::pieces::{PIECE_CHARS, Pieces};
use crate::secret::Secret;
use crate::spelling;

/// What stands where a secret was.
pub const REDACTED: &str = "<redacted>";

/// Shorter secrets would make ordinary text unreadable; they are still never written where they are known to
/// stand (headers, password values).
const SHORTEST_SCRUBBED_BYTES: usize = 4;
/// Shorter parts of a Base64 text could stand there by chance.
const SHORTEST_ENCODED_BYTES: usize = 8;
/// The attribute whose values are secret whoever is asked (RFC 7643 §4.1.1).
const PASSWORD: &str = "password";

/// The one gate through which text enters the run log. It knows the run's secrets and takes them out, in the
/// forms in which they can come back: plain, escaped as JSON or as a JSON pointer, percent-encoded, as form data,
/// escaped as HTML, each character in its own way; whole in Base64 (also as the password of nobody in Basic
/// authentication, RFC 7617) and in hexadecimal digits. A credential is also taken out in pieces, and in the Base64 of
/// whatever it is part of.
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
    /// Attributes whose values are secret, by name in lower case.
    secret_names: Arc<RwLock<BTreeSet<String>>>,
}

/// The secrets in all forms that are looked for, the longest first, so that a secret that contains another one
/// disappears whole.
#[derive(Debug, Default)]
struct Known {
    all: Vec<Secret>,
    /// The same by their first character: there are too many to try all of them everywhere.
    by_first: BTreeMap<char, Vec<Secret>>,
    /// The first bytes of those characters, one bit for each: nearly every byte of an exchange is passed over by this
    /// alone.
    firsts: [u64; 4],
    /// Pieces of credentials.
    pieces: Pieces,
    /// The same of their Base64, wherever they begin in it.
    encoded: Pieces,
}

impl Known {
    fn holds(&self, text: &str) -> bool {
        self.all.iter().any(|known| known.expose() == text)
    }

    fn add(&mut self, secrets: impl IntoIterator<Item = Secret>) {
        self.all.extend(secrets);
        self.all.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        self.by_first.clear();
        self.firsts = [0; 4];
        for secret in &self.all {
            let (Some(letter), Some(byte)) = (secret.expose().chars().next(), secret.expose().bytes().next())
            else {
                continue;
            };
            if let Some(bits) = self.firsts.get_mut(usize::from(byte / 64)) {
                *bits |= 1 << (byte % 64);
            }
            self.by_first.entry(letter).or_default().push(secret.clone());
        }
    }

    /// Where secrets stand as a whole.
    fn whole(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        // Up to where the text is dealt with.
        let mut done = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at < done || !self.can_begin_with(byte) {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let lengths = spelling::first_letters(rest).filter_map(|first| {
                let secrets = self.by_first.get(&first)?;
                secrets.iter().find_map(|secret| spelling::length_of(secret.expose(), rest))
            });
            if let Some(length) = lengths.max() {
                done = at + length;
                found.push(at..done);
            }
        }
        found
    }

    /// Whether a secret can be spelled beginning with this byte.
    fn can_begin_with(&self, byte: u8) -> bool {
        let bits = self.firsts.get(usize::from(byte / 64)).copied().unwrap_or_default();
        bits & (1 << (byte % 64)) != 0 || (spelling::is_escape(byte) && !self.all.is_empty())
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

    /// Adds a credential: a secret of which no piece is shown either, that is no twelve characters in a row, save rows of
    /// fewer than four different ones. Only what nobody would choose as a name is to be learned so.
    ///
    /// ```
    /// use record::{Redactor, Secret};
    ///
    /// let redactor = Redactor::default();
    /// redactor.learn_credential(&Secret::new("8f14e45fceea167a5a36dedd".to_owned()));
    /// assert_eq!(redactor.scrub("/Users/8f14e45fceea167a"), "/Users/<redacted>");
    /// assert_eq!(redactor.scrub("/Users/8f14e45f"), "/Users/8f14e45f");
    /// ```
    pub fn learn_credential(&self, secret: &Secret) {
        self.learn(secret);
        let Ok(mut known) = self.known.write() else { return };
        known.pieces.add(secret.expose());
        for form in spelling::within_base64(secret.expose()) {
            known.encoded.add(&form);
            if (SHORTEST_ENCODED_BYTES..PIECE_CHARS).contains(&form.len()) && !known.holds(&form) {
                known.add([Secret::new(form)]);
            }
        }
    }

    /// From now on the values of attributes of this name are secret wherever they are set, as those of `password` always
    /// are.
    ///
    /// ```
    /// use record::Redactor;
    ///
    /// let redactor = Redactor::default();
    /// redactor.conceal("dateOfBirth");
    /// assert_eq!(redactor.secret_names(), ["dateofbirth", "password"]);
    /// ```
    pub fn conceal(&self, attribute: &str) {
        if let Ok(mut names) = self.secret_names.write() {
            names.insert(attribute.to_lowercase());
        }
    }

    /// The names of the attributes whose values are secret, in lower case and in order.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let names = self.secret_names.read().map(|names| names.clone()).unwrap_or_default();
        let all: BTreeSet<String> = names.into_iter().chain([PASSWORD.to_owned()]).collect();
        all.into_iter().collect()
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let Ok(known) = self.known.read() else { return REDACTED.to_owned() };
        let mut secrets = known.whole(text);
        secrets.extend(known.pieces.find(text));
        secrets.extend(known.encoded.find(text).into_iter().map(|range| with_neighbours(text, range)));
        secrets.sort_by_key(|range| range.start);
        let mut clean = String::with_capacity(text.len());
        let mut kept = 0;
        for Range { start, end } in secrets {
            if start >= kept {
                clean.push_str(text.get(kept..start).unwrap_or_default());
                clean.push_str(REDACTED);
            }
            kept = kept.max(end);
        }
        clean.push_str(text.get(kept..).unwrap_or_default());
        clean
    }

    /// Takes every known secret out of all texts of a JSON value.
    ///
    /// ```
    /// use record::{Redactor, Secret};
    ///
    /// let redactor = Redactor::default();
    /// redactor.learn(&Secret::new("1990-04-01".to_owned()));
    /// let mut row = serde_json::json!({ "attribute": "born", "new": ["on 1990-04-01"] });
    /// redactor.scrub_json(&mut row);
    /// assert_eq!(row, serde_json::json!({ "attribute": "born", "new": ["on <redacted>"] }));
    /// ```
    pub fn scrub_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.scrub(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_json(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.scrub_json(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// The range and the character on either side of it: in Base64 they hold some bits of what it encodes.
fn with_neighbours(text: &str, Range { start, end }: Range<usize>) -> Range<usize> {
    let shared =
        |letter: Option<char>| letter.filter(|letter| spelling::is_base64(*letter)).map_or(0, char::len_utf8);
    let before = shared(text.get(..start).and_then(|text| text.chars().next_back()));
    let after = shared(text.get(end..).and_then(|text| text.chars().next()));
    start - before..end + after
}
