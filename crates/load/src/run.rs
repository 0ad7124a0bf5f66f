//! One load from its description to its result.

use std::sync::atomic::Ordering;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use client::{Cancel, Recorder, Target};
use record::{Audit, LoadRun};
use scenarios::population::Population;

use crate::audit::Auditor;
use crate::book::Job;
use crate::clean_up::{CleanUp, CleanedUp};
use crate::collect::Collected;
use crate::crew::{Crew, Equipment};
use crate::description::Description;
use crate::dropped::Dropped;
use crate::error::LoadError;
use crate::executor::{Closed, Executor, Work};
use crate::file;
use crate::fitting::{self, Fitted};
use crate::floor::Floor;
use crate::form::Form;
use crate::items::Plan;
use crate::objective::{self, Objective};
use crate::offer::Offer;
use crate::options::Options;
use crate::outcome::Measured;
use crate::progress::{Phase, Progress, Watch};
use crate::queue;
use crate::reader::Reading;

/// How often measurements are gathered and progress is told.
const TICK: Duration = Duration::from_millis(100);
/// If more of the requests fail that prepare a load, it is not begun.
const PREPARE_ERRORS_PERCENT_MAX: u64 = 50;
/// Plays a load against a target: prepares, measures, audits, and removes everything again, also after a stop.
///
/// It blocks, and calls `progress` on this thread. What the target does wrong is in the result; an error says that there is
/// none.
///
/// # Errors
/// If the description cannot be played, or this machine does not let it.
pub fn run(
    description: &Description,
    target: &Target,
    executor: &dyn Executor,
    options: &Options,
    cancel: &Cancel,
    progress: &dyn Watch,
) -> Result<LoadRun, LoadError> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(LoadError::InsideRuntime);
    }
    if let Some(complaint) = file::complaint(description, None) {
        return Err(LoadError::Description { message: complaint.message });
    }
    let objectives = description.objectives.iter().map(|text| objective::parse(text));
    let objectives: Vec<Objective> = objectives.collect::<Result<_, _>>()?;
    let Reading { runtime, reader } = Reading::open(target, options)?;
    let form = Form::new(runtime.block_on(Offer::read(&reader)), options.rules.clone());
    drop((reader, runtime));
    let Fitted { description, left_out, missing, is_empty } = fitting::fit(description, &form);
    let description = &description;
    let plan = Arc::new(Plan::new(description, jobs(description, options)?, form));
    let floor = Arc::new(Floor::new(
        Arc::clone(&options.clock),
        cancel.clone(),
        &description.caps,
        description.pace.warm_up_s,
    ));
    if is_empty {
        floor.stop("nothing is left of it for this target".to_owned());
    }
    let equipment = Arc::new(Equipment {
        target: target.clone(),
        connect: Arc::clone(&options.connect),
        recorder: Recorder::forgetful(options.redactor.clone()),
        floor: Arc::clone(&floor),
        plan: Arc::clone(&plan),
    });
    let crew = Arc::new(Crew::start(options.threads, &equipment)?);
    let playing = Playing { description, target, executor, options, cancel, progress, plan, floor, crew };
    let measured = playing.measure();
    playing.crew.dismiss();
    // Whatever went wrong, what was created does not stay.
    let (audit, cleaned) = playing.wind_up()?;
    let mut run = playing.result(measured?, audit, cleaned, (&objectives, &missing));
    run.left_out = left_out;
    Ok(run)
}

/// The jobs, each with a population of its own.
fn jobs(description: &Description, options: &Options) -> Result<Vec<Arc<Job>>, LoadError> {
    let job = |number: u32| {
        let mut shape = description.population.clone();
        shape.label = format!("{}-{number}-", options.label);
        let seed = Population::seed_of(options.seed, u64::from(number));
        let population = Population::new(seed, shape)?.in_domain(options.rules.domain.as_deref());
        Ok(Arc::new(Job::new(population)))
    };
    (0..description.jobs).map(job).collect()
}

/// A load that is being played.
pub(crate) struct Playing<'a> {
    pub(crate) description: &'a Description,
    pub(crate) target: &'a Target,
    pub(crate) executor: &'a dyn Executor,
    pub(crate) options: &'a Options,
    pub(crate) cancel: &'a Cancel,
    pub(crate) progress: &'a dyn Watch,
    pub(crate) plan: Arc<Plan>,
    pub(crate) floor: Arc<Floor>,
    pub(crate) crew: Arc<Crew>,
}

impl Playing<'_> {
    fn measure(&self) -> Result<Measured, LoadError> {
        let began_us = self.options.clock.now_us();
        let cap_us = began_us.saturating_add(self.description.caps.seconds.saturating_mul(1_000_000));
        let mut collected = Collected::default();
        let prepare = self.work(0..self.plan.prepared);
        self.drive(&Closed, &prepare, Phase::Prepare, cap_us, &mut |_| {})?;
        self.check_prepared();
        let cpu = || self.options.cpu.and_then(|cpu| cpu());
        let cpu_before = cpu();
        let measured_us =
            self.floor.measure(self.description.pace.duration_s.map(|s| s.saturating_mul(1_000_000)));
        let work = self.work(self.plan.prepared..self.plan.steps.len());
        let turns = || queue::together(self.options.queue.as_ref()?, &self.crew.places);
        let turns_before = turns();
        let company = || self.options.processors.as_ref()?();
        let company_before = company();
        let second = || {
            let passed_us = self.options.clock.now_us().saturating_sub(measured_us);
            u32::try_from(passed_us / 1_000_000).unwrap_or(u32::MAX)
        };
        let driven = self.drive(self.executor, &work, Phase::Measure, cap_us, &mut |in_flight| {
            collected.gather(&self.crew.tallies, second(), in_flight);
        });
        let complete = !self.floor.is_over();
        let turns = turns_before.zip(turns()).map(|(before, after)| after.since(before));
        let company = company_before.zip(company()).map(|(before, after)| after.since(before));
        let lasted = Duration::from_micros(self.options.clock.now_us().saturating_sub(measured_us));
        collected.gather(&self.crew.tallies, second(), 0);
        let cpu = cpu_before.zip(cpu()).map(|(before, after)| after.saturating_sub(before));
        driven?;
        let dropped = Dropped::of(&self.plan, &work.dropped(), work.dropped_warm_up());
        Ok(Measured { collected, lasted, complete, cpu, dropped, turns, company })
    }

    fn work(&self, steps: std::ops::Range<usize>) -> Work {
        let Description { together, pace, .. } = self.description;
        Work::new(&self.plan, &self.floor, &self.crew, steps, (*together, pace))
    }

    /// A load on a target that could not be prepared would measure errors.
    fn check_prepared(&self) {
        let tries = self.floor.requests.load(Ordering::Relaxed);
        let requests = tries.saturating_sub(self.floor.put_off.load(Ordering::Relaxed));
        let errors = self.floor.errors.load(Ordering::Relaxed);
        if errors * 100 > requests * PREPARE_ERRORS_PERCENT_MAX {
            self.floor.stop(format!(
                "what has to be there first could not be created: {errors} of {requests} requests failed"
            ));
        }
    }

    /// Lets an executor have its way on a thread of its own, while this one looks on.
    fn drive(
        &self,
        executor: &dyn Executor,
        work: &Work,
        phase: Phase,
        cap_us: u64,
        tick: &mut dyn FnMut(u32),
    ) -> Result<(), LoadError> {
        let began = self.looks();
        let watch = |tick: &mut dyn FnMut(u32)| {
            tick(self.floor.in_flight.load(Ordering::Relaxed));
            if self.options.clock.now_us() >= cap_us {
                self.floor.stop(format!("the cap of {} s was reached", self.description.caps.seconds));
            }
            let (done, total) = work.so_far();
            self.tell(phase, (done, total), began);
        };
        std::thread::scope(|scope| {
            let (ended, has_ended) = mpsc::channel::<()>();
            let driving = move || {
                let driven = executor.drive(work);
                work.until_idle();
                drop(ended);
                driven
            };
            let thread =
                std::thread::Builder::new().name("load-executor".to_owned()).spawn_scoped(scope, driving);
            let thread = thread.map_err(|cause| LoadError::Start { what: "the executor's thread", cause })?;
            while has_ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                watch(tick);
            }
            watch(tick);
            let gone =
                |_| Err(LoadError::Executor { executor: executor.name(), reason: "it panicked".to_owned() });
            thread.join().unwrap_or_else(gone)
        })
    }

    fn looks(&self) -> (u64, u64, u64) {
        let requests = self.floor.requests.load(Ordering::Relaxed);
        (self.options.clock.now_us(), requests, self.floor.errors.load(Ordering::Relaxed))
    }

    fn tell(&self, phase: Phase, (done, total): (u64, u64), began: (u64, u64, u64)) {
        let (now_us, requests, errors) = self.looks();
        let elapsed = Duration::from_micros(now_us.saturating_sub(began.0));
        let (requests, errors) = (requests.saturating_sub(began.1), errors.saturating_sub(began.2));
        self.progress.progress(Progress { phase, done, total, requests, errors, elapsed });
    }

    /// Compares the target with the model, and removes what was created.
    fn wind_up(&self) -> Result<(Option<Audit>, CleanedUp), LoadError> {
        let Reading { runtime, reader } = Reading::open(self.target, self.options)?;
        let began = self.looks();
        let step = |done, total| self.tell(Phase::Audit, (done, total), began);
        let anything = self.floor.created.load(Ordering::Relaxed) > 0;
        if anything {
            runtime.block_on(reader.caught_up());
        }
        let auditor = Auditor::new(&reader, &self.plan, self.cancel, &step);
        let audit = anything.then(|| runtime.block_on(auditor.audit()));
        let began = self.looks();
        let step = |done, total| self.tell(Phase::CleanUp, (done, total), began);
        reader.begin_to_clean_up();
        let cleaned = runtime.block_on(CleanUp::new(&reader, &self.plan, &step).run());
        Ok((audit, cleaned))
    }
}
