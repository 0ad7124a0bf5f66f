//! RFC 7644 §2.1 and §7.4: tokens that open less than that of the run, where somebody gave them.

use client::Request;
use harness::expect::{holds, status, success};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use record::{At, ReqId, Secret};

use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("credentials.expired-token-is-401", &expired_token_is_401)
        .title("a token that has ended opens nothing")
        .verifies(&[rfc7644::BEARER_TOKENS_EXPIRE, rfc7644::BAD_AUTHORIZATION_IS_401])
        .needs(&[capability::AUTHENTICATION, capability::EXPIRED_TOKEN, capability::LIST_USERS])
        .reads_only(),
    Check::active("credentials.read-only-token-creates-nothing", &read_only_token_creates_nothing)
        .title("a token that opens what reads creates nothing")
        .verifies(&[rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY])
        .needs(&[capability::READ_ONLY_TOKEN, capability::CREATE_USER, capability::LIST_USERS]),
];
const _: () = sound(CHECKS);

/// A request that shows a token in place of that of the run. The capability that the check needs says that there is one.
pub(crate) fn showing(token: Option<&Secret>, request: Request) -> Result<Request, Stop> {
    match token {
        Some(token) => Ok(request.bearer(token.clone())),
        None => Err(Stop::Error("there is no such token".to_owned())),
    }
}

pub(crate) fn list(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User")).query("count", "1")
}

fn expired_token_is_401(probe: &mut Probe) -> Outcome {
    probe.send(list(probe))?.require(success())?;
    let expired = showing(probe.service().others.expired.as_ref(), list(probe))?;
    let reply = probe.send(expired)?;
    not_served(&reply, rfc7644::BEARER_TOKENS_EXPIRE)?;
    reply.expect(status(401).under(rfc7644::BAD_AUTHORIZATION_IS_401))
}

fn read_only_token_creates_nothing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    let others = probe.service().others.clone();
    // What opens nothing at all shows nothing by what it does not open, and neither does a create that nobody may send.
    probe.send(showing(others.read_only.as_ref(), list(probe))?)?.require(success())?;
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let create = showing(others.read_only.as_ref(), Request::post(&endpoint).json(&body))?;
    not_served(&probe.send(create)?, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY)?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

/// Whoever shows this is refused, whatever the refusal says.
pub(crate) fn not_served(reply: &Reply, requirement: ReqId) -> Outcome {
    let refused = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, refused).under(requirement))
}
