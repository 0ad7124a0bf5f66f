//! Orders without lists: a keyed permutation of `0..n` that goes both ways.

use super::mix::Stream;

/// Enough for an order that looks like none; sampling needs no secrecy.
const ROUNDS: u64 = 6;

/// A permutation of `0..n`: a Feistel network over the next power of four, walked until it comes out below `n`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permutation {
    n: u64,
    half_bits: u32,
    keys: Stream,
}

impl Permutation {
    pub(crate) const fn new(n: u64, keys: Stream) -> Self {
        // The bits of the largest index, rounded up to an even number.
        let bits = if n > 1 { u64::BITS - (n - 1).leading_zeros() } else { 0 };
        Self { n, half_bits: bits.div_ceil(2), keys }
    }

    /// Where an index goes; none outside of the domain.
    pub(crate) const fn forth(self, index: u64) -> Option<u64> {
        self.walk(index, true)
    }

    /// Where an index came from; none outside of the domain.
    pub(crate) const fn back(self, index: u64) -> Option<u64> {
        self.walk(index, false)
    }

    /// The domain is at least a quarter of what the network permutes, so a walk has four steps on average; it ends because
    /// each cycle of the network comes back to where it began.
    const fn walk(self, index: u64, forth: bool) -> Option<u64> {
        if index >= self.n {
            return None;
        }
        let mut at = index;
        loop {
            at = if forth { self.through(at) } else { self.back_through(at) };
            if at < self.n {
                return Some(at);
            }
        }
    }

    const fn through(self, value: u64) -> u64 {
        let (mut left, mut right) = self.halves(value);
        let mut round = 0;
        while round < ROUNDS {
            (left, right) = (right, left ^ self.turn(round, right));
            round += 1;
        }
        (left << self.half_bits) | right
    }

    const fn back_through(self, value: u64) -> u64 {
        let (mut left, mut right) = self.halves(value);
        let mut round = ROUNDS;
        while round > 0 {
            round -= 1;
            (left, right) = (right ^ self.turn(round, left), left);
        }
        (left << self.half_bits) | right
    }

    const fn halves(self, value: u64) -> (u64, u64) {
        (value >> self.half_bits, value & self.mask())
    }

    const fn turn(self, round: u64, half: u64) -> u64 {
        self.keys.at((round << 32) | half) & self.mask()
    }

    const fn mask(self) -> u64 {
        (1 << self.half_bits) - 1
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_bijection(n in 1_u64..3_000, seed: u64) {
            let permutation = Permutation::new(n, Stream::new(seed, "test"));
            let image: BTreeSet<u64> = (0..n).filter_map(|index| permutation.forth(index)).collect();
            prop_assert_eq!(image, (0..n).collect::<BTreeSet<_>>());
        }

        #[test]
        fn it_goes_back(n in 1_u64..=u64::from(u32::MAX), seed: u64, at: u64) {
            let permutation = Permutation::new(n, Stream::new(seed, "test"));
            let at = at % n;
            prop_assert_eq!(permutation.forth(at).and_then(|there| permutation.back(there)), Some(at));
            prop_assert_eq!(permutation.back(at).and_then(|there| permutation.forth(there)), Some(at));
        }

        #[test]
        fn outside_there_is_nothing(n in 0_u64..1_000, beyond in 0_u64..1_000) {
            let permutation = Permutation::new(n, Stream::new(1, "test"));
            prop_assert_eq!(permutation.forth(n + beyond), None);
            prop_assert_eq!(permutation.back(n + beyond), None);
        }
    }
}
