use std::path::PathBuf;

use clap::Args;

use super::{ProfileOption, RunArguments};

/// A look at a server, before anybody judges it.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --yes a server that is not on this machine is only read: its discovery documents and a few lists. \
                  Where it may write, two users and a group are created, tried and removed; where a user of nothing but a \
                  userName is refused, richer ones are tried as well."
)]
pub(crate) struct DoctorOptions {
    /// The server's base URL (the part before /Users); without one the bundled server is started and looked at
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) profile: ProfileOption,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Write nothing, also where writing would be allowed
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Write a target file of what was found, with comments; - is standard output, and the report goes to standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// With --write: replace a file that is there
    #[arg(long, requires = "write")]
    pub(crate) force: bool,
    /// Print what was found as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
