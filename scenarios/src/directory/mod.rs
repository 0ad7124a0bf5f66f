//! The directory of an organisation, as an identity provider keeps it: people, groups, managers, and who is assigned to
//! the application that is provisioned.
//!
//! Every change has a number. Whoever remembers the number of the last change that he knows, his *watermark*, asks for
//! what changed since; the answer costs what the changes cost, however large the directory is.
//!
//! ```
//! use scenarios::directory::{AppRole, Directory, NewUser, Scope, Watermark};
//!
//! let mut directory = Directory::new(Scope::Assigned);
//! directory.add_user(NewUser::new("ada", "ada@example.com").with("givenName", "Ada"))?;
//! assert!(!directory.in_scope("ada")?);
//! directory.assign("ada", AppRole::named("User"))?;
//! assert!(directory.in_scope("ada")?);
//!
//! let known = directory.changes_since(Watermark::START).until;
//! directory.set("ada", "city", Some("Oslo".into()))?;
//! let changes = directory.changes_since(known);
//! assert_eq!(changes.users.len(), 1);
//! # Ok::<(), scenarios::directory::DirectoryError>(())
//! ```

pub mod attributes;
mod delta;
mod error;
mod fill;
mod life;
mod object;
mod relations;
mod scope;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use attributes::AttributeValue;
pub use delta::{Changed, Changes, GroupChange, UserChange, Watermark};
pub use error::DirectoryError;
pub use fill::{NewGroup, NewUser};
pub use object::Kind;
pub use scope::{AppRole, DefaultAccess, Entitlement, Scope};
pub use view::ObjectView;

use attributes::Names;
use object::{Body, Group, Object, Slot, User};

/// How long a soft-deleted user stays in the bin, in milliseconds: 30 days.
pub const BIN_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// People, groups, and who of them is assigned to the one application that is provisioned.
#[derive(Debug)]
pub struct Directory {
    scope: Scope,
    default_access: DefaultAccess,
    objects: Vec<Object>,
    ids: HashMap<Arc<str>, Slot>,
    /// By userPrincipalName in lower case; whoever is in the bin has given his back.
    principals: HashMap<Box<str>, Slot>,
    names: Names,
    /// The number of the last change.
    sequence: u64,
    /// Each object once, under the number of its last change.
    changed: BTreeMap<u64, Slot>,
    /// Each membership that there is or was, group first, under the number of its last change.
    memberships: BTreeMap<u64, (Slot, Slot)>,
    /// Who is in the bin since when, in milliseconds since 1970.
    bin: BTreeSet<(i64, Slot)>,
}

impl Directory {
    /// An empty directory.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            default_access: DefaultAccess::Included,
            objects: Vec::new(),
            ids: HashMap::new(),
            principals: HashMap::new(),
            names: Names::default(),
            sequence: 0,
            changed: BTreeMap::new(),
            memberships: BTreeMap::new(),
            bin: BTreeSet::new(),
        }
    }

    /// What an object is, or was before it was deleted for good; none where the id was never used.
    #[must_use]
    pub fn kind(&self, id: &str) -> Option<Kind> {
        let object = self.objects.get(self.ids.get(id)?.at())?;
        Some(object.kind())
    }

    /// What people call the object: its displayName, or its userPrincipalName.
    ///
    /// # Errors
    /// When the id was never used.
    pub fn name(&self, id: &str) -> Result<&str, DirectoryError> {
        let slot = self.ids.get(id).ok_or_else(|| DirectoryError::Unknown(id.to_owned()))?;
        Ok(self.objects.get(slot.at()).map_or("", Object::name))
    }

    /// The user with this userPrincipalName, in any letter case, who is not in the bin.
    #[must_use]
    pub fn user_named(&self, principal: &str) -> Option<&str> {
        let slot = self.principals.get(principal.to_lowercase().as_str())?;
        self.objects.get(slot.at()).map(|object| &*object.id)
    }

    /// Reads the attributes of an object, also while it is in the bin.
    ///
    /// # Errors
    /// When there is no such object, or none any more.
    pub fn view(&self, id: &str) -> Result<ObjectView<'_>, DirectoryError> {
        let slot = self.slot(id)?;
        Ok(ObjectView { directory: self, slot })
    }

    /// The ids of all users, those in the bin included, in the order in which they came.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().filter(|object| matches!(object.body, Body::User(_))).map(|object| &*object.id)
    }

    /// The ids of all groups, in the order in which they came.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().filter(|object| matches!(object.body, Body::Group(_))).map(|object| &*object.id)
    }

    /// The object of an id; what was deleted for good is unknown.
    fn slot(&self, id: &str) -> Result<Slot, DirectoryError> {
        let unknown = || DirectoryError::Unknown(id.to_owned());
        let slot = *self.ids.get(id).ok_or_else(unknown)?;
        match self.objects.get(slot.at()).map(|object| &object.body) {
            None | Some(Body::Gone { .. }) => Err(unknown()),
            Some(Body::User(_) | Body::Group(_)) => Ok(slot),
        }
    }

    fn wrong_kind(id: &str, is: Kind, wanted: Kind) -> DirectoryError {
        DirectoryError::WrongKind { id: id.to_owned(), is, wanted }
    }

    /// A user, in the bin or not.
    fn user(&self, id: &str) -> Result<(Slot, &User), DirectoryError> {
        let slot = self.slot(id)?;
        let user = self.user_at(slot).ok_or_else(|| Self::wrong_kind(id, Kind::Group, Kind::User))?;
        Ok((slot, user))
    }

    /// A user who is not in the bin.
    fn live_user(&self, id: &str) -> Result<(Slot, &User), DirectoryError> {
        let (slot, user) = self.user(id)?;
        if user.deleted.is_some() {
            return Err(DirectoryError::SoftDeleted(id.to_owned()));
        }
        Ok((slot, user))
    }

    fn group(&self, id: &str) -> Result<(Slot, &Group), DirectoryError> {
        let slot = self.slot(id)?;
        let group = self.group_at(slot).ok_or_else(|| Self::wrong_kind(id, Kind::User, Kind::Group))?;
        Ok((slot, group))
    }

    fn user_at(&self, slot: Slot) -> Option<&User> {
        match &self.objects.get(slot.at())?.body {
            Body::User(user) => Some(user),
            Body::Group(_) | Body::Gone { .. } => None,
        }
    }

    fn user_at_mut(&mut self, slot: Slot) -> Option<&mut User> {
        match &mut self.objects.get_mut(slot.at())?.body {
            Body::User(user) => Some(user),
            Body::Group(_) | Body::Gone { .. } => None,
        }
    }

    fn group_at(&self, slot: Slot) -> Option<&Group> {
        match &self.objects.get(slot.at())?.body {
            Body::Group(group) => Some(group),
            Body::User(_) | Body::Gone { .. } => None,
        }
    }

    fn group_at_mut(&mut self, slot: Slot) -> Option<&mut Group> {
        match &mut self.objects.get_mut(slot.at())?.body {
            Body::Group(group) => Some(group),
            Body::User(_) | Body::Gone { .. } => None,
        }
    }

    fn id_at(&self, slot: Slot) -> Option<&Arc<str>> {
        self.objects.get(slot.at()).map(|object| &object.id)
    }
}

#[cfg(test)]
mod tests;
