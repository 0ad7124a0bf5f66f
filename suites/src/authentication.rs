//! RFC 7644 §2: authentication.

use client::Request;
use harness::expect::{header_that, holds, same_as, status, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_user, sound,
};
use protocol::urn;
use record::{At, ReqId, Secret};
use serde_json::json;

use crate::kept;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("authentication.missing-credential-is-401", &missing_credential_is_401)
        .title("a request without a credential answers 401")
        .verifies(&[rfc7644::BAD_AUTHORIZATION_IS_401, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.challenge-names-a-scheme", &challenge_names_a_scheme)
        .title("a 401 names the supported schemes in WWW-Authenticate")
        .verifies(&[rfc7644::WWW_AUTHENTICATE_LISTS_SCHEMES])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.wrong-token-is-401", &wrong_token_is_401)
        .title("a token that was never issued is refused")
        .verifies(&[rfc7644::BEARER_TOKENS_VALIDATED, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY])
        .needs(NEEDS)
        .reads_only(),
    Check::active("authentication.refused-create-stores-nothing", &refused_create_stores_nothing)
        .title("a create without a good credential is refused and stores nothing")
        .verifies(REFUSED)
        .needs(&[capability::AUTHENTICATION, capability::CREATE_USER]),
    RESOURCE.check(
        "authentication.resources-are-shut",
        "a single resource is shown to nobody without a good credential",
    ),
    GROUPS
        .check("authentication.groups-are-shut", "groups are listed to nobody without a good credential")
        .needs(&[
            capability::AUTHENTICATION,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::CREATE_GROUP,
        ]),
    SEARCH
        .check(
            "authentication.searches-are-shut",
            "a search by POST is answered to nobody without a good credential",
        )
        .needs(&[
            capability::AUTHENTICATION,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::FILTER_USER,
        ]),
    PUT.check(
        "authentication.refused-replace-changes-nothing",
        "a PUT without a good credential changes nothing",
    )
    .needs(REPLACES),
    PATCH
        .check(
            "authentication.refused-patch-changes-nothing",
            "a PATCH without a good credential changes nothing",
        )
        .needs(MODIFIES),
    DELETE
        .check(
            "authentication.refused-delete-deletes-nothing",
            "a DELETE without a good credential deletes nothing",
        )
        .needs(DELETES),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] = &[capability::AUTHENTICATION, capability::LIST_USERS];

fn list(probe: &Probe, kind: &str) -> Request {
    Request::get(probe.service().endpoint(kind)).query("count", "1")
}

/// Makes sure that the list opens to the credential of the run: what is closed to everybody asks for none.
fn list_opens(probe: &Probe) -> Outcome {
    probe.send(list(probe, "User"))?.require(success())
}

fn missing_credential_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    shut(&probe.send(list(probe, "User").anonymous())?, rfc7644::BAD_AUTHORIZATION_IS_401)
}

/// Nobody is let in without a good credential. Another refusal than 401 is a small matter; whoever is served all the same no
/// access policy can be about, and that is a failure.
fn shut(reply: &Reply, requirement: ReqId) -> Outcome {
    reply.expect(status(401).under(requirement))?;
    let refused = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, refused).under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

fn challenge_names_a_scheme(probe: &mut Probe) -> Outcome {
    let reply = probe.send(list(probe, "User").anonymous())?;
    reply.require(status(401))?;
    reply
        .expect(header_that("www-authenticate", "an authentication scheme", |value| !value.trim().is_empty()))
}

fn wrong_token_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    shut(&probe.send(wrong(list(probe, "User")))?, rfc7644::BEARER_TOKENS_VALIDATED)
}

fn refused_create_stores_nothing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let create = Request::post(&endpoint).json(&body);
    let anonymous = probe.send(create.clone().anonymous())?;
    anonymous.expect(status(401).under(rfc7644::BAD_AUTHORIZATION_IS_401))?;
    // A server may let people register themselves (RFC 7644 §2.2), and then nobody has been kept out.
    if anonymous.succeeded() {
        anonymous.note("it takes creates from whoever shows no credential");
        return Ok(());
    }
    shut(&probe.send(wrong(create))?, rfc7644::BEARER_TOKENS_VALIDATED)?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

/// The request is refused to whoever shows no credential, and to whoever shows a wrong one.
fn refused(probe: &Probe, request: Request) -> Outcome {
    shut(&probe.send(request.clone().anonymous())?, rfc7644::BAD_AUTHORIZATION_IS_401)?;
    shut(&probe.send(wrong(request))?, rfc7644::BEARER_TOKENS_VALIDATED)
}

fn wrong(request: Request) -> Request {
    request.bearer(Secret::new("scimproof-wrong-token".to_owned()))
}

const PEOPLE: &[Capability] = &[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER];
const REPLACES: &[Capability] =
    &[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER];
const MODIFIES: &[Capability] =
    &[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER];
const DELETES: &[Capability] =
    &[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER, capability::DELETE_USER];

/// A request that has to be refused where it comes without a good credential, and then changes nothing.
/// It is about somebody of the run.
struct Door(fn(&Probe, &Given) -> Result<Request, Stop>);

const REFUSED: &[ReqId] = &[
    rfc7644::BAD_AUTHORIZATION_IS_401,
    rfc7644::BEARER_TOKENS_VALIDATED,
    rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY,
];

const RESOURCE: &Door = &Door(|_, person| Ok(Request::get(person.path())));
const GROUPS: &Door = &Door(|probe, _| Ok(list(probe, "Group")));
const SEARCH: &Door = &Door(|probe, _| {
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "count": 1 });
    Ok(Request::post(format!("{}/.search", probe.service().endpoint("User"))).json(&search))
});
const PUT: &Door = &Door(|probe, person| {
    // Who has nothing to change is sent what he has.
    let body = kept::plain_text(probe).map(|plain| plain.within(&person.sent, "Changed"));
    Ok(Request::put(person.path()).json(body.as_ref().unwrap_or(&person.sent)))
});
const PATCH: &Door = &Door(|probe, person| {
    let operations = json!([{ "op": "replace", "path": kept::plain_text(probe)?.path, "value": "Changed" }]);
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    Ok(Request::patch(person.path()).json(&body))
});
const DELETE: &Door = &Door(|_, person| Ok(Request::delete(person.path())));

impl Door {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(REFUSED).needs(PEOPLE)
    }
}

impl Procedure for Door {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (person, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
        // What is shut to the credential of the run says nothing of others.
        probe.send((self.0)(probe, &other)?)?.require(success())?;
        let before = probe.get(person.path())?;
        before.require(success())?;
        refused(probe, (self.0)(probe, &person)?)?;
        // Who is refused and has his way all the same has been let in.
        let stored = probe.get(person.path())?;
        stored.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))?;
        let unchanged = same_as(before.json()?, "before the refusals");
        stored.expect(unchanged.under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
    }
}
