//! Hears whether a target answers, and what it asks for.

use std::sync::Arc;

use bytes::Bytes;
use client::{Clock, Connect, Sending, Silence, Transport, TransportError};

use crate::play::patience::Patience;

/// Makes transports that listen for the target, and send nothing to one that is given up.
pub(super) struct Listening {
    pub(super) silence: Silence,
    pub(super) patience: Patience,
    pub(super) inner: Arc<dyn Connect>,
}

impl Connect for Listening {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        let (silence, patience) = (self.silence.clone(), self.patience.clone());
        Ok(Box::new(Listener { silence, patience, inner: self.inner.connect()? }))
    }

    fn has_connections(&self) -> bool {
        self.inner.has_connections()
    }
}

struct Listener {
    silence: Silence,
    patience: Patience,
    inner: Box<dyn Transport>,
}

impl Transport for Listener {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            if self.silence.lasts() {
                return Err(TransportError::Connect { reason: Silence::told() });
            }
            let method = request.method().clone();
            let sent = self.inner.send(request, clock).await;
            if method != http::Method::GET {
                self.patience.note_write();
            }
            if let Ok(delivered) = &sent {
                self.patience.note(&delivered.answer);
            }
            self.silence.note(sent.as_ref().err());
            sent
        })
    }
}
