//! Where scenarios are played, and how a run of them goes.

use std::sync::Arc;
use std::time::Duration;

use client::{Connect, Recorder, Silence, Socket, Target};
use profiles::Profile;
use record::{Leftover, Redactor, Server, Sync, TargetInfo};
use scenarios::entra::ClientKind;
use scenarios::file::Scenario;
use scenarios::play::{self, Options, Venue};
use tokio::runtime::Runtime;

use crate::args::{ClientOption, SyncOptions};
use crate::failure::Failure;
use crate::invocation::{Invocation, Subject, Terms};
use crate::journal::Kept;
use crate::reached::Reached;
use crate::{console, credential, profile};

/// Where scenarios are played.
pub(crate) enum Place {
    /// On the bundled server, one for each scenario.
    Here {
        /// What it plays, where that is not the profile that the scenario is about.
        profile: Option<Box<Profile>>,
        /// How far its reads may lag behind its writes.
        lag: Duration,
    },
    /// On this server.
    There(Box<Somewhere>),
}

/// A server that is not the bundled one.
pub(crate) struct Somewhere {
    pub(crate) reached: Reached,
    /// The profile that it is said to have.
    profile: String,
    /// The domain that the profile takes addresses of.
    domain: Option<String>,
}

impl Place {
    pub(crate) fn open(url: Option<&str>, options: &SyncOptions) -> Result<Self, Failure> {
        let Some(url) = url else {
            credential::expect_none(&options.run.token)?;
            let profile = options.profile.as_deref().map(profile::load).transpose()?;
            return Ok(Self::Here { profile: profile.map(Box::new), lag: options.run.terms().lag });
        };
        let name = options.profile.as_deref().unwrap_or(profiles::DEFAULT);
        let profile = profile::load_said(name, &options.run.target)?;
        let subject = Subject::open(Some(url), &options.run, &profile)?;
        Ok(Self::on(&subject, &profile))
    }

    /// On the server that a run is about.
    pub(crate) fn on(subject: &Subject, profile: &Profile) -> Self {
        let (reached, domain) = (subject.reached.clone(), profile.domain.clone());
        Self::There(Box::new(Somewhere { reached, profile: profile.name.clone(), domain }))
    }

    /// The domain that its profile takes addresses of.
    fn domain(&self) -> Option<String> {
        match self {
            Self::Here { profile, .. } => profile.as_ref()?.domain.clone(),
            Self::There(there) => there.domain.clone(),
        }
    }

    /// The profile of the server, where it does not change with the scenario.
    fn profile(&self) -> Option<&str> {
        match self {
            Self::Here { profile, .. } => profile.as_ref().map(|profile| profile.name.as_str()),
            Self::There(there) => Some(&there.profile),
        }
    }

    /// What the bundled server plays for a scenario where it is here, and stands in with where it is not.
    pub(crate) fn played<'a>(&'a self, scenario: &'a Scenario) -> &'a Profile {
        match self {
            Self::Here { profile: Some(profile), .. } => profile,
            _ => &scenario.profile,
        }
    }

    /// What a run says of the server at a URL whose first scenario is this one.
    fn info(&self, url: &str, first: &Scenario) -> TargetInfo {
        let credential = match self {
            Self::Here { .. } => None,
            Self::There(there) => there.reached.credential.clone(),
        };
        TargetInfo {
            url: url.to_owned(),
            profile: self.profile().unwrap_or(&first.profile.name).to_owned(),
            bundled: matches!(self, Self::Here { .. }),
            credential,
        }
    }

    /// What a run will say of it; the bundled server has no address before it is started.
    pub(crate) fn foretold(&self, first: &Scenario) -> TargetInfo {
        match self {
            Self::Here { .. } => self.info("", first),
            Self::There(there) => self.info(there.reached.target.base(), first),
        }
    }

    /// The target of a scenario, and the bundled server where it is one.
    fn set(
        &self,
        scenario: &Scenario,
        timeout: Option<Duration>,
    ) -> Result<(Target, Option<Subject>), Failure> {
        match self {
            Self::There(there) => Ok((there.reached.target.clone(), None)),
            Self::Here { lag, .. } => {
                let own_s = u64::from(u16::MAX).min(scenario.app.settings.timeout_s);
                let terms = Terms { timeout: timeout.unwrap_or(Duration::from_secs(own_s)), lag: *lag };
                let subject = Subject::bundled(self.played(scenario), terms)?;
                Ok((subject.target().clone(), Some(subject)))
            }
        }
    }
}

/// How the run of an id plays scenarios.
pub(crate) fn as_played(
    id: &str,
    client: Option<ClientOption>,
    domain: Option<String>,
    place: &Place,
) -> Options {
    let client = client.map(|client| match client {
        ClientOption::EntraDefault => ClientKind::EntraDefault,
        ClientOption::EntraFlag => ClientKind::EntraFlag,
    });
    let domain = domain.or_else(|| place.domain());
    Options { run: format!("{}{id}-s", harness::PREFIX), client, domain, timeout: None }
}

/// Plays scenarios one after the other and gives the part of the run, with the target that it is about.
pub(crate) fn play_all(
    scenarios: &[Scenario],
    place: &Place,
    invocation: &Invocation,
    client: Option<ClientOption>,
) -> Result<(Sync, TargetInfo), Failure> {
    let mut company = Company::gathered(scenarios, place, invocation, client)?;
    let mut info = None;
    for (done, scenario) in scenarios.iter().enumerate() {
        if invocation.cancel.is_cancelled() {
            break;
        }
        console::live(&format!("{done}/{} {}", scenarios.len(), scenario.name));
        let (target, server) = place.set(scenario, invocation.timeout)?;
        info.get_or_insert_with(|| place.info(target.base(), scenario));
        let profile = place.profile().unwrap_or(&scenario.profile.name);
        let own =
            server.is_some().then(|| Server { url: target.base().to_owned(), profile: profile.to_owned() });
        company.play(scenario, target, own)?;
        if let Some(server) = server {
            server.close();
        }
    }
    let info = info.ok_or_else(|| Failure::interrupted("the run was stopped before anything was played"))?;
    Ok((company.dismissed(), info))
}

/// What all scenarios of a run are played with, and what has come of them.
struct Company<'a> {
    invocation: &'a Invocation,
    runtime: Runtime,
    recorder: Recorder,
    options: Options,
    /// The journal, where the server stays when this process goes.
    kept: Option<Kept>,
    /// How long the server that stays has not answered; the next scenario asks it no further.
    silence: Silence,
    part: Sync,
}

impl<'a> Company<'a> {
    fn gathered(
        scenarios: &[Scenario],
        place: &Place,
        invocation: &'a Invocation,
        client: Option<ClientOption>,
    ) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))?;
        let redactor = Redactor::default();
        for scenario in scenarios {
            scenario.profile.secrets().into_iter().for_each(|secret| redactor.conceal(secret));
        }
        let kept = match place {
            Place::Here { .. } => None,
            Place::There(there) => Some(Kept::begin(invocation, "-sync", &there.reached, redactor.clone())?),
        };
        Ok(Self {
            invocation,
            runtime,
            recorder: Recorder::new(redactor),
            options: Options {
                timeout: invocation.timeout,
                ..as_played(&invocation.id, client, invocation.domain.clone(), place)
            },
            kept,
            silence: Silence::default(),
            part: Sync {
                version: Sync::VERSION,
                interrupted: false,
                scenarios: Vec::new(),
                baseline: None,
                exchanges: Vec::new(),
                created: 0,
                removed: 0,
                leftovers: Vec::new(),
            },
        })
    }

    /// Plays one, on the run's server or on its own.
    fn play(&mut self, scenario: &Scenario, target: Target, own: Option<Server>) -> Result<(), Failure> {
        let connect: Arc<dyn Connect> = match &self.kept {
            Some(kept) => kept.guarded(self.invocation, self.recorder.redactor()),
            None => Arc::new(Socket::default()),
        };
        let clock = Arc::clone(&self.invocation.clock) as Arc<dyn client::Clock>;
        let silence = if own.is_some() { Silence::default() } else { self.silence.clone() };
        let venue = Venue { target, connect, recorder: self.recorder.clone(), clock, silence };
        let playing = play::play(scenario, &venue, &self.options, &self.invocation.cancel);
        let played = self.runtime.block_on(playing);
        let played = played.map_err(|error| Failure::mishap(format!("{}: {error}", scenario.name)))?;
        let told = record::Scenario { server: own, ..played.scenario };
        self.part.scenarios.push(scrubbed(&told, self.recorder.redactor())?);
        self.part.created += played.created;
        self.part.removed += played.removed;
        self.part.leftovers.extend(played.leftovers);
        self.invocation.so_far.keep_scenarios(&self.part, &self.recorder);
        Ok(())
    }

    /// Ends it: nothing is to stay behind.
    fn dismissed(mut self) -> Sync {
        self.part.interrupted = self.invocation.cancel.is_cancelled();
        if let Some(kept) = self.kept {
            wind_up(&kept, &mut self.part, self.invocation);
            kept.close(&self.part.leftovers, self.invocation);
        }
        self.part.exchanges = self.recorder.exchanges();
        self.invocation.so_far.keep_sync(&self.part);
        self.part
    }
}

/// Removes what the scenarios could not remove, or did not know of: an answer may be lost.
fn wind_up(kept: &Kept, part: &mut Sync, invocation: &Invocation) {
    match kept.sweep(invocation) {
        Ok(swept) => {
            part.removed = part.removed.saturating_add(swept.removed);
            part.leftovers = swept.leftovers;
            let left = u32::try_from(part.leftovers.len()).unwrap_or(u32::MAX);
            part.created = part.created.max(part.removed.saturating_add(left));
        }
        // What is known to be left is told; of the rest the journal tells.
        Err(_) if !part.leftovers.is_empty() => {}
        Err(failure) => {
            let resource = "what the journal lists".to_owned();
            part.leftovers.push(Leftover { resource, reason: failure.to_string() });
        }
    }
}

/// What an application never shows stands in the directory and in the log too, and is in no report all the same.
fn scrubbed(scenario: &record::Scenario, redactor: &Redactor) -> Result<record::Scenario, Failure> {
    let mut json = serde_json::to_value(scenario).map_err(Failure::mishap)?;
    redactor.scrub_json(&mut json);
    serde_json::from_value(json).map_err(Failure::mishap)
}
