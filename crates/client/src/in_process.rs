//! A tower service in this process as the target.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt as _;
use tower::{Service, ServiceExt as _};

use crate::answer::Answer;
use crate::clock::Clock;
use crate::error::TransportError;
use crate::framing::Framing;
use crate::transport::{AnswerLimit, Connect, Delivered, Sending, Transport, too_large};

/// Reaches a tower service without a socket: no HTTP framing, a few microseconds a request.
///
/// The service sees what a server behind a socket would see: a URI in origin form (RFC 9112 §3.2.1) and the host in
/// the `Host` header. A service that panics counts as a connection that was closed.
#[derive(Clone, Debug)]
pub struct InProcess<S> {
    service: S,
}

impl<S> InProcess<S> {
    /// The service as a target. It is cloned for every request.
    pub const fn new(service: S) -> Self {
        Self { service }
    }
}

impl<S> Connect for InProcess<S>
where
    S: Service<http::Request<Bytes>, Response = http::Response<Bytes>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
{
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(self.clone()))
    }
}

impl<S> Transport for InProcess<S>
where
    S: Service<http::Request<Bytes>, Response = http::Response<Bytes>, Error = Infallible> + Clone + 'static,
{
    fn send<'a>(&'a self, mut request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let service = self.service.clone();
        let limit = AnswerLimit::of(&request);
        Box::pin(async move {
            if request.extensions().get::<Framing>().is_some() {
                return Err(TransportError::Unframed);
            }
            if let Some(path) = request.uri().path_and_query() {
                *request.uri_mut() = http::Uri::from(path.clone());
            }
            // The service is called inside the guarded future, since `call` itself may panic.
            let answering = AssertUnwindSafe(async move { service.oneshot(request).await }).catch_unwind();
            let response = match answering.await {
                Ok(Ok(response)) => response,
                Ok(Err(never)) => match never {},
                Err(_) => return Err(TransportError::Closed { reason: "the service panicked".to_owned() }),
            };
            let now_us = clock.now_us();
            let (parts, body) = response.into_parts();
            if body.len() > limit.bytes() {
                return Err(too_large(limit));
            }
            Ok(Delivered {
                answer: Answer::of(parts.status, &parts.headers, body),
                first_byte_us: now_us,
                last_byte_us: now_us,
            })
        })
    }
}
