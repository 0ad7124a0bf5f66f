//! `scimproof load`: puts load on a server as provisioning does, and audits what is left of it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use client::Target;
use harness::capability;
use load::{Closed, Description, Executor, Known, Options, Phase, Progress, Rules, Watch};
use profiles::Profile;
use record::{Leftover, Load, Part, TargetInfo};
use reports::curl::word;

use crate::args::{ExecutorOption, LoadOptions};
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, Subject, reach};
use crate::journal::Kept;
use crate::judging::Earlier;
use crate::reached::Reached;
use crate::served::Served;
use crate::target::TargetOptions;
use crate::{consent, console, credential, files, profile, samples, sync};

pub(crate) fn run(options: &LoadOptions) -> Result<Exit, Failure> {
    if options.list {
        console::out(&list()?);
        return Ok(Exit::Pass);
    }
    let (name, url) = (options.file.as_deref(), options.url.as_deref());
    let mut description = read(name.unwrap_or("initial-bulk-sync"), options.run.target.rps)?;
    description.objectives.extend(options.objective.iter().cloned());
    within(&mut description, options.run.target.rps);
    for objective in &options.objective {
        load::parse_objective_under(description.caps.rate, objective)
            .map_err(|error| Failure::usage(format!("--objective cannot be read:\n{error}")))?;
    }
    let earlier = Earlier::read(&options.baseline)?;
    let place = Place::open(url, options)?;
    let info = place.info(options);
    earlier.can_compare(&info, &[Part::Loads])?;
    let plan = plan(&description, &place, options)?;
    if options.run.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    consent::obtain(place.target(), place.proxy(&options.run.target), options.run.yes, &plan)?;
    place.reach()?;
    files::prepare(&options.run.out)?;
    let invocation = Invocation::begin(&options.run, options.seed)?;
    invocation.within_limits_of(place.target());
    let under = match &place {
        Place::Here(served) => Under::Ours(served),
        Place::There(subject) => Under::Theirs(&subject.reached),
    };
    let profile = profile::load_for(options.profile.name(), &options.run)?;
    let rules = rules(&profile, &options.run.target)?;
    let head = || invocation.run(info.clone(), command(options, name, url, &invocation), None);
    invocation.so_far.begin(head(), &earlier);
    if let Place::There(subject) = &place {
        samples::doubts(&options.run, &subject.reached, &profile);
    }
    let part = put(&description, under, &options.executor, &rules, &invocation);
    console::live("");
    let mut run = head();
    run.load = Some(part?);
    earlier.hold(&mut run);
    run.sentence = reports::sentence(&run);
    invocation.so_far.ended(&run);
    place.close();
    sync::report(&options.run.out, None, &run, &invocation)
}

/// No load asks for more than may be asked: what it would send sooner would wait, and count as the target's own time.
pub(crate) fn within(description: &mut Description, rps: Option<f64>) {
    let caps = &mut description.caps;
    let Some(rate) = rps.filter(|rate| *rate < caps.rate) else { return };
    #[expect(clippy::cast_precision_loss, reason = "what is cut off are fractions of seconds")]
    let seconds = Duration::try_from_secs_f64(caps.requests as f64 / rate).unwrap_or(Duration::MAX).as_secs();
    caps.rate = rate;
    // What takes longer for that is no reason to stop it.
    caps.seconds = caps.seconds.max(seconds);
}

/// Where the server is.
enum Place {
    /// The bundled one, in a process of its own.
    Here(Box<Served>),
    /// Somebody else's.
    There(Box<Subject>),
}

impl Place {
    fn open(url: Option<&str>, options: &LoadOptions) -> Result<Self, Failure> {
        let Some(url) = url else {
            credential::expect_none(&options.run.token)?;
            let served = Served::start(options.profile.name(), options.run.terms())?;
            return Ok(Self::Here(Box::new(served)));
        };
        let profile = profile::load_said(options.profile.name(), &options.run.target)?;
        let subject = Subject::open(Some(url), &options.run, &profile)?;
        Ok(Self::There(Box::new(subject)))
    }

    fn target(&self) -> &Target {
        match self {
            Self::Here(served) => &served.target,
            Self::There(subject) => subject.target(),
        }
    }

    /// What is between.
    fn proxy<'a>(&self, options: &'a TargetOptions) -> Option<&'a str> {
        match self {
            Self::Here(_) => None,
            Self::There(subject) => subject.proxy(options),
        }
    }

    /// Makes sure that there is a server.
    fn reach(&self) -> Result<(), Failure> {
        match self {
            Self::Here(served) => reach(&served.reached()),
            Self::There(subject) => reach(&subject.reached),
        }
    }

    fn info(&self, options: &LoadOptions) -> TargetInfo {
        match self {
            Self::Here(served) => TargetInfo {
                url: served.target.base().to_owned(),
                profile: options.profile.name().to_owned(),
                bundled: true,
                credential: None,
            },
            Self::There(subject) => subject.info(options.profile.name()),
        }
    }

    fn close(self) {
        if let Self::There(subject) = self {
            subject.close();
        }
    }
}

/// What a profile says of the values that its application takes, and a target file of what the server offers.
pub(crate) fn rules(profile: &Profile, target: &TargetOptions) -> Result<Rules, Failure> {
    let overrides = target.overrides()?;
    let known = |wanted| overrides.iter().find(|(known, _)| *known == wanted).map(|(_, offered)| *offered);
    let known = Known {
        groups: known(capability::CREATE_GROUP),
        group_changes: known(capability::MODIFY_GROUP),
        user_changes: known(capability::MODIFY_USER),
        enterprise: known(capability::ENTERPRISE_USER),
    };
    let samples = profile.samples.keys().map(|name| (name.clone(), profile.sample(name))).collect();
    Ok(Rules { samples, bound: profile.bound(), domain: profile.domain.clone(), known })
}

/// A server under load.
#[derive(Clone, Copy)]
pub(crate) enum Under<'a> {
    /// The bundled one, which goes away with this process.
    Ours(&'a Served),
    /// One that stays: what is created is written down.
    Theirs(&'a Reached),
}

/// Plays a load with one executor after the other.
pub(crate) fn put(
    description: &Description,
    under: Under<'_>,
    executors: &[ExecutorOption],
    rules: &Rules,
    invocation: &Invocation,
) -> Result<Load, Failure> {
    let options = Options { rules: rules.clone(), ..Options::new(invocation.seed, String::new()) };
    match under {
        Under::Ours(served) => {
            let options = Options { processors: Some(load::beside(served.process())), ..options };
            put_by(description, &served.target, executors, invocation, &options)
        }
        Under::Theirs(reached) => {
            let kept = Kept::begin(invocation, "-load", reached, options.redactor.clone())?;
            let options = Options { connect: Arc::clone(&kept.connect), ..options };
            let part = put_by(description, &reached.target, executors, invocation, &options)?;
            let leftovers: Vec<Leftover> = part.runs.iter().flat_map(|run| run.leftovers.clone()).collect();
            kept.close(&leftovers, invocation);
            Ok(part)
        }
    }
}

fn put_by(
    description: &Description,
    target: &Target,
    executors: &[ExecutorOption],
    invocation: &Invocation,
    options: &Options,
) -> Result<Load, Failure> {
    let cancel = &invocation.cancel;
    let watch = Live { name: description.name.clone() };
    let mut runs = Vec::new();
    for (number, executor) in executors.iter().enumerate() {
        if cancel.is_cancelled() {
            break;
        }
        let label = format!("{}{}-{number}", harness::PREFIX, invocation.id);
        let options = Options { label, ..options.clone() };
        let run = load::run(description, target, executor_of(*executor), &options, cancel, &watch);
        runs.push(run.map_err(Failure::mishap)?);
        invocation.so_far.keep(&runs);
    }
    Ok(Load { version: Load::VERSION, interrupted: cancel.is_cancelled(), runs, baseline: None })
}

fn executor_of(option: ExecutorOption) -> &'static dyn Executor {
    match option {
        #[cfg(feature = "goose")]
        ExecutorOption::Goose => &load_goose::Goose,
        ExecutorOption::Closed => &Closed,
        ExecutorOption::Arrival => &load::Arrival,
    }
}

/// Tells how far a load is.
struct Live {
    name: String,
}

impl Watch for Live {
    fn progress(&self, progress: Progress) {
        let phase = match progress.phase {
            Phase::Prepare => "preparing",
            Phase::Measure => "under load",
            Phase::Audit => "reading back",
            Phase::CleanUp => "removing",
        };
        let Progress { done, total, requests, errors, .. } = progress;
        console::live(&format!("{} {phase} {done}/{total}, {requests} requests, {errors} errors", self.name));
    }
}

fn read(name: &str, rps: Option<f64>) -> Result<Description, Failure> {
    if Path::new(name).extension().is_none_or(|ending| ending != "toml") {
        return load::find(name).map_err(Failure::usage);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("cannot read the load file {name}: {error}")))?;
    load::parse_within(&text, name, rps).map_err(Failure::usage)
}

fn list() -> Result<String, Failure> {
    let mut text = String::new();
    for name in load::names() {
        let description = load::find(name).map_err(Failure::mishap)?;
        let _ = writeln!(text, "{name:20}  {}", description.title);
    }
    Ok(text)
}

fn plan(description: &Description, place: &Place, options: &LoadOptions) -> Result<String, Failure> {
    let what = match place {
        Place::Here(_) => "the bundled server, in a process of its own",
        Place::There(subject) => subject.target().base(),
    };
    let mut plan = format!("Plan for {what}:\n  {}: {}\n", description.name, description.title);
    let caps = &description.caps;
    let executors: Vec<&str> = options.executor.iter().map(|executor| executor.name()).collect();
    let _ = writeln!(
        plan,
        "  by {}, each with at most {} requests, {} requests/s and {} s",
        executors.join(", then "),
        caps.requests,
        caps.rate,
        caps.seconds
    );
    let _ = writeln!(
        plan,
        "  every name begins with \"scimproof-\" and the run's id; everything that is created is removed again, and nothing\n  \
         else is changed"
    );
    plan.push_str(&options.run.plan(Some(place.target()))?);
    let _ = writeln!(plan, "  reports and the journal go to {}", options.run.out.display());
    Ok(plan)
}

/// A command line that repeats the run. Consent is not repeated.
fn command(options: &LoadOptions, name: Option<&str>, url: Option<&str>, invocation: &Invocation) -> String {
    let mut words = vec!["scimproof load".to_owned()];
    words.extend(name.map(word));
    words.extend(url.map(word));
    let executors: Vec<&str> = options.executor.iter().map(|executor| executor.name()).collect();
    words.push(format!("--executor {}", executors.join(",")));
    words.extend(options.objective.iter().map(|objective| format!("--objective {}", word(objective))));
    words.push(format!("--profile {}", word(options.profile.name())));
    words.extend(options.baseline.words());
    words.extend(credential::words(&options.run.token));
    words.extend(options.run.target.words());
    words.push(format!("--timeout {} --seed {}", options.run.timeout_s(), invocation.seed));
    words.extend(options.run.lag_words());
    words.extend(options.run.domain_words());
    words.join(" ")
}
