//! Who reports to whom, and who is in which group.

use crate::directory::object::{Body, Membership, Slot};
use crate::directory::{Directory, DirectoryError};

impl Directory {
    /// Makes one user the manager of another, or nobody.
    ///
    /// # Errors
    /// When one of the two is no user, or is in the bin.
    pub fn set_manager(&mut self, user: &str, manager: Option<&str>) -> Result<(), DirectoryError> {
        let (slot, found) = self.live_user(user)?;
        let before = found.manager;
        let after = manager.map(|manager| self.live_user(manager)).transpose()?.map(|(slot, _)| slot);
        if before == after {
            return Ok(());
        }
        if let Some(manager) = before.and_then(|slot| self.user_at_mut(slot)) {
            manager.reports.retain(|report| *report != slot);
        }
        if let Some(manager) = after.and_then(|slot| self.user_at_mut(slot)) {
            manager.reports.push(slot);
        }
        if let Some(user) = self.user_at_mut(slot) {
            user.manager = after;
        }
        self.touch_manager(slot);
        Ok(())
    }

    /// The manager of a user, by id.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn manager(&self, user: &str) -> Result<Option<&str>, DirectoryError> {
        let (_, user) = self.user(user)?;
        Ok(user.manager.and_then(|slot| self.id_at(slot)).map(|id| &**id))
    }

    /// Puts a user or a group into a group; who is in it already stays.
    ///
    /// # Errors
    /// When there is no such group or no such object, or the user is in the bin.
    pub fn add_member(&mut self, group: &str, member: &str) -> Result<(), DirectoryError> {
        let (group, _) = self.group(group)?;
        let slot = self.slot(member)?;
        if self.user_at(slot).is_some_and(|user| user.deleted.is_some()) {
            return Err(DirectoryError::SoftDeleted(member.to_owned()));
        }
        self.set_membership(group, slot, true);
        Ok(())
    }

    /// Takes a member out of a group.
    ///
    /// # Errors
    /// When there is no such group or no such object, or it is no direct member.
    pub fn remove_member(&mut self, group: &str, member: &str) -> Result<(), DirectoryError> {
        if !self.is_member(group, member)? {
            return Err(DirectoryError::NoMember(member.to_owned(), group.to_owned()));
        }
        let (group, _) = self.group(group)?;
        let slot = self.slot(member)?;
        self.set_membership(group, slot, false);
        Ok(())
    }

    /// Whether an object is a direct member of a group.
    ///
    /// # Errors
    /// When there is no such group or no such object.
    pub fn is_member(&self, group: &str, member: &str) -> Result<bool, DirectoryError> {
        let (_, group) = self.group(group)?;
        let slot = self.slot(member)?;
        Ok(group.members.get(&slot).is_some_and(|membership| membership.stands))
    }

    /// The direct members of a group by id, users and groups, in the order in which they came into the directory. Those
    /// in the bin are among them.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn members(&self, group: &str) -> Result<impl Iterator<Item = &str>, DirectoryError> {
        let (_, group) = self.group(group)?;
        Ok(group.standing().filter_map(|slot| self.id_at(slot)).map(|id| &**id))
    }

    /// How many direct members a group has.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn size(&self, group: &str) -> Result<usize, DirectoryError> {
        Ok(self.group(group)?.1.size)
    }

    /// Makes a group a security group, or takes that from it.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn set_security_enabled(&mut self, group: &str, enabled: bool) -> Result<(), DirectoryError> {
        let (slot, _) = self.group(group)?;
        let Some(group) = self.group_at_mut(slot) else { return Ok(()) };
        if group.security_enabled != enabled {
            group.security_enabled = enabled;
            self.touch(slot);
            if self.is_assigned(slot) {
                self.touch_members(slot);
            }
        }
        Ok(())
    }

    /// Whether a group is a security group.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn is_security_enabled(&self, group: &str) -> Result<bool, DirectoryError> {
        Ok(self.group(group)?.1.security_enabled)
    }

    /// Adds or removes one membership. The group itself does not count as changed: its memberships have numbers of
    /// their own, so that one new member of many is told as one.
    pub(super) fn set_membership(&mut self, group: Slot, member: Slot, stands: bool) {
        let before = self.group_at(group).and_then(|found| found.members.get(&member)).copied();
        if before.is_some_and(|before| before.stands) == stands {
            return;
        }
        let changed = self.next();
        if let Some(before) = before {
            self.memberships.remove(&before.changed);
        }
        self.memberships.insert(changed, (group, member));
        let Some(found) = self.group_at_mut(group) else { return };
        found.members.insert(member, Membership { changed, stands });
        found.size = if stands { found.size.saturating_add(1) } else { found.size.saturating_sub(1) };
        let brings_scope = found.security_enabled && self.is_assigned(group);
        if stands {
            if let Some(groups) = self.groups_at_mut(member) {
                groups.push(group);
            }
        } else {
            self.leave(member, group);
        }
        if brings_scope && self.user_at(member).is_some() {
            self.touch(member);
        }
    }

    /// Forgets at the member that it is in a group.
    pub(super) fn leave(&mut self, member: Slot, group: Slot) {
        if let Some(groups) = self.groups_at_mut(member) {
            groups.retain(|known| *known != group);
        }
    }

    /// The groups that an object is a direct member of.
    pub(super) fn groups_at(&self, slot: Slot) -> Vec<Slot> {
        match self.objects.get(slot.at()).map(|object| &object.body) {
            Some(Body::User(user)) => user.groups.clone(),
            Some(Body::Group(group)) => group.groups.clone(),
            Some(Body::Gone { .. }) | None => Vec::new(),
        }
    }

    fn groups_at_mut(&mut self, slot: Slot) -> Option<&mut Vec<Slot>> {
        match &mut self.objects.get_mut(slot.at())?.body {
            Body::User(user) => Some(&mut user.groups),
            Body::Group(group) => Some(&mut group.groups),
            Body::Gone { .. } => None,
        }
    }

    fn is_assigned(&self, slot: Slot) -> bool {
        self.objects.get(slot.at()).is_some_and(|object| object.assigned.is_some())
    }
}
