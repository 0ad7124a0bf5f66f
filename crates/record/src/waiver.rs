use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A waiver that a run was given, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WaiverUse {
    /// What it waives, such as `delete.answers-204`.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Who says so, such as `waivers.toml (Ada), until 2027-01-31`.
    pub by: String,
    /// What came of it.
    pub state: WaiverState,
}

/// What came of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// It excused something.
    Used,
    /// There was nothing to excuse, although what it is about was judged.
    Unused,
    /// Its day is past, so it excused nothing.
    Expired,
    /// What it is about was not judged in this run.
    Unjudged,
}

impl WaiverState {
    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Unjudged => "not judged",
        }
    }
}
