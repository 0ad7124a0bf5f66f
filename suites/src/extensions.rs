//! RFC 7643 §3.3 and §6: extensions stand where they belong, and required ones are there.

use harness::expect::{equals, holds, pointer_that, status, success};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::{endpoint, urn};
use record::At;
use serde_json::{Value, json};

use crate::create::refused;
use crate::requirements::rfc7643;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.needs-required-extensions", &needs_required_extensions)
        .title("a user has every extension that its resource type requires, and is refused without")
        .verifies(&[rfc7643::REQUIRED_EXTENSION_ALWAYS_PRESENT])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("read.extensions-stand-under-their-uri", &stand_under_their_uri)
        .title("attributes of the Enterprise extension stand under its URI and not beside it")
        .verifies(&[rfc7643::EXTENSION_URI_IS_JSON_CONTAINER, rfc7643::EXTENSION_ATTRIBUTES_UNDER_URI])
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::ENTERPRISE_USER]),
    Check::active("read.schemas-can-be-fetched", &schemas_can_be_fetched)
        .title("every schema that a user names can be fetched by its URI")
        .verifies(&[rfc7643::SCHEMAS_URI_HAS_SCHEMA_RESOURCE])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("read.case-is-preserved", &case_is_preserved)
        .title("an externalId comes back in the letter case in which it was sent")
        .verifies(&[rfc7643::CASEEXACT_CASE_PRESERVED])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("read.type-is-published", &type_is_published)
        .title("the resource type that a user names is published under that name")
        .verifies(&[rfc7643::RESOURCETYPE_NAME_USED_IN_META])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
];
const _: () = sound(CHECKS);

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/// What the target says of the type of users.
fn user_type(probe: &Probe) -> Result<Value, Stop> {
    let types = probe.document(endpoint::RESOURCE_TYPES)?;
    let listed = types.at("/Resources").and_then(Value::as_array).into_iter().flatten();
    let mut users = listed.filter(|kind| kind.get("name") == Some(&json!("User")));
    users.next().cloned().ok_or_else(|| Stop::NotSupported("published resource types".to_owned()))
}

/// The URIs of the extensions that every user has to have.
fn required(kind: &Value) -> Vec<String> {
    let extensions = kind.get("schemaExtensions").and_then(Value::as_array).into_iter().flatten();
    let required = extensions.filter(|extension| extension.get("required") == Some(&Value::Bool(true)));
    required.filter_map(|extension| extension.get("schema")?.as_str().map(str::to_owned)).collect()
}

fn needs_required_extensions(probe: &mut Probe) -> Outcome {
    let required = required(&user_type(probe)?);
    let user = probe.given(minimal_user())?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    let has = |uri: &str| stored.at("").is_some_and(|user| user.get(uri).is_some_and(Value::is_object));
    let missing = required.iter().filter(|uri| !has(uri));
    let missing = missing.map(|uri| (places::child("", uri), format!("no {uri}")));
    stored.expect(holds("every required extension", At::Body, places::unless(missing.collect())))?;
    for uri in &required {
        probe.post(&probe.service().endpoint("User"), &without(probe, uri))?.expect(refused())?;
    }
    Ok(())
}

/// The body of a user like the one before it, without an extension.
fn without(probe: &Probe, uri: &str) -> Value {
    let mut body = probe.fill(&minimal_user());
    if let Some(body) = body.as_object_mut() {
        body.remove(uri);
        if let Some(Value::Array(schemas)) = body.get_mut("schemas") {
            schemas.retain(|known| known != uri);
        }
    }
    body
}

fn given(probe: &Probe) -> Result<Given, Stop> {
    kept::writable(probe, &[DEPARTMENT])?;
    let user = minimal_user().with(urn::ENTERPRISE_USER, json!({ "department": "Engines" }));
    let user = probe.given(user)?;
    kept::kept(probe, &user, &[DEPARTMENT])?;
    Ok(user)
}

fn stand_under_their_uri(probe: &mut Probe) -> Outcome {
    let user = given(probe)?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    let published = &probe.service().published;
    // A server may have an attribute of that name among its own.
    let stray = |shown: &Value| shown.get("department").is_some() && !published.contains("department");
    let outcome = match stored.at("").is_some_and(stray) {
        true => Err("department at the top".to_owned()),
        false => Ok(()),
    };
    let words = "the department under the URI of its schema alone";
    let at = At::Pointer { pointer: "/department".to_owned() };
    stored.expect(holds(words, at.clone(), outcome.clone()))?;
    stored.expect(holds(words, at, outcome).under(rfc7643::EXTENSION_ATTRIBUTES_UNDER_URI))
}

fn schemas_can_be_fetched(probe: &mut Probe) -> Outcome {
    let extended = probe.service().capabilities.contains(&capability::ENTERPRISE_USER);
    let user = match extended && kept::writable(probe, &[DEPARTMENT]).is_ok() {
        true => given(probe)?,
        false => probe.given(minimal_user())?,
    };
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    let uris = stored.at("/schemas").and_then(Value::as_array).cloned().unwrap_or_default();
    for uri in uris.iter().filter_map(Value::as_str) {
        probe.document(&format!("{}/{uri}", endpoint::SCHEMAS))?.expect(status(200))?;
    }
    Ok(())
}

fn case_is_preserved(probe: &mut Probe) -> Outcome {
    let name = probe.fill(&minimal_user());
    let name = name.get("userName").and_then(Value::as_str).unwrap_or_default();
    let sent = format!("AbC-{name}-xYz");
    let user = probe.given(minimal_user().with("externalId", sent.clone()))?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    if stored.at("/externalId").is_none_or(Value::is_null) {
        return Err(Stop::NotSupported("attribute externalId".to_owned()));
    }
    stored.expect(equals("/externalId", sent))
}

fn type_is_published(probe: &mut Probe) -> Outcome {
    let types = probe.document(endpoint::RESOURCE_TYPES)?;
    let listed = types.at("/Resources").and_then(Value::as_array).cloned().unwrap_or_default();
    if listed.is_empty() {
        return Err(Stop::NotSupported("published resource types".to_owned()));
    }
    let user = probe.given(minimal_user())?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    stored.expect(pointer_that("/meta/resourceType", "a published name", move |name| {
        listed.iter().any(|kind| kind.get("name") == Some(name))
    }))
}
