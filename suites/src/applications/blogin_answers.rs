//! What BlogIn shows of users in answers to changes, and in what a search finds.

use harness::expect::{lists_exactly, no_member_named, success, unset};
use harness::{Check, Outcome, Probe, capability, minimal_user, sound};
use serde_json::{Value, json};

use crate::applications::{modify, replace, search, shown};
use crate::kept;
use crate::requirements::blogin as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("blogin.put-hides-the-password", &put_hides_the_password)
        .title("a PUT that sets a password does not show it, and no read does")
        .verifies(&[rules::G_02])
        .needs(&[capability::CREATE_USER, capability::REPLACE_USER]),
    Check::active("blogin.patch-hides-the-password", &patch_hides_the_password)
        .title("a PATCH that sets a password does not show it, and no read does")
        .verifies(&[rules::G_02])
        .needs(&[capability::CREATE_USER, capability::MODIFY_USER]),
    Check::active("blogin.found-users-have-no-external-id", &found_users_have_no_external_id)
        .title("a search shows no externalId")
        .verifies(&[rules::G_07])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
];
const _: () = sound(CHECKS);

fn put_hides_the_password(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let body = kept::edited(&user.sent, json!({ "password": probe.password() }));
    let replaced = replace(probe, &user, &body)?;
    replaced.expect(success())?;
    if replaced.status() == 200 {
        replaced.expect(no_member_named("password"))?;
    }
    shown(probe, user.path())?.expect(no_member_named("password"))
}

fn patch_hides_the_password(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let operation = json!([{ "op": "replace", "path": "password", "value": probe.password() }]);
    let patched = modify(probe, user.path(), operation)?;
    patched.expect(success())?;
    if patched.status() == 200 {
        patched.expect(no_member_named("password"))?;
    }
    shown(probe, user.path())?.expect(no_member_named("password"))
}

fn found_users_have_no_external_id(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let name = user.sent.get("userName").and_then(Value::as_str).unwrap_or_default();
    let found = search(probe, &probe.service().endpoint("User"), &format!("userName eq \"{name}\""))?;
    found.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    found.expect(unset("/Resources/0/externalId"))
}
