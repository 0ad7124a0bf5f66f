//! Hears whether a target answers.

use std::sync::Arc;

use bytes::Bytes;
use client::{Clock, Connect, Sending, Silence, Transport, TransportError};

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
