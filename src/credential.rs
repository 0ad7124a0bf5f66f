//! Secrets come from the environment, a file or a command, never from the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use profiles::target::SecretSource;
use record::{CredentialSource, Secret};
use reports::curl::word;

use crate::args::TokenOptions;
use crate::failure::Failure;

/// Longer names are tokens in the wrong place.
const NAME_BYTES_MAX: usize = 64;

/// The bearer token that the options name.
pub(crate) fn token(options: &TokenOptions) -> Result<Option<Secret>, Failure> {
    match (&options.token_env, &options.token_file) {
        (Some(variable), _) => from_environment("--token-env", variable).map(Some),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                Failure::usage(format!("cannot read the token file {}: {error}", file.display()))
            })?;
            let line = text.lines().next().unwrap_or_default();
            usable(line).map(Some).ok_or_else(|| {
                Failure::usage(format!("{}: the first line holds no usable token", file.display()))
            })
        }
        (None, None) => Ok(None),
    }
}

/// Where the options say that the bearer token comes from.
pub(crate) fn source(options: &TokenOptions) -> Option<CredentialSource> {
    let variable = options.token_env.clone().map(|name| CredentialSource::Variable { name });
    let file = options.token_file.as_ref();
    variable.or_else(|| file.map(|path| CredentialSource::File { path: path.to_string_lossy().into_owned() }))
}

/// The secret that a target file sends for: the first line of what is there. `beside` finds the files that it names. Fails with
/// what is wrong and what to do; neither repeats what may be the secret itself.
#[expect(clippy::disallowed_methods, reason = "the command line reads secrets here and below")]
pub(crate) fn from_source(
    source: &SecretSource,
    beside: impl Fn(&Path) -> PathBuf,
) -> Result<String, (String, String)> {
    let text = match source {
        SecretSource::Env(variable) if !is_name(variable) => {
            let hint = "`env` takes the name of an environment variable, never the secret itself";
            return Err(("this is no name of a variable".to_owned(), hint.to_owned()));
        }
        SecretSource::Env(variable) => std::env::var(variable).map_err(|_| {
            (format!("there is no environment variable {variable}"), format!("set it: export {variable}=…"))
        })?,
        SecretSource::File(path) => {
            let path = beside(path);
            let cannot = |error| format!("cannot read the file {}: {error}", path.display());
            let hint = "its path is taken from the folder of the target file";
            std::fs::read_to_string(&path).map_err(|error| (cannot(error), hint.to_owned()))?
        }
        SecretSource::Command(words) => printed(words)?,
    };
    match text.lines().next().filter(|line| !line.trim().is_empty()) {
        Some(line) => Ok(line.to_owned()),
        None => Err(("the secret is empty".to_owned(), "it is the first line of what is there".to_owned())),
    }
}

/// What a command prints. It may ask nothing: nobody hears it.
fn printed(words: &[String]) -> Result<String, (String, String)> {
    let (program, arguments) = words.split_first().map_or(("", [].as_slice()), |(first, rest)| (first, rest));
    let hint = || "run it by hand to see what it says; no shell reads its arguments".to_owned();
    let command =
        Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = command.map_err(|error| (format!("cannot run {program}: {error}"), hint()))?;
    if !output.status.success() {
        return Err((format!("{program} failed: {}", output.status), hint()));
    }
    String::from_utf8(output.stdout).map_err(|_| (format!("{program} printed what is no text"), hint()))
}

/// Where reports say that a token comes from, as far as a shell can fetch it from there.
pub(crate) fn source_of(
    source: &SecretSource,
    beside: impl Fn(&Path) -> PathBuf,
) -> Option<CredentialSource> {
    match source {
        SecretSource::Env(name) => Some(CredentialSource::Variable { name: name.clone() }),
        SecretSource::File(path) => {
            Some(CredentialSource::File { path: beside(path).to_string_lossy().into_owned() })
        }
        SecretSource::Command(_) => None,
    }
}

/// Makes sure that there is no token, where there is no URL: the bundled server has one of its own.
pub(crate) fn expect_none(options: &TokenOptions) -> Result<(), Failure> {
    match source(options) {
        Some(_) => Err(Failure::usage("a token without a URL: name the server that it is for")),
        None => Ok(()),
    }
}

/// The options again, as words of a command line.
pub(crate) fn words(options: &TokenOptions) -> Option<String> {
    let by_variable = options.token_env.as_ref().map(|name| format!("--token-env {}", word(name)));
    let file = options.token_file.as_ref();
    by_variable.or_else(|| file.map(|file| format!("--token-file {}", word(&file.to_string_lossy()))))
}

/// The token in the environment variable that an option names.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the command line reads a secret")]
pub(crate) fn from_environment(option: &str, variable: &str) -> Result<Secret, Failure> {
    let value = std::env::var(variable).map_err(|_| missing(option, variable))?;
    usable(&value)
        .ok_or_else(|| Failure::usage(format!("{option} {variable}: the variable holds no usable token")))
}

/// What does not look like the name of a variable may be the token itself, and is not repeated.
fn missing(option: &str, variable: &str) -> Failure {
    if !is_name(variable) {
        return Failure::usage(format!(
            "{option} takes the name of an environment variable, never the token itself"
        ));
    }
    Failure::usage(format!(
        "{option} {variable}: there is no such environment variable; set it: export {variable}=…"
    ))
}

fn is_name(variable: &str) -> bool {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=NAME_BYTES_MAX).contains(&variable.len()) && variable.bytes().all(named)
}

/// A token that can stand in a header: visible characters only.
pub(crate) fn usable(text: &str) -> Option<Secret> {
    let token = text.trim();
    let visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then(|| Secret::new(token.to_owned()))
}
