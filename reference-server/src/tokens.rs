use http::HeaderMap;
use http::header::AUTHORIZATION;
use record::Secret;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::store::TenantId;

/// Who may come in, and to which tenant. Tokens are kept as hashes.
#[derive(Default)]
pub(crate) struct Tokens(Vec<([u8; 32], TenantId)>);

impl Tokens {
    /// Lets the bearer of a token into a tenant.
    pub(crate) fn admit(&mut self, token: &Secret, tenant: TenantId) {
        self.0.push((blake3::hash(token.expose().as_bytes()).into(), tenant));
    }

    /// The tenant that the request's credentials open. Every known token is compared, in constant time.
    pub(crate) fn tenant(&self, headers: &HeaderMap) -> Option<TenantId> {
        let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let seen: [u8; 32] = blake3::hash(token.trim().as_bytes()).into();
        let mut known = Choice::from(0);
        let mut tenant = 0;
        for (hash, candidate) in &self.0 {
            let same = hash.ct_eq(&seen);
            tenant.conditional_assign(&candidate.0, same);
            known |= same;
        }
        bool::from(known).then_some(TenantId(tenant))
    }
}
