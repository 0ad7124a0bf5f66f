//! The application's extension of users.

use harness::expect::{equals, holds, status, success, unset};
use harness::{Check, Outcome, Probe, minimal_user, sound};
use record::At;
use serde_json::json;

use super::{CREATES, EXTENSION, MODIFIES, create, path, pointer, refused, replace, stored};
use crate::applications::shown;
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.extension-keeps-camel-case", &extension_keeps_camel_case)
        .title("the attributes of the extension are kept under their camelCase names")
        .verifies(&[rules::B_19])
        .needs(CREATES),
    Check::active("bonusly.misspelt-extension-names-are-dropped", &misspelt_names_are_dropped)
        .title("names of the extension in another letter case are dropped without an error")
        .verifies(&[rules::B_19])
        .needs(CREATES),
    Check::active("bonusly.hired-on-becomes-a-date", &hired_on_becomes_a_date)
        .title("hiredOn takes dates and instants and shows a date")
        .verifies(&[rules::B_27])
        .needs(MODIFIES),
    Check::active("bonusly.other-dates-are-refused", &other_dates_are_refused)
        .title("hiredOn refuses what is no date, and keeps the one it had")
        .verifies(&[rules::B_27])
        .needs(MODIFIES),
    Check::active("bonusly.user-mode-is-normal-at-first", &user_mode_is_normal_at_first)
        .title("userMode is normal where nothing is said")
        .verifies(&[rules::B_29])
        .needs(CREATES),
    Check::active("bonusly.user-modes-are-kept", &user_modes_are_kept)
        .title("userMode takes normal, receiver and ghost")
        .verifies(&[rules::B_29])
        .needs(CREATES),
    Check::active("bonusly.other-user-modes-are-refused", &other_user_modes_are_refused)
        .title("userMode refuses everything else, and keeps what it had")
        .verifies(&[rules::B_29])
        .needs(MODIFIES),
];
const _: () = sound(CHECKS);

fn extension_keeps_camel_case(probe: &mut Probe) -> Outcome {
    let sent = json!({
        "employeeNumber": "E-7", "costCenter": "C-7", "businessUnit": "Engines", "department": "Research",
        "location": "Bergen",
    });
    let read = stored(probe, minimal_user().with(EXTENSION, sent.clone()))?;
    // Elsewhere the letter case of names says nothing.
    let written = read.as_written().unwrap_or_default();
    for (name, value) in sent.as_object().into_iter().flatten() {
        let pointer = pointer(name);
        let kept = match written.pointer(&pointer) {
            Some(seen) if seen == value => Ok(()),
            Some(seen) => Err(seen.to_string()),
            None => Err("nothing there".to_owned()),
        };
        read.expect(holds(value.to_string(), At::Pointer { pointer }, kept))?;
    }
    Ok(())
}

fn misspelt_names_are_dropped(probe: &mut Probe) -> Outcome {
    let sent = json!({ "department": "Research", "manageremail": "a@example.com", "manager_email": "a@example.com" });
    let read = stored(probe, minimal_user().with(EXTENSION, sent))?;
    read.expect(equals(&pointer("department"), "Research"))?;
    for name in ["manageremail", "manager_email", "managerEmail"] {
        read.expect(unset(&pointer(name)))?;
    }
    Ok(())
}

fn hired_on_becomes_a_date(probe: &mut Probe) -> Outcome {
    for sent in ["2026-02-28", "2026-02-28T09:30:00Z"] {
        let template = minimal_user().with(EXTENSION, json!({ "hiredOn": sent }));
        stored(probe, template)?.expect(equals(&pointer("hiredOn"), "2026-02-28"))?;
        let user = probe.given(minimal_user())?;
        replace(probe, user.path(), &path("hiredOn"), sent)?.expect(success())?;
        shown(probe, user.path())?.expect(equals(&pointer("hiredOn"), "2026-02-28"))?;
    }
    Ok(())
}

fn other_dates_are_refused(probe: &mut Probe) -> Outcome {
    let template = || minimal_user().with(EXTENSION, json!({ "hiredOn": "2026-02-28" })).within_rules();
    let user = probe.given(template())?;
    for sent in ["soon", "28.02.2026", "2026-02-30"] {
        refused(&create(probe, minimal_user().with(EXTENSION, json!({ "hiredOn": sent })))?)?;
        refused(&replace(probe, user.path(), &path("hiredOn"), sent)?)?;
        shown(probe, user.path())?.expect(equals(&pointer("hiredOn"), "2026-02-28"))?;
    }
    Ok(())
}

fn user_mode_is_normal_at_first(probe: &mut Probe) -> Outcome {
    stored(probe, minimal_user())?.expect(equals(&pointer("userMode"), "normal"))
}

fn user_modes_are_kept(probe: &mut Probe) -> Outcome {
    for mode in ["normal", "receiver", "ghost"] {
        let template = minimal_user().with(EXTENSION, json!({ "userMode": mode }));
        stored(probe, template)?.expect(equals(&pointer("userMode"), mode))?;
    }
    Ok(())
}

fn other_user_modes_are_refused(probe: &mut Probe) -> Outcome {
    let mode = json!({ "userMode": "receiver" });
    let user = probe.given(minimal_user().with(EXTENSION, mode).within_rules())?;
    for mode in ["benefactor", "observer"] {
        let template = minimal_user().with(EXTENSION, json!({ "userMode": mode }));
        let created = create(probe, template)?;
        created.expect(status(400))?;
        let patched = replace(probe, user.path(), &path("userMode"), mode)?;
        patched.expect(status(400))?;
        shown(probe, user.path())?.expect(equals(&pointer("userMode"), "receiver"))?;
    }
    Ok(())
}
