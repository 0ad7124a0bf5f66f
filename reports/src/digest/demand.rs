//! What scenarios and loads demand and do not get, in the one form that lists of repairs need.

use record::{Load, LoadRun, Mark, Run, Verdict, VerdictKind};

use super::{Missed, missed, novelty_at, unmet};
use crate::text;

/// Something that a part other than the checks is not content with.
pub(crate) struct Demand<'a> {
    /// Whose it is: a scenario's or a load's name.
    pub(crate) of: &'a str,
    /// What the scenario or load is about.
    pub(crate) title: &'a str,
    /// The part of the run: `sync` or `load`.
    pub(crate) part: &'static str,
    pub(crate) tone: VerdictKind,
    /// A word for what it is.
    pub(crate) label: &'static str,
    pub(crate) claim: String,
    pub(crate) expected: &'a str,
    pub(crate) actual: String,
    /// The request of a client whose effect is missed, and its answer.
    pub(crate) request: Option<String>,
    /// What else is missed for the same reason.
    pub(crate) also: Option<String>,
    /// Whether it is `new` or `known`, where the run is held to a baseline.
    pub(crate) novelty: Option<&'static str>,
}

/// Everything that scenarios missed and loads left wrong, in the order played.
pub(crate) fn demands(run: &Run) -> Vec<Demand<'_>> {
    let sync = run.sync.iter().flat_map(missed).map(of_sync);
    sync.chain(of_loads(run)).collect()
}

/// The same by causes: of the expectations that one refused request is the cause of, the first, which names the others.
pub(crate) fn causes_of_demands(run: &Run) -> Vec<Demand<'_>> {
    let groups = run.sync.iter().flat_map(|sync| unmet(run, sync));
    let sync = groups.map(|group| {
        let (request, also) = (group.told(run), group.also());
        Demand { request, also, ..of_sync(group.lead) }
    });
    sync.chain(of_loads(run)).collect()
}

fn of_sync(missed: Missed<'_>) -> Demand<'_> {
    Demand {
        of: &missed.scenario.name,
        title: &missed.scenario.title,
        part: "sync",
        tone: VerdictKind::Fail,
        label: "missed",
        claim: format!("step {}: {}", missed.number, missed.expectation.claim),
        expected: missed.expected,
        actual: missed.actual.to_owned(),
        request: None,
        also: None,
        novelty: missed.novelty,
    }
}

fn of_loads(run: &Run) -> impl Iterator<Item = Demand<'_>> {
    run.load.iter().flat_map(|load| load.runs.iter().flat_map(|run| of_load(load, run)))
}

/// What differs from the model, and which objectives were missed.
pub(crate) fn of_load<'a>(load: &Load, run: &'a LoadRun) -> Vec<Demand<'a>> {
    let demand = |mark: Mark, tone, label, claim, expected, actual| Demand {
        of: &run.name,
        title: &run.title,
        part: "load",
        tone,
        label,
        claim,
        expected,
        actual,
        request: None,
        also: None,
        novelty: novelty_at(load.baseline.as_ref(), &mark),
    };
    let mut demands = Vec::new();
    if let Some(audit) = run.audit.as_ref().filter(|audit| audit.differing > 0) {
        let differ = text::grouped(audit.differing);
        let are = if audit.differing == 1 { "thing is" } else { "things are" };
        let lead = format!("{differ} {are} not as the load left them");
        demands.push(match audit.differences.first() {
            Some(first) => demand(
                run.mark_of_audit(),
                VerdictKind::Fail,
                "audit",
                format!("{lead}; the first: {}", first.resource),
                first.expected.as_str(),
                first.actual.clone(),
            ),
            None => demand(run.mark_of_audit(), VerdictKind::Fail, "audit", lead, "no difference", differ),
        });
    }
    let missed = run.objectives.iter().filter(|objective| objective.is_missed());
    demands.extend(missed.map(|objective| {
        let measured = objective.measured.as_deref().unwrap_or("nothing was measured").to_owned();
        let claim = "An objective of the load is missed".to_owned();
        demand(run.mark(objective), VerdictKind::Warn, "objective", claim, &objective.text, measured)
    }));
    demands
}

/// What went wrong with us: whose it was, and what.
pub(crate) fn mishaps(run: &Run) -> Vec<(&str, &str)> {
    let checks = run.checks.iter().flat_map(|checks| &checks.results);
    let checks = checks.filter_map(|result| match &result.verdict {
        Verdict::Error { mishap } => Some((result.id.as_str(), mishap.as_str())),
        _ => None,
    });
    let scenarios = run.sync.iter().flat_map(|sync| &sync.scenarios);
    let scenarios = scenarios.filter_map(|scenario| {
        let stopped = scenario.stopped.as_ref().filter(|stopped| stopped.mishap)?;
        Some((scenario.name.as_str(), stopped.reason.as_str()))
    });
    let loads = run.load.iter().flat_map(|load| &load.runs);
    let loads = loads.flat_map(|one| one.health.spoiled.iter().map(|why| (one.name.as_str(), why.as_str())));
    checks.chain(scenarios).chain(loads).collect()
}
