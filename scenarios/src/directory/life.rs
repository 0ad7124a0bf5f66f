//! How accounts are disabled, and how objects leave the directory.

use crate::directory::object::{Body, Slot};
use crate::directory::{BIN_MS, Directory, DirectoryError, Kind};

impl Directory {
    /// Enables or disables the account of a user.
    ///
    /// # Errors
    /// When there is no such user, or he is in the bin.
    pub fn set_enabled(&mut self, user: &str, enabled: bool) -> Result<(), DirectoryError> {
        let (slot, _) = self.live_user(user)?;
        let Some(user) = self.user_at_mut(slot) else { return Ok(()) };
        if user.disabled == enabled {
            user.disabled = !enabled;
            self.touch(slot);
        }
        Ok(())
    }

    /// Whether the account of a user is enabled.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn is_enabled(&self, user: &str) -> Result<bool, DirectoryError> {
        Ok(!self.user(user)?.1.disabled)
    }

    /// Puts a user into the bin, at a time in milliseconds since 1970. His assignment, his manager and his groups are
    /// kept for the day on which he is restored; his userPrincipalName is free for others.
    ///
    /// # Errors
    /// When there is no such user, or he is in the bin already.
    pub fn soft_delete(&mut self, user: &str, at_ms: i64) -> Result<(), DirectoryError> {
        let (slot, found) = self.live_user(user)?;
        let principal = found.attributes.text("userPrincipalName").unwrap_or_default().to_lowercase();
        self.principals.remove(principal.as_str());
        if let Some(user) = self.user_at_mut(slot) {
            user.deleted = Some(at_ms);
        }
        self.bin.insert((at_ms, slot));
        self.touch(slot);
        Ok(())
    }

    /// Whether a user is in the bin.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn is_in_bin(&self, user: &str) -> Result<bool, DirectoryError> {
        Ok(self.user(user)?.1.deleted.is_some())
    }

    /// Takes a user out of the bin.
    ///
    /// # Errors
    /// When there is no such user, he is not in the bin, or somebody has taken his userPrincipalName.
    pub fn restore(&mut self, user: &str) -> Result<(), DirectoryError> {
        let (slot, found) = self.user(user)?;
        let Some(at) = found.deleted else {
            return Err(DirectoryError::NotSoftDeleted(user.to_owned()));
        };
        let folded = self.free_principal(found.attributes.text("userPrincipalName").unwrap_or_default())?;
        self.principals.insert(folded, slot);
        self.bin.remove(&(at, slot));
        if let Some(user) = self.user_at_mut(slot) {
            user.deleted = None;
        }
        self.touch(slot);
        Ok(())
    }

    /// Deletes a user for good, from the bin or at once.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn hard_delete(&mut self, user: &str) -> Result<(), DirectoryError> {
        let (slot, _) = self.user(user)?;
        self.bury(slot);
        Ok(())
    }

    /// Deletes a group for good, as security groups always are; who was in scope through it alone is no more.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn delete_group(&mut self, group: &str) -> Result<(), DirectoryError> {
        let (slot, _) = self.group(group)?;
        self.bury(slot);
        Ok(())
    }

    /// Deletes for good who has been in the bin for 30 days at a time in milliseconds since 1970.
    pub fn empty_bin(&mut self, now_ms: i64) {
        let due = now_ms.saturating_sub(BIN_MS);
        let due: Vec<Slot> = self.bin.range(..=(due, Slot(u32::MAX))).map(|(_, slot)| *slot).collect();
        for slot in due {
            self.bury(slot);
        }
    }

    /// Takes everything that points to an object away and leaves its tombstone.
    fn bury(&mut self, slot: Slot) {
        for group in self.groups_at(slot) {
            self.set_membership(group, slot, false);
        }
        match self.objects.get(slot.at()).map(super::object::Object::kind) {
            Some(Kind::User) => self.bury_user(slot),
            Some(Kind::Group) => self.bury_group(slot),
            None => {}
        }
        if let Some(object) = self.objects.get_mut(slot.at()) {
            let (kind, name) = (object.kind(), object.name().into());
            object.body = Body::Gone { kind, name };
            object.assigned = None;
        }
        self.touch(slot);
    }

    fn bury_user(&mut self, slot: Slot) {
        let Some(user) = self.user_at_mut(slot) else { return };
        let (deleted, manager) = (user.deleted, user.manager.take());
        let reports = std::mem::take(&mut user.reports);
        let principal = user.attributes.text("userPrincipalName").unwrap_or_default().to_lowercase();
        match deleted {
            Some(at) => {
                self.bin.remove(&(at, slot));
            }
            None => {
                self.principals.remove(principal.as_str());
            }
        }
        if let Some(manager) = manager.and_then(|manager| self.user_at_mut(manager)) {
            manager.reports.retain(|report| *report != slot);
        }
        for report in reports {
            if let Some(user) = self.user_at_mut(report) {
                user.manager = None;
            }
            self.touch_manager(report);
        }
    }

    fn bury_group(&mut self, slot: Slot) {
        // Said before the group is gone: afterwards nobody knows whom it brought into scope.
        self.touch_members(slot);
        let Some(group) = self.group_at_mut(slot) else { return };
        let members = std::mem::take(&mut group.members);
        for (member, membership) in members {
            self.memberships.remove(&membership.changed);
            self.leave(member, slot);
        }
    }
}
