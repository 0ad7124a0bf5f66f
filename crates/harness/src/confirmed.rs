//! A guard for those who are not checks: what was not seen to be the run's own is left alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use client::{
    Client, Clock, Connect, Delivered, Method, Recorder, Request, Sending, Target, Transport, TransportError,
    respelled,
};

use crate::ours::Ours;

/// Makes transports that send no PUT, PATCH or DELETE to a resource before a read has shown a name of the run there. Where none
/// has, they read by themselves; those reads are on record as well.
pub struct Confirmed {
    inner: Arc<dyn Connect>,
    target: Target,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    ours: Arc<Mutex<Ours>>,
}

impl Confirmed {
    /// Transports of `inner` for the requests of a run to `target`.
    #[must_use]
    pub fn new(
        inner: Arc<dyn Connect>,
        run: &str,
        target: &Target,
        recorder: Recorder,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let base: http::Uri = target.base().parse().unwrap_or_default();
        let ours = Ours::new(run, base.path().trim_end_matches('/'));
        Self { inner, target: target.clone(), recorder, clock, ours: Arc::new(Mutex::new(ours)) }
    }
}

impl Connect for Confirmed {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        let (recorder, clock) = (self.recorder.clone(), Arc::clone(&self.clock));
        let reader = Client::new(self.target.clone().within_another(), self.inner.as_ref(), recorder, clock)?
            .ignoring_case();
        Ok(Box::new(Guarded { inner: self.inner.connect()?, reader, ours: Arc::clone(&self.ours) }))
    }

    fn has_connections(&self) -> bool {
        self.inner.has_connections()
    }

    fn remark(&self) -> Option<String> {
        self.inner.remark()
    }
}

struct Guarded {
    inner: Box<dyn Transport>,
    reader: Client,
    ours: Arc<Mutex<Ours>>,
}

impl Guarded {
    fn ours(&self) -> MutexGuard<'_, Ours> {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn make_sure(&self, path: &str) -> Result<(), TransportError> {
        let sent = self.reader.send(Request::get(path), None).await;
        let foreign = || TransportError::Foreign { path: path.to_owned() };
        let answer = sent.outcome.as_ref().map_err(|error| TransportError::clone(error))?;
        if let Some(body) = sent.json.as_ref().filter(|_| (200..300).contains(&answer.status)) {
            self.ours().learn(&Method::GET, path, body);
        }
        match answer.status {
            _ if self.ours().has(path) => Ok(()),
            404 | 410 => Ok(()),
            _ => Err(foreign()),
        }
    }
}

impl Transport for Guarded {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(self.inner.as_ref())
    }

    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let in_doubt = self.ours().in_doubt(&method, &path);
            if let Some(path) = in_doubt {
                self.make_sure(&path).await?;
            }
            let delivered: Delivered = self.inner.send(request, clock).await?;
            if (200..300).contains(&delivered.answer.status)
                && method == Method::GET
                && let Some(body) = delivered.answer.json_within(self.reader.target().answer_limit())
            {
                self.ours().learn(&method, &path, &respelled(body));
            }
            Ok(delivered)
        })
    }
}
