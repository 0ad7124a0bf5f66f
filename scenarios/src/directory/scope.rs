use serde::{Deserialize, Serialize};

use crate::directory::object::{Body, Group, Slot};
use crate::directory::{Directory, DirectoryError, Kind};

/// Whom a provisioning job is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Who is assigned to the application, by himself or as a direct member of an assigned security group.
    #[default]
    Assigned,
    /// Everybody.
    All,
}

/// Whether those are in scope whose only role is Default Access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DefaultAccess {
    /// They are, as in configurations of today.
    #[default]
    Included,
    /// They are not, as in configurations from before April 2020.
    Excluded,
}

/// The role that an assignment to the application carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppRole {
    /// The role of those who were assigned without one.
    DefaultAccess,
    /// A role that the application defines.
    Named(Box<str>),
}

impl AppRole {
    /// A role that the application defines.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::Named(name.into())
    }
}

/// By what an object is assigned to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entitlement {
    /// By nothing.
    None,
    /// By assignments that carry the role Default Access, and no other.
    DefaultAccess,
    /// By at least one role of the application's own.
    Role,
}

impl Directory {
    /// Whom the job is about.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Chooses whom the job is about. That is a setting of the job: no object changes by it, and no watermark notices.
    pub fn set_scope(&mut self, scope: Scope) {
        self.scope = scope;
    }

    /// Chooses whether the role Default Access brings anybody into scope. Like the scope itself that is a setting of the
    /// job.
    pub fn set_default_access(&mut self, default_access: DefaultAccess) {
        self.default_access = default_access;
    }

    /// Assigns a user or a group to the application, or gives an assignment another role.
    ///
    /// # Errors
    /// When there is no such object, or it is in the bin.
    pub fn assign(&mut self, id: &str, role: AppRole) -> Result<(), DirectoryError> {
        self.set_assignment(id, Some(role))
    }

    /// Takes an assignment back; without one nothing happens.
    ///
    /// # Errors
    /// When there is no such object, or it is in the bin.
    pub fn unassign(&mut self, id: &str) -> Result<(), DirectoryError> {
        self.set_assignment(id, None)
    }

    /// Whether an object is assigned by itself.
    ///
    /// # Errors
    /// When there is no such object.
    pub fn assignment(&self, id: &str) -> Result<Option<&AppRole>, DirectoryError> {
        let slot = self.slot(id)?;
        Ok(self.objects.get(slot.at()).and_then(|object| object.assigned.as_ref()))
    }

    /// By what an object is assigned, by itself or through the security groups that it is a direct member of. It costs
    /// what the object's own groups cost.
    ///
    /// # Errors
    /// When there is no such object.
    pub fn entitlement(&self, id: &str) -> Result<Entitlement, DirectoryError> {
        Ok(self.entitlement_at(self.slot(id)?))
    }

    /// Whether the job is about an object: it is assigned, or the scope is everybody. Whether its account is enabled
    /// or in the bin is another question; see [`Directory::is_soft_deleted`].
    ///
    /// # Errors
    /// When there is no such object.
    pub fn in_scope(&self, id: &str) -> Result<bool, DirectoryError> {
        Ok(self.in_scope_at(self.slot(id)?))
    }

    /// What mappings read as `IsSoftDeleted`: the user is out of scope, in the bin, or the account is disabled.
    ///
    /// # Errors
    /// When there is no such object.
    pub fn is_soft_deleted(&self, id: &str) -> Result<bool, DirectoryError> {
        Ok(self.is_soft_deleted_at(self.slot(id)?))
    }

    pub(super) fn is_soft_deleted_at(&self, slot: Slot) -> bool {
        let inactive = self.user_at(slot).is_some_and(|user| user.disabled || user.deleted.is_some());
        inactive || !self.in_scope_at(slot)
    }

    fn in_scope_at(&self, slot: Slot) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Assigned => match self.entitlement_at(slot) {
                Entitlement::None => false,
                Entitlement::DefaultAccess => self.default_access == DefaultAccess::Included,
                Entitlement::Role => true,
            },
        }
    }

    fn entitlement_at(&self, slot: Slot) -> Entitlement {
        let own = self.objects.get(slot.at()).and_then(|object| object.assigned.as_ref());
        // Only people are assigned through a group: groups within groups are not followed.
        let groups = self.user_at(slot).map_or(&[][..], |user| &user.groups);
        let through = groups.iter().filter_map(|group| {
            let object = self.objects.get(group.at())?;
            match &object.body {
                Body::Group(group) if group.security_enabled => object.assigned.as_ref(),
                Body::Group(_) | Body::User(_) | Body::Gone { .. } => None,
            }
        });
        let mut entitlement = Entitlement::None;
        for role in own.into_iter().chain(through) {
            match role {
                AppRole::Named(_) => return Entitlement::Role,
                AppRole::DefaultAccess => entitlement = Entitlement::DefaultAccess,
            }
        }
        entitlement
    }

    fn set_assignment(&mut self, id: &str, role: Option<AppRole>) -> Result<(), DirectoryError> {
        let slot = self.slot(id)?;
        if self.user_at(slot).is_some_and(|user| user.deleted.is_some()) {
            return Err(DirectoryError::SoftDeleted(id.to_owned()));
        }
        let Some(object) = self.objects.get_mut(slot.at()) else { return Ok(()) };
        if object.assigned == role {
            return Ok(());
        }
        object.assigned = role;
        let kind = object.kind();
        self.touch(slot);
        if kind == Kind::Group && self.group_at(slot).is_some_and(|group| group.security_enabled) {
            self.touch_members(slot);
        }
        Ok(())
    }

    /// Tells of every user who is a direct member of a group: his scope may have changed.
    pub(super) fn touch_members(&mut self, group: Slot) {
        let members: Vec<Slot> = self.group_at(group).into_iter().flat_map(Group::standing).collect();
        for member in members {
            if self.user_at(member).is_some() {
                self.touch(member);
            }
        }
    }
}
