//! Directories of any size that are computed and never stored.
//!
//! Randomness is by counting: whatever is drawn is a function of the seed, the name of a stream and an index. Any user, any
//! group, any membership and any cycle can be had alone, in any order, on any machine, in constant memory. Members are a
//! window on a permutation of all users, so that "who is member 17 of group 3" and "is user 9 in group 3" are both answered
//! without a list.
//!
//! The algorithm is [`VERSION`]; golden checksums in the tests hold it to that.
//!
//! ```
//! use scenarios::population::{Population, Shape};
//!
//! let population = Population::new(7, Shape { users: 10_000, groups: 200, ..Shape::default() })?;
//! let member = population.member(3, 17).unwrap();
//! assert!(population.is_member(3, member));
//! assert!(population.user(member).user_principal_name.ends_with("@example.com"));
//! assert_eq!(population.manager(0), None);
//! # Ok::<(), scenarios::population::PopulationError>(())
//! ```

mod churn;
mod error;
mod group;
mod mix;
mod names;
mod permutation;
mod person;
mod power;
mod scim;
mod shape;
mod sizes;

pub use churn::{Change, Cycle};
pub use error::PopulationError;
pub use group::Group;
pub use person::Person;
pub use shape::{Rates, Shape};

use mix::Stream;
use sizes::Sizes;

/// The algorithm. Whatever changes a drawn value changes this too.
pub const VERSION: &str = "population/1";

/// A directory that follows from a seed and a shape.
#[derive(Clone, Debug)]
pub struct Population {
    seed: u64,
    shape: Shape,
    sizes: Sizes,
    /// The domain that all addresses are of, where somebody names one.
    domain: Option<String>,
}

impl Population {
    /// The population of a seed and a shape.
    ///
    /// # Errors
    /// When there can be no such population: a number outside of its range, or more memberships than there is room for.
    pub fn new(seed: u64, shape: Shape) -> Result<Self, PopulationError> {
        shape.check()?;
        let sizes = Sizes::new(&shape)?;
        Ok(Self { seed, shape, sizes, domain: None })
    }

    /// The same people, with all addresses in this domain, where one is named.
    #[must_use]
    pub fn in_domain(mut self, domain: Option<&str>) -> Self {
        self.domain = domain.map(str::to_owned);
        self
    }

    /// The address in the usual domain that begins so.
    #[must_use]
    pub fn address(&self, local: &str) -> String {
        format!("{local}@{}", self.domain.as_deref().unwrap_or("example.com"))
    }

    /// The seed of the `number`th of several populations that share nothing but their shape.
    #[must_use]
    pub const fn seed_of(seed: u64, number: u64) -> u64 {
        Stream::new(seed, "populations").at(number)
    }

    /// What it is like.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// How many users there are at the beginning.
    #[must_use]
    pub const fn users(&self) -> u64 {
        self.shape.users
    }

    /// How many groups there are.
    #[must_use]
    pub const fn groups(&self) -> u64 {
        self.shape.groups
    }

    /// How many memberships there are at the beginning. It is counted group by group.
    #[must_use]
    pub fn memberships(&self) -> u64 {
        self.sizes.sum()
    }

    const fn stream(&self, name: &str) -> Stream {
        Stream::new(self.seed, name)
    }
}

#[cfg(test)]
mod tests;
