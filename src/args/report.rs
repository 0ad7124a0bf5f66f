use std::path::PathBuf;

use clap::Args;

/// A run that is there already, and the reports that are to be drawn of it.
#[derive(Debug, Args)]
#[command(after_help = "Without an option the closing report is printed, as it was at the end of the run.")]
pub(crate) struct ReportOptions {
    /// The run file (run.json), or - for standard input
    #[arg(value_name = "RUN.json")]
    pub(crate) run: PathBuf,
    /// Write the page for people here; - is standard output, here and below
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the document for build servers here
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write what is broken here, for code scanning (SARIF 2.1.0)
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Write the summary of a job here, such as "$GITHUB_STEP_SUMMARY"
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write the exchanges here, as HAR
    #[arg(long, value_name = "FILE")]
    pub(crate) har: Option<PathBuf>,
    /// Write the run itself here, in the form of this version
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}
