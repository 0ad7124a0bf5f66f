//! What can go wrong between a request and its answer.

use std::time::Duration;

use record::Redactor;

use crate::transport::AnswerLimit;

/// Why a text is no target. The messages never repeat the text, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// No URL at all.
    #[error("the base URL cannot be read ({reason}); write it like https://example.com/scim/v2")]
    NotAUrl {
        /// What the URL parser said.
        reason: String,
    },
    /// Neither `http` nor `https`.
    #[error("the base URL must begin with http:// or https://")]
    Scheme,
    /// A user name or password before the host.
    #[error("the base URL holds user information; leave it out and give the token separately")]
    UserInfo,
    /// Where tokens are asked for is no URL.
    #[error("the token URL cannot be read ({reason}); write it like https://login.example.com/oauth2/token")]
    NotATokenUrl {
        /// What the URL parser said.
        reason: String,
    },
    /// A user name or password before the host that gives tokens.
    #[error(
        "the token URL holds user information; leave it out: `client_id` and `client_secret` say who asks"
    )]
    TokenUserInfo,
    /// A query.
    #[error("the base URL has a query; leave out everything from the question mark on")]
    Query,
    /// A fragment.
    #[error("the base URL has a fragment; leave out everything from the # on")]
    Fragment,
    /// Where tokens are asked for without TLS.
    #[error("the token URL must begin with https://: a secret is sent there")]
    TokenScheme,
    /// What cannot name a header.
    #[error("{name:?} cannot name a header")]
    HeaderName {
        /// What was to be its name.
        name: String,
    },
    /// What cannot stand in a header.
    #[error("the value of the header {name} holds control characters")]
    HeaderValue {
        /// The header's name.
        name: String,
    },
}

/// Why there is no way to a target. The messages never repeat what may be a key or a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// There is no certificate in it.
    #[error("it holds no certificate; PEM is wanted: -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    /// There is no key in it.
    #[error("it holds no private key; PEM is wanted: -----BEGIN PRIVATE KEY-----")]
    NoKey,
    /// The key is not that of the certificate, or of a kind that is not known.
    #[error("the certificate and the key do not go together ({reason})")]
    Mismatch {
        /// What the library said.
        reason: String,
    },
    /// It is no URL of a proxy.
    #[error(
        "the URL of the proxy{} cannot be used; write it like http://proxy.example:3128, without a user or a path",
        .text.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default()
    )]
    Proxy {
        /// What was given, where it cannot hold a password.
        text: Option<String>,
    },
    /// It is no PEM.
    #[error("it cannot be read as PEM ({reason})")]
    Unreadable {
        /// What the reader said.
        reason: String,
    },
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The answer was not there, whole, in time.
    #[error("no complete answer within {after:?}")]
    Timeout {
        /// The limit that the target was given.
        after: Duration,
    },
    /// No connection: the name is unknown, nobody listens, the certificate is not trusted.
    #[error("cannot connect: {reason}")]
    Connect {
        /// The causes, outermost first.
        reason: String,
    },
    /// The connection ended before the answer did.
    #[error("the connection was closed before the answer was complete: {reason}")]
    Closed {
        /// The causes, outermost first.
        reason: String,
    },
    /// A connection that had brought an answer before ended without any of this one.
    #[error(
        "the connection, kept from an earlier request, was closed before any of the answer came: {reason}"
    )]
    Stale {
        /// The causes, outermost first.
        reason: String,
    },
    /// What came back is not HTTP.
    #[error("the answer is not HTTP: {reason}")]
    NotHttp {
        /// The causes, outermost first.
        reason: String,
    },
    /// The body goes on beyond what is read.
    #[error("the body is longer than {}", of_limit(limit.bytes() / (1024 * 1024), "MiB", *limit))]
    TooLarge {
        /// How much is read at most.
        limit: AnswerLimit,
    },
    /// The body holds more JSON than is read.
    #[error("the body holds more than {}", of_limit(limit.values(), "JSON values", *limit))]
    TooManyValues {
        /// How much is read at most.
        limit: AnswerLimit,
    },
    /// The URL lies elsewhere. Nothing was sent: a credential must not travel to a stranger.
    #[error("the URL is at {origin}, not at the target's {target}; nothing was sent")]
    ForeignOrigin {
        /// Where the URL lies.
        origin: String,
        /// Where the target lies.
        target: String,
    },
    /// What the request would change was not seen to be the run's own. Nothing was sent.
    #[error(
        "what stands at {path} was not seen to carry a name of the run, so it is left alone; nothing was sent"
    )]
    Foreign {
        /// Where it stands, below the base URL.
        path: String,
    },
    /// The request cannot be put into HTTP. Nothing was sent; the mistake is ours.
    #[error("the request cannot be sent: {reason}")]
    Unsendable {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no connection to the target on which a request could be cut up. Nothing was sent.
    #[error(
        "a request in pieces needs a connection of HTTP/1.1 to the target itself, and there is none; nothing was sent"
    )]
    Unframed,
    /// As much was asked of the target as may be. Nothing was sent.
    #[error(
        "the limit of {limit} requests is reached, but for what removes what was created; nothing was sent"
    )]
    Spent {
        /// How many requests may be sent in all.
        limit: u64,
    },
    /// Nobody gave a token to show. Nothing was sent to the target.
    #[error("there is no access token: the token endpoint was asked, and {reason}")]
    NoToken {
        /// What became of asking.
        reason: String,
    },
    /// The transport could not be set up; the mistake is ours or this machine's.
    #[error("the client cannot be set up: {reason}")]
    Setup {
        /// The causes, outermost first.
        reason: String,
    },
    /// Somebody stopped the run while the request was under way.
    #[error("the run was stopped before the answer was there")]
    Cancelled,
}

impl TransportError {
    /// Whether time ran out.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether nothing of the request can have reached the target.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. }
                | Self::ForeignOrigin { .. }
                | Self::Foreign { .. }
                | Self::Unsendable { .. }
                | Self::Unframed
                | Self::Spent { .. }
                | Self::NoToken { .. }
                | Self::Setup { .. }
        )
    }

    /// The same error without any secret that the redactor knows. Causes come from below and may quote a URL.
    pub(crate) fn scrubbed(self, redactor: &Redactor) -> Self {
        let clean = |text: String| redactor.scrub(&text);
        match self {
            Self::Connect { reason } => Self::Connect { reason: clean(reason) },
            Self::Closed { reason } => Self::Closed { reason: clean(reason) },
            Self::Stale { reason } => Self::Stale { reason: clean(reason) },
            Self::NotHttp { reason } => Self::NotHttp { reason: clean(reason) },
            Self::Unsendable { reason } => Self::Unsendable { reason: clean(reason) },
            Self::Setup { reason } => Self::Setup { reason: clean(reason) },
            Self::ForeignOrigin { origin, target } => {
                Self::ForeignOrigin { origin: clean(origin), target: clean(target) }
            }
            Self::Foreign { path } => Self::Foreign { path: clean(path) },
            Self::NoToken { reason } => Self::NoToken { reason: clean(reason) },
            Self::Timeout { .. }
            | Self::TooLarge { .. }
            | Self::TooManyValues { .. }
            | Self::Unframed
            | Self::Spent { .. }
            | Self::Cancelled => self,
        }
    }
}

/// What is read at most, and what to do where that is too little.
fn of_limit(number: usize, unit: &str, limit: AnswerLimit) -> String {
    let share = match limit.requests() {
        1 => String::new(),
        requests => format!(
            "the share of one of {requests} requests at a time; fewer at a time (--jobs 1) leave more for each, and "
        ),
    };
    format!("{number} {unit}, {share}a server that heeds `count` sends shorter lists")
}

/// An error and its causes in one line, outermost first.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // Many wrappers repeat what they wrap.
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        next = cause.source();
    }
    line
}
