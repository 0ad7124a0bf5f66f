//! The tokens that open the SCIM endpoints. They are found by their hashes; the text of one is kept only where the
//! profile says that it stays readable.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use http::HeaderMap;
use http::header::AUTHORIZATION;
use profiles::TokenRules;
use record::Secret;

use crate::builder::FIRST;
use crate::ids::random_token;
use crate::store::TenantId;

/// How many tokens are remembered, revoked ones among them.
const TOKENS_MAX: usize = 1_000;
/// The tenant of a token that opens another one; those of further tokens count up from the first.
const OTHER: TenantId = TenantId(u32::MAX);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whose token it is.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) name: String,
    /// Whether he administers the application. The tokens of others open nothing.
    pub(crate) administrator: bool,
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    /// Whether it opens what reads, and nothing that writes.
    pub(crate) read_only: bool,
    /// When it ends at the latest; the profile may end it before.
    pub(crate) expires_ms: Option<i64>,
}

/// What a token is that opens less than others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherToken {
    /// It was valid once.
    Expired,
    /// It opens what reads, and nothing that writes.
    ReadOnly,
    /// It opens a tenant of its own.
    SecondTenant,
}

impl OtherToken {
    pub(crate) fn terms(self, now_ms: i64) -> (TenantId, Terms) {
        match self {
            Self::Expired => (FIRST, Terms { expires_ms: Some(now_ms), ..Terms::default() }),
            Self::ReadOnly => (FIRST, Terms { read_only: true, ..Terms::default() }),
            Self::SecondTenant => (OTHER, Terms::default()),
        }
    }
}

/// What a valid token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) tenant: TenantId,
    pub(crate) read_only: bool,
}

/// One token, as administrators see it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: u64,
    tenant: TenantId,
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) read_only: bool,
    /// Milliseconds since 1970, like all moments here.
    pub(crate) created_ms: i64,
    /// From when on it is no longer valid.
    pub(crate) expires_ms: Option<i64>,
    revoked: bool,
    /// Its text, where it stays readable.
    pub(crate) text: Option<Secret>,
}

/// Whether a token opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Valid,
    Revoked,
    Expired,
    /// Its owner administers nothing.
    Orphaned,
}

impl Token {
    pub(crate) fn state(&self, now_ms: i64) -> State {
        if self.revoked {
            State::Revoked
        } else if self.expires_ms.is_some_and(|end| now_ms >= end) {
            State::Expired
        } else if self.owner.administrator {
            State::Valid
        } else {
            State::Orphaned
        }
    }
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shut {
    /// He shows no token, or one that was never made.
    Unknown,
    /// The token was good once, or never will be.
    Spent(State),
}

/// Why no token is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The owner has a valid one, and is to have no second.
    HasOne,
    /// There are too many to remember another.
    Full,
}

/// All tokens of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) rules: TokenRules,
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    by_hash: HashMap<[u8; 32], u64>,
    by_id: BTreeMap<u64, Token>,
    /// The text of the token that the next switch makes, where it was foreseen.
    foreseen: Option<Secret>,
}

impl Tokens {
    pub(crate) fn new(rules: TokenRules) -> Self {
        Self { rules, held: RwLock::default() }
    }

    /// Lets the bearer of a token that was there before the server into a tenant, on these terms.
    pub(crate) fn admit(&self, token: &Secret, tenant: TenantId, terms: Terms, now_ms: i64) {
        let owner = Owner { name: "whoever started the server".to_owned(), administrator: true };
        let text = self.rules.readable.then(|| token.clone());
        let name = "given at the start".to_owned();
        self.write().keep(token, |id| Token {
            id,
            tenant,
            name,
            owner,
            read_only: terms.read_only,
            created_ms: now_ms,
            expires_ms: terms.expires_ms,
            revoked: false,
            text,
        });
    }

    /// Says what the token will be that the first switch makes.
    pub(crate) fn foresee(&self, token: Secret) {
        self.write().foreseen = Some(token);
    }

    /// What the request's credentials open.
    pub(crate) fn access(&self, headers: &HeaderMap, now_ms: i64) -> Result<Access, Shut> {
        let seen = hash(bearer(headers).ok_or(Shut::Unknown)?);
        let held = self.read();
        let token = held.by_hash.get(&seen).and_then(|id| held.by_id.get(id)).ok_or(Shut::Unknown)?;
        match token.state(now_ms) {
            State::Valid => Ok(Access { tenant: token.tenant, read_only: token.read_only }),
            spent => Err(Shut::Spent(spent)),
        }
    }

    /// Makes a token: what is remembered of it, and its text.
    ///
    /// # Errors
    /// Where the profile or the room does not allow it.
    pub(crate) fn make(
        &self,
        tenant: TenantId,
        name: String,
        owner: Owner,
        terms: Terms,
        now_ms: i64,
    ) -> Result<(Token, Secret), Refused> {
        let mut held = self.write();
        let has_one = |token: &Token| token.owner.name == owner.name && token.state(now_ms) == State::Valid;
        if self.rules.one_per_owner && held.of(tenant).any(has_one) {
            return Err(Refused::HasOne);
        }
        if held.by_id.len() >= TOKENS_MAX {
            return Err(Refused::Full);
        }
        Ok(self.made(&mut held, tenant, (name, owner), terms, random_token(), now_ms))
    }

    /// Makes a token where there is no valid one, and says whether it did.
    ///
    /// # Errors
    /// Where there is no room.
    pub(crate) fn make_first(&self, tenant: TenantId, now_ms: i64) -> Result<bool, Refused> {
        let mut held = self.write();
        if held.of(tenant).any(|token| token.state(now_ms) == State::Valid) {
            return Ok(false);
        }
        if held.by_id.len() >= TOKENS_MAX {
            return Err(Refused::Full);
        }
        let text = held.foreseen.take().unwrap_or_else(random_token);
        let owner = Owner { name: "the application".to_owned(), administrator: true };
        let name = "made when provisioning was switched on".to_owned();
        self.made(&mut held, tenant, (name, owner), Terms::default(), text, now_ms);
        Ok(true)
    }

    fn made(
        &self,
        held: &mut Held,
        tenant: TenantId,
        (name, owner): (String, Owner),
        terms: Terms,
        text: Secret,
        now_ms: i64,
    ) -> (Token, Secret) {
        let lifetime_ms = self.rules.lifetime_days.map(|days| i64::from(days.get()) * DAY_MS);
        let ends_ms = lifetime_ms.map(|lifetime| now_ms.saturating_add(lifetime));
        let token = held.keep(&text, |id| Token {
            id,
            tenant,
            name,
            owner,
            read_only: terms.read_only,
            created_ms: now_ms,
            expires_ms: terms.expires_ms.into_iter().chain(ends_ms).min(),
            revoked: false,
            text: self.rules.readable.then(|| text.clone()),
        });
        (token, text)
    }

    /// Takes a token out of use for good. Nothing where the tenant has none of this id.
    pub(crate) fn revoke(&self, tenant: TenantId, id: u64) -> Option<()> {
        let mut held = self.write();
        held.by_id.get_mut(&id).filter(|token| token.tenant == tenant)?.revoked = true;
        Some(())
    }

    /// The tokens of a tenant, oldest first.
    pub(crate) fn all(&self, tenant: TenantId) -> Vec<Token> {
        self.read().of(tenant).cloned().collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn of(&self, tenant: TenantId) -> impl Iterator<Item = &Token> {
        self.by_id.values().filter(move |token| token.tenant == tenant)
    }

    fn keep(&mut self, text: &Secret, token: impl FnOnce(u64) -> Token) -> Token {
        let id = self.by_id.last_key_value().map_or(1, |(last, _)| last + 1);
        let token = token(id);
        self.by_hash.insert(hash(text.expose()), id);
        self.by_id.insert(id, token.clone());
        token
    }
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What is kept of a token. Whoever could time a look-up by it would learn about the hash, which tells nothing about
/// the token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    blake3::hash(token.as_bytes()).into()
}
