//! How much of each body the page shows: those of checks that fail come first, and passes get what is left.

use std::collections::{BTreeMap, BTreeSet};

use record::Exchange;

/// Characters of bodies that a page of some size holds.
const PAGE_CHARS: usize = 550_000;
/// Characters of the bodies of checks that fail, evidence and every other step alike, and the bounds for one of them: the lower one
/// is shown whatever the others take, so that a page grows with what fails; the upper one is for targets that fail at great length.
const FAILING_CHARS: usize = 400_000;
const FAILING_BOUNDS_CHARS: (usize, usize) = (4_000, 16_000);
/// The same for what only warns.
const WARNING_CHARS: usize = 300_000;
const WARNING_BOUNDS_CHARS: (usize, usize) = (1_000, 16_000);
/// The bounds for a body that nothing is wrong with.
const OTHER_BOUNDS_CHARS: (usize, usize) = (300, 4_000);

/// Which exchanges show something that is wrong.
#[derive(Default)]
pub(super) struct Wrong {
    /// Those of checks that fail, are blocked, or met a mishap, and those of missed expectations.
    pub(super) failing: BTreeSet<u32>,
    /// Those of warnings.
    pub(super) warning: BTreeSet<u32>,
}

impl Wrong {
    pub(super) fn contains(&self, number: u32) -> bool {
        self.failing.contains(&number) || self.warning.contains(&number)
    }
}

/// How many characters of a body are shown.
pub(super) struct Room {
    failing: usize,
    warning: usize,
    other: usize,
}

impl Room {
    pub(super) fn of(exchanges: &[Exchange], wrong: &Wrong) -> Self {
        let mut lengths: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        for exchange in exchanges {
            lengths.entry(rank(wrong, exchange.number)).or_default().extend(bodies(exchange));
        }
        let mut of = |rank: u8| lengths.remove(&rank).unwrap_or_default();
        let (failing, failing_chars) = level(of(0), FAILING_CHARS, FAILING_BOUNDS_CHARS);
        let (warning, warning_chars) = level(of(1), WARNING_CHARS, WARNING_BOUNDS_CHARS);
        let left = PAGE_CHARS.saturating_sub(failing_chars + warning_chars);
        let (other, _) = level(of(2), left, OTHER_BOUNDS_CHARS);
        Self { failing, warning, other }
    }

    /// How many characters the bodies of an exchange may take.
    pub(super) fn for_bodies(&self, wrong: &Wrong, number: u32) -> usize {
        match rank(wrong, number) {
            0 => self.failing,
            1 => self.warning,
            _ => self.other,
        }
    }
}

fn rank(wrong: &Wrong, number: u32) -> u8 {
    match (wrong.failing.contains(&number), wrong.warning.contains(&number)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// How long the bodies of an exchange are once they are laid out, more or less.
fn bodies(exchange: &Exchange) -> impl Iterator<Item = usize> {
    let request = exchange.request.body.as_ref();
    let response = exchange.response.as_ref().and_then(|response| response.body.as_ref());
    [request, response].into_iter().flatten().map(|body| body.text.len() * 3 / 2)
}

/// The length at which bodies are cut so that all of them fit: the short ones stay whole, and what they leave is for the longer
/// ones. And how much they take then.
fn level(mut lengths: Vec<usize>, budget: usize, (least, most): (usize, usize)) -> (usize, usize) {
    lengths.sort_unstable();
    let (mut left, mut cut) = (budget, most);
    for (place, length) in lengths.iter().enumerate() {
        let share = left / (lengths.len() - place);
        if (*length).min(most) > share {
            cut = share;
            break;
        }
        left -= (*length).min(most);
    }
    let cut = cut.clamp(least, most);
    (cut, lengths.into_iter().map(|length| length.min(cut)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_ones_stay_whole_and_the_longer_ones_share_the_rest() {
        assert_eq!(level(vec![10, 5_000, 20], 1_000_000, (100, 4_000)), (4_000, 4_030));
        assert_eq!(level(vec![10, 500, 500, 20], 630, (100, 4_000)), (300, 630));
        assert_eq!(level(vec![500; 10], 600, (100, 4_000)), (100, 1_000));
        assert_eq!(level(Vec::new(), 0, (100, 4_000)), (4_000, 0));
    }
}
