//! Where the application is provisioned, and how it shows what it takes.

use client::Request;
use harness::expect::{equals, error_body, pointer_that, status, success, text};
use harness::{Check, Expectation, Outcome, Probe, capability, minimal_user, sound};
use protocol::{endpoint, urn};
use record::Secret;
use serde_json::Value;

use super::{CREATES, EXTENSION};
use crate::applications::{lives_below, refuses_groups};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.lives-below-api-scim20", &lives_below_api_scim20)
        .title("resources live below /api/scim20")
        .verifies(&[rules::B_01])
        .needs(CREATES),
    Check::active("bonusly.has-no-groups", &has_no_groups)
        .title("/Groups is 404 with a SCIM error")
        .verifies(&[rules::B_01])
        .reads_only(),
    Check::active("bonusly.takes-no-groups", &takes_no_groups)
        .title("a POST to /Groups is 404 with a SCIM error")
        .verifies(&[rules::B_01])
        .needs(CREATES),
    Check::active("bonusly.lists-no-group-type", &lists_no_group_type)
        .title("/ResourceTypes does not list groups")
        .verifies(&[rules::B_01])
        .reads_only(),
    Check::active("bonusly.describes-no-groups", &describes_no_groups)
        .title("/Schemas does not describe groups")
        .verifies(&[rules::B_01])
        .reads_only(),
    Check::active("bonusly.answers-discovery", &answers_discovery)
        .title("/ServiceProviderConfig, /ResourceTypes and /Schemas answer")
        .verifies(&[rules::B_02])
        .reads_only(),
    Check::active("bonusly.describes-core-attributes", &describes_core_attributes)
        .title("/Schemas carries the core attributes that are kept")
        .verifies(&[rules::B_02])
        .reads_only(),
    Check::active("bonusly.describes-the-extension", &describes_the_extension)
        .title("/Schemas carries the extension with all its attributes")
        .verifies(&[rules::B_02])
        .reads_only(),
    Check::active("bonusly.connection-test-succeeds", &connection_test_succeeds)
        .title("a search for a user who is not there answers 200 with nobody")
        .verifies(&[rules::B_05])
        .needs(&[capability::FILTER_USER])
        .reads_only(),
    Check::active("bonusly.wrong-token-is-a-clear-401", &wrong_token_is_a_clear_401)
        .title("a wrong token gets 401 with a SCIM error that says what is wrong")
        .verifies(&[rules::B_05])
        .needs(&[capability::AUTHENTICATION, capability::LIST_USERS])
        .reads_only(),
];
const _: () = sound(CHECKS);

/// The core attributes that the application keeps and that a schema lists.
const CORE: &[&str] = &[
    "userName",
    "active",
    "name.givenName",
    "name.familyName",
    "emails.value",
    "emails.type",
    "addresses.country",
    "addresses.type",
    "title",
    "userType",
    "locale",
];

/// The attributes of the extension.
const OF_EXTENSION: &[&str] = &[
    "employeeNumber",
    "costCenter",
    "businessUnit",
    "department",
    "managerEmail",
    "location",
    "hiredOn",
    "dateOfBirth",
    "userMode",
];

fn lives_below_api_scim20(probe: &mut Probe) -> Outcome {
    lives_below(probe, "/api/scim20")
}

fn has_no_groups(probe: &mut Probe) -> Outcome {
    let reply = probe.get(endpoint::GROUPS)?;
    reply.expect(status(404))?;
    reply.expect(error_body())
}

fn takes_no_groups(probe: &mut Probe) -> Outcome {
    refuses_groups(probe)
}

fn lists_no_group_type(probe: &mut Probe) -> Outcome {
    let types = probe.get(endpoint::RESOURCE_TYPES)?;
    types.require(status(200))?;
    types.expect(names_none("schema", urn::GROUP))
}

fn describes_no_groups(probe: &mut Probe) -> Outcome {
    let schemas = probe.get(endpoint::SCHEMAS)?;
    schemas.require(status(200))?;
    schemas.expect(names_none("id", urn::GROUP))
}

/// No resource has this URI under a name.
fn names_none(name: &'static str, uri: &'static str) -> Expectation {
    pointer_that("/Resources", format!("nothing whose {name} is {uri}"), move |listed| {
        listed
            .as_array()
            .is_some_and(|listed| listed.iter().all(|found| found.get(name) != Some(&uri.into())))
    })
}

fn answers_discovery(probe: &mut Probe) -> Outcome {
    for path in [endpoint::SERVICE_PROVIDER_CONFIG, endpoint::RESOURCE_TYPES, endpoint::SCHEMAS] {
        probe.get(path)?.expect(status(200))?;
    }
    Ok(())
}

fn describes_core_attributes(probe: &mut Probe) -> Outcome {
    describes(probe, urn::USER, CORE)
}

fn describes_the_extension(probe: &mut Probe) -> Outcome {
    describes(probe, EXTENSION, OF_EXTENSION)
}

fn describes(probe: &Probe, uri: &'static str, paths: &'static [&'static str]) -> Outcome {
    let schemas = probe.get(endpoint::SCHEMAS)?;
    schemas.require(status(200))?;
    for path in paths {
        schemas.expect(pointer_that("/Resources", format!("{uri} with {path}"), move |listed| {
            let schema =
                listed.as_array().into_iter().flatten().find(|schema| schema.get("id") == Some(&uri.into()));
            schema.is_some_and(|schema| has_attribute(schema, "attributes", path))
        }))?;
    }
    Ok(())
}

fn has_attribute(described: &Value, list: &str, path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let listed = described.get(list).and_then(Value::as_array).into_iter().flatten();
    let mut named = listed.filter(|attribute| attribute.get("name") == Some(&name.into()));
    named.any(|attribute| rest.is_none_or(|rest| has_attribute(attribute, "subAttributes", rest)))
}

fn connection_test_succeeds(probe: &mut Probe) -> Outcome {
    let nobody = probe.fill(&minimal_user());
    let name = nobody.get("userName").and_then(Value::as_str).unwrap_or_default();
    let list = Request::get(probe.service().endpoint("User"));
    let reply = probe.send(list.query("filter", &format!("userName eq \"{name}\"")))?;
    reply.expect(status(200))?;
    reply.expect(equals("/totalResults", 0))
}

fn wrong_token_is_a_clear_401(probe: &mut Probe) -> Outcome {
    let list = Request::get(probe.service().endpoint("User")).query("count", "1");
    probe.send(list.clone())?.require(success())?;
    let reply = probe.send(list.bearer(Secret::new("scimproof-wrong-token".to_owned())))?;
    reply.expect(status(401))?;
    reply.expect(error_body())?;
    reply.expect(text("/detail"))
}
