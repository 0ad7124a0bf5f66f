//! A look at a server before any check is run: what it is, what it claims, what of that works, and what would keep a run from
//! judging it. A discovery document that is missing or broken is something that is found, never the end of it.

mod addresses;
mod chart;
mod documents;
mod features;
mod groups;
mod intake;
mod lists;
mod manner;
mod places;
mod refusal;
mod trial;
mod user;
mod wants;
mod way;

use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

use client::{AnswerLimit, Cancel, Client, Clock, Connect, Recorder, Silence, Target};
use profiles::Profile;
use record::{Diagnosis, Redactor, TargetInfo, Tool};

use crate::capability::Capability;
use crate::check::Check;
use crate::discovery::Service;
use crate::factory::Factory;
use crate::grading::Grading;
use crate::journal::Journal;
use crate::last_look::last_look;
use crate::probe::Probe;
use crate::runner::RunError;
use crate::search::Pages;
use crate::session::{CleanUp, Session, Shared, runtime};
use crate::stop::{Outcome, unpanicked};
use crate::trace::Trace;

use chart::Chart;
use intake::Line;
use trial::Trial;

/// How to look.
#[derive(Clone, Debug)]
pub struct Look {
    /// Who looks.
    pub tool: Tool,
    /// What is said of the server.
    pub info: TargetInfo,
    /// The run's id; it stands in the name of everything that is created.
    pub run: String,
    /// The seed of the run's data.
    pub seed: u64,
    /// Why nothing may be written; none where it may.
    pub read_only: Option<String>,
    /// The profile that gives sample values, and the domain of addresses.
    pub profile: Profile,
    /// Whether the way to the server leads through a proxy.
    pub by_proxy: bool,
    /// Where created resources are written down before they are created.
    pub journal: Option<Arc<Journal>>,
    /// What somebody knows better than the target's discovery.
    pub overrides: Vec<(Capability, bool)>,
    /// Ends the look; what was created is removed all the same.
    pub cancel: Cancel,
}

/// How many checks run at a time where nobody says otherwise.
const JOBS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);
/// The one who writes, as checks do, so that everything that guards them guards this too.
const TRIES: Check = Check::active("doctor", &nothing);
/// The one who only reads.
const LOOKS: Check = TRIES.reads_only();

/// What is asked is decided from answer to answer, so there is no procedure.
fn nothing(_: &mut Probe) -> Outcome {
    Ok(())
}

/// Looks at a server. It reads its discovery documents and a few lists; where it may write it creates two users and a group, tries
/// on them what the server claims, and removes them. Where a user of nothing but a `userName` is refused, it tries richer ones
/// until one is taken, and then which of the additions it takes.
///
/// # Errors
///
/// When the run was stopped before anything was known, or our own machinery fails. Whatever the server does is told in the
/// diagnosis.
pub fn look(
    target: Target,
    connect: Arc<dyn Connect>,
    clock: Arc<dyn Clock>,
    look: Look,
) -> Result<Diagnosis, RunError> {
    let recorder = Recorder::new(Redactor::default());
    look.profile.secrets().into_iter().for_each(|secret| recorder.redactor().conceal(secret));
    let mut chart = Chart::new(&look);
    // An answer may be as long as in a run, so that what cannot be read there cannot be read here.
    let target = target.answers_up_to(AnswerLimit::shared_by(JOBS));
    let service = {
        let runtime = runtime().map_err(RunError::Mishap)?;
        let client = Client::new(target.clone(), connect.as_ref(), recorder.clone(), Arc::clone(&clock));
        let client = client.map_err(|error| RunError::Mishap(error.to_string()))?.ignoring_case();
        let line = Line { client: &client, cancel: &look.cancel };
        runtime.block_on(intake::intake(&line, &look, &mut chart))?
    };
    let mut cleaned = CleanUp::default();
    if let Some(service) = service {
        let shared = Arc::new(shared(&look, target, connect, clock, &recorder, service));
        cleaned = examine(&shared, &look, &mut chart)?;
    }
    chart.interrupted = look.cancel.is_cancelled();
    manner::observe(&recorder.take_exchanges(), &mut chart);
    Ok(chart.close(cleaned, recorder.redactor()))
}

fn shared(
    look: &Look,
    target: Target,
    connect: Arc<dyn Connect>,
    clock: Arc<dyn Clock>,
    recorder: &Recorder,
    service: Service,
) -> Shared {
    Shared {
        service,
        // How far reads lag is measured, so nothing may wait for it unseen.
        target: target.lagging(std::time::Duration::ZERO),
        connect,
        clock,
        factory: Factory::new(&look.run, look.seed, look.profile.clone(), recorder.redactor().clone()),
        recorder: recorder.clone(),
        journal: look.journal.clone(),
        cancel: look.cancel.clone(),
        silence: Silence::default(),
        pages: Pages::of_a_run(),
        read_only: look.read_only.is_some(),
        grading: Grading::default(),
    }
}

/// Tries what the server offers, and removes what that created.
fn examine(shared: &Arc<Shared>, look: &Look, chart: &mut Chart) -> Result<CleanUp, RunError> {
    let session = Rc::new(Session::new(shared).map_err(RunError::Mishap)?);
    let check = if look.read_only.is_some() { LOOKS } else { TRIES };
    let trace = Rc::new(Trace::new(check, Grading::default(), shared.recorder.clone()));
    let probe = Probe::new(Rc::clone(&session), trace);
    let mut trial = Trial::new(&probe, look, chart, shared);
    // Whatever happens in there, what was created is removed.
    let tried = unpanicked(|| trial.run());
    let mut cleaned = session.clean_up();
    let (again, _) = last_look(shared, &cleaned.refusals, &cleaned.leftovers);
    cleaned.created += again.created;
    cleaned.removed += again.removed;
    cleaned.leftovers.extend(again.leftovers);
    tried.map_err(RunError::Mishap)?;
    Ok(cleaned)
}
