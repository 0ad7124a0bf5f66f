//! What changes between two cycles.

use super::Population;
use super::permutation::Permutation;

/// A point in the life of a population: 0 is the beginning, and each cycle brings its changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cycle(pub u64);

/// One change of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A user joins.
    Join(u64),
    /// A user leaves, and with that every group.
    Leave(u64),
    /// A user gets a new job title, the one that [`Population::job_title`] names for this cycle.
    Edit(u64),
    /// A user becomes a member of a group.
    Add {
        /// The group.
        group: u64,
        /// The user.
        user: u64,
    },
    /// A user is no member of a group any more.
    Remove {
        /// The group.
        group: u64,
        /// The user.
        user: u64,
    },
}

impl Population {
    /// What a cycle brings: what is so after it and was not before it. Cycle 0 is the beginning and brings nothing.
    ///
    /// Those who leave come first, then those who join, then edits, then memberships. A change to somebody who has left is
    /// left out.
    pub fn changes(&self, cycle: Cycle) -> impl Iterator<Item = Change> {
        let before = Cycle(cycle.0.saturating_sub(1));
        let rates = self.shape().churn;
        let left = self.total(rates.leavers, before)..self.total(rates.leavers, cycle);
        let joined = self.total(rates.joiners, before)..self.total(rates.joiners, cycle);
        let edited = self.total(rates.edits, before)..self.total(rates.edits, cycle);
        let leaves = left.filter_map(|number| self.leavers().forth(number)).map(Change::Leave);
        let joins = joined.map(|number| Change::Join(self.users() + number));
        let edits = edited.map(|number| self.edited(number)).filter(move |user| !self.has_left(cycle, *user));
        leaves.chain(joins).chain(edits.map(Change::Edit)).chain(self.moves(before, cycle))
    }

    /// How many users there have been up to a cycle, those who have left included.
    #[must_use]
    pub fn users_in(&self, cycle: Cycle) -> u64 {
        self.users() + self.total(self.shape().churn.joiners, cycle)
    }

    /// Whether a user has left by the end of a cycle. Those who joined later stay.
    #[must_use]
    pub fn has_left(&self, cycle: Cycle, user: u64) -> bool {
        let left = self.total(self.shape().churn.leavers, cycle);
        left > 0 && self.leavers().back(user).is_some_and(|number| number < left)
    }

    /// The job title that an edit in a cycle gives.
    #[must_use]
    pub fn job_title(&self, cycle: Cycle, user: u64) -> String {
        format!("{} {}", self.user(user).job_title, roman(cycle.0))
    }

    fn edited(&self, number: u64) -> u64 {
        self.stream("edits").below(number, self.users())
    }

    /// The order in which users leave.
    fn leavers(&self) -> Permutation {
        Permutation::new(self.users(), self.stream("leavers"))
    }

    /// By how many members a group's window has slid: the slides go round the groups in an order of their own.
    pub(super) fn slid(&self, cycle: Cycle, group: u64) -> u64 {
        let slides = self.slides(cycle);
        let turn = if slides == 0 { None } else { self.turns().back(group) };
        turn.map_or(0, |turn| (slides + self.groups() - 1 - turn) / self.groups())
    }

    /// Each slide takes one membership away and adds another.
    fn slides(&self, cycle: Cycle) -> u64 {
        if self.groups() == 0 { 0 } else { self.total(self.shape().churn.memberships, cycle) / 2 }
    }

    fn turns(&self) -> Permutation {
        Permutation::new(self.groups(), self.stream("turns"))
    }

    fn moves(&self, before: Cycle, cycle: Cycle) -> impl Iterator<Item = Change> {
        let slides = self.slides(before)..self.slides(cycle);
        // However often a group's turn comes, it is compared with what it was once.
        let touched = slides.clone().take(usize::try_from(self.groups()).unwrap_or(usize::MAX));
        touched.filter_map(|slide| self.turns().forth(slide % self.groups())).flat_map(move |group| {
            let by = (self.slid(cycle, group) - self.slid(before, group)).min(self.sizes.of(group));
            let gone = (0..by).filter_map(move |place| self.seat_in(before, group, place));
            let come = (0..by).filter_map(move |place| {
                self.seat_in(cycle, group, self.sizes.of(group).checked_sub(place + 1)?)
            });
            // A window that is as wide as all users comes back to some of whom it passed; those who left take their
            // memberships along.
            let gone = gone
                .filter(move |user| !self.is_member_in(cycle, group, *user) && !self.has_left(cycle, *user));
            let come = come.filter(move |user| {
                self.is_member_in(cycle, group, *user) && !self.is_member_in(before, group, *user)
            });
            gone.map(move |user| Change::Remove { group, user })
                .chain(come.map(move |user| Change::Add { group, user }))
        })
    }

    /// How much of something there has been by the end of a cycle.
    fn total(&self, rate: u64, cycle: Cycle) -> u64 {
        let total = u128::from(self.users()) * u128::from(rate) * u128::from(cycle.0) / 1_000_000;
        u64::try_from(total).unwrap_or(u64::MAX)
    }
}

/// Small numbers as titles have them.
fn roman(number: u64) -> String {
    match number {
        1 => "I".to_owned(),
        2 => "II".to_owned(),
        3 => "III".to_owned(),
        other => other.to_string(),
    }
}
