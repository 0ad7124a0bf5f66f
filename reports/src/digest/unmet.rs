//! Which request of the client an expectation has to thank for not holding, and which expectations share it.

use record::{Exchange, Identity, Run, Scenario, Sync};

use super::sync::{Missed, is_our_read, is_probe, missed};
use super::{Operation, outcome};
use crate::text;

/// How many others of a group are named.
const NAMED_MAX: usize = 3;

/// Missed expectations with one cause.
pub(crate) struct Unmet<'a> {
    /// The first, which shows it.
    pub(crate) lead: Missed<'a>,
    /// The request of the client whose effect is missed.
    pub(crate) request: Option<&'a Exchange>,
    /// The kind of that request and its answer, where it was refused: what all of them share.
    pub(crate) cause: Option<String>,
    /// The others.
    pub(crate) others: Vec<Missed<'a>>,
}

impl Unmet<'_> {
    /// The others in a line, such as `3 expectations: rename step 2, rename step 3 and 1 more`; none where there is no other.
    pub(crate) fn also(&self) -> Option<String> {
        let named = |one: &Missed<'_>| format!("{} step {}", text::line(&one.scenario.name), one.number);
        let mut names: Vec<String> = self.others.iter().map(named).collect();
        names.dedup();
        let more = names.len().saturating_sub(NAMED_MAX);
        names.truncate(NAMED_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let count = text::count(self.others.len(), "expectation", "expectations");
        (!self.others.is_empty()).then(|| format!("{count}: {}{more}", names.join(", ")))
    }

    /// The request and its answer in a line, such as `PATCH /Users/7 -> 501`.
    pub(crate) fn told(&self, run: &Run) -> Option<String> {
        let request = self.request?;
        Some(format!(
            "{} -> {}",
            super::line(request, base(run, self.lead.scenario, request)),
            outcome(request)
        ))
    }
}

/// Every missed expectation, those together that one refused kind of request is the cause of, in the order played.
pub(crate) fn unmet<'a>(run: &'a Run, sync: &'a Sync) -> Vec<Unmet<'a>> {
    let mut groups: Vec<Unmet<'a>> = Vec::new();
    for one in missed(sync) {
        let request = culprit(sync, &one);
        let refused = request.filter(|exchange| is_refused(exchange));
        let cause = refused.map(|exchange| {
            let operation = Operation::of(exchange, base(run, one.scenario, exchange)).bare();
            text::line(&format!("{operation} -> {}", outcome(exchange)))
        });
        let same = |group: &&mut Unmet<'_>| {
            cause.is_some() && group.cause == cause && group.lead.novelty == one.novelty
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.others.push(one),
            None => groups.push(Unmet { lead: one, request, cause, others: Vec::new() }),
        }
    }
    groups
}

/// The base URL that a request of a scenario went to: that of its own server, where it has one, or the run's.
fn base<'a>(run: &'a Run, scenario: &'a Scenario, request: &Exchange) -> &'a str {
    let own = scenario.server.as_ref().map(|server| server.url.as_str());
    own.filter(|own| request.request.url.starts_with(own)).unwrap_or(&run.target.url)
}

/// The last request of the client about whom the claim is about, which is a write or was refused; or else the last such
/// request of the step, or the last that was refused in any step before.
fn culprit<'a>(sync: &'a Sync, missed: &Missed<'a>) -> Option<&'a Exchange> {
    let Missed { scenario, number, step, expectation, .. } = missed;
    let steps = scenario.steps.get(..*number).unwrap_or_default();
    let until = steps.iter().filter_map(|step| step.cycle.as_ref()).map(|cycle| cycle.number).max()?;
    let telling = |number: &u32| sync.exchange(*number).filter(|exchange| is_telling(exchange));
    let rows = scenario.log.iter().filter(|row| row.cycle <= until);
    let about = rows.filter(|row| is_named(&row.source, &expectation.claim));
    let of_somebody = about.flat_map(|row| &row.exchanges).filter_map(telling).next_back();
    of_somebody.or_else(|| step.exchanges.iter().filter_map(telling).next_back()).or_else(|| {
        let mut before = steps.iter().flat_map(|step| &step.exchanges).filter_map(telling);
        before.rfind(|exchange| is_refused(exchange))
    })
}

/// Whether a claim names somebody.
fn is_named(somebody: &Identity, claim: &str) -> bool {
    let mut words = claim.split_whitespace().map(|word| word.trim_matches([',', ';', ':', '"']));
    words.any(|word| word == somebody.id) || says(claim, &somebody.name)
}

/// Whether a claim has a name in it, which may be several words, and not only a longer one.
fn says(claim: &str, name: &str) -> bool {
    let goes_on = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let mut places = claim.match_indices(name).filter(|_| !name.is_empty()).map(|(at, _)| claim.split_at(at));
    places.any(|(before, rest)| {
        !goes_on(before.chars().next_back()) && !goes_on(rest.chars().nth(name.chars().count()))
    })
}

/// Whether it is a request of the client that wrote, or that was refused what it asked for.
fn is_telling(exchange: &Exchange) -> bool {
    let is_ours = is_our_read(exchange) || is_probe(exchange);
    !is_ours && (exchange.request.method != "GET" || is_refused(exchange))
}

/// Whether it came to nothing. That nobody is found where somebody is looked for is an answer.
fn is_refused(exchange: &Exchange) -> bool {
    match &exchange.response {
        None => true,
        Some(response) if exchange.request.method == "GET" && response.status == 404 => false,
        Some(response) => response.status >= 400,
    }
}
