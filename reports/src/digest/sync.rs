//! What every report says about scenarios.

use record::{
    Cycle, CycleKind, Exchange, Expectation, ExpectationOutcome, Identity, LogRow, LogStatus, Modified,
    Scenario, Step, Sync,
};

use serde_json::Value;

use super::novelty_at;
use crate::text;

/// How much of what a server said of an error is repeated in short.
const SAID_CHARS_MAX: usize = 160;
/// What labels the exchanges by which we look for ourselves, in place of a check's id.
const OUR_READ: &str = "expectation";

/// An expectation that does not hold, and where it stands.
pub(crate) struct Missed<'a> {
    pub(crate) scenario: &'a Scenario,
    /// The step's number, from 1.
    pub(crate) number: usize,
    pub(crate) step: &'a Step,
    pub(crate) expectation: &'a Expectation,
    pub(crate) expected: &'a str,
    pub(crate) actual: &'a str,
    /// Whether it is `new` or `known`, where the run is held to a baseline.
    pub(crate) novelty: Option<&'static str>,
}

/// Every missed expectation, in the order played.
pub(crate) fn missed(sync: &Sync) -> impl Iterator<Item = Missed<'_>> {
    sync.scenarios.iter().flat_map(move |scenario| {
        scenario.steps.iter().zip(1_usize..).flat_map(move |(step, number)| {
            step.expectations.iter().zip(1_usize..).filter_map(move |(expectation, at)| {
                match &expectation.outcome {
                    ExpectationOutcome::Missed { expected, actual } => {
                        let novelty = expected_anew(sync, scenario, number, at);
                        Some(Missed { scenario, number, step, expectation, expected, actual, novelty })
                    }
                    ExpectationOutcome::Held | ExpectationOutcome::Unjudged { .. } => None,
                }
            })
        })
    })
}

/// Whether what came of an expectation that does not hold is `new` or `known`; steps and expectations count from 1.
pub(crate) fn expected_anew(
    sync: &Sync,
    scenario: &Scenario,
    step: usize,
    expectation: usize,
) -> Option<&'static str> {
    novelty_at(sync.baseline.as_ref(), &scenario.mark(step, expectation)?)
}

/// How much a scenario's cycles did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cycles {
    pub(crate) cycles: usize,
    pub(crate) requests: usize,
}

pub(crate) fn cycles(scenario: &Scenario) -> Cycles {
    let of = scenario.steps.iter().filter_map(|step| step.cycle.as_ref());
    of.fold(Cycles::default(), |sum, cycle| Cycles {
        cycles: sum.cycles + 1,
        requests: sum.requests.saturating_add(cycle.requests as usize),
    })
}

/// A cycle in words, such as `1, initial: 5 requests, 2 objects looked at; 2 created, 1 failed`.
pub(crate) fn cycle(cycle: &Cycle) -> String {
    let kind = match cycle.kind {
        CycleKind::Initial => "initial",
        CycleKind::Incremental => "incremental",
    };
    let mut came: Vec<String> =
        cycle.done.iter().map(|tally| format!("{} {}", tally.count, text::line(done(&tally.what)))).collect();
    for (number, word) in [
        (cycle.skipped, "skipped"),
        (cycle.failed, "failed"),
        (cycle.escrowed, "waiting for another attempt"),
    ] {
        if number > 0 {
            came.push(format!("{number} {word}"));
        }
    }
    if came.is_empty() {
        came.push("nothing to do".to_owned());
    }
    if cycle.waited_s > 0 {
        came.push(format!("waited {} s as the target asked", cycle.waited_s));
    }
    format!(
        "{}, {kind}: {}, {} looked at; {}",
        cycle.number,
        text::count(cycle.requests as usize, "request", "requests"),
        text::count(cycle.evaluated as usize, "object", "objects"),
        came.join(", ")
    )
}

/// That the job is in quarantine, where it is, and until when.
pub(crate) fn quarantine(cycle: &Cycle) -> Option<String> {
    let reason = cycle.quarantine.as_deref()?;
    let next = match &cycle.next {
        Some(next) => format!("; the next attempt is due {}", moment(next)),
        None => String::new(),
    };
    Some(format!("the job is in quarantine: {}{next}", text::line(reason)))
}

/// How much of a value is shown, in characters.
const VALUE_CHARS_MAX: usize = 60;

/// A change as people read it: `title: Engineer -> Lead`, or `title = Lead` where there was nothing.
pub(crate) fn change(one: &Modified) -> String {
    let name = attribute(&one.attribute);
    let value = |value: &str| match text::fit(value, VALUE_CHARS_MAX) {
        shown if shown.is_empty() => "nothing".to_owned(),
        shown => shown,
    };
    match (&one.old, &one.new) {
        (None, Some(new)) if one.attribute == "members" => format!("{name} + {}", value(new)),
        (Some(old), None) if one.attribute == "members" => format!("{name} - {}", value(old)),
        (None, new) => format!("{name} = {}", value(new.as_deref().unwrap_or_default())),
        (Some(old), new) => {
            format!("{name}: {} -> {}", value(old), value(new.as_deref().unwrap_or_default()))
        }
    }
}

/// An attribute without the URN of its schema, which says little to people.
fn attribute(name: &str) -> String {
    let short = name.strip_prefix("urn:").and_then(|rest| {
        let end = rest.find('[').unwrap_or(rest.len());
        let colon = rest.get(..end)?.rfind(':')?;
        rest.get(colon..)
    });
    text::line(&short.map_or_else(|| name.to_owned(), |short| format!("…{short}")))
}

/// What a log row is about, in a short word.
pub(crate) fn action(action: &str) -> &str {
    match action {
        "stageddelete" => "staged",
        other => other,
    }
}

/// What the client put up with on the way to where a log row ended, alike things counted.
pub(crate) fn patience(row: &LogRow) -> Vec<String> {
    let mut told: Vec<(String, usize)> = Vec::new();
    let steps = row.steps.iter().filter(|step| step.status == LogStatus::Warning);
    for step in steps.filter(|step| row.reason.as_deref() != Some(step.detail.as_str())) {
        let said = text::line(&format!("{}: {}", step.name, step.detail));
        match told.last_mut().filter(|(last, _)| *last == said) {
            Some((_, times)) => *times += 1,
            None => told.push((said, 1)),
        }
    }
    let times = |(said, times)| if times == 1 { said } else { format!("{times} times {said}") };
    told.into_iter().map(times).collect()
}

/// An action that was done, in words; one that is not known is told as it is.
pub(crate) fn done(action: &str) -> &str {
    match action {
        "create" => "created",
        "update" => "updated",
        "disable" => "disabled",
        "delete" => "deleted",
        "stageddelete" => "held back from deletion",
        other => other,
    }
}

/// A moment of the client's clock as people read it, such as `2026-11-23 08:00`.
pub(crate) fn moment(at: &str) -> String {
    let (day, time) = at.split_once('T').unwrap_or((at, ""));
    let time: String = time.chars().take(5).collect();
    text::fit(format!("{day} {time}").trim(), 20)
}

/// An object as people call it, such as `User Ada Berg`.
pub(crate) fn who(identity: &Identity) -> String {
    let name = if identity.name.is_empty() { &identity.id } else { &identity.name };
    text::line(&format!("{} {name}", identity.kind))
}

/// Why a log row ended as it did, with what leads to it; empty where there is nothing to be said.
pub(crate) fn why(row: &LogRow) -> String {
    match (&row.error_code, &row.reason) {
        (Some(code), Some(reason)) => format!("  {code}: {reason}"),
        (Some(one), None) | (None, Some(one)) => format!("  {one}"),
        (None, None) => String::new(),
    }
}

/// The same in few words: attributes without the URN of their schema, and of an error body the keyword and the detail.
pub(crate) fn why_in_short(row: &LogRow) -> String {
    let whole = why(row);
    let told = whole.find('{').and_then(|at| {
        let (before, rest) = whole.split_at_checked(at)?;
        let mut bodies = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let body = bodies.next()?.ok()?;
        let after = rest.get(bodies.byte_offset()..)?;
        let part = |name: &str| body.get(name).and_then(Value::as_str);
        let said = [part("scimType"), part("detail")].into_iter().flatten().collect::<Vec<_>>().join(": ");
        (!said.is_empty()).then(|| format!("{before}{}{after}", text::fit(&said, SAID_CHARS_MAX)))
    });
    let words = told.as_deref().unwrap_or(&whole).split_whitespace().map(attribute);
    words.collect::<Vec<_>>().join(" ")
}

/// What labels the request by which a client finds out whether its credentials are good.
const PROBE: &str = "connection-test";

/// Whether it is the client's test of the connection.
pub(crate) fn is_probe(exchange: &Exchange) -> bool {
    exchange.check.as_deref() == Some(PROBE)
}

/// The exchange on one line as people read it: its query decoded.
pub(crate) fn plain_line(exchange: &Exchange, base: &str) -> String {
    let line = super::line(exchange, base);
    let Some((path, query)) = line.split_once('?') else { return line };
    let query = query.replace('+', " ");
    text::line(&format!("{path}?{}", percent_encoding::percent_decode_str(&query).decode_utf8_lossy()))
}

/// Whether we sent it ourselves to see what had come of the client's requests.
pub(crate) fn is_our_read(exchange: &Exchange) -> bool {
    exchange.check.as_deref() == Some(OUR_READ)
}
