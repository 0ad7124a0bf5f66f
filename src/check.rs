//! `scimproof check`: judges a server against the standard.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use client::{Clock as _, Socket, SystemClock, Target};
use harness::{Cancel, Check, Grading, Journal, RunError, RunOptions, Runner};
use profiles::Profile;
use record::{Checks, Excluded, Run, TargetInfo, Tool};
use reference_server::ReferenceServer;

use crate::args::{CheckOptions, LevelOption};
use crate::failure::{Exit, Failure};
use crate::interrupt::Signals;
use crate::progress::Progress;
use crate::{catalogue, consent, console, credential, files, profile, random};

pub(crate) fn run(options: &CheckOptions) -> Result<Exit, Failure> {
    let (checks, excluded) = catalogue::select(options)?;
    if options.list {
        console::out(&if options.json { catalogue::json(&checks) } else { catalogue::text(&checks) });
        return Ok(Exit::Pass);
    }
    let profile = profile::load(&options.profile)?;
    let (server, target) = target(options, &profile)?;
    let plan = plan(options, &target, &checks, server.is_some());
    if options.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    consent::obtain(&target, options.yes, &plan)?;
    files::prepare(&options.out)?;
    let run = judge(options, profile, target, server.is_some(), &checks, excluded)?;
    if let Some(server) = server {
        server.shutdown();
    }
    report(options, &run)
}

/// The server to check, and the bundled one where no other is named.
fn target(options: &CheckOptions, profile: &Profile) -> Result<(Option<ReferenceServer>, Target), Failure> {
    let timeout = Duration::from_secs(options.timeout);
    if let Some(url) = &options.url {
        let target = Target::new(url).map_err(Failure::usage)?;
        let target = match credential::token(&options.token)? {
            Some(token) => target.bearer(token),
            None => target,
        };
        return Ok((None, target.timeout(timeout)));
    }
    if options.token.token_env.is_some() || options.token.token_file.is_some() {
        return Err(Failure::usage("a token without a URL: name the server that it is for"));
    }
    if !profiles::names().contains(&profile.name.as_str()) {
        let name = &options.profile;
        return Err(Failure::usage(format!(
            "the bundled server cannot play {name}; name the URL of one that does"
        )));
    }
    let server =
        ReferenceServer::builder().profile(profile.name.as_str()).start().map_err(Failure::mishap)?;
    let target = Target::new(server.base_url()).map_err(Failure::mishap)?;
    let target = target.bearer(server.token().clone()).timeout(timeout);
    Ok((Some(server), target))
}

fn judge(
    options: &CheckOptions,
    profile: Profile,
    target: Target,
    bundled: bool,
    checks: &[Check],
    excluded: Vec<Excluded>,
) -> Result<Run, Failure> {
    let seed = options.seed.unwrap_or_else(|| random::number() & 0xffff_ffff);
    let id = format!("{:08x}", random::number() & 0xffff_ffff);
    let info = TargetInfo { url: target.base().to_owned(), profile: profile.name.clone(), bundled };
    let path = files::journal(&options.out, &id);
    let journal = Journal::create(&path, &id, target.base()).map_err(Failure::usage)?;
    let cancel = stop_on_signal()?;
    let run_options = RunOptions {
        jobs: options.jobs,
        grading: Grading { strict: options.strict, must_only: options.level == Some(LevelOption::Must) },
        read_only: options.read_only,
        journal: Some(Arc::new(journal)),
        cancel,
        ..RunOptions::new(id.clone(), seed, profile)
    };
    let clock = Arc::new(SystemClock::default());
    let runner =
        Runner::new(target, Arc::new(Socket), Arc::clone(&clock) as Arc<dyn client::Clock>, run_options);
    let started = jiff::Timestamp::now();
    let began = clock.now_us();
    let outcome = runner.run(checks, &mut Progress::new(console::style(), options.verbose));
    console::live("");
    let mut part = outcome.map_err(|error| unstarted(&error, &path))?;
    part.excluded.extend(excluded);
    forget(&path, &part);
    Ok(Run {
        version: Run::VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        id,
        seed,
        started: format!("{started:.0}"),
        duration_ms: clock.now_us().saturating_sub(began) / 1_000,
        target: info,
        command: command(options, seed),
        checks: Some(part),
    })
}

/// The first signal stops the checks and lets the clean-up go on; the second ends the process at once.
fn stop_on_signal() -> Result<Cancel, Failure> {
    let cancel = Cancel::default();
    let token = cancel.clone();
    Signals::new()?.watch(move |count| {
        if count > 1 {
            #[expect(
                clippy::disallowed_methods,
                reason = "asked twice: the journal knows what is left, and `sweep` removes it"
            )]
            std::process::exit(130);
        }
        console::live("");
        console::info(
            "stopping: what was created is being removed; press Ctrl-C again to leave it to `scimproof sweep`",
        );
        token.cancel();
    });
    Ok(cancel)
}

/// Nothing was created, so the journal has nothing to tell.
fn unstarted(error: &RunError, journal: &std::path::Path) -> Failure {
    let _ = std::fs::remove_file(journal);
    match error {
        RunError::Unusable(_) => Failure::unusable(error),
        RunError::Cancelled => Failure::interrupted(error),
        _ => Failure::mishap(error),
    }
}

/// Removes the journal of a run that left nothing behind.
fn forget(journal: &std::path::Path, part: &Checks) {
    if part.leftovers.is_empty() {
        // A journal that stays only makes a later sweep ask in vain.
        let _ = std::fs::remove_file(journal);
    }
}

fn report(options: &CheckOptions, run: &Run) -> Result<Exit, Failure> {
    console::out(&reports::terminal::render(run, console::style()));
    let paths = files::write(&options.out, run)?;
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    console::out(&format!("written: {}\n", paths.join(", ")));
    let part = run.checks.as_ref();
    if part.is_some_and(|part| !part.leftovers.is_empty()) {
        console::info(&format!("something was left behind; remove it with: {}", sweep_command(options)));
    }
    Ok(part.map_or(Exit::Mishap, |part| part.conclusion().into()))
}

fn plan(options: &CheckOptions, target: &Target, checks: &[Check], bundled: bool) -> String {
    let writing = checks.iter().filter(|check| !check.reads_only).count();
    let writing = if options.read_only { 0 } else { writing };
    let mut plan = String::new();
    let what = if bundled { "the bundled server" } else { target.base() };
    let reading = checks.iter().filter(|check| check.reads_only).count();
    let _ = writeln!(plan, "Plan for {what}, profile {}:", options.profile);
    let _ = writeln!(
        plan,
        "  {} checks: {reading} only read or watch, {writing} create users or groups and remove them again",
        reading + writing
    );
    let _ = writeln!(
        plan,
        "  every name begins with {:?}; nothing that the run did not create is changed: only discovery documents\n  \
         are sent back just as they were read, to see that they are refused",
        harness::PREFIX
    );
    let _ = writeln!(
        plan,
        "  {} at a time, {} s for a request; the credential is {}",
        options.jobs,
        options.timeout,
        if target.credential().is_some() { "sent to this server only" } else { "none" }
    );
    let _ = writeln!(plan, "  reports and the journal go to {}", options.out.display());
    plan
}

/// A command line that repeats the run.
fn command(options: &CheckOptions, seed: u64) -> String {
    let mut words = vec!["scimproof check".to_owned()];
    words.extend(options.url.clone());
    words.push(format!("--profile {}", options.profile));
    words.extend((!options.only.is_empty()).then(|| format!("--only {}", options.only.join(","))));
    words.extend(options.level.map(|_| "--level must".to_owned()));
    words.extend(options.strict.then(|| "--strict".to_owned()));
    words.extend(options.read_only.then(|| "--read-only".to_owned()));
    words.extend(token_words(options));
    words.push(format!("--jobs {} --seed {seed}", options.jobs));
    words.join(" ")
}

fn token_words(options: &CheckOptions) -> Option<String> {
    let by_variable = options.token.token_env.as_ref().map(|variable| format!("--token-env {variable}"));
    by_variable
        .or_else(|| options.token.token_file.as_ref().map(|file| format!("--token-file {}", file.display())))
}

fn sweep_command(options: &CheckOptions) -> String {
    let words = ["scimproof sweep".to_owned(), format!("--out {}", options.out.display())];
    words.into_iter().chain(token_words(options)).collect::<Vec<_>>().join(" ")
}
