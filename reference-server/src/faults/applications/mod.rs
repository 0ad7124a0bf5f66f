//! Faults that break a rule of an application, each under the profile that has the rule.

mod blogin;
mod entra_ready;
mod promapp;

use crate::faults::Fault;

/// The faults of each profile that has any, by its name.
pub(super) const PROFILES: &[(&str, &[Fault])] =
    &[("blogin", blogin::FAULTS), ("entra-ready", entra_ready::FAULTS), ("promapp", promapp::FAULTS)];
