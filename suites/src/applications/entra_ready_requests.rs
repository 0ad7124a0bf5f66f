//! What the provisioning service of Microsoft Entra reads before it provisions, and how it puts its requests.

use client::Request;
use harness::expect::{array_of_objects, equals, lists_exactly, pointer_that, status, status_among, success};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use crate::applications::{search, shown};
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("entra-ready.schemas-are-complete", &schemas_are_complete)
        .title("/Schemas describes every schema that a resource type names, with its attributes")
        .verifies(&[rules::E_07])
        .reads_only(),
    Check::active("entra-ready.charset-is-taken", &charset_is_taken)
        .title("a media type with a charset is taken")
        .verifies(&[rules::E_12])
        .needs(&[capability::CREATE_USER]),
    Check::active("entra-ready.charset-is-taken-on-patch", &charset_is_taken_on_patch)
        .title("a PATCH whose media type has a charset is taken")
        .verifies(&[rules::E_12])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.plus-is-a-space", &plus_is_a_space)
        .title("in a query, `+` stands for a space")
        .verifies(&[rules::E_12])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
    Check::active("entra-ready.headers-can-be-missing", &headers_can_be_missing)
        .title("requests without User-Agent and Accept are answered as any others")
        .verifies(&[rules::E_12])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER, capability::MODIFY_USER]),
];
const _: () = sound(CHECKS);

fn schemas_are_complete(probe: &mut Probe) -> Outcome {
    let schemas = probe.get("/Schemas")?;
    schemas.expect(status(200))?;
    schemas.expect(array_of_objects("/Resources"))?;
    let mut wanted = vec![urn::USER.to_owned()];
    let types = probe.get("/ResourceTypes")?;
    for resource_type in types.at("/Resources").and_then(Value::as_array).into_iter().flatten() {
        wanted.extend(resource_type.get("schema").and_then(Value::as_str).map(str::to_owned));
        let extensions =
            resource_type.get("schemaExtensions").and_then(Value::as_array).into_iter().flatten();
        wanted
            .extend(extensions.filter_map(|extension| extension.get("schema")?.as_str().map(str::to_owned)));
    }
    for uri in wanted {
        let words = format!("{uri} with at least one attribute, each with a name and a type");
        schemas.expect(pointer_that("/Resources", words, move |listed| {
            let mut listed = listed.as_array().into_iter().flatten();
            let schema = listed.find(|schema| schema.get("id").and_then(Value::as_str) == Some(&uri));
            let attributes = schema.and_then(|schema| schema.get("attributes")?.as_array());
            let described =
                |attribute: &Value| attribute.get("name").is_some() && attribute.get("type").is_some();
            attributes.is_some_and(|attributes| !attributes.is_empty() && attributes.iter().all(described))
        }))?;
    }
    Ok(())
}

const WITH_CHARSET: &str = "application/scim+json; charset=utf-8";

fn charset_is_taken_on_patch(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for (name, media_type) in [("Ada", "application/scim+json"), ("Zoë", WITH_CHARSET)] {
        let operation = json!({ "op": "add", "path": "name.givenName", "value": name });
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
        let patched = probe.send(Request::patch(user.path()).body(media_type, body.to_string()))?;
        let taken = status_among(&[200, 204]);
        // Who refuses it without the charset refuses it for another reason.
        if media_type == WITH_CHARSET { patched.expect(taken)? } else { patched.require(taken)? }
    }
    shown(probe, user.path())?.expect(equals("/name/givenName", "Zoë"))
}

fn charset_is_taken(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let created = probe.send(Request::post(&endpoint).body(WITH_CHARSET, body.to_string().into_bytes()))?;
    created.expect(status_among(&[200, 201]))?;
    created.expect(equals("/userName", body.get("userName").cloned().unwrap_or_default()))
}

fn plus_is_a_space(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let endpoint = probe.service().endpoint("User");
    let address = format!("{endpoint}?filter=userName+eq+%22{}%22", user.name);
    let found = probe.get(&address)?;
    if !found.succeeded() {
        // Written the other way, the same search has to be answered.
        search(probe, &endpoint, &format!("userName eq \"{}\"", user.name))?.require(success())?;
    }
    found.expect(status(200))?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))
}

fn headers_can_be_missing(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    let bare = |request: Request| request.without("user-agent").without("accept");
    // Each first with the headers: who refuses that refuses it for another reason.
    let user = probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let created = probe.send(bare(Request::post(&endpoint).json(&body)))?;
    created.expect(status_among(&[200, 201]))?;
    let on = json!({
        "schemas": [urn::PATCH_OP], "Operations": [{ "op": "replace", "path": "active", "value": true }],
    });
    let patch = Request::patch(user.path()).json(&on);
    probe.send(patch.clone())?.require(success())?;
    probe.send(bare(patch))?.expect(status_among(&[200, 204]))?;
    let filter = format!("userName eq \"{}\"", user.name);
    let query = Request::get(&endpoint).query("filter", &filter);
    probe.send(query.clone())?.require(success())?;
    let found = probe.send(bare(query))?;
    found.expect(status(200))?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    found.expect(equals("/Resources/0/active", true))
}
