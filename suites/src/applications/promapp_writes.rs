//! What PUT and PATCH may change at Promapp.

use harness::expect::{equals, pointer_that, status_among, success};
use harness::{Check, Expectation, Outcome, Probe, Procedure, capability, minimal_user, sound};
use serde_json::{Value, json};

use crate::applications::{modify, replace, shown};
use crate::kept;
use crate::requirements::promapp as rules;

pub(super) const CHECKS: &[Check] = &[
    RENAMES.check("promapp.put-renames", "PUT changes the userName"),
    NAMES.check("promapp.put-changes-the-names", "PUT changes given and family name"),
    EMAIL.check("promapp.put-changes-the-email", "PUT changes the e-mail"),
    TIMEZONE.check("promapp.put-changes-the-timezone", "PUT changes the timezone"),
    Check::active("promapp.patch-changes-the-names", &patch_changes_the_names)
        .title("PATCH changes given and family name")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
    Check::active("promapp.patch-changes-the-work-email", &patch_changes_the_work_email)
        .title("PATCH changes the work e-mail")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
    Check::active("promapp.patch-paths-ignore-case", &patch_paths_ignore_case)
        .title("PATCH changes names and work e-mail in whatever letter case its path is written")
        .verifies(&[rules::P_04])
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

pub(super) const PATCHES: &[harness::Capability] = &[capability::CREATE_USER, capability::MODIFY_USER];

/// A PUT that changes one thing.
struct Put {
    /// The members that are exchanged, made of a name and an address that nobody has.
    changes: fn(&str, &str) -> Value,
    /// What a read shows then.
    then: fn(&str, &str) -> Vec<Expectation>,
}

static RENAMES: Put =
    Put { changes: |name, _| json!({ "userName": name }), then: |name, _| vec![equals("/userName", name)] };
static NAMES: Put = Put {
    changes: |_, _| json!({ "name": { "givenName": "Ada", "familyName": "Holm" } }),
    then: |_, _| vec![equals("/name/givenName", "Ada"), equals("/name/familyName", "Holm")],
};
static EMAIL: Put = Put {
    changes: |_, address| json!({ "emails": [{ "value": address, "type": "work" }] }),
    then: |_, address| vec![work_address(address.to_owned())],
};
static TIMEZONE: Put = Put {
    changes: |_, _| json!({ "timezone": "Pacific/Auckland" }),
    then: |_, _| vec![equals("/timezone", "Pacific/Auckland")],
};

impl Put {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        const PUTS: &[harness::Capability] = &[capability::CREATE_USER, capability::REPLACE_USER];
        Check::active(id, self).title(title).verifies(&[rules::P_04]).needs(PUTS)
    }
}

impl Procedure for Put {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let user = probe.given(minimal_user())?;
        let fresh = probe.fill(&minimal_user());
        let fresh = fresh.get("userName").and_then(Value::as_str).unwrap_or_default();
        let address = probe.service().address(fresh);
        let mut body = user.sent.clone();
        if let (Some(body), Value::Object(changes)) = (body.as_object_mut(), (self.changes)(fresh, &address))
        {
            body.extend(changes);
        }
        replace(probe, &user, &body)?.expect(status_among(&[200, 204]))?;
        let read = shown(probe, user.path())?;
        (self.then)(fresh, &address).into_iter().try_for_each(|expectation| read.expect(expectation))
    }
}

fn work_address(address: String) -> Expectation {
    pointer_that("/emails", format!("the work e-mail {address}"), move |emails| {
        let mut emails = emails.as_array().into_iter().flatten();
        emails.any(|email| {
            email.get("type") == Some(&json!("work")) && email.get("value") == Some(&json!(address))
        })
    })
}

fn patch_changes_the_names(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for (path, name) in [("name.givenName", "Ada"), ("name.familyName", "Holm")] {
        let operations = json!([{ "op": "replace", "path": path, "value": name }]);
        modify(probe, user.path(), operations)?.expect(status_among(&[200, 204]))?;
        let pointer = format!("/{}", path.replace('.', "/"));
        shown(probe, user.path())?.expect(equals(&pointer, name))?;
    }
    Ok(())
}

pub(super) fn changing_work(address: &str) -> Value {
    json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": address }])
}

fn patch_changes_the_work_email(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    shown(probe, user.path())?.require(pointer_that("/emails", "a work e-mail to change", |emails| {
        let mut emails = emails.as_array().into_iter().flatten();
        emails.any(|email| email.get("type") == Some(&json!("work")))
    }))?;
    let changed = probe.service().address(&format!("new-{}", user.name));
    modify(probe, user.path(), changing_work(&changed))?.expect(status_among(&[200, 204]))?;
    shown(probe, user.path())?.expect(work_address(changed))
}

fn patch_paths_ignore_case(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    shown(probe, user.path())?.require(pointer_that("/emails", "a work e-mail to change", |emails| {
        let mut emails = emails.as_array().into_iter().flatten();
        emails.any(|email| email.get("type") == Some(&json!("work")))
    }))?;
    // Who changes no e-mail as the rule has it is not asked for other spellings.
    modify(probe, user.path(), changing_work(&kept::address(probe, "new")))?.require(success())?;
    for (number, path) in SPELLINGS.iter().enumerate() {
        let changed = kept::address(probe, &format!("new-{number}"));
        let operation = json!([{ "op": "replace", "path": path, "value": changed }]);
        modify(probe, user.path(), operation)?.expect(status_among(&[200, 204]))?;
        shown(probe, user.path())?.expect(work_address(changed))?;
    }
    let operation = json!([{ "op": "replace", "path": "NAME.givenname", "value": "Ada" }]);
    modify(probe, user.path(), operation)?.expect(status_among(&[200, 204]))?;
    shown(probe, user.path())?.expect(equals("/name/givenName", "Ada"))
}

/// Paths of the address of the work e-mail that mean the same: neither names nor operators have a letter case, nor do
/// types (RFC 7643 §2.1, §4.1.2).
const SPELLINGS: [&str; 4] = [
    r#"emails[Type eq "work"].value"#,
    r#"emails[type EQ "work"].value"#,
    r#"emails[type eq "Work"].value"#,
    r#"Emails[type eq "work"].Value"#,
];
