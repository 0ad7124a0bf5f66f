//! How the provisioning service of Microsoft Entra changes users.

use harness::expect::{differs, equals, lists_exactly, pointer_that, status, success, unset};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::urn;
use serde_json::json;

use crate::applications::{modify, search, shown};
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("entra-ready.inactive-users-stay-visible", &inactive_users_stay_visible)
        .title("a user who is switched off is still found by id and by filter, with active false")
        .verifies(&[rules::E_02])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.value-path-creates", &value_path_creates)
        .title("add and replace on a value path that finds nothing create the value")
        .verifies(&[rules::E_04])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.op-in-any-case", &op_in_any_case)
        .title("the name of an operation is taken in any letter case")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.active-as-text", &active_as_text)
        .title("\"False\" and \"True\" switch a user off and on, and are shown as Booleans")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.dotted-keys-without-path", &dotted_keys_without_path)
        .title("a replace without a path takes dotted keys and keys behind a URN")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER]),
    Check::active("entra-ready.manager-as-text", &manager_as_text)
        .title("a manager is taken as plain text, and shown as an object with a value")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER]),
    Check::active("entra-ready.empty-text-clears-manager", &empty_text_clears_manager)
        .title("a replace by empty text removes the manager")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER]),
];
const _: () = sound(CHECKS);

fn inactive_users_stay_visible(probe: &mut Probe) -> Outcome {
    let link = probe.fill(&minimal_user()).get("userName").cloned().unwrap_or_default();
    let user = probe.given(minimal_user().with("active", true).with("externalId", link.clone()))?;
    shown(probe, user.path())?;
    let endpoint = probe.service().endpoint("User");
    let by_link = format!("externalId eq {link}");
    // Who does not find users by externalId is told so by the check that matches by it.
    let is_matched = search(probe, &endpoint, &by_link)?.at("/totalResults") == Some(&json!(1));
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    modify(probe, user.path(), off)?.require(success())?;
    let read = probe.get(user.path())?;
    read.expect(status(200))?;
    read.expect(equals("/active", false))?;
    let by_name = format!("userName eq \"{}\"", user.name);
    for filter in [Some(by_name), is_matched.then_some(by_link)].into_iter().flatten() {
        let found = search(probe, &endpoint, &filter)?;
        found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
        found.expect(equals("/Resources/0/active", false))?;
    }
    Ok(())
}

fn value_path_creates(probe: &mut Probe) -> Outcome {
    for verb in ["add", "replace"] {
        let user = probe.given(minimal_user())?;
        let address = probe.service().address(&user.name);
        let path = "emails[type eq \"work\"].value";
        modify(probe, user.path(), json!([{ "op": verb, "path": path, "value": address }]))?
            .expect(success())?;
        shown(probe, user.path())?.expect(pointer_that(
            "/emails",
            "the work e-mail that was set",
            move |emails| {
                let mut emails = emails.as_array().into_iter().flatten();
                emails.any(|email| {
                    email.get("value") == Some(&json!(address)) && email.get("type") == Some(&json!("work"))
                })
            },
        ))?;
    }
    Ok(())
}

fn op_in_any_case(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for (verb, name) in [("Add", Some("Ada")), ("REPLACE", Some("Grace")), ("Remove", None)] {
        let operation = json!({ "op": verb, "path": "displayName", "value": name });
        modify(probe, user.path(), json!([operation]))?.expect(success())?;
        let read = shown(probe, user.path())?;
        read.expect(name.map_or_else(|| unset("/displayName"), |name| equals("/displayName", name)))?;
    }
    Ok(())
}

fn active_as_text(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user().with("active", true))?;
    for (text, active) in [("False", false), ("True", true)] {
        let operation = json!([{ "op": "Replace", "path": "active", "value": text }]);
        modify(probe, user.path(), operation)?.expect(success())?;
        shown(probe, user.path())?.expect(equals("/active", active))?;
    }
    Ok(())
}

fn dotted_keys_without_path(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let department = format!("{}:department", urn::ENTERPRISE_USER);
    let value = json!({ "displayName": "Ada", "name.givenName": "Ada", department: "Lab" });
    modify(probe, user.path(), json!([{ "op": "replace", "value": value }]))?.expect(success())?;
    let read = shown(probe, user.path())?;
    read.expect(equals("/displayName", "Ada"))?;
    read.expect(equals("/name/givenName", "Ada"))?;
    read.expect(equals(&format!("/{}/department", urn::ENTERPRISE_USER), "Lab"))
}

fn manager_as_text(probe: &mut Probe) -> Outcome {
    let (manager, user) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    let path = format!("{}:manager", urn::ENTERPRISE_USER);
    let operation = json!([{ "op": "add", "path": path, "value": manager.id }]);
    modify(probe, user.path(), operation)?.expect(success())?;
    // The client cannot read a manager who is shown as he is sent, RFC 7643 §4.3.
    let pointer = format!("/{}/manager/value", urn::ENTERPRISE_USER);
    shown(probe, user.path())?.expect(equals(&pointer, manager.id))
}

fn empty_text_clears_manager(probe: &mut Probe) -> Outcome {
    let manager = probe.given(minimal_user())?;
    let user = probe
        .given(minimal_user().with(urn::ENTERPRISE_USER, json!({ "manager": { "value": manager.id } })))?;
    let pointer = format!("/{}/manager/value", urn::ENTERPRISE_USER);
    shown(probe, user.path())?.require(equals(&pointer, manager.id.as_str()))?;
    let path = format!("{}:manager", urn::ENTERPRISE_USER);
    let operation = json!([{ "op": "replace", "path": path, "value": "" }]);
    modify(probe, user.path(), operation)?.expect(success())?;
    shown(probe, user.path())?.expect(differs(&pointer, manager.id))
}
