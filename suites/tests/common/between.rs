//! Somebody between the client and the server, who answers in its place or changes what it says.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};

/// An answer that is on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Infallible>> + Send>>;

/// What is done with a request.
pub(crate) trait Between {
    fn call(&mut self, request: Request<Bytes>) -> Answering;
}

/// Whoever it is, as a service.
#[derive(Clone)]
pub(crate) struct Front<B>(pub(crate) B);

impl<B: Between> tower::Service<Request<Bytes>> for Front<B> {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Answering {
        self.0.call(request)
    }
}
