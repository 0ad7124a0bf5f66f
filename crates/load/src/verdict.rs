//! Whether objectives were met.

use record::{Growth, HeldBack, LoadOutcome};

use crate::collect::Collected;
use crate::dropped::Dropped;
use crate::objective::{Measure, Objective};

/// What requests end in; a try that was put off is followed by another.
const ENDS: &[LoadOutcome] = &[LoadOutcome::Ok, LoadOutcome::Failed, LoadOutcome::Broken];

/// An interval of exponents that is wider has room for a cost that is constant and for one that grows with the size.
const SCATTER_MAX: f64 = 1.0;

/// What objectives are held to.
pub(crate) struct Judge<'a> {
    pub(crate) collected: &'a Collected,
    /// Arrivals that were dropped: answers that took longer than anything.
    pub(crate) dropped: &'a Dropped,
    pub(crate) growth: &'a [Growth],
    pub(crate) seconds: f64,
    pub(crate) held_back: Option<HeldBack>,
    /// The operations that there are none of because the target does not offer what they need.
    pub(crate) left_out: &'a [&'static str],
    /// Why nothing can be said about the target, where that is so.
    pub(crate) void: Option<String>,
    /// Why nothing can be said about its speed, where that is so.
    pub(crate) spoiled: Option<String>,
    /// Whether it ended before its plan, for a reason of its own.
    pub(crate) early: bool,
}

/// What was measured, in words, and what the objective is held to: for growth, the value that is sure to be reached.
struct Measured {
    value: f64,
    words: String,
}

impl Judge<'_> {
    /// What came of an objective.
    pub(crate) fn judge(&self, objective: &Objective) -> record::Objective {
        let measured = self.measure(objective);
        let holds = measured.as_ref().is_some_and(|measured| objective.bound.holds(measured.value));
        let spoiled = || self.spoiled.clone().filter(|_| objective.is_timed() || measured.is_none());
        let doubt = || self.doubt(objective, measured.is_some()).filter(|_| !holds);
        let scatter = || self.scatter(objective).filter(|_| holds);
        // Where nothing was measured, what kept it from being measured is nearer than what would have spoiled it.
        let unmeasured = || doubt().filter(|_| measured.is_none());
        let void = self.void.clone().or_else(unmeasured);
        let unjudged = void.or_else(spoiled).or_else(doubt).or_else(scatter);
        record::Objective {
            text: objective.text.clone(),
            measured: measured.map(|measured| measured.words),
            met: holds && unjudged.is_none(),
            unjudged,
        }
    }

    /// Why an objective that does not hold is none the less not missed.
    fn doubt(&self, objective: &Objective, measured: bool) -> Option<String> {
        let operations = objective.operations;
        if !operations.is_empty() && operations.iter().all(|name| self.left_out.contains(name)) {
            return Some("the target does not offer what it is about".to_owned());
        }
        if self.early && !measured {
            return Some("the load ended before it was measured".to_owned());
        }
        if objective.measure == Measure::Growth && !measured && self.fit(objective).is_some() {
            return Some("too few sizes were measured".to_owned());
        }
        let held_back = self.held_back.filter(|_| objective.measure == Measure::Rate)?;
        Some(format!("the load was held back by its own cap of {}/s (caps.rate)", held_back.rate))
    }

    /// Why a growth that is not sure to be too steep is none the less not said to be flat enough.
    fn scatter(&self, objective: &Objective) -> Option<String> {
        if objective.measure != Measure::Growth {
            return None;
        }
        let [low, high] = self.fit(objective)?.interval?;
        let says_nothing = high - low > SCATTER_MAX && !objective.bound.holds(high);
        says_nothing.then(|| {
            format!(
                "the sizes scatter too much: an exponent of {low:.2} and one of {high:.2} both explain them"
            )
        })
    }

    fn fit(&self, objective: &Objective) -> Option<&Growth> {
        self.growth.iter().find(|growth| objective.operations == [growth.operation.as_str()])
    }

    fn measure(&self, objective: &Objective) -> Option<Measured> {
        let operations = objective.operations;
        match objective.measure {
            Measure::Latency(quantile) => {
                let response = self.collected.response(operations);
                let (answered, dropped) = (response.len(), self.dropped.among(operations));
                if answered == 0 && dropped == 0 {
                    return None;
                }
                // Of all that were due, the dropped ones come last.
                let within = quantile * (answered + dropped) as f64 / answered as f64;
                if answered == 0 || (dropped > 0 && within > 1.0) {
                    let words = format!("no bound holds: {answered} were answered and {dropped} dropped");
                    return Some(Measured { value: f64::INFINITY, words });
                }
                let value = response.value_at_quantile(within) as f64;
                let words = format!("{:.2} ms of {answered} requests", value / 1_000.0);
                Some(Measured { value, words })
            }
            Measure::Errors => {
                let all = self.collected.count(ENDS, operations);
                let bad = self.collected.count(&[LoadOutcome::Failed, LoadOutcome::Broken], operations);
                let value = (all > 0).then(|| bad as f64 * 100.0 / all as f64)?;
                Some(Measured { value, words: format!("{value:.3} % ({bad} of {all} requests)") })
            }
            Measure::Rate => {
                let ok = self.collected.count(&[LoadOutcome::Ok], operations);
                let value = (self.seconds > 0.0).then(|| ok as f64 / self.seconds)?;
                Some(Measured { value, words: format!("{value:.1}/s") })
            }
            Measure::Growth => {
                let found = self.fit(objective)?;
                // What noise alone would explain is not held against the target.
                let [low, high] = found.interval?;
                let sizes = found.points.first().zip(found.points.last());
                let over = sizes.map_or_else(String::new, |(first, last)| {
                    format!(" from {} to {} in size", first.size, last.size)
                });
                let words = format!("{:.2} (between {low:.2} and {high:.2}){over}", found.exponent);
                Some(Measured { value: low, words })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::GrowthPoint;

    /// What comes of `growth(add-member)<=0.2` where these exponents explain what was measured.
    fn of_growth(exponent: f64, interval: [f64; 2]) -> record::Objective {
        let point = |size| GrowthPoint { size, p50_us: 200, count: 10 };
        let growth = [Growth {
            operation: "add-member".to_owned(),
            exponent,
            interval: Some(interval),
            points: vec![point(6), point(60), point(600)],
        }];
        let judge = Judge {
            collected: &Collected::default(),
            dropped: &Dropped::default(),
            growth: &growth,
            seconds: 1.0,
            held_back: None,
            left_out: &[],
            void: None,
            spoiled: None,
            early: false,
        };
        judge.judge(&crate::objective::parse("growth(add-member)<=0.2").unwrap())
    }

    #[test]
    fn a_growth_is_met_or_missed_where_the_sizes_say_so() {
        assert!(of_growth(0.02, [-0.05, 0.09]).met);
        // Noise may hide the bound, not whether the cost is constant.
        assert!(of_growth(0.18, [0.05, 0.31]).met);
        let missed = of_growth(1.0, [0.9, 1.1]);
        assert!(!missed.met && missed.unjudged.is_none(), "{missed:?}");
        let scattered = of_growth(1.73, [0.15, 3.30]);
        assert!(!scattered.met && scattered.unjudged.unwrap().contains("scatter too much"));
    }
}
