use scenarios::population::Shape;
use schemars::JsonSchema;
use serde::Deserialize;

/// A load: what is there, what is done, how fast, and what is demanded. It says nothing about who executes it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The name that selects it, in lower case.
    pub name: String,
    /// What it is about, in a sentence.
    pub title: String,
    /// How many provisioning jobs there are. Each stands for a customer with a directory of its own.
    #[serde(default = "one")]
    pub jobs: u32,
    /// How many objects a job works on at a time, where executors leave that to the job.
    #[serde(default = "one")]
    pub together: u32,
    /// The directory of each job. Jobs differ by their seeds; the label is set for each run.
    #[serde(default)]
    pub population: Shape,
    /// How fast.
    #[serde(default)]
    pub pace: Pace,
    /// What is never exceeded.
    #[serde(default)]
    pub caps: Caps,
    /// What is demanded, such as `p99<200ms for create-user`, `errors<0.1%` or `growth(add-member)<=0.2`.
    #[serde(default)]
    pub objectives: Vec<String>,
    /// What is done first and not measured.
    #[serde(default)]
    pub prepare: Vec<Step>,
    /// What is done and measured, one after the other.
    pub steps: Vec<Step>,
}

/// How fast a load is put on.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// Arrivals a second, where the executor is open.
    #[schemars(range(min = 0.001, max = 100_000.0))]
    pub rate: f64,
    /// How many seconds it takes to come up to that rate.
    pub ramp_s: f64,
    /// How many arrivals may be under way; further ones are dropped, and count as slower than any bound.
    pub in_flight: u32,
    /// Whether all jobs arrive at the same moment, as when their clocks strike together. The rate stays what it is on average.
    pub herd: bool,
    /// Seconds at the beginning that count for nothing.
    pub warm_up_s: u32,
    /// Seconds after which the measured part ends, whether or not everything is done; none to do everything.
    pub duration_s: Option<u64>,
}

/// What a load never exceeds. Where it would, it ends, and says why.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Caps {
    /// Requests, what goes before and the measured part together.
    pub requests: u64,
    /// Seconds, of the same.
    pub seconds: u64,
    /// Requests a second. It is a ceiling and no pace: what would be faster waits.
    #[schemars(range(min = 0.001, max = 1_000_000.0))]
    pub rate: f64,
}

/// Something that each job does.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Whether the target is first asked, as identity providers do, if the object is there already (`create-users`,
    /// `create-groups`); unless said otherwise it is.
    pub probe: Option<bool>,
    /// How many members one request adds (`add-members`); 1 unless said otherwise.
    #[schemars(range(min = 1, max = 10_000))]
    pub per_request: Option<u64>,
    /// How often (`find-users`, `read-users`), or how many cycles there are (`cycles`); once unless said otherwise.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub times: Option<u64>,
}

/// What a step does, for each job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Every user is created.
    CreateUsers,
    /// Every user but the first gets a manager, by a request of its own.
    SetManagers,
    /// Every group is created, empty.
    CreateGroups,
    /// Every group gets its members.
    AddMembers,
    /// Every user is looked for by userName.
    FindUsers,
    /// Every user is read by id.
    ReadUsers,
    /// The directory changes, and what changed is brought through: the incremental cycles of a job.
    Cycles,
}

impl Action {
    /// As files have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateUsers => "create-users",
            Self::SetManagers => "set-managers",
            Self::CreateGroups => "create-groups",
            Self::AddMembers => "add-members",
            Self::FindUsers => "find-users",
            Self::ReadUsers => "read-users",
            Self::Cycles => "cycles",
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { rate: 50.0, ramp_s: 0.0, in_flight: 256, herd: false, warm_up_s: 0, duration_s: None }
    }
}

impl Default for Caps {
    fn default() -> Self {
        Self { requests: 1_000_000, seconds: 600, rate: 2_000.0 }
    }
}

const fn one() -> u32 {
    1
}
