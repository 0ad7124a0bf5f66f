//! RFC 7644 §3.12: errors.

use client::Request;
use harness::expect::{same_as, scim_type, status, status_among, success};
use harness::{Check, Given, Outcome, Probe, Procedure, Stop, capability, minimal_user, sound};
use protocol::{ScimType, endpoint, media, urn};
use serde_json::json;

use crate::named_versions::NO_VERSION;
use crate::patch::twins::patched;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("errors.unknown-endpoint-is-404", &unknown_endpoint_is_404)
        .title("an endpoint that does not exist answers 404")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .reads_only(),
    Check::active("errors.malformed-json-is-400", &malformed_json_is_400)
        .title("a body that is no JSON is refused with 400 invalidSyntax")
        .verifies(&[rfc7644::MALFORMED_REQUEST_IS_400, rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY])
        .needs(&[capability::CREATE_USER]),
    Check::active("errors.body-must-be-an-object", &body_must_be_an_object)
        .title("a create whose body is an array is refused with 400")
        .verifies(&[rfc7644::MALFORMED_REQUEST_IS_400, rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY])
        .needs(&[capability::CREATE_USER]),
    PUT.check("errors.malformed-put-is-400", "a PUT that is no JSON is refused with 400 and changes nothing")
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER]),
    PATCH
        .check(
            "errors.malformed-patch-is-400",
            "a PATCH that is no JSON is refused with 400 and changes nothing",
        )
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER]),
    Check::active("errors.missing-me-is-501", &missing_me_is_501)
        .title("/Me answers with the subject, or 501 where it is not supported")
        .verifies(&[rfc7644::MISSING_ME_ANSWERS_501])
        .reads_only(),
    Check::active("errors.unsupported-bulk-is-501", &unsupported_bulk_is_501)
        .title("where bulk is not supported, a bulk request answers 501")
        .verifies(&[rfc7644::UNSUPPORTED_OPERATION_IS_501]),
    CONFIG.check(
        "errors.config-is-read-only",
        "the service provider configuration can be neither replaced nor modified",
    ),
    RESOURCE_TYPES
        .check("errors.resource-types-are-read-only", "a resource type can be neither replaced nor modified"),
    SCHEMAS.check("errors.schemas-are-read-only", "a schema can be neither replaced nor modified"),
];
const _: () = sound(CHECKS);

/// An endpoint that no server has.
pub(crate) const NO_ENDPOINT: &str = "/ScimproofKnowsNoSuchEndpoint";

/// Whether no SCIM server need have anything at a path, so that whoever stands before it may answer.
pub(crate) fn is_no_endpoint(path: &str) -> bool {
    path == NO_ENDPOINT || path.starts_with(NO_VERSION)
}

fn unknown_endpoint_is_404(probe: &mut Probe) -> Outcome {
    probe.get(NO_ENDPOINT)?.expect(status(404))
}

fn malformed_json_is_400(probe: &mut Probe) -> Outcome {
    // A target that takes no body at all says nothing of this one.
    probe.given(minimal_user())?;
    let request = Request::post(probe.service().endpoint("User")).body(media::SCIM_JSON, r#"{"userName": "#);
    let reply = probe.send(request)?;
    reply.expect(status(400))?;
    reply.expect(scim_type(ScimType::InvalidSyntax).under(rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY))
}

fn body_must_be_an_object(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let request = Request::post(probe.service().endpoint("User")).body(media::SCIM_JSON, "[]");
    let reply = probe.send(request)?;
    reply.expect(status(400))?;
    reply.expect(scim_type(ScimType::InvalidSyntax).under(rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY))
}

/// A write of somebody that breaks off in the midst of its JSON, and the same write whole.
struct Malformed {
    whole: fn(&Probe, &Given) -> Outcome,
    broken: fn(&Given) -> Request,
}

const PUT: &Malformed = &Malformed {
    whole: |probe, user| probe.put(user.path(), &user.sent)?.require(success()),
    broken: |user| Request::put(user.path()),
};
const PATCH: &Malformed = &Malformed {
    whole: |probe, user| patched(probe, user).map(drop),
    broken: |user| Request::patch(user.path()),
};

impl Malformed {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        let under = &[rfc7644::MALFORMED_REQUEST_IS_400, rfc7644::RESPONSES_SHOW_SERVER_STATE];
        Check::active(id, self).title(title).verifies(under)
    }
}

impl Procedure for Malformed {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let user = probe.given(minimal_user())?;
        (self.whole)(probe, &user)?;
        let before = probe.get(user.path())?;
        before.require(success())?;
        let reply = probe.send((self.broken)(&user).body(media::SCIM_JSON, r#"{"schemas": ["urn:"#))?;
        reply.expect(status(400))?;
        let after = probe.get(user.path())?;
        after.require(success())?;
        let same = same_as(before.json()?, "before the refusal");
        after.expect(same.under(rfc7644::RESPONSES_SHOW_SERVER_STATE))
    }
}

fn missing_me_is_501(probe: &mut Probe) -> Outcome {
    let reply = probe.get(endpoint::ME)?;
    if reply.succeeded() || reply.status() == 308 {
        reply.note("/Me is supported");
        return Ok(());
    }
    reply.expect(status(501))
}

/// The request asks for nothing, so that it does nothing where bulk works unannounced.
fn unsupported_bulk_is_501(probe: &mut Probe) -> Outcome {
    if probe.service().claims("bulk") {
        return Err(Stop::Inapplicable("bulk".to_owned()));
    }
    let reply = probe.post(endpoint::BULK, &json!({ "schemas": [urn::BULK_REQUEST], "Operations": [] }))?;
    if reply.succeeded() {
        reply.note("bulk works although the configuration does not announce it");
        return Ok(());
    }
    reply.expect(status(501))
}

/// A document that describes the server. What is written is what it says anyway, so that a server which wrongly accepts
/// it still says what it said before. For the same reason nothing is deleted or created.
struct Described {
    path: &'static str,
    requirement: &'static [record::ReqId],
}

const CONFIG: &Described =
    &Described { path: endpoint::SERVICE_PROVIDER_CONFIG, requirement: &[rfc7643::SPCONFIG_IS_READONLY] };
const RESOURCE_TYPES: &Described =
    &Described { path: "/ResourceTypes/User", requirement: &[rfc7643::RESOURCETYPE_IS_READONLY] };
const SCHEMAS: &Described = &Described {
    path: "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
    requirement: &[rfc7643::SCHEMA_IS_UNMODIFIABLE],
};

const REFUSALS: &[u16] = &[400, 403, 404, 405, 501];

impl Described {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.requirement)
    }
}

impl Procedure for Described {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let current = probe.get(self.path)?;
        current.require(success())?;
        let body = current.json()?.clone();
        probe.put(self.path, &body)?.expect(status_among(REFUSALS))?;
        let same = json!({ "op": "replace", "value": body });
        let patch = json!({ "schemas": [urn::PATCH_OP], "Operations": [same] });
        probe.patch(self.path, &patch)?.expect(status_among(REFUSALS))
    }
}
