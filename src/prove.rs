//! `scimproof prove`: the standard, the cycles of an identity provider and a short load, in one run with one verdict.

use std::fmt::Write as _;

use profiles::Profile;
use record::{Conclusion, Part, Run};
use reports::curl::word;
use scenarios::file::Scenario;

use crate::args::{CheckOptions, ExecutorOption, ProveOptions};
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, Subject};
use crate::judging::Judging;
use crate::served::Served;
use crate::theatre::Place;
use crate::{catalogue, check, consent, console, credential, files, load, profile, rehearsal, sync, theatre};

/// The load that a proof puts on. It waits for answers: a pace that has to be kept is for machines that do nothing else.
const LOAD: &str = "short-proof";
#[cfg(feature = "goose")]
const EXECUTOR: ExecutorOption = ExecutorOption::Goose;
#[cfg(not(feature = "goose"))]
const EXECUTOR: ExecutorOption = ExecutorOption::Closed;

/// How many requests the load takes at most where nothing fails, those included that read back and remove what it brought, as
/// counted on the bundled server.
const LOAD_TAKES: u32 = 1_900;

/// What it costs to wait for a server whose reads lag by a second, in seconds, as measured on the bundled server: a check that
/// writes, a step of a scenario, and the audit and the clean-up of a load.
const LAG_COSTS_A_CHECK_S: f64 = 1.6;
const LAG_COSTS_A_STEP_S: f64 = 1.0;
const LAG_COSTS_A_LOAD_S: f64 = 7.0;
/// From so many seconds on it is told.
const LONG_S: f64 = 60.0;

pub(crate) fn run(options: &ProveOptions) -> Result<Exit, Failure> {
    let profile = profile::load_for(options.profile.name(), &options.run)?;
    // A profile of one's own has no scenarios yet; the rest can be proved all the same.
    let scenarios =
        sync::chosen(None, options.url.as_deref(), Some(options.profile.name())).unwrap_or_default();
    let mut description = ::load::find(LOAD).map_err(Failure::mishap)?;
    load::within(&mut description, options.run.target.rps);
    let subject = Subject::open(options.url.as_deref(), &options.run, &profile)?;
    let info = subject.info(&profile.name);
    let judging = Judging::read(&options.judging, &options.run.target)?;
    let parts = [Part::Checks { strict: false }, Part::Scenarios, Part::Loads];
    judging.earlier.can_compare(&info, &parts)?;
    let longer = longer(options, &profile, &scenarios)?;
    let plan = plan(options, &subject, &profile, &scenarios, &description.title)? + &longer;
    if options.run.dry_run {
        console::out(&plan);
        return Ok(Exit::Pass);
    }
    consent::obtain(subject.target(), subject.proxy(&options.run.target), options.run.yes, &plan)?;
    files::prepare(&options.run.out)?;
    files::prepare_one("--har", options.judging.har.as_deref())?;
    if !longer.is_empty() {
        console::info(longer.trim());
    }
    let invocation = Invocation::begin(&options.run, options.seed)?;
    invocation.within_limits_of(subject.target());

    let head = invocation.run(info.clone(), command(options, &invocation), None);
    invocation.so_far.begin(head, &judging.earlier);
    let rules = load::rules(&profile, &options.run.target)?;
    let checks = check::part(&check_options(options), &judging, &invocation, profile.clone(), &subject)?;
    let (checks, mut failure) = match checks {
        Ok(part) => (Some(part), None),
        Err(failure) => (None, Some(failure)),
    };
    let mut run = invocation.run(info, command(options, &invocation), failure.as_ref());
    run.checks = checks;
    run.checks.iter().for_each(|part| invocation.so_far.keep_checks(part));
    if failure.is_none() {
        // What was judged until then is reported all the same.
        failure =
            go_on(&mut run, options, &subject, &scenarios, &profile, (&description, &rules), &invocation)
                .err();
    }
    console::live("");
    let mut whole = invocation.run(run.target.clone(), run.command.clone(), failure.as_ref());
    (whole.checks, whole.sync, whole.load) = (run.checks, run.sync, run.load);
    judging.earlier.hold(&mut whole);
    whole.sentence = reports::sentence(&whole);
    invocation.so_far.ended(&whole);
    subject.close();
    let har = options.judging.har.as_deref();
    match failure {
        Some(failure) => {
            sync::write(&options.run.out, har, &whole)?;
            Err(failure)
        }
        None => sync::report(&options.run.out, har, &whole, &invocation),
    }
}

/// The parts that follow the checks, as far as nobody stops the run.
fn go_on(
    run: &mut Run,
    options: &ProveOptions,
    subject: &Subject,
    scenarios: &[Scenario],
    profile: &Profile,
    (description, rules): (&::load::Description, &::load::Rules),
    invocation: &Invocation,
) -> Result<(), Failure> {
    let stopped = |run: &Run| run.conclusion() == Some(Conclusion::Interrupted);
    if !stopped(run) && !scenarios.is_empty() {
        console::live("");
        console::info(&sync::asked(scenarios));
        let (part, _) = theatre::play_all(scenarios, &place(options, subject, profile), invocation, None)?;
        run.sync = Some(part);
    }
    if !stopped(run) {
        // Under load the server's work must not be taken for the generator's.
        let served = if subject.is_bundled() {
            Some(Served::start(options.profile.name(), options.run.terms())?)
        } else {
            None
        };
        let under = served.as_ref().map_or(load::Under::Theirs(&subject.reached), load::Under::Ours);
        run.load = Some(load::put(description, under, &[EXECUTOR], rules, invocation)?);
    }
    Ok(())
}

/// Where the scenarios are played.
fn place(options: &ProveOptions, subject: &Subject, profile: &Profile) -> Place {
    match subject.is_bundled() {
        true => Place::Here { profile: None, lag: options.run.terms().lag },
        false => Place::on(subject, profile),
    }
}

/// All checks, as `check` runs them by itself.
fn check_options(options: &ProveOptions) -> CheckOptions {
    CheckOptions::usual(options.profile.name(), options.judging.clone(), options.run.clone())
}

fn plan(
    options: &ProveOptions,
    subject: &Subject,
    profile: &Profile,
    scenarios: &[Scenario],
    load: &str,
) -> Result<String, Failure> {
    let (checks, _) = catalogue::select(&check_options(options), &profile.name)?;
    let what = if subject.is_bundled() { "the bundled server" } else { subject.target().base() };
    let mut plan = format!("Plan for {what}, profile {}:\n", options.profile.name());
    let _ = writeln!(
        plan,
        "  {} checks, all of the standard and of the profile (`scimproof check --list`)",
        checks.len()
    );
    let number = scenarios.len();
    let _ = writeln!(plan, "  {number} scenarios of an identity provider (`scimproof sync --list`)");
    let _ = writeln!(plan, "  {}", sync::asked(scenarios));
    let _ = writeln!(plan, "  a short load: {load}");
    let _ = writeln!(
        plan,
        "  what is created carries the run's id in its name and is removed again; nothing else is changed, only discovery\n  \
         documents are sent back just as they were read, to see that they are refused"
    );
    if consent::is_plan_shown(Some(subject.target()), subject.proxy(&options.run.target), &options.run) {
        let judging = suites::requests(&checks);
        let (place, domain) = (place(options, subject, profile), options.run.domain.as_deref());
        let playing = rehearsal::requests(scenarios, &place, None, domain)?;
        let sent = judging.saturating_add(playing).saturating_add(LOAD_TAKES);
        let _ = writeln!(
            plan,
            "  up to {sent} requests{} where the server passes: {judging} for the checks, {playing} for the scenarios,\n  \
             {LOAD_TAKES} for the load; what fails or is put off takes more",
            options.run.target.pace(sent)
        );
    }
    plan.push_str(&options.run.plan(Some(subject.target()))?);
    plan.push_str(&options.judging.plan());
    let _ = writeln!(plan, "  reports and the journal go to {}", options.run.out.display());
    Ok(plan)
}

/// How much longer it takes because reads lag, in a line, where that is long: it is to surprise nobody.
fn longer(options: &ProveOptions, profile: &Profile, scenarios: &[Scenario]) -> Result<String, Failure> {
    let options = check_options(options);
    let (checks, _) = catalogue::select(&options, &profile.name)?;
    let writing = checks.iter().filter(|check| !check.reads_only).count();
    let steps: usize = scenarios.iter().map(|scenario| scenario.steps.len()).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts of hundreds")]
    let cost_s = writing as f64 * LAG_COSTS_A_CHECK_S / options.jobs.get() as f64
        + steps as f64 * LAG_COSTS_A_STEP_S
        + LAG_COSTS_A_LOAD_S;
    let lag = options.run.terms().lag;
    let longer_s = cost_s * lag.as_secs_f64();
    if longer_s < LONG_S {
        return Ok(String::new());
    }
    Ok(format!(
        "  reads may lag {} s behind writes, and whoever reads waits for that: it takes some {:.0} minutes longer\n",
        lag.as_secs(),
        (longer_s / 60.0).ceil()
    ))
}

/// A command line that repeats the run. Consent is not repeated.
fn command(options: &ProveOptions, invocation: &Invocation) -> String {
    let mut words = vec!["scimproof prove".to_owned()];
    words.extend(options.url.as_deref().map(word));
    words.push(format!("--profile {}", word(options.profile.name())));
    words.extend(options.judging.words(&options.run.target));
    words.extend(credential::words(&options.run.token));
    words.extend(options.run.target.words());
    words.extend(options.run.timeout.map(|seconds| format!("--timeout {seconds}")));
    words.push(format!("--seed {}", invocation.seed));
    words.extend(options.run.lag_words());
    words.extend(options.run.domain_words());
    words.join(" ")
}
