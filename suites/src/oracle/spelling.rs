//! Spellings of a filter that must not matter.

/// How a filter is spelt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Every second letter of operators is upper case.
    pub odd_case: bool,
    /// A space stands between `not` and its parenthesis.
    pub space_after_not: bool,
    /// Parentheses stand around both sides of `and` and `or`, needed or not.
    pub parentheses: bool,
}

impl Spelling {
    /// An operator's word.
    pub(super) fn word(self, word: &str) -> String {
        if self.odd_case { odd(word) } else { word.to_owned() }
    }
}

/// Every second letter in upper case, from the first on.
fn odd(word: &str) -> String {
    let letter = |(at, letter): (usize, char)| {
        if at.is_multiple_of(2) { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    word.chars().enumerate().map(letter).collect()
}
