//! What scenarios and loads claim, and what became of that since an earlier run.

use std::collections::BTreeMap;

use super::Baseline;
use crate::load::{Audit, Load, LoadRun, Objective};
use crate::run::Run;
use crate::sync::{Expectation, ExpectationOutcome, Scenario, Sync};
use crate::verdict::Mark;

/// What came of a claim, the worse the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// It holds.
    Held,
    /// Nobody can say.
    Unjudged,
    /// It does not hold.
    Missed,
}

/// What a part claims, by what makes a claim the same one in another run.
type Claims = BTreeMap<Mark, Came>;

impl Baseline {
    /// What became of what the scenarios of an earlier run missed; of one that played none, nothing is said.
    ///
    /// ```
    /// use record::{Baseline, Run};
    ///
    /// let run = Run::fixture_sync();
    /// let told = Baseline::of_sync(&run, run.sync.as_ref().ok_or("no scenarios")?);
    /// assert!(told.new.is_empty() && !told.known.is_empty());
    /// assert!(Baseline::of_sync(&Run::fixture(), run.sync.as_ref().ok_or("no scenarios")?).absent);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn of_sync(earlier: &Run, now: &Sync) -> Self {
        let Some(then) = earlier.sync.as_ref().filter(|then| !then.scenarios.is_empty()) else {
            return Self::absent(earlier);
        };
        let (mut told, before) = Self::played(earlier, &then.scenarios, &now.scenarios, Scenario::is_like);
        let mut had = Claims::new();
        for scenario in before {
            gather(&mut had, scenario.claims(then.interrupted));
        }
        let mut has = Claims::new();
        for scenario in &now.scenarios {
            gather(&mut has, scenario.claims(now.interrupted));
        }
        told.weigh(&had, &has);
        // What a scenario does not come to any more is worse than it was, however little is newly wrong.
        let cut = now.scenarios.iter().filter(|scenario| scenario.stopped.is_some() && !now.interrupted);
        let names: Vec<String> = cut.map(Scenario::mark_name).collect();
        let gone = had.into_iter().filter(|(mark, came)| {
            *came == Came::Held && names.contains(&mark.check) && !has.contains_key(mark)
        });
        told.lost.extend(gone.map(|(mark, _)| mark));
        told
    }

    /// What became of what the loads of an earlier run missed; of one that put none on the target, nothing is said.
    #[must_use]
    pub fn of_load(earlier: &Run, now: &Load) -> Self {
        let Some(then) = earlier.load.as_ref().filter(|then| !then.runs.is_empty()) else {
            return Self::absent(earlier);
        };
        let (mut told, before) = Self::played(earlier, &then.runs, &now.runs, LoadRun::is_like);
        let mut had = Claims::new();
        for run in before {
            gather(&mut had, run.claims(then.interrupted));
        }
        let mut has = Claims::new();
        for run in &now.runs {
            gather(&mut has, run.claims(now.interrupted));
        }
        told.weigh(&had, &has);
        told
    }

    /// Which of the earlier run's are played again, beside how many are not.
    fn played<'a, T>(
        earlier: &Run,
        then: &'a [T],
        now: &[T],
        is_like: fn(&T, &T) -> bool,
    ) -> (Self, Vec<&'a T>) {
        let (before, gone): (Vec<&T>, Vec<&T>) =
            then.iter().partition(|one| now.iter().any(|other| is_like(one, other)));
        (Self { uncompared: u32::try_from(gone.len()).unwrap_or(u32::MAX), ..Self::against(earlier) }, before)
    }

    fn weigh(&mut self, had: &Claims, has: &Claims) {
        for (mark, came) in has {
            let before = had.get(mark).copied().unwrap_or(Came::Held);
            match *came {
                Came::Held if before > Came::Held => self.mended.push(mark.clone()),
                Came::Held => {}
                // What was missed and cannot even be judged now is no other trouble than before.
                worse if before >= worse => self.known.push(mark.clone()),
                _ => self.new.push(mark.clone()),
            }
        }
    }
}

/// What is claimed twice comes out as badly as the worse of both.
fn gather(claims: &mut Claims, more: impl Iterator<Item = (Mark, Came)>) {
    for (mark, came) in more {
        claims.entry(mark).and_modify(|had| *had = came.max(*had)).or_insert(came);
    }
}

fn mark(check: String, requirement: Option<&String>, place: String) -> Mark {
    Mark { check, requirement: requirement.cloned().unwrap_or_default(), place }
}

impl Scenario {
    /// What an expectation is in every run that plays the scenario: its place, as what it claims may name ids of the target.
    /// Steps and expectations count from 1.
    ///
    /// ```
    /// let sync = record::Run::fixture_sync().sync.ok_or("no scenarios")?;
    /// let scenario = sync.scenarios.first().ok_or("no scenario")?;
    /// let mark = scenario.mark(1, 1).ok_or("no expectation")?;
    /// assert_eq!((mark.check, mark.place.starts_with("step 1 (")), (format!("sync.{}", scenario.name), true));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn mark(&self, step: usize, expectation: usize) -> Option<Mark> {
        let told = self.steps.get(step.checked_sub(1)?)?;
        let expected = told.expectations.get(expectation.checked_sub(1)?)?;
        let place = format!("step {step} ({}), expectation {expectation}", told.title);
        Some(mark(self.mark_name(), expected.requirement.as_ref(), place))
    }

    /// What it is in every run that it is played to its end.
    #[must_use]
    pub fn mark_of_end(&self) -> Mark {
        mark(self.mark_name(), None, "the scenario is played to its end".to_owned())
    }

    fn mark_name(&self) -> String {
        format!("sync.{}", self.name)
    }

    /// Whether it is the same one, played alike.
    fn is_like(&self, other: &Self) -> bool {
        let server = |one: &Self| one.server.as_ref().map(|server| server.profile.clone());
        self.name == other.name && self.client == other.client && server(self) == server(other)
    }

    /// What it claims. A mishap of our own is none of the target's, nor is that somebody stopped the run.
    pub(crate) fn claims(&self, interrupted: bool) -> impl Iterator<Item = (Mark, Came)> {
        let expected = self.steps.iter().zip(1..).flat_map(move |(step, at)| {
            let expectations = step.expectations.iter().zip(1..);
            expectations.filter_map(move |(one, number)| Some((self.mark(at, number)?, one.came())))
        });
        let end = match &self.stopped {
            Some(stopped) => (!stopped.mishap && !interrupted).then_some(Came::Unjudged),
            None => Some(Came::Held),
        };
        expected.chain(end.map(|came| (self.mark_of_end(), came)))
    }
}

impl Expectation {
    const fn came(&self) -> Came {
        match self.outcome {
            ExpectationOutcome::Held => Came::Held,
            ExpectationOutcome::Missed { .. } => Came::Missed,
            ExpectationOutcome::Unjudged { .. } => Came::Unjudged,
        }
    }
}

impl LoadRun {
    /// What an objective is in every run of this load by this executor.
    ///
    /// ```
    /// let load = record::Run::fixture_load().load.ok_or("no load")?;
    /// let run = load.runs.first().ok_or("no run")?;
    /// let objective = run.objectives.first().ok_or("no objective")?;
    /// assert_eq!(run.mark(objective).place, format!("objective {} by {}", objective.text, run.executor));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn mark(&self, objective: &Objective) -> Mark {
        self.marked(&format!("objective {}", objective.text))
    }

    /// What the audit is, however much it finds: what differs has other names in each run.
    #[must_use]
    pub fn mark_of_audit(&self) -> Mark {
        self.marked("audit of what is left")
    }

    /// What it is that the load is played to its end.
    #[must_use]
    pub fn mark_of_end(&self) -> Mark {
        self.marked("played to its end")
    }

    fn marked(&self, what: &str) -> Mark {
        mark(format!("load.{}", self.name), None, format!("{what} by {}", self.executor))
    }

    /// Whether it is the same one, played alike.
    fn is_like(&self, other: &Self) -> bool {
        self.name == other.name && self.executor == other.executor
    }

    /// What it claims. Objectives that nobody could judge count as they do without a baseline, and so does a spoiled load.
    fn claims(&self, interrupted: bool) -> impl Iterator<Item = (Mark, Came)> {
        let audit = self.audit.iter().map(|audit| (self.mark_of_audit(), audit.came()));
        let ended = if self.stopped.is_none() { Came::Held } else { Came::Unjudged };
        let is_ours = self.stopped.is_some() && (interrupted || !self.health.spoiled.is_empty());
        let ended = (!is_ours).then(|| (self.mark_of_end(), ended));
        let judged = self.objectives.iter().filter(|objective| objective.unjudged.is_none());
        let objectives = judged
            .map(|objective| (self.mark(objective), if objective.met { Came::Held } else { Came::Missed }));
        audit.chain(ended).chain(objectives)
    }
}

impl Audit {
    const fn came(&self) -> Came {
        match (self.differing, &self.unfinished) {
            (0, None) => Came::Held,
            (0, Some(_)) => Came::Unjudged,
            _ => Came::Missed,
        }
    }
}
