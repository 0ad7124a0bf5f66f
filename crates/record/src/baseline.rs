use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requirement::Breach;
use crate::run::{CheckResult, Checks, Run, TargetInfo};
use crate::verdict::{Mark, Verdict, VerdictKind};

/// The place of what could not be judged.
const BLOCKED: &str = "blocked";

/// What became of a run's failures since an earlier run of the same target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    /// The earlier run's id.
    pub run: String,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// Failures, and checks that could not be judged, that the earlier run does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<Mark>,
    /// Those that it has too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Mark>,
    /// Those that only it has, of checks that hold now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<Mark>,
    /// What held there and does not any more, without being a failure: it warns now, or is not supported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Mark>,
    /// How many checks of the earlier run are not in this one, so that nothing is said of them.
    pub uncompared: u32,
}

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The earlier run judged nothing.
    NoChecks,
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
            Self::NoChecks => f.write_str("it holds no checks that were judged"),
            Self::Target { then, now } => write!(f, "it is of {then}, and this run of {now}"),
            Self::Profile { then, now } => write!(f, "it is held to profile {then}, and this run to {now}"),
            Self::Strictness => f.write_str("only one of both runs is strict (--strict)"),
        }
    }
}

impl Baseline {
    /// The checks of an earlier run, where one that is to be made can be compared with it.
    ///
    /// # Errors
    /// What keeps them from being compared.
    pub fn comparable<'a>(
        earlier: &'a Run,
        target: &TargetInfo,
        strict: bool,
    ) -> Result<&'a Checks, Incomparable> {
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
        let checks = earlier.checks.as_ref().filter(|checks| !checks.results.is_empty());
        let checks = checks.ok_or(Incomparable::NoChecks)?;
        if checks.strict == strict { Ok(checks) } else { Err(Incomparable::Strictness) }
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
        let mut told = Self {
            run: earlier.id.clone(),
            started: earlier.started.clone(),
            uncompared: u32::try_from(uncompared).unwrap_or(u32::MAX),
            ..Self::default()
        };
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

    /// Whether a check's failures are all known.
    #[must_use]
    pub fn knows(&self, check: &str) -> bool {
        let is_of = |mark: &Mark| mark.check == check;
        self.known.iter().any(is_of) && !self.new.iter().any(is_of)
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
