use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::baseline::Baseline;
use crate::exchange::Exchange;
use crate::load::Load;
use crate::requirement::RequirementRef;
use crate::sync::Sync;
use crate::verdict::{Verdict, VerdictKind};
use crate::waiver::WaiverUse;

/// Everything that one invocation did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// Version of the run's header; parts carry their own.
    pub version: u32,
    /// The program that made it.
    pub tool: Tool,
    /// The run's id; every resource that the run created carries it in its name.
    pub id: String,
    /// The seed that, with the id, decides every request.
    pub seed: u64,
    /// When the run began, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was tested.
    pub target: TargetInfo,
    /// A command line that repeats the run, without secrets.
    pub command: String,
    /// The verdict in one sentence, as every report gives it.
    pub sentence: String,
    /// Why nothing at all could be judged, in one sentence, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unjudged: Option<String>,
    /// Why it ended before its end, where that was nobody's wish: it came to a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The conformance part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Checks>,
    /// The part that played identity providers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<Sync>,
    /// The part that put load on the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
}

impl Run {
    /// The version of the header that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// What all its parts come to together; none when it has no part.
    ///
    /// ```
    /// use record::{Conclusion, Run};
    ///
    /// assert_eq!(Run::fixture().conclusion(), Some(Conclusion::Mishap));
    /// ```
    #[must_use]
    pub fn conclusion(&self) -> Option<Conclusion> {
        let checks = self.checks.as_ref().map(Checks::conclusion);
        let sync = self.sync.as_ref().map(Sync::conclusion);
        let load = self.load.as_ref().map(Load::conclusion);
        [checks, sync, load].into_iter().flatten().max()
    }

    /// The worst that it found before it ended, however soon that was; none where nothing is wrong as far as it went. What could
    /// not be judged any more is not looked at.
    ///
    /// ```
    /// use record::{Conclusion, Run};
    ///
    /// let mut run = Run::fixture_sync();
    /// run.sync.as_mut().ok_or("no scenarios")?.interrupted = true;
    /// assert_eq!(run.conclusion(), Some(Conclusion::Interrupted));
    /// assert_eq!(run.found(), Some(Conclusion::Failed));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn found(&self) -> Option<Conclusion> {
        let checks = self.checks.iter().flat_map(|checks| {
            let mishap = (checks.counts().error > 0).then_some(Conclusion::Mishap);
            let failed = checks.fails(VerdictKind::Fail).then_some(Conclusion::Failed);
            let left = (!checks.leftovers.is_empty()).then_some(Conclusion::LeftBehind);
            [mishap, failed, left]
        });
        let sync = self.sync.iter().flat_map(Sync::found);
        let load = self.load.iter().flat_map(Load::found).map(Some);
        checks.chain(sync).chain(load).flatten().max()
    }
}

/// The program that made a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetInfo {
    /// The base URL.
    pub url: String,
    /// The profile that it was held to.
    pub profile: String,
    /// Whether it was the bundled reference server.
    pub bundled: bool,
    /// Where the credential came from; none where there was none, and for the bundled server, which makes one up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialSource>,
}

/// Where a credential came from; never the credential itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CredentialSource {
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
    },
    /// The first line of a file.
    File {
        /// Its path, as it was given.
        path: String,
    },
}

/// The conformance part of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checks {
    /// Version of this part.
    pub version: u32,
    /// Whether broken SHOULDs counted as failures.
    pub strict: bool,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// What the target says it can do, by capability name.
    pub capabilities: Vec<String>,
    /// One result a check, in the catalogue's order.
    pub results: Vec<CheckResult>,
    /// Checks that were left out, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// Deviations that the profile declares, and that the target did not show to any check that would see them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unseen>,
    /// The waivers that the run was given, and what came of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverUse>,
    /// What became of the failures of an earlier run, where the run was held to new ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Every exchange, in the order sent.
    pub exchanges: Vec<Exchange>,
    /// How many resources the run created.
    pub created: u32,
    /// How many of them it removed again.
    pub removed: u32,
    /// What it could not remove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
    /// What is worth knowing of the target and belongs to no check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A check that was left out of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Excluded {
    /// The check's id.
    pub check: String,
    /// The option of the run that left it out, such as `--read-only`.
    pub option: String,
    /// Why.
    pub reason: String,
}

/// A deviation that a profile declares and the target does not show: it keeps the requirement after all, or the profile names
/// the wrong one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unseen {
    /// The requirement's id.
    pub requirement: String,
    /// The rule that asks for it.
    pub rule: String,
    /// What the application is said to do instead.
    pub behaviour: String,
}

/// A resource that the run created and could not remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leftover {
    /// Where it is, or what it is called where no address is known.
    pub resource: String,
    /// Why it is still there.
    pub reason: String,
}

/// Whether a check acts or watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// It sends requests of its own.
    Active,
    /// It is judged on every exchange of the run.
    Passive,
}

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckResult {
    /// The check's id, `area.fact`.
    pub id: String,
    /// The claim in a sentence.
    pub title: String,
    /// Whether it acts or watches.
    pub kind: CheckKind,
    /// The source file that holds it.
    pub source: String,
    /// The requirements that it cites, the first one by default under each expectation.
    pub requirements: Vec<RequirementRef>,
    /// What it found.
    pub verdict: Verdict,
    /// What whoever makes the server would change, where it found something and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Lawful peculiarities worth knowing: readings taken, MAYs seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The numbers of its exchanges; for a passive check, of those it judged.
    pub exchanges: Vec<u32>,
    /// How long it took, in microseconds.
    pub duration_us: u64,
}

impl CheckResult {
    /// The part of the id before its first dot.
    #[must_use]
    pub fn area(&self) -> &str {
        self.id.split_once('.').map_or(self.id.as_str(), |(area, _)| area)
    }
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub pass: usize,
    /// Broken SHOULDs.
    pub warn: usize,
    /// Broken MUSTs.
    pub fail: usize,
    /// Broken, as the profile means it.
    pub waived: usize,
    /// Not offered by the target.
    pub not_supported: usize,
    /// Never got as far as the claim.
    pub blocked: usize,
    /// Our own mishaps.
    pub error: usize,
}

impl Counts {
    /// Counts verdicts.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> Self {
        results.into_iter().fold(Self::default(), |mut counts, result| {
            *counts.slot(result.verdict.kind()) += 1;
            counts
        })
    }

    /// How many ended this way.
    #[must_use]
    pub fn get(mut self, kind: VerdictKind) -> usize {
        *self.slot(kind)
    }

    /// How many there are.
    #[must_use]
    pub const fn total(self) -> usize {
        self.judged() + self.not_supported + self.blocked + self.error
    }

    /// How many reached a verdict about the target.
    #[must_use]
    pub const fn judged(self) -> usize {
        self.pass + self.warn + self.fail + self.waived
    }

    fn slot(&mut self, kind: VerdictKind) -> &mut usize {
        match kind {
            VerdictKind::Pass => &mut self.pass,
            VerdictKind::Warn => &mut self.warn,
            VerdictKind::Fail => &mut self.fail,
            VerdictKind::Waived => &mut self.waived,
            VerdictKind::NotSupported => &mut self.not_supported,
            VerdictKind::Blocked => &mut self.blocked,
            VerdictKind::Error => &mut self.error,
        }
    }
}

/// What a run or one of its parts comes to. The greater one is what several come to together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    /// Everything that was judged holds.
    Pass,
    /// What fails failed in the baseline too, and nothing else does.
    Known,
    /// Not everything could be judged, and the run was asked to be strict about it; or nothing was judged at all.
    Inconclusive,
    /// The load generator could not keep up with its own plan; the run says nothing about the target's speed.
    Unhealthy,
    /// What the target did was right, and not as fast as was demanded, or not all that was asked of it.
    ObjectiveMissed,
    /// Nothing fails that did not fail in the baseline, and something that held there does not any more.
    Regression,
    /// What was judged holds, but something that the run created still stands on the target.
    LeftBehind,
    /// Nothing failed, but something that the target offers could not be judged.
    Blocked,
    /// Something that must hold does not.
    Failed,
    /// We stumbled; the run proves nothing.
    Mishap,
    /// Somebody stopped the run.
    Interrupted,
}

impl Checks {
    /// The version of this part that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// How many checks ended how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.results)
    }

    /// What this part comes to. A blocked check never lets a run pass, nor does what is left behind. Held to a baseline, a
    /// run answers for what is new.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let counts = self.counts();
        if self.interrupted {
            Conclusion::Interrupted
        } else if counts.error > 0 {
            Conclusion::Mishap
        } else if self.fails(VerdictKind::Fail) {
            Conclusion::Failed
        } else if self.fails(VerdictKind::Blocked) {
            Conclusion::Blocked
        } else if !self.leftovers.is_empty() {
            Conclusion::LeftBehind
        } else if let Some(baseline) = self.baseline.as_ref().filter(|baseline| baseline.is_other()) {
            baseline.conclusion()
        } else if counts.pass + counts.warn == 0 || (self.strict && counts.not_supported > 0) {
            Conclusion::Inconclusive
        } else {
            Conclusion::Pass
        }
    }

    /// Whether a check ended like this that the run has to answer for: in a run without a baseline, any.
    fn fails(&self, kind: VerdictKind) -> bool {
        let mut results = self.results.iter().filter(|result| result.verdict.kind() == kind);
        results.any(|result| self.baseline.as_ref().is_none_or(|baseline| !baseline.knows(&result.id)))
    }

    /// An exchange by its number.
    #[must_use]
    pub fn exchange(&self, number: u32) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.number == number)
    }
}

/// The published JSON Schema of a run file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Run).to_value()
}
