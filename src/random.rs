use std::hash::{BuildHasher as _, RandomState};

/// A number that nobody chose: the keys of the standard library's hasher are drawn anew in every process.
pub(crate) fn number() -> u64 {
    RandomState::new().hash_one("scimproof")
}
