//! `scimproof check`: judges a server against the standard.

use std::fmt::Write as _;
use std::sync::Arc;

use client::Socket;
use harness::{Check, Grading, RunError, RunOptions, Runner};
use profiles::Profile;
use record::{Checks, Run};
use reports::curl::word;

use crate::args::{CheckOptions, LevelOption};
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, Subject};
use crate::judging::Judging;
use crate::progress::Progress;
use crate::{catalogue, consent, console, credential, files, journal, profile, sync};

pub(crate) fn run(options: &CheckOptions) -> Result<Exit, Failure> {
    let profile = profile::load(&options.profile)?;
    let (checks, excluded) = catalogue::select(options, &profile.name)?;
    if options.list {
        console::out(&if options.json { catalogue::json(&checks) } else { catalogue::text(&checks) });
        return Ok(Exit::Pass);
    }
    let judging = Judging::read(&options.judging)?;
    let subject = Subject::open(options.url.as_deref(), &options.run.token, &profile, options.run.terms())?;
    let info = subject.info(&profile.name);
    judging.can_compare(&info, options.strict)?;
    let plan = plan(options, &subject, &checks);
    if options.run.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    consent::obtain(&subject.target, options.run.yes, &plan)?;
    files::prepare(&options.run.out)?;
    files::prepare_one("--har", options.judging.har.as_deref())?;
    let invocation = Invocation::begin(&options.run, options.seed)?;
    let (part, failure) = match judge(options, &judging, &invocation, profile, &subject, &checks)? {
        Ok(mut part) => {
            part.excluded.extend(excluded);
            judging.compare(&mut part);
            (Some(part), None)
        }
        Err(failure) => (None, Some(failure)),
    };
    let repeatable = repeatable(options, part.as_ref()).then_some(&invocation.id);
    let mut run = invocation.run(info, command(options, invocation.seed, repeatable), failure.as_ref());
    run.checks = part;
    run.sentence = reports::sentence(&run);
    subject.close();
    report(options, &run, failure)
}

/// Every check that the options select, as a part of a run that has others.
pub(crate) fn part(
    options: &CheckOptions,
    judging: &Judging,
    invocation: &Invocation,
    profile: Profile,
    subject: &Subject,
) -> Result<Result<Checks, Failure>, Failure> {
    let (checks, excluded) = catalogue::select(options, &profile.name)?;
    let judged = judge(options, judging, invocation, profile, subject, &checks)?;
    Ok(judged.map(|mut part| {
        part.excluded.extend(excluded);
        judging.compare(&mut part);
        part
    }))
}

/// Runs checks. What keeps a run from judging anything is a failure that a report can tell; everything else ends the
/// program.
fn judge(
    options: &CheckOptions,
    judging: &Judging,
    invocation: &Invocation,
    profile: Profile,
    subject: &Subject,
    checks: &[Check],
) -> Result<Result<Checks, Failure>, Failure> {
    let target = subject.target.clone();
    let journal = Arc::new(journal::begin(invocation, "", &target)?);
    let run_options = RunOptions {
        jobs: options.jobs,
        grading: Grading { strict: options.strict, must_only: options.level == Some(LevelOption::Must) },
        read_only: options.read_only,
        narrowed: !options.only.is_empty() || options.level.is_some(),
        waiving: judging.waiving.clone(),
        journal: Some(Arc::clone(&journal)),
        cancel: invocation.cancel.clone(),
        ..RunOptions::new(invocation.id.clone(), invocation.seed, profile)
    };
    let clock = Arc::clone(&invocation.clock) as Arc<dyn client::Clock>;
    let runner = Runner::new(target, Arc::new(Socket::default()), clock, run_options);
    let outcome = runner.run(checks, &mut Progress::new(console::style(), options.verbose));
    console::live("");
    match outcome {
        Ok(part) => {
            journal::forget(journal.path(), &part.leftovers, invocation);
            Ok(Ok(part))
        }
        Err(error) => {
            // Nothing was created, so the journal has nothing to tell.
            journal::forget(journal.path(), &[], invocation);
            unstarted(&error).map(Err)
        }
    }
}

/// Why a run came to nothing, where a report can say so.
fn unstarted(error: &RunError) -> Result<Failure, Failure> {
    match error {
        RunError::Unusable(_) => Ok(Failure::unusable(error)),
        RunError::Cancelled => Ok(Failure::interrupted(error)),
        _ => Err(Failure::mishap(error)),
    }
}

fn report(options: &CheckOptions, run: &Run, failure: Option<Failure>) -> Result<Exit, Failure> {
    if failure.is_none() {
        console::out(&reports::terminal::render(run, console::style()));
    }
    sync::write(&options.run.out, options.judging.har.as_deref(), run)?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    Ok(run.checks.as_ref().map_or(Exit::Mishap, |part| part.conclusion().into()))
}

fn plan(options: &CheckOptions, subject: &Subject, checks: &[Check]) -> String {
    let target = &subject.target;
    let writing = checks.iter().filter(|check| !check.reads_only).count();
    let writing = if options.read_only { 0 } else { writing };
    let mut plan = String::new();
    let what = if subject.is_bundled() { "the bundled server" } else { target.base() };
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
        "  {} at a time, {} s for a request; {}",
        options.jobs,
        options.run.timeout_s(),
        match target.credential() {
            Some(_) => "the credential is sent to this server only",
            None => "no credential is sent: neither --token-env nor --token-file was given",
        }
    );
    let _ = writeln!(plan, "  reports and the journal go to {}", options.run.out.display());
    plan
}

/// Whether the same names can be given again: what only reads gives none, and what is left behind keeps its own.
fn repeatable(options: &CheckOptions, part: Option<&Checks>) -> bool {
    !options.read_only && part.is_some_and(|part| part.leftovers.is_empty())
}

/// A command line that repeats the run, with the names that it gave where an id is given. Consent is not repeated.
fn command(options: &CheckOptions, seed: u64, id: Option<&String>) -> String {
    let mut words = vec!["scimproof check".to_owned()];
    words.extend(options.url.as_deref().map(word));
    words.push(format!("--profile {}", word(&options.profile)));
    words.extend((!options.only.is_empty()).then(|| format!("--only {}", options.only.join(","))));
    words.extend(options.level.map(|_| "--level must".to_owned()));
    words.extend(options.strict.then(|| "--strict".to_owned()));
    words.extend(options.read_only.then(|| "--read-only".to_owned()));
    words.extend(options.judging.words());
    words.extend(credential::words(&options.run.token));
    words.push(format!("--jobs {} --timeout {} --seed {seed}", options.jobs, options.run.timeout_s()));
    words.extend(options.run.lag_words());
    words.extend(id.map(|id| format!("--run-id {id}")));
    words.join(" ")
}
