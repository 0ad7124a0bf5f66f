//! Whether objectives were met.

use record::{Growth, LoadOutcome};

use crate::collect::Collected;
use crate::objective::{Measure, Objective};

const ALL: &[LoadOutcome] =
    &[LoadOutcome::Ok, LoadOutcome::Limited, LoadOutcome::Failed, LoadOutcome::Broken];

/// What came of an objective in a run of so many seconds.
pub(crate) fn judge(
    objective: &Objective,
    collected: &Collected,
    growth: &[Growth],
    seconds: f64,
) -> record::Objective {
    let measured = measure(objective, collected, growth, seconds);
    let met = measured.as_ref().is_some_and(|(value, _)| objective.bound.holds(*value));
    record::Objective { text: objective.text.clone(), measured: measured.map(|(_, words)| words), met }
}

fn measure(
    objective: &Objective,
    collected: &Collected,
    growth: &[Growth],
    seconds: f64,
) -> Option<(f64, String)> {
    let operation = objective.operation.as_deref();
    match objective.measure {
        Measure::Latency(quantile) => {
            let response = collected.response(operation);
            let us = (!response.is_empty()).then(|| response.value_at_quantile(quantile) as f64)?;
            Some((us, format!("{:.2} ms of {} requests", us / 1_000.0, response.len())))
        }
        Measure::Errors => {
            let all = collected.count(ALL, operation);
            let bad = collected.count(&[LoadOutcome::Failed, LoadOutcome::Broken], operation);
            let percent = (all > 0).then(|| bad as f64 * 100.0 / all as f64)?;
            Some((percent, format!("{percent:.3} % ({bad} of {all} requests)")))
        }
        Measure::Rate => {
            let ok = collected.count(&[LoadOutcome::Ok], operation);
            let rate = (seconds > 0.0).then(|| ok as f64 / seconds)?;
            Some((rate, format!("{rate:.1}/s")))
        }
        Measure::Growth => {
            let found = growth.iter().find(|growth| Some(growth.operation.as_str()) == operation)?;
            let sizes = found.points.first().zip(found.points.last());
            let over = sizes.map_or_else(String::new, |(first, last)| {
                format!(" from {} to {} in size", first.size, last.size)
            });
            Some((found.exponent, format!("{:.2}{over}", found.exponent)))
        }
    }
}
