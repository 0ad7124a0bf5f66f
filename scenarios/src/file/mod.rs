//! Scenario files: a directory, an application, what happens day by day, and what has to come of it.
//!
//! `docs/scenario.schema.json` describes their form; those that come with the program are examples. A file is checked
//! before it is played: whatever it does to the directory is tried out, so that a step that cannot be is told of by file
//! and line.
//!
//! Nothing that a scenario did not create may be touched in the target. So everybody lives under `contoso.example`, which
//! becomes a domain of the run's own, and `{run}` stands in the name of every group.
//!
//! ```
//! let week = scenarios::file::find("bonusly-week")?;
//! assert_eq!(week.app.profile, "bonusly");
//! let stage = week.staged("r7f3")?;
//! assert!(stage.directory().user_named("ada.berg@r7f3.contoso.example").is_some());
//! # Ok::<(), scenarios::file::ScenarioError>(())
//! ```

mod action;
mod asked;
mod built_in;
mod domain;
mod expect;
mod expected;
mod model;
mod parts;
mod sound;
mod stage;
mod told;

pub use action::{Action, Disturbance, DisturbanceKind, Restart};
pub use domain::DOMAIN;
pub use expect::{AttributeIs, Expect, LogRows, MembersAre, Method, Requests, SameAsModel, Sent};
pub use model::{App, Group, People, Person, Scenario, Step};
pub use parts::Load;
pub use stage::{RUN, Stage};

use crate::directory::DirectoryError;
use crate::malformed::{Malformed, Source};
use sound::Names;

/// The file that describes the form of scenario files.
const SCHEMA: &str = "docs/scenario.schema.json";

/// Why there is no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// No scenario has this name.
    #[error("there is no scenario {name:?}{}", meant(name))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The file is no scenario.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A step does to the directory what cannot be done.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// There can be no such population.
    #[error("the population: {0}")]
    Population(String),
}

fn meant(name: &str) -> String {
    let rated = names().into_iter().map(|known| (strsim::jaro_winkler(known, name), known));
    match rated.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(alike, _)| *alike >= 0.75) {
        Some((_, known)) => format!("; did you mean {known}?"),
        None => format!("; known scenarios: {}", names().join(", ")),
    }
}

/// The names of the scenarios that come with the program, in alphabetical order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    built_in::FILES.iter().map(|(name, _)| *name).collect()
}

/// A scenario that comes with the program.
///
/// # Errors
/// When there is none of this name; the message names the one that was meant, or all.
pub fn find(name: &str) -> Result<Scenario, ScenarioError> {
    let Some((file, text)) = built_in::FILES.iter().find(|(known, _)| *known == name) else {
        return Err(ScenarioError::Unknown { name: name.to_owned() });
    };
    parse(text, &format!("{file}.toml"))
}

/// Reads a scenario of which all that it names comes with the program; `file_name` stands in messages.
///
/// # Errors
/// When the text is no TOML, lacks something, holds something unknown, or says something that cannot be. The message
/// opens with `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<Scenario, ScenarioError> {
    parse_with(text, file_name, &parts::nothing)
}

/// The same for a scenario that may name a mapping or a profile in a file of its own: a name that ends in `.toml` is a
/// path from the scenario's folder, and `load` gives what stands there.
///
/// ```
/// let files = |path: &std::path::Path| match path.to_str() {
///     Some("here/acme.toml") => Ok("name = \"acme\"\ntitle = \"Acme\"\n[[users]]\nattribute = \"userPrincipalName\"\n\
///         target = \"userName\"\nmatching = 1".to_owned()),
///     _ => Err(std::io::ErrorKind::NotFound.into()),
/// };
/// let text = "name = \"x\"\ntitle = \"X\"\nsteps = [{ title = \"Go\", cycle = true }]\n\
///     app = { profile = \"entra-ready\", mapping = \"acme.toml\" }";
/// let scenario = scenarios::file::parse_with(text, "here/x.toml", &files)?;
/// assert_eq!(scenario.mapping.name, "acme");
/// # Ok::<(), scenarios::file::ScenarioError>(())
/// ```
///
/// # Errors
/// As [`parse`], and when a file cannot be had, or is not what it should be; then its own name opens the message.
pub fn parse_with(text: &str, file_name: &str, load: &Load<'_>) -> Result<Scenario, ScenarioError> {
    let (source, file) = read(text, file_name)?;
    let parts = parts::of(&file, source, load)?;
    sound::scenario(file, source, Names::Written, parts)
}

fn read<'a>(text: &'a str, file_name: &'a str) -> Result<(Source<'a>, model::File), Malformed> {
    let source = Source { file: file_name, text };
    let file = toml::from_str(text).map_err(|cause| source.unread(&cause, SCHEMA))?;
    Ok((source, file))
}

/// The published JSON Schema of a scenario file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(model::File).to_value()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod unsound;
