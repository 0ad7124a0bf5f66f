//! What a create makes of the body it is given.

use std::sync::Arc;

use client::Request;
use harness::expect::{
    boolean, differs, equals, no_member_named, pointer_that, present, scim_type_among, status, success, text,
    unset,
};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use super::{create, labelled, read_back, refused, with_a_twin};
use crate::kept;
use crate::parts::Parts;
use crate::projection::plainly;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.ignores-client-id", &ignores_client_id)
        .title("an id in the body is ignored: the server alone issues ids")
        .verifies(&[rfc7643::ID_NEVER_CLIENT_SET])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.ignores-client-meta", &ignores_client_meta)
        .title("meta in the body is ignored: the server alone sets it, and the id")
        .verifies(&[
            rfc7643::CLIENT_META_IGNORED,
            rfc7644::CREATE_IGNORES_READONLY,
            rfc7643::SERVER_ASSIGNS_ID_AND_META,
        ])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.needs-a-username", &needs_a_username)
        .title("a user without userName is refused with 400 invalidValue")
        .verifies(&[rfc7643::USERNAME_IS_REQUIRED, rfc7644::INVALIDVALUE_MARKS_UNFIT_VALUE])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.username-is-not-empty", &username_is_not_empty)
        .title("a user with an empty userName is refused, or given another one")
        .verifies(&[rfc7643::USER_HAS_NONEMPTY_USERNAME])
        .needs(&[capability::CREATE_USER, capability::READ_USER])
        // Where a user without a name gets the empty one, nobody else may be it meanwhile.
        .alone(),
    Check::active("create.refuses-wrong-types", &refuses_wrong_types)
        .title("a value of the wrong JSON type is refused")
        .verifies(&[rfc7643::TYPES_HAVE_FIXED_JSON_FORM])
        .needs(&[capability::CREATE_USER]),
    Check::active("create.names-ignore-case", &names_ignore_case)
        .title("attribute names in the body are matched without regard to letter case")
        .verifies(&[rfc7643::ATTRIBUTE_NAMES_IGNORE_CASE])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.null-means-unset", &null_means_unset)
        .title("null and the empty array leave an attribute unset")
        .verifies(&[rfc7643::NULL_OR_EMPTY_ARRAY_CLEARS, rfc7643::UNSET_NULL_EMPTY_EQUIVALENT])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.keeps-active", &keeps_active)
        .title("active round-trips as a JSON boolean, false included")
        .verifies(&[rfc7643::BOOLEAN_ONLY_TRUE_OR_FALSE, rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.hides-the-password", &hides_the_password)
        .title("a password is accepted and shown neither in the answer nor in a later read")
        .verifies(&[rfc7643::WRITEONLY_NEVER_RETURNED, rfc7643::RETURNED_NEVER_EXCLUDED])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
];
const _: () = sound(CHECKS);

fn ignores_client_id(probe: &mut Probe) -> Outcome {
    let forged = "00000000-0000-4000-8000-00000000f00d";
    let (_, reply) = create(probe, minimal_user().with("id", forged))?;
    if !reply.succeeded() {
        // Refusing the forged id keeps the claim too.
        return reply.expect(status(400));
    }
    reply.expect(pointer_that("/id", "an id that the server chose", move |id| id != forged))
}

fn ignores_client_meta(probe: &mut Probe) -> Outcome {
    // At noon of a day, which any offset leaves the same day.
    let forged = "1999-07-15T12:00:00Z";
    let address = "https://forged.example/Users/1";
    let meta =
        json!({ "created": forged, "lastModified": forged, "resourceType": "Forged", "location": address });
    let (_, reply) = create(probe, minimal_user().with("meta", meta))?;
    reply.require(success())?;
    reply.expect(differs("/meta/resourceType", "Forged"))?;
    reply.expect(differs("/meta/created", forged).under(rfc7644::CREATE_IGNORES_READONLY))?;
    let stored = read_back(probe, &reply)?;
    stored.expect(present("/id").under(rfc7643::SERVER_ASSIGNS_ID_AND_META))?;
    let own = pointer_that("/meta", "nothing of what was sent", |meta| {
        let sent = |value: &Value| {
            value.as_str().is_some_and(|text| text.contains("1999-07-15") || text.contains("forged"))
        };
        meta.as_object().is_some_and(|meta| !meta.values().any(sent))
    });
    stored.expect(own.under(rfc7643::SERVER_ASSIGNS_ID_AND_META))
}

fn needs_a_username(probe: &mut Probe) -> Outcome {
    let mut body = labelled(probe)?;
    body.as_object_mut().and_then(|body| body.remove("userName"));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.expect(status(400))?;
    let keywords = scim_type_among(&[ScimType::InvalidValue]);
    reply.expect(keywords.under(rfc7644::INVALIDVALUE_MARKS_UNFIT_VALUE))
}

fn username_is_not_empty(probe: &mut Probe) -> Outcome {
    let body = kept::edited(&labelled(probe)?, json!({ "userName": "" }));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    // A server may make up a name where it is given none.
    if reply.succeeded() {
        read_back(probe, &reply)?.expect(text("/userName"))
    } else {
        reply.expect(refused())
    }
}

fn refuses_wrong_types(probe: &mut Probe) -> Outcome {
    let name = probe.fill(&minimal_user()).get("userName").and_then(Value::as_str).map(str::to_owned);
    let address = probe.service().address(&name.unwrap_or_default());
    let misfits = [
        ("displayName", json!("Ada"), json!(5)),
        ("name", json!({ "givenName": "Ada" }), json!("Ada")),
        ("emails", json!([{ "value": address, "type": "work" }]), json!(probe.service().address("ada"))),
    ];
    // What a target does not have it may ignore, whatever its form.
    let published = Arc::clone(&probe.service().published);
    for (attribute, fit, misfit) in
        misfits.into_iter().filter(|(name, ..)| published.can_be_written(name) && !published.binds(name))
    {
        let body = with_a_twin(probe, minimal_user().with(attribute, fit).as_offered(&published))?;
        let body = kept::edited(&body, json!({ attribute: misfit }));
        probe.post(&probe.service().endpoint("User"), &body)?.expect(status(400))?;
    }
    Ok(())
}

fn names_ignore_case(probe: &mut Probe) -> Outcome {
    let (_, plain) = kept::with_text(probe, minimal_user())?;
    let mut body = plain.within(&with_a_twin(probe, minimal_user())?, "Ada");
    plain.path.split('.').try_fold(&mut body, |held, name| {
        let held = held.as_object_mut()?;
        let value = held.remove(name)?;
        Some(held.entry(name.to_uppercase()).or_insert(value))
    });
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.expect(success())?;
    let shown = equals(&plain.pointer(), "Ada");
    if reply.succeeded() { read_back(probe, &reply)?.expect(shown) } else { Ok(()) }
}

fn null_means_unset(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, &["displayName"]);
    let path = parts.path("displayName");
    kept::writable(probe, &[path])?;
    kept::removable(probe, &[path])?;
    let empty = minimal_user().with("displayName", Value::Null).with("phoneNumbers", json!([]));
    let without = kept::shown(probe, probe.given(minimal_user())?.path())?;
    let reply = probe.post(&probe.service().endpoint("User"), &probe.fill(&parts.cast(empty)))?;
    reply.expect(success())?;
    if !reply.succeeded() {
        return Ok(());
    }
    let stored = read_back(probe, &reply)?;
    for pointer in [parts.pointer("displayName"), "/phoneNumbers".to_owned()] {
        // Who is sent nothing may choose something.
        if without.at(&pointer).is_none_or(|shown| shown.is_null() || *shown == json!([])) {
            stored.expect(unset(&pointer).under(rfc7643::UNSET_NULL_EMPTY_EQUIVALENT))?;
        }
        stored.expect(unset(&pointer))?;
    }
    Ok(())
}

fn keeps_active(probe: &mut Probe) -> Outcome {
    let (_, reply) = create(probe, minimal_user().with("active", false))?;
    reply.require(success())?;
    let stored = read_back(probe, &reply)?;
    stored.expect(boolean("/active"))?;
    stored.expect(equals("/active", false).under(rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED))
}

fn hides_the_password(probe: &mut Probe) -> Outcome {
    let password = probe.password();
    let (_, reply) = create(probe, minimal_user().with("password", password))?;
    if reply.status() == 400 {
        return Err(Stop::NotSupported("a password on create".to_owned()));
    }
    reply.require(success())?;
    reply.expect(no_member_named("password"))?;
    read_back(probe, &reply)?.expect(no_member_named("password"))?;
    let path = probe.service().place_of("User", &reply)?;
    let asked = probe.send(Request::get(&path).query("attributes", "password,userName"))?;
    if !asked.succeeded() {
        // A refusal hides it too, unless whatever is asked for is refused.
        plainly(probe, &path, "attributes")?;
        asked.note(&format!("a read that asks for the password by name is refused with {}", asked.status()));
    }
    asked.expect(no_member_named("password").under(rfc7643::RETURNED_NEVER_EXCLUDED))
}
