use std::borrow::Cow;

use crate::directory::Directory;
use crate::directory::attributes::{AttributeValue, Attributes};
use crate::directory::object::{Body, Slot};

/// One object of the directory, as mappings read it.
#[derive(Clone, Copy, Debug)]
pub struct ObjectView<'a> {
    pub(super) directory: &'a Directory,
    pub(super) slot: Slot,
}

impl<'a> ObjectView<'a> {
    /// The object's id.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.directory.id_at(self.slot).map_or("", |id| id)
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.directory.objects.get(self.slot.at()).map_or("", super::object::Object::name)
    }

    /// The value of an attribute; none where the object has none.
    ///
    /// `objectId`, `accountEnabled` and `IsSoftDeleted` are worked out. The userPrincipalName of a guest,
    /// `ada_example.com#EXT#@contoso.example`, is read as the address that he was invited by; the original is
    /// `originalUserPrincipalName`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'a, AttributeValue>> {
        let derived = |value: AttributeValue| Some(Cow::Owned(value));
        match name {
            "objectId" => derived(self.id().into()),
            "accountEnabled" => {
                let user = self.directory.user_at(self.slot)?;
                derived((!user.disabled).into())
            }
            "IsSoftDeleted" => derived(self.directory.is_soft_deleted_at(self.slot).into()),
            "userPrincipalName" => {
                let principal = self.attributes()?.text(name)?;
                let guest = invited(principal).map(|address| Cow::Owned(address.into()));
                guest.or_else(|| self.kept(name))
            }
            "originalUserPrincipalName" => self.kept("userPrincipalName"),
            _ => self.kept(name),
        }
    }

    /// The names and values that are kept of it, in the order of the names.
    pub fn attributes_kept(&self) -> impl Iterator<Item = (&'a str, &'a AttributeValue)> {
        self.attributes().into_iter().flat_map(Attributes::iter)
    }

    fn kept(&self, name: &str) -> Option<Cow<'a, AttributeValue>> {
        self.attributes()?.get(name).map(Cow::Borrowed)
    }

    fn attributes(&self) -> Option<&'a Attributes> {
        match &self.directory.objects.get(self.slot.at())?.body {
            Body::User(user) => Some(&user.attributes),
            Body::Group(group) => Some(&group.attributes),
            Body::Gone { .. } => None,
        }
    }
}

/// The address by which a guest was invited, from his userPrincipalName.
fn invited(principal: &str) -> Option<String> {
    let (local, _) = principal.split_once("#EXT#@")?;
    let (alias, domain) = local.rsplit_once('_')?;
    Some(format!("{alias}@{domain}"))
}
