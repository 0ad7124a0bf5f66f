//! What is kept of hundreds of runs.

use std::collections::BTreeSet;

use record::{CheckResult, Checks, Exchange, VerdictKind};

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
