//! What a load was to bring beside what the target took, and what it was to read: the audit compares what was taken, and misses
//! nothing else.

use std::sync::{Mutex, PoisonError};

use record::{Delivery, ErrorKind, Objective, Size};

use crate::collect::kinds;
use crate::description::Action;
use crate::items::Plan;
use crate::tally::{Kind, Tally};

/// What is demanded of every load, written or not.
const DEMAND: &str = "everything is delivered";
/// What is demanded of the reads of which nobody says how many may fail.
const DEMAND_OF_READS: &str = "every read is answered";
/// How many reasons stand beside the demand; the run holds the others.
const TOLD_MAX: usize = 3;

/// Requests that came to nothing, to the last try, from the preparation on.
#[derive(Debug, Default)]
pub(crate) struct GivenUp(Mutex<(u64, Tally)>);

impl GivenUp {
    /// Counts one, and how it ended.
    pub(crate) fn count(&self, kind: Kind, example: String) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.0 = known.0.saturating_add(1);
        known.1.error(kind, example);
    }

    /// How many there were, and why.
    fn told(&self) -> (u64, Vec<ErrorKind>) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (known.0, kinds(&known.1.errors))
    }
}

/// The objective that a load misses whose reads failed, unless nothing can be said about the target. How many may fail of an
/// operation is a matter of its objectives about errors; where there is none, a load of nothing but errors would be
/// as good as any other.
pub(crate) fn unread(
    unread: &GivenUp,
    demanded: &[crate::objective::Objective],
    unjudged: Option<String>,
) -> Option<Objective> {
    let (_, mut reasons) = unread.told();
    reasons.retain(|reason| !demanded.iter().any(|known| known.bounds_errors_of(&reason.operation)));
    let failed: u64 = reasons.iter().map(|reason| reason.count).sum();
    let reads = if failed == 1 { "read" } else { "reads" };
    let measured = Some(format!("{failed} {reads} failed ({})", why(&reasons)));
    (failed > 0).then(|| Objective { text: DEMAND_OF_READS.to_owned(), measured, met: false, unjudged })
}

/// What was delivered of what the load began with, where requests were given up, or where a load that came to the end of its
/// plan (`complete`) brought less.
pub(crate) fn delivery(
    given_up: &GivenUp,
    complete: bool,
    (planned, delivered): (Size, Size),
) -> Option<Delivery> {
    let (given_up, reasons) = given_up.told();
    let short = complete && planned != delivered;
    (given_up > 0 || short).then_some(Delivery { given_up, planned, delivered, reasons })
}

/// How much a plan brings, and how much of it the target acknowledged. Members that cycles move are not counted.
pub(crate) fn sizes(plan: &Plan) -> (Size, Size) {
    let brings = |action| plan.steps.iter().any(|step| step.action == action);
    let count = |number: u64, is_there: &dyn Fn(u64) -> bool| {
        (number, (0..number).filter(|index| is_there(*index)).count() as u64)
    };
    let (mut planned, mut delivered) = (Size::default(), Size::default());
    let add = |planned: &mut u64, delivered: &mut u64, (all, there): (u64, u64)| {
        *planned += all;
        *delivered += there;
    };
    for job in &plan.jobs {
        let book = job.book();
        let population = &job.population;
        if brings(Action::CreateUsers) {
            let users = count(population.users(), &|user| book.users.get(user).is_some());
            add(&mut planned.users, &mut delivered.users, users);
        }
        if brings(Action::CreateGroups) {
            let groups = count(population.groups(), &|group| book.groups.get(group).is_some());
            add(&mut planned.groups, &mut delivered.groups, groups);
        }
        if brings(Action::AddMembers) {
            let memberships = count(population.memberships(), &|slot| book.holds(slot));
            add(&mut planned.memberships, &mut delivered.memberships, memberships);
        }
    }
    (planned, delivered)
}

/// The objective that a load with such a delivery misses, unless nothing can be said about the target.
pub(crate) fn missed(delivery: &Delivery, unjudged: Option<String>) -> Objective {
    let Delivery { given_up, reasons, .. } = delivery;
    let planned = delivery.kinds().into_iter().filter(|(_, planned, _)| *planned > 0);
    let each: Vec<String> =
        planned.map(|(what, planned, delivered)| format!("{delivered} of {planned} {what}")).collect();
    let delivered =
        if each.is_empty() { "nothing was planned but changes".to_owned() } else { each.join(", ") };
    let requests = if *given_up == 1 { "request was" } else { "requests were" };
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", why(reasons)) };
    let measured = format!("{given_up} {requests} given up{why}; delivered: {delivered}");
    Objective { text: DEMAND.to_owned(), measured: Some(measured), met: false, unjudged }
}

/// How requests ended that were given up, such as `60 add-member: 503`.
fn why(reasons: &[ErrorKind]) -> String {
    let how = |error: &ErrorKind| {
        let status = error.status.map(|status| status.to_string());
        let parts = [status, error.scim_type.clone(), error.transport.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let told = reasons.iter().take(TOLD_MAX);
    let mut told: Vec<String> =
        told.map(|error| format!("{} {}: {}", error.count, error.operation, how(error))).collect();
    if reasons.len() > TOLD_MAX {
        told.push("and others".to_owned());
    }
    told.join(", ")
}
