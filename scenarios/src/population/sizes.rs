//! How large each group is: Zipf's law, as a function of the group's place.

use super::error::PopulationError;
use super::power::inverse_power;
use super::shape::Shape;

/// How often the scale is halved in on: as many steps as a double has bits.
const STEPS: u32 = 64;

/// The size of every group, in constant memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    users: u64,
    groups: u64,
    least: u64,
    exponent: f64,
    /// How large the first group would be, were there no bounds.
    scale: f64,
    /// The groups that have one more so that the sum comes out: the first of them and how many there are.
    topped_up: (u64, u64),
}

impl Sizes {
    pub(crate) fn new(shape: &Shape) -> Result<Self, PopulationError> {
        let mut sizes = Self {
            users: shape.users,
            groups: shape.groups,
            least: shape.least_members.min(shape.users),
            exponent: shape.zipf_permille as f64 / 1_000.0,
            scale: shape.users as f64 * shape.largest_permille as f64 / 1_000.0,
            topped_up: (0, 0),
        };
        if let Some(memberships) = shape.memberships {
            sizes.sum_to(memberships)?;
        }
        Ok(sizes)
    }

    /// Finds the scale at which the sizes add up, and gives what is left by rounding to the largest groups that have room.
    fn sum_to(&mut self, memberships: u64) -> Result<(), PopulationError> {
        let most = self.users.saturating_mul(self.groups);
        let fewest = self.least.saturating_mul(self.groups);
        if memberships > most || memberships < fewest {
            let (groups, users, least) = (self.groups, self.users, self.least);
            return Err(PopulationError::Memberships { memberships, groups, users, least });
        }
        let mut low = 0.0;
        // At this scale even the last group would have everybody.
        let mut high = (self.users as f64 + 1.0) / inverse_power(self.groups.max(1), self.exponent);
        for _ in 0..STEPS {
            self.scale = low + (high - low) * 0.5;
            if self.sum() > memberships { high = self.scale } else { low = self.scale }
        }
        self.scale = low;
        let missing = memberships.saturating_sub(self.sum());
        let full = (0..self.groups).take_while(|group| self.untopped(*group) >= self.users).count();
        self.topped_up = (full as u64, missing);
        Ok(())
    }

    /// How many members a group has; none where there is no such group.
    pub(crate) fn of(&self, group: u64) -> u64 {
        let (first, many) = self.topped_up;
        let one_more = group >= first && group - first < many;
        if group < self.groups { (self.untopped(group) + u64::from(one_more)).min(self.users) } else { 0 }
    }

    /// How many memberships there are.
    pub(crate) fn sum(&self) -> u64 {
        (0..self.groups).map(|group| self.of(group)).sum()
    }

    fn untopped(&self, group: u64) -> u64 {
        let size = self.scale * inverse_power(group.saturating_add(1), self.exponent);
        // The conversion saturates, and what it cuts off was added.
        ((size + 0.5) as u64).clamp(self.least, self.users.max(self.least))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn memberships_add_up(users in 1_u64..5_000, groups in 1_u64..300, share in 0_u64..=1_000, zipf_permille in 0_u64..3_000) {
            let memberships = groups + (users * groups - groups) * share / 1_000;
            let shape = Shape { users, groups, memberships: Some(memberships), zipf_permille, ..Shape::default() };
            let sizes = Sizes::new(&shape).unwrap();
            prop_assert_eq!(sizes.sum(), memberships);
            prop_assert!((0..groups).all(|group| (1..=users).contains(&sizes.of(group))));
            prop_assert!((1..groups).all(|group| sizes.of(group) <= sizes.of(group - 1)));
        }
    }

    #[test]
    fn zipf_gives_one_huge_group_and_many_small_ones() {
        let shape = Shape { users: 10_000, groups: 200, ..Shape::default() };
        let sizes = Sizes::new(&shape).unwrap();
        assert_eq!([sizes.of(0), sizes.of(1), sizes.of(199)], [6_000, 2_898, 23]);
        assert_eq!(sizes.of(200), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let shape = Shape { users: 10, groups: 2, memberships: Some(21), ..Shape::default() };
        let refusal = Sizes::new(&shape).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "21 memberships do not fit into 2 groups of at most 10 users and at least 1"
        );
        assert!(Sizes::new(&Shape { memberships: Some(1), ..shape }).is_err());
    }
}
