//! Profile files: the provisioning rules of one application, as data; [`target`] files: how one server is reached; and waivers
//! files: which of its failures are known.
//!
//! The same file drives the reference server, the checks and the simulators. `docs/profile.schema.json` describes
//! its form; the profiles that come with the program are examples.
//!
//! ```
//! let profile = profiles::find("rfc").unwrap();
//! assert_eq!(profile.base_path, "/scim/v2");
//! ```

mod behaviour;
mod defaults;
mod domain;
mod error;
mod model;
mod near;
mod paths;
mod place;
mod readings;
mod sound;
mod spoken;
pub mod target;
mod tokens;
mod values;
mod waivers;

pub use behaviour::{Behaviour, Otherwise};
pub use domain::{DOMAIN, domain_complaint, in_domain};
pub use error::ProfileError;
pub use model::{Attribute, Deviation, Profile, Rule, Schema, Seen, TypeRules, USER_NAME};
pub use readings::READINGS;
pub use sound::Citable;
pub use tokens::{MadeBy, TokenRules};
pub use waivers::{Day, Waivable, Waiver, Waivers};

/// The name of the profile that holds where none is chosen: the standard alone.
pub const DEFAULT: &str = "rfc";

/// The file that lists what belongs where.
const SCHEMA: &str = "docs/profile.schema.json";

/// The profiles that come with the program: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("blogin", include_str!("../profiles/blogin.toml")),
    ("bonusly", include_str!("../profiles/bonusly.toml")),
    ("entra-ready", include_str!("../profiles/entra-ready.toml")),
    ("promapp", include_str!("../profiles/promapp.toml")),
    (DEFAULT, include_str!("../profiles/rfc.toml")),
];

/// The names of the profiles that come with the program, in alphabetical order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
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
/// When the text is no TOML, lacks something, holds something unknown, or says something that cannot be. The
/// message opens with `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<Profile, ProfileError> {
    let profile: Profile =
        toml::from_str(text).map_err(|cause| ProfileError::malformed(text, file_name, &cause, SCHEMA))?;
    match sound::complaint(&profile) {
        Some(complaint) => Err(ProfileError::unsound(text, file_name, complaint)),
        None => Ok(profile),
    }
}

/// The same, where deviations have to be from requirements and of checks that there are.
///
/// # Errors
/// As [`parse`], and where a deviation names something that there is not.
pub fn parse_citing(text: &str, file_name: &str, citable: Citable<'_>) -> Result<Profile, ProfileError> {
    let profile = parse(text, file_name)?;
    match sound::uncitable(&profile, citable) {
        Some(complaint) => Err(ProfileError::unsound(text, file_name, complaint)),
        None => Ok(profile),
    }
}

/// The published JSON Schema of a profile file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Profile).to_value();
    let points = READINGS.iter().map(|(point, known)| {
        ((*point).to_owned(), serde_json::json!({ "enum": known, "default": known.first() }))
    });
    if let Some(readings) = schema.pointer_mut("/properties/readings").and_then(|value| value.as_object_mut())
    {
        readings.insert("properties".to_owned(), serde_json::Value::Object(points.collect()));
        readings.insert("additionalProperties".to_owned(), false.into());
    }
    schema
}

#[cfg(test)]
mod tests;
