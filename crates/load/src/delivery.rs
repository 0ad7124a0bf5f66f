//! What a load was to bring beside what the target took: the audit compares what was taken, and misses nothing else.

use record::{Delivery, Objective, Size};

use crate::description::Action;
use crate::items::Plan;

/// What is demanded of every load, written or not.
const DEMAND: &str = "nothing is given up";

/// What was delivered of what the load began with, where requests were given up.
pub(crate) fn delivery(plan: &Plan, given_up: u64) -> Option<Delivery> {
    if given_up == 0 {
        return None;
    }
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
    Some(Delivery { given_up, planned, delivered })
}

/// The objective that a load with such a delivery misses, unless nothing can be said about the target.
pub(crate) fn missed(delivery: &Delivery, unjudged: Option<String>) -> Objective {
    let Delivery { given_up, planned, delivered } = delivery;
    let kinds = [
        (delivered.users, planned.users, "users"),
        (delivered.groups, planned.groups, "groups"),
        (delivered.memberships, planned.memberships, "memberships"),
    ];
    let planned = kinds.into_iter().filter(|(_, planned, _)| *planned > 0);
    let each: Vec<String> =
        planned.map(|(delivered, planned, what)| format!("{delivered} of {planned} {what}")).collect();
    let requests = if *given_up == 1 { "request was" } else { "requests were" };
    let measured = format!("{given_up} {requests} given up (429); delivered: {}", each.join(", "));
    Objective { text: DEMAND.to_owned(), measured: Some(measured), met: false, unjudged }
}
