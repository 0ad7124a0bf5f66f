//! A first look that tells nearly every text in which there is nothing to find.

/// How many bytes in a row are looked at.
pub(crate) const HINT_BYTES: usize = 4;
/// A power of two, of 64 bits each.
const WORDS: usize = 1024;

/// A set of rows of four bytes that may hold more than was added, and never less: one bit for each hash of them.
#[derive(Debug)]
pub(crate) struct Hints(Box<[u64; WORDS]>);

impl Default for Hints {
    fn default() -> Self {
        Self(Box::new([0; WORDS]))
    }
}

impl Hints {
    pub(crate) fn add(&mut self, row: [u8; HINT_BYTES]) {
        let (word, bit) = place(row);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(crate) fn may_hold(&self, row: [u8; HINT_BYTES]) -> bool {
        let (word, bit) = place(row);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word and the bit in it of a row.
fn place(row: [u8; HINT_BYTES]) -> (usize, u64) {
    // Multiplied by the golden ratio, all bytes have their say in the highest bits.
    let hash = u32::from_le_bytes(row).wrapping_mul(0x9E37_79B9);
    ((hash >> 22) as usize % WORDS, 1 << ((hash >> 16) % u64::BITS))
}

/// A set of two bytes in a row.
#[derive(Debug)]
pub(crate) struct Pairs(Box<[u64; WORDS]>);

impl Default for Pairs {
    fn default() -> Self {
        Self(Box::new([0; WORDS]))
    }
}

impl Pairs {
    pub(crate) fn add(&mut self, first: u8, second: u8) {
        let (word, bit) = Self::place(first, second);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(crate) fn hold(&self, first: u8, second: u8) -> bool {
        let (word, bit) = Self::place(first, second);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// There is a bit for each.
    fn place(first: u8, second: u8) -> (usize, u64) {
        let pair = u32::from(first) << 8 | u32::from(second);
        ((pair / u64::BITS) as usize % WORDS, 1 << (pair % u64::BITS))
    }
}
