use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::file::expect::Method;

/// Something that is done: to the directory, to the job, to the clock, or to the target. People and groups stand there by
/// their keys.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Somebody, or a group, comes into the directory that was declared to come later.
    Add(String),
    /// Attributes get other values; an empty text removes one.
    Set {
        /// Whose.
        of: String,
        /// The attributes and their values.
        attributes: BTreeMap<String, String>,
    },
    /// Somebody gets another manager.
    Manager {
        /// Who.
        of: String,
        /// The manager; nobody where it is left out.
        #[serde(default)]
        is: Option<String>,
    },
    /// A person or a group is assigned to the application, with a role of its own.
    Assign(String),
    /// A person or a group is assigned to the application with the role Default Access.
    AssignDefaultAccess(String),
    /// An assignment is taken back.
    Unassign(String),
    /// Somebody comes into a group.
    Join {
        /// The group.
        group: String,
        /// Who.
        who: String,
    },
    /// Somebody leaves a group.
    Leave {
        /// The group.
        group: String,
        /// Who.
        who: String,
    },
    /// An account is enabled.
    Enable(String),
    /// An account is disabled.
    Disable(String),
    /// Somebody is put into the directory's bin.
    SoftDelete(String),
    /// Somebody is taken out of the bin.
    Restore(String),
    /// Somebody is deleted for good.
    HardDelete(String),
    /// A group is deleted for good.
    DeleteGroup(String),
    /// Time passes, beyond what passes until the next cycle.
    Advance {
        /// Days.
        #[serde(default)]
        days: u32,
        /// Hours.
        #[serde(default)]
        hours: u32,
        /// Minutes.
        #[serde(default)]
        minutes: u32,
    },
    /// Something comes between the client and the target.
    Break(Disturbance),
    /// Nothing comes between them any more.
    Mend,
    /// The token is revoked at the target: whoever uses it is told 401.
    RevokeToken,
    /// A new token is made at the target, put into the job's settings, tested and saved.
    NewToken,
    /// An administrator of the target deletes the resource of somebody or of a group there.
    Lose(String),
    /// An administrator of the directory registers a target of the mapping under another name. That restarts the job.
    Retarget {
        /// The target as the mapping has it.
        target: String,
        /// Its name from now on.
        to: String,
    },
    /// The mapping of groups is switched on or off. That restarts the job.
    MapGroups(bool),
    /// The job is restarted.
    Restart(Restart),
}

/// What a restart forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// The watermark, what failed, and the quarantine; links stay, as the portal's button does it.
    Portal,
    /// Links too: everything is matched anew.
    Full,
}

/// Something between the client and the target. The target does not see a request that is hit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disturbance {
    /// What happens to a request that is hit.
    pub kind: DisturbanceKind,
    /// Which requests can be hit; all where it is left out.
    #[serde(default)]
    pub method: Option<Method>,
    /// How many of these pass before the first is hit.
    #[serde(default)]
    pub after: u32,
    /// How many are hit; all that follow where it is left out.
    #[serde(default)]
    pub times: Option<u32>,
    /// Of `throttled` and `unavailable`: for how many seconds the answer asks to be left alone.
    #[serde(default)]
    pub retry_after_s: Option<u32>,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisturbanceKind {
    /// 401.
    Unauthorized,
    /// 429.
    Throttled,
    /// 503.
    Unavailable,
    /// No connection comes about.
    Unreachable,
    /// The target does what is asked, and its answer is lost. It does see the request.
    AnswerLost,
}

impl Action {
    /// The keys of the people and groups that it names.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Self::Add(who)
            | Self::Assign(who)
            | Self::AssignDefaultAccess(who)
            | Self::Unassign(who)
            | Self::Enable(who)
            | Self::Disable(who)
            | Self::SoftDelete(who)
            | Self::Restore(who)
            | Self::HardDelete(who)
            | Self::DeleteGroup(who)
            | Self::Lose(who)
            | Self::Set { of: who, .. } => vec![who],
            Self::Manager { of, is } => std::iter::once(of).chain(is).map(String::as_str).collect(),
            Self::Join { group, who } | Self::Leave { group, who } => vec![group, who],
            Self::Advance { .. }
            | Self::Break(_)
            | Self::Mend
            | Self::RevokeToken
            | Self::NewToken
            | Self::Retarget { .. }
            | Self::MapGroups(_)
            | Self::Restart(_) => Vec::new(),
        }
    }
}
