use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use serde_json::Value;

use crate::hints::{HINT_BYTES, Hints, Pairs};
use crate::pieces::{PIECE_CHARS, Pieces, Readable, Rows};
use crate::secret::Secret;
use crate::spelling;

/// What stands where a secret was.
pub const REDACTED: &str = "<redacted>";

/// Shorter secrets would make ordinary text unreadable; they are still never written where they are known to
/// stand (headers, password values).
const SHORTEST_SCRUBBED_BYTES: usize = HINT_BYTES;
/// What every secret that is scrubbed begins with.
type Prefix = [u8; HINT_BYTES];
/// Shorter parts of a Base64 text could stand there by chance.
const SHORTEST_ENCODED_BYTES: usize = 8;
/// How many texts are known to be clean, and how long they are.
const CLEAN_TEXTS_MAX: usize = 256;
const CLEAN_BYTES_MAX: usize = 64;
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
    /// Attributes whose values are secret, by name in lower case, in order.
    secret_names: Arc<RwLock<SecretNames>>,
}

/// Shared with whoever asks: each body of a run does.
#[derive(Debug)]
struct SecretNames(Arc<[String]>);

impl Default for SecretNames {
    fn default() -> Self {
        Self(Arc::new([PASSWORD.to_owned()]))
    }
}

/// The secrets in all forms that are looked for, of those that begin alike the longest first, so that a secret that
/// contains another one disappears whole.
#[derive(Debug, Default)]
struct Known {
    /// By their first character: there are too many to try all of them everywhere.
    by_first: BTreeMap<char, Vec<Arc<Secret>>>,
    /// The same by their first bytes, for where nothing is escaped.
    by_prefix: HashMap<Prefix, Vec<Arc<Secret>>>,
    prefixes: Hints,
    /// The two bytes that any of them can begin with, however it is spelled: nearly every byte of an exchange is passed over
    /// by this alone.
    firsts: Pairs,
    /// Each two bytes in a row of [`Self::prefixes`], for where nothing is escaped.
    inner: Pairs,
    /// Pieces of credentials.
    pieces: Pieces,
    /// The same of their Base64, wherever they begin in it.
    encoded: Pieces,
    /// A first look for either, made when it is first needed.
    rows: OnceLock<Rows>,
    /// Short texts without any of these, which come with every exchange.
    clean: Clean,
}

/// Names and values of headers, mostly: there are few, and they are asked about again and again.
#[derive(Debug, Default)]
struct Clean(Mutex<HashSet<Box<str>>>);

impl Clean {
    fn holds(&self, text: &str) -> bool {
        text.len() <= CLEAN_BYTES_MAX && self.0.lock().is_ok_and(|texts| texts.contains(text))
    }

    fn add(&self, text: &str) {
        if let Ok(mut texts) = self.0.lock()
            && text.len() <= CLEAN_BYTES_MAX
            && texts.len() < CLEAN_TEXTS_MAX
        {
            texts.insert(text.into());
        }
    }

    fn forget(&mut self) {
        self.0 = Mutex::default();
    }
}

impl Known {
    fn holds(&self, text: &str) -> bool {
        let alike = text.as_bytes().first_chunk().and_then(|prefix| self.by_prefix.get(prefix));
        alike.into_iter().flatten().any(|known| known.expose() == text)
    }

    /// Adds a text of at least [`SHORTEST_SCRUBBED_BYTES`]; a shorter one is not looked for.
    fn add(&mut self, secret: Secret) {
        let secret = Arc::new(secret);
        let text = secret.expose();
        let (Some(letter), Some(prefix)) = (text.chars().next(), text.as_bytes().first_chunk()) else {
            return;
        };
        if self.holds(text) {
            return;
        }
        self.clean.forget();
        self.expect(*prefix);
        self.prefixes.add(*prefix);
        insert(self.by_prefix.entry(*prefix).or_default(), &secret);
        insert(self.by_first.entry(letter).or_default(), &secret);
    }

    /// Where secrets stand as a whole.
    fn whole(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        // Up to where the text is dealt with.
        let mut done = 0;
        let pair = |at: usize| text.as_bytes().get(at..).and_then(<[u8]>::first_chunk);
        self.near(text, |at| {
            if at < done || !pair(at).is_some_and(|[first, second]| self.firsts.hold(*first, *second)) {
                return;
            }
            let rest = text.get(at..).unwrap_or_default();
            if let Some(length) = self.length_at(rest) {
                done = at + length;
                found.push(at..done);
            }
        });
        found
    }

    /// Visits, in order, the places of a text at which a secret can begin, and a few more: of three places in a row, each
    /// has the third and what follows it among its first four bytes. No spelling is shorter than those.
    fn near(&self, text: &str, mut visit: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        let mut escapes = spelling::escapes(bytes);
        let mut escape = escapes.next().unwrap_or(usize::MAX);
        let mut begin = 0;
        while let Some(pair) = bytes.get(begin + 2..).and_then(<[u8]>::first_chunk) {
            let [one, next] = *pair;
            while escape < begin {
                escape = escapes.next().unwrap_or(usize::MAX);
            }
            if self.inner.hold(one, next) || escape < begin + 6 {
                (begin..begin + 3).for_each(&mut visit);
            }
            begin += 3;
        }
    }

    /// How many bytes at the start of a text spell a secret; none if they spell none.
    fn length_at(&self, text: &str) -> Option<usize> {
        let length = |secret: &Arc<Secret>| spelling::length_of(secret.expose(), text);
        match text.as_bytes().first_chunk::<HINT_BYTES>() {
            Some(prefix) if !prefix.iter().any(|byte| spelling::is_escape(*byte)) => {
                let alike = self.prefixes.may_hold(*prefix).then(|| self.by_prefix.get(prefix)).flatten();
                alike?.iter().find_map(length)
            }
            _ => spelling::first_letters(text)
                .filter_map(|first| self.by_first.get(&first)?.iter().find_map(length))
                .max(),
        }
    }

    /// Looks for what begins so from now on: as it is, or with one of its first two characters escaped.
    fn expect(&mut self, prefix: Prefix) {
        let [first, second, third, fourth] = prefix;
        for (one, next) in [(first, second), (second, third), (third, fourth)] {
            self.inner.add(one, next);
        }
        if self.by_first.is_empty() {
            let pairs =
                spelling::ESCAPES.iter().flat_map(|escape| (0..=u8::MAX).map(move |next| (*escape, next)));
            pairs.for_each(|(escape, next)| self.firsts.add(escape, next));
        }
        self.firsts.add(first, second);
        spelling::ESCAPES.iter().for_each(|escape| self.firsts.add(first, *escape));
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
        known.add(secret.clone());
        spelling::encodings(secret.expose()).into_iter().map(Secret::new).for_each(|form| known.add(form));
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
        known.clean.forget();
        known.rows = OnceLock::new();
        known.pieces.add(secret.expose());
        for form in spelling::within_base64(secret.expose()) {
            known.encoded.add(&form);
            if (SHORTEST_ENCODED_BYTES..PIECE_CHARS).contains(&form.len()) {
                known.add(Secret::new(form));
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
    /// assert_eq!(*redactor.secret_names(), ["dateofbirth", "password"]);
    /// ```
    pub fn conceal(&self, attribute: &str) {
        if let Ok(mut names) = self.secret_names.write() {
            let all: BTreeSet<String> = names.0.iter().cloned().chain([attribute.to_lowercase()]).collect();
            names.0 = all.into_iter().collect();
        }
    }

    /// The names of the attributes whose values are secret, in lower case and in order.
    #[must_use]
    pub fn secret_names(&self) -> Arc<[String]> {
        self.secret_names
            .read()
            .map(|names| Arc::clone(&names.0))
            .unwrap_or_else(|_| SecretNames::default().0)
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let secrets = self.found(text);
        if secrets.is_empty() {
            return text.to_owned();
        }
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

    /// Whether a text holds a known secret, that is whether [`scrub`](Self::scrub) would change it.
    ///
    /// ```
    /// use record::{Redactor, Secret};
    ///
    /// let redactor = Redactor::default();
    /// redactor.learn(&Secret::new("tok/en".to_owned()));
    /// assert!(redactor.is_needed_in("saw tok%2Fen") && !redactor.is_needed_in("saw token"));
    /// ```
    #[must_use]
    pub fn is_needed_in(&self, text: &str) -> bool {
        !self.found(text).is_empty()
    }

    /// Where secrets stand in a text, by where they begin.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        // A poisoned lock tells nothing of the secrets, so nothing is shown.
        let Ok(known) = self.known.read() else { return std::iter::once(0..text.len()).collect() };
        if text.len() < SHORTEST_SCRUBBED_BYTES || known.clean.holds(text) {
            return Vec::new();
        }
        let mut secrets = known.whole(text);
        let readable = Readable::new(text);
        let rows = known.rows.get_or_init(|| Rows::of(&[&known.pieces, &known.encoded]));
        if rows.may_be_in(&readable) {
            secrets.extend(known.pieces.find(&readable));
            let encoded = known.encoded.find(&readable).into_iter();
            secrets.extend(encoded.map(|range| with_neighbours(text, range)));
            secrets.sort_by_key(|range| range.start);
        }
        if secrets.is_empty() {
            // Nothing can be learned in between: whoever learns waits until nobody looks.
            known.clean.add(text);
        }
        secrets
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

/// Puts a secret behind those that are longer.
fn insert(alike: &mut Vec<Arc<Secret>>, secret: &Arc<Secret>) {
    let length = secret.expose().len();
    let place = alike.partition_point(|known| known.expose().len() >= length);
    alike.insert(place, Arc::clone(secret));
}

/// The range and the character on either side of it: in Base64 they hold some bits of what it encodes.
fn with_neighbours(text: &str, Range { start, end }: Range<usize>) -> Range<usize> {
    let shared =
        |letter: Option<char>| letter.filter(|letter| spelling::is_base64(*letter)).map_or(0, char::len_utf8);
    let before = shared(text.get(..start).and_then(|text| text.chars().next_back()));
    let after = shared(text.get(end..).and_then(|text| text.chars().next()));
    start - before..end + after
}
