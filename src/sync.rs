//! `scimproof sync`: plays an identity provider against a server, step by step.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use client::{Connect, Recorder, Socket, Target};
use record::{CredentialSource, Redactor, Run, Sync};
use reports::curl::word;
use scenarios::entra::ClientKind;
use scenarios::file::{self, Scenario};
use scenarios::play::{self, Options, Venue};

use crate::args::{ClientOption, SyncOptions};
use crate::failure::{Exit, Failure};
use crate::invocation::{Begin, Invocation, Subject, reach};
use crate::journal::Kept;
use crate::{consent, console, credential, files, profile};

pub(crate) fn run(options: &SyncOptions) -> Result<Exit, Failure> {
    if options.list {
        console::out(&list()?);
        return Ok(Exit::Pass);
    }
    let (name, url) = named(options);
    let scenarios = chosen(name, url, options.profile.as_deref())?;
    let place = Place::open(url, options)?;
    let plan = plan(&scenarios, &place, options);
    if options.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    if let Place::There(target, _) = &place {
        consent::obtain(target, options.yes, &plan)?;
        reach(target)?;
    }
    files::prepare(&options.out)?;
    let SyncOptions { run_id, out, token, .. } = options;
    let invocation = Invocation::begin(&Begin { id: run_id.as_ref(), seed: None, out, token })?;
    let played = play_all(&scenarios, &place, &invocation, options.client);
    console::live("");
    let (part, info) = played?;
    let mut run = invocation.run(info, command(options, name, url, &invocation.id), None);
    run.sync = Some(part);
    run.sentence = reports::sentence(&run);
    report(&options.out, &run)
}

/// Writes the reports of a run and says how it ended.
pub(crate) fn report(out: &Path, run: &Run) -> Result<Exit, Failure> {
    console::out(&reports::terminal::render(run, console::style()));
    write(out, run)?;
    Ok(run.conclusion().map_or(Exit::Mishap, Exit::from))
}

/// Writes the reports of a run and says where they are.
pub(crate) fn write(out: &Path, run: &Run) -> Result<(), Failure> {
    let paths = files::write(out, run)?;
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    console::out(&format!("written: {}\n", paths.join(", ")));
    Ok(())
}

/// The scenario and the server that the words on the command line name; a server is known by its URL.
fn named(options: &SyncOptions) -> (Option<&str>, Option<&str>) {
    match (options.scenario.as_deref(), options.url.as_deref()) {
        (Some(only), None) if only.contains("://") => (None, Some(only)),
        both => both,
    }
}

/// Where scenarios are played.
pub(crate) enum Place {
    /// On the bundled server, one for each scenario, playing the profile that it needs.
    Here,
    /// On this server.
    There(Target, Option<CredentialSource>),
}

impl Place {
    fn open(url: Option<&str>, options: &SyncOptions) -> Result<Self, Failure> {
        if url.is_none() && (options.token.token_env.is_some() || options.token.token_file.is_some()) {
            return Err(Failure::usage("a token without a URL: name the server that it is for"));
        }
        let Some(url) = url else { return Ok(Self::Here) };
        let profile = profile::load(options.profile.as_deref().unwrap_or(profiles::DEFAULT))?;
        let subject = Subject::open(Some(url), &options.token, &profile, options.timeout)?;
        Ok(Self::on(&subject))
    }

    /// On the server that a run is about.
    pub(crate) fn on(subject: &Subject) -> Self {
        Self::There(subject.target.clone(), subject.credential.clone())
    }
}

/// The scenarios that are meant: one by its name or file, or all, which on somebody else's server are those that ask for
/// what it is said to be.
pub(crate) fn chosen(
    name: Option<&str>,
    url: Option<&str>,
    profile: Option<&str>,
) -> Result<Vec<Scenario>, Failure> {
    if let Some(name) = name {
        return load(name).map(|scenario| vec![scenario]);
    }
    let mut all = Vec::new();
    for name in file::names() {
        all.push(file::find(name).map_err(Failure::mishap)?);
    }
    // What every provider needs is asked of a server that nothing more is known of.
    let wanted = match profile {
        None | Some(profiles::DEFAULT) => url.map(|_| "entra-ready"),
        Some(profile) => Some(profile),
    };
    all.retain(|scenario| wanted.is_none_or(|wanted| scenario.app.profile == wanted));
    if all.is_empty() {
        return Err(Failure::usage(format!(
            "no scenario is about the profile {}; `scimproof sync --list` lists all",
            profile.unwrap_or_default()
        )));
    }
    Ok(all)
}

fn load(name: &str) -> Result<Scenario, Failure> {
    if Path::new(name).extension().is_none_or(|ending| ending != "toml") {
        return file::find(name).map_err(Failure::usage);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("cannot read the scenario {name}: {error}")))?;
    file::parse(&text, name).map_err(Failure::usage)
}

fn list() -> Result<String, Failure> {
    let mut text = String::new();
    for name in file::names() {
        let scenario = file::find(name).map_err(Failure::mishap)?;
        let _ = writeln!(text, "{name:24}  {:12}  {}", scenario.app.profile, scenario.title);
    }
    Ok(text)
}

/// Plays scenarios one after the other and gives the part of the run, with the target that it is about.
pub(crate) fn play_all(
    scenarios: &[Scenario],
    place: &Place,
    invocation: &Invocation,
    client: Option<ClientOption>,
) -> Result<(Sync, record::TargetInfo), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))?;
    let recorder = Recorder::new(Redactor::default());
    let options = Options {
        run: format!("{}{}-s", harness::PREFIX, invocation.id),
        client: client.map(|client| match client {
            ClientOption::EntraDefault => ClientKind::EntraDefault,
            ClientOption::EntraFlag => ClientKind::EntraFlag,
        }),
    };
    let mut part = Sync {
        version: Sync::VERSION,
        interrupted: false,
        scenarios: Vec::new(),
        exchanges: Vec::new(),
        created: 0,
        removed: 0,
        leftovers: Vec::new(),
    };
    let mut info = None;
    let kept = match place {
        Place::Here => None,
        Place::There(target, _) => {
            Some(Kept::begin(invocation, "-sync", target, recorder.redactor().clone())?)
        }
    };
    for (done, scenario) in scenarios.iter().enumerate() {
        if invocation.cancel.is_cancelled() {
            break;
        }
        console::live(&format!("{done}/{} {}", scenarios.len(), scenario.name));
        let (target, server) = stage(scenario, place)?;
        let venue = Venue {
            target,
            connect: kept
                .as_ref()
                .map_or_else(|| Arc::new(Socket) as Arc<dyn Connect>, |kept| Arc::clone(&kept.connect)),
            recorder: recorder.clone(),
            clock: Arc::clone(&invocation.clock) as Arc<dyn client::Clock>,
        };
        let played = runtime
            .block_on(play::play(scenario, &venue, &options, &invocation.cancel))
            .map_err(|error| Failure::mishap(format!("{}: {error}", scenario.name)))?;
        part.scenarios.push(played.scenario);
        part.created += played.created;
        part.removed += played.removed;
        part.leftovers.extend(played.leftovers);
        info.get_or_insert_with(|| record::TargetInfo {
            url: venue.target.base().to_owned(),
            profile: scenario.app.profile.clone(),
            bundled: server.is_some(),
            credential: match place {
                Place::Here => None,
                Place::There(_, credential) => credential.clone(),
            },
        });
        if let Some(server) = server {
            server.close();
        }
    }
    part.interrupted = invocation.cancel.is_cancelled();
    if let Some(kept) = kept {
        wind_up(&kept, &mut part, invocation)?;
        kept.close(&part.leftovers, invocation);
    }
    part.exchanges = recorder.exchanges();
    let info = info.ok_or_else(|| Failure::interrupted("the run was stopped before anything was played"))?;
    Ok((part, info))
}

/// Removes what the scenarios could not remove, or did not know of: an answer may be lost.
fn wind_up(kept: &Kept, part: &mut Sync, invocation: &Invocation) -> Result<(), Failure> {
    let swept = kept.sweep(invocation)?;
    part.removed = part.removed.saturating_add(swept.removed);
    part.leftovers = swept.leftovers;
    let left = u32::try_from(part.leftovers.len()).unwrap_or(u32::MAX);
    part.created = part.created.max(part.removed.saturating_add(left));
    Ok(())
}

/// The target of a scenario, and the bundled server where it is one.
fn stage(scenario: &Scenario, place: &Place) -> Result<(Target, Option<Subject>), Failure> {
    match place {
        Place::There(target, _) => Ok((target.clone(), None)),
        Place::Here => {
            let profile = profile::load(&scenario.app.profile)?;
            let timeout = u64::from(u16::MAX).min(scenario.app.settings.timeout_s);
            let subject = Subject::open(None, &credential::NONE, &profile, timeout)?;
            Ok((subject.target.clone(), Some(subject)))
        }
    }
}

fn plan(scenarios: &[Scenario], place: &Place, options: &SyncOptions) -> String {
    let what = match place {
        Place::Here => "the bundled server, started anew for each scenario",
        Place::There(target, _) => target.base(),
    };
    let mut plan = format!("Plan for {what}:\n");
    for scenario in scenarios {
        let _ = writeln!(plan, "  {}: {}", scenario.name, scenario.title);
    }
    let _ = writeln!(
        plan,
        "  everybody who is created lives under {:?}, in a part of it that is this run's own, and is removed again;\n  \
         nobody else is changed",
        file::DOMAIN
    );
    let _ = writeln!(plan, "  reports and the journal go to {}", options.out.display());
    plan
}

/// A command line that repeats the run. Consent is not repeated.
fn command(options: &SyncOptions, name: Option<&str>, url: Option<&str>, id: &str) -> String {
    let mut words = vec!["scimproof sync".to_owned()];
    words.extend(name.map(word));
    words.extend(url.map(word));
    words.extend(options.client.map(|client| format!("--client {}", client.name())));
    words.extend(options.profile.as_deref().map(|profile| format!("--profile {}", word(profile))));
    words.extend(credential::words(&options.token));
    words.push(format!("--run-id {id}"));
    words.join(" ")
}
