mod doctor;
mod environment;
mod judging;
mod report;
mod run;
mod serve;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::target::TargetOptions;

pub(crate) use doctor::DoctorOptions;
pub(crate) use judging::{BaselineOption, JudgingOptions};
pub(crate) use report::ReportOptions;
pub(crate) use run::RunArguments;
pub(crate) use serve::ServeOptions;

/// More checks at a time than this are no test of a server but a burden to it.
const JOBS_MAX: usize = 64;
/// How many run at a time where nobody says otherwise.
const JOBS_USUAL: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Proves a SCIM server: every verdict cites a requirement and shows its evidence.
#[derive(Debug, Parser)]
#[command(name = "scimproof", version, about, max_term_width = 110)]
#[command(after_help = "Examples:\n  \
    scimproof prove                                      everything, on the bundled reference server\n  \
    scimproof sync bonusly-week                          a week of Microsoft Entra, told step by step\n  \
    scimproof check http://127.0.0.1:8080/scim/v2 --token-env TOKEN\n  \
    scimproof doctor http://127.0.0.1:8080/scim/v2 --token-env TOKEN --write target.toml\n  \
    scimproof explain delete.answers-204                 what a check claims, and why\n  \
    scimproof serve --fault delete-answers-200           a server with a known defect")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Check a server against the standard
    Check(CheckOptions),
    /// Prove a server: the standard, an identity provider's cycles, and a short load, in one report
    Prove(ProveOptions),
    /// Play an identity provider against a server
    Sync(SyncOptions),
    /// Put load on a server as provisioning does, and audit what is left of it
    Load(LoadOptions),
    /// Say what a server is, what of its claims works and what would block a run, and write a target file
    #[command(mut_arg("out", |out| out.help("Where the record of what is created stands until it is removed")))]
    #[command(mut_arg("yes", |yes| yes.help("Consent to writing to a server that is not on this machine")))]
    Doctor(DoctorOptions),
    /// Draw the reports of a run again, from its run.json alone
    Report(ReportOptions),
    /// Start the bundled reference server
    Serve(ServeOptions),
    /// Explain a check, a requirement, a fault, a variant or a hostile server
    Explain(ExplainOptions),
    /// List the faults, the variants and the hostile servers that the reference server can be started as
    Faults(FaultsOptions),
    /// Remove what killed runs left behind on a server
    Sweep(SweepOptions),
}

/// Where a secret comes from; never from the command line itself, which other users of the machine can read.
#[derive(Clone, Debug, Args)]
#[group(multiple = false)]
pub(crate) struct TokenOptions {
    /// The environment variable that holds the bearer token
    #[arg(long, value_name = "VAR")]
    pub(crate) token_env: Option<String>,
    /// The file whose first line is the bearer token
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

/// What the server is held to.
#[derive(Clone, Debug, Args)]
pub(crate) struct ProfileOption {
    /// The profile that the server has and is held to: a name, or a profile file (.toml); without one `rfc`, the standard
    /// alone
    #[arg(long, value_name = "NAME|FILE", env = "SCIMPROOF_PROFILE", hide_env_values = true)]
    pub(crate) profile: Option<String>,
}

impl ProfileOption {
    /// The name, or the path of the file.
    pub(crate) fn name(&self) -> &str {
        self.profile.as_deref().unwrap_or(profiles::DEFAULT)
    }
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// The server's base URL (the part before /Users); without one the bundled server is started and checked
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) profile: ProfileOption,
    /// Run only these checks: areas or check ids, comma-separated or repeated
    #[arg(long, value_name = "AREA|ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Let only requirements of this level count
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelOption>,
    /// Count a broken SHOULD as a failure, and a check that cannot be judged as inconclusive
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) judging: JudgingOptions,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Run only checks that never write
    #[arg(long)]
    pub(crate) read_only: bool,
    /// How many checks run at a time
    #[arg(long, value_name = "N", default_value_t = JOBS_USUAL, value_parser = jobs)]
    pub(crate) jobs: NonZeroUsize,
    /// The seed of the run's data
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// List the checks and send nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// With --list: as JSON
    #[arg(long, requires = "list")]
    pub(crate) json: bool,
    /// Show a line for each check
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl CheckOptions {
    /// All checks as they run where nothing else is asked for.
    pub(crate) fn usual(profile: &str, judging: JudgingOptions, run: RunArguments) -> Self {
        Self {
            url: None,
            profile: ProfileOption { profile: Some(profile.to_owned()) },
            only: Vec::new(),
            level: None,
            strict: false,
            judging,
            run,
            read_only: false,
            jobs: JOBS_USUAL,
            seed: None,
            list: false,
            json: false,
            verbose: false,
        }
    }
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().filter(|number: &NonZeroUsize| number.get() <= JOBS_MAX);
    number.ok_or_else(|| format!("a number from 1 to {JOBS_MAX} is needed"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelOption {
    /// MUST and MUST NOT
    Must,
}

/// A client that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClientOption {
    /// Microsoft Entra as it is today
    EntraDefault,
    /// Microsoft Entra with aadOptscim062020 in the tenant URL
    EntraFlag,
}

impl ClientOption {
    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::EntraDefault => "entra-default",
            Self::EntraFlag => "entra-flag",
        }
    }
}

/// What drives a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExecutorOption {
    /// goose: each of its users the job of one customer, who waits for answers (closed)
    #[cfg(feature = "goose")]
    Goose,
    /// Jobs that wait for answers, without goose (closed)
    Closed,
    /// Arrivals at a constant rate, whatever the server does (open)
    Arrival,
}

impl ExecutorOption {
    /// Those that are used where none is named.
    #[cfg(feature = "goose")]
    const USUAL: &'static str = "goose,arrival";
    #[cfg(not(feature = "goose"))]
    const USUAL: &'static str = "closed,arrival";

    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "goose")]
            Self::Goose => "goose",
            Self::Closed => "closed",
            Self::Arrival => "arrival",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ProveOptions {
    /// The server's base URL (the part before /Users); without one bundled servers are started and proved
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) profile: ProfileOption,
    #[command(flatten)]
    pub(crate) judging: JudgingOptions,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// The seed of the run's data
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct SyncOptions {
    /// A scenario's name, or a scenario file (.toml); without one all that the server's profile is about: with a URL and no
    /// --profile those that ask for entra-ready, which is what every identity provider needs
    pub(crate) scenario: Option<String>,
    /// The server's base URL (the part before /Users); without one bundled servers are started
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    /// The client to play, where it is not to be the scenario's own
    #[arg(long, value_enum)]
    pub(crate) client: Option<ClientOption>,
    /// The profile that the server has, and that a bundled one plays in place of the scenario's: a name, or a file (.toml)
    #[arg(long, value_name = "NAME|FILE", env = "SCIMPROOF_PROFILE", hide_env_values = true)]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) baseline: BaselineOption,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// List the scenarios and send nothing
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LoadOptions {
    /// A load's name, or a load file (.toml); initial-bulk-sync where none is named
    pub(crate) file: Option<String>,
    /// The server's base URL (the part before /Users); without one the bundled server is started in a process of its own
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    /// What drives it; of several, one after the other
    #[arg(long, value_enum, value_delimiter = ',', default_value = ExecutorOption::USUAL)]
    pub(crate) executor: Vec<ExecutorOption>,
    /// Demand more: "p99<200ms for create-user", "errors<0.1%", "growth(add-member)<=0.2"; may be repeated
    #[arg(long, value_name = "OBJECTIVE")]
    pub(crate) objective: Vec<String>,
    #[command(flatten)]
    pub(crate) profile: ProfileOption,
    #[command(flatten)]
    pub(crate) baseline: BaselineOption,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// The seed of the population
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// List the loads and send nothing
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// A check (delete.answers-204), a requirement (RFC7644-3.6-R6 or delete-answers-204), a fault, a variant or a kind of
    /// hostile server
    #[arg(value_name = "CHECK|REQUIREMENT|FAULT|VARIANT|HOSTILE")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct FaultsOptions {
    /// List the variants instead: correct servers of other kinds, which no check may fail
    #[arg(long)]
    pub(crate) variants: bool,
    /// List the hostile servers instead: they hang, flood, or speak no HTTP
    #[arg(long, conflicts_with = "variants")]
    pub(crate) hostile: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SweepOptions {
    /// The server's base URL; without one, the one that each journal names
    #[arg(env = "SCIMPROOF_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) token: TokenOptions,
    #[command(flatten)]
    pub(crate) target: TargetOptions,
    /// The directory that `check --out` wrote to
    #[arg(long, value_name = "DIR", default_value = "scimproof-report")]
    pub(crate) out: PathBuf,
    /// Show what would be removed and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Consent to removing from a server that is not on this machine
    #[arg(long)]
    pub(crate) yes: bool,
}
