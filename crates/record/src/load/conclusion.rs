//! What loads come to.

use super::{Load, LoadOutcome, LoadRun};
use crate::baseline::Baseline;
use crate::run::Conclusion;

impl Load {
    /// The version of this part that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// What this part comes to: wrong answers come before slow ones, and a spoiled run hides neither. Held to a baseline, it
    /// answers for what is new.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        if self.interrupted {
            return Conclusion::Interrupted;
        }
        let each = self.runs.iter().map(|run| self.conclusion_of(run)).max();
        match (each, &self.baseline) {
            (None, _) => Conclusion::Inconclusive,
            (Some(Conclusion::Pass), Some(baseline)) if baseline.is_other() => baseline.conclusion(),
            (Some(worst), _) => worst,
        }
    }

    /// What one of its loads comes to, held to the baseline where there is one.
    #[must_use]
    pub fn conclusion_of(&self, run: &LoadRun) -> Conclusion {
        run.held_to(self.baseline.as_ref())
    }

    /// What is wrong as far as it went.
    pub(crate) fn found(&self) -> impl Iterator<Item = Conclusion> {
        self.runs.iter().flat_map(|run| {
            let differing = run.audit.as_ref().is_some_and(|audit| audit.differing > 0);
            let is_known = self.baseline.as_ref().is_some_and(|baseline| baseline.has(&run.mark_of_audit()));
            let failed = (differing && !is_known).then_some(Conclusion::Failed);
            let left = (!run.leftovers.is_empty()).then_some(Conclusion::LeftBehind);
            [failed, left].into_iter().flatten()
        })
    }
}

impl LoadRun {
    /// What this load comes to by itself, whatever was known of the target.
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
        self.held_to(None)
    }

    /// What it comes to where what the baseline has is known.
    fn held_to(&self, baseline: Option<&Baseline>) -> Conclusion {
        let is_new = |mark| !baseline.is_some_and(|baseline| baseline.has(&mark));
        let audit = self.audit.as_ref();
        let spoiled = !self.health.spoiled.is_empty();
        let differs = audit.is_some_and(|audit| audit.differing > 0);
        let unread = audit.is_some_and(|audit| audit.unfinished.is_some());
        let missed = || self.objectives.iter().filter(|objective| objective.is_missed());
        // In the order of the conclusions: what weighs most comes first, within a load as between two.
        if differs && is_new(self.mark_of_audit()) {
            Conclusion::Failed
        } else if (unread && is_new(self.mark_of_audit()))
            || (self.stopped.is_some() && !spoiled && is_new(self.mark_of_end()))
        {
            // Who spoils a load may be why it was stopped.
            Conclusion::Blocked
        } else if !self.leftovers.is_empty() {
            Conclusion::LeftBehind
        } else if missed().any(|objective| is_new(self.mark(objective))) {
            // What is judged of a spoiled load does not hang on its generator.
            Conclusion::ObjectiveMissed
        } else if spoiled {
            Conclusion::Unhealthy
        } else if self.objectives.iter().any(|objective| objective.unjudged.is_some()) {
            Conclusion::Inconclusive
        } else if differs || unread || self.stopped.is_some() || missed().next().is_some() {
            // All of it is known, or somebody would have answered for it by now.
            Conclusion::Known
        } else {
            Conclusion::Pass
        }
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
