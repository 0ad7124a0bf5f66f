//! How many requests scenarios are going to be: they are played once in this process, where nothing is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use client::{
    Cancel, Clock, Connect, InProcess, Recorder, Sending, Silence, SystemClock, Target, Transport,
    TransportError,
};
use harness::Confirmed;
use record::Redactor;
use reference_server::ReferenceServer;
use scenarios::file::Scenario;
use scenarios::play::{self, Options, Venue};

use crate::args::ClientOption;
use crate::failure::Failure;
use crate::theatre::{Place, as_played};

/// The id of a run that never leaves this process. It is as long as one that is drawn.
const ID: &str = "00000000";

/// How many requests it takes to play scenarios in a place and to remove what they create, where the server answers as what it
/// is said to be does.
pub(crate) fn requests(
    scenarios: &[Scenario],
    place: &Place,
    client: Option<ClientOption>,
    domain: Option<&str>,
) -> Result<u32, Failure> {
    let options = as_played(ID, client, domain.map(ToOwned::to_owned), place);
    let mut sent = 0_u32;
    for scenario in scenarios {
        sent = sent.saturating_add(rehearse(scenario, place, &options)?);
    }
    Ok(sent)
}

/// How many requests it takes to see that there is a server, which is to be what a scenario asks for.
pub(crate) fn requests_to_reach(first: &Scenario) -> Result<u32, Failure> {
    let (target, counting) = stand_in(first.profile.as_ref().clone())?;
    harness::reach(&target, &counting, Arc::new(SystemClock::default())).map_err(Failure::mishap)?;
    Ok(counting.count())
}

fn rehearse(scenario: &Scenario, place: &Place, options: &Options) -> Result<u32, Failure> {
    let (target, counting) = stand_in(place.played(scenario).clone())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let way: Arc<dyn Connect> = Arc::new(counting.clone());
    let connect: Arc<dyn Connect> = match place {
        Place::Here { .. } => way,
        // On a server that stays, nothing is changed but what was seen to be the run's own.
        Place::There(_) => {
            let recorder = Recorder::forgetful(Redactor::default());
            Arc::new(Confirmed::new(way, ID, &target, recorder, Arc::clone(&clock)))
        }
    };
    let recorder = Recorder::new(Redactor::default());
    let venue = Venue { target, connect, recorder, clock, silence: Silence::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))?;
    let cancel = Cancel::default();
    let played = runtime.block_on(play::play(scenario, &venue, options, &cancel));
    played.map_err(|error| Failure::mishap(format!("{}: {error}", scenario.name)))?;
    Ok(counting.count())
}

/// The bundled server in this process, and a way to it that counts.
fn stand_in(profile: profiles::Profile) -> Result<(Target, Counting), Failure> {
    let service = ReferenceServer::builder().plays(profile).service().map_err(Failure::usage)?;
    let base = format!("http://localhost{}", service.base_path());
    let target = Target::new(&base).map_err(Failure::mishap)?.bearer(service.token().clone());
    Ok((target, Counting { inner: Arc::new(InProcess::new(service)), sent: Arc::default() }))
}

/// Makes transports that count what they send.
#[derive(Clone)]
struct Counting {
    inner: Arc<dyn Connect>,
    sent: Arc<AtomicU32>,
}

impl Counting {
    fn count(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Connect for Counting {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Counter { inner: self.inner.connect()?, sent: Arc::clone(&self.sent) }))
    }
}

struct Counter {
    inner: Box<dyn Transport>,
    sent: Arc<AtomicU32>,
}

impl Transport for Counter {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request, clock)
    }
}
