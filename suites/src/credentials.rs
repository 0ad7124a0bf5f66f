//! RFC 7644 §2.1, §6.1 and §7.4: tokens that open less than that of the run, where somebody gave them.

use client::Request;
use harness::expect::{holds, lists_none_of, status, success};
use harness::{Capability, Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
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
    Check::active("credentials.other-tenant-is-not-shown-a-user", &other_tenant_is_not_shown_a_user)
        .title("a user is not shown to a token of another tenant")
        .verifies(CONTROLLED)
        .needs(TENANTS),
    Check::active("credentials.other-tenant-changes-no-user", &other_tenant_changes_no_user)
        .title("a token of another tenant does not delete a user")
        .verifies(CONTROLLED)
        .needs(&[
            capability::SECOND_TENANT,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::DELETE_USER,
            capability::LIST_USERS,
        ]),
];
const _: () = sound(CHECKS);

/// To be shown what is another tenant's is to be let in without any right; how that is refused matters less.
const CONTROLLED: &[ReqId] =
    &[rfc7644::CROSS_TENANT_ACCESS_CONTROLLED, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY];

const TENANTS: &[Capability] = &[
    capability::SECOND_TENANT,
    capability::CREATE_USER,
    capability::READ_USER,
    capability::LIST_USERS,
    capability::FILTER_USER,
];

/// A request that shows a token in place of that of the run. The capability that the check needs says that there is one.
fn showing(token: Option<&Secret>, request: Request) -> Result<Request, Stop> {
    match token {
        Some(token) => Ok(request.bearer(token.clone())),
        None => Err(Stop::Error("there is no such token".to_owned())),
    }
}

fn list(probe: &Probe) -> Request {
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

fn other_tenant_is_not_shown_a_user(probe: &mut Probe) -> Outcome {
    let token = probe.service().others.second_tenant.clone();
    probe.send(showing(token.as_ref(), list(probe))?)?.require(success())?;
    let person = probe.given(minimal_user())?;
    probe.get(person.path())?.require(success())?;
    let read = showing(token.as_ref(), Request::get(person.path()))?;
    kept_apart(&probe.send(read)?)?;
    let name = person.sent.get("userName").and_then(serde_json::Value::as_str).unwrap_or_default();
    let search =
        Request::get(probe.service().endpoint("User")).query("filter", &format!("userName eq \"{name}\""));
    let mine = probe.send(search.clone())?;
    mine.require(success())?;
    let found = probe.send(showing(token.as_ref(), search)?)?;
    // A search that is refused shows nobody.
    if !found.succeeded() {
        return Ok(());
    }
    let shows_nobody = lists_none_of(std::slice::from_ref(&person.id));
    found.expect(shows_nobody.under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

fn other_tenant_changes_no_user(probe: &mut Probe) -> Outcome {
    let token = probe.service().others.second_tenant.clone();
    probe.send(showing(token.as_ref(), list(probe))?)?.require(success())?;
    let (person, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    // What is shut to the tenant itself says nothing of others.
    probe.delete(other.path())?.require(success())?;
    let delete = showing(token.as_ref(), Request::delete(person.path()))?;
    kept_apart(&probe.send(delete)?)?;
    probe.get(person.path())?.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

/// What is another tenant's is refused, or not there.
fn kept_apart(reply: &Reply) -> Outcome {
    not_served(reply, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY)?;
    let status = reply.status();
    let refused = if (400..500).contains(&status) { Ok(()) } else { Err(status.to_string()) };
    let refusal = holds("a refusal that blames the client (4xx)", At::Status, refused);
    reply.expect(refusal.under(rfc7644::CROSS_TENANT_ACCESS_CONTROLLED))
}

/// Whoever shows this is refused, whatever the refusal says.
fn not_served(reply: &Reply, requirement: ReqId) -> Outcome {
    let refused = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, refused).under(requirement))
}
