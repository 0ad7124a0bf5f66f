//! What helps where one obstacle stands in the way of nearly everything.

use record::{CauseKind, Checks, Exchange, Verdict};
use serde_json::Value;

/// The statuses by which a server refuses everybody who would write.
const NO_WRITES: &[u16] = &[401, 403, 405, 501];
/// What an answer says whose server wants more of a resource, or something else, than it was sent.
const WANTING: &[&str] = &["attribute", "required", "missing", "invalid", "must", "blank", "empty"];

/// What to do next, where most checks are blocked because the target takes no writes, or no users as they are sent.
pub(crate) fn hint(checks: &Checks) -> Option<String> {
    let counts = checks.counts();
    let concerned = counts.total().saturating_sub(counts.not_supported);
    let obstacles: Vec<&Exchange> =
        checks.results.iter().filter_map(|result| obstacle(checks, &result.verdict)).collect();
    let most = |which: fn(&Exchange) -> bool| {
        let found: Vec<&Exchange> = obstacles.iter().copied().filter(|exchange| which(exchange)).collect();
        found.first().copied().filter(|_| found.len() * 2 >= concerned)
    };
    if let Some(exchange) = most(refuses_writes) {
        return Some(format!(
            "most checks could not write: {} was answered with {}. Is the credential one that may write? What can be judged by \
             reading alone is judged with --read-only.",
            exchange.request.method,
            status(exchange)
        ));
    }
    let exchange = most(wants_other_users)?;
    let said = detail(exchange).map_or_else(String::new, |detail| format!(" ({detail})"));
    Some(format!(
        "most checks could not create a user: that was answered with 400{said}. What a user needs beside its userName is \
         written under [samples.User] in a profile of one's own (docs/own-profile.md), which is given with --profile FILE."
    ))
}

/// The exchange that blocked a check.
fn obstacle<'a>(checks: &'a Checks, verdict: &Verdict) -> Option<&'a Exchange> {
    match verdict {
        Verdict::Blocked { cause } if cause.kind == CauseKind::Precondition => {
            checks.exchange(cause.exchange?)
        }
        _ => None,
    }
}

fn refuses_writes(exchange: &Exchange) -> bool {
    exchange.request.method != "GET" && NO_WRITES.contains(&status(exchange))
}

fn wants_other_users(exchange: &Exchange) -> bool {
    let said = format!(
        "{} {}",
        member(exchange, "scimType").unwrap_or_default(),
        detail(exchange).unwrap_or_default()
    );
    let said = said.to_lowercase();
    exchange.request.method == "POST"
        && status(exchange) == 400
        && exchange.request.url.trim_end_matches('/').ends_with("/Users")
        && WANTING.iter().any(|word| said.contains(word))
}

fn status(exchange: &Exchange) -> u16 {
    exchange.response.as_ref().map_or(0, |response| response.status)
}

fn detail(exchange: &Exchange) -> Option<String> {
    member(exchange, "detail")
}

/// A text in the body of the answer.
fn member(exchange: &Exchange, name: &str) -> Option<String> {
    let body: Value = serde_json::from_str(&exchange.response.as_ref()?.body.as_ref()?.text).ok()?;
    body.get(name)?.as_str().map(str::to_owned)
}
