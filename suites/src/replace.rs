//! RFC 7644 §3.5.1: replacing a resource.

use harness::expect::{
    differs, equals, holds, pointer_that, same_as, scim_type, status, status_among, success, text as a_text,
    unset,
};
use harness::{Capability, Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::ScimType;
use record::At;
use serde_json::{Value, json};

use crate::kept::{self, Plain, edited, shown};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("replace.answers-200", &answers_200)
        .title("a successful PUT answers 200 with the whole resource")
        .verifies(&[rfc7644::PUT_ANSWERS_200_WITH_RESOURCE, rfc7644::PUT_SUPPORT_MANDATORY])
        .needs(REPLACES),
    Check::active("replace.stores-the-new-values", &stores_the_new_values)
        .title("PUT replaces the values it carries, lists included")
        .verifies(&[rfc7644::PUT_REPLACES_WRITABLE_VALUES, rfc7644::PUT_SUPPORT_MANDATORY])
        .needs(REPLACES),
    Check::active("replace.shows-what-is-stored", &shows_what_is_stored)
        .title("the answer to a PUT shows the resource as the server holds it")
        .verifies(&[rfc7644::RESPONSES_SHOW_SERVER_STATE])
        .needs(REPLACES),
    Check::active("replace.never-creates", &never_creates)
        .title("PUT to an unknown id answers 404 and creates nothing")
        .verifies(&[
            rfc7644::REPLACE_NEVER_CREATES,
            rfc7644::UNKNOWN_RESOURCE_IS_404,
            rfc7644::PUT_METHOD_NEVER_CREATES,
        ])
        .needs(REPLACES),
    Check::active("replace.ignores-read-only", &ignores_read_only)
        .title("read-only attributes in a PUT are accepted and ignored")
        .verifies(&[rfc7644::PUT_IGNORES_READONLY])
        .needs(REPLACES),
    Check::active("replace.keeps-the-id", &keeps_the_id)
        .title("PUT keeps the id and meta.created")
        .verifies(&[rfc7643::ID_STABLE_NEVER_REASSIGNED])
        .needs(REPLACES),
    Check::active("replace.needs-the-username", &needs_the_username)
        .title("a PUT without the required userName never leaves a user without one")
        .verifies(&[rfc7644::PUT_HAS_REQUIRED_ATTRIBUTES])
        .needs(REPLACES),
    Check::active("replace.null-clears", &null_clears)
        .title("null and the empty array clear an attribute")
        .verifies(&[rfc7643::NULL_OR_EMPTY_ARRAY_CLEARS])
        .needs(REPLACES),
    Check::active("replace.respects-uniqueness", &respects_uniqueness)
        .title("a PUT onto another user's userName is refused and changes nothing")
        .verifies(&[rfc7643::USERNAME_UNIQUE_IN_SERVICE, rfc7644::UNIQUENESS_MARKS_TAKEN_VALUE])
        .needs(REPLACES),
];
const _: () = sound(CHECKS);

const REPLACES: &[Capability] = &[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER];

/// Somebody with two addresses, and the text that can be changed.
fn given_addressee(probe: &Probe) -> Result<(Given, Plain), Stop> {
    let [work, home] = ["a", "b"].map(|word| kept::address(probe, word));
    let emails = json!([{ "value": work, "type": "work" }, { "value": home, "type": "home" }]);
    let (user, text) = kept::with_text(probe, minimal_user().with("emails", emails))?;
    Ok((user.keeps(&["emails"])?, text))
}

/// A refusal means something where a PUT of what is there anyway is taken.
fn puts(probe: &Probe, user: &Given) -> Outcome {
    probe.put(user.path(), &user.sent)?.require(success())
}

fn answers_200(probe: &mut Probe) -> Outcome {
    let (user, text) = kept::with_text(probe, minimal_user())?;
    let reply = probe.put(user.path(), &text.within(&user.sent, "After"))?;
    reply.expect(status(200))?;
    reply.expect(status_among(&[200, 204]).under(rfc7644::PUT_SUPPORT_MANDATORY))?;
    if reply.succeeded() && reply.status() != 204 {
        reply.expect(equals(&text.pointer(), "After"))?;
        reply.expect(a_text("/userName"))?;
    }
    Ok(())
}

fn stores_the_new_values(probe: &mut Probe) -> Outcome {
    let (user, text) = given_addressee(probe)?;
    let address = kept::address(probe, "c");
    let emails = json!([{ "value": address, "type": "work" }]);
    let reply =
        probe.put(user.path(), &text.within(&edited(&user.sent, json!({ "emails": emails })), "After"))?;
    reply.expect(status_among(&[200, 204]).under(rfc7644::PUT_SUPPORT_MANDATORY))?;
    let stored = shown(probe, user.path())?;
    stored.expect(equals(&text.pointer(), "After"))?;
    stored.expect(pointer_that("/emails", "exactly the one address sent", move |emails| {
        let values = emails.as_array().into_iter().flatten().filter_map(|email| email.get("value")?.as_str());
        values.collect::<Vec<_>>() == [address.as_str()]
    }))
}

fn shows_what_is_stored(probe: &mut Probe) -> Outcome {
    let (user, text) = kept::with_text(probe, minimal_user())?;
    let reply =
        probe.put(user.path(), &text.within(&edited(&user.sent, json!({ "nickName": "Nick" })), "After"))?;
    reply.require(success())?;
    if reply.status() == 204 {
        return Ok(());
    }
    let stored = shown(probe, user.path())?;
    reply.expect(same_as(stored.json()?, "an independent read right after"))
}

fn never_creates(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    let path = format!("{endpoint}/00000000-0000-4000-8000-00000000dead");
    puts(probe, &probe.given(minimal_user())?)?;
    let body = probe.fill(&minimal_user());
    let reply = probe.put(&path, &body)?;
    let refused = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
    reply.expect(holds("a refusal", At::Status, refused))?;
    reply.expect(status(404).under(rfc7644::UNKNOWN_RESOURCE_IS_404))?;
    // Had it been stored all the same, its name would be taken now.
    probe.post(&endpoint, &body)?.expect(success().under(rfc7644::PUT_METHOD_NEVER_CREATES))
}

fn ignores_read_only(probe: &mut Probe) -> Outcome {
    let (user, text) = kept::with_text(probe, minimal_user())?;
    puts(probe, &user)?;
    let id = "00000000-0000-4000-8000-00000000f00d";
    let meta = json!({ "resourceType": "Forged", "created": "1999-12-31T23:59:59Z" });
    let forged = text.within(&edited(&user.body, json!({ "id": id, "meta": meta })), "After");
    let reply = probe.put(user.path(), &forged)?;
    reply.expect(status_among(&[200, 204]))?;
    let stored = shown(probe, user.path())?;
    stored.expect(differs("/meta/resourceType", "Forged"))?;
    stored.expect(differs("/id", id))?;
    stored.expect(equals(&text.pointer(), "After"))
}

fn keeps_the_id(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let before = shown(probe, user.path())?;
    let reply = probe.put(user.path(), &user.sent)?;
    reply.require(success())?;
    if reply.status() == 200 {
        reply.expect(equals("/id", user.id.clone()))?;
    }
    let stored = shown(probe, user.path())?;
    stored.expect(equals("/id", user.id))?;
    let same = |created: &Value| stored.expect(equals("/meta/created", created.clone()));
    before.at("/meta/created").map_or(Ok(()), same)
}

fn needs_the_username(probe: &mut Probe) -> Outcome {
    let (user, text) = kept::with_text(probe, minimal_user())?;
    puts(probe, &user)?;
    let mut body = text.within(&user.sent, "After");
    body.as_object_mut().and_then(|body| body.remove("userName"));
    let reply = probe.put(user.path(), &body)?;
    let stored = shown(probe, user.path())?;
    stored.expect(a_text("/userName"))?;
    if reply.succeeded() {
        reply.note("a PUT without userName is accepted, and the old one is kept");
        return Ok(());
    }
    reply.expect(status(400))?;
    stored.expect(equals(&text.pointer(), "Before"))
}

fn null_clears(probe: &mut Probe) -> Outcome {
    kept::removable(probe, &["emails"])?;
    let (user, text) = given_addressee(probe)?;
    kept::removable(probe, &[text.path])?;
    let emptied = text.within(&edited(&user.sent, json!({ "emails": [] })), Value::Null);
    let reply = probe.put(user.path(), &emptied)?;
    reply.require(success())?;
    let stored = shown(probe, user.path())?;
    stored.expect(unset(&text.pointer()))?;
    stored.expect(unset("/emails"))
}

fn respects_uniqueness(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["userName"])?;
    let (taken, user) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    puts(probe, &user)?;
    let reply =
        probe.put(user.path(), &edited(&user.sent, json!({ "userName": taken.body.get("userName") })))?;
    reply.expect(status_among(&[409, 400]))?;
    reply.note(&format!("a userName that is taken is refused with {}", reply.status()));
    reply.expect(scim_type(ScimType::Uniqueness).under(rfc7644::UNIQUENESS_MARKS_TAKEN_VALUE))?;
    let stored = shown(probe, user.path())?;
    stored.expect(equals("/userName", user.body.get("userName").cloned().unwrap_or_default()))
}
