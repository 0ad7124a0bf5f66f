//! A target that does not answer any more is given up: asking on would only cost time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bytes::Bytes;
use client::{Clock, Connect, Sending, Transport, TransportError};

/// Consecutive requests without any answer after which a target is given up.
const SILENT_REQUESTS_MAX: u8 = 8;

/// How many requests in a row the target has left without an answer, those of a client and our own together.
///
/// Clones count together: scenarios that are played against one target share one, and once it is given up they end at
/// their beginning.
#[derive(Clone, Debug, Default)]
pub struct Silence(Arc<AtomicU8>);

impl Silence {
    /// Whether the target is given up.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SILENT_REQUESTS_MAX
    }

    /// Takes note of how a request ended.
    fn note(&self, error: Option<&TransportError>) {
        match error {
            None
            | Some(
                TransportError::TooLarge { .. }
                | TransportError::TooManyValues { .. }
                | TransportError::NotHttp { .. },
            ) => self.0.store(0, Ordering::Relaxed),
            Some(
                TransportError::Timeout { .. }
                | TransportError::Connect { .. }
                | TransportError::Closed { .. },
            ) => {
                let more = |count: u8| count.checked_add(1);
                let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
            }
            // Nothing reached the target, so nothing could be answered.
            Some(_) => {}
        }
    }

    /// Why there is no next step.
    pub(super) fn told() -> String {
        format!("the target stopped answering: {SILENT_REQUESTS_MAX} requests in a row got no answer")
    }
}

/// Makes transports that listen for the target, and send nothing to one that is given up.
pub(super) struct Listening {
    pub(super) silence: Silence,
    pub(super) inner: Arc<dyn Connect>,
}

impl Connect for Listening {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Listener { silence: self.silence.clone(), inner: self.inner.connect()? }))
    }

    fn has_connections(&self) -> bool {
        self.inner.has_connections()
    }
}

struct Listener {
    silence: Silence,
    inner: Box<dyn Transport>,
}

impl Transport for Listener {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            if self.silence.lasts() {
                return Err(TransportError::Connect { reason: Silence::told() });
            }
            let sent = self.inner.send(request, clock).await;
            self.silence.note(sent.as_ref().err());
            sent
        })
    }
}
