//! Sets of lawful results: a computation is run once for every combination of the readings that it asks for.

use std::collections::{BTreeMap, BTreeSet};

use super::point::Point;

/// Combinations of readings followed for one question at most.
const EXPLORED_MAX: usize = 20_000;

/// The detail keywords (RFC 7644 §3.12, table 9) with which a refusal is lawful; the status is 400, and 403
/// for `sensitive`.
pub type Refusal = BTreeSet<&'static str>;

/// A refusal with any of these keywords.
pub(super) fn refusal<const N: usize>(keywords: [&'static str; N]) -> Refusal {
    Refusal::from(keywords)
}

/// A reading taken at an open point: an index into [`Point::readings`].
pub type Choice = (Point, usize);

/// The readings that one computation follows. A point that is asked for twice is read the same way twice.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    taken: Vec<Choice>,
    preferred: BTreeMap<Point, usize>,
    held: BTreeMap<Point, usize>,
}

impl Readings {
    /// Readings that follow these at their points, and the first one elsewhere.
    #[must_use]
    pub fn held_to(held: &BTreeMap<Point, usize>) -> Self {
        Self { held: held.clone(), ..Self::default() }
    }

    /// The reading of a point: the one that is held to, else the one set down for this computation, else the
    /// preferred, else the first.
    pub fn take(&mut self, point: Point) -> usize {
        let held = self.held.get(&point).copied();
        if let Some(choice) = held.or_else(|| point.is_settled().then_some(0)) {
            return choice;
        }
        if let Some((_, choice)) = self.taken.iter().find(|(taken, _)| *taken == point) {
            return *choice;
        }
        let choice = self.preferred.get(&point).copied().unwrap_or(0);
        self.taken.push((point, choice));
        choice
    }

    /// Whether a point is read in its first way.
    pub(super) fn first(&mut self, point: Point) -> bool {
        self.take(point) == 0
    }
}

/// The lawful results of one question, each with the readings that lead to it.
#[derive(Clone, Debug)]
pub struct Lawful<T> {
    /// Every lawful result once, with the readings that led to it first.
    pub outcomes: Vec<(T, Vec<Choice>)>,
    /// Whether every combination of readings was followed.
    pub complete: bool,
}

impl<T: PartialEq> Lawful<T> {
    /// Whether a result is one of the lawful ones.
    #[must_use]
    pub fn admits(&self, outcome: &T) -> bool {
        self.outcomes.iter().any(|(lawful, _)| lawful == outcome)
    }
}

/// Follows every combination of the readings that `run` asks for.
pub fn explore<T: PartialEq>(mut run: impl FnMut(&mut Readings) -> T) -> Lawful<T> {
    let mut outcomes: Vec<(T, Vec<Choice>)> = Vec::new();
    let complete = walk(&Readings::default(), &mut run, &mut |outcome, taken| {
        if !outcomes.iter().any(|(known, _)| *known == outcome) {
            outcomes.push((outcome, taken.to_vec()));
        }
        false
    });
    Lawful { outcomes, complete: complete == Walk::Exhausted }
}

/// The readings under which `run` comes to something that `accept` takes; those that differ least from the
/// preferred ones are tried first. The points in `held` are read in one way, whatever else is lawful. Nothing where no
/// result is accepted.
pub fn explain<T>(
    held: &BTreeMap<Point, usize>,
    preferred: &BTreeMap<Point, usize>,
    mut run: impl FnMut(&mut Readings) -> T,
    mut accept: impl FnMut(&T) -> bool,
) -> Option<Vec<Choice>> {
    let mut found = None;
    let start = Readings { preferred: preferred.clone(), ..Readings::held_to(held) };
    walk(&start, &mut run, &mut |outcome, taken| {
        let accepted = accept(&outcome);
        if accepted {
            found = Some(taken.to_vec());
        }
        accepted
    });
    found
}

#[derive(PartialEq)]
enum Walk {
    Stopped,
    Exhausted,
}

/// Breadth first, so that few deviations from the preferred readings come before many.
fn walk<T>(
    start: &Readings,
    run: &mut impl FnMut(&mut Readings) -> T,
    stop: &mut impl FnMut(T, &[Choice]) -> bool,
) -> Walk {
    let mut pending = std::collections::VecDeque::from([Vec::new()]);
    for _ in 0..EXPLORED_MAX {
        let Some(prefix) = pending.pop_front() else { return Walk::Exhausted };
        let settled = prefix.len();
        let mut readings = Readings { taken: prefix, ..start.clone() };
        let outcome = run(&mut readings);
        let taken = readings.taken;
        for (at, (point, choice)) in taken.iter().enumerate().skip(settled) {
            for other in (0..point.readings().len()).filter(|other| other != choice) {
                let mut next: Vec<Choice> = taken.iter().take(at).copied().collect();
                next.push((*point, other));
                pending.push_back(next);
            }
        }
        if stop(outcome, &taken) {
            return Walk::Stopped;
        }
    }
    Walk::Stopped
}
