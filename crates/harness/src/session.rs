use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use client::{
    Answer, Cancel, Client, Clock, Connect, Method, Recorder, Request, Sent, Silence, Target, TransportError,
};
use futures_util::future::join_all;
use record::{Cause, CauseKind, Leftover};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::check::Check;
use crate::discovery::Service;
use crate::factory::{Factory, Template};
use crate::giving_up::{GivenUp, unless_given_up};
use crate::grading::Grading;
use crate::journal::Journal;
use crate::last_look::Refusals;
use crate::ledger::{Ledger, Standing};
use crate::lending::{Lending, Lent};
use crate::ours::Ours;
use crate::removal::{Doubt, Removal, Removed};
use crate::search::{Pages, Whereabouts};
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
    ours: RefCell<Ours>,
    lending: RefCell<Lending>,
}

/// What a check's clean-up came to.
#[derive(Default)]
pub(crate) struct CleanUp {
    pub(crate) created: u32,
    pub(crate) removed: u32,
    pub(crate) leftovers: Vec<Leftover>,
    pub(crate) refusals: Refusals,
}

impl CleanUp {
    pub(crate) fn extend(&mut self, more: Self) {
        self.created += more.created;
        self.removed += more.removed;
        self.leftovers.extend(more.leftovers);
        self.refusals.extend(more.refusals);
    }
}

impl Session {
    pub(crate) fn new(shared: &Arc<Shared>) -> Result<Self, String> {
        let runtime = runtime()?;
        let recorder = shared.recorder.clone();
        let client =
            Client::new(shared.target.clone(), shared.connect.as_ref(), recorder, Arc::clone(&shared.clock));
        Ok(Self {
            client: client.map_err(|error| error.to_string())?.ignoring_case(),
            runtime,
            ledger: RefCell::new(Ledger::new(
                shared.factory.run(),
                shared.journal.clone(),
                shared.recorder.redactor().clone(),
                shared.target.others().second_tenant.clone(),
            )),
            ours: RefCell::new(Ours::new(shared.factory.run(), shared.target.base())),
            lending: RefCell::default(),
            shared: Arc::clone(shared),
        })
    }

    /// Refuses what would write where only reading is allowed.
    pub(crate) fn may_send(&self, requests: &[Request], check: Check) -> Result<(), Stop> {
        let reads_only = self.shared.read_only || check.reads_only;
        match requests.iter().find(|request| reads_only && *request.method() != Method::GET) {
            Some(writing) => Err(Stop::Error(format!("{} in a check that may only read", writing.method()))),
            None => Ok(()),
        }
    }

    /// The paths of resources that requests would change and that were not seen to be ours.
    pub(crate) fn in_doubt(&self, requests: &[Request]) -> BTreeSet<String> {
        let ours = self.ours.borrow();
        let told = requests.iter().filter(|request| ours.is_told(request.path()));
        told.filter_map(|request| ours.in_doubt(request.method(), request.path())).collect()
    }

    /// Whether the resource at a path was seen to be ours.
    pub(crate) fn is_ours(&self, path: &str) -> bool {
        self.ours.borrow().has(path)
    }

    /// Whether another path ends in the same id, and what stands there was seen to be ours.
    pub(crate) fn is_ours_elsewhere(&self, path: &str) -> bool {
        self.ours.borrow().has_elsewhere(path)
    }

    /// Sends requests that [may be sent](Self::may_send) at the same time and waits for all answers.
    pub(crate) fn exchange(&self, requests: &[Request], check: Check) -> Result<Vec<Sent>, Stop> {
        self.may_go_on()?;
        let mut intents = Vec::with_capacity(requests.len());
        for request in requests {
            let withdrawn = self.lending.borrow_mut().withdraw_written(request);
            self.take_back(&withdrawn);
            let intent = self.ledger.borrow().before(request, &self.shared.service);
            intents.push(intent.map_err(|error| Stop::Error(error.to_string()))?);
        }
        let sending = requests
            .iter()
            .map(|request| unless_given_up(&self.client, &self.shared.cancel, request, check.id));
        let answers = self.runtime.block_on(join_all(sending));
        let mut noted = Ok(());
        for ((intent, request), sent) in intents.into_iter().zip(requests).zip(&answers) {
            let sent = match sent {
                Ok(sent) => sent,
                Err(GivenUp::UnderWay) => {
                    self.ledger.borrow_mut().abandoned(intent);
                    continue;
                }
                Err(GivenUp::Waiting) => {
                    noted = noted.and(self.ledger.borrow().unsent(intent));
                    continue;
                }
            };
            self.shared.silence.note(sent.outcome.as_ref().err().map(AsRef::as_ref));
            if let Ok(answer) = &sent.outcome {
                self.learn(request, answer, sent.json.as_deref());
            }
            // Whatever goes wrong with one, the others must be known too, or they would be left behind.
            noted = noted.and(self.ledger.borrow_mut().after(intent, request, sent));
        }
        noted.map_err(|error| Stop::Error(error.to_string()))?;
        answers.into_iter().collect::<Result<_, _>>().map_err(|_| stopped(&self.shared.cancel))
    }

    fn learn(&self, request: &Request, answer: &Answer, body: Option<&Value>) {
        let mut ours = self.ours.borrow_mut();
        ours.hear(answer, body);
        if let Some(body) = body.filter(|_| (200..300).contains(&answer.status)) {
            ours.learn(request.method(), request.path(), body);
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

    pub(crate) fn may_go_on(&self) -> Result<(), Stop> {
        if self.shared.cancel.is_cancelled() {
            return Err(stopped(&self.shared.cancel));
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
        let removal = Removal { client: &self.client, silence, pages, run: factory.run(), shown: None };
        let mut leftovers = Vec::new();
        let mut leave = |standing: &Standing, reason: &str| {
            // The target chooses addresses and reasons, and may quote what it was told.
            let Leftover { resource, reason } = leftover(standing, reason);
            let scrub = |text: &str| recorder.redactor().scrub(text);
            leftovers.push(Leftover { resource: scrub(&resource), reason: scrub(&reason) });
        };
        let mut sure = Vec::new();
        let standing = self.ledger.borrow().standing();
        for standing in standing {
            match self.sure_of(standing.clone(), &removal) {
                Ok(standing) => sure.push(standing),
                Err(doubt) => leave(&standing, &doubt.reason()),
            }
        }
        let found = self.runtime.block_on(removal.look_for(&sure));
        let (mut astray, mut left) = (Vec::new(), Vec::new());
        for standing in sure {
            let Removed { gone, missing, kept } = self.runtime.block_on(removal.remove(&standing, &found));
            self.gone(&standing, &gone);
            left.extend(kept.map(|kept| (standing.clone(), kept)));
            // Nothing stood where it was said to stand.
            if let Standing::At(path) = &standing
                && missing > 0
            {
                astray.extend(self.ledger.borrow_mut().by_name(path));
            }
        }
        for (standing, kept) in left {
            match self.runtime.block_on(removal.went_all_the_same(&standing, &kept)) {
                Some(path) => self.gone(&standing, &[path]),
                None => leave(&standing, &kept.reason),
            }
        }
        for (standing, reason) in self.remove_astray(&astray, &removal) {
            leave(&standing, &reason);
        }
        let mut lending = self.lending.borrow_mut();
        lending.rest();
        self.ours.borrow_mut().forget_all_but(|path| lending.has(path));
        let (created, removed, refusals) = self.ledger.borrow_mut().close();
        CleanUp { created, removed, leftovers, refusals }
    }

    /// Removes what was lent to checks, when the last of them is over.
    pub(crate) fn close(&self) -> CleanUp {
        let withdrawn = self.lending.borrow_mut().withdraw_all();
        self.take_back(&withdrawn);
        self.clean_up()
    }

    /// Whether the check at hand has looked at what others look at too.
    pub(crate) fn has_borrowed(&self) -> bool {
        self.lending.borrow().is_used()
    }

    /// Removes what the check at hand created, and all that it has looked at.
    pub(crate) fn start_over(&self) -> CleanUp {
        let withdrawn = self.lending.borrow_mut().withdraw_used();
        self.take_back(&withdrawn);
        self.clean_up()
    }

    /// What is lent of a kind, and when it was made.
    pub(crate) fn lent(&self, kind: &[Template]) -> Option<(Rc<Lent>, u64)> {
        self.lending.borrow_mut().find(kind)
    }

    /// Lends what the check at hand has made to those that come after it, too.
    pub(crate) fn lend(&self, kind: Vec<Template>, lent: &Rc<Lent>) {
        let paths: Vec<&str> = lent.paths().collect();
        if self.ledger.borrow_mut().lend(&paths) {
            self.lending.borrow_mut().add(kind, Rc::clone(lent), self.shared.clock.now_us());
        }
    }

    /// A document that an earlier check was shown.
    pub(crate) fn document(&self, path: &str) -> Option<Sent> {
        self.lending.borrow_mut().document(path)
    }

    /// Shows the checks that come next what this one was shown.
    pub(crate) fn remember(&self, path: &str, sent: &Sent) {
        self.lending.borrow_mut().remember(path, sent);
    }

    fn take_back(&self, withdrawn: &[Rc<Lent>]) {
        let paths = withdrawn.iter().flat_map(|lent| lent.paths());
        self.ledger.borrow_mut().take_back(paths);
    }

    /// Removes what stands elsewhere than it was said to; gives what stays, and why.
    fn remove_astray(&self, astray: &[Standing], removal: &Removal<'_>) -> Vec<(Standing, String)> {
        let found = self.runtime.block_on(self.find(astray, removal));
        let mut kept = Vec::new();
        for standing in astray {
            let Standing::Named { endpoint, name, .. } = standing else { continue };
            match found.of(endpoint, name) {
                Ok(paths) => {
                    for path in paths {
                        self.write_down(endpoint, name, &path);
                        match self.runtime.block_on(removal.remove_ours(&path)) {
                            Ok(_) => self.cross_out(&path),
                            Err(stays) => kept.push((Standing::At(path), stays.reason)),
                        }
                    }
                }
                Err(reason) => {
                    self.shared.leave_to_a_sweep(standing);
                    let reason = format!("it is not where the answer to its create said; {reason}");
                    kept.push((standing.clone(), reason));
                }
            }
        }
        kept
    }

    /// Looks for what is only known by its name: in the lists, and by filters where a list is long.
    pub(crate) async fn find(&self, standing: &[Standing], removal: &Removal<'_>) -> Whereabouts {
        let groups = self.shared.service.endpoint("Group");
        let naming = |endpoint: &str| if endpoint == groups { "displayName" } else { "userName" };
        let mut found = removal.look_for(standing).await;
        removal.ask_by_filter(&mut found, naming).await;
        found
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn block_on<F: Future>(&self, doing: F) -> F::Output {
        self.runtime.block_on(doing)
    }

    /// Whether the check knows of the resource at a path: it was told that it had created it, and has not removed it.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.ledger.borrow().knows(path)
    }

    /// What is to be removed, once it is sure that it is ours: at its place, or where its name is found.
    fn sure_of(&self, standing: Standing, removal: &Removal<'_>) -> Result<Standing, Doubt> {
        let Standing::At(path) = &standing else { return Ok(standing) };
        if self.is_ours(path) || self.shared.silence.lasts() {
            return Ok(standing);
        }
        match self.runtime.block_on(removal.confirm_ours(path)) {
            Ok(()) => Ok(standing),
            Err(doubt @ Doubt::Unread(_)) => self.ledger.borrow_mut().by_name(path).ok_or(doubt),
            Err(doubt) => Err(doubt),
        }
    }

    fn gone(&self, standing: &Standing, paths: &[String]) {
        let mut ledger = self.ledger.borrow_mut();
        for (place, path) in paths.iter().enumerate() {
            let is_first = place == 0;
            match standing {
                // A journal that cannot be written here only makes a later sweep ask once more.
                Standing::At(_) => drop(ledger.removed(path)),
                Standing::Named { .. } if ledger.knows(path) => drop(ledger.removed(path)),
                Standing::Named { told, .. } => ledger.found_and_removed(path, *told, is_first),
                Standing::Abroad(there) => drop(ledger.gone_abroad(there, is_first)),
                Standing::Nameless { .. } => {}
            }
        }
    }
}

fn stopped(cancel: &Cancel) -> Stop {
    blocked(CauseKind::Cancelled, cancel.reason().unwrap_or("the run was stopped"))
}

fn blocked(kind: CauseKind, message: &str) -> Stop {
    Stop::Blocked(Cause { kind, message: message.to_owned(), exchange: None })
}

pub(crate) fn leftover(standing: &Standing, reason: &str) -> Leftover {
    let resource = match standing {
        Standing::At(path) => path.clone(),
        Standing::Named { endpoint, name, .. } => format!("{endpoint} named {name}"),
        Standing::Nameless { endpoint } => format!("a create of unknown name on {endpoint}"),
        Standing::Abroad(there) => format!("{} of the second tenant", leftover(there, "").resource),
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
