//! Attribute mappings: which attribute of the directory becomes which of the target, as files.
//!
//! `docs/mapping.schema.json` describes their form; those that come with the program are examples.
//!
//! ```
//! use scenarios::directory::{AppRole, Directory, NewUser, Scope};
//!
//! let mut directory = Directory::new(Scope::All);
//! directory.add_user(NewUser::new("ada", "ada@example.com").with("surname", "Berg"))?;
//!
//! let mapping = scenarios::mapping::find("entra-default")?;
//! let wanted = mapping.user(&directory, "ada")?;
//! let targets: Vec<_> = wanted.attributes.iter().map(|attribute| attribute.target.as_str()).collect();
//! assert_eq!(targets, ["userName", "active", "name.familyName", "name.formatted"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod file;
mod form;
mod mapped;
mod sound;
mod wanted;

use crate::expression::Expression;
pub use crate::malformed::Malformed;
use crate::malformed::Source;
use crate::wanted::Apply;

pub use file::ValueType;
pub use mapped::Mapped;

/// The mappings that come with the program: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("blogin", include_str!("../../mappings/blogin.toml")),
    ("bonusly", include_str!("../../mappings/bonusly.toml")),
    ("entra-default", include_str!("../../mappings/entra-default.toml")),
    ("promapp", include_str!("../../mappings/promapp.toml")),
];

/// The file that describes the form of mapping files.
const SCHEMA: &str = "docs/mapping.schema.json";

/// Why there is no mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// No mapping has this name.
    #[error("there is no mapping {name:?}; known mappings: {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The file is no mapping.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// What of the directory becomes what of the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// What it is for, in words.
    pub title: String,
    /// The rows for users, in the order of the file.
    pub users: Vec<Row>,
    /// The rows for groups, in the order of the file.
    pub groups: Vec<Row>,
    /// Whether groups are provisioned, where nobody decides otherwise.
    pub groups_enabled: bool,
}

/// One row of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The attribute of the target, as mappings write it.
    pub target: String,
    /// Where its value comes from.
    pub origin: Origin,
    /// What kind of value the target takes.
    pub value_type: ValueType,
    /// When it flows.
    pub apply: Apply,
    /// Its place among the attributes that objects are matched by, from 1.
    pub matching: Option<u32>,
    /// What is sent when an object is created whose value is null.
    pub default: Option<String>,
    /// Whether letters of different case make different values.
    pub case_exact: bool,
}

/// Where the value of a row comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// It is made from the object's attributes, be it from one alone.
    Expression(Expression),
    /// It is the same for everybody.
    Constant(String),
    /// The user's manager.
    Manager {
        /// The attribute of the target, as it is mapped for the manager, whose value is sent. Without it, the target's
        /// id of the manager is.
        referenced: Option<String>,
    },
    /// The members of the group.
    Members,
}

/// The names of the mappings that come with the program, in alphabetical order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}

/// A mapping that comes with the program.
///
/// # Errors
/// When there is none of this name; the message lists those that there are.
pub fn find(name: &str) -> Result<Mapping, MappingError> {
    let Some((file, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
        return Err(MappingError::Unknown { name: name.to_owned(), known: names() });
    };
    parse(text, &format!("{file}.toml"))
}

/// Reads a mapping; `file_name` stands in messages.
///
/// # Errors
/// When the text is no TOML, lacks something, holds something unknown, or says something that cannot be. The message
/// opens with `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<Mapping, MappingError> {
    let source = Source { file: file_name, text };
    let file: file::File = toml::from_str(text).map_err(|cause| source.unread(&cause, SCHEMA))?;
    Ok(sound::mapping(file, source)?)
}

/// The published JSON Schema of a mapping file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(file::File).to_value()
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
