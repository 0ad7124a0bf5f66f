//! Pieces of a credential: part of a token still tells much of it.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use memchr::{memchr, memchr3};

use crate::hints::{HINT_BYTES, Hints};
use crate::spelling;

/// How many characters of a credential in a row are taken out wherever they stand. Ordinary text does not agree with a
/// credential in so many, and what is shorter helps nobody to guess the rest.
pub(crate) const PIECE_CHARS: usize = 12;
/// A row of the same few characters, as in a UUID of zeros, is ordinary text whatever the credential is.
const DIFFERENT_CHARS_MIN: usize = 4;

/// Every piece of some texts. Looking for them passes over a text once, however many they are.
#[derive(Default)]
pub(crate) struct Pieces {
    known: BTreeSet<String>,
    /// Finds all of them at a time; made when it is first needed, since credentials are learned several in a row. None
    /// where there are more pieces than it can hold.
    finder: OnceLock<Option<AhoCorasick>>,
}

/// A first look for the pieces of several sets: every four bytes in a row of any of them.
#[derive(Debug, Default)]
pub(crate) struct Rows(Hints);

impl Rows {
    pub(crate) fn of(sets: &[&Pieces]) -> Self {
        let mut hints = Hints::default();
        let pieces = sets.iter().flat_map(|set| &set.known);
        let rows = pieces.flat_map(|piece| piece.as_bytes().windows(HINT_BYTES));
        rows.filter_map(<[u8]>::first_chunk).for_each(|row| hints.add(*row));
        Self(hints)
    }

    /// Whether a text can hold a piece, as it is or with characters escaped.
    pub(crate) fn may_be_in(&self, text: &Readable<'_>) -> bool {
        text.raw.len() >= PIECE_CHARS
            && (self.may_stand_in(text.raw)
                || text.plain().iter().any(|plain| self.may_stand_in(&plain.text)))
    }

    /// Of a piece's twelve bytes or more in a row, four stand together in some eight from the text's start. That row and
    /// those before and after it are all of the piece.
    fn may_stand_in(&self, text: &str) -> bool {
        const STEP_BYTES: usize = PIECE_CHARS - HINT_BYTES;
        let row = |at: usize| text.as_bytes().get(at..).and_then(<[u8]>::first_chunk);
        let is_hint = |at: usize| row(at).is_some_and(|row| self.0.may_hold(*row));
        let is_piece = |at: usize| {
            let before = (1..=STEP_BYTES).take_while(|by| at.checked_sub(*by).is_some_and(is_hint));
            let after = (1..=STEP_BYTES).take_while(|by| is_hint(at + by));
            before.count() + after.count() >= STEP_BYTES
        };
        // Behind the last whole row no piece has one.
        let whole = text.as_bytes().chunks(STEP_BYTES).enumerate();
        whole
            .filter(|(_, chunk)| chunk.first_chunk().is_some_and(|row| self.0.may_hold(*row)))
            .any(|(place, _)| is_piece(place * STEP_BYTES))
    }
}

impl Pieces {
    pub(crate) fn add(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        let mut is_new = false;
        for piece in letters.windows(PIECE_CHARS) {
            let different: HashSet<&char> = piece.iter().collect();
            if different.len() >= DIFFERENT_CHARS_MIN {
                is_new |= self.known.insert(piece.iter().collect());
            }
        }
        // Every client learns the target's credential anew.
        if is_new {
            self.finder = OnceLock::new();
        }
    }

    /// Where pieces stand in a text, each row of them as one range: as they are, and with characters escaped.
    pub(crate) fn find(&self, text: &Readable<'_>) -> Vec<Range<usize>> {
        if self.known.is_empty() || text.raw.len() < PIECE_CHARS {
            return Vec::new();
        }
        let finder = self.finder.get_or_init(|| AhoCorasick::new(&self.known).ok());
        let mut found = rows(all(finder.as_ref(), text.raw));
        found.extend(text.plain().iter().flat_map(|plain| plain.find(finder.as_ref())));
        found
    }
}

/// The pieces in a text, one for each place where one begins.
fn all(finder: Option<&AhoCorasick>, text: &str) -> Vec<Range<usize>> {
    match finder {
        Some(finder) => finder.find_overlapping_iter(text).map(|found| found.range()).collect(),
        // Nothing can be told of the text, so nothing of it is shown.
        None => std::iter::once(0..text.len()).collect(),
    }
}

/// A text and what it says where its escapes are undone, for whoever needs it.
pub(crate) struct Readable<'a> {
    raw: &'a str,
    plain: OnceCell<Vec<Plain>>,
}

impl<'a> Readable<'a> {
    pub(crate) const fn new(raw: &'a str) -> Self {
        Self { raw, plain: OnceCell::new() }
    }

    /// The text with its escapes undone, once for each way to read them.
    fn plain(&self) -> &[Plain] {
        self.plain.get_or_init(|| {
            let raw = self.raw.as_bytes();
            let usual = memchr3(b'%', b'\\', b'&', raw).map(|_| Plain::of(self.raw, spelling::unescaped));
            let in_pointer = memchr(b'~', raw).map(|_| Plain::of(self.raw, spelling::unescaped_in_pointer));
            usual.into_iter().chain(in_pointer).collect()
        })
    }
}

/// A text with its escapes undone.
struct Plain {
    text: String,
    /// The stretches of it that stand in the text that it was read from as they are, and the characters that are escaped
    /// there.
    parts: Vec<Part>,
}

/// Where a part begins: in the plain text, and in the one with escapes.
struct Part {
    plain: usize,
    escaped: usize,
    is_escape: bool,
}

impl Plain {
    /// `escape` reads the character that an escape at the start of a text stands for, and the length of the escape.
    fn of(escaped: &str, escape: impl Fn(&str) -> Option<(char, usize)>) -> Self {
        let mut plain = Self { text: String::with_capacity(escaped.len()), parts: Vec::new() };
        // Up to where the text is read.
        let mut done = 0;
        for at in spelling::escapes(escaped.as_bytes()) {
            if at < done {
                continue;
            }
            let Some((letter, length)) = escaped.get(at..).and_then(&escape) else { continue };
            plain.keep(escaped, done..at);
            plain.begin(at, true);
            plain.text.push(letter);
            done = at + length;
        }
        plain.keep(escaped, done..escaped.len());
        plain.begin(escaped.len(), true);
        plain
    }

    /// Takes over what means itself.
    fn keep(&mut self, escaped: &str, range: Range<usize>) {
        self.begin(range.start, false);
        self.text.push_str(escaped.get(range).unwrap_or_default());
    }

    fn begin(&mut self, escaped: usize, is_escape: bool) {
        self.parts.push(Part { plain: self.text.len(), escaped, is_escape });
    }

    /// Where a byte of it stands in the text that it was read from; for its end, where that one ends.
    fn place(&self, at: usize) -> usize {
        let after = self.parts.partition_point(|part| part.plain <= at);
        let part = after.checked_sub(1).and_then(|last| self.parts.get(last));
        part.map_or(0, |part| part.escaped + if part.is_escape { 0 } else { at - part.plain })
    }

    /// Where pieces stand, by their places in the text with escapes.
    fn find(&self, finder: Option<&AhoCorasick>) -> Vec<Range<usize>> {
        let found = all(finder, &self.text).into_iter();
        rows(found.map(|piece| self.place(piece.start)..self.place(piece.end)))
    }
}

/// Pieces that touch, as one.
fn rows(pieces: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut rows: Vec<Range<usize>> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            Some(row) if (row.start..=row.end).contains(&piece.start) => row.end = row.end.max(piece.end),
            _ => rows.push(piece),
        }
    }
    rows
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces").field("known", &self.known.len()).finish_non_exhaustive()
    }
}
