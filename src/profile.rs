use std::path::Path;

use profiles::Profile;

use crate::failure::Failure;
use crate::target::TargetOptions;

/// The profile of a name, or of a file where the text looks like one.
pub(crate) fn load(name: &str) -> Result<Profile, Failure> {
    if !looks_like_a_file(name) {
        return profiles::find(name).map_err(Failure::usage);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("cannot read the profile {name}: {error}")))?;
    suites::parse_profile(&text, name).map_err(Failure::usage)
}

/// Whether a text is the path of a file rather than a name.
pub(crate) fn looks_like_a_file(name: &str) -> bool {
    name.contains(std::path::MAIN_SEPARATOR)
        || Path::new(name).extension().is_some_and(|ending| ending == "toml")
}

/// The same profile with the samples that a target file has beside its own.
pub(crate) fn load_for(name: &str, target: &TargetOptions) -> Result<Profile, Failure> {
    target.with_samples(load(name)?)
}
