//! Requests without an `Accept` header. A client built on reqwest sends one of its own, whatever it is told; real clients
//! send none.

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use crate::kept::{Broken, connection_of};
use crate::socket::{IDLE_MAX, told};

/// A pool of connections on which nothing goes out but what a request says.
#[derive(Clone)]
pub(crate) struct Bare(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Bare {
    /// A pool that keeps so many connections at most.
    pub(crate) fn new(tls: ClientConfig, kept: usize) -> Self {
        let mut plain = HttpConnector::new();
        plain.enforce_http(false);
        plain.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(plain);
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_MAX).pool_max_idle_per_host(kept);
        builder.retry_canceled_requests(false);
        Self(builder.build(connector))
    }

    pub(crate) async fn send(&self, request: http::Request<Bytes>) -> Result<reqwest::Response, Broken> {
        let answered = self.0.request(request.map(Full::new)).await;
        let answer = answered.map_err(|error| Broken {
            connection: connection_of(&error),
            error: told(&error, error.is_connect()),
        })?;
        Ok(answer.map(reqwest::Body::wrap).into())
    }
}
