//! Microsoft Entra's provisioning service, as far as it is public: what it sends, and in which cycles.
//!
//! A [`Writer`] makes requests of what an object is to look like; what it makes is held to the hand-written files in
//! `scenarios/requests`. [`Settings`] are the points on which jobs differ, or on which nothing public is certain.

mod job;
mod path;
mod settings;
mod write;

pub(crate) use job::active;
pub use job::{
    CONNECTION_TEST, Changed, Clock, Connection, Cycled, Discovery, Escrow, Job, Link, Links, Log,
    MemberChange, Ndjson, Object, OutOfScope, PutOff, Quarantine, Reset, Source, Standing, State, Status,
    Timed, VirtualClock, label,
};
pub use settings::{ClientKind, Groups404, ManagerClear, ManagerPass, SchemaDiscovery, Settings};
pub use write::{Difference, MembersChange, Writer};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an object of the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    /// A person.
    User,
    /// A group of people.
    Group,
}

impl ObjectKind {
    /// The name of its resource type, `User` or `Group` (RFC 7643 §6).
    #[must_use]
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    pub(crate) const fn endpoint(self) -> &'static str {
        match self {
            Self::User => protocol::endpoint::USERS,
            Self::Group => protocol::endpoint::GROUPS,
        }
    }

    const fn schema(self) -> &'static str {
        match self {
            Self::User => protocol::urn::USER,
            Self::Group => protocol::urn::GROUP,
        }
    }
}
