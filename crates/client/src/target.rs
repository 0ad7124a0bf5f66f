//! The server under test.

use std::time::Duration;

use record::Secret;
use url::{Host, Url};

use crate::error::TargetError;
use crate::transport::AnswerLimit;
use crate::turns::Turns;

const TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);

/// A SCIM server under test: where it is, what it wants to see, how long it may take.
///
/// ```
/// let target = client::Target::new("https://example.com/scim/v2/")?;
/// assert_eq!(target.base(), "https://example.com/scim/v2");
/// # Ok::<(), client::TargetError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Target {
    url: Url,
    base: String,
    credential: Option<Secret>,
    timeout: Duration,
    answer_limit: AnswerLimit,
    lag: Duration,
    turns: Turns,
}

impl Target {
    /// A target by its base URL (RFC 7644 §1.3), without a credential and with ten seconds for each request.
    ///
    /// # Errors
    ///
    /// If the text is no `http` or `https` URL, or has user information, a query or a fragment.
    pub fn new(base: &str) -> Result<Self, TargetError> {
        let url =
            Url::parse(base.trim()).map_err(|error| TargetError::NotAUrl { reason: error.to_string() })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        if url.query().is_some() {
            return Err(TargetError::Query);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self {
            url,
            base,
            credential: None,
            timeout: TIMEOUT_DEFAULT,
            answer_limit: AnswerLimit::default(),
            lag: Duration::ZERO,
            turns: Turns::default(),
        })
    }

    /// The same target with a bearer token (RFC 6750 §2.1) on every request that does not say otherwise.
    #[must_use]
    pub fn bearer(mut self, token: Secret) -> Self {
        self.credential = Some(token);
        self
    }

    /// The same target with this much time for each request, its body included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same target with this much read of each answer.
    #[must_use]
    pub fn answers_up_to(mut self, limit: AnswerLimit) -> Self {
        self.answer_limit = limit;
        self
    }

    /// How much of an answer is read.
    #[must_use]
    pub fn answer_limit(&self) -> AnswerLimit {
        self.answer_limit
    }

    /// The same target, whose reads may lag so far behind its writes. Unless this says otherwise a read shows what was
    /// acknowledged before it.
    #[must_use]
    pub fn lagging(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// The base URL without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The bearer token, where there is one.
    #[must_use]
    pub fn credential(&self) -> Option<&Secret> {
        self.credential.as_ref()
    }

    /// How long a request may take, from its sending to the last byte of its answer.
    #[must_use]
    pub fn time_limit(&self) -> Duration {
        self.timeout
    }

    /// How far its reads may lag behind its writes.
    #[must_use]
    pub fn lag(&self) -> Duration {
        self.lag
    }

    /// Whether the URL names this machine: a loopback address or `localhost`. No name is looked up.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Who may send while the server asks for patience: all who have a clone of this target queue together.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}
