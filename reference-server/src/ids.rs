use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use record::Secret;
use uuid::Uuid;

/// Where ids come from: the same seed gives the same ids in the same order.
pub(crate) struct Ids(Mutex<ChaCha20Rng>);

impl Ids {
    /// Ids that follow from a seed; without one, ids that nobody can foretell.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let generator =
            seed.map_or_else(|| ChaCha20Rng::from_seed(unpredictable()), ChaCha20Rng::seed_from_u64);
        Self(Mutex::new(generator))
    }

    /// The next id.
    pub(crate) fn next(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// A bearer token that nobody can guess; it never follows from a seed.
pub(crate) fn random_token() -> Secret {
    Secret::new(unpredictable().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// 32 bytes from the operating system, by way of the one crate here that asks it.
fn unpredictable() -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for _ in 0..3 {
        hasher.update(Uuid::new_v4().as_bytes());
    }
    hasher.finalize().into()
}
