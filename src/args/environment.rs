use clap::{Arg, CommandFactory as _, FromArgMatches as _};

use super::Arguments;

impl Arguments {
    /// What was typed, and what the environment says. An empty variable says nothing, as `VARIABLE= command` is meant.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let mut command = Self::command().mut_subcommands(|verb| verb.mut_args(unless_empty));
        let matches = command.clone().try_get_matches()?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn unless_empty(option: Arg) -> Arg {
    let is_empty = |name| std::env::var_os(name).is_some_and(|value| value.is_empty());
    if option.get_env().is_some_and(is_empty) { option.env(None::<&'static str>) } else { option }
}
