//! The server under test.

use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use record::Secret;
use url::Url;

use crate::authorization::{Authorization, LetIn};
use crate::cancel::Cancel;
use crate::error::TargetError;
use crate::oauth::{Grant, Tokens};
use crate::pace::{Limits, Pace};
use crate::route::names_this_machine;
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
    authorization: Authorization,
    headers: Vec<(HeaderName, HeaderValue)>,
    secrets: Vec<Secret>,
    others: Others,
    pace: Pace,
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
            authorization: Authorization::None,
            headers: Vec::new(),
            secrets: Vec::new(),
            others: Others::default(),
            pace: Pace::default(),
            timeout: TIMEOUT_DEFAULT,
            answer_limit: AnswerLimit::default(),
            lag: Duration::ZERO,
            turns: Turns::default(),
        })
    }

    /// The same target with a bearer token (RFC 6750 §2.1) on every request that does not say otherwise.
    #[must_use]
    pub fn bearer(mut self, token: Secret) -> Self {
        self.authorization = Authorization::bearer(&token);
        self.concealing(token)
    }

    /// The same target with a user name and a password (RFC 7617) on every request that does not say otherwise.
    #[must_use]
    pub fn basic(mut self, user: &str, password: Secret) -> Self {
        let (authorization, shown) = Authorization::basic(user, &password);
        self.authorization = authorization;
        self.concealing(password).concealing(shown)
    }

    /// The same target with a bearer token that is asked for, and renewed before it ends or when it is refused in the middle of a
    /// run, on every request that does not say otherwise.
    #[must_use]
    pub fn granted(mut self, grant: Grant) -> Self {
        self.secrets.extend(grant.secrets());
        self.authorization = Authorization::Granted(Tokens::new(grant));
        self
    }

    /// The same target with tokens that checks show in place of the usual one.
    #[must_use]
    pub fn with_others(mut self, others: Others) -> Self {
        self.secrets.extend(others.all().cloned());
        self.others = others;
        self
    }

    /// The same target, of which no more is asked than this. Clones of the result share what is left.
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Self {
        self.pace = Pace::new(limits);
        self
    }

    /// The same target, for requests that are sent while another one is under way that waits for them: they count, take no
    /// place among those at a time, and do not queue with the others: whoever waits for them may be the one who has the turn.
    #[must_use]
    pub fn within_another(mut self) -> Self {
        self.pace = self.pace.within_another();
        self.turns = Turns::default();
        self
    }

    /// Stops a run through its token when no more may be asked.
    pub fn stops(&self, cancel: &Cancel) {
        self.pace.stops(cancel);
    }

    /// Why nothing more is sent to it, once as much was asked of it as may be.
    #[must_use]
    pub fn spent(&self) -> Option<String> {
        self.pace.spent().map(|error| error.to_string())
    }

    /// The same target with a header on every request, whoever it is from, that does not set it itself.
    ///
    /// # Errors
    ///
    /// If the name cannot name a header, or the value holds control characters.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, TargetError> {
        let (name, value) = header(name, value)?;
        self.headers.push((name, value));
        Ok(self)
    }

    /// Like [`Target::header`], with a value that no record shows.
    ///
    /// # Errors
    ///
    /// As [`Target::header`].
    pub fn secret_header(mut self, name: &str, value: Secret) -> Result<Self, TargetError> {
        let (name, mut shown) = header(name, value.expose())?;
        shown.set_sensitive(true);
        self.headers.push((name, shown));
        Ok(self.concealing(value))
    }

    /// The same target, on whose way there is another secret, which no record is to show.
    #[must_use]
    pub fn concealing(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
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

    /// Whether another target is of the same scheme, host and port: what one of them may see, the other one may.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin()
    }

    /// Whether requests that do not say otherwise carry a credential.
    #[must_use]
    pub fn has_credential(&self) -> bool {
        self.let_in_by().is_some()
    }

    /// What lets requests in that do not say otherwise.
    #[must_use]
    pub fn let_in_by(&self) -> Option<LetIn> {
        self.authorization.kind()
    }

    /// The address that gives access tokens, where they are asked for.
    #[must_use]
    pub fn token_url(&self) -> Option<&str> {
        match &self.authorization {
            Authorization::Granted(tokens) => Some(tokens.grant.url()),
            _ => None,
        }
    }

    /// The tokens that checks show in place of the usual one.
    #[must_use]
    pub fn others(&self) -> &Others {
        &self.others
    }

    /// Everything about it that no record is to show.
    #[must_use]
    pub fn secrets(&self) -> &[Secret] {
        &self.secrets
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
        names_this_machine(&self.url)
    }

    /// Who may send while the server asks for patience: all who have a clone of this target queue together.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn pace(&self) -> &Pace {
        &self.pace
    }

    pub(crate) fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    pub(crate) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }
}

/// Tokens of a target that open less than the usual one.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// One that was valid once.
    pub expired: Option<Secret>,
    /// One that opens what reads and nothing that writes.
    pub read_only: Option<Secret>,
    /// One of another tenant of the same server.
    pub second_tenant: Option<Secret>,
}

impl Others {
    fn all(&self) -> impl Iterator<Item = &Secret> {
        [&self.expired, &self.read_only, &self.second_tenant].into_iter().flatten()
    }
}

/// The value stays out of the error: it may be a secret.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), TargetError> {
    let known = HeaderName::try_from(name).map_err(|_| TargetError::HeaderName { name: name.to_owned() })?;
    let value =
        HeaderValue::from_str(value).map_err(|_| TargetError::HeaderValue { name: name.to_owned() })?;
    Ok((known, value))
}
