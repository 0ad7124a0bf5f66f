//! Who a user is: userName, externalId, name, and whether the account is switched on.

use harness::expect::{equals, lists_exactly, scim_type, status, success};
use harness::{Check, Given, Outcome, Probe, Stop, minimal_user, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use super::{CREATES, FINDS, MODIFIES, address, create, find, named, refused, replace, stored};
use crate::applications::{modify, shown};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.user-name-is-required", &user_name_is_required)
        .title("a user without a userName is refused")
        .verifies(&[rules::B_10])
        .needs(CREATES),
    Check::active("bonusly.user-name-is-unique", &user_name_is_unique)
        .title("a userName that is taken, in another letter case too, is 409 uniqueness")
        .verifies(&[rules::B_10])
        .needs(CREATES),
    Check::active("bonusly.rename-onto-a-taken-name-is-409", &rename_onto_a_taken_name_is_409)
        .title("a PATCH to a userName that is taken is 409 uniqueness and changes nothing")
        .verifies(&[rules::B_10])
        .needs(MODIFIES),
    Check::active("bonusly.user-name-is-found-in-any-case", &user_name_is_found_in_any_case)
        .title("a filter finds a userName in any letter case")
        .verifies(&[rules::B_10])
        .needs(FINDS),
    Check::active("bonusly.active-as-text-on-create", &active_as_text_on_create)
        .title("a create takes \"True\" and \"False\" in any letter case and shows Booleans")
        .verifies(&[rules::B_11])
        .needs(CREATES),
    Check::active("bonusly.active-as-text-on-patch", &active_as_text_on_patch)
        .title("a PATCH takes \"True\" and \"False\" in any letter case and shows Booleans")
        .verifies(&[rules::B_11])
        .needs(MODIFIES),
    Check::active("bonusly.other-text-is-never-truthy", &other_text_is_never_truthy)
        .title("text other than \"True\" and \"False\" does not switch a user on or off")
        .verifies(&[rules::B_11])
        .needs(MODIFIES),
    Check::active("bonusly.rename-keeps-the-resource", &rename_keeps_the_resource)
        .title("a new userName leaves id and externalId as they are")
        .verifies(&[rules::B_12])
        .needs(&[
            harness::capability::CREATE_USER,
            harness::capability::MODIFY_USER,
            harness::capability::FILTER_USER,
        ]),
    Check::active("bonusly.keeps-names", &keeps_names)
        .title("name.givenName and name.familyName are kept")
        .verifies(&[rules::B_13])
        .needs(MODIFIES),
    Check::active("bonusly.external-id-is-found-letter-by-letter", &external_id_is_found_letter_by_letter)
        .title("a filter finds an externalId, and only in its own letter case")
        .verifies(&[rules::B_18])
        .needs(FINDS),
];
const _: () = sound(CHECKS);

fn user_name(user: &Given) -> &str {
    user.sent.get("userName").and_then(Value::as_str).unwrap_or_default()
}

fn user_name_is_required(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let mut body = probe.fill(&minimal_user());
    if let Some(body) = body.as_object_mut() {
        body.remove("userName");
    }
    refused(&probe.post(&probe.service().endpoint("User"), &body)?)
}

fn user_name_is_unique(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for name in [user_name(&user).to_owned(), user_name(&user).to_uppercase()] {
        let reply = create(probe, minimal_user().with("userName", name))?;
        reply.expect(status(409))?;
        reply.expect(scim_type(ScimType::Uniqueness))?;
    }
    Ok(())
}

fn rename_onto_a_taken_name_is_409(probe: &mut Probe) -> Outcome {
    let (holder, user) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let reply = replace(probe, user.path(), "userName", user_name(&holder).to_uppercase())?;
    reply.expect(status(409))?;
    reply.expect(scim_type(ScimType::Uniqueness))?;
    shown(probe, user.path())?.expect(equals("/userName", user_name(&user)))
}

fn user_name_is_found_in_any_case(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let found = find(probe, &format!("userName eq \"{}\"", user_name(&user).to_uppercase()))?;
    found.expect(status(200))?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))
}

const SPELLINGS: [(&str, bool); 4] = [("True", true), ("False", false), ("fALSE", false), ("true", true)];

fn active_as_text_on_create(probe: &mut Probe) -> Outcome {
    for (text, active) in SPELLINGS {
        stored(probe, minimal_user().with("active", text))?.expect(equals("/active", active))?;
    }
    Ok(())
}

fn active_as_text_on_patch(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user().with("active", false))?;
    for (text, active) in SPELLINGS {
        replace(probe, user.path(), "active", text)?.expect(success())?;
        shown(probe, user.path())?.expect(equals("/active", active))?;
    }
    Ok(())
}

fn other_text_is_never_truthy(probe: &mut Probe) -> Outcome {
    for text in ["yes", "1", "None"] {
        refused(&create(probe, minimal_user().with("active", text))?)?;
        for active in [true, false] {
            let user = probe.given(minimal_user().with("active", active))?;
            refused(&replace(probe, user.path(), "active", text)?)?;
            shown(probe, user.path())?.expect(equals("/active", active))?;
        }
    }
    Ok(())
}

fn with_external_id(probe: &Probe) -> Result<(Given, String), Stop> {
    let external_id = format!("Object-{}", address(probe));
    let user = probe.given(minimal_user().with("externalId", external_id.clone()))?;
    Ok((user, external_id))
}

fn rename_keeps_the_resource(probe: &mut Probe) -> Outcome {
    let (user, external_id) = with_external_id(probe)?;
    let name = address(probe);
    replace(probe, user.path(), "userName", name.clone())?.expect(success())?;
    let read = shown(probe, user.path())?;
    read.expect(named(&name))?;
    read.expect(equals("/id", user.id.clone()))?;
    read.expect(equals("/externalId", external_id))?;
    find(probe, &format!("userName eq \"{name}\""))?.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    find(probe, &format!("userName eq \"{}\"", user_name(&user)))?.expect(lists_exactly(&[]))
}

fn keeps_names(probe: &mut Probe) -> Outcome {
    let name = json!({ "givenName": "Zoë", "familyName": "O’Neill-Åström" });
    let read = stored(probe, minimal_user().with("name", name))?;
    read.expect(equals("/name/givenName", "Zoë"))?;
    read.expect(equals("/name/familyName", "O’Neill-Åström"))?;
    let user = probe.given(minimal_user())?;
    let operations = json!([
        { "op": "add", "path": "name.givenName", "value": "Ada" },
        { "op": "add", "path": "name.familyName", "value": "Lovelace" },
    ]);
    modify(probe, user.path(), operations)?.expect(success())?;
    let read = shown(probe, user.path())?;
    read.expect(equals("/name/givenName", "Ada"))?;
    read.expect(equals("/name/familyName", "Lovelace"))
}

fn external_id_is_found_letter_by_letter(probe: &mut Probe) -> Outcome {
    let (user, external_id) = with_external_id(probe)?;
    let found = find(probe, &format!("externalId eq \"{external_id}\""))?;
    found.expect(status(200))?;
    found.expect(lists_exactly(&[user.id]))?;
    let other = find(probe, &format!("externalId eq \"{}\"", external_id.to_lowercase()))?;
    other.expect(status(200))?;
    other.expect(lists_exactly(&[]))
}
