//! What is sent.

use std::fmt;

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::media;
use record::{REDACTED, Redactor, Secret};
use serde_json::Value;

use crate::framing::Framing;
use crate::redaction::is_credential_header;

/// Everything but the unreserved characters of RFC 3986 §2.3.
const QUERY_ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Everything but the characters that a path segment commonly holds as they are (RFC 3986 §3.3).
const SEGMENT_ESCAPED: &AsciiSet =
    &QUERY_ESCAPED.remove(b'+').remove(b',').remove(b'=').remove(b':').remove(b'@');

/// The path of a resource below its endpoint. Ids are the target's and may hold anything, so they are percent-encoded.
///
/// ```
/// assert_eq!(client::resource_path("/Users", "a/b"), "/Users/a%2Fb");
/// ```
#[must_use]
pub fn resource_path(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/{}", utf8_percent_encode(id, SEGMENT_ESCAPED))
}

/// Who a request says it is from.
#[derive(Clone, Debug, Default)]
pub enum Credential {
    /// Whatever the target asks for.
    #[default]
    Target,
    /// Nobody: no `Authorization` header.
    None,
    /// The holder of this token.
    Bearer(Secret),
}

/// A request, before it is bound to a target.
///
/// ```
/// let request = client::Request::get("/Users").query("filter", "userName eq \"ada\"");
/// assert_eq!(request.path(), "/Users?filter=userName%20eq%20%22ada%22");
/// ```
#[derive(Clone)]
pub struct Request {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    left_out: Vec<String>,
    body: Option<Bytes>,
    credential: Credential,
    framing: Framing,
    cleans_up: bool,
    keeps_secrets: bool,
}

impl Request {
    /// A request to a path below the target's base URL (`/Users/1?x=y`), or to an absolute URL, which is only
    /// sent if it lies at the target's origin.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            left_out: Vec::new(),
            body: None,
            credential: Credential::Target,
            framing: Framing::Whole,
            cleans_up: false,
            keeps_secrets: false,
        }
    }

    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// A PUT.
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// A PATCH.
    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// A DELETE.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Appends a query parameter; name and value are percent-encoded here.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.extend(utf8_percent_encode(name, QUERY_ESCAPED));
        self.path.push('=');
        self.path.extend(utf8_percent_encode(value, QUERY_ESCAPED));
        self
    }

    /// The body, as `application/scim+json` (RFC 7644 §8.1).
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.body(media::SCIM_JSON, value.to_string())
    }

    /// The body, byte for byte, and its media type.
    #[must_use]
    pub fn body(mut self, media_type: &str, bytes: impl Into<Bytes>) -> Self {
        self.body = Some(bytes.into());
        self.header("content-type", media_type)
    }

    /// A header, in place of an earlier one of that name and of the client's own default. An `Authorization` set
    /// here stands instead of the credential.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = name.to_ascii_lowercase();
        match self.headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.headers.push((name, value.to_owned())),
        }
        self
    }

    /// Leaves out a header that the client would send of its own accord, such as `User-Agent`. Over a socket, `Accept` goes
    /// out as `*/*` then, which means the same (RFC 9110 §12.5.1).
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.left_out.push(name.to_ascii_lowercase());
        self
    }

    /// The same request without a credential.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.credential = Credential::None;
        self
    }

    /// The same request without a credential and without any [secret header](crate::Target::secret_header) of the target: for a
    /// place of which nobody said that it may see them.
    #[must_use]
    pub fn keeping_secrets(self) -> Self {
        Self { keeps_secrets: true, ..self.anonymous() }
    }

    /// Whether it shows no secret header of the target.
    pub(crate) fn keeps_secrets(&self) -> bool {
        self.keeps_secrets
    }

    /// The same request with a token of its own. The token is taken out of everything that is recorded from then
    /// on, so it should not be a word that answers use.
    #[must_use]
    pub fn bearer(mut self, token: Secret) -> Self {
        self.credential = Credential::Bearer(token);
        self
    }

    /// The same request, cut up in another way. Only a target behind a socket can be sent that.
    #[must_use]
    pub fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// The same request, which goes into removing what the run created: what a hard [limit](crate::Limits::total) keeps back is
    /// there for it.
    #[must_use]
    pub fn cleaning_up(mut self) -> Self {
        self.cleans_up = true;
        self
    }

    /// Whether it goes into removing what the run created.
    pub(crate) fn cleans_up(&self) -> bool {
        self.cleans_up
    }

    /// How it is cut up on its way.
    #[must_use]
    pub fn framing(&self) -> &Framing {
        &self.framing
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path and query below the base URL, or the absolute URL.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Who it says it is from.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The headers that it sets itself, names in lower case.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The headers that are left out although the client would send them, names in lower case.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The body's bytes, where it has a body.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// The body as JSON; none if there is no body or it is no JSON.
    #[must_use]
    pub fn json_body(&self) -> Option<Value> {
        serde_json::from_slice(self.body.as_ref()?).ok()
    }
}

impl fmt::Debug for Request {
    /// Bodies hold passwords: only their length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redactor = Redactor::default();
        if let Credential::Bearer(token) = &self.credential {
            redactor.learn(token);
        }
        let headers = self.headers.iter().map(|(name, value)| {
            let value = if is_credential_header(name) { REDACTED.to_owned() } else { redactor.scrub(value) };
            (name.clone(), value)
        });
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &redactor.scrub(&self.path))
            .field("headers", &headers.collect::<Vec<_>>())
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .field("credential", &self.credential)
            .finish()
    }
}
