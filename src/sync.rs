//! `scimproof sync`: plays an identity provider against a server, step by step.

use std::fmt::Write as _;
use std::path::Path;

use record::{Part, Run};
use reports::curl::word;
use scenarios::file::{self, Scenario};

use crate::args::SyncOptions;
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, reach};
use crate::judging::Earlier;
use crate::theatre::{Place, play_all};
use crate::{consent, console, credential, files, rehearsal};

pub(crate) fn run(options: &SyncOptions) -> Result<Exit, Failure> {
    if options.list {
        console::out(&list()?);
        return Ok(Exit::Pass);
    }
    let (name, url) = (options.scenario.as_deref(), options.url.as_deref());
    let scenarios = chosen(name, url, options.profile.as_deref())?;
    let earlier = Earlier::read(&options.baseline)?;
    let place = Place::open(url, options)?;
    if let Some(first) = scenarios.first() {
        earlier.can_compare(&place.foretold(first), &[Part::Scenarios])?;
    }
    let plan = plan(&scenarios, &place, options)?;
    if options.run.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    if let Place::There(there) = &place {
        consent::obtain(&there.reached.target, options.run.target.proxy.as_deref(), options.run.yes, &plan)?;
        reach(&there.reached)?;
    }
    files::prepare(&options.run.out)?;
    let invocation = Invocation::begin(&options.run, None)?;
    if let Place::There(there) = &place {
        invocation.within_limits_of(&there.reached.target);
    }
    if let Some(first) = scenarios.first() {
        let command = command(options, name, url, &invocation.id);
        invocation.so_far.begin(invocation.run(place.foretold(first), command, None), &earlier);
    }
    let played = play_all(&scenarios, &place, &invocation, options.client);
    console::live("");
    let (part, info) = played?;
    let mut run = invocation.run(info, command(options, name, url, &invocation.id), None);
    run.sync = Some(part);
    earlier.hold(&mut run);
    run.sentence = reports::sentence(&run);
    invocation.so_far.ended(&run);
    report(&options.run.out, None, &run, &invocation)
}

/// Writes the reports of a run and says how it ended.
pub(crate) fn report(
    out: &Path,
    har: Option<&Path>,
    run: &Run,
    invocation: &Invocation,
) -> Result<Exit, Failure> {
    console::out(&reports::terminal::render(run, console::style()));
    write(out, har, run)?;
    Ok(invocation.exit(run))
}

/// Writes the reports of a run and says where they are.
pub(crate) fn write(out: &Path, har: Option<&Path>, run: &Run) -> Result<(), Failure> {
    let paths = files::write(out, har, run)?;
    let paths: Vec<String> =
        paths.iter().map(|path| path.strip_prefix(out).unwrap_or(path).display().to_string()).collect();
    console::out(&format!("written to {}: {}\n", out.display(), paths.join(", ")));
    Ok(())
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

/// What scenarios ask of a server, which may be more than the profile that it is checked under.
pub(crate) fn asked(scenarios: &[Scenario]) -> String {
    let told = reports::asked(scenarios.iter().map(|scenario| scenario.app.profile.as_str()));
    told.unwrap_or_else(|| "no scenario asks for anything".to_owned())
}

fn load(name: &str) -> Result<Scenario, Failure> {
    if Path::new(name).extension().is_none_or(|ending| ending != "toml") {
        return file::find(name).map_err(Failure::usage);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("cannot read the scenario {name}: {error}")))?;
    // What the scenario names beside it is read from its own folder.
    let beside = |path: &Path| std::fs::read_to_string(path);
    file::parse_with(&text, name, &beside).map_err(Failure::usage)
}

fn list() -> Result<String, Failure> {
    let mut text = String::new();
    for name in file::names() {
        let scenario = file::find(name).map_err(Failure::mishap)?;
        let _ = writeln!(text, "{name:24}  {:12}  {}", scenario.app.profile, scenario.title);
    }
    Ok(text)
}

fn plan(scenarios: &[Scenario], place: &Place, options: &SyncOptions) -> Result<String, Failure> {
    let what = match place {
        Place::Here { .. } => "the bundled server, started anew for each scenario",
        Place::There(there) => there.reached.target.base(),
    };
    let mut plan = format!("Plan for {what}:\n");
    for scenario in scenarios {
        let _ = writeln!(plan, "  {}: {}", scenario.name, scenario.title);
    }
    let _ = writeln!(plan, "  {}", asked(scenarios));
    let _ = writeln!(
        plan,
        "  everybody who is created lives under {:?}, {} this run's own, and is removed again;\n  \
         nobody else is changed",
        options.run.domain.as_deref().unwrap_or(file::DOMAIN),
        if options.run.domain.is_some() { "by names that are" } else { "in a part of it that is" }
    );
    let target = match place {
        Place::Here { .. } => None,
        Place::There(there) => Some(&there.reached.target),
    };
    if consent::is_plan_shown(target, options.run.target.proxy.as_deref(), &options.run) {
        let first = scenarios.first().filter(|_| target.is_some());
        let reaching = first.map(rehearsal::requests_to_reach).transpose()?.unwrap_or_default();
        let domain = options.run.domain.as_deref();
        let sent = reaching.saturating_add(rehearsal::requests(scenarios, place, options.client, domain)?);
        let _ = writeln!(
            plan,
            "  some {sent} requests{} where the server passes; what fails or is put off takes more",
            options.run.target.pace(sent)
        );
    }
    plan.push_str(&options.run.plan(target)?);
    let _ = writeln!(plan, "  reports and the journal go to {}", options.run.out.display());
    Ok(plan)
}

/// A command line that repeats the run. Consent is not repeated.
fn command(options: &SyncOptions, name: Option<&str>, url: Option<&str>, id: &str) -> String {
    let mut words = vec!["scimproof sync".to_owned()];
    words.extend(name.map(word));
    words.extend(url.map(word));
    words.extend(options.client.map(|client| format!("--client {}", client.name())));
    words.extend(options.profile.as_deref().map(|profile| format!("--profile {}", word(profile))));
    words.extend(options.baseline.words());
    words.extend(credential::words(&options.run.token));
    words.extend(options.run.target.words());
    words.extend(options.run.timeout.map(|seconds| format!("--timeout {seconds}")));
    words.extend(options.run.lag_words());
    words.extend(options.run.domain_words());
    words.push(format!("--run-id {id}"));
    words.join(" ")
}
