use client::{Answer, LetIn, Sent, TransportError};
use protocol::urn;
use record::Redactor;
use serde_json::Value;

use crate::trace::shown;

/// Why nothing can be judged at this address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// Nothing answers.
    #[error("{url} gives no usable answer: {cause}; {advice}")]
    Unreachable {
        /// The first URL that was tried.
        url: String,
        /// Why.
        cause: String,
        /// What to look at.
        advice: &'static str,
    },
    /// The credential is refused.
    #[error("{url} refuses the credential ({status}); {advice}")]
    Unauthorized {
        /// The URL.
        url: String,
        /// The status code.
        status: u16,
        /// Where another one is said.
        advice: &'static str,
    },
    /// Whoever stands between wants to know who asks (RFC 9110 §15.5.8).
    #[error(
        "the proxy answers 407 in place of {url}: it wants to know who asks; say it with `proxy.user` and `proxy.password` in a \
         target file"
    )]
    ProxyWants {
        /// The URL.
        url: String,
    },
    /// A credential is wanted, and there is none.
    #[error("{url} needs a credential ({status}); give one with --token-env VAR or --token-file FILE")]
    NoCredential {
        /// The URL.
        url: String,
        /// The status code.
        status: u16,
    },
    /// The target has had enough for now.
    #[error("{url} is limiting requests (429); try again later")]
    Limiting {
        /// The URL.
        url: String,
    },
    /// The target is elsewhere.
    #[error(
        "{url} answers {status} and redirects to {location}; redirects are not followed, so give the base URL {}",
        base.as_deref().unwrap_or("that is meant")
    )]
    Redirecting {
        /// The URL.
        url: String,
        /// The status code.
        status: u16,
        /// Where to.
        location: String,
        /// The base URL there, where it can be told.
        base: Option<String>,
    },
    /// A SCIM server, but not its base URL.
    #[error("{url} answers with a SCIM error 404: is the base URL the part before /Users?")]
    NotBase {
        /// The URL.
        url: String,
    },
    /// Whatever answers is no SCIM server.
    #[error(
        "{url} answers {status} with {what}, which is no SCIM; is this the base URL (the part before /Users)?"
    )]
    NotScim {
        /// The URL.
        url: String,
        /// The status code.
        status: u16,
        /// What it answers with.
        what: String,
    },
}

/// Whether a server and this program speak no version of TLS in common: TLS 1.2 and 1.3 are spoken here, and what is older is out
/// of use (RFC 8996).
pub(crate) fn speaks_older_tls(reason: &str) -> bool {
    ["ProtocolVersion", "peer is incompatible"].iter().any(|word| reason.contains(word))
}

/// What is told of such a server.
pub(crate) const OLDER_TLS: &str = "the server offers no TLS 1.2 or 1.3, and what is older is out of use (RFC 8996): have it speak a newer one";

/// The alerts by which a server says that no certificate was shown, or not one that it knows (RFC 8446 §6.2).
pub(crate) fn wants_certificate(reason: &str) -> bool {
    let alerts = ["CertificateRequired", "BadCertificate", "HandshakeFailure", "UnknownCA", "AccessDenied"];
    reason.contains("alert") && alerts.iter().any(|alert| reason.contains(alert))
}

impl Unusable {
    /// What a request says that got no answer.
    pub(crate) fn unreachable(url: &str, cause: &TransportError) -> Self {
        let advice = match cause {
            TransportError::Connect { reason } if reason.contains("UnknownIssuer") => {
                "is this the server that is meant? then name the authority that signed its certificate: --ca FILE, `tls.ca` in a \
                 target file, or SSL_CERT_FILE"
            }
            TransportError::Connect { reason } if reason.contains("peer certificate") => {
                "is this the server that is meant, by the name that its certificate has, and does the clock of this machine go right?"
            }
            TransportError::Connect { reason } if speaks_older_tls(reason) => OLDER_TLS,
            TransportError::Connect { reason } if reason.to_lowercase().contains("proxy auth") => {
                "the proxy wants to know who asks: `proxy.user` and `proxy.password` in a target file"
            }
            TransportError::Connect { reason }
            | TransportError::Closed { reason }
            | TransportError::Stale { reason }
                if wants_certificate(reason) =>
            {
                "the server asks who comes: name a certificate and its key, `tls.certificate` and `tls.key` in a target file"
            }
            TransportError::Connect { reason } if reason.contains("InvalidContentType") => {
                "is http or https right?"
            }
            TransportError::Connect { .. } => {
                "is the server running, and are the host and the port of the URL its own?"
            }
            TransportError::Timeout { .. } => {
                "if the server is only slow, give it longer (--timeout SECONDS)"
            }
            TransportError::Closed { .. } | TransportError::Stale { .. } | TransportError::NotHttp { .. } => {
                "is this the address of a SCIM server, and is http or https right?"
            }
            TransportError::TooLarge { .. } | TransportError::TooManyValues { .. } => {
                "a description of a service is never that long; is this the base URL (the part before /Users)?"
            }
            TransportError::NoToken { .. } => {
                "look at token_url, client_id, client_secret, scope and secret_in in [auth.oauth2] of the target file"
            }
            // Nothing of these depends on the target.
            _ => "nothing was sent",
        };
        Self::Unreachable { url: url.to_owned(), cause: cause.to_string(), advice }
    }

    /// What an answer to a list request says that is no list.
    pub(crate) fn of(sent: &Sent, answer: &Answer, shown: Option<LetIn>) -> Self {
        let url = sent.url.clone();
        match answer.status {
            status @ (401 | 403) => match shown {
                Some(shown) => Self::refused(url, status, shown),
                None => Self::NoCredential { url, status },
            },
            407 => Self::ProxyWants { url },
            429 => Self::Limiting { url },
            status if redirect(answer).is_some() => {
                let location = redirect(answer).unwrap_or_default().to_owned();
                let base = base_of(&url, &location).map(|base| match origin(&base) == origin(&url) {
                    true => base,
                    false => format!("{base}, if that host may have the credential"),
                });
                Self::Redirecting { url, status, location, base }
            }
            404 if sent.json.as_deref().is_some_and(is_scim_error) => Self::NotBase { url },
            status => Self::NotScim { url, status, what: what(answer) },
        }
    }

    /// What was shown lets nobody in.
    pub(crate) fn refused(url: String, status: u16, shown: LetIn) -> Self {
        let advice = match shown {
            LetIn::Token => {
                "give a valid one with --token-env VAR or --token-file FILE, or in `auth.bearer` of a target file"
            }
            LetIn::Password => "look at `user` and `password` in [auth.basic] of the target file",
            LetIn::Grant => {
                "the token endpoint gave it: look at `client_id`, `scope` and `token_url` in [auth.oauth2] of the target file"
            }
        };
        Self::Unauthorized { url, status, advice }
    }

    /// The same without any secret that the redactor knows: a target may quote what it was sent.
    pub(crate) fn scrubbed(self, redactor: &Redactor) -> Self {
        let clean = |text: &str| shown(&redactor.scrub(text));
        match self {
            Self::NotScim { url, status, what } => Self::NotScim { url, status, what: clean(&what) },
            Self::Redirecting { url, status, location, base } => {
                let base = base.map(|base| clean(&base));
                Self::Redirecting { url, status, location: clean(&location), base }
            }
            // Transport errors are scrubbed where they arise, the URLs here are our own.
            Self::Unreachable { .. }
            | Self::Unauthorized { .. }
            | Self::NoCredential { .. }
            | Self::ProxyWants { .. }
            | Self::Limiting { .. }
            | Self::NotBase { .. } => self,
        }
    }
}

/// Where an answer sends whoever asked; nowhere if it names no place.
pub(crate) fn redirect(answer: &Answer) -> Option<&str> {
    let redirects = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    redirects.then(|| answer.header("location").unwrap_or("nowhere"))
}

/// The base URL at the place that an endpoint redirects to, where the endpoint has the same name there.
pub(crate) fn base_of(url: &str, location: &str) -> Option<String> {
    let bare = |text: &str| text.split(['?', '#']).next().unwrap_or(text).trim_end_matches('/').to_owned();
    let endpoint = bare(url).rsplit_once('/')?.1.to_owned();
    let base = bare(location).strip_suffix(&endpoint)?.trim_end_matches('/').to_owned();
    base.contains("://").then_some(base)
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> Vec<&str> {
    url.split('/').take(3).collect()
}

/// RFC 7644 §3.12.
fn is_scim_error(body: &Value) -> bool {
    let schemas = body.get("schemas").and_then(Value::as_array);
    schemas.into_iter().flatten().any(|schema| schema == urn::ERROR)
}

/// What the answer is, in words: its media type, and what is wrong with a body that calls itself JSON.
pub(crate) fn what(answer: &Answer) -> String {
    let Some(media_type) = answer.header("content-type") else { return "no media type".to_owned() };
    let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some(coding) = answer.header("content-encoding").filter(|coding| *coding != "identity") {
        return format!("{media_type} in the coding {coding}, which was not asked for");
    }
    let wrong = (kind.ends_with("/json") || kind.ends_with("+json")).then(|| unreadable(answer)).flatten();
    wrong.map_or_else(|| media_type.to_owned(), |wrong| format!("{media_type} and {wrong}"))
}

fn unreadable(answer: &Answer) -> Option<&'static str> {
    if answer.body.is_empty() {
        return Some("an empty body");
    }
    if std::str::from_utf8(&answer.body).is_err() {
        return Some("a body that is not UTF-8");
    }
    let error = serde_json::from_slice::<Value>(&answer.body).err()?;
    Some(match beyond(&error) {
        Some(beyond) => beyond,
        None if error.is_eof() => "JSON that breaks off",
        None => "a body that is not JSON",
    })
}

/// What keeps JSON from being read that is JSON all the same (RFC 8259 §9). The parser tells these things by its text alone.
pub(crate) fn beyond(error: &serde_json::Error) -> Option<&'static str> {
    let text = error.to_string();
    if text.starts_with("recursion limit") {
        return Some("JSON that is nested too deeply to be read");
    }
    text.starts_with("number out of range").then_some("JSON with a number beyond what can be read")
}
