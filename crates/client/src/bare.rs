//! Requests without an `Accept` header. A client built on reqwest sends one of its own, whatever it is told; real clients
//! send none.

use bytes::Bytes;
use http::header::PROXY_AUTHORIZATION;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use crate::kept::{Broken, connection_of};
use crate::route::Route;
use crate::socket::{IDLE_MAX, told};
use crate::via::Via;

/// A pool of connections on which nothing goes out but what a request says.
#[derive(Clone)]
pub(crate) struct Bare {
    client: Client<HttpsConnector<Via>, Full<Bytes>>,
    via: Via,
}

impl Bare {
    /// A pool that keeps so many connections at most.
    pub(crate) fn new(tls: ClientConfig, kept: usize, route: &Route) -> Self {
        let via = Via::new(route.proxy());
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        let connector = match route.speaks_http2() {
            true => connector.enable_http2().wrap_connector(via.clone()),
            false => connector.enable_http1().wrap_connector(via.clone()),
        };
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_MAX).pool_max_idle_per_host(kept);
        builder.retry_canceled_requests(false).http2_only(route.speaks_http2());
        Self { client: builder.build(connector), via }
    }

    pub(crate) async fn send(&self, mut request: http::Request<Bytes>) -> Result<reqwest::Response, Broken> {
        if let Some(shown) = self.via.shown(request.uri()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, shown);
        }
        let answered = self.client.request(request.map(Full::new)).await;
        let answer = answered.map_err(|error| Broken {
            connection: connection_of(&error),
            error: told(&error, error.is_connect()),
        })?;
        Ok(answer.map(reqwest::Body::wrap).into())
    }
}
