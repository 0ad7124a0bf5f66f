//! Arrivals that found no room because too many were under way: as long as the generator keeps up, the target was too slow.

use std::collections::BTreeMap;

use record::Objective;

use crate::description::{Action, Step};
use crate::items::Plan;
use crate::operation;

/// What is demanded of every open load, written or not.
const DEMAND: &str = "no arrival is dropped";

/// How many arrivals were dropped, and how many requests of each operation never went out for that reason.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) arrivals: u64,
    /// Those of the warm-up, which count for nothing.
    pub(crate) warm_up: u64,
    requests: BTreeMap<&'static str, u64>,
}

impl Dropped {
    /// From the arrivals of each step that were dropped, and those of the warm-up.
    pub(crate) fn of(plan: &Plan, arrivals: &BTreeMap<usize, u64>, warm_up: u64) -> Self {
        let mut dropped = Self { warm_up, ..Self::default() };
        for (step, number) in arrivals {
            dropped.arrivals += number;
            for operation in plan.steps.get(*step).map(operations).unwrap_or_default() {
                *dropped.requests.entry(operation).or_default() += number;
            }
        }
        dropped
    }

    /// How many answers there are none of, of some operations or of all where none is named.
    pub(crate) fn among(&self, operations: &[&str]) -> u64 {
        if operations.is_empty() {
            return self.arrivals;
        }
        operations.iter().filter_map(|operation| self.requests.get(operation)).sum()
    }

    /// The objective that a load with dropped arrivals misses, unless nothing can be said about the target's speed.
    pub(crate) fn missed(&self, unjudged: Option<String>) -> Option<Objective> {
        let measured = format!("{} found no room: too many were under way (pace.in_flight)", self.arrivals);
        let objective = Objective { text: DEMAND.to_owned(), measured: Some(measured), met: false, unjudged };
        (self.arrivals > 0).then_some(objective)
    }
}

/// What each arrival of a step consists of at least.
fn operations(step: &Step) -> Vec<&'static str> {
    let probes = step.probe.unwrap_or(true);
    match step.action {
        Action::CreateUsers if probes => vec![operation::FIND_USER, operation::CREATE_USER],
        Action::CreateUsers => vec![operation::CREATE_USER],
        Action::CreateGroups if probes => vec![operation::FIND_GROUP, operation::CREATE_GROUP],
        Action::CreateGroups => vec![operation::CREATE_GROUP],
        Action::SetManagers => vec![operation::SET_MANAGER],
        Action::AddMembers => vec![operation::ADD_MEMBER],
        Action::FindUsers => vec![operation::FIND_USER],
        Action::ReadUsers => vec![operation::READ_USER],
        Action::Cycles => vec![operation::PROBE],
    }
}
