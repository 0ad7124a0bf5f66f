//! Pieces of a credential: part of a token still tells much of it.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

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
    /// Finds all of them at a time; made when it is first needed, since credentials are learned several in a row.
    finder: OnceLock<Finder>,
}

/// A search for pieces in plain text; none where there are more of them than it can hold.
struct Finder(Option<AhoCorasick>);

impl Finder {
    /// The pieces in a text, one for each place where one begins.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        match &self.0 {
            Some(automaton) => automaton.find_overlapping_iter(text).map(|found| found.range()).collect(),
            // Nothing can be told of the text, so nothing of it is shown.
            None => std::iter::once(0..text.len()).collect(),
        }
    }
}

impl Pieces {
    pub(crate) fn add(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        for piece in letters.windows(PIECE_CHARS) {
            let different: HashSet<&char> = piece.iter().collect();
            if different.len() >= DIFFERENT_CHARS_MIN {
                self.known.insert(piece.iter().collect());
            }
        }
        self.finder = OnceLock::new();
    }

    /// Where pieces stand in a text, each row of them as one range: as they are, and with characters escaped.
    pub(crate) fn find(&self, text: &str) -> Vec<Range<usize>> {
        if self.known.is_empty() || text.len() < PIECE_CHARS {
            return Vec::new();
        }
        let finder = self.finder.get_or_init(|| Finder(AhoCorasick::new(&self.known).ok()));
        let mut found = rows(finder.find(text).into_iter());
        if text.bytes().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
            found.extend(Plain::of(text, spelling::unescaped).find(finder));
        }
        if text.contains('~') {
            found.extend(Plain::of(text, spelling::unescaped_in_pointer).find(finder));
        }
        found
    }
}

/// A text with its escapes undone.
struct Plain {
    text: String,
    /// Where each byte of it stands in the text that it was read from, and where that one ends.
    places: Vec<usize>,
}

impl Plain {
    /// `escape` reads the character that an escape at the start of a text stands for, and the length of the escape.
    fn of(escaped: &str, escape: impl Fn(&str) -> Option<(char, usize)>) -> Self {
        let mut plain = Self { text: String::with_capacity(escaped.len()), places: Vec::new() };
        let mut at = 0;
        while let Some(rest) = escaped.get(at..)
            && let Some(letter) = rest.chars().next()
        {
            let (letter, length) = escape(rest).unwrap_or((letter, letter.len_utf8()));
            plain.text.push(letter);
            plain.places.resize(plain.text.len(), at);
            at += length;
        }
        plain.places.push(at);
        plain
    }

    /// Where pieces stand, by their places in the text with escapes.
    fn find(&self, finder: &Finder) -> Vec<Range<usize>> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        let found = finder.find(&self.text).into_iter();
        rows(found.map(|piece| place(piece.start)..place(piece.end)))
    }
}

/// Pieces that touch, as one.
fn rows(pieces: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
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
