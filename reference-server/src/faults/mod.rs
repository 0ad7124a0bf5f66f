//! Faults: named, deliberate defects that the server can be started with, to see which checks bite.
//!
//! A fault enters at a seam that exists anyway: on the wire, in the rules, or at the store. It never repeats
//! what the server does, and the server does not know it. What a faulty server answers is still well-formed
//! SCIM, so that only the check that is about the defect has something to say.

mod applications;
mod auth;
mod content;
mod create;
mod credentials;
mod delete;
mod discovery;
pub(crate) mod edit;
mod errors;
mod field;
mod filter;
mod filter_types;
mod filter_words;
mod forms;
mod framing;
mod group_lists;
mod groups;
mod list;
mod load;
mod lossy;
mod members;
mod merged_members;
mod misread;
mod named_versions;
mod of_groups;
mod open_edits;
mod open_points;
mod patch;
mod patch_attributes;
mod patch_keywords;
mod patch_rules;
mod patch_selections;
mod project;
mod quality;
mod races;
mod read;
mod repeats;
mod replace;
mod schemas;
mod seams;
mod shape;
mod side_effects;
mod sort;
mod stores;
mod versions;
mod wire;

use std::sync::{Arc, LazyLock};

use engine::Rules;

use crate::ask::{Ask, Reply};
use crate::store::Store;

pub(crate) use auth::Ajar;
pub(crate) use errors::known;
pub(crate) use seams::{Answering, Bend, Gate, Next, Piece, Replicate, Station, Wire};

/// Where a fault enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// Between the client and the face, on whole requests and answers.
    Wire,
    /// Where a request's body is read off the connection; such a fault shows nowhere else.
    Framing,
    /// In the rules that the server lives by; discovery keeps publishing the healthy ones.
    Rules,
    /// Around the store.
    Store,
}

/// One deliberate defect.
#[derive(Clone, Copy)]
pub struct Fault {
    /// The name that selects it.
    pub name: &'static str,
    /// What it does, in a sentence about the server.
    pub title: &'static str,
    /// The ids of the requirements that it breaks.
    pub breaks: &'static [&'static str],
    /// Checks that notice it although they are about something else: id and reason.
    pub collateral: &'static [(&'static str, &'static str)],
    /// Capabilities, as reports name them, that it withdraws or spoils, and how. The checks that need one say nothing
    /// then: they are not-supported or blocked.
    pub hinders: &'static [(&'static str, &'static str)],
    /// Whether what is stored comes out wrong by it, beyond what an answer says.
    of_state: bool,
    /// Whether it is about groups although its module is not.
    of_groups: bool,
    bend: Bend,
}

impl Fault {
    const fn new(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        bend: Bend,
    ) -> Self {
        Self { name, title, breaks, collateral: &[], hinders: &[], of_state: false, of_groups: false, bend }
    }

    /// A fault that changes requests before the server sees them.
    const fn request(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        edit: fn(&mut Ask),
    ) -> Self {
        Self::new(name, title, breaks, Bend::Wire(Wire::Request(edit)))
    }

    /// A fault that changes answers before the client sees them.
    const fn reply(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        edit: fn(&Ask, &mut Reply),
    ) -> Self {
        Self::new(name, title, breaks, Bend::Wire(Wire::Reply(edit)))
    }

    /// A fault that takes requests over.
    const fn around(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        take: fn(Ask, Next) -> Answering,
    ) -> Self {
        Self::new(name, title, breaks, Bend::Wire(Wire::Around(take)))
    }

    /// A fault that changes what a body's pieces come to.
    const fn pieces(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        change: fn(Piece) -> Piece,
    ) -> Self {
        Self::new(name, title, breaks, Bend::Pieces(change))
    }

    /// A fault that bends the rules.
    const fn rules(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        bend: fn(&mut Rules),
    ) -> Self {
        Self::new(name, title, breaks, Bend::Rules(bend))
    }

    /// A fault that wraps the store.
    const fn store(
        name: &'static str,
        title: &'static str,
        breaks: &'static [&'static str],
        wrap: fn(Arc<dyn Store>) -> Arc<dyn Store>,
    ) -> Self {
        Self::new(name, title, breaks, Bend::Store(wrap))
    }

    /// The same fault with the checks that notice it by the way.
    #[must_use]
    pub const fn collateral(mut self, collateral: &'static [(&'static str, &'static str)]) -> Self {
        self.collateral = collateral;
        self
    }

    /// The same fault with the capabilities that it withdraws or spoils.
    #[must_use]
    pub const fn hinders(mut self, hinders: &'static [(&'static str, &'static str)]) -> Self {
        self.hinders = hinders;
        self
    }

    /// The same fault, which leaves something else stored than was asked for, or lets requests race.
    #[must_use]
    const fn of_state(mut self) -> Self {
        self.of_state = true;
        self
    }

    /// The same fault, which shows nothing where there are no groups.
    #[must_use]
    const fn of_groups(mut self) -> Self {
        self.of_groups = true;
        self
    }

    /// Whether what is stored comes out wrong by it, as at the store itself, or requests race.
    #[must_use]
    pub const fn changes_state(&self) -> bool {
        self.of_state || matches!(self.bend, Bend::Store(_))
    }

    /// Where it enters.
    #[must_use]
    pub const fn seam(&self) -> Seam {
        self.bend.seam()
    }

    pub(crate) const fn bend(&self) -> Bend {
        self.bend
    }
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fault").field("name", &self.name).field("seam", &self.seam()).finish_non_exhaustive()
    }
}

static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    [
        discovery::FAULTS,
        schemas::FAULTS,
        quality::FAULTS,
        create::FAULTS,
        repeats::FAULTS,
        read::FAULTS,
        replace::FAULTS,
        lossy::FAULTS,
        delete::FAULTS,
        list::FAULTS,
        sort::FAULTS,
        project::FAULTS,
        errors::FAULTS,
        merged_members::FAULTS,
        named_versions::FAULTS,
        auth::FAULTS,
        credentials::FAULTS,
        filter::FAULTS,
        filter_types::FAULTS,
        filter_words::FAULTS,
        open_points::FAULTS,
        open_edits::FAULTS,
        patch::FAULTS,
        patch_rules::FAULTS,
        patch_selections::FAULTS,
        patch_keywords::FAULTS,
        patch_attributes::FAULTS,
        side_effects::FAULTS,
        field::FAULTS,
        groups::FAULTS,
        of_groups::FAULTS,
        group_lists::FAULTS,
        members::FAULTS,
        wire::FAULTS,
        content::FAULTS,
        shape::FAULTS,
        forms::FAULTS,
        versions::FAULTS,
        races::FAULTS,
    ]
    .concat()
});

/// Every fault that breaks the standard, by area.
#[must_use]
pub fn all() -> &'static [Fault] {
    &ALL
}

/// The faults that show where a profile is played: each breaks one of its rules.
pub fn of_profile(name: &str) -> impl Iterator<Item = &'static Fault> {
    applications::PROFILES.iter().filter(move |(profile, _)| *profile == name).flat_map(|(_, faults)| *faults)
}

/// The faults that show on a connection alone, since they are about how a request is cut up on its way.
#[must_use]
pub fn of_connections() -> &'static [Fault] {
    framing::FAULTS
}

/// The faults that only show under load: no check can bite on them, an audit or an objective does.
#[must_use]
pub fn under_load() -> &'static [Fault] {
    load::FAULTS
}

/// Whether a fault only shows under load.
#[must_use]
pub fn shows_under_load(fault: &Fault) -> bool {
    under_load().iter().any(|known| known.name == fault.name)
}

/// Whether a fault is about groups, so that it shows nowhere where there are none.
#[must_use]
pub fn is_about_groups(fault: &Fault) -> bool {
    let whole = [
        groups::FAULTS,
        of_groups::FAULTS,
        group_lists::FAULTS,
        members::FAULTS,
        merged_members::FAULTS,
        load::FAULTS,
    ];
    fault.of_groups || whole.into_iter().flatten().any(|known| known.name == fault.name)
}

/// Every fault that there is.
pub fn every() -> impl Iterator<Item = &'static Fault> {
    let named = applications::PROFILES.iter().flat_map(|(_, faults)| *faults);
    all().iter().chain(of_connections()).chain(under_load()).chain(named)
}

/// The profile that a fault is about: the standard alone, or the one whose rule it breaks.
#[must_use]
pub fn profile_of(fault: &Fault) -> &'static str {
    let mut profiles = applications::PROFILES.iter();
    let found = profiles.find(|(_, faults)| faults.iter().any(|known| known.name == fault.name));
    found.map_or(profiles::DEFAULT, |(profile, _)| *profile)
}

/// The fault of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Fault> {
    every().find(|fault| fault.name == name)
}
