use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use client::{
    Cancel, Client, Clock, Connect, Method, Recorder, Request, Sent, Silence, Target, TransportError,
};
use futures_util::future::join_all;
use record::{Cause, CauseKind, Leftover};
use tokio::runtime::Runtime;

use crate::check::Check;
use crate::discovery::Service;
use crate::factory::Factory;
use crate::grading::Grading;
use crate::journal::Journal;
use crate::ledger::{Ledger, Standing};
use crate::removal::{Removal, Removed};
use crate::search::Pages;
use crate::stop::Stop;

/// What every thread of a run shares.
pub(crate) struct Shared {
    pub(crate) target: Target,
    pub(crate) connect: Arc<dyn Connect>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) recorder: Recorder,
    pub(crate) factory: Factory,
    pub(crate) journal: Option<Arc<Journal>>,
    pub(crate) cancel: Cancel,
    pub(crate) silence: Silence,
    pub(crate) pages: Pages,
    pub(crate) service: Service,
    pub(crate) read_only: bool,
    pub(crate) grading: Grading,
}

/// One thread's connection to the target: a client and the runtime that drives it.
pub(crate) struct Session {
    pub(crate) shared: Arc<Shared>,
    client: Client,
    runtime: Runtime,
    ledger: RefCell<Ledger>,
}

/// What a check's clean-up came to.
#[derive(Default)]
pub(crate) struct CleanUp {
    pub(crate) created: u32,
    pub(crate) removed: u32,
    pub(crate) leftovers: Vec<Leftover>,
}

impl Session {
    pub(crate) fn new(shared: &Arc<Shared>) -> Result<Self, String> {
        let runtime = runtime()?;
        let recorder = shared.recorder.clone();
        let client =
            Client::new(shared.target.clone(), shared.connect.as_ref(), recorder, Arc::clone(&shared.clock));
        Ok(Self {
            client: client.map_err(|error| error.to_string())?,
            runtime,
            ledger: RefCell::new(Ledger::new(
                shared.factory.run(),
                shared.journal.clone(),
                shared.recorder.redactor().clone(),
            )),
            shared: Arc::clone(shared),
        })
    }

    /// Sends requests at the same time and waits for all answers.
    pub(crate) fn exchange(&self, requests: Vec<Request>, check: Check) -> Result<Vec<Sent>, Stop> {
        self.may_go_on()?;
        let reads_only = self.shared.read_only || check.reads_only;
        if let Some(writing) = requests.iter().find(|request| reads_only && *request.method() != Method::GET)
        {
            return Err(Stop::Error(format!("{} in a check that may only read", writing.method())));
        }
        let mut intents = Vec::with_capacity(requests.len());
        for request in &requests {
            let intent = self.ledger.borrow().before(request, &self.shared.service);
            intents.push(intent.map_err(|error| Stop::Error(error.to_string()))?);
        }
        let sending = requests.iter().map(|request| self.send(request, check));
        let answers = self.runtime.block_on(join_all(sending));
        let mut noted = Ok(());
        for ((intent, request), sent) in intents.into_iter().zip(&requests).zip(&answers) {
            let Some(sent) = sent else {
                self.ledger.borrow_mut().abandoned(intent);
                continue;
            };
            self.shared.silence.note(sent.outcome.as_ref().err().map(AsRef::as_ref));
            // Whatever goes wrong with one, the others must be known too, or they would be left behind.
            noted = noted.and(self.ledger.borrow_mut().after(intent, request, sent));
        }
        noted.map_err(|error| Stop::Error(error.to_string()))?;
        answers.into_iter().collect::<Option<_>>().ok_or_else(stopped)
    }

    /// Sends one request; none when the run was stopped and the answer did not come soon after. A dropped request is
    /// recorded as cancelled.
    async fn send(&self, request: &Request, check: Check) -> Option<Sent> {
        tokio::select! {
            biased;
            sent = self.client.send(request.clone(), Some(check.id)) => Some(sent),
            () = self.shared.cancel.given_up() => None,
        }
    }

    /// Waits, unless somebody stops the run.
    pub(crate) fn wait(&self, wait: Duration) -> Result<(), Stop> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.shared.cancel.cancelled() => {}
                () = self.shared.clock.sleep(wait) => {}
            }
        });
        self.may_go_on()
    }

    fn may_go_on(&self) -> Result<(), Stop> {
        if self.shared.cancel.is_cancelled() {
            return Err(stopped());
        }
        if self.shared.silence.lasts() {
            return Err(blocked(
                CauseKind::Transport,
                "the target stopped answering, so nothing more was asked of it",
            ));
        }
        Ok(())
    }

    /// Removes what the check created, the youngest first; also after the run was stopped.
    pub(crate) fn clean_up(&self) -> CleanUp {
        let Shared { silence, pages, factory, recorder, .. } = self.shared.as_ref();
        let removal = Removal { client: &self.client, silence, pages, run: factory.run() };
        let standing = self.ledger.borrow().standing();
        let found = self.runtime.block_on(removal.look_for(&standing));
        let mut leftovers = Vec::new();
        for standing in standing {
            let Removed { gone, kept, .. } = self.runtime.block_on(removal.remove(&standing, &found));
            self.gone(&standing, &gone);
            leftovers.extend(kept.map(|reason| {
                // The target chooses addresses and reasons, and may quote what it was told.
                let Leftover { resource, reason } = leftover(&standing, &reason);
                let scrub = |text: &str| recorder.redactor().scrub(text);
                Leftover { resource: scrub(&resource), reason: scrub(&reason) }
            }));
        }
        let (created, removed) = self.ledger.borrow_mut().close();
        CleanUp { created, removed, leftovers }
    }

    fn gone(&self, standing: &Standing, paths: &[String]) {
        let mut ledger = self.ledger.borrow_mut();
        for path in paths {
            match standing {
                // A journal that cannot be written here only makes a later sweep ask once more.
                Standing::At(_) => drop(ledger.removed(path)),
                Standing::Named { told, .. } => ledger.found_and_removed(*told),
                Standing::Nameless { .. } => {}
            }
        }
    }
}

fn stopped() -> Stop {
    blocked(CauseKind::Cancelled, "the run was stopped")
}

fn blocked(kind: CauseKind, message: &str) -> Stop {
    Stop::Blocked(Cause { kind, message: message.to_owned(), exchange: None })
}

pub(crate) fn leftover(standing: &Standing, reason: &str) -> Leftover {
    let resource = match standing {
        Standing::At(path) => path.clone(),
        Standing::Named { endpoint, name, .. } => format!("{endpoint} named {name}"),
        Standing::Nameless { endpoint } => format!("a create of unknown name on {endpoint}"),
    };
    Leftover { resource, reason: reason.to_owned() }
}

pub(crate) fn runtime() -> Result<Runtime, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no runtime: {error}"))
}

/// A request that got no answer says nothing about the check's claim; one that could not even be sent is ours.
pub(crate) fn unanswered(label: &str, number: u32, error: &TransportError) -> Stop {
    if matches!(error, TransportError::Unsendable { .. } | TransportError::Setup { .. }) {
        return Stop::Error(format!("{label}: {error}"));
    }
    let kind = if error.is_timeout() { CauseKind::Timeout } else { CauseKind::Transport };
    Stop::Blocked(Cause { kind, message: format!("{label}: {error}"), exchange: Some(number) })
}
