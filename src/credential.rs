//! Secrets come from the environment or a file, never from the command line.

use record::{CredentialSource, Secret};

use crate::args::TokenOptions;
use crate::failure::Failure;

/// The bearer token that the options name.
pub(crate) fn token(options: &TokenOptions) -> Result<Option<Secret>, Failure> {
    match (&options.token_env, &options.token_file) {
        (Some(variable), _) => from_environment(variable).map(Some),
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

/// The token in an environment variable.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the command line reads a secret")]
pub(crate) fn from_environment(variable: &str) -> Result<Secret, Failure> {
    let value = std::env::var(variable).map_err(|_| {
        Failure::usage(format!(
            "--token-env {variable}: there is no such environment variable; set it: export {variable}=…"
        ))
    })?;
    usable(&value)
        .ok_or_else(|| Failure::usage(format!("--token-env {variable}: the variable holds no usable token")))
}

/// A token that can stand in a header: visible characters only.
fn usable(text: &str) -> Option<Secret> {
    let token = text.trim();
    let visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then(|| Secret::new(token.to_owned()))
}
