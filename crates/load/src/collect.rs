//! From the tallies of the threads to what a run says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};
use record::{ErrorKind, Growth, GrowthPoint, Interval, Latency, LoadOutcome, Operation};

use crate::growth::{self, Fit};
use crate::seconds::Seconds;
use crate::tally::{Key, Kind, Pair, Sized, Tally, histogram};

/// How many kinds of errors are told of.
const KINDS_TOLD_MAX: usize = 50;
/// Sizes that fewer requests were measured on say little.
const GROWTH_COUNT_MIN: u64 = 5;

/// Everything that was measured so far.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) totals: BTreeMap<Key, Pair>,
    pub(crate) lag: Option<Histogram<u64>>,
    seconds: Seconds,
    in_flight: BTreeMap<u32, u32>,
    sized: BTreeMap<(&'static str, u32), Sized>,
    errors: BTreeMap<Kind, (u64, String)>,
}

impl Collected {
    /// Takes over what the threads have measured; `second` is the current one.
    pub(crate) fn gather(&mut self, tallies: &[Arc<Mutex<Tally>>], second: u32, in_flight: u32) {
        let mut all = Tally::default();
        for tally in tallies {
            all.merge(std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner)));
        }
        self.in_flight.insert(second, in_flight);
        self.take(all);
        self.seconds.reduce(second);
    }

    fn take(&mut self, tally: Tally) {
        for ((second, warm_up), pairs) in tally.seconds {
            for (key, pair) in pairs {
                self.seconds.take(second, key, &pair);
                if !warm_up {
                    self.totals.entry(key).or_default().add(&pair);
                }
            }
        }
        let mut rest =
            Tally { sized: std::mem::take(&mut self.sized), lag: self.lag.take(), ..Tally::default() };
        rest.errors = std::mem::take(&mut self.errors);
        rest.merge(Tally { sized: tally.sized, lag: tally.lag, errors: tally.errors, ..Tally::default() });
        (self.sized, self.lag, self.errors) = (rest.sized, rest.lag, rest.errors);
    }

    /// Every second from the first to the last, those without an answer included.
    pub(crate) fn intervals(&mut self, warm_up_s: u32) -> Vec<Interval> {
        self.seconds.intervals(&self.in_flight, warm_up_s)
    }

    /// What was measured, by operation and outcome.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let operation = |(&(name, outcome), pair): (&Key, &Pair)| Operation {
            name: name.to_owned(),
            outcome,
            count: pair.response.len(),
            response: latency(&pair.response),
            service: latency(&pair.service),
            histogram: encoded(&pair.response),
        };
        self.totals.iter().map(operation).collect()
    }

    /// Latency from the moment due of what came out well, of some operations or of all where none is named.
    pub(crate) fn response(&self, operations: &[&str]) -> Histogram<u64> {
        let mut sum = histogram();
        for ((name, outcome), pair) in &self.totals {
            if *outcome == LoadOutcome::Ok && (operations.is_empty() || operations.contains(name)) {
                let _ = sum.add(&pair.response);
            }
        }
        sum
    }

    /// How many requests came out in these ways, of some operations or of all where none is named.
    pub(crate) fn count(&self, outcomes: &[LoadOutcome], operations: &[&str]) -> u64 {
        let wanted = self.totals.iter().filter(|((name, outcome), _)| {
            outcomes.contains(outcome) && (operations.is_empty() || operations.contains(name))
        });
        wanted.map(|(_, pair)| pair.response.len()).sum()
    }

    /// What went wrong, the most frequent first.
    pub(crate) fn errors(&self) -> Vec<ErrorKind> {
        kinds(&self.errors)
    }

    /// How latency grew with size, by operation, where it was measured on two sizes at least.
    pub(crate) fn growth(&self) -> Vec<Growth> {
        let mut points: BTreeMap<&str, Vec<GrowthPoint>> = BTreeMap::new();
        for ((operation, _), sized) in &self.sized {
            let count = sized.service.len();
            if count >= GROWTH_COUNT_MIN {
                let p50_us = sized.service.value_at_quantile(0.5);
                points.entry(operation).or_default().push(GrowthPoint {
                    size: sized.sizes / count,
                    p50_us,
                    count,
                });
            }
        }
        let growth = points.into_iter().filter_map(|(operation, points)| {
            let Fit { exponent, interval } = growth::fit(&points)?;
            Some(Growth { operation: operation.to_owned(), exponent, interval, points })
        });
        growth.collect()
    }
}

/// Kinds of errors as they are told, the most frequent first.
pub(crate) fn kinds(errors: &BTreeMap<Kind, (u64, String)>) -> Vec<ErrorKind> {
    let told = |(kind, (count, example)): (&Kind, &(u64, String))| ErrorKind {
        operation: kind.operation.to_owned(),
        status: kind.status,
        scim_type: kind.scim_type.clone(),
        transport: kind.transport.map(str::to_owned),
        count: *count,
        example: example.clone(),
    };
    let mut told: Vec<ErrorKind> = errors.iter().map(told).collect();
    told.sort_by_key(|error| std::cmp::Reverse(error.count));
    told.truncate(KINDS_TOLD_MAX);
    told
}

/// The quantiles of a histogram.
pub(crate) fn latency(histogram: &Histogram<u64>) -> Latency {
    if histogram.is_empty() {
        return Latency::default();
    }
    Latency {
        p50_us: histogram.value_at_quantile(0.5),
        p90_us: histogram.value_at_quantile(0.9),
        p99_us: histogram.value_at_quantile(0.99),
        p999_us: histogram.value_at_quantile(0.999),
        max_us: histogram.max(),
    }
}

/// V2, deflated, in Base64: what the tools around `HdrHistogram` read.
pub(crate) fn encoded(histogram: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = V2DeflateSerializer::new().serialize(histogram, &mut bytes);
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_can_be_read_again() {
        let mut recorded = histogram();
        (1..10_000).for_each(|us| crate::tally::count(&mut recorded, us * 13));
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded(&recorded)).unwrap();
        let read: Histogram<u64> =
            hdrhistogram::serialization::Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        assert_eq!(read, recorded);
    }

    #[test]
    fn seconds_are_whole_and_late_ones_are_not_lost() {
        let mut collected = Collected::default();
        let tally = Arc::new(Mutex::new(Tally::default()));
        let sample = |second| crate::tally::Sample {
            key: ("probe", LoadOutcome::Ok),
            second,
            warm_up: second == 0,
            response_us: 100,
            service_us: 100,
            status: Some(200),
            size: None,
        };
        for second in [0, 1, 30, 2] {
            tally.lock().unwrap().record(&sample(second));
            collected.gather(std::slice::from_ref(&tally), second.max(30), 7);
        }
        let intervals = collected.intervals(1);
        assert_eq!(intervals.iter().map(|interval| interval.ok).sum::<u64>(), 4);
        assert_eq!((intervals.len(), intervals[2].ok, intervals[30].in_flight), (31, 1, 7));
        assert!(intervals[0].warm_up && !intervals[1].warm_up);
        assert_eq!(collected.count(&[LoadOutcome::Ok], &[]), 3);
    }
}
