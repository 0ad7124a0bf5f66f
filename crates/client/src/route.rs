//! The way to a target on the network.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use record::Secret;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, WantsVerifier};
use rustls_platform_verifier::Verifier;
use url::{Host, Url};

use crate::error::{RouteError, TransportError, causes};

/// The way to a target on the network: directly, by HTTP/1.1, trusting whom the platform trusts, unless it says more.
#[derive(Clone, Debug, Default)]
pub struct Route {
    roots: Vec<CertificateDer<'static>>,
    identity: Option<Arc<Identity>>,
    proxy: Option<Proxy>,
    http2: bool,
}

/// What shows a server who the client is.
#[derive(Debug)]
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// A proxy: plain HTTP is sent to it, TLS through it (RFC 9110 §9.3.6).
///
/// ```
/// assert!(client::Proxy::new("http://proxy.example:3128").is_ok());
/// assert!(client::Proxy::new("http://user:password@proxy.example").is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Proxy {
    pub(crate) url: Url,
    /// What it wants to see: a user and a password.
    pub(crate) credential: Option<(String, Secret)>,
}

impl Proxy {
    /// A proxy by its URL.
    ///
    /// # Errors
    ///
    /// If the text is no URL of a host with `http`, or has more than a host and a port.
    pub fn new(url: &str) -> Result<Self, RouteError> {
        let text = is_repeatable(url).then(|| url.to_owned());
        let Ok(url) = Url::parse(url.trim()) else { return Err(RouteError::Proxy { text }) };
        let is_bare = url.username().is_empty() && url.password().is_none() && url.path() == "/";
        let is_host =
            url.scheme() == "http" && url.has_host() && url.query().is_none() && url.fragment().is_none();
        if is_bare && is_host { Ok(Self { url, credential: None }) } else { Err(RouteError::Proxy { text }) }
    }

    /// The same proxy for a user with a password (RFC 7617).
    #[must_use]
    pub fn basic(self, user: &str, password: Secret) -> Self {
        Self { credential: Some((user.to_owned(), password)), ..self }
    }

    /// Whether the URL names this machine: a loopback address or `localhost`. No name is looked up.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        names_this_machine(&self.url)
    }

    /// Everything about it that no record is to show.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let shown = self.shown().into_iter();
        shown.chain(self.credential.iter().map(|(_, password)| password.clone())).collect()
    }

    /// What stands for the user and the password.
    pub(crate) fn shown(&self) -> Option<Secret> {
        let (user, password) = self.credential.as_ref()?;
        Some(Secret::new(BASE64_STANDARD.encode(format!("{user}:{}", password.expose()))))
    }
}

/// Whether a text can be told although it is no URL of a proxy. What stands before an @, in a query or behind a colon may be a
/// password, escaped or not, unless it is a port.
fn is_repeatable(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let port = rest.split_once(':').map_or("", |(_, port)| port.trim_end_matches('/'));
    !url.contains(['@', '?', '#', '%']) && port.bytes().all(|byte| byte.is_ascii_digit())
}

impl Route {
    /// The same way, on which the certificates of a PEM text are trusted too.
    ///
    /// # Errors
    ///
    /// If the text holds no certificate, or one that cannot be read.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, RouteError> {
        self.roots.extend(certificates(pem)?);
        Ok(self)
    }

    /// The same way, on which the client shows a certificate, whose chain and key two PEM texts hold.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read, or they do not go together.
    pub fn presenting(mut self, chain: &[u8], key: &[u8]) -> Result<Self, RouteError> {
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| RouteError::NoKey)?;
        self.identity = Some(Arc::new(Identity { chain: certificates(chain)?, key }));
        let mismatch = |error: TransportError| RouteError::Mismatch { reason: error.to_string() };
        self.verified().map_err(mismatch)?;
        Ok(self)
    }

    /// The same way through a proxy.
    #[must_use]
    pub fn through(self, proxy: Proxy) -> Self {
        Self { proxy: Some(proxy), ..self }
    }

    /// The same way by HTTP/2 (RFC 9113) and nothing older.
    #[must_use]
    pub fn by_http2(self) -> Self {
        Self { http2: true, ..self }
    }

    pub(crate) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    pub(crate) fn speaks_http2(&self) -> bool {
        self.http2
    }

    /// Whether a request reaches the target as it was cut up: there is a connection of HTTP/1.1 to it, and nobody on the way who
    /// reads it.
    pub(crate) fn is_direct(&self) -> bool {
        self.proxy.is_none() && !self.http2
    }

    /// How TLS is spoken with a server that has to prove who it is.
    pub(crate) fn verified(&self) -> Result<ClientConfig, TransportError> {
        let builder = tls()?;
        let provider = Arc::clone(builder.crypto_provider());
        let verifier = Verifier::new_with_extra_roots(self.roots.iter().cloned(), provider)
            .map_err(|error| setup(&error))?;
        // What is called dangerous is to bring a verifier: this one judges as the platform does.
        let verified = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        match self.identity.as_deref() {
            None => Ok(verified.with_no_client_auth()),
            Some(Identity { chain, key }) => {
                verified.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(|error| setup(&error))
            }
        }
    }
}

/// The certificates of a PEM text.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, RouteError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = read.map_err(|error| RouteError::Unreadable { reason: error.to_string() })?;
    if found.is_empty() { Err(RouteError::NoCertificate) } else { Ok(found) }
}

/// What every TLS configuration here begins with.
pub(crate) fn tls() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TransportError> {
    // Passed explicitly: a process-wide default would be one more global, and other crates may set their own.
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(&error))
}

fn setup(error: &(dyn std::error::Error + 'static)) -> TransportError {
    TransportError::Setup { reason: causes(error) }
}

/// Whether a URL names this machine, by a loopback address or as `localhost`.
pub(crate) fn names_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
