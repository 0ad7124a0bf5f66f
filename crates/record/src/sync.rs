//! The part of a run that played identity providers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::baseline::{Baseline, Came};
use crate::exchange::Exchange;
use crate::run::{Conclusion, Leftover};

/// The part of a run that played scenarios against the target: an identity provider, its directory, its cycles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sync {
    /// Version of this part.
    pub version: u32,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// One result a scenario, in the order played.
    pub scenarios: Vec<Scenario>,
    /// What became of what an earlier run missed, where the run was held to what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Every exchange, in the order sent; the numbers of the scenarios refer to these.
    pub exchanges: Vec<Exchange>,
    /// How many resources the run created.
    pub created: u32,
    /// How many of them it removed again, or found gone.
    pub removed: u32,
    /// What it could not remove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
}

/// One scenario, as it was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// Its name, which is the name of its file.
    pub name: String,
    /// What it is about, in a sentence.
    pub title: String,
    /// The client that was played, such as `entra-default`.
    pub client: String,
    /// The attribute mapping that the client was set up with.
    pub mapping: String,
    /// The profile whose promises it asks for, which may be more than the one that the target is said to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The server that it was played on, where the run has more than one: the bundled one is started anew for each scenario, as
    /// the application that the scenario is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// The seed that decided names and choices.
    pub seed: u64,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// The client's provisioning log, in order.
    pub log: Vec<LogRow>,
    /// Why the scenario could not be played to its end, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
}

/// A server that was started for one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Server {
    /// The base URL.
    pub url: String,
    /// The profile that it played.
    pub profile: String,
}

/// Why a scenario ended before its last step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stopped {
    /// Whether the reason is our own, and not the target's.
    pub mishap: bool,
    /// What happened, in a sentence.
    pub reason: String,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// What was done, in words, such as `Ada Berg moves to Oslo`.
    pub title: String,
    /// Why the client does what it does here, in words for somebody who has never seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The client's clock when the step began, RFC 3339 in UTC. It may run far ahead of the machine's.
    pub at: String,
    /// What was done to the directory, to the job, to the clock or to the target before the cycle, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
    /// The cycle, where the step was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
    /// The numbers of the exchanges that the step caused, those of its expectations included.
    pub exchanges: Vec<u32>,
    /// What was expected of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<Expectation>,
}

/// One cycle of a provisioning job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cycle {
    /// Its number within the job, from 1.
    pub number: u32,
    /// Whether everything is read anew, or only what changed.
    pub kind: CycleKind,
    /// The client's clock at its end, RFC 3339 in UTC.
    pub ended: String,
    /// How many requests it sent.
    pub requests: u32,
    /// For how many seconds of the client's time it waited because the target had asked it to.
    #[serde(default, skip_serializing_if = "is_none_at_all")]
    pub waited_s: u32,
    /// How many objects of the directory it looked at.
    pub evaluated: u32,
    /// How many of its log rows succeeded, by action, such as `create`.
    pub done: Vec<Tally>,
    /// How many were skipped.
    pub skipped: u32,
    /// How many failed.
    pub failed: u32,
    /// How many objects wait for another attempt when it ends.
    pub escrowed: u32,
    /// Why the job is in quarantine when it ends, where it is: the provider's reason code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<String>,
    /// The client's clock when the next cycle is due, RFC 3339 in UTC; none where the job is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none_at_all(number: &u32) -> bool {
    *number == 0
}

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tally {
    /// What.
    pub what: String,
    /// How often.
    pub count: u32,
}

/// Whether a cycle reads everything anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CycleKind {
    /// It reads everything in scope.
    Initial,
    /// It reads what changed since the last one.
    Incremental,
}

/// Something that a scenario expects of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expectation {
    /// What is claimed, in words.
    pub claim: String,
    /// The requirement or rule that stands behind it, by id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// What came of it.
    pub outcome: ExpectationOutcome,
    /// The exchanges that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<u32>,
}

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ExpectationOutcome {
    /// It holds.
    Held,
    /// It does not.
    Missed {
        /// What should have been.
        expected: String,
        /// What was.
        actual: String,
    },
    /// It could not be judged.
    Unjudged {
        /// Why.
        reason: String,
    },
}

/// One row of the provisioning log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogRow {
    /// Its number within the scenario, from 1.
    pub number: u32,
    /// The client's clock, RFC 3339 in UTC.
    pub at: String,
    /// The cycle that wrote it, by number.
    pub cycle: u32,
    /// What the client meant to do: `create`, `update`, `delete`, `disable`, `stageddelete` or `other`.
    pub action: String,
    /// What came of it.
    pub status: LogStatus,
    /// The object of the directory.
    pub source: Identity,
    /// The resource of the target, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Identity>,
    /// What it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modified: Vec<Modified>,
    /// The steps that led there, such as `EntryImportAdd`, each with what it found.
    pub steps: Vec<LogStep>,
    /// The provider's code for what went wrong or was left undone, such as `DuplicateTargetEntries`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// What went wrong, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The exchanges that it took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<u32>,
}

/// What came of what a log row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogStatus {
    /// It was done.
    Success,
    /// It was done in part, such as without a reference that could not be resolved.
    Warning,
    /// It was not done, and is tried again.
    Failure,
    /// There was nothing to be done, or it was not to be done.
    Skipped,
}

/// An object on one of the two sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// Its id on that side.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `User` or `Group`.
    pub kind: String,
}

/// One attribute that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Modified {
    /// The target attribute, as the mapping writes it.
    pub attribute: String,
    /// Its value before, where one was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// Its value after, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// One of the steps behind a log row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogStep {
    /// Its name, such as `EntryExportUpdate`.
    pub name: String,
    /// What came of it.
    pub status: LogStatus,
    /// What it found, in words.
    pub detail: String,
}

impl Sync {
    /// The version of this part that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// What this part comes to. Held to a baseline, it answers for what is new.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        if self.interrupted {
            Conclusion::Interrupted
        } else if self.scenarios.iter().any(Scenario::has_mishap) {
            Conclusion::Mishap
        } else if self.answers_for(Came::Missed) {
            Conclusion::Failed
        } else if self.answers_for(Came::Unjudged) {
            Conclusion::Blocked
        } else if !self.leftovers.is_empty() {
            Conclusion::LeftBehind
        } else if let Some(baseline) = self.baseline.as_ref().filter(|baseline| baseline.is_other()) {
            baseline.conclusion()
        } else if self.scenarios.iter().all(|scenario| scenario.held() == 0) {
            Conclusion::Inconclusive
        } else {
            Conclusion::Pass
        }
    }

    /// What is wrong as far as it went.
    pub(crate) fn found(&self) -> [Option<Conclusion>; 3] {
        let mishap = self.scenarios.iter().any(Scenario::has_mishap);
        [
            mishap.then_some(Conclusion::Mishap),
            self.answers_for(Came::Missed).then_some(Conclusion::Failed),
            (!self.leftovers.is_empty()).then_some(Conclusion::LeftBehind),
        ]
    }

    /// Whether something came out like this that the run has to answer for: in a run without a baseline, anything.
    fn answers_for(&self, wanted: Came) -> bool {
        let mut claims = self.scenarios.iter().flat_map(|scenario| scenario.claims(self.interrupted));
        claims.any(|(mark, came)| {
            came == wanted && !self.baseline.as_ref().is_some_and(|baseline| baseline.has(&mark))
        })
    }

    /// An exchange by its number.
    #[must_use]
    pub fn exchange(&self, number: u32) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.number == number)
    }
}

impl Scenario {
    /// Every expectation, in the order of the steps.
    pub fn expectations(&self) -> impl Iterator<Item = &Expectation> {
        self.steps.iter().flat_map(|step| &step.expectations)
    }

    /// How many expectations hold.
    #[must_use]
    pub fn held(&self) -> usize {
        self.count(|outcome| matches!(outcome, ExpectationOutcome::Held))
    }

    /// How many do not.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.count(|outcome| matches!(outcome, ExpectationOutcome::Missed { .. }))
    }

    /// How many could not be judged.
    #[must_use]
    pub fn unjudged(&self) -> usize {
        self.count(|outcome| matches!(outcome, ExpectationOutcome::Unjudged { .. }))
    }

    fn has_mishap(&self) -> bool {
        self.stopped.as_ref().is_some_and(|stopped| stopped.mishap)
    }

    fn count(&self, which: impl Fn(&ExpectationOutcome) -> bool) -> usize {
        self.expectations().filter(|expectation| which(&expectation.outcome)).count()
    }
}
