//! What happened in each second.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use record::{Interval, IntervalOperation, Latency, LoadOutcome};

use crate::collect::{encoded, latency};
use crate::tally::{Key, Pair, Statuses, histogram};

/// How many seconds are kept as they came before they are reduced to what is told of them. What comes in later than that still
/// counts, and is in no quantile of its second.
const SECONDS_KEPT: u32 = 10;
/// How many rows by operation and outcome are told of all seconds together, less those of a second that would go beyond: those of
/// the first quarter of an hour and more. A run file is to stay one that can be opened.
const ROWS_MAX: usize = 5_000;

/// Measurements by second.
#[derive(Debug, Default)]
pub(crate) struct Seconds {
    open: BTreeMap<u32, Open>,
    reduced: BTreeMap<u32, Interval>,
    rows: usize,
}

/// A second as it came.
#[derive(Debug)]
struct Open {
    all: Histogram<u64>,
    by_key: BTreeMap<Key, (Histogram<u64>, Statuses)>,
}

impl Default for Open {
    fn default() -> Self {
        Self { all: histogram(), by_key: BTreeMap::new() }
    }
}

impl Seconds {
    /// Takes over what was measured of an operation with an outcome.
    pub(crate) fn take(&mut self, second: u32, key: Key, pair: &Pair) {
        let interval = self.reduced.entry(second).or_insert_with(|| empty(second));
        let count = pair.response.len();
        match key.1 {
            LoadOutcome::Ok => interval.ok += count,
            LoadOutcome::Limited => interval.limited += count,
            LoadOutcome::Failed | LoadOutcome::Broken => interval.failed += count,
        }
        let open = self.open.entry(second).or_default();
        let _ = open.all.add(&pair.response);
        let (response, statuses) =
            open.by_key.entry(key).or_insert_with(|| (histogram(), Statuses::default()));
        let _ = response.add(&pair.response);
        statuses.add(&pair.statuses);
    }

    /// Reduces what is so old that hardly anything more of it will come; `second` is the current one.
    pub(crate) fn reduce(&mut self, second: u32) {
        let kept = self.open.split_off(&second.saturating_sub(SECONDS_KEPT));
        for (second, open) in std::mem::replace(&mut self.open, kept) {
            self.close(second, &open);
        }
    }

    fn close(&mut self, second: u32, open: &Open) {
        let interval = self.reduced.entry(second).or_insert_with(|| empty(second));
        // What came too late may only make the worst worse.
        let max_us = interval.response.max_us.max(open.all.max());
        if interval.response == Latency::default() {
            interval.response = latency(&open.all);
        }
        interval.response.max_us = max_us;
        // Part of a second would be taken for all of it.
        let is_told = |(name, outcome): &Key| {
            interval.operations.iter().any(|row| row.name == *name && row.outcome == *outcome)
        };
        let new = open.by_key.keys().filter(|key| !is_told(key)).count();
        interval.operations_left_out |= self.rows + new > ROWS_MAX;
        if interval.operations_left_out {
            self.rows -= std::mem::take(&mut interval.operations).len();
            return;
        }
        for ((name, outcome), (response, statuses)) in &open.by_key {
            let known =
                interval.operations.iter_mut().find(|row| row.name == *name && row.outcome == *outcome);
            if let Some(row) = known {
                row.count += response.len();
                row.response.max_us = row.response.max_us.max(response.max());
                for (class, count) in statuses.told() {
                    *row.statuses.entry(class).or_default() += count;
                }
            } else {
                self.rows += 1;
                interval.operations.push(IntervalOperation {
                    name: (*name).to_owned(),
                    outcome: *outcome,
                    count: response.len(),
                    statuses: statuses.told().collect(),
                    response: latency(response),
                    histogram: encoded(response),
                });
            }
        }
    }

    /// Every second from the first to the last, those without an answer included.
    pub(crate) fn intervals(&mut self, in_flight: &BTreeMap<u32, u32>, warm_up_s: u32) -> Vec<Interval> {
        for (second, open) in std::mem::take(&mut self.open) {
            self.close(second, &open);
        }
        let Some(last) = self.reduced.keys().next_back().copied() else { return Vec::new() };
        let of = |second: u32| {
            let interval = self.reduced.get(&second).cloned().unwrap_or_else(|| empty(second));
            let in_flight = in_flight.get(&second).copied().unwrap_or_default();
            Interval { warm_up: second < warm_up_s, in_flight, ..interval }
        };
        (0..=last).map(of).collect()
    }
}

fn empty(second: u32) -> Interval {
    Interval {
        second,
        warm_up: false,
        ok: 0,
        limited: 0,
        failed: 0,
        in_flight: 0,
        response: Latency::default(),
        operations: Vec::new(),
        operations_left_out: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(count: u64, status: Option<u16>) -> Pair {
        let mut pair = Pair::default();
        (0..count).for_each(|us| pair.count(us * 10, us * 10, status));
        pair
    }

    #[test]
    fn rows_say_what_came_late_and_end_where_a_file_would_grow_without_end() {
        let mut seconds = Seconds::default();
        seconds.take(0, ("probe", LoadOutcome::Ok), &pair(3, Some(200)));
        seconds.reduce(30);
        seconds.take(0, ("probe", LoadOutcome::Ok), &pair(2, Some(204)));
        for second in 1..6_000 {
            seconds.take(second, ("find-user", LoadOutcome::Ok), &pair(1, Some(200)));
            seconds.take(second, ("probe", LoadOutcome::Failed), &pair(1, Some(500)));
        }
        let intervals = seconds.intervals(&BTreeMap::new(), 0);
        let first = &intervals[0].operations[0];
        assert_eq!((first.count, first.statuses["2xx"], intervals[0].ok), (5, 5, 5));
        // One of the first second, and two of each other one as long as both find room.
        let told = |interval: &&Interval| !interval.operations_left_out;
        assert_eq!(intervals.iter().filter(told).count(), ROWS_MAX.div_ceil(2));
        let whole = |interval: &Interval| interval.operations.len() == if told(&interval) { 2 } else { 0 };
        assert!(intervals.iter().skip(1).all(whole));
        assert_eq!(intervals.iter().map(|interval| interval.failed).sum::<u64>(), 5_999);
    }
}
