use std::path::Path;

use profiles::Profile;

use crate::failure::Failure;

/// The profile of a name, or of a file where the text looks like one.
pub(crate) fn load(name: &str) -> Result<Profile, Failure> {
    let looks_like_a_file = name.contains(std::path::MAIN_SEPARATOR)
        || Path::new(name).extension().is_some_and(|ending| ending == "toml");
    if !looks_like_a_file {
        return profiles::find(name).map_err(Failure::usage);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("cannot read the profile {name}: {error}")))?;
    suites::parse_profile(&text, name).map_err(Failure::usage)
}
