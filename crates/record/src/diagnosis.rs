use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::run::{Leftover, TargetInfo, Tool};

/// What a look at a server came to: what it is, what it claims, what of that works, and what would keep a run from judging it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Diagnosis {
    /// The version of this form: [`Diagnosis::VERSION`].
    pub version: u32,
    /// What looked.
    pub tool: Tool,
    /// The server.
    pub target: TargetInfo,
    /// Why nothing was written; none where it was. What works is then known only as far as reading tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<String>,
    /// Whether it was ended early.
    pub interrupted: bool,
    /// The limit of requests that ended it; none where nothing did, or somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// How it answers.
    pub manner: Manner,
    /// The discovery documents, in the order in which they were asked for.
    pub documents: Vec<Document>,
    /// What can be asked of a SCIM server: what it claims of each, and what came of trying.
    pub features: Vec<Feature>,
    /// What was found, the worst first.
    pub symptoms: Vec<Symptom>,
    /// What a target file has to say of it.
    pub settings: Settings,
    /// How many resources were created.
    pub created: u32,
    /// How many of them are gone again.
    pub removed: u32,
    /// What could not be removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
    /// What to type next.
    pub next: String,
}

/// How a server answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manner {
    /// What it calls itself (`Server`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// How many requests were sent.
    pub requests: u32,
    /// How long half of the answers took at most, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_us: Option<u64>,
    /// How long the slowest took, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowest_us: Option<u64>,
    /// How many answers were 429.
    pub put_off: u32,
    /// What it says of its limits: headers, each as `name: value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
    /// How many resources of each type it has, by the type's name, as its lists say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<String, u64>,
}

/// A discovery document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// Its path below the base URL.
    pub path: String,
    /// Whether it can be read as what it should be.
    pub readable: bool,
    /// What it says, or what is wrong with it, in words.
    pub said: String,
}

/// One thing that can be asked of a SCIM server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Feature {
    /// What it is, in words.
    pub name: String,
    /// Whether discovery claims it; none where nothing is said of it, or discovery cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<bool>,
    /// What came of trying.
    pub works: Works,
    /// How that was seen, or why it was not.
    pub said: String,
    /// The capability by which a target file speaks of it, such as `User.sort`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
}

/// What came of trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Works {
    /// It works.
    Yes,
    /// It does not.
    No,
    /// It was not tried, or trying told nothing.
    Unknown,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Symptom {
    /// A name for programs, such as `authority-unknown`.
    pub name: String,
    /// What it does to a run.
    pub weight: Weight,
    /// What was seen.
    pub said: String,
    /// What to do.
    pub advice: String,
    /// The words of a command line that do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// The words of a target file that do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
}

/// What a symptom does to a run, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// No run can begin, or next to nothing could be judged in it.
    Blocks,
    /// A run can begin, and would judge less, or wrongly, where nothing is done about it.
    Hinders,
    /// Good to know.
    Tells,
}

/// What a target file has to say so that a run gets as far as it can.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The base URL, where it is another one than was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The profile that the server seems to have, where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// How many seconds a request may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_s: Option<u64>,
    /// How many seconds reads may lag behind writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_s: Option<u64>,
    /// How many requests a second may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<u64>,
    /// The domain that addresses have to be of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// What works although discovery does not say so, by capability.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub capabilities: BTreeMap<String, bool>,
    /// What a create has to carry, by resource type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub samples: BTreeMap<String, Map<String, Value>>,
}

impl Diagnosis {
    /// The version of the form that this program writes.
    pub const VERSION: u32 = 1;

    /// What keeps a run from judging anything, the first of it.
    #[must_use]
    pub fn obstacle(&self) -> Option<&Symptom> {
        self.symptoms.iter().find(|symptom| symptom.weight == Weight::Blocks)
    }
}

/// The published JSON Schema of what `doctor --json` prints.
///
/// ```
/// assert_eq!(record::diagnosis_schema()["title"], "Diagnosis");
/// ```
#[must_use]
pub fn diagnosis_schema() -> Value {
    schemars::schema_for!(Diagnosis).to_value()
}

impl Feature {
    /// Whether discovery claims it and it does not work.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.claimed == Some(true) && self.works == Works::No
    }

    /// Whether it works and a run would not know: discovery denies it, or says nothing of it where it should.
    #[must_use]
    pub fn is_unclaimed(&self) -> bool {
        self.claimed != Some(true) && self.works == Works::Yes && self.capability.is_some()
    }
}
