//! What the target has acknowledged, and so must hold: the model of one job.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use scenarios::population::Population;

use crate::ids::Ids;

/// One provisioning job: its directory and what it knows of the target.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) population: Population,
    book: Mutex<Book>,
    /// Cycles of a job follow each other; whoever holds this plays one.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

impl Job {
    pub(crate) fn new(population: Population) -> Self {
        Self { population, book: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    /// Whether a name is one that the job gave; a server may change its letter case, a profile may add to it.
    pub(crate) fn owns(&self, name: &str) -> bool {
        name.to_lowercase().contains(&self.population.shape().label.to_lowercase())
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id of the manager that a user must have; none where none was set, or may not have been.
    pub(crate) fn manager(&self, user: u64) -> Option<String> {
        let manager = self.population.manager(user)?;
        let book = self.book();
        book.users.get(manager).filter(|_| book.is_managed(user)).map(str::to_owned)
    }
}

/// What a target may hold where it never said whether it did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Belief {
    /// It said that it is so.
    Sure(bool),
    /// It may be so or not.
    Open,
}

/// What a job's users and groups are like in the target, as far as the target has said.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) users: Ids,
    pub(crate) groups: Ids,
    /// Those whose creation was never answered: they may be there.
    pub(crate) doubtful_users: Vec<u64>,
    pub(crate) doubtful_groups: Vec<u64>,
    /// Whether a create was refused: who refuses one may have carried it out all the same.
    pub(crate) refused: bool,
    /// Users that were changed after they were created.
    pub(crate) changed: BTreeMap<u64, Changed>,
    /// Memberships of the beginning that were acknowledged, by group and place.
    held: Bits,
    /// Users whose manager was set and acknowledged, and those where that was never answered.
    managed: Bits,
    doubtful_managers: BTreeSet<u64>,
    /// Whether the answer to some create showed an externalId, and so that the target has it.
    pub(crate) shows_external_ids: bool,
    /// What became of others, or of these later, by group and user.
    moved: BTreeMap<(u64, u64), Belief>,
}

/// What was changed about a user; none where nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) title: Option<String>,
    pub(crate) active: Option<bool>,
    /// A change was never answered, so that these may be as they were.
    pub(crate) open: bool,
}

impl Book {
    /// How many resources are known to be there.
    pub(crate) const fn known(&self) -> u64 {
        self.users.known() + self.groups.known()
    }

    /// A membership of the beginning was acknowledged; `slot` counts those of all groups.
    pub(crate) fn hold(&mut self, slot: u64) {
        self.held.set(slot);
    }

    /// Whether a membership of the beginning was acknowledged.
    pub(crate) fn holds(&self, slot: u64) -> bool {
        self.held.get(slot)
    }

    /// A user's manager was set, or may have been.
    pub(crate) fn manage(&mut self, user: u64, belief: Belief) {
        match belief {
            Belief::Sure(_) => self.managed.set(user),
            Belief::Open => drop(self.doubtful_managers.insert(user)),
        }
    }

    /// Whether a user must have the manager that the population gives them.
    pub(crate) fn is_managed(&self, user: u64) -> bool {
        self.managed.get(user) && !self.doubtful_managers.contains(&user)
    }

    /// Something is now known, or open, about a membership.
    pub(crate) fn note(&mut self, group: u64, user: u64, belief: Belief) {
        self.moved.insert((group, user), belief);
    }

    /// What was noted of a group's memberships, by user.
    pub(crate) fn noted(&self, group: u64) -> impl Iterator<Item = (u64, Belief)> {
        self.moved.range((group, 0)..=(group, u64::MAX)).map(|((_, user), belief)| (*user, *belief))
    }
}

/// A set of numbers: one bit each, up to the greatest.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn place(number: u64) -> Option<(usize, u64)> {
        Some((usize::try_from(number / 64).ok()?, 1 << (number % 64)))
    }

    fn set(&mut self, number: u64) {
        let Some((word, bit)) = Self::place(number) else { return };
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn get(&self, number: u64) -> bool {
        Self::place(number).is_some_and(|(word, bit)| self.0.get(word).is_some_and(|word| word & bit != 0))
    }
}

/// The memberships of the beginning, counted through all groups: the same for every job of a load.
#[derive(Debug)]
pub(crate) struct Slots {
    /// Where each group's begin, and at the end how many there are.
    begins: Vec<u64>,
    /// The same for requests that add several at a time.
    batches: Vec<u64>,
    per_request: u64,
}

impl Slots {
    pub(crate) fn new(population: &Population, per_request: u64) -> Self {
        let sizes =
            (0..population.groups()).map(|group| population.group(group).map_or(0, |group| group.size));
        let mut begins = vec![0];
        let mut batches = vec![0];
        let (mut slots, mut requests) = (0_u64, 0_u64);
        for size in sizes {
            slots += size;
            requests += size.div_ceil(per_request.max(1));
            begins.push(slots);
            batches.push(requests);
        }
        Self { begins, batches, per_request: per_request.max(1) }
    }

    /// Where there is no job.
    pub(crate) fn none() -> Self {
        Self { begins: vec![0], batches: vec![0], per_request: 1 }
    }

    /// The slot of a group's place.
    pub(crate) fn slot(&self, group: u64, place: u64) -> u64 {
        let begin = usize::try_from(group).ok().and_then(|group| self.begins.get(group));
        begin.map_or(u64::MAX, |begin| begin.saturating_add(place))
    }

    /// How many requests bring all of them.
    pub(crate) fn requests(&self) -> u64 {
        self.batches.last().copied().unwrap_or_default()
    }

    /// The group and the first place that a request is about.
    pub(crate) fn batch(&self, request: u64) -> Option<(u64, u64)> {
        if request >= self.requests() {
            return None;
        }
        // The last group that begins at or before it; empty groups begin where the next one does.
        let group = self.batches.partition_point(|begin| *begin <= request).checked_sub(1)?;
        let begin = self.batches.get(group)?;
        Some((group as u64, (request - begin) * self.per_request))
    }

    pub(crate) const fn per_request(&self) -> u64 {
        self.per_request
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scenarios::population::Shape;

    use super::*;

    proptest! {
        #[test]
        fn batches_cover_every_membership_once(users in 1_u64..60, groups in 0_u64..12, per_request in 1_u64..9) {
            let population = Population::new(1, Shape { users, groups, least_members: 0, ..Shape::default() }).unwrap();
            let slots = Slots::new(&population, per_request);
            let mut seen = Vec::new();
            for request in 0..slots.requests() {
                let (group, first) = slots.batch(request).unwrap();
                let size = population.group(group).unwrap().size;
                seen.extend((first..size.min(first + per_request)).map(|place| slots.slot(group, place)));
            }
            prop_assert_eq!(seen, (0..population.memberships()).collect::<Vec<_>>());
            prop_assert_eq!(slots.batch(slots.requests()), None);
        }
    }

    #[test]
    fn a_book_remembers() {
        let mut book = Book::default();
        assert!(!book.holds(1_000));
        book.hold(1_000);
        assert!(book.holds(1_000) && !book.holds(999) && !book.holds(5_000));
        book.note(3, 7, Belief::Open);
        book.note(3, 7, Belief::Sure(true));
        book.note(4, 0, Belief::Sure(false));
        assert_eq!(book.noted(3).collect::<Vec<_>>(), [(7, Belief::Sure(true))]);
        book.manage(70, Belief::Sure(true));
        book.manage(71, Belief::Open);
        assert_eq!([69, 70, 71].map(|user| book.is_managed(user)), [false, true, false]);
    }
}
