use std::path::PathBuf;

use clap::Args;

/// What may be said about the verdicts of a run, and kept of it beside its reports.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct JudgingOptions {
    /// Write the exchanges here too, as HAR: what a browser's tools read, and a vendor asks for
    #[arg(long, value_name = "FILE")]
    pub(crate) har: Option<PathBuf>,
}
