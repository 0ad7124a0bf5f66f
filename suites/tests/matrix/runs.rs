//! The runs, and what is kept of hundreds of them.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use client::InProcess;
use harness::Check;
use record::{CheckKind, CheckResult, Checks, Exchange, Verdict, VerdictKind};
use reference_server::faults::{Fault, Seam};
use reference_server::{Builder, ReferenceServer};

use crate::common;
use crate::common::between::Front;
use crate::tape::{Tape, Taping, Touched};

/// Every check against a server without faults, those that need a connection last, and what passed meanwhile.
pub(crate) fn taped() -> (Checks, Tape) {
    let taping = OnceLock::new();
    let profile = profiles::find("rfc").unwrap();
    let run = common::run_behind(suites::all(), builder(None), profile, Duration::ZERO, |service| {
        Arc::new(InProcess::new(Front(taping.get_or_init(|| Taping::new(service)).clone())))
    });
    let healthy = common::knowing_others(builder(None)).seed(1).service().unwrap();
    let front = builder(None).token(healthy.token().clone());
    let behind = Taping::new(healthy);
    let front = front.before(Arc::new(behind.clone()));
    let framed = common::run_framed(suites::all(), front, profiles::find("rfc").unwrap());
    let tape = Tape::new(taping.get().unwrap().frames(), &run, behind.frames());
    (joined(run, framed), tape)
}

/// The faults of which a tape does not tell enough, so that they meet every check: one that shows in a check the more, the
/// more others have stored, and those of requests at the same time, which a tape has one after the other.
const UNTAPED: &[&str] = &[
    "and-means-or",
    "creates-race",
    "bug-g11-member-adds-race",
    "replaces-are-mixed",
    "bug-x02-conditions-race",
];

/// Runs the checks that a fault can turn.
pub(crate) fn run_faulty(fault: &Fault, tape: &Tape) -> Checks {
    match fault.seam() {
        Seam::Framing => run_framed(fault.name),
        Seam::Wire if !UNTAPED.contains(&fault.name) => match tape.touched_by(fault.name) {
            Some(touched) => run_touched(fault, &touched),
            None => run_whole(fault),
        },
        Seam::Wire | Seam::Rules | Seam::Store => run_whole(fault),
    }
}

/// Every check, whatever the fault changes.
pub(crate) fn run_whole(fault: &Fault) -> Checks {
    joined(run(suites::all(), fault.name), run_framed(fault.name))
}

/// Runs those that the fault touches.
fn run_touched(fault: &Fault, touched: &Touched<'_>) -> Checks {
    let is_touched = |check: &&Check| check.kind() == CheckKind::Passive || touched.checks.contains(check.id);
    let chosen: Vec<Check> = suites::all().iter().filter(is_touched).copied().collect();
    let mut run = run(&chosen, fault.name);
    // A passive check that saw too little in these saw enough in all the others, which pass.
    run.results
        .retain(|result| result.kind == CheckKind::Active || result.verdict.kind() != VerdictKind::Blocked);
    if touched.framed { joined(run, run_framed(fault.name)) } else { run }
}

fn joined(mut run: Checks, mut framed: Checks) -> Checks {
    let past = run.exchanges.iter().map(|exchange| exchange.number).max().unwrap_or(0);
    framed.exchanges.iter_mut().for_each(|exchange| exchange.number += past);
    framed.results.iter_mut().flat_map(|result| &mut result.exchanges).for_each(|number| *number += past);
    for result in &mut framed.results {
        if let Verdict::Blocked { cause } = &mut result.verdict {
            cause.exchange = cause.exchange.map(|number| number + past);
        }
    }
    run.exchanges.extend(framed.exchanges);
    run.results.extend(framed.results);
    run
}

/// Runs checks that need no connection against a server with a fault.
fn run(checks: &[Check], fault: &str) -> Checks {
    common::run(checks, builder(Some(fault)), profiles::find("rfc").unwrap(), Duration::ZERO)
}

/// Runs those that need one.
fn run_framed(fault: &str) -> Checks {
    common::run_framed(suites::all(), builder(Some(fault)), profiles::find("rfc").unwrap())
}

fn builder(fault: Option<&str>) -> Builder {
    match fault {
        Some(name) => ReferenceServer::builder().fault(name),
        None => ReferenceServer::builder(),
    }
}

/// What came of a run against a server with a fault.
pub(crate) struct Faulty {
    pub(crate) results: Vec<CheckResult>,
    /// What the blocked checks sent.
    pub(crate) exchanges: Vec<Exchange>,
    /// The answers that were no well-formed SCIM.
    pub(crate) malformed: Vec<String>,
}

impl From<Checks> for Faulty {
    /// Hundreds of runs fill the memory if all their exchanges stay.
    fn from(run: Checks) -> Self {
        let Checks { results, mut exchanges, .. } = run;
        let malformed = exchanges.iter().filter_map(malformed).collect();
        let blocked = results.iter().filter(|result| result.verdict.kind() == VerdictKind::Blocked);
        let theirs: BTreeSet<u32> = blocked.flat_map(|result| &result.exchanges).copied().collect();
        exchanges.retain(|exchange| theirs.contains(&exchange.number));
        Self { results, exchanges, malformed }
    }
}

/// Why an answer is no well-formed SCIM, if it is none.
fn malformed(exchange: &Exchange) -> Option<String> {
    let request = &exchange.request;
    let Some(response) = &exchange.response else {
        return Some(format!("{} {} got no answer", request.method, request.url));
    };
    let text = response.body.as_ref().map_or("", |body| body.text.as_str());
    let truncated = response.body.as_ref().is_some_and(|body| body.truncated);
    let is_object =
        || text.trim_start().starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let is_unfit = response.status >= 500 && response.status != 501;
    let is_well_formed = !is_unfit && (text.is_empty() || truncated || is_object());
    (!is_well_formed)
        .then(|| format!("{} {} answered {} with {text}", request.method, request.url, response.status))
}

/// What came of a check's exchange, by its place among that check's exchanges: the status, how many resources a list
/// counts, which members the body has, and its Booleans. Each check sends the same in every run until an answer differs;
/// ids and times differ always, and so other values are no sign.
pub(crate) fn outcome_of(
    results: &[CheckResult],
    exchanges: &[Exchange],
    check: &str,
    place: usize,
) -> Option<(u16, Option<u64>, Vec<String>)> {
    let number = results.iter().find(|result| result.id == check)?.exchanges.get(place)?;
    let response = exchanges.iter().find(|exchange| exchange.number == *number)?.response.as_ref()?;
    let text = response.body.as_ref().map_or("", |body| body.text.as_str());
    let body: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let mut members = Vec::new();
    name_members(&body, "", &mut members);
    Some((response.status, body.get("totalResults").and_then(serde_json::Value::as_u64), members))
}

/// Adds the path of every member below `value`, those of an array's elements without their index.
fn name_members(value: &serde_json::Value, path: &str, members: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}/{name}");
                members.push(path.clone());
                name_members(value, &path, members);
            }
        }
        serde_json::Value::Array(values) => {
            for value in values {
                name_members(value, path, members);
            }
        }
        serde_json::Value::Bool(value) => members.push(format!("{path}={value}")),
        _ => {}
    }
}
