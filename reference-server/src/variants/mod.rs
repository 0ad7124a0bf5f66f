//! Variants: correct servers of other kinds, to see that no check holds against one what the standard leaves open.
//!
//! A variant enters at the seams that faults use. It is the same server for everybody, discovery included: where a
//! fault bends what the server does, a variant bends what it says as well.

mod addresses;
mod answers;
mod bodies;
mod demands;
mod lists;
mod offers;
mod patching;
mod readings;
mod schemas;
mod timing;
mod versions;

use std::sync::LazyLock;

use engine::Rules;

use crate::ask::{Ask, Reply};
use crate::faults::{Answering, Bend, Next, Wire};

/// One lawful way to be different.
#[derive(Clone, Copy)]
pub struct Variant {
    /// The name that selects it.
    pub name: &'static str,
    /// What it does, in a sentence about the server.
    pub title: &'static str,
    /// What makes it lawful: the place in the standard, or the reading that it takes where there are two.
    pub lawful: &'static str,
    /// The warnings that it raises, and no others: check and reason. It never raises a failure.
    pub warns: &'static [(&'static str, &'static str)],
    /// What checks find missing, in their words, and why that is so. Those checks are not-supported.
    pub lacks: &'static [(&'static str, &'static str)],
    /// How far its reads may lag behind its writes, in milliseconds. Who judges it has to be told.
    pub lag_ms: u64,
    bends: &'static [Bend],
}

impl Variant {
    const fn new(
        name: &'static str,
        title: &'static str,
        lawful: &'static str,
        bends: &'static [Bend],
    ) -> Self {
        Self { name, title, lawful, warns: &[], lacks: &[], lag_ms: 0, bends }
    }

    const fn warns(mut self, warns: &'static [(&'static str, &'static str)]) -> Self {
        self.warns = warns;
        self
    }

    const fn lacks(mut self, lacks: &'static [(&'static str, &'static str)]) -> Self {
        self.lacks = lacks;
        self
    }

    const fn lags(mut self, lag_ms: u64) -> Self {
        self.lag_ms = lag_ms;
        self
    }

    pub(crate) const fn bends(&self) -> &'static [Bend] {
        self.bends
    }
}

impl std::fmt::Debug for Variant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Variant").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Changes requests before the server sees them.
const fn request(edit: fn(&mut Ask)) -> Bend {
    Bend::Wire(Wire::Request(edit))
}

/// Changes answers before the client sees them.
const fn reply(edit: fn(&Ask, &mut Reply)) -> Bend {
    Bend::Wire(Wire::Reply(edit))
}

/// Takes requests over.
const fn around(take: fn(Ask, Next) -> Answering) -> Bend {
    Bend::Wire(Wire::Around(take))
}

/// Bends the rules, those that discovery publishes included.
const fn rules(bend: fn(&mut Rules)) -> Bend {
    Bend::Rules(bend)
}

static ALL: LazyLock<Vec<Variant>> = LazyLock::new(|| {
    [
        offers::VARIANTS,
        schemas::VARIANTS,
        demands::VARIANTS,
        answers::VARIANTS,
        bodies::VARIANTS,
        addresses::VARIANTS,
        lists::VARIANTS,
        readings::VARIANTS,
        patching::VARIANTS,
        timing::VARIANTS,
        versions::VARIANTS,
    ]
    .concat()
});

/// Every variant, by area.
#[must_use]
pub fn all() -> &'static [Variant] {
    &ALL
}

/// The variant of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Variant> {
    all().iter().find(|variant| variant.name == name)
}
