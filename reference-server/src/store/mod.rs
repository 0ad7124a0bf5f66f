//! The store's contract. Changes are computed beforehand and committed whole or not at all; whoever loses a
//! race reads again, computes again and commits again.

mod memory;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use engine::{IndexKey, UniqueKey};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use memory::MemoryStore;

/// A tenant: a whole directory of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TenantId(pub(crate) u32);

/// A resource as it is stored. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    /// The resource type's name.
    pub(crate) resource_type: Arc<str>,
    /// Where it stands among the tenant's resources in the order of their creation.
    pub(crate) slot: u64,
    /// The tenant's commit sequence when it last changed.
    pub(crate) version: u64,
    /// The tenant's commit sequence when its body last changed: members come and go without it.
    pub(crate) written: u64,
    /// Milliseconds since 1970.
    pub(crate) created_ms: i64,
    /// Milliseconds since 1970; each change moves it forward.
    pub(crate) modified_ms: i64,
    /// The canonical resource as JSON, without id, meta and membership.
    pub(crate) body: Arc<[u8]>,
    /// Whether a secret, such as a password, was ever set. The secret itself is not kept.
    pub(crate) secret_set: bool,
}

impl Record {
    /// The body as an object. What the engine wrote can be read again.
    pub(crate) fn object(&self) -> Map<String, Value> {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The version of what clients can write of it, as an entity tag. It is weak: equal tags promise equal meaning, not
    /// equal bytes.
    pub(crate) fn tag(&self) -> String {
        format!("W/\"{}\"", self.version)
    }

    /// The version of all that is shown of it, as an entity tag: where it is in groups, a mark of them follows.
    pub(crate) fn tag_among(&self, groups: Option<GroupsMark>) -> String {
        groups.map_or_else(|| self.tag(), |GroupsMark(mark)| format!("W/\"{}-{mark:016x}\"", self.version))
    }
}

/// What tells the groups that somebody is in, and what is shown of them, from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupsMark(u64);

impl GroupsMark {
    /// None where there are none.
    pub(crate) fn of(groups: &[Record]) -> Option<Self> {
        if groups.is_empty() {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        for group in groups {
            hasher.update(group.id.as_bytes());
            hasher.update(&group.written.to_le_bytes());
        }
        let mut mark = [0; 8];
        hasher.finalize_xof().fill(&mut mark);
        Some(Self(u64::from_le_bytes(mark)))
    }

    /// An opaque tag, in its quotes, without the mark that it may have.
    pub(crate) fn taken_off(tag: &str) -> Cow<'_, str> {
        let open = tag.strip_suffix('"').and_then(|open| open.rsplit_once('-'));
        match open {
            Some((own, mark)) if mark.len() == 16 && mark.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Cow::Owned(format!("{own}\""))
            }
            _ => Cow::Borrowed(tag),
        }
    }
}

/// One membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) group: Uuid,
    pub(crate) member: Uuid,
}

/// A resource to write.
#[derive(Clone, Debug)]
pub(crate) struct Put {
    pub(crate) id: Uuid,
    pub(crate) resource_type: Arc<str>,
    /// The version that must stand there; none where nothing may stand there.
    pub(crate) expected: Option<u64>,
    pub(crate) body: Arc<[u8]>,
    pub(crate) secret_set: bool,
}

/// A resource to remove, with all its memberships in both directions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delete {
    pub(crate) id: Uuid,
    /// The version that must stand there.
    pub(crate) expected: u64,
}

/// What one commit changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// When, in milliseconds since 1970. The store never lets time run backwards.
    pub(crate) at_ms: i64,
    pub(crate) puts: Vec<Put>,
    pub(crate) deletes: Vec<Delete>,
    /// Unique keys, folded by the engine, with the resource that takes them.
    pub(crate) claims: Vec<(UniqueKey, Uuid)>,
    pub(crate) releases: Vec<UniqueKey>,
    /// Keys of the index, folded by the engine, with the resource that can be found under them from now on.
    pub(crate) index_adds: Vec<(IndexKey, Uuid)>,
    pub(crate) index_removes: Vec<(IndexKey, Uuid)>,
    /// Keys of the index under which nobody may be left.
    pub(crate) vacated: Vec<IndexKey>,
    pub(crate) edge_adds: Vec<Edge>,
    pub(crate) edge_removes: Vec<Edge>,
}

/// What a commit wrote: the records as they stand, in the order of the puts.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    pub(crate) records: Vec<Record>,
}

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// A resource does not have the expected version, or is gone, or somebody is left under a key of the index.
    Version,
    /// Another resource holds the key.
    Key(UniqueKey),
    /// Somebody who is to become a member does not exist.
    Member,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("the resource has changed"),
            Self::Key(key) => write!(f, "{} is taken", key.attribute),
            Self::Member => f.write_str("a member does not exist"),
        }
    }
}

/// A part of a list.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// How many resources the whole list has.
    pub(crate) total: u64,
    pub(crate) records: Vec<Record>,
}

/// How far a scan has come. It stays where it is whatever is created and deleted meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position(u64);

/// Where resources are kept. Every query names its tenant.
pub(crate) trait Store: Send + Sync {
    /// Changes all or nothing.
    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict>;

    /// One resource.
    fn get(&self, tenant: TenantId, id: Uuid) -> Option<Record>;

    /// `count` resources of a type in the order of their creation, from position `start` on, counting from 1.
    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page;

    /// At most `count` resources of a type behind a position, in the order of their creation, and the position
    /// behind them where there may be more.
    fn scan(
        &self,
        tenant: TenantId,
        resource_type: &str,
        behind: Position,
        count: u64,
    ) -> (Vec<Record>, Option<Position>);

    /// The resources under a key of the index, in the order of their creation.
    fn indexed(&self, tenant: TenantId, key: &IndexKey) -> Vec<Record>;

    /// Who holds a unique key.
    fn holder(&self, tenant: TenantId, key: &UniqueKey) -> Option<Uuid>;

    /// The members of a group, by ascending id.
    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record>;

    /// The groups that have this member, by ascending id.
    fn groups(&self, tenant: TenantId, member: Uuid) -> Vec<Record>;
}

#[cfg(test)]
mod tests;
