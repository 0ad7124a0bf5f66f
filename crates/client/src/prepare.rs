//! From a request and a target to what goes on the wire.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, HOST, HeaderName, HeaderValue, USER_AGENT};
use protocol::media;
use url::Url;

use crate::authorization;
use crate::error::TransportError;
use crate::framing::Framing;
use crate::request::{Credential, Request};
use crate::target::Target;

const AGENT: &str = concat!("scimproof/", env!("CARGO_PKG_VERSION"));

/// A request that is ready to go.
pub(crate) struct Prepared {
    pub(crate) url: String,
    pub(crate) request: http::Request<Bytes>,
}

/// Binds a request to a target.
pub(crate) fn prepare(request: &Request, target: &Target) -> Result<Prepared, TransportError> {
    let url = resolve(request.path(), target)?;
    let uri = http::Uri::try_from(url.as_str()).map_err(|error| unsendable(format!("its URL: {error}")))?;
    let body = request.bytes().cloned().unwrap_or_default();
    let mut wire = http::Request::new(body);
    *wire.method_mut() = request.method().clone();
    *wire.uri_mut() = uri;
    *wire.headers_mut() = headers(request, target, &url)?;
    wire.extensions_mut().insert(target.answer_limit());
    if *request.framing() != Framing::Whole {
        wire.extensions_mut().insert(request.framing().clone());
    }
    Ok(Prepared { url: url.into(), request: wire })
}

/// The absolute URL of a path below the base, or of an absolute URL at the same origin.
fn resolve(path: &str, target: &Target) -> Result<Url, TransportError> {
    let base = target.base();
    let text = if is_absolute(path) {
        path.to_owned()
    } else if path.is_empty() || path.starts_with(['/', '?']) {
        format!("{base}{path}")
    } else {
        // Without the slash, a path like "@elsewhere" would change the host.
        format!("{base}/{path}")
    };
    let mut url = Url::parse(&text).map_err(|error| unsendable(format!("its URL: {error}")))?;
    url.set_fragment(None);
    if url.origin() != target.url().origin() {
        return Err(TransportError::ForeignOrigin {
            origin: url.origin().ascii_serialization(),
            target: target.url().origin().ascii_serialization(),
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unsendable("its URL holds user information".to_owned()));
    }
    Ok(url)
}

/// Whether a text begins with a scheme and an authority.
fn is_absolute(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once("://") else { return false };
    !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn headers(request: &Request, target: &Target, url: &Url) -> Result<http::HeaderMap, TransportError> {
    let mut headers = http::HeaderMap::new();
    headers.insert(HOST, value("host", &host(url))?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT, HeaderValue::from_static(media::SCIM_JSON));
    for name in request.left_out() {
        headers.remove(name.as_str());
    }
    let shown =
        target.headers().iter().filter(|(_, value)| !(request.keeps_secrets() && value.is_sensitive()));
    for (name, value) in shown {
        headers.insert(name, value.clone());
    }
    let shown = match request.credential() {
        Credential::Target => target.authorization().now(),
        Credential::None => None,
        Credential::Bearer(token) => Some(authorization::bearer(token)),
    };
    if let Some(value) = shown {
        headers.insert(AUTHORIZATION, authorization::header(&value)?);
    }
    for (name, text) in request.headers() {
        let known = HeaderName::try_from(name.as_str())
            .map_err(|_| unsendable(format!("{name:?} cannot name a header")))?;
        headers.insert(known, value(name, text)?);
    }
    Ok(headers)
}

/// The text itself stays out of the error: it may be a token.
fn value(name: &str, text: &str) -> Result<HeaderValue, TransportError> {
    HeaderValue::from_bytes(text.as_bytes())
        .map_err(|_| unsendable(format!("the value of its header {name} holds control characters")))
}

pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn unsendable(reason: String) -> TransportError {
    TransportError::Unsendable { reason }
}
