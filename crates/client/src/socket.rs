//! HTTP over TCP and TLS.

use std::cell::{OnceCell, RefCell};
use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::answer::Answer;
use crate::bare::Bare;
use crate::clock::Clock;
use crate::error::{TransportError, causes};
use crate::framing::{Framing, Stream, exchange};
use crate::kept::{Broken, Distrust, Kept, Pooled, Proven, connection_of};
use crate::route::{Proxy, Route, tls};
use crate::transport::{AnswerLimit, Connect, Delivered, Sending, Transport, too_large};

/// Shorter than any common server's own limit, so that a request does not meet a connection that is being closed.
pub(crate) const IDLE_MAX: Duration = Duration::from_secs(1);

/// Reaches a target over the network: HTTP/1.1, certificates judged by the platform's own rules, unless its [`Route`] says more. Redirects, retries,
/// decompression, cookies and the environment's proxy are all off.
///
/// Connections are kept for the next request until the target is seen to end one without a word. From then on every request
/// of every transport that this or a clone of it made has a connection of its own.
#[derive(Clone, Debug, Default)]
pub struct Socket {
    distrust: Distrust,
    route: Arc<Route>,
}

impl Socket {
    /// Reaches a target on this way.
    #[must_use]
    pub fn over(route: Route) -> Self {
        Self { distrust: Distrust::default(), route: Arc::new(route) }
    }
}

impl Connect for Socket {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        let plain = RefCell::new(pool(without_roots()?, self.distrust.keeps(), &self.route)?);
        Ok(Box::new(SocketTransport {
            plain,
            secure: OnceCell::new(),
            route: Arc::clone(&self.route),
            pool: RefCell::default(),
            kept: Kept::new(self.distrust.clone()),
        }))
    }

    fn remark(&self) -> Option<String> {
        self.distrust.remark()
    }

    fn has_connections(&self) -> bool {
        self.route.is_direct()
    }
}

/// Loading the platform's certificates takes a while and may fail; targets without TLS are spared both.
struct SocketTransport {
    plain: RefCell<Pool>,
    secure: OnceCell<ClientConfig>,
    route: Arc<Route>,
    /// The connections to targets with TLS.
    pool: RefCell<Option<Pool>>,
    kept: Kept,
}

impl SocketTransport {
    fn pool(&self, secure: bool) -> Result<Pool, TransportError> {
        if self.kept.gives_up() {
            self.begin_anew(true)?;
            self.begin_anew(false)?;
        }
        if !secure {
            return Ok(self.plain.borrow().clone());
        }
        if let Some(pool) = self.pool.borrow().as_ref() {
            return Ok(pool.clone());
        }
        let made = pool(self.secure()?.clone(), self.kept.keeps(), &self.route)?;
        *self.pool.borrow_mut() = Some(made.clone());
        Ok(made)
    }

    fn secure(&self) -> Result<&ClientConfig, TransportError> {
        if let Some(config) = self.secure.get() {
            return Ok(config);
        }
        let made = self.route.verified()?;
        Ok(self.secure.get_or_init(|| made))
    }

    /// A connection of its own, for a request that no library would send.
    async fn open(&self, uri: &http::Uri) -> Result<Box<dyn Stream>, TransportError> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let tcp = TcpStream::connect((host.as_str(), port)).await.map_err(|error| connect(&error))?;
        // Otherwise small pieces would be sent together.
        tcp.set_nodelay(true).map_err(|error| connect(&error))?;
        if !secure {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(host).map_err(|error| connect(&error))?;
        let connector = TlsConnector::from(Arc::new(self.secure()?.clone()));
        let tls = connector.connect(name, tcp).await.map_err(|error| connect(&error))?;
        Ok(Box::new(tls))
    }

    /// Gives up the connections that stand idle. A server that stumbled often ends its connection without a word, and
    /// whoever sends on it next would hear nothing for somebody else's mishap.
    fn begin_anew(&self, secure: bool) -> Result<(), TransportError> {
        self.kept.begun_anew();
        if secure {
            *self.pool.borrow_mut() = None;
        } else {
            *self.plain.borrow_mut() = pool(without_roots()?, self.kept.keeps(), &self.route)?;
        }
        Ok(())
    }
}

impl Transport for SocketTransport {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            if let Some(framing) = request.extensions().get::<Framing>() {
                if !self.route.is_direct() {
                    return Err(TransportError::Unframed);
                }
                let stream = self.open(request.uri()).await?;
                return exchange(stream, &request, framing, clock).await;
            }
            let limit = AnswerLimit::of(&request);
            let secure = request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
            let under_way = self.kept.begin(Pool::of(&request), clock).await;
            let pool = self.pool(secure)?;
            let sent = pool.send(request).await;
            let mut response = sent.map_err(|broken| under_way.broken(broken, &pool.proven))?;
            let first_byte_us = clock.now_us();
            let connection = under_way.answered(&response, &pool.proven);
            let body = read(&mut response, limit).await?;
            under_way.ended(connection, clock);
            if response.status().is_server_error() {
                self.begin_anew(secure)?;
            }
            let answer = Answer::of(response.status(), response.headers(), body);
            Ok(Delivered { answer, first_byte_us, last_byte_us: clock.now_us() })
        })
    }
}

/// Reads a body up to the limit. A body that announces too much is not begun.
async fn read(response: &mut reqwest::Response, limit: AnswerLimit) -> Result<Bytes, TransportError> {
    if response.content_length().is_some_and(|announced| announced > limit.bytes() as u64) {
        return Err(too_large(limit));
    }
    // Pieces, because one growing buffer would hold the body twice, on every thread, whenever it moves.
    let mut pieces: Vec<Bytes> = Vec::new();
    let mut length = 0;
    while let Some(piece) = response.chunk().await.map_err(classify)? {
        length += piece.len();
        if length > limit.bytes() {
            return Err(too_large(limit));
        }
        pieces.push(piece);
    }
    Ok(pieces.concat().into())
}

/// The connections to a target.
#[derive(Clone)]
struct Pool {
    usual: reqwest::Client,
    bare: Bare,
    proven: Proven,
}

impl Pool {
    /// Which part of it sends a request.
    fn of<B>(request: &http::Request<B>) -> Pooled {
        if request.headers().contains_key(http::header::ACCEPT) { Pooled::Usual } else { Pooled::Bare }
    }

    async fn send(&self, request: http::Request<Bytes>) -> Result<reqwest::Response, Broken> {
        if Self::of(&request) == Pooled::Bare {
            return self.bare.send(request).await;
        }
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::Unsendable { reason: causes(&error.without_url()) })?;
        self.usual.execute(request).await.map_err(|error| {
            let connection = connection_of(&error);
            Broken { error: classify(error), connection }
        })
    }
}

/// A pool that keeps connections for the next request, or opens one for each.
fn pool(tls: ClientConfig, keeps: bool, route: &Route) -> Result<Pool, TransportError> {
    let kept = if keeps { usize::MAX } else { 0 };
    let bare = Bare::new(tls.clone(), kept, route);
    let usual = by_version(tls, route)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Off whatever features other crates in the build ask of the library: what was on the wire is the evidence.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_proxy();
    let usual = match route.proxy() {
        Some(proxy) => usual.proxy(passing(proxy)?),
        None => usual,
    };
    let usual = usual
        .pool_idle_timeout(IDLE_MAX)
        .pool_max_idle_per_host(kept)
        .build()
        .map_err(|error| setup(&error))?;
    Ok(Pool { usual, bare, proven: Proven::default() })
}

/// A builder that speaks the one version of HTTP that the way is for.
fn by_version(mut tls: ClientConfig, route: &Route) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder();
    if !route.speaks_http2() {
        return builder.tls_backend_preconfigured(tls).http1_only();
    }
    tls.alpn_protocols = vec![b"h2".to_vec()];
    builder.tls_backend_preconfigured(tls).http2_prior_knowledge()
}

/// The proxy as the library wants it told.
fn passing(proxy: &Proxy) -> Result<reqwest::Proxy, TransportError> {
    let passing = reqwest::Proxy::all(proxy.url.as_str()).map_err(|error| setup(&error.without_url()))?;
    Ok(match &proxy.credential {
        Some((user, password)) => passing.basic_auth(user, password.expose()),
        None => passing,
    })
}

fn without_roots() -> Result<ClientConfig, TransportError> {
    Ok(tls()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn connect(error: &(dyn std::error::Error + 'static)) -> TransportError {
    TransportError::Connect { reason: causes(error) }
}

fn setup(error: &(dyn std::error::Error + 'static)) -> TransportError {
    TransportError::Setup { reason: causes(error) }
}

/// What a request of reqwest ended in. The URL is taken out: it may hold a secret.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        let reason = error.source().map_or_else(|| error.to_string(), causes);
        return TransportError::Unsendable { reason };
    }
    told(&error, error.is_connect())
}

/// Tells the ways apart in which an exchange can break.
pub(crate) fn told(error: &(dyn std::error::Error + 'static), is_connect: bool) -> TransportError {
    let reason = error.source().map_or_else(|| error.to_string(), causes);
    if is_connect {
        return TransportError::Connect { reason };
    }
    let mut next = error.source();
    while let Some(cause) = next {
        if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return TransportError::NotHttp { reason };
        }
        // An alert of TLS is how the other side says why it goes away, such as that it wants to see a certificate.
        let within = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let alert = within.and_then(|within| within.downcast_ref::<rustls::Error>());
        if matches!(alert, Some(rustls::Error::AlertReceived(_))) {
            return TransportError::Closed { reason };
        }
        // A broken chunk is reported as malformed input, a connection that ends as what it is.
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)) {
            return TransportError::NotHttp { reason };
        }
        next = cause.source();
    }
    TransportError::Closed { reason }
}
