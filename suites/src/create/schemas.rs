//! RFC 7643 §3: what the schemas of a body may be, and what becomes of them.

use harness::expect::{equals, pointer_that, schemas_name, status, success};
use harness::{Check, Expectation, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::{read_back, refused, with_a_twin};
use crate::kept;
use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.needs-schemas", &needs_schemas)
        .title("an empty schemas array is refused, or filled in before the resource is shown")
        .verifies(&[rfc7643::SCHEMAS_LISTS_SUPPORTED_SCHEMAS])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.keeps-no-foreign-schema", &keeps_no_foreign_schema)
        .title("a schema that users do not have is refused, or not kept")
        .verifies(&[rfc7643::SCHEMAS_ONLY_BASE_AND_REGISTERED])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.order-of-schemas-is-free", &order_is_free)
        .title("a create that names the extension before the base schema stores the same")
        .verifies(&[rfc7643::SCHEMAS_ORDER_IRRELEVANT])
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::ENTERPRISE_USER]),
];
const _: () = sound(CHECKS);

/// A schema that no server has.
const NOBODYS: &str = "urn:ietf:params:scim:schemas:extension:scimproof:2.0:Unknown";
const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/// A user names no schema but its base and what the target registers as extensions of users. Nothing where the target does
/// not say what these are.
pub(crate) fn only_registered(probe: &Probe) -> Result<Option<Expectation>, Stop> {
    if !probe.document(endpoint::RESOURCE_TYPES)?.succeeded() {
        return Ok(None);
    }
    let types = probe.service().resource_types.iter().filter(|known| known.name == "User");
    let extensions = types.flat_map(|known| known.extensions.iter().cloned());
    let known: Vec<String> = std::iter::once(urn::USER.to_owned()).chain(extensions).collect();
    let words = format!("no URI beside {}", known.join(", "));
    let only = pointer_that("/schemas", words, move |uris| {
        let is_known = |uri: &str| known.iter().any(|known| known.eq_ignore_ascii_case(uri));
        uris.as_array().into_iter().flatten().filter_map(Value::as_str).all(is_known)
    });
    Ok(Some(only.under(rfc7643::SCHEMAS_ONLY_BASE_AND_REGISTERED)))
}

fn needs_schemas(probe: &mut Probe) -> Outcome {
    let body = kept::edited(&with_a_twin(probe, minimal_user())?, json!({ "schemas": [] }));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    if !reply.succeeded() {
        return reply.expect(status(400));
    }
    // What a client leaves out a server may add; what it then shows is bound all the same.
    reply.note("an empty schemas array is accepted and filled in");
    reply.expect(schemas_name(urn::USER))
}

fn keeps_no_foreign_schema(probe: &mut Probe) -> Outcome {
    for foreign in [NOBODYS, urn::GROUP] {
        let mut body = with_a_twin(probe, minimal_user())?;
        if let Some(Value::Array(uris)) = body.get_mut("schemas") {
            uris.push(json!(foreign));
        }
        let body = kept::edited(&body, json!({ foreign: { "displayName": "Stray" } }));
        let reply = probe.post(&probe.service().endpoint("User"), &body)?;
        if !reply.succeeded() {
            reply.expect(refused())?;
            continue;
        }
        match only_registered(probe)? {
            Some(only) => read_back(probe, &reply)?.expect(only)?,
            None => return Err(Stop::NotSupported("published resource types".to_owned())),
        }
    }
    Ok(())
}

fn order_is_free(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &[DEPARTMENT])?;
    let template = minimal_user().with(urn::ENTERPRISE_USER, json!({ "department": "Engines" }));
    let twin = probe.given(template.clone())?;
    kept::kept(probe, &twin, &[DEPARTMENT])?;
    let mut body = probe.fill(&template);
    if let Some(Value::Array(uris)) = body.get_mut("schemas") {
        uris.reverse();
    }
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.expect(success())?;
    let stored = read_back(probe, &reply)?;
    stored.expect(equals(&format!("/{}/department", urn::ENTERPRISE_USER), "Engines"))?;
    stored.expect(schemas_name(urn::ENTERPRISE_USER))
}
