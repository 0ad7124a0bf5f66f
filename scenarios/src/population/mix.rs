//! Randomness by counting: a value is a function of seed, stream and index alone.

/// The golden ratio as a fraction of 2^64: it spreads neighbouring indices far apart.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014): every bit of the input decides about every bit of the output.
const fn scramble(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A row of random words, each of which can be had alone. What it yields is part of `population/1` and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stream {
    before: u64,
    between: u64,
}

impl Stream {
    /// The stream of a name.
    pub(crate) const fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: names are short and ours.
        let bytes = name.as_bytes();
        let mut folded = 0xCBF2_9CE4_8422_2325_u64;
        let mut rest = bytes;
        while let Some((byte, behind)) = rest.split_first() {
            folded = (folded ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01B3);
            rest = behind;
        }
        Self::keyed(seed, folded)
    }

    const fn keyed(seed: u64, name: u64) -> Self {
        let before = scramble(seed.wrapping_add(GOLDEN) ^ name);
        Self { before, between: scramble(before.wrapping_add(name).wrapping_add(GOLDEN)) }
    }

    /// A stream of its own for each index.
    pub(crate) const fn of(self, index: u64) -> Self {
        Self::keyed(self.at(index), self.between)
    }

    /// The word at an index.
    pub(crate) const fn at(self, index: u64) -> u64 {
        scramble(scramble(index.wrapping_mul(GOLDEN).wrapping_add(self.before)) ^ self.between)
    }

    /// The number at an index, below a bound. It is uniform up to a part in 2^64 / bound.
    pub(crate) const fn below(self, index: u64, bound: u64) -> u64 {
        ((self.at(index) as u128 * bound as u128) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spread_evenly() {
        let stream = Stream::new(1, "a");
        let mut drawn = [0_u32; 16];
        for index in 0..160_000 {
            drawn[usize::try_from(stream.below(index, 16)).unwrap()] += 1;
        }
        // Ten thousand each, give or take five standard deviations.
        assert!(drawn.iter().all(|count| (9_500..10_500).contains(count)), "{drawn:?}");
    }

    #[test]
    fn seeds_names_and_indices_all_matter() {
        let one = Stream::new(1, "a");
        assert_ne!(one.at(0), one.at(1));
        assert_ne!(one.at(0), Stream::new(2, "a").at(0));
        assert_ne!(one.at(0), Stream::new(1, "b").at(0));
        assert_ne!(one.of(0).at(0), one.of(1).at(0));
        let flipped = (one.at(0) ^ one.at(1 << 63)).count_ones();
        assert!((16..=48).contains(&flipped), "one bit of the index turned {flipped} of the word");
    }
}
