//! The points on which provisioning jobs differ, or on which nothing public is certain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a provisioning job behaves.
///
/// Each setting says how sure its default is: D the product's documentation, M code that Microsoft publishes, Q answers of
/// its staff, W requests captured by implementers, I our own reading.
///
/// ```
/// use scenarios::entra::{ClientKind, ManagerClear, Settings};
///
/// let settings = Settings::of(ClientKind::EntraFlag);
/// assert_eq!(settings.manager_clear(), ManagerClear::EmptyText);
/// assert_eq!(settings.member_batch_size, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is one switch of a job, and stands alone in a file")]
pub struct Settings {
    /// Which form of PATCH it speaks (D).
    pub client: ClientKind,
    /// Whether the flag of the tenant URL reaches the server, as a bare key before the query. Off (I): no capture shows
    /// it either way.
    pub send_flag_in_query: bool,
    /// The `Accept` header, where there is one. None (W, I): servers have taken the connection test for a browser's.
    pub accept: Option<String>,
    /// Whether the connection test asks for a group too. Off (I); the documentation speaks of it, captures mostly show
    /// users alone.
    pub group_probe: bool,
    /// Whether members are sent with `"$ref": null` before the value. Off (W); the documentation's sample has it.
    pub member_ref_null: bool,
    /// How many members one PATCH adds or removes, from 1. One (W); servers have to take several (D).
    pub member_batch_size: u32,
    /// Whether a new group carries an empty list of members. On (W); the documentation's sample has none.
    pub empty_members: bool,
    /// Whether a new user carries an empty list of roles, where none is mapped. Off (D shows both).
    pub empty_roles: bool,
    /// Whether a new user carries nulls for what has no value. Off (D: nulls are not provisioned; one sample has them).
    pub emit_nulls: bool,
    /// When managers follow. In the same cycle (D); some administrators saw them in the next (I).
    pub manager_pass: ManagerPass,
    /// How a manager is taken away; by default `remove` without the flag (I) and `empty-text` with it (M, I).
    pub manager_clear: Option<ManagerClear>,
    /// What a 404 for groups means. A failure of each group (I); for users it always means quarantine (D, W).
    pub groups_404: Groups404,
    /// How often a request is made anew at once after a 5xx or no answer; a creation never is. Not at all (I): the next
    /// cycle tries again (D).
    pub retries_in_cycle: u32,
    /// How often a request that is answered with 429 and `Retry-After` is waited for before it counts as failed. 10 (I).
    pub throttled_waits: u32,
    /// Whether objects are created (D: on).
    pub create: bool,
    /// Whether objects are updated, which includes disabling them (D: on).
    pub update: bool,
    /// Whether objects are deleted (D: on).
    pub delete: bool,
    /// Whether those who leave the scope are left as they are (D: off).
    pub skip_out_of_scope_deletions: bool,
    /// Above how many disables and deletes in one cycle none is sent (D: unset).
    pub accidental_deletions: Option<u32>,
    /// How long a request may take, in seconds: whoever makes the client hands it on
    /// ([`client::Target::timeout`]). 100 (I): unpublished, and the default of the provider's platform.
    pub timeout_s: u64,
    /// Which attributes of `/Schemas` are read when the configuration is saved. None (D: only applications of the gallery
    /// are asked); some administrators saw the core attributes (I).
    pub schema_discovery: SchemaDiscovery,
    /// How long after the beginning of a cycle the next one begins, in minutes. 40 (D).
    pub interval_min: u32,
}

/// Which form of PATCH a job speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientKind {
    /// Today's default: capitalised operations, a path for each, booleans as texts (D, W).
    #[default]
    EntraDefault,
    /// With `aadOptscim062020` in the tenant URL: small letters, booleans, merged replacements (D).
    EntraFlag,
}

impl ClientKind {
    /// Its name, as files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EntraDefault => "entra-default",
            Self::EntraFlag => "entra-flag",
        }
    }
}

/// When managers follow their reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ManagerPass {
    /// After all users of the cycle.
    #[default]
    SameCycle,
    /// In the cycle after the one in which they changed.
    NextCycle,
}

/// How a manager is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ManagerClear {
    /// Replace by an empty text, as the validation template does (M).
    EmptyText,
    /// Remove the attribute (I).
    Remove,
    /// Remove `manager[value eq "…"]`, as one server saw it (W).
    ValuePath,
}

/// What a 404 for groups means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Groups404 {
    /// The group fails and is tried again later.
    #[default]
    Escrow,
    /// The job is quarantined.
    Quarantine,
}

/// Which of the target's schemas are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaDiscovery {
    /// None.
    #[default]
    None,
    /// The core attributes alone.
    CoreOnly,
    /// Extensions too.
    All,
}

impl Settings {
    /// The defaults of a client.
    #[must_use]
    pub fn of(client: ClientKind) -> Self {
        Self { client, ..Self::default() }
    }

    /// When the cycle after one that began at this moment is due, in milliseconds since 1970.
    pub(crate) fn due_ms(&self, began_ms: i64) -> i64 {
        began_ms.saturating_add(i64::from(self.interval_min).saturating_mul(60 * 1000))
    }

    /// How a manager is taken away by this client.
    #[must_use]
    pub fn manager_clear(&self) -> ManagerClear {
        self.manager_clear.unwrap_or(match self.client {
            ClientKind::EntraDefault => ManagerClear::Remove,
            ClientKind::EntraFlag => ManagerClear::EmptyText,
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            client: ClientKind::EntraDefault,
            send_flag_in_query: false,
            accept: None,
            group_probe: false,
            member_ref_null: false,
            member_batch_size: 1,
            empty_members: true,
            empty_roles: false,
            emit_nulls: false,
            manager_pass: ManagerPass::SameCycle,
            manager_clear: None,
            groups_404: Groups404::Escrow,
            retries_in_cycle: 0,
            throttled_waits: 10,
            create: true,
            update: true,
            delete: true,
            skip_out_of_scope_deletions: false,
            accidental_deletions: None,
            timeout_s: 100,
            schema_discovery: SchemaDiscovery::None,
            interval_min: 40,
        }
    }
}
