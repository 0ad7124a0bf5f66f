//! `scimproof check`: judges a server against the standard.

use std::fmt::Write as _;
use std::sync::Arc;

use client::Recorder;
use harness::{Check, Grading, RunError, RunOptions, Runner};
use profiles::Profile;
use record::{Checks, Event, Excluded, Part, Redactor, Run, Sink as _};
use reports::curl::word;

use crate::args::{CheckOptions, LevelOption};
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, Subject};
use crate::judging::Judging;
use crate::progress::Progress;
use crate::{catalogue, consent, console, credential, files, journal, profile, samples, sync};

pub(crate) fn run(options: &CheckOptions) -> Result<Exit, Failure> {
    let profile = profile::load_for(options.profile.name(), &options.run)?;
    let (checks, excluded) = catalogue::select(options, &profile.name)?;
    if options.list {
        console::out(&if options.json { catalogue::json(&checks) } else { catalogue::text(&checks) });
        return Ok(Exit::Pass);
    }
    let judging = Judging::read(&options.judging, &options.run.target)?;
    let subject = Subject::open(options.url.as_deref(), &options.run, &profile)?;
    let info = subject.info(&profile.name);
    judging.earlier.can_compare(&info, &[Part::Checks { strict: options.strict }])?;
    let plan = plan(options, &subject, &checks)?;
    if options.run.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    consent::obtain(subject.target(), subject.proxy(&options.run.target), options.run.yes, &plan)?;
    files::prepare(&options.run.out)?;
    files::prepare_one("--har", options.judging.har.as_deref())?;
    let invocation = Invocation::begin(&options.run, options.seed)?;
    invocation.within_limits_of(subject.target());
    let head = invocation.run(info.clone(), command(options, invocation.seed, None), None);
    invocation.so_far.begin(head, &judging.earlier);
    let (part, failure) = match judge(options, &judging, &invocation, profile, &subject, (&checks, excluded))?
    {
        Ok(part) => (Some(part), None),
        Err(failure) => (None, Some(failure)),
    };
    let repeatable = repeatable(options, part.as_ref()).then_some(&invocation.id);
    let mut run = invocation.run(info, command(options, invocation.seed, repeatable), failure.as_ref());
    run.checks = part;
    judging.earlier.hold(&mut run);
    run.sentence = reports::sentence(&run);
    invocation.so_far.ended(&run);
    subject.close();
    report(options, &run, &invocation, failure)
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
    judge(options, judging, invocation, profile, subject, (&checks, excluded))
}

/// Runs checks. What keeps a run from judging anything is a failure that a report can tell; everything else ends the
/// program.
fn judge(
    options: &CheckOptions,
    judging: &Judging,
    invocation: &Invocation,
    profile: Profile,
    subject: &Subject,
    (checks, excluded): (&[Check], Vec<Excluded>),
) -> Result<Result<Checks, Failure>, Failure> {
    let target = subject.target().clone();
    let doubts = samples::doubts(&options.run, &subject.reached, &profile);
    let journal = Arc::new(journal::begin(invocation, "", &target)?);
    let recorder = Recorder::new(Redactor::default());
    invocation.so_far.begin_checks(options.strict, &recorder);
    let run_options = RunOptions {
        jobs: options.jobs,
        grading: Grading { strict: options.strict, must_only: options.level == Some(LevelOption::Must) },
        read_only: options.read_only,
        narrowed: !options.only.is_empty() || options.level.is_some(),
        waiving: judging.waiving.clone(),
        overrides: options.run.target.overrides()?,
        journal: Some(Arc::clone(&journal)),
        cancel: invocation.cancel.clone(),
        recorder: Some(recorder),
        ..RunOptions::new(invocation.id.clone(), invocation.seed, profile)
    };
    let clock = Arc::clone(&invocation.clock) as Arc<dyn client::Clock>;
    let runner = Runner::new(target, Arc::new(subject.reached.socket.clone()), clock, run_options);
    let mut progress = Progress::new(console::style(), options.verbose);
    let outcome = runner.run(checks, &mut |event: &Event<'_>| {
        progress.event(event);
        match event {
            Event::Known { capabilities, excluded: unplanned } => {
                let left_out = unplanned.iter().chain(&excluded).cloned().collect();
                invocation.so_far.known(capabilities, left_out);
            }
            Event::Finished { result } => invocation.so_far.judged(result),
            _ => {}
        }
    });
    console::live("");
    match outcome {
        Ok(mut part) => {
            journal::forget(journal.path(), &part.leftovers, invocation);
            part.excluded.extend(excluded);
            part.notes.extend(doubts);
            Ok(Ok(part))
        }
        Err(error) => {
            // Nothing was created, so the journal has nothing to tell.
            journal::forget(journal.path(), &[], invocation);
            unstarted(&error, invocation).map(Err)
        }
    }
}

/// Why a run came to nothing, where a report can say so.
fn unstarted(error: &RunError, invocation: &Invocation) -> Result<Failure, Failure> {
    match error {
        RunError::Cancelled | RunError::Unusable(_) if invocation.cancel.reason().is_some() => {
            Ok(Failure::inconclusive(invocation.cancel.reason().unwrap_or_default()))
        }
        RunError::Unusable(_) => Ok(Failure::unusable(error)),
        RunError::Cancelled => Ok(Failure::interrupted(error)),
        _ => Err(Failure::mishap(error)),
    }
}

fn report(
    options: &CheckOptions,
    run: &Run,
    invocation: &Invocation,
    failure: Option<Failure>,
) -> Result<Exit, Failure> {
    if failure.is_none() {
        console::out(&reports::terminal::render(run, console::style()));
    }
    sync::write(&options.run.out, options.judging.har.as_deref(), run)?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    Ok(invocation.exit(run))
}

fn plan(options: &CheckOptions, subject: &Subject, checks: &[Check]) -> Result<String, Failure> {
    let target = subject.target();
    let writing = checks.iter().filter(|check| !check.reads_only).count();
    let writing = if options.read_only { 0 } else { writing };
    let mut plan = String::new();
    let what = if subject.is_bundled() { "the bundled server" } else { target.base() };
    let reading = checks.iter().filter(|check| check.reads_only).count();
    let _ = writeln!(plan, "Plan for {what}, profile {}:", options.profile.name());
    let _ = writeln!(
        plan,
        "  {} checks: {reading} only read or watch, {writing} create users or groups and remove them again",
        reading + writing
    );
    let _ = match options.read_only {
        true => writeln!(plan, "  nothing is written"),
        false => writeln!(
            plan,
            "  every name begins with {:?}; nothing that the run did not create is changed: only discovery documents\n  \
             are sent back just as they were read, to see that they are refused",
            harness::PREFIX
        ),
    };
    let _ = writeln!(
        plan,
        "  {} at a time, {} s for a request; {}",
        options.jobs,
        options.run.timeout_s(),
        match target.has_credential() {
            true if target.token_url().is_some() => "the access token is sent to this server only",
            true => "the credential is sent to this server only",
            false =>
                "no credential is sent: neither --token-env nor --token-file was given, nor [auth] in a target file",
        }
    );
    if let Some(lag_s) = options.run.lag.filter(|lag_s| *lag_s > 0) {
        let _ = writeln!(plan, "  reads may lag {lag_s} s behind writes");
    }
    let sent = suites::requests(checks.iter().filter(|check| check.reads_only || !options.read_only));
    let _ = writeln!(
        plan,
        "  up to {sent} requests{} where the server passes; what fails or is put off takes more",
        options.run.target.pace(sent)
    );
    plan.push_str(&options.run.plan(Some(target))?);
    plan.push_str(&options.judging.plan());
    let _ = writeln!(plan, "  reports and the journal go to {}", options.run.out.display());
    Ok(plan)
}

/// Whether the same names can be given again: what only reads gives none, and what is left behind keeps its own.
fn repeatable(options: &CheckOptions, part: Option<&Checks>) -> bool {
    !options.read_only && part.is_some_and(|part| part.leftovers.is_empty())
}

/// A command line that repeats the run, with the names that it gave where an id is given. Consent is not repeated.
fn command(options: &CheckOptions, seed: u64, id: Option<&String>) -> String {
    let mut words = vec!["scimproof check".to_owned()];
    words.extend(options.url.as_deref().map(word));
    words.push(format!("--profile {}", word(options.profile.name())));
    words.extend((!options.only.is_empty()).then(|| format!("--only {}", options.only.join(","))));
    words.extend(options.level.map(|_| "--level must".to_owned()));
    words.extend(options.strict.then(|| "--strict".to_owned()));
    words.extend(options.read_only.then(|| "--read-only".to_owned()));
    words.extend(options.judging.words(&options.run.target));
    words.extend(credential::words(&options.run.token));
    words.extend(options.run.target.words());
    words.push(format!("--jobs {} --timeout {} --seed {seed}", options.jobs, options.run.timeout_s()));
    words.extend(options.run.lag_words());
    words.extend(options.run.domain_words());
    words.extend(id.map(|id| format!("--run-id {id}")));
    words.join(" ")
}
