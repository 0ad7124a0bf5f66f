//! Profile files: the provisioning rules of one application, as data.
//!
//! ```
//! let profile = profiles::find("rfc").unwrap();
//! assert_eq!(profile.base_path, "/scim/v2");
//! ```

mod error;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use error::ProfileError;

/// The name of the profile that holds where none is chosen: the standard alone.
pub const DEFAULT: &str = "rfc";

/// The profiles that come with the program: file name and text.
const BUILT_IN: &[(&str, &str)] = &[("rfc", include_str!("../profiles/rfc.toml"))];

/// The rules of one application.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name that selects it, in lower case.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// The path of the base URL, with a leading and without a trailing slash; empty for the root.
    pub base_path: String,
    /// By resource type: attributes that the application demands on create, with a value for each.
    #[serde(default)]
    pub samples: BTreeMap<String, Map<String, Value>>,
}

/// The names of the profiles that come with the program, in alphabetical order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names
}

/// A profile that comes with the program.
///
/// # Errors
/// When there is none of this name; the message lists those that there are.
pub fn find(name: &str) -> Result<Profile, ProfileError> {
    let Some((file, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
        return Err(ProfileError::Unknown { name: name.to_owned(), known: names() });
    };
    parse(text, &format!("{file}.toml"))
}

/// Reads a profile; `file_name` stands in messages.
///
/// # Errors
/// When the text is no TOML, lacks something, holds something unknown, or names a base path that is none. The
/// message opens with `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<Profile, ProfileError> {
    let profile: Profile =
        toml::from_str(text).map_err(|cause| ProfileError::malformed(text, file_name, &cause))?;
    let path = &profile.base_path;
    if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/')) {
        return Err(ProfileError::base_path(text, file_name));
    }
    Ok(profile)
}

#[cfg(test)]
mod tests;
