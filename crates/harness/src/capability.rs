//! What a target offers: pairs of a resource type and an operation.

use std::collections::BTreeSet;
use std::fmt;

/// One thing that a target may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability {
    /// The resource type; `Service` for what belongs to none.
    pub resource: &'static str,
    /// The operation.
    pub operation: &'static str,
}

impl Capability {
    const fn new(resource: &'static str, operation: &'static str) -> Self {
        Self { resource, operation }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource, self.operation)
    }
}

/// Users can be created.
pub const CREATE_USER: Capability = Capability::new("User", "create");
/// Users can be read by id.
pub const READ_USER: Capability = Capability::new("User", "read");
/// Users can be replaced.
pub const REPLACE_USER: Capability = Capability::new("User", "replace");
/// Users can be deleted.
pub const DELETE_USER: Capability = Capability::new("User", "delete");
/// Users can be listed.
pub const LIST_USERS: Capability = Capability::new("User", "list");
/// Users can be searched by a filter (`filter.supported`).
pub const FILTER_USER: Capability = Capability::new("User", "filter");
/// Lists of users can be sorted (`sort.supported`).
pub const SORT_USER: Capability = Capability::new("User", "sort");
/// Users can be modified in part (`patch.supported`).
pub const MODIFY_USER: Capability = Capability::new("User", "modify");
/// Users carry versions (`etag.supported`).
pub const VERSION_USER: Capability = Capability::new("User", "version");
/// Groups can be created.
pub const CREATE_GROUP: Capability = Capability::new("Group", "create");
/// Groups can be read by id.
pub const READ_GROUP: Capability = Capability::new("Group", "read");
/// Groups can be replaced.
pub const REPLACE_GROUP: Capability = Capability::new("Group", "replace");
/// Groups can be deleted.
pub const DELETE_GROUP: Capability = Capability::new("Group", "delete");
/// Groups can be modified in part (`patch.supported`).
pub const MODIFY_GROUP: Capability = Capability::new("Group", "modify");
/// The Enterprise extension of User is served.
pub const ENTERPRISE_USER: Capability = Capability::new("User", "enterprise");
/// The run has a credential, so that going without one means something.
pub const AUTHENTICATION: Capability = Capability::new("Service", "authentication");

/// The run has a token that was valid once.
pub const EXPIRED_TOKEN: Capability = Capability::new("Service", "expired-token");
/// The run has a token that opens what reads and nothing that writes.
pub const READ_ONLY_TOKEN: Capability = Capability::new("Service", "read-only-token");
/// The run has a token of another tenant.
pub const SECOND_TENANT: Capability = Capability::new("Service", "second-tenant");

/// What discovery says of a target, and somebody may know better.
pub const DISCOVERED: &[Capability] = &[
    CREATE_USER,
    READ_USER,
    REPLACE_USER,
    DELETE_USER,
    LIST_USERS,
    FILTER_USER,
    SORT_USER,
    MODIFY_USER,
    VERSION_USER,
    ENTERPRISE_USER,
    CREATE_GROUP,
    READ_GROUP,
    REPLACE_GROUP,
    DELETE_GROUP,
    MODIFY_GROUP,
];

/// The operations that every served resource type has (RFC 7644 §3.2), by resource type.
pub(crate) const USER: &[Capability] = &[CREATE_USER, READ_USER, REPLACE_USER, DELETE_USER, LIST_USERS];
/// The same for Group.
pub(crate) const GROUP: &[Capability] = &[CREATE_GROUP, READ_GROUP, REPLACE_GROUP, DELETE_GROUP];

/// The first of `needs` that is not among `offered`.
#[must_use]
pub fn missing(needs: &[Capability], offered: &BTreeSet<Capability>) -> Option<Capability> {
    needs.iter().copied().find(|capability| !offered.contains(capability))
}
