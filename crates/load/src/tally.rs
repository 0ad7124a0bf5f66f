//! Measurements as they come in: one tally a thread, split by second, merged now and then by whoever looks.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use record::LoadOutcome;

/// To three digits.
const DIGITS: u8 = 3;

/// An empty histogram of latencies in microseconds, as large as what is recorded.
#[expect(clippy::unwrap_used, reason = "it fails only for more than five digits")]
pub(crate) fn histogram() -> Histogram<u64> {
    Histogram::new(DIGITS).unwrap()
}

/// Counts a latency. A histogram of three digits has room for every number of microseconds that there can be.
pub(crate) fn count(histogram: &mut Histogram<u64>, us: u64) {
    let _ = histogram.record(us);
}

/// How an operation came out, as measurements are filed.
pub(crate) type Key = (&'static str, LoadOutcome);

/// Latencies of one operation and outcome.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    /// From the moment due.
    pub(crate) response: Histogram<u64>,
    /// From the moment sent.
    pub(crate) service: Histogram<u64>,
    pub(crate) statuses: Statuses,
}

/// How many answers there were by the first digit of their status; at 0 those that did not come, or have none of 1 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statuses([u64; 6]);

impl Statuses {
    fn count(&mut self, status: Option<u16>) {
        let class = usize::from(status.unwrap_or_default() / 100);
        let class = if class < self.0.len() { class } else { 0 };
        if let Some(count) = self.0.get_mut(class) {
            *count += 1;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(ours, theirs)| *ours += theirs);
    }

    /// As a run file tells it, such as `2xx`; without an answer `none`.
    pub(crate) fn told(&self) -> impl Iterator<Item = (String, u64)> {
        let named = |class: usize| if class == 0 { "none".to_owned() } else { format!("{class}xx") };
        let some = self.0.into_iter().enumerate().filter(|(_, count)| *count > 0);
        some.map(move |(class, count)| (named(class), count))
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self { response: histogram(), service: histogram(), statuses: Statuses::default() }
    }
}

impl Pair {
    /// Counts a request.
    pub(crate) fn count(&mut self, response_us: u64, service_us: u64, status: Option<u16>) {
        count(&mut self.response, response_us);
        count(&mut self.service, service_us);
        self.statuses.count(status);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        // Both have the same bounds, so nothing can be out of range.
        let _ = self.response.add(&other.response);
        let _ = self.service.add(&other.service);
        self.statuses.add(&other.statuses);
    }
}

/// One kind of error, as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) operation: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) scim_type: Option<String>,
    pub(crate) transport: Option<&'static str>,
}

/// A target that answers each request with another scimType fills no memory.
const KINDS_MAX: usize = 1_000;

/// One request as it was measured.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) key: Key,
    /// The second that it ended in.
    pub(crate) second: u32,
    /// Whether it was due in the warm-up.
    pub(crate) warm_up: bool,
    pub(crate) response_us: u64,
    pub(crate) service_us: u64,
    /// The status, where there was an answer.
    pub(crate) status: Option<u16>,
    /// The size of what it worked on.
    pub(crate) size: Option<u64>,
}

/// Sizes of one order of magnitude, half an order apart, and what they cost.
#[derive(Clone, Debug)]
pub(crate) struct Sized {
    pub(crate) service: Histogram<u64>,
    pub(crate) sizes: u64,
}

/// Everything that one thread measured since somebody looked.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) seconds: BTreeMap<(u32, bool), BTreeMap<Key, Pair>>,
    pub(crate) sized: BTreeMap<(&'static str, u32), Sized>,
    pub(crate) errors: BTreeMap<Kind, (u64, String)>,
    /// How late items were begun, in microseconds.
    pub(crate) lag: Option<Histogram<u64>>,
}

impl Tally {
    pub(crate) fn record(&mut self, sample: &Sample) {
        let second = self.seconds.entry((sample.second, sample.warm_up)).or_default();
        let pair = second.entry(sample.key).or_default();
        pair.count(sample.response_us, sample.service_us, sample.status);
        let (operation, outcome) = sample.key;
        if let Some(size) = sample.size
            && outcome == LoadOutcome::Ok
            && !sample.warm_up
        {
            let empty = || Sized { service: histogram(), sizes: 0 };
            let sized = self.sized.entry((operation, bucket(size))).or_insert_with(empty);
            count(&mut sized.service, sample.service_us);
            sized.sizes = sized.sizes.saturating_add(size);
        }
    }

    pub(crate) fn error(&mut self, kind: Kind, example: String) {
        let full = self.errors.len() >= KINDS_MAX;
        match self.errors.get_mut(&kind) {
            Some((count, _)) => *count += 1,
            None if full => {}
            None => drop(self.errors.insert(kind, (1, example))),
        }
    }

    pub(crate) fn late(&mut self, lag_us: u64) {
        count(self.lag.get_or_insert_with(histogram), lag_us);
    }

    /// Adds what another tally holds.
    pub(crate) fn merge(&mut self, other: Self) {
        for (second, pairs) in other.seconds {
            let ours = self.seconds.entry(second).or_default();
            for (key, pair) in pairs {
                ours.entry(key).or_default().add(&pair);
            }
        }
        for (key, sized) in other.sized {
            match self.sized.get_mut(&key) {
                Some(ours) => {
                    let _ = ours.service.add(&sized.service);
                    ours.sizes = ours.sizes.saturating_add(sized.sizes);
                }
                None => drop(self.sized.insert(key, sized)),
            }
        }
        for (kind, (count, example)) in other.errors {
            self.errors.entry(kind).or_insert((0, example)).0 += count;
        }
        if let Some(lag) = other.lag {
            let _ = self.lag.get_or_insert_with(histogram).add(&lag);
        }
    }
}

/// Half an order of magnitude: 1 to 3, 4 to 9, 10 to 31, 32 to 99, 100 to 316, and so on.
fn bucket(size: u64) -> u32 {
    let tens = size.max(1).ilog10();
    let begin = 10_u128.pow(tens);
    2 * tens + u32::from(u128::from(size).pow(2) >= 10 * begin.pow(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_half_an_order_wide() {
        let ends = [
            (1, 0),
            (3, 0),
            (4, 1),
            (9, 1),
            (10, 2),
            (31, 2),
            (32, 3),
            (99, 3),
            (100, 4),
            (316, 4),
            (317, 5),
            (1_000, 6),
        ];
        for (size, expected) in ends {
            assert_eq!(bucket(size), expected, "{size}");
        }
    }

    #[test]
    fn merged_tallies_are_as_one() {
        let sample = |second, response_us| Sample {
            key: ("create-user", LoadOutcome::Ok),
            second,
            warm_up: false,
            response_us,
            service_us: response_us / 2,
            status: Some(201),
            size: Some(response_us),
        };
        let samples: Vec<Sample> = (1..2_000).map(|n| sample(n / 500, u64::from(n) * 37)).collect();
        let mut whole = Tally::default();
        let mut parts = [Tally::default(), Tally::default()];
        for (place, sample) in samples.iter().enumerate() {
            whole.record(sample);
            parts[place % 2].record(sample);
        }
        let [mut one, other] = parts;
        one.merge(other);
        let total = |tally: &Tally| {
            let mut sum = Pair::default();
            tally.seconds.values().flat_map(BTreeMap::values).for_each(|pair| sum.add(pair));
            (sum.response.len(), sum.response.value_at_quantile(0.99), sum.service.max())
        };
        assert_eq!(total(&one), total(&whole));
        assert_eq!(one.sized.keys().collect::<Vec<_>>(), whole.sized.keys().collect::<Vec<_>>());
    }
}
