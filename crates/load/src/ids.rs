//! The ids that the target gave, in memory of fixed width: only the target could compute them anew.

use std::collections::BTreeMap;

/// Room for a UUID as text, which most ids are.
const WIDTH: usize = 39;

/// A cell: the length of the id, and the id. A length of 0 is none, and one beyond the width stands for a long one.
type Cell = [u8; WIDTH + 1];
const NONE: Cell = [0; WIDTH + 1];
const LONG: u8 = u8::MAX;

/// The ids of resources by their place in the population.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    cells: Vec<Cell>,
    long: BTreeMap<usize, String>,
    known: u64,
}

impl Ids {
    /// Remembers an id.
    pub(crate) fn set(&mut self, index: u64, id: &str) {
        let Ok(place) = usize::try_from(index) else { return };
        if self.cells.len() <= place {
            self.cells.resize(place + 1, NONE);
        }
        let Some(cell) = self.cells.get_mut(place) else { return };
        if cell.first() == Some(&0) {
            self.known += 1;
        }
        *cell = NONE;
        let [length, room @ ..] = cell;
        match room.get_mut(..id.len()) {
            Some(room) if !id.is_empty() => {
                room.copy_from_slice(id.as_bytes());
                *length = u8::try_from(id.len()).unwrap_or(LONG);
            }
            _ => {
                *length = LONG;
                self.long.insert(place, id.to_owned());
            }
        }
    }

    /// The id, where one is known.
    pub(crate) fn get(&self, index: u64) -> Option<&str> {
        let place = usize::try_from(index).ok()?;
        let [length, room @ ..] = self.cells.get(place)?;
        match *length {
            0 => None,
            LONG => self.long.get(&place).map(String::as_str),
            length => std::str::from_utf8(room.get(..usize::from(length))?).ok(),
        }
    }

    /// How many are known.
    pub(crate) const fn known(&self) -> u64 {
        self.known
    }

    /// How many places there are up to the last id.
    pub(crate) fn places(&self) -> u64 {
        self.cells.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_set_is_there(ids in proptest::collection::vec((0_u64..50, ".{0,60}"), 0..40)) {
            let mut kept = Ids::default();
            let mut model = BTreeMap::new();
            for (index, id) in ids {
                kept.set(index, &id);
                model.insert(index, id);
            }
            prop_assert_eq!(kept.known(), model.len() as u64);
            for index in 0..60 {
                prop_assert_eq!(kept.get(index), model.get(&index).map(String::as_str));
            }
        }
    }
}
