//! What every verb that judges a server shares: the server, and the head of the run that is told of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use client::{Cancel, Clock as _, Socket, SystemClock, Target};
use harness::RunError;
use profiles::Profile;
use record::{CredentialSource, Run, TargetInfo, Tool};
use reference_server::ReferenceServer;

use crate::args::{RunArguments, TokenOptions};
use crate::failure::Failure;
use crate::interrupt::Signals;
use crate::{console, credential, journal, random};

/// How patient a run is with a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// How long a request may take.
    pub(crate) timeout: Duration,
    /// How far reads may lag behind writes.
    pub(crate) lag: Duration,
}

impl Terms {
    /// A target on these terms.
    pub(crate) fn with(self, target: Target) -> Target {
        target.timeout(self.timeout).lagging(self.lag)
    }
}

/// The server that a run is about, and the bundled one where no other is named.
pub(crate) struct Subject {
    pub(crate) target: Target,
    /// Where its credential came from.
    pub(crate) credential: Option<CredentialSource>,
    server: Option<ReferenceServer>,
}

impl Subject {
    /// The server at a URL; without one the bundled server is started, playing the profile.
    pub(crate) fn open(
        url: Option<&str>,
        token: &TokenOptions,
        profile: &Profile,
        terms: Terms,
    ) -> Result<Self, Failure> {
        if let Some(url) = url {
            let target = Target::new(url).map_err(Failure::usage)?;
            let target = match credential::token(token)? {
                Some(token) => target.bearer(token),
                None => target,
            };
            return Ok(Self {
                target: terms.with(target),
                credential: credential::source(token),
                server: None,
            });
        }
        credential::expect_none(token)?;
        let server = ReferenceServer::builder().plays(profile.clone()).start().map_err(Failure::usage)?;
        let target = Target::new(server.base_url()).map_err(Failure::mishap)?;
        let target = terms.with(target.bearer(server.token().clone()));
        Ok(Self { target, credential: None, server: Some(server) })
    }

    /// Whether it is the bundled server.
    pub(crate) fn is_bundled(&self) -> bool {
        self.server.is_some()
    }

    /// What the run says of it.
    pub(crate) fn info(&self, profile: &str) -> TargetInfo {
        TargetInfo {
            url: self.target.base().to_owned(),
            profile: profile.to_owned(),
            bundled: self.is_bundled(),
            credential: self.credential.clone(),
        }
    }

    /// Stops the bundled server.
    pub(crate) fn close(self) {
        if let Some(server) = self.server {
            server.shutdown();
        }
    }
}

/// Makes sure that a SCIM server answers before a server's part is played or put under load.
pub(crate) fn reach(target: &Target) -> Result<(), Failure> {
    match harness::reach(target, &Socket::default(), Arc::new(SystemClock::default())) {
        Ok(()) => Ok(()),
        Err(error @ RunError::Unusable(_)) => Err(Failure::unusable(error)),
        Err(error) => Err(Failure::mishap(error)),
    }
}

/// One run of the program, from its beginning.
pub(crate) struct Invocation {
    pub(crate) id: String,
    /// Where reports and journals go.
    pub(crate) out: PathBuf,
    /// The command that removes what the run may leave behind.
    pub(crate) sweep: String,
    /// Stops it.
    pub(crate) cancel: Cancel,
    pub(crate) seed: u64,
    pub(crate) clock: Arc<SystemClock>,
    /// How long a request may take, where somebody said so: then also one of a client that is played.
    pub(crate) timeout: Option<Duration>,
    started: jiff::Timestamp,
    began_us: u64,
}

impl Invocation {
    /// Begins now. What is not given is drawn. From here on Ctrl-C stops the run and lets it clean up.
    pub(crate) fn begin(options: &RunArguments, seed: Option<u64>) -> Result<Self, Failure> {
        let RunArguments { run_id, out, token, timeout, .. } = options;
        let cancel = stop_on_signal()?;
        let clock = Arc::new(SystemClock::default());
        let began_us = clock.now_us();
        Ok(Self {
            out: out.clone(),
            sweep: journal::sweep_command(out, token),
            cancel,
            id: run_id.clone().unwrap_or_else(|| format!("{:08x}", random::number() & 0xffff_ffff)),
            seed: seed.unwrap_or_else(|| random::number() & 0xffff_ffff),
            timeout: timeout.map(Duration::from_secs),
            started: jiff::Timestamp::now(),
            began_us,
            clock,
        })
    }

    /// The run as it stands, without any part and without its sentence.
    pub(crate) fn run(&self, target: TargetInfo, command: String, failure: Option<&Failure>) -> Run {
        Run {
            version: Run::VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            command,
            id: self.id.clone(),
            seed: self.seed,
            started: format!("{:.0}", self.started),
            duration_ms: self.clock.now_us().saturating_sub(self.began_us) / 1_000,
            target,
            sentence: String::new(),
            unjudged: failure.map(ToString::to_string),
            checks: None,
            sync: None,
            load: None,
        }
    }
}

/// The first signal stops the run and lets the clean-up go on; the second ends the process at once.
fn stop_on_signal() -> Result<Cancel, Failure> {
    let cancel = Cancel::default();
    let token = cancel.clone();
    Signals::new()?.watch(move |count| {
        if count > 1 {
            #[expect(clippy::disallowed_methods, reason = "asked twice, and told what that leaves behind")]
            std::process::exit(130);
        }
        // Whoever reads that it stops can rely on it.
        token.cancel();
        console::live("");
        console::info(
            "stopping: what was created is being removed; press Ctrl-C again to leave it to `scimproof sweep`",
        );
    });
    Ok(cancel)
}
