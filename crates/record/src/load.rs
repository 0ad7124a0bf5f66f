//! The part of a run that put load on the target.

mod conclusion;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::baseline::Baseline;
use crate::run::Leftover;

/// The part of a run that put load on the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Load {
    /// Version of this part.
    pub version: u32,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
    /// One result a load file and executor, in the order played.
    pub runs: Vec<LoadRun>,
    /// What became of what an earlier run missed, where the run was held to what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// One load, as it was played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadRun {
    /// Its name, which is the name of its file.
    pub name: String,
    /// What it is about, in a sentence.
    pub title: String,
    /// What drove it: `goose` or `arrival`.
    pub executor: String,
    /// Whether requests wait for earlier answers.
    pub model: LoadModel,
    /// The seed that decided the population and the order of things.
    pub seed: u64,
    /// The algorithm of the population, such as `population/1`.
    pub population: String,
    /// How many users, groups and memberships the load was to bring.
    pub size: Size,
    /// How many jobs or users worked at the same time, at most.
    pub concurrency: u32,
    /// Arrivals a second that were intended; none in a closed model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// How long it took, in milliseconds, the warm-up included, without what went before and after.
    pub duration_ms: u64,
    /// Where its own ceiling kept a closed load from sending as fast as the target answered; its rate is then the ceiling's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<HeldBack>,
    /// What it left out because the target does not offer it, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// What was measured, by operation and outcome.
    pub operations: Vec<Operation>,
    /// What happened in each second.
    pub intervals: Vec<Interval>,
    /// What went wrong, by kind, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorKind>,
    /// How latency grew with the size of what was worked on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub growth: Vec<Growth>,
    /// Whether the generator kept up with its own plan.
    pub health: Health,
    /// Whether the target ended as the model says; none where nothing was left to compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit>,
    /// What was to be brought and what the target took, where that is less; none where it took everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// What was demanded, and what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<Objective>,
    /// Why it ended before its plan, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// How many resources it created.
    pub created: u64,
    /// How many of them it removed again.
    pub removed: u64,
    /// What it could not remove; at most twenty are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
}

/// How much a load's own ceiling held it back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldBack {
    /// The ceiling, `caps.rate`: requests a second.
    pub rate: f64,
    /// How much of their time those who send waited for it, in percent.
    pub percent: f64,
}

/// Whether requests wait for earlier answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadModel {
    /// They do: a slow server is asked less, and its worst moments are seen by few requests.
    Closed,
    /// They do not: they come when they are due, and latency counts from then.
    Open,
}

/// How much a load was about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Size {
    /// Users.
    pub users: u64,
    /// Groups.
    pub groups: u64,
    /// Members of the groups, all together.
    pub memberships: u64,
}

/// One operation with one outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// What was done, such as `create-user`.
    pub name: String,
    /// What came of it.
    pub outcome: LoadOutcome,
    /// How often.
    pub count: u64,
    /// From the moment it was due to the last byte; in an open model its object or its cycle was due then.
    pub response: Latency,
    /// From the moment it was sent to the last byte.
    pub service: Latency,
    /// The whole distribution of `response`: a `HdrHistogram` V2, deflated, in Base64. Values are microseconds.
    pub histogram: String,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadOutcome {
    /// The target did as it was asked.
    Ok,
    /// It asked for patience (429).
    Limited,
    /// It answered something else than it should.
    Failed,
    /// There was no usable answer.
    Broken,
}

/// Quantiles, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Latency {
    /// Half took no longer.
    pub p50_us: u64,
    /// 90 % took no longer.
    pub p90_us: u64,
    /// 99 % took no longer.
    pub p99_us: u64,
    /// 99.9 % took no longer.
    pub p999_us: u64,
    /// None took longer.
    pub max_us: u64,
}

/// One second of a load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Interval {
    /// When it began, in whole seconds since the measured part did.
    pub second: u32,
    /// Whether it belongs to the warm-up, which counts for nothing else.
    pub warm_up: bool,
    /// Requests that ended well in it.
    pub ok: u64,
    /// Requests that were asked to wait.
    pub limited: u64,
    /// Requests that failed or got no answer.
    pub failed: u64,
    /// Requests under way at its end.
    pub in_flight: u32,
    /// Latency from the moment due, of those that ended in it.
    pub response: Latency,
    /// The same by operation and outcome.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<IntervalOperation>,
    /// Whether that is left out: of a long load only some 5,000 of these are told, of the first seconds and each second as a
    /// whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub operations_left_out: bool,
}

/// One operation with one outcome, in one second of a load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntervalOperation {
    /// What was done, such as `create-user`.
    pub name: String,
    /// What came of it.
    pub outcome: LoadOutcome,
    /// How often.
    pub count: u64,
    /// How many answers there were of each class of status, such as `2xx`; `none` are those that did not come.
    pub statuses: BTreeMap<String, u64>,
    /// Latency from the moment due.
    pub response: Latency,
    /// The whole distribution of `response`: a `HdrHistogram` V2, deflated, in Base64. Values are microseconds.
    pub histogram: String,
}

/// One kind of error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorKind {
    /// The operation.
    pub operation: String,
    /// The status, where there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The answer's scimType, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scim_type: Option<String>,
    /// Why there was no usable answer: `connect`, `tls`, `timeout`, `reset`, `malformed`, `unusable`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// How often.
    pub count: u64,
    /// What the first of them said.
    pub example: String,
}

/// How the latency of an operation grew with the size of what it worked on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Growth {
    /// The operation, such as `add-member`.
    pub operation: String,
    /// The exponent `b` of `latency = a * size^b`: 0 is constant, 1 linear.
    pub exponent: f64,
    /// Between which two values the exponent lies, with a confidence of 90 %; none where too few sizes were measured to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// What was measured.
    pub points: Vec<GrowthPoint>,
}

/// One size and what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrowthPoint {
    /// The size: members of the group, users of the directory.
    pub size: u64,
    /// The median service time at that size, in microseconds.
    pub p50_us: u64,
    /// How many requests it was measured on.
    pub count: u64,
}

/// Whether the generator kept up with its own plan. A run that its own generator spoiled says nothing about the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Health {
    /// How late requests were sent, in microseconds: 99 % were not later. None in a closed model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_p99_us: Option<u64>,
    /// How long those who send waited for a processor; none where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor_wait: Option<ProcessorWait>,
    /// How much of its machine's processors went to neither generator nor target, in percent; none where nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others_percent: Option<f64>,
    /// Arrivals that were given up because too many were under way, those of the warm-up left out.
    pub dropped: u64,
    /// Arrivals of the warm-up that were given up; they count for nothing.
    #[serde(default)]
    pub dropped_warm_up: u64,
    /// How much of the processors that it could use the generator used, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<f64>,
    /// Why the run is spoiled; empty when what it says of the target holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoiled: Vec<String>,
    /// Whether others spoiled it, who had this machine's processors, and not the generator itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_others: bool,
    /// What would spoil a run that demands something of the target's speed: its times are the machine's as much as the target's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disturbed: Vec<String>,
}

impl Health {
    /// Who spoiled the run, in words that follow "spoiled by"; none where nobody did.
    #[must_use]
    pub fn spoiler(&self) -> Option<&'static str> {
        let spoiler = if self.by_others { "what else ran on its machine" } else { "its own generator" };
        (!self.spoiled.is_empty()).then_some(spoiler)
    }
}

/// How long threads that had something to do waited for a processor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProcessorWait {
    /// How much of the time that they had something to do they waited, in percent.
    pub percent: f64,
    /// How long each time that they wanted a processor, on average, in microseconds.
    pub turn_us: u64,
}

/// The target's state after a load, beside the model's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Audit {
    /// How much was read back.
    pub compared: Size,
    /// Everything that differs; at most twenty are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// How many differ altogether.
    pub differing: u64,
    /// Why it could not be finished, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<String>,
}

/// How much the target took of what a load was to bring. Members that cycles move are not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delivery {
    /// Requests, those of the preparation too, that were to bring something and did not, whatever the last answer was.
    pub given_up: u64,
    /// What was to be brought.
    pub planned: Size,
    /// What of it the target acknowledged.
    pub delivered: Size,
    /// How requests ended that were given up, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ErrorKind>,
}

impl Delivery {
    /// Each kind of thing: its name, how many were planned, and how many were delivered.
    #[must_use]
    pub const fn kinds(&self) -> [(&'static str, u64, u64); 3] {
        let Self { planned, delivered, .. } = self;
        [
            ("users", planned.users, delivered.users),
            ("groups", planned.groups, delivered.groups),
            ("memberships", planned.memberships, delivered.memberships),
        ]
    }
}

/// Something that the target holds otherwise than the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Difference {
    /// The resource, in words.
    pub resource: String,
    /// What the model says.
    pub expected: String,
    /// What the target says.
    pub actual: String,
}

/// Something that was demanded of a load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objective {
    /// As it was written, such as `p99<200ms for create-user`.
    pub text: String,
    /// What was measured, in words; none where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<String>,
    /// Whether it was met.
    pub met: bool,
    /// Why nobody can say whether it was met, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unjudged: Option<String>,
}

impl Objective {
    /// Whether it was judged and not met.
    #[must_use]
    pub const fn is_missed(&self) -> bool {
        !self.met && self.unjudged.is_none()
    }
}
