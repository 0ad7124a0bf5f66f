//! RFC 7644 §2: authentication.

use client::Request;
use harness::expect::{header_that, same_as, status, success};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::urn;
use record::Secret;
use serde_json::json;

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
    Check::active("authentication.every-door-is-shut", &every_door_is_shut)
        .title("single resources, groups and searches are shown to nobody without a credential")
        .verifies(&[rfc7644::BAD_AUTHORIZATION_IS_401])
        .needs(&[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER]),
    Check::active("authentication.refused-writes-change-nothing", &refused_writes_change_nothing)
        .title(
            "PUT, PATCH and DELETE without a credential, or with a wrong one, are refused and change nothing",
        )
        .verifies(&[rfc7644::BAD_AUTHORIZATION_IS_401, rfc7644::BEARER_TOKENS_VALIDATED])
        .needs(&[capability::AUTHENTICATION, capability::CREATE_USER, capability::READ_USER]),
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
    probe.send(wrong(list(probe)))?.expect(status(401))
}

fn refused_create_stores_nothing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    probe.send(Request::post(&endpoint).json(&body).anonymous())?.expect(status(401))?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success())
}

fn wrong(request: Request) -> Request {
    request.bearer(Secret::new("scimproof-wrong-token".to_owned()))
}

/// Only doors that open to the credential of the run are tried: what is not there need not be shut.
fn every_door_is_shut(probe: &mut Probe) -> Outcome {
    let person = probe.given(minimal_user())?;
    probe.get(person.path())?.require(success())?;
    let [users, groups] = ["User", "Group"].map(|kind| probe.service().endpoint(kind));
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "count": 1 });
    let doors = [
        Request::get(person.path()),
        Request::get(groups).query("count", "1"),
        Request::post(format!("{users}/.search")).json(&search),
    ];
    for door in doors {
        if probe.send(door.clone())?.succeeded() {
            probe.send(door.anonymous())?.expect(status(401))?;
        }
    }
    Ok(())
}

fn refused_writes_change_nothing(probe: &mut Probe) -> Outcome {
    let (person, other) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let operations = json!([{ "op": "replace", "path": "userName", "value": person.body.get("userName") }]);
    let writes = |path: &str| {
        [
            Request::put(path).json(&person.sent),
            Request::patch(path).json(&json!({ "schemas": [urn::PATCH_OP], "Operations": operations })),
            Request::delete(path),
        ]
    };
    let [put, patch, _] = writes(person.path());
    let opens = [
        probe.send(put)?.succeeded(),
        probe.send(patch)?.succeeded(),
        probe.send(Request::delete(other.path()))?.succeeded(),
    ];
    let before = probe.get(person.path())?;
    before.require(success())?;
    for (write, _) in writes(person.path()).into_iter().zip(opens).filter(|(_, opens)| *opens) {
        probe
            .send(write.clone().anonymous())?
            .expect(status(401).under(rfc7644::BAD_AUTHORIZATION_IS_401))?;
        probe.send(wrong(write))?.expect(status(401).under(rfc7644::BEARER_TOKENS_VALIDATED))?;
    }
    let stored = probe.get(person.path())?;
    stored.expect(success())?;
    stored.expect(same_as(before.json()?, "before the refusals"))
}
