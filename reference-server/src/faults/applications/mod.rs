//! Faults that break a rule of an application, each under the profile that has the rule.

mod blogin;
mod bonusly;
mod entra_ready;
mod promapp;

use crate::faults::Fault;

/// The faults of each profile that has any, by its name; a profile with many has several lists.
pub(super) const PROFILES: &[(&str, &[Fault])] = &[
    ("blogin", blogin::FAULTS),
    ("bonusly", bonusly::accounts::FAULTS),
    ("bonusly", bonusly::attributes::FAULTS),
    ("entra-ready", entra_ready::FAULTS),
    ("promapp", promapp::FAULTS),
];
