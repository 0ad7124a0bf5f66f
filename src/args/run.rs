use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use client::Target;
use profiles::target::{LAG_S_MAX, TIMEOUT_S_MAX};

use super::TokenOptions;
use crate::failure::Failure;
use crate::invocation::Terms;
use crate::target::TargetOptions;

/// How many seconds a request may take where nobody says otherwise.
const TIMEOUT_S_USUAL: u64 = 10;
/// Short enough for a name, long enough not to occur in one by chance.
const RUN_ID_LENGTHS: RangeInclusive<usize> = 4..=16;

/// What every command takes that sends requests and writes reports.
#[derive(Clone, Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) token: TokenOptions,
    #[command(flatten)]
    pub(crate) target: TargetOptions,
    /// Where run.json, report.html, junit.xml, report.sarif, summary.md and, of a sync, provisioning-log.ndjson go
    #[arg(long, value_name = "DIR", default_value = "scimproof-report")]
    pub(crate) out: PathBuf,
    /// Show the plan and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Consent to sending to a server that is not on this machine
    #[arg(long)]
    pub(crate) yes: bool,
    /// The run's id, which stands in every name that the run gives: 4 to 16 lower-case letters and digits
    #[arg(long, value_name = "ID", value_parser = run_id)]
    pub(crate) run_id: Option<String>,
    /// How many seconds a request may take; without it 10, and its own limit for a client that is played
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=TIMEOUT_S_MAX))]
    #[arg(env = "SCIMPROOF_TIMEOUT", hide_env_values = true)]
    pub(crate) timeout: Option<u64>,
    /// How many seconds reads may lag behind writes; without it they do not
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=LAG_S_MAX))]
    #[arg(env = "SCIMPROOF_LAG", hide_env_values = true)]
    pub(crate) lag: Option<u64>,
    /// The domain of the e-mail addresses that are made up; without it that of the profile, or example.com
    #[arg(long, value_name = "DOMAIN", value_parser = domain, env = "SCIMPROOF_DOMAIN", hide_env_values = true)]
    pub(crate) domain: Option<String>,
}

impl RunArguments {
    /// How many seconds a request of our own may take.
    pub(crate) fn timeout_s(&self) -> u64 {
        self.timeout.unwrap_or(TIMEOUT_S_USUAL)
    }

    /// How patient the run is with a server.
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            timeout: Duration::from_secs(self.timeout_s()),
            lag: Duration::from_secs(self.lag.unwrap_or_default()),
        }
    }

    /// The words that say on a command line in which domain addresses are made up.
    pub(crate) fn domain_words(&self) -> Option<String> {
        self.domain.as_deref().map(|domain| format!("--domain {domain}"))
    }

    /// What of it, and of the server, a plan says.
    pub(crate) fn plan(&self, target: Option<&Target>) -> Result<String, Failure> {
        let domain =
            self.domain.as_deref().map(|domain| format!("  e-mail addresses are made up in {domain}\n"));
        Ok(domain.unwrap_or_default() + &self.target.plan(target)?)
    }

    /// The words that say on a command line how far reads may lag.
    pub(crate) fn lag_words(&self) -> Option<String> {
        self.lag.filter(|seconds| *seconds > 0).map(|seconds| format!("--lag {seconds}"))
    }
}

fn domain(text: &str) -> Result<String, String> {
    match profiles::domain_complaint(text) {
        None => Ok(text.to_owned()),
        Some(complaint) => Err(complaint.to_owned()),
    }
}

/// An id that can stand in a name: no hyphen, or one run's names could begin with another's; no letter case, which
/// servers may change.
fn run_id(text: &str) -> Result<String, String> {
    let proper = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if proper && RUN_ID_LENGTHS.contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("a run id is 4 to 16 lower-case letters and digits".to_owned())
    }
}
