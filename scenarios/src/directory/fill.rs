//! How objects come into the directory.

use std::sync::Arc;

use crate::directory::attributes::{self, AttributeValue, Attributes};
use crate::directory::object::{Body, Group, Object, Slot, User};
use crate::directory::{Directory, DirectoryError, Kind};

const PRINCIPAL: &str = "userPrincipalName";
const DISPLAY_NAME: &str = "displayName";

/// A user who is to come into the directory, with an enabled account and without a manager.
#[derive(Clone, Debug)]
pub struct NewUser {
    id: String,
    enabled: bool,
    attributes: Vec<(String, AttributeValue)>,
}

impl NewUser {
    /// A user of this object id and userPrincipalName.
    #[must_use]
    pub fn new(id: impl Into<String>, principal: impl Into<String>) -> Self {
        let principal = AttributeValue::from(principal.into());
        Self { id: id.into(), enabled: true, attributes: vec![(PRINCIPAL.to_owned(), principal)] }
    }

    /// With an attribute; the last of a name counts.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<AttributeValue>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// With an account that is enabled or not.
    #[must_use]
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }
}

/// A group that is to come into the directory, empty.
#[derive(Clone, Debug)]
pub struct NewGroup {
    id: String,
    security_enabled: bool,
    attributes: Vec<(String, AttributeValue)>,
}

impl NewGroup {
    /// A security group of this object id and displayName.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let name = AttributeValue::from(name.into());
        Self { id: id.into(), security_enabled: true, attributes: vec![(DISPLAY_NAME.to_owned(), name)] }
    }

    /// With an attribute; the last of a name counts.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<AttributeValue>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// A group that is a security group or not. What is assigned to any other reaches nobody.
    #[must_use]
    pub fn security_enabled(mut self, security_enabled: bool) -> Self {
        self.security_enabled = security_enabled;
        self
    }
}

impl Directory {
    /// Takes in a user.
    ///
    /// # Errors
    /// When the id or the userPrincipalName is taken, the latter is empty, or an attribute is not known.
    pub fn add_user(&mut self, user: NewUser) -> Result<(), DirectoryError> {
        let attributes = self.attributes_of(&user.attributes)?;
        let missing = DirectoryError::Required { kind: Kind::User, attribute: PRINCIPAL };
        let principal = attributes.text(PRINCIPAL).ok_or(missing)?.to_owned();
        let folded = self.free_principal(&principal)?;
        let body = User { attributes, disabled: !user.enabled, ..User::default() };
        let slot = self.add(&user.id, Body::User(Box::new(body)))?;
        self.principals.insert(folded, slot);
        Ok(())
    }

    /// Takes in a group.
    ///
    /// # Errors
    /// When the id is taken, the displayName is empty, or an attribute is not known.
    pub fn add_group(&mut self, group: NewGroup) -> Result<(), DirectoryError> {
        let attributes = self.attributes_of(&group.attributes)?;
        if attributes.text(DISPLAY_NAME).is_none() {
            return Err(DirectoryError::Required { kind: Kind::Group, attribute: DISPLAY_NAME });
        }
        let security_enabled = group.security_enabled;
        let body = Group { attributes, security_enabled, ..Group::default() };
        self.add(&group.id, Body::Group(Box::new(body))).map(|_| ())
    }

    /// Takes in users one after the other, up to the first who is refused.
    ///
    /// # Errors
    /// As [`Directory::add_user`]; those before the refused one have been taken in.
    pub fn fill(&mut self, users: impl IntoIterator<Item = NewUser>) -> Result<(), DirectoryError> {
        users.into_iter().try_for_each(|user| self.add_user(user))
    }

    /// Sets an attribute of a user or a group, or removes it. A value that it has already changes nothing, and no
    /// watermark notices.
    ///
    /// # Errors
    /// When there is no such object, it is in the bin, the attribute is not known or cannot be removed, or another user
    /// has the userPrincipalName.
    pub fn set(&mut self, id: &str, name: &str, value: Option<AttributeValue>) -> Result<(), DirectoryError> {
        let slot = self.slot(id)?;
        let known = kept(name)?;
        match self.kind(id) {
            Some(Kind::User) => {
                let (_, user) = self.live_user(id)?;
                let current = user.attributes.text(PRINCIPAL).unwrap_or_default().to_lowercase();
                if known == PRINCIPAL {
                    self.move_principal(slot, &current, value.as_ref())?;
                }
            }
            Some(Kind::Group) | None => {
                if known == DISPLAY_NAME && value.as_ref().is_none_or(AttributeValue::is_empty) {
                    return Err(DirectoryError::Required { kind: Kind::Group, attribute: DISPLAY_NAME });
                }
            }
        }
        let Some(object) = self.objects.get_mut(slot.at()) else { return Ok(()) };
        let attributes = match &mut object.body {
            Body::User(user) => &mut user.attributes,
            Body::Group(group) => &mut group.attributes,
            Body::Gone { .. } => return Ok(()),
        };
        if attributes.set(&mut self.names, known, value) {
            self.touch(slot);
        }
        Ok(())
    }

    /// The place of a userPrincipalName, in lower case, if nobody has it.
    pub(super) fn free_principal(&self, principal: &str) -> Result<Box<str>, DirectoryError> {
        let folded = principal.to_lowercase().into_boxed_str();
        if self.principals.contains_key(&folded) {
            return Err(DirectoryError::DuplicateUserPrincipalName(principal.to_owned()));
        }
        Ok(folded)
    }

    fn move_principal(
        &mut self,
        slot: Slot,
        current: &str,
        value: Option<&AttributeValue>,
    ) -> Result<(), DirectoryError> {
        let missing = DirectoryError::Required { kind: Kind::User, attribute: PRINCIPAL };
        let Some(AttributeValue::Text(principal)) = value.filter(|value| !value.is_empty()) else {
            return Err(missing);
        };
        if principal.to_lowercase() != current {
            let folded = self.free_principal(principal)?;
            self.principals.remove(current);
            self.principals.insert(folded, slot);
        }
        Ok(())
    }

    fn attributes_of(&mut self, given: &[(String, AttributeValue)]) -> Result<Attributes, DirectoryError> {
        let mut attributes = Attributes::default();
        for (name, value) in given {
            attributes.set(&mut self.names, kept(name)?, Some(value.clone()));
        }
        attributes.settle();
        Ok(attributes)
    }

    fn add(&mut self, id: &str, body: Body) -> Result<Slot, DirectoryError> {
        let free = !id.is_empty() && !self.ids.contains_key(id);
        let slot = u32::try_from(self.objects.len()).ok().filter(|_| free);
        let slot = Slot(slot.ok_or_else(|| DirectoryError::DuplicateId(id.to_owned()))?);
        let id: Arc<str> = id.into();
        self.ids.insert(Arc::clone(&id), slot);
        self.objects.push(Object { id, changed: 0, assigned: None, body });
        self.touch(slot);
        Ok(slot)
    }
}

fn kept(name: &str) -> Result<&str, DirectoryError> {
    if attributes::is_kept(name) {
        return Ok(name);
    }
    Err(DirectoryError::UnknownAttribute { name: name.to_owned() })
}
