use super::permutation::Permutation;
use super::person::uuid;
use super::{Cycle, Population};

const THEMES: &[&str] = &["Project", "Site", "Team", "Printer", "Course", "Mailing", "Zürich Büro", "委員会"];

/// A group with its attributes by their names in Microsoft Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The place in the population, from 0; the largest group comes first.
    pub index: u64,
    /// `id`: a UUID.
    pub object_id: String,
    /// `displayName`; no two groups have the same.
    pub display_name: String,
    /// `mailNickname`.
    pub mail_nickname: String,
    /// How many members it has, at every time.
    pub size: u64,
}

impl Population {
    /// A group; none beyond the last.
    #[must_use]
    pub fn group(&self, index: u64) -> Option<Group> {
        if index >= self.groups() {
            return None;
        }
        let label = &self.shape().label;
        let drawn =
            usize::try_from(self.stream("theme").below(index, THEMES.len() as u64)).unwrap_or_default();
        let theme =
            THEMES.get(drawn).filter(|theme| theme.is_ascii() || !self.shape().ascii_only).unwrap_or(&"Team");
        Some(Group {
            index,
            object_id: uuid(self.stream("group-id").of(index)),
            display_name: if index == 0 {
                format!("{label}Everyone 0")
            } else {
                format!("{label}{theme} {index}")
            },
            mail_nickname: format!("{label}group.{index}"),
            size: self.sizes.of(index),
        })
    }

    /// The `place`th member of a group at the beginning; none beyond the last.
    #[must_use]
    pub fn member(&self, group: u64, place: u64) -> Option<u64> {
        self.member_in(Cycle(0), group, place)
    }

    /// The members of a group at the beginning, in the order of their places.
    pub fn members(&self, group: u64) -> impl Iterator<Item = u64> {
        self.members_in(Cycle(0), group)
    }

    /// Whether a user is a member of a group at the beginning.
    #[must_use]
    pub fn is_member(&self, group: u64, user: u64) -> bool {
        self.is_member_in(Cycle(0), group, user)
    }

    /// The `place`th member of a group in a cycle, of those who have not left; it is none where that one has.
    #[must_use]
    pub fn member_in(&self, cycle: Cycle, group: u64, place: u64) -> Option<u64> {
        let member = self.seat_in(cycle, group, place)?;
        (!self.has_left(cycle, member)).then_some(member)
    }

    /// The members of a group in a cycle, without those who have left.
    pub fn members_in(&self, cycle: Cycle, group: u64) -> impl Iterator<Item = u64> {
        (0..self.sizes.of(group)).filter_map(move |place| self.member_in(cycle, group, place))
    }

    /// Whether a user is a member of a group in a cycle.
    #[must_use]
    pub fn is_member_in(&self, cycle: Cycle, group: u64, user: u64) -> bool {
        let Some(place) = self.order(group).back(user) else { return false };
        let first = self.slid(cycle, group) % self.users().max(1);
        let behind = if place >= first { place - first } else { place + self.users() - first };
        behind < self.sizes.of(group) && !self.has_left(cycle, user)
    }

    /// Who sits on a place of a group, whether or not they have left: the members are a window on an order of all users,
    /// and each change of a membership slides it on.
    pub(crate) fn seat_in(&self, cycle: Cycle, group: u64, place: u64) -> Option<u64> {
        if place >= self.sizes.of(group) {
            return None;
        }
        let users = self.users().max(1);
        self.order(group).forth((self.slid(cycle, group) % users + place) % users)
    }

    /// The order of all users that a group takes its members from.
    fn order(&self, group: u64) -> Permutation {
        Permutation::new(self.users(), self.stream("members").of(group))
    }
}
