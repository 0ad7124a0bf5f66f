//! Which checks a fault can turn.
//!
//! A run against the healthy server is taped. A fault on the wire is then shown every request and answer of the tape: where
//! it changes neither, the check that they belong to would see what it saw, and come out as it did. Where it changes what is
//! asked before all checks, that holds as long as they are told the same of the server.

use std::collections::BTreeSet;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use harness::{Check, Outcome, Probe, Procedure};
use http::header::AUTHORIZATION;
use http::{Method, Request, Response};
use record::Checks;
use reference_server::{Answered, ReferenceServer, Service, Upstream};
use tower::Service as _;

use crate::common;
use crate::common::between::{Answering, Between};

/// A request, and what the healthy server answered.
#[derive(Clone)]
struct Frame {
    request: Request<Bytes>,
    response: Response<Bytes>,
    /// What stood where a change went to, before it: there are faults that look.
    stood: Option<Response<Bytes>>,
}

/// Takes down what passes.
#[derive(Clone)]
pub(crate) struct Taping {
    service: Service,
    frames: Arc<Mutex<Vec<Frame>>>,
}

impl Taping {
    pub(crate) fn new(service: Service) -> Self {
        Self { service, frames: Arc::default() }
    }

    /// What has passed.
    pub(crate) fn frames(&self) -> Frames {
        Frames(std::mem::take(&mut *self.frames.lock().unwrap()))
    }
}

/// All that passed in a run, in order.
pub(crate) struct Frames(Vec<Frame>);

impl Between for Taping {
    fn call(&mut self, request: Request<Bytes>) -> Answering {
        let mut service = self.service.clone();
        let frames = Arc::clone(&self.frames);
        Box::pin(async move {
            let stood = match look(&request) {
                Some(look) => Some(service.call(look).await?),
                None => None,
            };
            let response = service.call(request.clone()).await?;
            frames.lock().unwrap().push(Frame { request, response: response.clone(), stood });
            Ok(response)
        })
    }
}

/// A request for what stands where a change goes to.
fn look(change: &Request<Bytes>) -> Option<Request<Bytes>> {
    if ![Method::PUT, Method::PATCH].contains(change.method()) {
        return None;
    }
    let uri = change.uri().to_string();
    let mut look = Request::get(uri.split('?').next().unwrap_or_default()).body(Bytes::new()).ok()?;
    let credentials = change.headers().get(AUTHORIZATION).cloned();
    look.headers_mut().extend(credentials.map(|credentials| (AUTHORIZATION, credentials)));
    Some(look)
}

impl Upstream for Taping {
    fn answer(&self, request: Request<Bytes>) -> Answered {
        let answering = Between::call(&mut self.clone(), request);
        Box::pin(async move {
            let Ok(response) = answering.await;
            response
        })
    }
}

/// All that passed in a run, each with the checks that looked at it.
pub(crate) struct Tape {
    frames: Vec<Arc<Frame>>,
    /// For each of them the checks whose verdict hangs on it; none of the discovery that comes before all checks.
    watched_by: Vec<Vec<String>>,
    /// What passed when those checks ran that need a connection, without the discovery.
    framed: Vec<Arc<Frame>>,
    /// What checks are told of the server.
    known: String,
}

/// What a fault on the wire can turn.
pub(crate) struct Touched<'a> {
    /// Of the checks that need no connection.
    pub(crate) checks: BTreeSet<&'a str>,
    /// Whether it can turn those that need one.
    pub(crate) framed: bool,
}

impl Tape {
    /// Of a run, and of one with those checks that need a connection.
    pub(crate) fn new(Frames(frames): Frames, run: &Checks, framed: Frames) -> Self {
        let mut exchanges: Vec<_> = run.exchanges.iter().collect();
        exchanges.sort_by_key(|exchange| exchange.number);
        assert_eq!(exchanges.len(), frames.len(), "each exchange is one request");
        let mut last = None;
        let watched_by: Vec<Vec<String>> = exchanges
            .iter()
            .zip(&frames)
            .map(|(exchange, frame)| {
                let path = frame.request.uri().path();
                assert!(
                    exchange.request.url.contains(path),
                    "{} is no request for {path}",
                    exchange.request.url
                );
                let watching = |result: &&record::CheckResult| result.exchanges.contains(&exchange.number);
                let active = run.results.iter().filter(|result| result.kind == record::CheckKind::Active);
                let watching: Vec<String> = active.filter(watching).map(|result| result.id.clone()).collect();
                // What no check looks at is its clean-up.
                if let Some(first) = watching.first() {
                    last = Some(first.clone());
                    return watching;
                }
                last.iter().cloned().collect()
            })
            .collect();
        let asked_first = watched_by.iter().take_while(|checks: &&Vec<String>| checks.is_empty()).count();
        let framed = framed.0.into_iter().skip(asked_first);
        Self {
            frames: frames.into_iter().map(Arc::new).collect(),
            watched_by,
            framed: framed.map(Arc::new).collect(),
            known: known(None),
        }
    }

    /// What a fault on the wire may turn; anything, where checks are told something else of the server.
    pub(crate) fn touched_by(&self, fault: &str) -> Option<Touched<'_>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (touched, asked_first) = runtime.block_on(self.show(fault));
        (!asked_first || known(Some(fault)) == self.known).then_some(touched)
    }

    /// What a fault touches among all that the checks sent, and whether it touches what is asked before them.
    async fn show(&self, fault: &str) -> (Touched<'_>, bool) {
        let replaying = Arc::new(Replaying::default());
        let healthy = common::on_a_clock_of_its_own(ReferenceServer::builder())
            .before(Arc::clone(&replaying) as Arc<dyn Upstream>);
        let mut faulty = healthy.fault(fault).service().unwrap();
        let mut changes = async |frame: &Arc<Frame>| {
            replaying.put(frame);
            let Ok(response) = faulty.call(frame.request.clone()).await;
            !replaying.passed() || !is_same(&response, &frame.response)
        };
        let mut touched = Touched { checks: BTreeSet::new(), framed: false };
        let mut asked_first = false;
        for (frame, watched_by) in self.frames.iter().zip(&self.watched_by) {
            if changes(frame).await {
                touched.checks.extend(watched_by.iter().map(String::as_str));
                asked_first |= watched_by.is_empty();
            }
        }
        for frame in &self.framed {
            touched.framed = touched.framed || changes(frame).await;
        }
        (touched, asked_first)
    }
}

/// What checks are told of a server that is healthy or has a fault: all that discovery leaves them.
fn known(fault: Option<&str>) -> String {
    let listening: &Listening = Box::leak(Box::default());
    let check = Check::active("discovery.is-known", listening);
    let builder = ReferenceServer::builder();
    let builder = fault.into_iter().fold(builder, reference_server::Builder::fault);
    common::run(&[check], builder, profiles::find("rfc").unwrap(), Duration::ZERO);
    std::mem::take(&mut *listening.0.lock().unwrap())
}

/// A check that takes down what checks are told.
#[derive(Default)]
struct Listening(Mutex<String>);

impl Procedure for Listening {
    fn run(&self, probe: &mut Probe) -> Outcome {
        *self.0.lock().unwrap() = format!("{:?}", probe.service());
        Ok(())
    }
}

/// Answers what the healthy server answered, and sees whether it was asked as the healthy server was. Who looks before a
/// change changes nothing by that.
#[derive(Default)]
struct Replaying(Mutex<Option<Asked>>);

struct Asked {
    frame: Arc<Frame>,
    as_taped: usize,
    otherwise: usize,
}

impl Replaying {
    fn put(&self, frame: &Arc<Frame>) {
        *self.0.lock().unwrap() = Some(Asked { frame: Arc::clone(frame), as_taped: 0, otherwise: 0 });
    }

    /// Whether it was asked just once, for what is on the tape.
    fn passed(&self) -> bool {
        let asked = self.0.lock().unwrap();
        asked.as_ref().is_some_and(|asked| asked.as_taped == 1 && asked.otherwise == 0)
    }
}

impl Upstream for Replaying {
    fn answer(&self, request: Request<Bytes>) -> Answered {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = asked.as_mut().unwrap();
        let taped = &asked.frame.request;
        let looks = request.method() == Method::GET && request.uri().path() == taped.uri().path();
        if let (Some(stood), true) = (&asked.frame.stood, looks) {
            return Box::pin(ready(stood.clone()));
        }
        let as_taped = request.method() == taped.method()
            && request.uri().path_and_query() == taped.uri().path_and_query()
            && request.headers() == taped.headers()
            && request.body() == taped.body();
        let counted = if as_taped { &mut asked.as_taped } else { &mut asked.otherwise };
        *counted += 1;
        Box::pin(ready(asked.frame.response.clone()))
    }
}

fn is_same(one: &Response<Bytes>, other: &Response<Bytes>) -> bool {
    one.status() == other.status() && one.headers() == other.headers() && one.body() == other.body()
}
