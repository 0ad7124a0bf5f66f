//! RFC 7644 §2: authentication.

use client::Request;
use harness::expect::{header_that, holds, same_as, status, success};
use harness::{Capability, Check, Given, Outcome, Probe, Procedure, Reply, capability, minimal_user, sound};
use protocol::urn;
use record::{At, ReqId, Secret};
use serde_json::json;

use crate::kept;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("authentication.missing-credential-is-401", &missing_credential_is_401)
        .title("a request without a credential answers 401")
        .verifies(SHOWN)
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
        .title("a create without a credential is refused and stores nothing")
        .verifies(SHOWN)
        .needs(&[capability::AUTHENTICATION, capability::CREATE_USER]),
    RESOURCE.check(
        "authentication.resources-are-shut",
        "a single resource is shown to nobody without a credential",
    ),
    GROUPS.check("authentication.groups-are-shut", "groups are listed to nobody without a credential").needs(
        &[
            capability::AUTHENTICATION,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::CREATE_GROUP,
        ],
    ),
    SEARCH
        .check(
            "authentication.searches-are-shut",
            "a search by POST is answered to nobody without a credential",
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

fn list(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User")).query("count", "1")
}

/// Makes sure that the list opens to the credential of the run: what is closed to everybody asks for none.
fn list_opens(probe: &Probe) -> Outcome {
    probe.send(list(probe))?.require(success())
}

fn missing_credential_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    shut(&probe.send(list(probe).anonymous())?, rfc7644::BAD_AUTHORIZATION_IS_401)
}

/// Nobody is let in without a good credential. Another refusal than 401 is a small matter; whoever is served all the same no
/// access policy can be about, and that is a failure.
fn shut(reply: &Reply, requirement: ReqId) -> Outcome {
    reply.expect(status(401).under(requirement))?;
    let refused = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, refused).under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

fn challenge_names_a_scheme(probe: &mut Probe) -> Outcome {
    let reply = probe.send(list(probe).anonymous())?;
    reply.require(status(401))?;
    reply
        .expect(header_that("www-authenticate", "an authentication scheme", |value| !value.trim().is_empty()))
}

fn wrong_token_is_401(probe: &mut Probe) -> Outcome {
    list_opens(probe)?;
    shut(&probe.send(wrong(list(probe)))?, rfc7644::BEARER_TOKENS_VALIDATED)
}

fn refused_create_stores_nothing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let create = Request::post(&endpoint).json(&body).anonymous();
    shut(&probe.send(create)?, rfc7644::BAD_AUTHORIZATION_IS_401)?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success())
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
struct Door {
    /// Asked for about somebody of the run.
    request: fn(&Probe, &Given) -> Request,
    writes: bool,
    under: &'static [ReqId],
}

const SHOWN: &[ReqId] = &[rfc7644::BAD_AUTHORIZATION_IS_401, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY];
const WRITTEN: &[ReqId] = &[
    rfc7644::BAD_AUTHORIZATION_IS_401,
    rfc7644::BEARER_TOKENS_VALIDATED,
    rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY,
];

const fn shown(request: fn(&Probe, &Given) -> Request) -> Door {
    Door { request, writes: false, under: SHOWN }
}

const RESOURCE: &Door = &shown(|_, person| Request::get(person.path()));
const GROUPS: &Door = &shown(|probe, _| Request::get(probe.service().endpoint("Group")).query("count", "1"));
const SEARCH: &Door = &shown(|probe, _| {
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "count": 1 });
    Request::post(format!("{}/.search", probe.service().endpoint("User"))).json(&search)
});
const PUT: &Door = &Door {
    request: |_, person| Request::put(person.path()).json(&person.sent),
    writes: true,
    under: WRITTEN,
};
const PATCH: &Door = &Door {
    request: |probe, person| {
        let path = kept::plain_text(probe).unwrap_or("name.givenName");
        let operations = json!([{ "op": "replace", "path": path, "value": "Changed" }]);
        Request::patch(person.path()).json(&json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
    },
    writes: true,
    under: WRITTEN,
};
const DELETE: &Door =
    &Door { request: |_, person| Request::delete(person.path()), writes: true, under: WRITTEN };

impl Door {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(PEOPLE)
    }
}

impl Procedure for Door {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (person, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
        // What is shut to the credential of the run says nothing of others.
        probe.send((self.request)(probe, &other))?.require(success())?;
        let before = probe.get(person.path())?;
        before.require(success())?;
        let request = (self.request)(probe, &person);
        shut(&probe.send(request.clone().anonymous())?, rfc7644::BAD_AUTHORIZATION_IS_401)?;
        if !self.writes {
            return Ok(());
        }
        shut(&probe.send(wrong(request))?, rfc7644::BEARER_TOKENS_VALIDATED)?;
        let stored = probe.get(person.path())?;
        stored.expect(success())?;
        stored.expect(same_as(before.json()?, "before the refusals"))
    }
}
