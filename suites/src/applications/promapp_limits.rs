//! How far PUT and PATCH go at Promapp: what neither of them may change, or leave behind.

use harness::expect::{equals, error_body, pointer_that, same_as, scim_type, status, success};
use harness::{Capability, Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use crate::applications::{modify, replace, shown};
use crate::kept;
use crate::requirements::promapp as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("promapp.patch-leaves-an-address", &patch_leaves_an_address)
        .title("a PATCH that takes the address of the work e-mail away is refused and changes nothing")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
    Check::active("promapp.patch-cannot-change-the-type", &patch_cannot_change_the_type)
        .title("a PATCH of the type of the work e-mail is refused with mutability")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
    Check::active("promapp.patched-email-keeps-its-type", &patched_email_keeps_its_type)
        .title("a PATCH of the work e-mail that names its address alone leaves its type, or is refused with mutability")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
    Check::active("promapp.put-cannot-switch-off", &put_cannot_switch_off)
        .title("a PUT leaves active as it is")
        .verifies(&[rules::P_04])
        .needs(PUTS),
    Check::active("promapp.put-leaves-the-external-id", &put_leaves_the_external_id)
        .title("a PUT leaves externalId as it is")
        .verifies(&[rules::P_04])
        .needs(PUTS),
];
const _: () = sound(CHECKS);

const PATCHES: &[Capability] = &[capability::CREATE_USER, capability::MODIFY_USER];
const PUTS: &[Capability] = &[capability::CREATE_USER, capability::REPLACE_USER];

/// Somebody with a work e-mail, and what a read shows.
fn somebody(probe: &Probe) -> Result<(Given, Value), Stop> {
    let user = probe.given(minimal_user())?;
    let read = shown(probe, user.path())?;
    read.require(pointer_that("/emails", "a work e-mail", |emails| {
        let mut emails = emails.as_array().into_iter().flatten();
        emails.any(|email| email.get("type") == Some(&json!("work")))
    }))?;
    Ok((user, read.json()?.clone()))
}

/// Makes sure that a PATCH may change a value of the work e-mail at all.
fn selects(probe: &Probe) -> Outcome {
    let (user, before) = somebody(probe)?;
    let address = before.pointer("/emails/0/value");
    let operation = json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": address });
    modify(probe, user.path(), json!([operation]))?.require(success())
}

fn patch_leaves_an_address(probe: &mut Probe) -> Outcome {
    selects(probe)?;
    let (user, before) = somebody(probe)?;
    for operation in [
        json!({ "op": "remove", "path": "emails[type eq \"work\"].value" }),
        json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "" }),
    ] {
        modify(probe, user.path(), json!([operation]))?.expect(status(400))?;
        shown(probe, user.path())?.expect(same_as(&before, "before the refusal"))?;
    }
    Ok(())
}

fn patch_cannot_change_the_type(probe: &mut Probe) -> Outcome {
    selects(probe)?;
    let (user, before) = somebody(probe)?;
    let operation = json!([{ "op": "replace", "path": "emails[type eq \"work\"].type", "value": "home" }]);
    let refused = modify(probe, user.path(), operation)?;
    refused.expect(status(400))?;
    refused.expect(scim_type(ScimType::Mutability))?;
    shown(probe, user.path())?.expect(same_as(&before, "before the refusal"))
}

fn patched_email_keeps_its_type(probe: &mut Probe) -> Outcome {
    selects(probe)?;
    let (user, before) = somebody(probe)?;
    let moved = json!(kept::address(probe, "moved"));
    let operation =
        json!({ "op": "replace", "path": "emails[type eq \"work\"]", "value": { "value": moved } });
    let reply = modify(probe, user.path(), json!([operation]))?;
    let read = shown(probe, user.path())?;
    if !reply.succeeded() {
        reply.note("a PATCH of the whole e-mail is refused");
        reply.expect(status(400))?;
        reply.expect(scim_type(ScimType::Mutability))?;
        return read.expect(same_as(&before, "before the refusal"));
    }
    let mut emails = before.get("emails").cloned().unwrap_or_default();
    for email in emails.as_array_mut().into_iter().flatten() {
        if email.get("type") == Some(&json!("work"))
            && let Some(value) = email.get_mut("value")
        {
            *value = moved.clone();
        }
    }
    read.expect(equals("/emails", emails))
}

fn put_cannot_switch_off(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user().with("active", true))?;
    stays(probe, &user, "active", &json!(false))
}

fn put_leaves_the_external_id(probe: &mut Probe) -> Outcome {
    let link = probe.fill(&minimal_user()).get("userName").cloned().unwrap_or_default();
    let user = probe.given(minimal_user().with("externalId", link.clone()))?.keeps(&["externalId"])?;
    stays(probe, &user, "externalId", &json!(format!("{}-b", link.as_str().unwrap_or_default())))
}

/// Holds where a PUT of another value is ignored or refused, and the name that it carries is taken in the first case.
fn stays(probe: &Probe, user: &Given, attribute: &str, other: &Value) -> Outcome {
    let before = shown(probe, user.path())?;
    let held = before.at(&format!("/{attribute}")).cloned().unwrap_or_default();
    let name = json!({ "givenName": "Ada", "familyName": "Holm" });
    let body = kept::edited(&user.sent, json!({ attribute: other, "name": name }));
    let reply = replace(probe, user, &body)?;
    let read = shown(probe, user.path())?;
    read.expect(equals(&format!("/{attribute}"), held))?;
    if reply.status() == 400 {
        reply.note("a PUT with another value is refused");
        return reply.expect(error_body());
    }
    reply.expect(success())?;
    read.expect(equals("/name/familyName", "Holm"))
}
