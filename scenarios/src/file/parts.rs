//! What a scenario names and does not hold: its mapping and its profile.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use profiles::{Profile, ProfileError};

use crate::file::model::File;
use crate::file::sound::{meant, starts};
use crate::malformed::{Malformed, Source};
use crate::mapping::{self, Mapping, MappingError};

/// Gives the text of a file by its path: where files come from is the caller's affair.
pub type Load<'a> = dyn Fn(&Path) -> io::Result<String> + 'a;

/// What a scenario names.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) mapping: Arc<Mapping>,
    pub(super) profile: Arc<Profile>,
}

/// No file at all.
pub(super) fn nothing(_: &Path) -> io::Result<String> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "no files are at hand here"))
}

/// The parts that a scenario names.
pub(super) fn of(file: &File, source: Source<'_>, load: &Load<'_>) -> Result<Parts, Malformed> {
    let (span, app) = (file.app.span(), file.app.get_ref());
    let place = Place { source, span: span.clone(), starts: starts(file) };
    Ok(Parts {
        profile: Arc::new(profile(&place, &app.profile, load)?),
        mapping: Arc::new(mapping(&place, &app.mapping, load)?),
    })
}

struct Place<'a> {
    source: Source<'a>,
    span: Range<usize>,
    starts: Vec<usize>,
}

impl Place<'_> {
    /// The text of a file that the scenario names, and the file's path.
    fn load(&self, what: &str, name: &str, load: &Load<'_>) -> Result<(String, PathBuf), Malformed> {
        let path = Path::new(self.source.file).parent().unwrap_or(Path::new("")).join(name);
        let text = load(&path).map_err(|error| {
            let message = format!("the {what} {} cannot be read: {error}", path.display());
            self.complain(what, message, "write the path from the folder that this file lies in")
        })?;
        Ok((text, path))
    }

    /// A complaint about a key of the application's.
    fn complain(&self, key: &str, message: String, hint: impl Into<String>) -> Malformed {
        self.source.complaint(&self.source.shown(&self.span, &self.starts, key), message, hint)
    }

    fn unknown(&self, what: &str, name: &str, known: &[&str]) -> Malformed {
        let alike = meant(name, known.iter().copied());
        let hint = if alike.starts_with("did") {
            alike
        } else {
            format!("{alike}; a file of your own ends in .toml")
        };
        self.complain(what, format!("there is no {what} {name:?}"), hint)
    }
}

fn is_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "toml")
}

fn mapping(place: &Place<'_>, name: &str, load: &Load<'_>) -> Result<Mapping, Malformed> {
    let read = if is_file(name) {
        let (text, path) = place.load("mapping", name, load)?;
        mapping::parse(&text, &path.display().to_string())
    } else {
        mapping::find(name)
    };
    read.map_err(|error| match error {
        MappingError::Malformed(malformed) => malformed,
        MappingError::Unknown { name, known } => place.unknown("mapping", &name, &known),
    })
}

fn profile(place: &Place<'_>, name: &str, load: &Load<'_>) -> Result<Profile, Malformed> {
    let read = if is_file(name) {
        let (text, path) = place.load("profile", name, load)?;
        profiles::parse(&text, &path.display().to_string())
    } else {
        profiles::find(name)
    };
    read.map_err(|error| match error {
        ProfileError::Malformed { file, line, column, message, hint } => {
            Malformed { file, line, column, message, hint: hint.to_owned() }
        }
        ProfileError::Unknown { name, known } => place.unknown("profile", &name, &known),
        other => place.complain("profile", other.to_string(), "name another profile"),
    })
}
