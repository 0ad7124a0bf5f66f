use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::PopulationError;

/// More users than any directory has, and few enough for a 32-bit half of a counter.
const USERS_MAX: u64 = 100_000_000;
const GROUPS_MAX: u64 = 10_000_000;

/// What a population is like. Two populations of one shape and one seed are the same.
///
/// No public statistics of real directories were found: beyond the documented limits of the products these are modelling
/// choices, and every one can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shape {
    /// How many users there are at first.
    pub users: u64,
    /// How many groups there are.
    pub groups: u64,
    /// How many memberships there are in all groups together; unless it is set they follow from `largest_permille`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memberships: Option<u64>,
    /// How much of all users the largest group has, in thousandths.
    pub largest_permille: u64,
    /// How fast groups get smaller: the exponent of Zipf's law, in thousandths.
    pub zipf_permille: u64,
    /// How many members the smallest group has at least.
    pub least_members: u64,
    /// How many people a manager leads.
    pub span: u64,
    /// Whether names are written in ASCII alone.
    pub ascii_only: bool,
    /// Stands in front of every userName and every group's name, so that a list can be asked for these alone. Letters,
    /// digits, `-`, `.` and `_`.
    #[schemars(regex(pattern = "^[A-Za-z0-9._-]*$"))]
    pub label: String,
    /// What happens between two cycles, in millionths of the users.
    pub churn: Rates,
}

/// How much happens between two cycles, in millionths of the users. Fractions add up from cycle to cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// Users who join.
    pub joiners: u64,
    /// Users who leave.
    pub leavers: u64,
    /// Changes to an attribute of a user.
    pub edits: u64,
    /// Changes of a membership: half of them add one and half take one away.
    pub memberships: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            users: 1_000,
            groups: 100,
            memberships: None,
            largest_permille: 600,
            zipf_permille: 1_050,
            least_members: 1,
            span: 8,
            ascii_only: false,
            label: String::new(),
            churn: Rates::default(),
        }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self { joiners: 200, leavers: 200, edits: 2_000, memberships: 3_000 }
    }
}

impl Rates {
    /// Nothing ever happens.
    pub const NONE: Self = Self { joiners: 0, leavers: 0, edits: 0, memberships: 0 };
}

impl Shape {
    /// Whether there can be such a population, apart from the memberships.
    pub(crate) fn check(&self) -> Result<(), PopulationError> {
        at_most("users", self.users, USERS_MAX)?;
        at_most("groups", self.groups, GROUPS_MAX)?;
        within("largest_permille", self.largest_permille, 1, 1_000)?;
        within("zipf_permille", self.zipf_permille, 0, 5_000)?;
        within("span", self.span, 1, 1_000)?;
        let rates = self.churn;
        for (what, rate) in [
            ("churn.joiners", rates.joiners),
            ("churn.leavers", rates.leavers),
            ("churn.edits", rates.edits),
            ("churn.memberships", rates.memberships),
        ] {
            within(what, rate, 0, 1_000_000)?;
        }
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        match self.label.chars().all(known) && self.label.len() <= 64 {
            true => Ok(()),
            false => Err(PopulationError::Label),
        }
    }
}

const fn at_most(what: &'static str, number: u64, most: u64) -> Result<(), PopulationError> {
    if number > most { Err(PopulationError::TooMany { what, number, most }) } else { Ok(()) }
}

const fn within(what: &'static str, number: u64, least: u64, most: u64) -> Result<(), PopulationError> {
    if number < least || number > most {
        return Err(PopulationError::OutOfRange { what, least, most });
    }
    Ok(())
}
