use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use record::Secret;

use crate::app::App;
use crate::builder::FIRST;

/// Somebody else who answers whole requests, behind a server that only bends what passes.
pub trait Upstream: Send + Sync {
    /// Answers one; its URI is in absolute form.
    fn answer(&self, request: http::Request<Bytes>) -> Answered;
}

/// The answer of an [`Upstream`], to come.
pub type Answered = Pin<Box<dyn Future<Output = http::Response<Bytes>> + Send>>;

/// The server in process: a tower service on whole requests and responses. Clones share one directory.
#[derive(Clone)]
pub struct Service {
    pub(crate) app: Arc<App>,
    pub(crate) token: Secret,
}

impl Service {
    /// The bearer token that opens it; the first, where it was given several.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The path of its base URL, such as `/scim/v2`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.app.profile.base_path
    }

    /// Whether SCIM calls of the first tenant are served.
    #[must_use]
    pub fn is_switched_on(&self) -> bool {
        self.app.application.settings.of(FIRST).provisioning
    }

    /// The largest request body that it reads, in bytes.
    #[must_use]
    pub fn body_bytes_max(&self) -> usize {
        self.app.rules.limits.body_bytes
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("base_path", &self.base_path()).finish_non_exhaustive()
    }
}

impl tower::Service<http::Request<Bytes>> for Service {
    type Response = http::Response<Bytes>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Bytes>) -> Self::Future {
        let app = Arc::clone(&self.app);
        Box::pin(async move { Ok(app.answer(request).await) })
    }
}
