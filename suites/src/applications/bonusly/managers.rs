//! Whom a user reports to.

use harness::expect::{differs, equals, scim_type, success, unset};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use super::{EXTENSION, MODIFIES, address, create, find, path, pointer, replace, stored, with_work_email};
use crate::applications::{modify, shown};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.manager-is-named-by-text", &manager_is_named_by_text)
        .title("managerEmail takes the manager's externalId, e-mail or id as text")
        .verifies(&[rules::B_24])
        .needs(MODIFIES),
    Check::active("bonusly.nobody-is-their-own-manager", &nobody_is_their_own_manager)
        .title("a user who names themselves as manager is refused or ignored")
        .verifies(&[rules::B_25])
        .needs(MODIFIES),
    Check::active("bonusly.pending-manager-reads-back", &pending_manager_reads_back)
        .title("managerEmail reads back as sent while nobody answers to it")
        .verifies(&[rules::B_32])
        .needs(MODIFIES),
    Check::active("bonusly.every-answer-shows-the-manager", &every_answer_shows_the_manager)
        .title("the answers to a create, a PATCH and a search show managerEmail as a read does")
        .verifies(&[rules::B_32])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER, capability::FILTER_USER]),
    Check::active("bonusly.manager-can-be-taken-away", &manager_can_be_taken_away)
        .title("removing managerEmail, \"\" and null clear it")
        .verifies(&[rules::B_32])
        .needs(MODIFIES),
];
const _: () = sound(CHECKS);

const MANAGER: &str = "managerEmail";

fn manager_is_named_by_text(probe: &mut Probe) -> Outcome {
    let address = address(probe);
    let external_id = format!("Object-{address}");
    let manager = probe.given(with_work_email(&address).with("externalId", external_id.clone()))?;
    for name in [external_id, address, manager.id] {
        let template = minimal_user().with(EXTENSION, json!({ MANAGER: name }));
        stored(probe, template)?.expect(equals(&pointer(MANAGER), name.clone()))?;
        let user = probe.given(minimal_user())?;
        replace(probe, user.path(), &path(MANAGER), name.clone())?.expect(success())?;
        shown(probe, user.path())?.expect(equals(&pointer(MANAGER), name))?;
    }
    Ok(())
}

fn nobody_is_their_own_manager(probe: &mut Probe) -> Outcome {
    let address = address(probe);
    let external_id = format!("Object-{address}");
    let user = probe.given(with_work_email(&address).with("externalId", external_id.clone()))?;
    for name in [external_id, address, user.id.clone()] {
        let reply = replace(probe, user.path(), &path(MANAGER), name.clone())?;
        if reply.status() == 400 {
            reply.note("a user who names themselves as manager is refused");
            reply.expect(scim_type(ScimType::InvalidValue))?;
        } else {
            reply.expect(success())?;
        }
        shown(probe, user.path())?.expect(differs(&pointer(MANAGER), name))?;
    }
    Ok(())
}

fn pending_manager_reads_back(probe: &mut Probe) -> Outcome {
    let nobody = address(probe);
    let template = minimal_user().with(EXTENSION, json!({ MANAGER: nobody }));
    stored(probe, template)?.expect(equals(&pointer(MANAGER), nobody.clone()))?;
    let user = probe.given(minimal_user())?;
    replace(probe, user.path(), &path(MANAGER), nobody.clone())?.expect(success())?;
    shown(probe, user.path())?.expect(equals(&pointer(MANAGER), nobody))
}

fn every_answer_shows_the_manager(probe: &mut Probe) -> Outcome {
    let first = address(probe);
    let created = create(probe, minimal_user().with(EXTENSION, json!({ MANAGER: first })))?;
    created.require(success())?;
    created.expect(equals(&pointer(MANAGER), first))?;
    let user = probe.service().place_of("User", &created)?;
    let next = address(probe);
    for (attribute, value) in [("title", "Analyst"), (path(MANAGER).as_str(), next.as_str())] {
        let patched = replace(probe, &user, attribute, value)?;
        patched.require(success())?;
        let read = shown(probe, &user)?;
        if patched.status() == 200 {
            patched
                .expect(equals(&pointer(MANAGER), read.at(&pointer(MANAGER)).cloned().unwrap_or_default()))?;
        }
    }
    let filter = format!("userName eq \"{}\"", created.text("/userName")?);
    find(probe, &filter)?.expect(equals(&format!("/Resources/0{}", pointer(MANAGER)), next))
}

fn manager_can_be_taken_away(probe: &mut Probe) -> Outcome {
    let manager = json!({ MANAGER: address(probe) });
    for operation in [
        json!({ "op": "remove", "path": path(MANAGER) }),
        json!({ "op": "replace", "path": path(MANAGER), "value": "" }),
        json!({ "op": "replace", "path": path(MANAGER), "value": Value::Null }),
    ] {
        let user = probe.given(minimal_user().with(EXTENSION, manager.clone()).within_rules())?;
        modify(probe, user.path(), json!([operation]))?.expect(success())?;
        shown(probe, user.path())?.expect(unset(&pointer(MANAGER)))?;
    }
    Ok(())
}
