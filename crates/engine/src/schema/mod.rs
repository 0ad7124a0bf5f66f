//! Schemas as data: what the embedded files hold, what `/Schemas` publishes, and what requests are held to.

mod publish;

use serde::Deserialize;

pub use protocol::{Kind, Mutability, Returned, Uniqueness};

/// One schema, RFC 7643 §7.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schema {
    /// Its URI.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// What it describes.
    pub description: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Whether the names of its attributes match letter by letter, whatever the reading.
    #[serde(skip)]
    pub exact_names: bool,
}

/// One attribute with its characteristics, RFC 7643 §2.2 and §7. What the files leave out has the default of
/// §2.2: an optional single-valued string, readable and writable, compared without regard to case.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The type of its value.
    #[serde(rename = "type", default)]
    pub kind: Kind,
    /// Whether its value is an array.
    #[serde(default)]
    pub multi_valued: bool,
    /// What it means.
    pub description: String,
    /// Whether a resource must have it.
    #[serde(default)]
    pub required: bool,
    /// Suggested values.
    #[serde(default)]
    pub canonical_values: Vec<String>,
    /// Whether letter case counts when values are compared.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may write it, and when.
    #[serde(default)]
    pub mutability: Mutability,
    /// When it is shown.
    #[serde(default)]
    pub returned: Returned,
    /// How far no two resources may share a value.
    #[serde(default)]
    pub uniqueness: Uniqueness,
    /// What a reference may point at.
    #[serde(default)]
    pub reference_types: Vec<String>,
    /// The attributes of a complex value.
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
    /// Set where the values are edges of the membership graph and not part of the stored resource.
    #[serde(default)]
    pub link: Option<Link>,
    /// Whether values are held to [`kind`](Self::kind). Always so in the files.
    #[serde(skip, default = "yes")]
    pub type_checked: bool,
}

const fn yes() -> bool {
    true
}

impl Attribute {
    /// The sub-attribute of this name, in any letter case.
    #[must_use]
    pub fn sub_attribute(&self, name: &str) -> Option<&Self> {
        named(&self.sub_attributes, name)
    }
}

/// The attribute of this name, in any letter case.
pub(crate) fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// Which end of the membership graph an attribute shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Link {
    /// The members of this group; clients write it.
    Members,
    /// The groups that this resource is in; derived.
    Groups,
}
