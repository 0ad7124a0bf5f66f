use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;

/// What the application makes of the tokens that open its SCIM endpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRules {
    /// What a token is said to be good for, as administrators see it.
    pub scope: Option<String>,
    /// For how many days a token is valid; without an end where the line is missing.
    pub lifetime_days: Option<NonZeroU32>,
    /// Whether an owner has one valid token at most.
    #[serde(default)]
    pub one_per_owner: bool,
    /// Whether administrators can read a token again; where not, it is shown once, and only its hash is kept.
    #[serde(default)]
    pub readable: bool,
    /// Who makes tokens.
    #[serde(default)]
    pub made_by: MadeBy,
}

/// Who makes tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MadeBy {
    /// An administrator, as many as are needed.
    #[default]
    Administrator,
    /// The application itself, when provisioning is switched on and there is no valid one.
    Switch,
}
