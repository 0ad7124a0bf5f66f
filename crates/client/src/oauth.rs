//! Access tokens that are asked for (RFC 6749 §4.4, client credentials) and renewed in the middle of a run.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use record::{Redactor, Secret};
use serde_json::Value;
use url::Url;

use crate::answer::Answer;
use crate::authorization;
use crate::error::{TargetError, TransportError};
use crate::prepare::host;
use crate::redaction;

/// What a form leaves as it is (RFC 6749 Appendix B).
const FORM_ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');
/// A token is renewed so long before its end at most, for requests that take a while.
const MARGIN_US: u64 = 30_000_000;
/// A token is used for so long at least, unless the server refuses it: one that is said to end at once (`expires_in`, RFC 6749
/// §5.1) would otherwise be asked for anew before every request. The server is the one who knows, and what it refuses costs
/// one more request.
const USED_FOR_US: u64 = 10_000_000;
/// How long the answer of a token endpoint may be; the longest tokens have some kB.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How much of what a token endpoint says is told: it stands in the error of every request that has no token.
const TOLD_BYTES_MAX: usize = 100;

/// How a client proves to the token endpoint who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientProof {
    /// By HTTP Basic authentication, which every token endpoint has to know.
    #[default]
    Basic,
    /// In the body.
    Body,
}

/// What access tokens are asked for with.
#[derive(Clone)]
pub struct Grant {
    url: Url,
    id: String,
    secret: Secret,
    scope: Option<String>,
    proof: ClientProof,
}

impl Grant {
    /// A client and the endpoint that gives it tokens.
    ///
    /// # Errors
    ///
    /// If the text is no URL with `https`. Without TLS the endpoint has to be on this machine.
    pub fn new(token_url: &str, id: &str, secret: Secret) -> Result<Self, TargetError> {
        let url =
            Url::parse(token_url).map_err(|error| TargetError::NotATokenUrl { reason: error.to_string() })?;
        let is_near = url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::TokenUserInfo);
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_near) {
            return Err(TargetError::TokenScheme);
        }
        Ok(Self { url, id: id.to_owned(), secret, scope: None, proof: ClientProof::default() })
    }

    /// The same for this scope (RFC 6749 §3.3).
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        Self { scope: Some(scope.to_owned()), ..self }
    }

    /// The same by a client that proves itself in this way.
    #[must_use]
    pub fn proven_by(self, proof: ClientProof) -> Self {
        Self { proof, ..self }
    }

    /// All forms of the secret that go out.
    pub(crate) fn secrets(&self) -> [Secret; 3] {
        [self.secret.clone(), Secret::new(form(self.secret.expose())), Secret::new(self.basic())]
    }

    fn basic(&self) -> String {
        BASE64_STANDARD.encode(format!("{}:{}", form(&self.id), form(self.secret.expose())))
    }

    /// Where tokens come from.
    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The request for a token.
    pub(crate) fn request(&self) -> Result<http::Request<Bytes>, TransportError> {
        let mut body = "grant_type=client_credentials".to_owned();
        if let Some(scope) = &self.scope {
            body.push_str(&format!("&scope={}", form(scope)));
        }
        if self.proof == ClientProof::Body {
            let (id, secret) = (form(&self.id), form(self.secret.expose()));
            body.push_str(&format!("&client_id={id}&client_secret={secret}"));
        }
        let uri = http::Uri::try_from(self.url.as_str())
            .map_err(|error| TransportError::Unsendable { reason: format!("the token URL: {error}") })?;
        let mut request = http::Request::new(Bytes::from(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        if let Ok(host) = HeaderValue::from_str(&host(&self.url)) {
            headers.insert(HOST, host);
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        if self.proof == ClientProof::Basic {
            let shown = Secret::new(format!("Basic {}", self.basic()));
            headers.insert(AUTHORIZATION, authorization::header(&shown)?);
        }
        Ok(request)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("url", &self.url.as_str()).field("id", &self.id).finish_non_exhaustive()
    }
}

/// The token of a grant. Clones share it, and so do all clients of a run.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) grant: Arc<Grant>,
    held: Arc<Mutex<Option<Held>>>,
    /// Held by whoever asks for a token, so that others wait for it. It tells when the last try failed, if it did, and why.
    pub(crate) turn: Arc<tokio::sync::Mutex<Option<(u64, TransportError)>>>,
}

#[derive(Clone, Debug)]
struct Held {
    token: Secret,
    /// From when on it is to be renewed, in microseconds of the clock.
    renew_us: u64,
    /// Whether anything was let in with it.
    proven: bool,
}

impl Tokens {
    pub(crate) fn new(grant: Grant) -> Self {
        Self { grant: Arc::new(grant), held: Arc::default(), turn: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, as long as it lasts.
    pub(crate) fn fresh(&self, now_us: u64) -> Option<Secret> {
        self.held().as_ref().filter(|held| now_us < held.renew_us).map(|held| held.token.clone())
    }

    /// The token, whether or not it still opens anything.
    pub(crate) fn last(&self) -> Option<Secret> {
        self.held().as_ref().map(|held| held.token.clone())
    }

    /// Something was answered with this status to whoever showed this token: whether it is worth asking for another one. A token
    /// that never opened anything is not: the next one would not, either.
    pub(crate) fn refused(&self, shown: &Secret, status: u16) -> bool {
        let mut held = self.held();
        let Some(current) = held.as_mut() else { return false };
        if current.token.expose() != shown.expose() {
            // Somebody has asked for another one meanwhile.
            return status == 401;
        }
        if status != 401 {
            current.proven = true;
            return false;
        }
        let worth_it = current.proven;
        if worth_it {
            current.renew_us = 0;
        }
        worth_it
    }

    /// Takes what the token endpoint says. The redactor knows the token before anybody else does.
    pub(crate) fn take(
        &self,
        answer: &Answer,
        now_us: u64,
        redactor: &Redactor,
    ) -> Result<(), TransportError> {
        // What is that long is no token, and to look for it in all that is recorded would take for ever.
        if answer.body.len() > ANSWER_BYTES_MAX {
            let kib = ANSWER_BYTES_MAX / 1024;
            return Err(TransportError::NoToken { reason: format!("its answer is longer than {kib} KiB") });
        }
        let told = answer.json();
        let text = |name: &str| told.as_ref().and_then(|told| told.get(name)).and_then(Value::as_str);
        for name in ["access_token", "refresh_token", "id_token"] {
            text(name)
                .into_iter()
                .for_each(|secret| redactor.learn_credential(&Secret::new(secret.to_owned())));
        }
        let refused = |reason: String| TransportError::NoToken { reason: redactor.scrub(&reason) };
        if answer.status != 200 {
            let error = text("error").map(|error| format!(" ({})", shortened(error))).unwrap_or_default();
            return Err(refused(format!("it answered {}{error}", answer.status)));
        }
        let is_usable = |token: &&str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let token = text("access_token").filter(is_usable);
        let token = token.ok_or_else(|| refused("its answer holds no access_token".to_owned()))?;
        let kind = text("token_type").unwrap_or("bearer");
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(refused(format!(
                "it gave a token of the type {:?}, and only bearer tokens can be used",
                shortened(kind)
            )));
        }
        let lasts_s = told.as_ref().and_then(|told| told.get("expires_in")).and_then(Value::as_f64);
        let renew_us = lasts_s.map_or(u64::MAX, |seconds| now_us.saturating_add(used_for_us(seconds)));
        *self.held() = Some(Held { token: Secret::new(token.to_owned()), renew_us, proven: false });
        Ok(())
    }
}

/// For how long a token is used that is said to last for so many seconds.
fn used_for_us(lasts_s: f64) -> u64 {
    // What is no time is none, and what no number of microseconds holds is longer than any run.
    let lasts = Duration::try_from_secs_f64(lasts_s.max(0.0)).unwrap_or(Duration::MAX);
    let lasts_us = u64::try_from(lasts.as_micros()).unwrap_or(u64::MAX);
    lasts_us.saturating_sub(MARGIN_US.min(lasts_us / 10)).max(USED_FOR_US)
}

fn shortened(text: &str) -> String {
    let mut text = text.to_owned();
    if redaction::cut(&mut text, TOLD_BYTES_MAX) {
        text.push('…');
    }
    text
}

fn form(text: &str) -> String {
    utf8_percent_encode(text, FORM_ESCAPED).to_string()
}
