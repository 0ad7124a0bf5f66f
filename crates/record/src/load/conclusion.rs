//! What loads come to.

use super::{Load, LoadOutcome, LoadRun, Objective};
use crate::run::Conclusion;

impl Load {
    /// The version of this part that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// What this part comes to: wrong answers come before slow ones, and a spoiled run hides neither.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        if self.interrupted {
            return Conclusion::Interrupted;
        }
        self.runs.iter().map(LoadRun::conclusion).max().unwrap_or(Conclusion::Inconclusive)
    }
}

impl LoadRun {
    /// What this load comes to by itself.
    ///
    /// ```
    /// use record::{Conclusion, Run};
    /// let load = Run::fixture_load().load.ok_or("no load")?;
    /// let each: Vec<Conclusion> = load.runs.iter().map(record::LoadRun::conclusion).collect();
    /// assert_eq!(each, [Conclusion::Failed, Conclusion::Unhealthy]);
    /// assert_eq!(load.conclusion(), Conclusion::Failed);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let audit = self.audit.as_ref();
        let spoiled = !self.health.spoiled.is_empty();
        let unread = audit.is_some_and(|audit| audit.unfinished.is_some());
        // In the order of the conclusions: what weighs most comes first, within a load as between two.
        if audit.is_some_and(|audit| audit.differing > 0) {
            Conclusion::Failed
        } else if unread || (self.stopped.is_some() && !spoiled) {
            // Who spoils a load may be why it was stopped.
            Conclusion::Blocked
        } else if !self.leftovers.is_empty() {
            Conclusion::LeftBehind
        } else if self.objectives.iter().any(Objective::is_missed) {
            // What is judged of a spoiled load does not hang on its generator.
            Conclusion::ObjectiveMissed
        } else if spoiled {
            Conclusion::Unhealthy
        } else if self.objectives.iter().any(|objective| objective.unjudged.is_some()) {
            Conclusion::Inconclusive
        } else {
            Conclusion::Pass
        }
    }

    /// What is wrong as far as it went.
    pub(crate) fn found(&self) -> [Option<Conclusion>; 2] {
        let differing = self.audit.as_ref().is_some_and(|audit| audit.differing > 0);
        let left = !self.leftovers.is_empty();
        [differing.then_some(Conclusion::Failed), left.then_some(Conclusion::LeftBehind)]
    }

    /// How many requests came out in this way, the warm-up's left out.
    #[must_use]
    pub fn count(&self, outcome: LoadOutcome) -> u64 {
        let of = self.operations.iter().filter(|operation| operation.outcome == outcome);
        of.fold(0, |sum, operation| sum.saturating_add(operation.count))
    }

    /// How long was measured, in seconds: all but the warm-up.
    #[must_use]
    pub fn measured_s(&self) -> f64 {
        let warm_up = self.intervals.iter().filter(|interval| interval.warm_up).count() as u64;
        self.duration_ms.saturating_sub(warm_up.saturating_mul(1_000)) as f64 / 1_000.0
    }

    /// How many requests a second ended well while it was measured; 0 where nothing was measured.
    #[must_use]
    pub fn ok_rate(&self) -> f64 {
        let seconds = self.measured_s();
        if seconds > 0.0 { self.count(LoadOutcome::Ok) as f64 / seconds } else { 0.0 }
    }
}
