mod played;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requirement::Breach;
use crate::run::{CheckResult, Checks, Conclusion, Run, TargetInfo};
use crate::verdict::{Mark, Verdict, VerdictKind};
pub(crate) use played::Came;

/// The place of what could not be judged.
const BLOCKED: &str = "blocked";

/// What became of the failures of a run's part since an earlier run of the same target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    /// The earlier run's id.
    pub run: String,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// Whether the earlier run has no such part: then nothing is compared, and this one counts as it does without a baseline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// Failures, and what could not be judged, that the earlier run does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<Mark>,
    /// Those that it has too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Mark>,
    /// Those that only it has, of what holds now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<Mark>,
    /// What held there and does not any more, without being a failure: it warns now, is not supported, or is not come to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Mark>,
    /// How many checks, scenarios or loads of the earlier run are not in this one, so that nothing is said of them.
    pub uncompared: u32,
}

/// A part of a run that can be compared with that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The checks.
    Checks {
        /// Whether broken SHOULDs count as failures.
        strict: bool,
    },
    /// The scenarios.
    Scenarios,
    /// The loads.
    Loads,
}

impl Part {
    /// Whether a run has it, with anything in it.
    fn is_in(self, run: &Run) -> bool {
        match self {
            Self::Checks { .. } => run.checks.as_ref().is_some_and(|checks| !checks.results.is_empty()),
            Self::Scenarios => run.sync.as_ref().is_some_and(|sync| !sync.scenarios.is_empty()),
            Self::Loads => run.load.as_ref().is_some_and(|load| !load.runs.is_empty()),
        }
    }

    const fn absence(self) -> &'static str {
        match self {
            Self::Checks { .. } => "no checks that were judged",
            Self::Scenarios => "no scenarios that were played",
            Self::Loads => "no loads",
        }
    }
}

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The earlier run has none of the parts that this one is to have.
    NothingInCommon(Vec<Part>),
    /// They are of different targets.
    Target {
        /// The earlier run's.
        then: String,
        /// This run's.
        now: String,
    },
    /// They hold the target to different profiles.
    Profile {
        /// The earlier run's.
        then: String,
        /// This run's.
        now: String,
    },
    /// One counts broken SHOULDs as failures, and the other does not.
    Strictness,
}

impl std::fmt::Display for Incomparable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingInCommon(parts) => {
                let absent: Vec<&str> = parts.iter().map(|part| part.absence()).collect();
                write!(f, "it holds {}", absent.join(", and "))
            }
            Self::Target { then, now } => write!(f, "it is of {then}, and this run of {now}"),
            Self::Profile { then, now } => write!(f, "it is held to profile {then}, and this run to {now}"),
            Self::Strictness => f.write_str("only one of both runs is strict (--strict)"),
        }
    }
}

impl Baseline {
    /// Whether a run that is to be made of a target, with these parts, can be compared with an earlier one. That lacks some of
    /// them at most.
    ///
    /// # Errors
    /// What keeps them from being compared.
    pub fn comparable(earlier: &Run, target: &TargetInfo, parts: &[Part]) -> Result<(), Incomparable> {
        let named = |target: &TargetInfo| {
            // The bundled server is another one in each run, and the same all the same.
            if target.bundled {
                "the bundled server".to_owned()
            } else {
                target.url.trim_end_matches('/').to_owned()
            }
        };
        let (then, now) = (named(&earlier.target), named(target));
        if then != now {
            return Err(Incomparable::Target { then, now });
        }
        if earlier.target.profile != target.profile {
            let (then, now) = (earlier.target.profile.clone(), target.profile.clone());
            return Err(Incomparable::Profile { then, now });
        }
        if !parts.iter().any(|part| part.is_in(earlier)) {
            return Err(Incomparable::NothingInCommon(parts.to_vec()));
        }
        let was_strict = earlier.checks.as_ref().map(|checks| checks.strict);
        let is_other = |part: &Part| match part {
            Part::Checks { strict } => was_strict.is_some_and(|was| was != *strict),
            Part::Scenarios | Part::Loads => false,
        };
        if parts.iter().any(is_other) { Err(Incomparable::Strictness) } else { Ok(()) }
    }

    /// Compared with this run, of which nothing is told yet.
    fn against(earlier: &Run) -> Self {
        Self { run: earlier.id.clone(), started: earlier.started.clone(), ..Self::default() }
    }

    /// Compared with a run that has no such part.
    fn absent(earlier: &Run) -> Self {
        Self { absent: true, ..Self::against(earlier) }
    }

    /// What became of the failures of an earlier run, whose checks these are.
    ///
    /// ```
    /// use record::{Baseline, Run, Verdict};
    ///
    /// let earlier = Run::fixture();
    /// let mut now = earlier.checks.clone().ok_or("no checks")?;
    /// now.results.iter_mut().filter(|result| result.id == "delete.answers-204").for_each(|result| result.verdict = Verdict::Pass);
    /// let told = Baseline::of(&earlier, earlier.checks.as_ref().ok_or("no checks")?, &now);
    /// assert_eq!((told.new.len(), told.known.len(), told.mended.len()), (0, 2, 2));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn of(earlier: &Run, then: &Checks, now: &Checks) -> Self {
        let before: BTreeMap<&str, &CheckResult> =
            then.results.iter().map(|result| (result.id.as_str(), result)).collect();
        let present: BTreeSet<&str> = now.results.iter().map(|result| result.id.as_str()).collect();
        let uncompared = before.keys().filter(|id| !present.contains(*id)).count();
        let mut told =
            Self { uncompared: u32::try_from(uncompared).unwrap_or(u32::MAX), ..Self::against(earlier) };
        for result in &now.results {
            told.compare(before.get(result.id.as_str()).copied(), result);
        }
        told
    }

    fn compare(&mut self, before: Option<&CheckResult>, now: &CheckResult) {
        let had = before.map(failures).unwrap_or_default();
        let has = failures(now);
        for mark in &has {
            // What failed and cannot even be judged now is no other trouble than before.
            let is_known = had.contains(mark) || (mark.place == BLOCKED && !had.is_empty());
            if is_known { self.known.push(mark.clone()) } else { self.new.push(mark.clone()) }
        }
        if matches!(now.verdict.kind(), VerdictKind::Pass | VerdictKind::Warn | VerdictKind::Fail) {
            self.mended.extend(had.into_iter().filter(|mark| !has.contains(mark)));
        }
        self.lost.extend(before.into_iter().flat_map(|before| lost(before, now)));
    }

    /// Whether anything but a pass is to be told of this run: something known still fails, or something that held is lost.
    #[must_use]
    pub fn is_other(&self) -> bool {
        !self.known.is_empty() || !self.lost.is_empty()
    }

    /// What a part comes to of which nothing else is to be told.
    pub(crate) const fn conclusion(&self) -> Conclusion {
        if self.lost.is_empty() { Conclusion::Known } else { Conclusion::Regression }
    }

    /// Whether the earlier run has this failure too.
    #[must_use]
    pub fn has(&self, mark: &Mark) -> bool {
        self.known.contains(mark)
    }

    /// Whether a check's failures are all known.
    #[must_use]
    pub fn knows(&self, check: &str) -> bool {
        let is_of = |mark: &Mark| mark.check == check;
        self.known.iter().any(is_of) && !self.new.iter().any(is_of)
    }
}

impl Run {
    /// Holds each part of the run to what an earlier run does not have.
    ///
    /// ```
    /// use record::{Conclusion, Run};
    ///
    /// let mut run = Run::fixture_sync();
    /// let sync = run.sync.as_mut().ok_or("no scenarios")?;
    /// sync.leftovers.clear();
    /// sync.scenarios.retain(|scenario| scenario.stopped.is_none());
    /// let earlier = run.clone();
    /// run.hold_to(&earlier);
    /// assert_eq!(run.conclusion(), Some(Conclusion::Known));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn hold_to(&mut self, earlier: &Self) {
        if let Some(now) = &mut self.checks {
            let then = earlier.checks.as_ref().filter(|then| !then.results.is_empty());
            let told =
                then.map_or_else(|| Baseline::absent(earlier), |then| Baseline::of(earlier, then, now));
            now.baseline = Some(told);
        }
        if let Some(now) = &mut self.sync {
            now.baseline = Some(Baseline::of_sync(earlier, now));
        }
        if let Some(now) = &mut self.load {
            now.baseline = Some(Baseline::of_load(earlier, now));
        }
    }
}

/// What of a check is a failure, or keeps it from being judged. What was waived is none: once its waiver has expired, it is
/// new to whoever reads the report.
fn failures(result: &CheckResult) -> BTreeSet<Mark> {
    match &result.verdict {
        Verdict::Fail { findings } => {
            let failed = findings.iter().filter(|finding| finding.breach == Breach::Fail);
            failed.map(|finding| finding.mark(&result.id)).collect()
        }
        Verdict::Blocked { .. } => BTreeSet::from([whole(result, BLOCKED)]),
        Verdict::Pass
        | Verdict::Warn { .. }
        | Verdict::Waived { .. }
        | Verdict::NotSupported { .. }
        | Verdict::Error { .. } => BTreeSet::new(),
    }
}

/// What held and does not any more, short of a failure.
fn lost(before: &CheckResult, now: &CheckResult) -> Vec<Mark> {
    let held = matches!(before.verdict.kind(), VerdictKind::Pass | VerdictKind::Warn);
    match &now.verdict {
        Verdict::NotSupported { .. } if held => vec![whole(now, VerdictKind::NotSupported.as_str())],
        Verdict::Warn { findings } if held => {
            let warned: BTreeSet<Mark> =
                before.verdict.findings().iter().map(|finding| finding.mark(&before.id)).collect();
            let warns: BTreeSet<Mark> = findings.iter().map(|finding| finding.mark(&now.id)).collect();
            warns.difference(&warned).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// A check as a whole.
fn whole(result: &CheckResult, place: &str) -> Mark {
    Mark { check: result.id.clone(), requirement: String::new(), place: place.to_owned() }
}
