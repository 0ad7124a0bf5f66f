//! What loads come to, in words.

use record::{Conclusion, Load, LoadModel, LoadOutcome, LoadRun, Objective};

use super::{Part, against, left_behind};
use crate::digest::{self, History, Of};
use crate::text;

impl Part {
    pub(crate) fn of_load(load: &Load) -> Self {
        let mut told = wrong(load);
        let left = load.runs.iter().map(|run| digest::left(run.leftovers.len(), run.created, run.removed));
        told.extend(left_behind(left.fold((0, 0), |sum, left| (sum.0 + left.0, sum.1 + left.1))));
        let conclusion = load.conclusion();
        told.extend(right(load, conclusion));
        let history = load.baseline.as_ref().map(|baseline| History { of: Of::Loads, baseline });
        let against = history.filter(|history| history.tells()).map(|history| against(",", history));
        let told = told.join(", ") + &against.unwrap_or_default();
        Self { conclusion, failed: differing(load) > 0, told }
    }
}

/// How much the target holds otherwise than the model.
fn differing(load: &Load) -> u64 {
    let audits = load.runs.iter().filter_map(|run| run.audit.as_ref());
    audits.fold(0_u64, |sum, audit| sum.saturating_add(audit.differing))
}

/// In how many loads something could not be told to its end.
fn unread(load: &Load) -> usize {
    let is_unread = |run: &&LoadRun| run.audit.as_ref().is_some_and(|audit| audit.unfinished.is_some());
    load.runs.iter().filter(is_unread).count()
}

/// How many loads ended before their plan; none where somebody stopped the run.
fn early(load: &Load) -> usize {
    if load.interrupted { 0 } else { load.runs.iter().filter(|run| run.stopped.is_some()).count() }
}

/// How many loads were spoiled, by their own generator or by others.
fn spoiled(load: &Load) -> usize {
    load.runs.iter().filter(|run| !run.health.spoiled.is_empty()).count()
}

fn objectives(load: &Load) -> Vec<&Objective> {
    load.runs.iter().flat_map(|run| &run.objectives).collect()
}

/// What is wrong, or could not be told.
fn wrong(load: &Load) -> Vec<String> {
    let objectives = objectives(load);
    let missed = objectives.iter().filter(|objective| objective.is_missed()).count();
    let unjudged = objectives.iter().filter(|objective| objective.unjudged.is_some()).count();
    let all = text::count(objectives.len(), "objective", "objectives");
    let differing = differing(load);
    let mut told = Vec::new();
    if load.interrupted {
        told.push("load was stopped before its end".to_owned());
    }
    if differing > 0 {
        let differences = if differing == 1 { "difference" } else { "differences" };
        told.push(format!("load leaves {differing} {differences} between the target and the model"));
    }
    if spoiled(load) > 0 {
        let lead = spoilers(&load.runs);
        let says = if differing == 0 && missed == 0 { ", which says nothing about the target" } else { "" };
        told.push(format!("{lead}{says}"));
    }
    let early = early(load);
    if early > 0 {
        told.push(format!("{} ended early", text::count(early, "load", "loads")));
    }
    let unread = unread(load);
    if unread > 0 {
        told.push(format!("{} could not be finished", text::count(unread, "audit", "audits")));
    }
    if missed > 0 {
        let are = if missed == 1 { "is" } else { "are" };
        told.push(format!("{missed} of {all} {are} missed"));
    }
    if unjudged > 0 {
        let of = if missed > 0 { String::new() } else { format!(" of {all}") };
        told.push(format!("{unjudged}{of} could not be judged"));
    }
    told
}

/// How it went otherwise. What is wrong has been told; the rest must not sound as if nothing were.
fn right(load: &Load, conclusion: Conclusion) -> Vec<String> {
    let runs = &load.runs;
    match conclusion {
        Conclusion::Pass => {
            let met = text::count(objectives(load).len(), "objective", "objectives");
            let met = (!objectives(load).is_empty()).then(|| format!("{met} met"));
            let went = format!("{} at {}", state(runs, true), speed(runs));
            std::iter::once(went).chain(met).collect()
        }
        Conclusion::Inconclusive if runs.is_empty() => vec!["no load was put on the target".to_owned()],
        Conclusion::LeftBehind if spoiled(load) > 0 => Vec::new(),
        _ if differing(load) > 0 || unread(load) > 0 || early(load) > 0 => Vec::new(),
        Conclusion::ObjectiveMissed
        | Conclusion::Known
        | Conclusion::Inconclusive
        | Conclusion::LeftBehind => {
            vec![format!("at {}, and {}", speed(runs), state(runs, false))]
        }
        // What they come to has been told.
        _ => Vec::new(),
    }
}

/// How many loads were spoiled, and by whom: who has the machine to himself looks for the reason elsewhere.
fn spoilers(runs: &[LoadRun]) -> String {
    let total = runs.len();
    let by_others = runs.iter().filter(|run| run.health.spoiler().is_some() && run.health.by_others).count();
    let by_us = runs.iter().filter(|run| run.health.spoiler().is_some() && !run.health.by_others).count();
    let of = |number: usize, one: &str, many: &str| match (number, total) {
        (1, 1) => format!("the load was spoiled by {one}"),
        (1, _) => format!("1 of {total} loads was spoiled by {one}"),
        _ => format!("{number} of {total} loads were spoiled by {many}"),
    };
    let ours = |number| of(number, "its own generator", "their own generator");
    let theirs = |number| of(number, "what else ran on its machine", "what else ran on their machine");
    match (by_us, by_others) {
        (by_us, 0) => ours(by_us),
        (0, by_others) => theirs(by_others),
        (by_us, by_others) => format!("{}, and {by_others} by what else ran on its machine", ours(by_us)),
    }
}

/// Whether what loads left was right; beside something that is wrong it does not sound as if all were well.
fn state(runs: &[LoadRun], all_is_well: bool) -> String {
    let audited = runs.iter().all(|run| run.audit.is_some());
    match runs.iter().find_map(|run| run.delivery.as_ref()) {
        Some(delivery) => {
            format!("the load was not taken in full ({})", digest::undelivered(delivery))
        }
        None if audited && all_is_well => "load is audited clean".to_owned(),
        None if audited => "the audit finds no difference".to_owned(),
        None if all_is_well => "load was not audited in full, and ran".to_owned(),
        None => "the load was not audited in full".to_owned(),
    }
}

/// How fast loads went, and how many requests failed.
fn speed(runs: &[LoadRun]) -> String {
    let each: Vec<String> =
        runs.iter().map(|run| format!("{} requests/s ({})", rate(run.ok_rate()), way(run))).collect();
    let refused =
        runs.iter().map(|run| run.count(LoadOutcome::Failed).saturating_add(run.count(LoadOutcome::Broken)));
    let refused = refused.fold(0_u64, u64::saturating_add);
    let requests = if refused == 1 { "request" } else { "requests" };
    let failures = if refused > 0 { format!(", {refused} {requests} failed") } else { String::new() };
    format!("{}{failures}", each.join(" and "))
}

/// How a load was driven: its model, and whether its own ceiling and not the target decided how fast it went.
pub(crate) fn way(run: &LoadRun) -> String {
    let model = match run.model {
        LoadModel::Closed => "closed",
        LoadModel::Open => "open",
    };
    let mut way = model.to_owned();
    if let Some(held_back) = run.held_back {
        way.push_str(&format!(", held back by its own cap of {}/s", rate(held_back.rate)));
    }
    if !run.health.disturbed.is_empty() {
        way.push_str(", on a machine that others kept busy");
    }
    way
}

/// A rate as people read it: whole from ten on.
pub(crate) fn rate(rate: f64) -> String {
    if rate >= 10.0 { format!("{rate:.0}") } else { format!("{rate:.1}") }
}
