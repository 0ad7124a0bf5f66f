//! A bundled server in this process, and scenarios that are played against it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use client::{
    Answer, Cancel, Client, Clock, Connect, Delivered, InProcess, Method, Recorder, Request, Sending,
    Silence, SystemClock, Target, Transport, TransportError,
};
use record::{ExpectationOutcome, Redactor};
use reference_server::{Builder, ReferenceServer};
use scenarios::entra::ClientKind;
use scenarios::file::Scenario;
use scenarios::play::{Options, Played, Venue, play};

use crate::patience::Shared;

/// A place where scenarios are played.
pub(crate) struct Theatre {
    venue: Venue,
    cancel: Cancel,
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

    /// Against the server of what Entra needs as a variant of it, on a clock that both sides share; reads may lag so far.
    pub(crate) fn timed(variant: Option<&str>, lag: Duration, clock: &Shared) -> Self {
        let builder = ReferenceServer::builder().profile("entra-ready").clock(Arc::new(clock.clone()));
        let Theatre { venue, cancel } = Self::built(match variant {
            Some(variant) => builder.variant(variant),
            None => builder,
        });
        let target = venue.target.clone().lagging(lag);
        Self { venue: Venue { target, clock: Arc::new(clock.clone()), ..venue }, cancel }
    }

    fn built(builder: Builder) -> Self {
        let service = builder.seed(1).service().expect("a server");
        let base = format!("http://localhost{}", service.base_path());
        let venue = Venue {
            target: Target::new(&base).expect("a base URL").bearer(service.token().clone()),
            connect: Arc::new(InProcess::new(service)),
            recorder: Recorder::new(Redactor::default()),
            clock: Arc::new(SystemClock::new()),
            silence: Silence::default(),
        };
        Self { venue, cancel: Cancel::default() }
    }

    pub(crate) fn play(&self, scenario: &Scenario) -> Played {
        self.play_as("r7f3", None, scenario)
    }

    /// Plays a scenario with another client than it says.
    pub(crate) fn play_by(&self, client: ClientKind, scenario: &Scenario) -> Played {
        self.play_as("r7f3", Some(client), scenario)
    }

    /// Plays a scenario as a run of this label.
    pub(crate) fn keeping(&self, run: &str, scenario: &Scenario) -> Played {
        self.play_as(run, None, scenario)
    }

    fn play_as(&self, run: &str, client: Option<ClientKind>, scenario: &Scenario) -> Played {
        let options = Options { run: run.to_owned(), client, domain: None, timeout: None };
        block_on(play(scenario, &self.venue, &options, &self.cancel)).expect("a scenario that begins")
    }

    /// Where somebody stops the run with the first request of a method, before its answer is there.
    pub(crate) fn stopped_at_the_first(mut self, method: Method) -> Self {
        let inner = Arc::clone(&self.venue.connect);
        self.venue.connect = Arc::new(Meddled {
            inner,
            meddle: Arc::new({
                let cancel = self.cancel.clone();
                move |request| {
                    if *request.method() == method {
                        cancel.cancel();
                    }
                    None
                }
            }),
        });
        self
    }

    /// Where some requests are answered by somebody in front of the server.
    pub(crate) fn answering(
        mut self,
        answer: impl Fn(&http::Request<Bytes>) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let inner = Arc::clone(&self.venue.connect);
        self.venue.connect = Arc::new(Meddled { inner, meddle: Arc::new(answer) });
        self
    }

    /// Where every DELETE is answered so, and not carried out.
    pub(crate) fn answering_deletions(self, status: u16) -> Self {
        self.answering(move |request| {
            let is_refused = request.method() == Method::DELETE;
            is_refused.then(|| Answer { status, headers: Vec::new(), body: Bytes::new() })
        })
    }

    /// Where whatever the picked requests ask for is answered with success, and not done.
    pub(crate) fn only_saying_so(
        mut self,
        picked: impl Fn(&http::Request<Bytes>) -> bool + Send + Sync + 'static,
    ) -> Self {
        let inner = Arc::clone(&self.venue.connect);
        let say = move |request: &http::Request<Bytes>| {
            picked(request).then(|| Answer { status: 204, headers: Vec::new(), body: Bytes::new() })
        };
        self.venue.connect = Arc::new(Meddled { inner, meddle: Arc::new(say) });
        self
    }

    /// Where no request is answered any more after so many; gives how many were sent in all as well.
    pub(crate) fn falling_silent_after(mut self, answered: u32) -> (Self, Arc<AtomicU32>) {
        let sent = Arc::new(AtomicU32::new(0));
        let inner = Arc::clone(&self.venue.connect);
        self.venue.connect = Arc::new(Hung { inner, answered, sent: Arc::clone(&sent) });
        (self, sent)
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

/// Sees each request on its way to the target, and may answer in its place.
type Meddle = dyn Fn(&http::Request<Bytes>) -> Option<Answer> + Send + Sync;

struct Meddled {
    inner: Arc<dyn Connect>,
    meddle: Arc<Meddle>,
}

impl Connect for Meddled {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Meddling { inner: self.inner.connect()?, meddle: Arc::clone(&self.meddle) }))
    }
}

struct Meddling {
    inner: Box<dyn Transport>,
    meddle: Arc<Meddle>,
}

impl Transport for Meddling {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let Some(answer) = (self.meddle)(&request) else { return self.inner.send(request, clock) };
        let now_us = clock.now_us();
        Box::pin(std::future::ready(Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us })))
    }
}

/// Answers so many requests, and then none.
struct Hung {
    inner: Arc<dyn Connect>,
    answered: u32,
    sent: Arc<AtomicU32>,
}

impl Connect for Hung {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        let (answered, sent) = (self.answered, Arc::clone(&self.sent));
        Ok(Box::new(Hanging { inner: self.inner.connect()?, answered, sent }))
    }
}

struct Hanging {
    inner: Box<dyn Transport>,
    answered: u32,
    sent: Arc<AtomicU32>,
}

impl Transport for Hanging {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        if self.sent.fetch_add(1, Ordering::Relaxed) < self.answered {
            return self.inner.send(request, clock);
        }
        Box::pin(std::future::ready(Err(TransportError::Timeout { after: Duration::from_secs(100) })))
    }
}
