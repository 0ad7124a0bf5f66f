//! What the provisioning service of Microsoft Entra needs of users.

use client::Request;
use harness::expect::{equals, lists_exactly, pointer_that, status, success, unset};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::urn;
use serde_json::json;

use crate::applications::{modify, search, shown};
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("entra-ready.match-query-answers-200", &match_query_answers_200)
        .title("the query by which users are matched answers 200, also when it finds nobody")
        .verifies(&[rules::E_01])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
    Check::active("entra-ready.inactive-users-stay-visible", &inactive_users_stay_visible)
        .title("a user who is switched off is still found by id and by filter, with active false")
        .verifies(&[rules::E_02])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER, capability::MODIFY_USER]),
    Check::active("entra-ready.returns-what-was-sent", &returns_what_was_sent)
        .title("what a create sends is what a read returns")
        .verifies(&[rules::E_03])
        .needs(&[capability::CREATE_USER]),
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
        .title("a manager is taken as plain text")
        .verifies(&[rules::E_09])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER]),
];
const _: () = sound(CHECKS);

fn match_query_answers_200(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let endpoint = probe.service().endpoint("User");
    let matching = |name: &str| Request::get(&endpoint).query("filter", &format!("userName eq \"{name}\""));
    let found = probe.send(matching(&user.name))?;
    found.expect(status(200))?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    let nobody = probe.send(matching(&format!("{}-nobody", user.name)))?;
    nobody.expect(status(200))?;
    nobody.expect(equals("/totalResults", 0))
}

fn inactive_users_stay_visible(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user().with("active", true))?;
    shown(probe, user.path())?;
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    modify(probe, user.path(), off)?.require(success())?;
    let read = probe.get(user.path())?;
    read.expect(status(200))?;
    read.expect(equals("/active", false))?;
    let filter = format!("userName eq \"{}\"", user.name);
    let found = search(probe, &probe.service().endpoint("User"), &filter)?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    found.expect(equals("/Resources/0/active", false))
}

fn returns_what_was_sent(probe: &mut Probe) -> Outcome {
    let name = json!({ "givenName": "Zoë", "familyName": "O’Neill-Åström" });
    let user = probe
        .given(minimal_user().with("displayName", "Zoë O’Neill").with("name", name).with("active", false))?;
    let read = shown(probe, user.path())?;
    for pointer in ["/userName", "/displayName", "/name/givenName", "/name/familyName", "/active"] {
        let sent = user.sent.pointer(pointer).cloned().unwrap_or_default();
        read.expect(equals(pointer, sent))?;
    }
    Ok(())
}

fn value_path_creates(probe: &mut Probe) -> Outcome {
    for verb in ["add", "replace"] {
        let user = probe.given(minimal_user())?;
        let address = format!("{}@example.com", user.name);
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
    let pointer = format!("/{}/manager", urn::ENTERPRISE_USER);
    let id = json!(manager.id);
    shown(probe, user.path())?.expect(pointer_that(&pointer, "the manager's id", move |shown| {
        *shown == id || shown.get("value") == Some(&id)
    }))
}
