/// Why a population cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PopulationError {
    /// More of something than a population has.
    #[error("{number} {what} are more than the {most} that a population may have")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many were asked for.
        number: u64,
        /// How many there may be.
        most: u64,
    },
    /// A number outside of its range.
    #[error("{what} must lie between {least} and {most}")]
    OutOfRange {
        /// The setting.
        what: &'static str,
        /// The least that makes sense.
        least: u64,
        /// The most that makes sense.
        most: u64,
    },
    /// A label that cannot stand in a userName.
    #[error("a label has at most 64 letters, digits, dots, hyphens and underscores of ASCII")]
    Label,
    /// So many memberships cannot be shared out.
    #[error(
        "{memberships} memberships do not fit into {groups} groups of at most {users} users and at least {least}"
    )]
    Memberships {
        /// How many were asked for.
        memberships: u64,
        /// How many groups there are.
        groups: u64,
        /// How many users there are.
        users: u64,
        /// How many members the smallest group has.
        least: u64,
    },
}
