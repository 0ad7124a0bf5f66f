//! The form of a mapping file.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::wanted::Apply;

/// An attribute mapping: which attribute of the directory becomes which of the target.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Mapping")]
pub(super) struct File {
    /// Its name.
    pub(super) name: String,
    /// What it is for, in words.
    pub(super) title: String,
    /// Whether groups are provisioned, where nobody decides otherwise.
    #[serde(default)]
    pub(super) groups_enabled: bool,
    /// The rows for users, in the order in which attributes are sent.
    #[schemars(with = "Vec<FileRow>")]
    pub(super) users: Vec<Spanned<FileRow>>,
    /// The rows for groups.
    #[serde(default)]
    #[schemars(with = "Vec<FileRow>")]
    pub(super) groups: Vec<Spanned<FileRow>>,
}

/// One row: exactly one of `attribute`, `constant` and `expression`, and the target.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Row")]
pub(super) struct FileRow {
    /// The attribute of the target: `userName`, `name.givenName`, `emails[type eq "work"].value`, or an attribute of an
    /// extension after its URN and a colon.
    #[schemars(with = "String")]
    pub(super) target: Spanned<String>,
    /// The attribute of the directory that it comes from; `manager` and `members` are references.
    #[schemars(with = "Option<String>")]
    pub(super) attribute: Option<Spanned<String>>,
    /// The value for everybody.
    #[schemars(with = "Option<String>")]
    pub(super) constant: Option<Spanned<String>>,
    /// The expression that makes the value.
    #[schemars(with = "Option<String>")]
    pub(super) expression: Option<Spanned<String>>,
    /// What kind of value the target takes.
    #[serde(default, rename = "type")]
    pub(super) value_type: ValueType,
    /// When it flows.
    #[serde(default)]
    pub(super) apply: FileApply,
    /// Objects are matched by this attribute; 1 is tried first.
    #[schemars(with = "Option<u32>")]
    pub(super) matching: Option<Spanned<u32>>,
    /// What is sent when an object is created whose value is null.
    #[schemars(with = "Option<String>")]
    pub(super) default: Option<Spanned<String>>,
    /// Whether letters of different case make different values.
    #[serde(default)]
    pub(super) case_exact: bool,
    /// Of a reference to a manager: the attribute of the target, as it is mapped for the manager, whose value is sent in
    /// the place of the target's id.
    #[schemars(with = "Option<String>")]
    pub(super) referenced: Option<Spanned<String>>,
}

/// What kind of value an attribute of the target takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueType {
    /// A text.
    #[default]
    Text,
    /// A boolean; the texts `True` and `False` become one.
    Boolean,
    /// A whole number; a text of digits becomes one.
    Integer,
    /// Another object.
    Reference,
}

/// When an attribute flows.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Apply")]
pub(super) enum FileApply {
    /// Whenever it differs.
    #[default]
    Always,
    /// Only when the object is created in the target.
    OnCreate,
}

impl From<FileApply> for Apply {
    fn from(apply: FileApply) -> Self {
        match apply {
            FileApply::Always => Self::Always,
            FileApply::OnCreate => Self::OnCreate,
        }
    }
}
