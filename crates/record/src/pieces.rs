//! Pieces of a credential: part of a token still tells much of it.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::ops::Range;

use crate::spelling;

/// How many characters of a credential in a row are taken out wherever they stand. Ordinary text does not agree with a
/// credential in so many, and what is shorter helps nobody to guess the rest.
pub(crate) const PIECE_CHARS: usize = 12;
/// A row of the same few characters, as in a UUID of zeros, is ordinary text whatever the credential is.
const DIFFERENT_CHARS_MIN: usize = 4;

/// Every piece of some texts. Looking for them takes one step for each character, however many they are.
#[derive(Default)]
pub(crate) struct Pieces {
    known: HashSet<[char; PIECE_CHARS]>,
    /// Which pairs of characters a piece can end in, by a rough number: most text is passed over by this alone.
    ends: Ends,
}

/// A set of rough numbers, one bit for each: every character of every exchange is looked up here.
#[derive(Default)]
struct Ends(Vec<u64>);

impl Ends {
    fn add(&mut self, number: u16) {
        self.0.resize(usize::from(u16::MAX) / 64 + 1, 0);
        if let Some(bits) = self.0.get_mut(usize::from(number / 64)) {
            *bits |= 1 << (number % 64);
        }
    }

    fn hold(&self, number: u16) -> bool {
        self.0.get(usize::from(number / 64)).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }
}

impl Pieces {
    pub(crate) fn add(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        for piece in letters.windows(PIECE_CHARS) {
            let Ok(piece) = <[char; PIECE_CHARS]>::try_from(piece) else { continue };
            let different: HashSet<&char> = piece.iter().collect();
            if different.len() >= DIFFERENT_CHARS_MIN {
                rough(piece.iter().rev()).into_iter().for_each(|number| self.ends.add(number));
                self.known.insert(piece);
            }
        }
    }

    /// Where pieces stand in a text, each row of them as one range: as they are, and with characters escaped.
    pub(crate) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.known.is_empty() {
            return found;
        }
        self.pass(text, &mut found, |_| None);
        if text.contains(['%', '\\', '&']) {
            self.pass(text, &mut found, spelling::unescaped);
        }
        if text.contains('~') {
            self.pass(text, &mut found, spelling::unescaped_in_pointer);
        }
        found
    }

    /// `escape` reads the character that an escape at the start of a text stands for, and the length of the escape.
    fn pass(
        &self,
        text: &str,
        found: &mut Vec<Range<usize>>,
        escape: impl Fn(&str) -> Option<(char, usize)>,
    ) {
        let mut last: VecDeque<(usize, char)> = VecDeque::with_capacity(PIECE_CHARS + 1);
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let Some(plain) = rest.chars().next()
        {
            let (letter, length) = escape(rest).unwrap_or((plain, plain.len_utf8()));
            last.push_back((at, letter));
            at += length;
            if last.len() > PIECE_CHARS {
                last.pop_front();
            }
            if let Some(start) = self.begins(&last) {
                match found.last_mut() {
                    Some(row) if (row.start..=row.end).contains(&start) => row.end = at,
                    _ => found.push(start..at),
                }
            }
        }
    }

    /// Where the piece begins that the last characters are, if they are one.
    fn begins(&self, last: &VecDeque<(usize, char)>) -> Option<usize> {
        let (start, _) = *last.front()?;
        if !self.ends.hold(rough(last.iter().rev().map(|(_, letter)| letter))?) {
            return None;
        }
        let letters: Vec<char> = last.iter().map(|(_, letter)| *letter).collect();
        let piece = <[char; PIECE_CHARS]>::try_from(letters).ok()?;
        self.known.contains(&piece).then_some(start)
    }
}

/// A number for the last two characters; others may have the same.
fn rough<'a>(mut backwards: impl Iterator<Item = &'a char>) -> Option<u16> {
    let (last, before) = (backwards.next()?, backwards.next()?);
    let [low, high, ..] = (u32::from(*last).wrapping_mul(0x9e37) ^ u32::from(*before)).to_le_bytes();
    Some(u16::from_le_bytes([low, high]))
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces").field("known", &self.known.len()).finish_non_exhaustive()
    }
}
