//! Secrets come from the environment or a file, never from the command line.

use record::{CredentialSource, Secret};
use reports::curl::word;

use crate::args::TokenOptions;
use crate::failure::Failure;

/// Longer names are tokens in the wrong place.
const NAME_BYTES_MAX: usize = 64;

/// No credential at all.
pub(crate) const NONE: TokenOptions = TokenOptions { token_env: None, token_file: None };

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
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if variable.is_empty() || variable.len() > NAME_BYTES_MAX || !variable.bytes().all(named) {
        return Failure::usage(format!(
            "{option} takes the name of an environment variable, never the token itself"
        ));
    }
    Failure::usage(format!(
        "{option} {variable}: there is no such environment variable; set it: export {variable}=…"
    ))
}

/// A token that can stand in a header: visible characters only.
fn usable(text: &str) -> Option<Secret> {
    let token = text.trim();
    let visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then(|| Secret::new(token.to_owned()))
}
