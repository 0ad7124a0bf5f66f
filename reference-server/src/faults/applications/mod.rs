//! Faults that break a rule of an application, each under the profile that has the rule.

mod entra_ready;

use crate::faults::Fault;

/// The faults of each profile that has any, by its name.
pub(super) const PROFILES: &[(&str, &[Fault])] = &[("entra-ready", entra_ready::FAULTS)];
