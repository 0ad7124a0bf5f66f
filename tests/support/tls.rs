//! A front that speaks TLS before a server that does not, with certificates that were made for it.

use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{convert::Infallible, io, io::BufReader, io::Write as _};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::support::{Message, PATIENCE, Served};

/// A host that nobody finds by its name (RFC 6761 §6.4), and that a front has a certificate for all the same.
pub(crate) const NOWHERE: &str = "scim.invalid";

/// What a front demands of whoever comes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Demands {
    /// HTTP/2 (RFC 9113), and nothing older.
    pub(crate) http2: bool,
    /// A certificate of the same authority.
    pub(crate) certificate: bool,
}

/// A front, and the files that a client may need. The thread lives as long as the test's process.
pub(crate) struct Front {
    /// The server's base URL through the front.
    pub(crate) url: String,
    dir: tempfile::TempDir,
    upstream: Arc<str>,
    spoke_http2: Arc<AtomicBool>,
}

impl Front {
    pub(crate) fn start(served: &Served, demands: Demands) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let authority = authority();
        std::fs::write(dir.path().join("ca.pem"), authority.pem()).expect("a file");
        let (certificate, key) = issued(&authority, &["client"]);
        std::fs::write(dir.path().join("client.pem"), pem("CERTIFICATE", &certificate)).expect("a file");
        std::fs::write(dir.path().join("client-key.pem"), key.serialize_pem()).expect("a file");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let front = Self {
            url: served.url.replace(&format!("http://{}", served.address()), &format!("https://{address}")),
            dir,
            upstream: served.address().into(),
            spoke_http2: Arc::default(),
        };
        front.serve(listener, config(&authority, demands), demands.http2);
        front
    }

    /// The certificate of the authority.
    pub(crate) fn ca(&self) -> PathBuf {
        self.file("ca.pem")
    }

    /// A file beside it: `client.pem` and `client-key.pem` are a certificate that the front takes.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Its host and port.
    pub(crate) fn address(&self) -> &str {
        let rest = self.url.strip_prefix("https://").expect("a URL with TLS");
        rest.split('/').next().expect("a host")
    }

    /// Whether a request came by HTTP/2.
    pub(crate) fn spoke_http2(&self) -> bool {
        self.spoke_http2.load(Ordering::Relaxed)
    }

    fn serve(&self, listener: std::net::TcpListener, config: ServerConfig, http2: bool) {
        let (upstream, spoke_http2) = (Arc::clone(&self.upstream), Arc::clone(&self.spoke_http2));
        listener.set_nonblocking(true).expect("a listener that waits for nobody");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                while let Ok((tcp, _)) = listener.accept().await {
                    let (acceptor, upstream) = (acceptor.clone(), Arc::clone(&upstream));
                    tokio::spawn(connection(acceptor, tcp, http2, upstream, Arc::clone(&spoke_http2)));
                }
            });
        });
    }
}

async fn connection(
    acceptor: TlsAcceptor,
    tcp: tokio::net::TcpStream,
    knows_http2_alone: bool,
    upstream: Arc<str>,
    spoke_http2: Arc<AtomicBool>,
) {
    // Whoever is not let in goes away; the client tells why.
    let Ok(tls) = acceptor.accept(tcp).await else { return };
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let upstream = Arc::clone(&upstream);
        spoke_http2.fetch_or(request.version() == http::Version::HTTP_2, Ordering::Relaxed);
        async move { Ok::<_, Infallible>(answer(request, upstream).await) }
    });
    let builder = Builder::new(TokioExecutor::new());
    let builder = if knows_http2_alone { builder.http2_only() } else { builder };
    let _ = builder.serve_connection(TokioIo::new(tls), service).await;
}

async fn answer(
    request: http::Request<hyper::body::Incoming>,
    upstream: Arc<str>,
) -> http::Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let asked = tokio::task::spawn_blocking(move || ask(&parts, &body, &upstream)).await;
    let Ok(Ok(answer)) = asked else {
        return http::Response::builder().status(502).body(Full::default()).expect("an answer");
    };
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in &answer.headers {
        if !["connection", "content-length", "transfer-encoding"]
            .contains(&name.to_ascii_lowercase().as_str())
        {
            response = response.header(name, value);
        }
    }
    response.body(Full::from(answer.body)).expect("an answer")
}

/// Passes a request on over a connection of its own.
fn ask(parts: &http::request::Parts, body: &[u8], upstream: &str) -> io::Result<Message> {
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let named =
        |name: &http::HeaderName| ["host", "connection", "transfer-encoding"].contains(&name.as_str());
    let kept = parts.headers.iter().filter(|(name, _)| !named(name));
    let mut headers: Vec<(String, String)> = kept
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    headers.extend([("host".to_owned(), upstream.to_owned()), ("connection".to_owned(), "close".to_owned())]);
    let start = format!("{} {path} HTTP/1.1", parts.method);
    let mut stream = TcpStream::connect(upstream)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&Message { start, headers, body: body.to_vec() }.bytes())?;
    Message::read_response(&mut BufReader::new(stream))
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A certificate for a name or an address, and its key.
fn issued(
    authority: &CertifiedIssuer<'static, KeyPair>,
    names: &[&str],
) -> (CertificateDer<'static>, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        .expect("parameters");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    (certificate.der().clone(), key)
}

fn config(authority: &CertifiedIssuer<'static, KeyPair>, demands: Demands) -> ServerConfig {
    let (certificate, key) = issued(authority, &["127.0.0.1", NOWHERE]);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.expect("versions");
    let builder = match demands.certificate {
        true => builder.with_client_cert_verifier(verifier.build().expect("a verifier")),
        false => builder.with_no_client_auth(),
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = builder.with_single_cert(vec![certificate], key).expect("a certificate and its key");
    let offered: &[u8] = if demands.http2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![offered.to_vec()];
    config
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::prelude::BASE64_STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
