//! RFC 7644 §2: authentication.

use client::Request;
use harness::expect::{header_that, status, success};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use record::Secret;

use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("authentication.missing-credential-is-401", &missing_credential_is_401)
        .title("a request without a credential answers 401")
        .verifies(&[rfc7644::BAD_AUTHORIZATION_IS_401])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.challenge-names-a-scheme", &challenge_names_a_scheme)
        .title("a 401 names the supported schemes in WWW-Authenticate")
        .verifies(&[rfc7644::WWW_AUTHENTICATE_LISTS_SCHEMES])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.wrong-token-is-401", &wrong_token_is_401)
        .title("a token that was never issued is refused")
        .verifies(&[rfc7644::BEARER_TOKENS_VALIDATED])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.refused-create-stores-nothing", &refused_create_stores_nothing)
        .title("a create without a credential is refused and stores nothing")
        .verifies(&[rfc7644::BAD_AUTHORIZATION_IS_401])
        .needs(&[capability::AUTHENTICATION, capability::CREATE_USER]),
];
const _: () = sound(CHECKS);

const NEEDS: &[harness::Capability] = &[capability::AUTHENTICATION, capability::LIST_USERS];

fn list(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User")).query("count", "1")
}

/// Makes sure that the list opens to the credential of the run: what is closed to everybody asks for none.
fn list_opens(probe: &Probe) -> Outcome {
    probe.send(list(probe))?.require(success())
}

fn missing_credential_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    let reply = probe.send(list(probe).anonymous())?;
    reply.expect(status(401))
}

fn challenge_names_a_scheme(probe: &mut Probe) -> Outcome {
    let reply = probe.send(list(probe).anonymous())?;
    reply.require(status(401))?;
    reply
        .expect(header_that("www-authenticate", "an authentication scheme", |value| !value.trim().is_empty()))
}

fn wrong_token_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    let wrong = list(probe).bearer(Secret::new("scimproof-wrong-token".to_owned()));
    probe.send(wrong)?.expect(status(401))
}

fn refused_create_stores_nothing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    probe.send(Request::post(&endpoint).json(&body).anonymous())?.expect(status(401))?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success())
}
