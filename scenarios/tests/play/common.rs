//! A bundled server in this process, and scenarios that are played against it.

use std::sync::Arc;

use bytes::Bytes;
use client::{
    Answer, Client, Clock, Connect, Delivered, InProcess, Recorder, Request, Sending, SystemClock, Target,
    Transport, TransportError,
};
use record::{ExpectationOutcome, Redactor};
use reference_server::{Builder, ReferenceServer};
use scenarios::entra::ClientKind;
use scenarios::file::Scenario;
use scenarios::play::{Options, Played, Stop, Venue, play};

/// A place where scenarios are played.
pub(crate) struct Theatre {
    venue: Venue,
}

impl Theatre {
    /// Against the server that plays a profile.
    pub(crate) fn of(profile: &str) -> Self {
        Self::built(ReferenceServer::builder().profile(profile))
    }

    /// Against the server with a fault.
    pub(crate) fn with_fault(profile: &str, fault: &str) -> Self {
        Self::built(ReferenceServer::builder().profile(profile).fault(fault))
    }

    fn built(builder: Builder) -> Self {
        let service = builder.seed(1).service().expect("a server");
        let base = format!("http://localhost{}", service.base_path());
        let venue = Venue {
            target: Target::new(&base).expect("a base URL").bearer(service.token().clone()),
            connect: Arc::new(InProcess::new(service)),
            recorder: Recorder::new(Redactor::default()),
            clock: Arc::new(SystemClock::new()),
        };
        Self { venue }
    }

    pub(crate) fn play(&self, scenario: &Scenario) -> Played {
        self.play_until(scenario, &|| false)
    }

    pub(crate) fn play_until(&self, scenario: &Scenario, stop: Stop<'_>) -> Played {
        self.play_as("r7f3", None, scenario, stop)
    }

    /// Plays a scenario with another client than it says.
    pub(crate) fn play_by(&self, client: ClientKind, scenario: &Scenario) -> Played {
        self.play_as("r7f3", Some(client), scenario, &|| false)
    }

    /// Plays a scenario as a run of this label.
    pub(crate) fn keeping(&self, run: &str, scenario: &Scenario) -> Played {
        self.play_as(run, None, scenario, &|| false)
    }

    fn play_as(&self, run: &str, client: Option<ClientKind>, scenario: &Scenario, stop: Stop<'_>) -> Played {
        let options = Options { run: run.to_owned(), client };
        block_on(play(scenario, &self.venue, &options, stop)).expect("a scenario that begins")
    }

    /// Where every DELETE is refused.
    pub(crate) fn without_deletions(mut self) -> Self {
        self.venue.connect = Arc::new(NoDeletions(Arc::clone(&self.venue.connect)));
        self
    }

    /// How many users the server has.
    pub(crate) fn users(&self) -> u64 {
        let Venue { target, connect, clock, .. } = self.venue.clone();
        let recorder = Recorder::new(Redactor::default());
        let client = Client::new(target, connect.as_ref(), recorder, clock).expect("a client");
        let sent = block_on(client.send(Request::get("/Users"), None));
        let total = sent.json.as_ref().and_then(|list| list.get("totalResults")?.as_u64());
        total.expect("a list")
    }
}

/// The claims that do not hold.
pub(crate) fn misses(played: &Played) -> Vec<String> {
    let expectations = played.scenario.steps.iter().flat_map(|step| &step.expectations);
    let missed = expectations.filter(|it| matches!(it.outcome, ExpectationOutcome::Missed { .. }));
    missed.map(|it| it.claim.clone()).collect()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

struct NoDeletions(Arc<dyn Connect>);

impl Connect for NoDeletions {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Refusing(self.0.connect()?)))
    }
}

struct Refusing(Box<dyn Transport>);

impl Transport for Refusing {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        if request.method() != http::Method::DELETE {
            return self.0.send(request, clock);
        }
        let now_us = clock.now_us();
        let answer = Answer { status: 405, headers: Vec::new(), body: Bytes::new() };
        Box::pin(std::future::ready(Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us })))
    }
}
