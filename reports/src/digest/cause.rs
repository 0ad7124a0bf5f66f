//! Root causes: what fails or is blocked for one reason is one thing to repair.

use std::collections::{BTreeMap, BTreeSet};

use record::{At, CheckKind, CheckResult, Checks, Exchange, Run, Verdict, VerdictKind};

use super::operation::{Operation, Record};
use super::{lead, problems};
use crate::text;

/// From so many checks on, a kind of request that mostly fails is told as the cause of them.
const CHECKS_MIN: usize = 5;
/// So many of a hundred checks that send it have to be in trouble for that.
const TROUBLED_PERCENT: usize = 80;

/// Checks that have one thing to thank for what came of them.
pub(crate) struct Cause<'a> {
    /// What that is, in a sentence, where it is more than the one finding that they share.
    pub(crate) told: Option<String>,
    /// The kind of request that does not work, where that is it.
    pub(crate) operation: Option<Operation>,
    /// The worst of them, which shows it.
    pub(crate) lead: &'a CheckResult,
    /// The others.
    pub(crate) others: Vec<&'a CheckResult>,
}

impl<'a> Cause<'a> {
    /// How many checks it explains.
    pub(crate) fn size(&self) -> usize {
        1 + self.others.len()
    }

    /// All of them, the one that shows it first.
    pub(crate) fn checks(&self) -> impl Iterator<Item = &'a CheckResult> {
        std::iter::once(self.lead).chain(self.others.iter().copied())
    }

    /// Whether nothing failed by it: it only keeps checks from their claims.
    pub(crate) fn only_blocks(&self) -> bool {
        self.checks().all(|result| matches!(result.verdict, Verdict::Blocked { .. }))
    }

    /// The other checks in a line, such as `a, b, c and 4 more`; none where there is no other.
    pub(crate) fn also(&self, shown: usize) -> Option<String> {
        let named: Vec<String> =
            self.others.iter().take(shown).map(|result| text::line(&result.id)).collect();
        match self.others.len() {
            0 => None,
            many if many > shown => Some(format!("{} and {} more", named.join(", "), many - shown)),
            _ => Some(named.join(", ")),
        }
    }
}

/// What tells one cause from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A kind of request that does not work.
    Operation(Operation),
    /// A kind of request that was answered like this where it should not have been.
    Answer(Operation, Option<u16>),
    /// One requirement broken at one place in one way.
    Finding(String, String, String, VerdictKind),
    /// A message, where there is no exchange to look at.
    Obstacle(String),
    /// Nothing is shared.
    Single(String),
}

/// The causes of everything that somebody has to look at: what keeps many checks from passing first, then in the order of
/// the problems.
pub(crate) fn causes<'a>(run: &'a Run, checks: &'a Checks) -> Vec<Cause<'a>> {
    let view = Trouble::of(run, checks);
    let mut causes: Vec<(Key, Cause<'a>)> = Vec::new();
    for result in problems(checks) {
        let key = view.key(result);
        // What fails with an answer explains who is blocked by that answer.
        let same = |(known, cause): &&mut (Key, Cause<'a>)| {
            *known == key || matches!(&key, Key::Answer(..)) && view.answer(cause.lead).as_ref() == Some(&key)
        };
        match causes.iter_mut().find(same) {
            Some((_, cause)) => cause.others.push(result),
            None => {
                let operation = match &key {
                    Key::Operation(operation) => Some(operation.clone()),
                    _ => None,
                };
                let told = operation.as_ref().map(|operation| view.told(operation));
                causes.push((key, Cause { told, operation, lead: result, others: Vec::new() }));
            }
        }
    }
    let mut causes: Vec<_> = causes.into_iter().map(|(_, cause)| cause).collect();
    // Stable: causes of a kind stay in the order of the problems.
    causes.sort_by_key(|cause| cause.told.is_none() || cause.size() < CHECKS_MIN);
    causes
}

/// A kind of request and, before it, all that go the same way whatever they ask for.
fn widths(operation: Operation) -> Vec<Operation> {
    let bare = operation.bare();
    if bare == operation { vec![operation] } else { vec![bare, operation] }
}

/// Whether a check would have had its request succeed.
fn hopes(result: &CheckResult) -> bool {
    match &result.verdict {
        Verdict::Blocked { .. } => true,
        _ => lead(result).is_some_and(|finding| finding.at == At::Status && succeeds(&finding.expected)),
    }
}

/// Whether an expectation of a status is one of success.
fn succeeds(expected: &str) -> bool {
    expected.starts_with('2') || expected.contains("2xx")
}

/// The exchanges of a run as somebody looks at them who asks what does not work.
struct Trouble<'a> {
    base: &'a str,
    exchanges: BTreeMap<u32, &'a Exchange>,
    records: BTreeMap<Operation, Record>,
    /// Kinds of requests that do not work, with how many checks that send them are in trouble, and how many send them.
    broken: BTreeMap<Operation, (usize, usize)>,
}

impl<'a> Trouble<'a> {
    fn of(run: &'a Run, checks: &'a Checks) -> Self {
        let exchanges: BTreeMap<u32, &Exchange> =
            checks.exchanges.iter().map(|exchange| (exchange.number, exchange)).collect();
        let mut view =
            Self { base: &run.target.url, exchanges, records: BTreeMap::new(), broken: BTreeMap::new() };
        let mut senders: BTreeMap<Operation, BTreeSet<&str>> = BTreeMap::new();
        // Whoever shows a wrong credential wants to be refused.
        for exchange in checks.exchanges.iter().filter(|exchange| !exchange.request.made_up_credential) {
            for operation in widths(Operation::of(exchange, view.base)) {
                view.records.entry(operation.clone()).or_default().add(exchange);
                if let Some(check) = &exchange.check {
                    senders.entry(operation).or_default().insert(check);
                }
            }
        }
        // How many checks, and how many of them would have had the request succeed.
        let mut troubled: BTreeMap<Operation, (usize, usize)> = BTreeMap::new();
        for result in problems(checks) {
            for operation in view.operation(result).into_iter().flat_map(widths) {
                let (all, hopeful) = troubled.entry(operation).or_default();
                *all += 1;
                *hopeful += usize::from(hopes(result));
            }
        }
        for (operation, (troubled, hopeful)) in troubled {
            let sent = senders.get(&operation).map_or(0, BTreeSet::len).max(troubled);
            let never = view.records.get(&operation).is_some_and(Record::never_worked);
            // Ways of asking are told apart where one of them works.
            let mostly = operation != operation.bare() || !view.is_asked_otherwise(&operation);
            let mostly = mostly && troubled >= CHECKS_MIN && troubled * 100 >= sent * TROUBLED_PERCENT;
            if (never && hopeful > 1) || mostly {
                view.broken.insert(operation, (troubled, sent));
            }
        }
        view
    }

    /// Whether requests that go the same way ask for something more.
    fn is_asked_otherwise(&self, operation: &Operation) -> bool {
        self.records.keys().any(|other| other != operation && other.bare() == *operation)
    }

    /// What kind of request the evidence against a check is about. A passive check is about all requests, and who misses an
    /// attribute is about that one, whatever request shows it.
    fn operation(&self, result: &CheckResult) -> Option<Operation> {
        let misses_an_attribute =
            matches!(&result.verdict, Verdict::Blocked { cause } if record::lost(&cause.message).is_some());
        let is_mishap = result.verdict.kind() == VerdictKind::Error;
        if result.kind == CheckKind::Passive || is_mishap || misses_an_attribute {
            return None;
        }
        Some(Operation::of(self.evidence(result)?, self.base))
    }

    fn evidence(&self, result: &CheckResult) -> Option<&'a Exchange> {
        let number = match &result.verdict {
            Verdict::Blocked { cause } => cause.exchange,
            _ => lead(result).and_then(|finding| finding.exchange),
        };
        self.exchanges.get(&number?).copied()
    }

    /// The answer that a check stumbled over, where that is what it is about.
    fn answer(&self, result: &CheckResult) -> Option<Key> {
        let about_the_answer = match &result.verdict {
            Verdict::Blocked { .. } => true,
            _ => lead(result).is_some_and(|finding| finding.at == At::Status),
        };
        let status = self.evidence(result)?.response.as_ref().map(|response| response.status);
        // Who stumbles over what is in an answer of success is not helped by the status.
        let about_the_answer = about_the_answer && !status.is_some_and(|status| (200..300).contains(&status));
        let operation = self.operation(result).filter(|_| about_the_answer)?;
        Some(Key::Answer(operation, status))
    }

    fn key(&self, result: &CheckResult) -> Key {
        let kinds = self.operation(result).into_iter().flat_map(widths);
        if let Some(operation) = kinds.into_iter().find(|kind| self.broken.contains_key(kind)) {
            return Key::Operation(operation);
        }
        match &result.verdict {
            Verdict::Blocked { cause } => {
                self.answer(result).unwrap_or_else(|| Key::Obstacle(text::obstacle(&cause.message)))
            }
            Verdict::Error { mishap } => Key::Obstacle(mishap.clone()),
            verdict => lead(result).map_or_else(
                || Key::Single(result.id.clone()),
                |finding| {
                    let at = finding.at.without_positions();
                    Key::Finding(
                        finding.requirement.id.clone(),
                        at,
                        text::gist(&finding.actual),
                        verdict.kind(),
                    )
                },
            ),
        }
    }

    /// What does not work, and how one can tell.
    fn told(&self, operation: &Operation) -> String {
        let record = self.records.get(operation).cloned().unwrap_or_default();
        let (troubled, sent) = self.broken.get(operation).copied().unwrap_or_default();
        let shown = text::line(&operation.to_string());
        if record.never_worked() {
            format!("no {shown} succeeds ({})", record.told())
        } else {
            format!("{shown} does not work: {troubled} of {sent} checks that send it are in trouble")
        }
    }
}
