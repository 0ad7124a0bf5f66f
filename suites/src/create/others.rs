//! What a create leaves to others: their resources, and the values that they share.

use std::sync::Arc;

use harness::expect::{differs, same_as, status_among, success};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use super::with_a_twin;
use crate::kept::{self, shown};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.spares-the-owner-of-an-id", &spares_the_owner_of_an_id)
        .title("a create that carries the id of somebody else leaves that user as it was")
        .verifies(&[rfc7643::ID_NEVER_CLIENT_SET, rfc7644::RESPONSES_SHOW_SERVER_STATE])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("create.emails-can-be-shared", &emails_can_be_shared)
        .title("two users can have one e-mail address where the schema asks for no uniqueness")
        .verifies(&[rfc7643::UNIQUENESS_NONE_ASKS_NOTHING])
        .needs(&[capability::CREATE_USER]),
];
const _: () = sound(CHECKS);

/// Harm beats letter: what became of the other user is looked at before the answer.
fn spares_the_owner_of_an_id(probe: &mut Probe) -> Outcome {
    let owner = probe.given(minimal_user())?;
    let before = shown(probe, owner.path())?;
    let body = probe.fill(&minimal_user().with("id", owner.id.as_str()));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    let after = probe.get(owner.path())?;
    after.expect(success().under(rfc7644::RESPONSES_SHOW_SERVER_STATE))?;
    let same = same_as(before.json()?, "before somebody else was created with its id");
    after.expect(same.under(rfc7644::RESPONSES_SHOW_SERVER_STATE))?;
    if !reply.succeeded() {
        reply.note(&format!("an id in the body is refused with {}", reply.status()));
        return reply.expect(status_among(&[400, 403, 409, 422]));
    }
    reply.expect(differs("/id", owner.id))
}

fn emails_can_be_shared(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["emails.value"])?;
    let published = Arc::clone(&probe.service().published);
    if !published.contains("emails.value") || published.unique("emails.value") {
        // A schema that has moved away says nothing; that is no choice of the target's.
        probe.document(&format!("/Schemas/{}", urn::USER))?;
        return Err(Stop::NotSupported(
            "e-mail addresses that the schema lets several users have".to_owned(),
        ));
    }
    let name = probe.fill(&minimal_user()).get("userName").and_then(Value::as_str).map(str::to_owned);
    let address = probe.service().address(&name.unwrap_or_default());
    let template = minimal_user().with("emails", json!([{ "value": address, "type": "work" }]));
    let body = with_a_twin(probe, template)?;
    probe.post(&probe.service().endpoint("User"), &body)?.expect(success())
}
