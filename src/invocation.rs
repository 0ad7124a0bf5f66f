//! What every verb that judges a server shares: the server, and the head of the run that is told of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use client::{Cancel, Clock as _, Others, Socket, SystemClock, Target};
use harness::RunError;
use profiles::Profile;
use record::{Conclusion, Run, Secret, TargetInfo, Tool};
use reference_server::{OtherToken, ReferenceServer};

use crate::args::RunArguments;
use crate::failure::{Exit, Failure};
use crate::reached::Reached;
use crate::so_far::SoFar;
use crate::target::TargetOptions;
use crate::{console, credential, interrupt, journal, random};

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
    pub(crate) reached: Reached,
    server: Option<ReferenceServer>,
}

impl Subject {
    /// The server at a URL; without one the bundled server is started, playing the profile.
    pub(crate) fn open(url: Option<&str>, run: &RunArguments, profile: &Profile) -> Result<Self, Failure> {
        let terms = run.terms();
        let Some(url) = url else {
            credential::expect_none(&run.token)?;
            return Self::bundled(profile, terms);
        };
        let reached = Reached::open(url, &run.token, &run.target)?;
        Ok(Self { reached: Reached { target: terms.with(reached.target), ..reached }, server: None })
    }

    /// The bundled server, playing a profile.
    pub(crate) fn bundled(profile: &Profile, terms: Terms) -> Result<Self, Failure> {
        let made_up = || Secret::new(format!("{:016x}{:016x}", random::number(), random::number()));
        let (expired, read_only, second_tenant) = (made_up(), made_up(), made_up());
        let builder = ReferenceServer::builder()
            .plays(profile.clone())
            .other_token(OtherToken::Expired, expired.clone())
            .other_token(OtherToken::ReadOnly, read_only.clone())
            .other_token(OtherToken::SecondTenant, second_tenant.clone());
        let server = builder.start().map_err(Failure::usage)?;
        let target = Target::new(server.base_url()).map_err(Failure::mishap)?;
        let target = terms.with(target.bearer(server.token().clone()));
        let target = target.with_others(Others {
            expired: Some(expired),
            read_only: Some(read_only),
            second_tenant: Some(second_tenant),
        });
        let reached = Reached { target, socket: Socket::default(), credential: None };
        Ok(Self { reached, server: Some(server) })
    }

    /// The server itself.
    pub(crate) fn target(&self) -> &Target {
        &self.reached.target
    }

    /// Whether it is the bundled server.
    pub(crate) fn is_bundled(&self) -> bool {
        self.server.is_some()
    }

    /// What is between: the bundled server is reached without a proxy.
    pub(crate) fn proxy<'a>(&self, options: &'a TargetOptions) -> Option<&'a str> {
        options.proxy.as_deref().filter(|_| !self.is_bundled())
    }

    /// What the run says of it.
    pub(crate) fn info(&self, profile: &str) -> TargetInfo {
        TargetInfo {
            url: self.target().base().to_owned(),
            profile: profile.to_owned(),
            bundled: self.is_bundled(),
            credential: self.reached.credential.clone(),
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
pub(crate) fn reach(reached: &Reached) -> Result<(), Failure> {
    match harness::reach(&reached.target, &reached.socket, Arc::new(SystemClock::default())) {
        Ok(()) => Ok(()),
        Err(error @ RunError::Unusable(_)) => Err(match reached.target.spent() {
            Some(limit) => Failure::inconclusive(limit),
            None => Failure::unusable(error),
        }),
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
    /// The parts of it that have ended.
    pub(crate) so_far: SoFar,
    /// How long a request may take, where somebody said so: then also one of a client that is played.
    pub(crate) timeout: Option<Duration>,
    /// The domain of the e-mail addresses that are made up, where one is named.
    pub(crate) domain: Option<String>,
    started: jiff::Timestamp,
    began_us: u64,
}

impl Invocation {
    /// Begins now. What is not given is drawn. From here on Ctrl-C stops the run and lets it clean up.
    pub(crate) fn begin(options: &RunArguments, seed: Option<u64>) -> Result<Self, Failure> {
        let RunArguments { run_id, out, timeout, .. } = options;
        let so_far = SoFar::new(out);
        let clock = Arc::new(SystemClock::default());
        let began_us = clock.now_us();
        let cancel = stop_on_signal(so_far.clone(), Arc::clone(&clock), began_us);
        Ok(Self {
            out: out.clone(),
            sweep: journal::sweep_command(options),
            cancel,
            so_far,
            id: run_id.clone().unwrap_or_else(|| format!("{:08x}", random::number() & 0xffff_ffff)),
            seed: seed.unwrap_or_else(|| random::number() & 0xffff_ffff),
            timeout: timeout.map(Duration::from_secs),
            domain: options.domain.clone(),
            started: jiff::Timestamp::now(),
            began_us,
            clock,
        })
    }

    /// Ends the run when as much was asked of its server as may be.
    pub(crate) fn within_limits_of(&self, target: &Target) {
        target.stops(&self.cancel);
    }

    /// What the program ends with.
    pub(crate) fn exit(&self, run: &Run) -> Exit {
        match run.conclusion() {
            // Nobody stopped it: it could not be judged in full. What was found until then stands.
            Some(Conclusion::Interrupted) if run.limit.is_some() => {
                run.found().map_or(Exit::Inconclusive, Exit::from)
            }
            Some(conclusion) => conclusion.into(),
            None => Exit::Mishap,
        }
    }

    /// For how long it has been going on, in milliseconds.
    pub(crate) fn lasted_ms(&self) -> u64 {
        self.clock.now_us().saturating_sub(self.began_us) / 1_000
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
            duration_ms: self.lasted_ms(),
            target,
            sentence: String::new(),
            unjudged: failure.map(ToString::to_string),
            limit: self.cancel.reason().map(ToOwned::to_owned),
            checks: None,
            sync: None,
            load: None,
        }
    }
}

/// The first signal stops the run and lets the clean-up go on; the second ends the process as soon as what had ended before is
/// written down.
fn stop_on_signal(so_far: SoFar, clock: Arc<SystemClock>, began_us: u64) -> Cancel {
    let cancel = Cancel::default();
    let token = cancel.clone();
    interrupt::hear(move |count| {
        if count > 1 {
            so_far.write(clock.now_us().saturating_sub(began_us) / 1_000);
            interrupt::leave("ended: what may be left behind is left to `scimproof sweep`");
        }
        // Whoever reads that it stops can rely on it.
        token.cancel();
        console::live("");
        console::info(
            "stopping: what was created is being removed; press Ctrl-C again to leave it to `scimproof sweep`",
        );
    });
    cancel
}
