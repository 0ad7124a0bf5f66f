use std::path::Path;

use profiles::Profile;

use crate::args::RunArguments;
use crate::failure::Failure;
use crate::target::{BESIDE, TargetOptions, TargetText};

/// The profile of a name, or of a file where the text looks like one.
pub(crate) fn load(name: &str) -> Result<Profile, Failure> {
    read(name, None)
}

/// The same, where a target file may be what names it.
pub(crate) fn load_said(name: &str, target: &TargetOptions) -> Result<Profile, Failure> {
    read(name, target.names_profile(name))
}

fn read(name: &str, said: Option<&TargetText>) -> Result<Profile, Failure> {
    let wrong = |message: String, hint: &str| match said {
        Some(said) => said.wrong(&["profile"], message, hint),
        None => Failure::usage(message),
    };
    if !looks_like_a_file(name) {
        let otherwise = "one of these, or the path of a profile file (.toml)";
        let hint = profiles::target::hint(name, profiles::names(), otherwise);
        return profiles::find(name).map_err(|error| wrong(error.to_string(), &hint));
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| wrong(format!("cannot read the profile {name}: {error}"), BESIDE))?;
    suites::parse_profile(&text, name).map_err(Failure::usage)
}

/// Whether a text is the path of a file rather than a name.
pub(crate) fn looks_like_a_file(name: &str) -> bool {
    name.contains(std::path::MAIN_SEPARATOR)
        || Path::new(name).extension().is_some_and(|ending| ending == "toml")
}

/// The same profile with what a run says beside it: the samples of its target file, and the domain of addresses.
pub(crate) fn load_for(name: &str, run: &RunArguments) -> Result<Profile, Failure> {
    let profile = run.target.with_samples(load_said(name, &run.target)?)?;
    Ok(profile.in_domain(run.domain.as_deref()))
}
