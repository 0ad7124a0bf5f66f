//! Connections to a target, directly or by a proxy.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::HeaderValue;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::{Service, ServiceExt as _};

use crate::route::Proxy;

type Failed = Box<dyn Error + Send + Sync>;

/// Makes connections.
#[derive(Clone)]
pub(crate) struct Via {
    plain: HttpConnector,
    /// Where the proxy is, and what it wants to see.
    proxy: Option<(http::Uri, Option<HeaderValue>)>,
}

impl Via {
    pub(crate) fn new(proxy: Option<&Proxy>) -> Self {
        let mut plain = HttpConnector::new();
        plain.enforce_http(false);
        plain.set_nodelay(true);
        let proxy = proxy.and_then(|proxy| {
            let shown = proxy.shown().and_then(|shown| authorization(shown.expose()));
            Some((proxy.url.as_str().parse().ok()?, shown))
        });
        Self { plain, proxy }
    }

    /// What a request has to show to the proxy that reads it; nothing where nobody does.
    pub(crate) fn shown(&self, uri: &http::Uri) -> Option<HeaderValue> {
        let (_, shown) = self.proxy.as_ref()?;
        shown.clone().filter(|_| uri.scheme() == Some(&http::uri::Scheme::HTTP))
    }
}

fn authorization(shown: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Basic {shown}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Service<http::Uri> for Via {
    type Response = Line;
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<Line, Failed>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failed>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: http::Uri) -> Self::Future {
        let Self { plain, proxy } = self.clone();
        Box::pin(async move {
            let (stream, is_read) = match proxy {
                None => (plain.oneshot(to).await?, false),
                Some((proxy, _)) if to.scheme() == Some(&http::uri::Scheme::HTTP) => {
                    (plain.oneshot(proxy).await?, true)
                }
                Some((proxy, shown)) => {
                    let tunnel = Tunnel::new(proxy, plain);
                    let tunnel = match shown {
                        Some(shown) => tunnel.with_auth(shown),
                        None => tunnel,
                    };
                    (tunnel.oneshot(to).await?, false)
                }
            };
            Ok(Line { stream, is_read })
        })
    }
}

/// A connection.
pub(crate) struct Line {
    stream: TokioIo<TcpStream>,
    /// Whether a proxy reads the requests, so that they have to name the target.
    is_read: bool,
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.is_read)
    }
}

impl Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
