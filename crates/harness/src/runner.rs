use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use client::{AnswerLimit, Cancel, Client, Clock, Connect, Recorder, Silence, Target};
use profiles::Profile;
use record::{CheckResult, Checks, Event, Excluded, Redactor, Sink, VerdictKind};

use crate::capability::Capability;
use crate::check::{Action, Check};
use crate::deviation::{unseen, waive};
use crate::discovery::{Service, discover};
use crate::factory::Factory;
use crate::grading::Grading;
use crate::journal::Journal;
use crate::last_look::last_look;
use crate::passive::PassiveJudge;
use crate::search::Pages;
use crate::session::{CleanUp, Shared, runtime};
use crate::unusable::Unusable;
use crate::waiving::Waiving;
use crate::worker::{Message, Queue, work};

/// Why a passive check is left out of a run that only reads.
const IDLE: &str = "it found nothing to judge in a run that may only read (--read-only)";
/// The same in a run of some checks.
const ALONE: &str = "it found nothing to judge in what the selected checks sent (--only)";
/// Why an active check is.
const WRITES: &str = "it writes, and the run may only read (--read-only)";

/// How a run is to be made.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The run's id; it stands in the name of everything that the run creates.
    pub run: String,
    /// The seed of the run's data.
    pub seed: u64,
    /// How many checks run at a time.
    pub jobs: NonZeroUsize,
    /// How findings are weighed.
    pub grading: Grading,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// Whether somebody chose some of the checks. Passive ones may then have nothing to watch, which is not the target's
    /// fault.
    pub narrowed: bool,
    /// The profile that gives sample values.
    pub profile: Profile,
    /// Which failures are known.
    pub waiving: Waiving,
    /// Where created resources are written down before they are created.
    pub journal: Option<Arc<Journal>>,
    /// What somebody knows better than the target's discovery: what it offers all the same, and what it does not.
    pub overrides: Vec<(Capability, bool)>,
    /// Stops the run.
    pub cancel: Cancel,
    /// Who records the exchanges, where somebody else looks at them too while the run goes on.
    pub recorder: Option<Recorder>,
}

impl RunOptions {
    /// Options with the defaults: 8 jobs, not strict, writing allowed, no journal.
    #[must_use]
    pub fn new(run: impl Into<String>, seed: u64, profile: Profile) -> Self {
        Self {
            run: run.into(),
            seed,
            jobs: NonZeroUsize::new(8).unwrap_or(NonZeroUsize::MIN),
            grading: Grading::default(),
            read_only: false,
            narrowed: false,
            profile,
            waiving: Waiving::default(),
            journal: None,
            overrides: Vec::new(),
            cancel: Cancel::default(),
            recorder: None,
        }
    }
}

/// Why there is no run at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Nothing can be judged at this address.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// Somebody stopped the run before the target had said what it offers.
    #[error("the run was stopped before anything could be judged")]
    Cancelled,
    /// Called where blocking would stall somebody else's runtime.
    #[error(
        "Runner::run blocks its thread and was called inside an async runtime; await Runner::run_async instead"
    )]
    InsideRuntime,
    /// The run's own machinery failed.
    #[error("cannot run: {0}")]
    Mishap(String),
}

/// Runs checks against one target.
pub struct Runner {
    target: Target,
    connect: Arc<dyn Connect>,
    clock: Arc<dyn Clock>,
    options: RunOptions,
}

impl Runner {
    /// A runner for a target, reached through a transport.
    #[must_use]
    pub fn new(
        target: Target,
        connect: Arc<dyn Connect>,
        clock: Arc<dyn Clock>,
        options: RunOptions,
    ) -> Self {
        // Whatever runs at a time shares the memory that answers may take.
        let target = target.answers_up_to(AnswerLimit::shared_by(options.jobs));
        Self { target, connect, clock, options }
    }

    /// Runs the checks on threads of its own, tells the sink, removes what was created.
    ///
    /// # Errors
    ///
    /// When nothing could be judged at all; whatever goes wrong later is a verdict.
    pub fn run(&self, checks: &[Check], sink: &mut dyn Sink) -> Result<Checks, RunError> {
        if tokio::runtime::Handle::try_current().is_ok() {
            return Err(RunError::InsideRuntime);
        }
        let (chosen, mut excluded) = self.plan(checks);
        let recorder = self.options.recorder.clone();
        let recorder = recorder.unwrap_or_else(|| Recorder::new(Redactor::default()));
        for secret in self.options.profile.secrets() {
            recorder.redactor().conceal(secret);
        }
        let (judge, passive) = PassiveJudge::new(&chosen, self.options.grading);
        recorder.observe(Box::new(judge));
        let shared = Arc::new(self.shared(recorder.clone())?);
        sink.event(&Event::Planned { checks: chosen.len() });
        let capabilities: Vec<String> = shared.service.capabilities.iter().map(ToString::to_string).collect();
        sink.event(&Event::Known { capabilities: &capabilities, excluded: &excluded });
        let mut books = Books::new(chosen.len());
        let active = |alone: bool| {
            let wanted =
                chosen.iter().copied().enumerate().filter(move |(_, check)| {
                    matches!(check.action, Action::Active(_)) && check.alone == alone
                });
            wanted.collect::<VecDeque<_>>()
        };
        phase(&shared, active(false), self.options.jobs.get(), &self.options.waiving, &mut books, sink);
        phase(&shared, active(true), 1, &self.options.waiving, &mut books, sink);
        for result in passive.collect(&shared.service.capabilities) {
            // Most watch what writes show. Asked to leave those out, a run cannot blame the target for it.
            if result.verdict.kind() == VerdictKind::Blocked {
                let RunOptions { read_only, narrowed, .. } = self.options;
                if read_only || narrowed {
                    excluded.push(if read_only { left_out(&result.id, IDLE) } else { unfed(&result.id) });
                    continue;
                }
            }
            let result = waive(&self.options.profile, &self.options.waiving, result);
            sink.event(&Event::Finished { result: &result });
            if let Some(place) = chosen.iter().position(|check| check.id == result.id) {
                books.file(place, result);
            }
        }
        let (cleaned, said) = last_look(&shared, &books.cleaned.refusals, &books.cleaned.leftovers);
        books.cleaned.extend(cleaned);
        let results: Vec<_> = books.results.into_iter().flatten().collect();
        let RunOptions { read_only, narrowed, .. } = self.options;
        let in_full = !read_only && !narrowed && !self.options.cancel.is_cancelled();
        Ok(Checks {
            version: Checks::VERSION,
            strict: self.options.grading.strict,
            interrupted: self.options.cancel.is_cancelled(),
            capabilities,
            unseen: if in_full { unseen(&self.options.profile, &results) } else { Vec::new() },
            waivers: self.options.waiving.uses(&results),
            baseline: None,
            results,
            excluded,
            exchanges: recorder.take_exchanges(),
            created: books.cleaned.created,
            removed: books.cleaned.removed,
            leftovers: books.cleaned.leftovers,
            notes: self.connect.remark().into_iter().chain(said).collect(),
        })
    }

    /// The same for callers inside an async runtime: the work is done on a thread of its own.
    ///
    /// # Errors
    ///
    /// As [`Runner::run`].
    pub async fn run_async<S>(self, checks: Vec<Check>, mut sink: S) -> Result<Checks, RunError>
    where
        S: Sink + Send + 'static,
    {
        let (done, result) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            // Nobody waits any more: then nobody misses the result either.
            let _ = done.send(self.run(&checks, &mut sink));
        });
        result
            .await
            .unwrap_or_else(|_| Err(RunError::Mishap("the run's thread ended without a result".to_owned())))
    }

    /// Which of the checks would run, and which are left out and why.
    #[must_use]
    pub fn plan(&self, checks: &[Check]) -> (Vec<Check>, Vec<Excluded>) {
        let (chosen, others): (Vec<Check>, Vec<Check>) =
            checks.iter().partition(|check| check.reads_only || !self.options.read_only);
        (chosen, others.iter().map(|check| left_out(check.id, WRITES)).collect())
    }

    fn shared(&self, recorder: Recorder) -> Result<Shared, RunError> {
        let options = &self.options;
        Ok(Shared {
            service: self.discover(&recorder)?,
            target: self.target.clone(),
            connect: Arc::clone(&self.connect),
            clock: Arc::clone(&self.clock),
            factory: Factory::new(
                &options.run,
                options.seed,
                options.profile.clone(),
                recorder.redactor().clone(),
            ),
            recorder,
            journal: options.journal.clone(),
            cancel: options.cancel.clone(),
            silence: Silence::default(),
            pages: Pages::of_a_run(),
            read_only: options.read_only,
            grading: options.grading,
        })
    }

    fn discover(&self, recorder: &Recorder) -> Result<Service, RunError> {
        let runtime = runtime().map_err(RunError::Mishap)?;
        let clock = Arc::clone(&self.clock);
        let client = Client::new(self.target.clone(), self.connect.as_ref(), recorder.clone(), clock);
        let client = client.map_err(|error| RunError::Mishap(error.to_string()))?.ignoring_case();
        let service = runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.options.cancel.cancelled() => None,
                service = discover(&client) => Some(service),
            }
        });
        let service = service.ok_or(RunError::Cancelled)?;
        let mut service = service.map_err(|unusable| unusable.scrubbed(recorder.redactor()))?;
        service.know_better(&self.options.overrides);
        let published = Arc::make_mut(&mut service.published);
        self.options.profile.bound().iter().for_each(|path| published.bind(path));
        service.profile = Some(Arc::new(self.options.profile.clone()));
        Ok(service)
    }
}

/// A check that a run leaves out because it may only read.
fn left_out(check: &str, reason: &str) -> Excluded {
    Excluded { check: check.to_owned(), option: "--read-only".to_owned(), reason: reason.to_owned() }
}

/// A passive check that nothing which was selected gave anything to judge.
fn unfed(check: &str) -> Excluded {
    Excluded { check: check.to_owned(), option: "--only".to_owned(), reason: ALONE.to_owned() }
}

/// What the run has come to so far.
struct Books {
    results: Vec<Option<CheckResult>>,
    cleaned: CleanUp,
}

impl Books {
    fn new(checks: usize) -> Self {
        Self { results: vec![None; checks], cleaned: CleanUp::default() }
    }

    fn file(&mut self, place: usize, result: CheckResult) {
        if let Some(slot) = self.results.get_mut(place) {
            *slot = Some(result);
        }
    }
}

/// Runs some checks on some threads and files what they tell.
fn phase(
    shared: &Arc<Shared>,
    checks: VecDeque<(usize, Check)>,
    jobs: usize,
    waiving: &Waiving,
    books: &mut Books,
    sink: &mut dyn Sink,
) {
    let threads = jobs.min(checks.len());
    let queue: Queue = Mutex::new(checks);
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let tell = tell.clone();
            let queue = &queue;
            scope.spawn(move || work(shared, queue, &tell));
        }
        drop(tell);
        for message in told {
            match message {
                Message::Started(check) => sink.event(&Event::Started { check }),
                Message::Finished(place, result, cleaned) => {
                    let result = waive(shared.factory.profile(), waiving, *result);
                    sink.event(&Event::Finished { result: &result });
                    books.cleaned.extend(cleaned);
                    books.file(place, result);
                }
                Message::Closed(cleaned) => books.cleaned.extend(cleaned),
            }
        }
    });
}
