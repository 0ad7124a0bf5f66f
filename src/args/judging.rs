use std::path::PathBuf;

use clap::Args;
use reports::curl::word;

use crate::target::TargetOptions;

/// What may be said about the verdicts of a run, and kept of it beside its reports.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct JudgingOptions {
    /// The waivers file (.toml): failures that are known, each with a reason and a last day
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) baseline: BaselineOption,
    /// Write the exchanges here too, as HAR: what a browser's tools read, and a vendor asks for
    #[arg(long, value_name = "FILE")]
    pub(crate) har: Option<PathBuf>,
}

/// What a run is compared with.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct BaselineOption {
    /// The run.json of an earlier run: fail only for failures that it does not have
    #[arg(long, value_name = "RUN.json")]
    pub(crate) baseline: Option<PathBuf>,
}

impl BaselineOption {
    /// The words that say so on a command line.
    pub(crate) fn words(&self) -> Option<String> {
        self.baseline.as_ref().map(|path| format!("--baseline {}", word(&path.display().to_string())))
    }
}

impl JudgingOptions {
    /// The words that say so on a command line: what the target file says, it says again. Where something was written to is no
    /// part of what a run is.
    pub(crate) fn words(&self, target: &TargetOptions) -> impl Iterator<Item = String> {
        let waivers = self.waivers.as_ref().filter(|path| target.names_waivers(path).is_none());
        let waivers = waivers.map(|path| format!("--waivers {}", word(&path.display().to_string())));
        waivers.into_iter().chain(self.baseline.words())
    }

    /// What of it a plan says.
    pub(crate) fn plan(&self) -> String {
        let waivers = self.waivers.as_ref();
        waivers.map(|path| format!("  failures that are known: {}\n", path.display())).unwrap_or_default()
    }
}
