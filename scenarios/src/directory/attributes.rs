//! What an object of the directory says of itself.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The value of an attribute of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A text.
    Text(Box<str>),
    /// A boolean; expressions see it as `True` or `False`.
    Boolean(bool),
    /// Several texts, in the directory's order.
    List(Vec<Box<str>>),
}

impl AttributeValue {
    /// Whether there is nothing in it: the directory has no empty values, it has none.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Boolean(_) => false,
            Self::List(values) => values.is_empty(),
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for AttributeValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl<T: Into<Box<str>>> From<Vec<T>> for AttributeValue {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// What the directory keeps of people and groups under a name of its own, as attribute mappings write it.
const NAMES: &[&str] = &[
    "city",
    "companyName",
    "country",
    "department",
    "description",
    "displayName",
    "employeeHireDate",
    "employeeId",
    "employeeLeaveDateTime",
    "employeeOrgData.costCenter",
    "employeeOrgData.division",
    "employeeType",
    "facsimileTelephoneNumber",
    "givenName",
    "jobTitle",
    "mail",
    "mailNickname",
    "mobile",
    "onPremisesDistinguishedName",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesUserPrincipalName",
    "otherMails",
    "physicalDeliveryOfficeName",
    "postalCode",
    "preferredLanguage",
    "proxyAddresses",
    "state",
    "streetAddress",
    "surname",
    "telephoneNumber",
    "usageLocation",
    "userPrincipalName",
    "userType",
];

/// What the directory works out by itself; mappings may read it, nobody can set it.
const DERIVED: &[&str] = &["IsSoftDeleted", "accountEnabled", "objectId", "originalUserPrincipalName"];

/// What points to other objects: a user's manager, a group's members.
pub(crate) const REFERENCES: &[&str] = &["manager", "members"];

/// How many attributes of the tenant's own choice there are: `extensionAttribute1` and on.
const EXTENSION_ATTRIBUTES: u32 = 15;

/// Whether the directory keeps a value under this name. Letter case counts.
#[must_use]
pub fn is_kept(name: &str) -> bool {
    let numbered = name.strip_prefix("extensionAttribute").is_some_and(|number| {
        number
            .parse::<u32>()
            .is_ok_and(|parsed| (1..=EXTENSION_ATTRIBUTES).contains(&parsed) && number == parsed.to_string())
    });
    // A directory extension: `extension_<application>_<name>`.
    let extension = name
        .strip_prefix("extension_")
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(application, name)| !application.is_empty() && !name.is_empty());
    NAMES.contains(&name) || numbered || extension
}

/// Whether a mapping can read a value of this name: what the directory keeps, and what it works out. References are
/// no values.
#[must_use]
pub fn is_readable(name: &str) -> bool {
    is_kept(name) || DERIVED.contains(&name)
}

/// The name that somebody meant who wrote one that there is not.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    let all = || NAMES.iter().chain(DERIVED).chain(REFERENCES).copied();
    let fold = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let same = all().find(|known| fold(known) == fold(name));
    same.or_else(|| {
        let rated = all().map(|known| (strsim::jaro_winkler(&fold(known), &fold(name)), known));
        rated.filter(|(score, _)| *score >= 0.85).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
    })
}

/// The attributes of one object, by name.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(Arc<str>, AttributeValue)>);

impl Attributes {
    pub(super) fn get(&self, name: &str) -> Option<&AttributeValue> {
        let at = self.place(name).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The value as text, where it is one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(AttributeValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Sets a value, or removes it; true where that changes anything.
    pub(super) fn set(&mut self, names: &mut Names, name: &str, value: Option<AttributeValue>) -> bool {
        let value = value.filter(|value| !value.is_empty());
        match (self.place(name), value) {
            (Err(_), None) => false,
            (Ok(at), None) => {
                self.0.remove(at);
                true
            }
            (Ok(at), Some(value)) => match self.0.get_mut(at) {
                Some((_, current)) if *current != value => {
                    *current = value;
                    true
                }
                _ => false,
            },
            (Err(at), Some(value)) => {
                self.0.insert(at, (names.shared(name), value));
                true
            }
        }
    }

    /// Gives back what was reserved for attributes that did not come.
    pub(super) fn settle(&mut self) {
        self.0.shrink_to_fit();
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }
}

/// The names in use, each of them once: a hundred thousand users share theirs.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<Arc<str>>);

impl Names {
    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}
