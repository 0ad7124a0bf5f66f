//! What PUT and PATCH may change at Promapp.

use harness::expect::{equals, pointer_that, same_as, scim_type, status, status_among, success};
use harness::{Check, Expectation, Outcome, Probe, Procedure, capability, minimal_user, sound};
use protocol::{ScimType, urn};
use serde_json::{Value, json};

use crate::applications::{modify, replace, shown};
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
    RENAME.check("promapp.patch-cannot-rename", "PATCH of the userName is refused with mutability"),
    SWITCH.check("promapp.patch-cannot-switch-off", "PATCH of active is refused with mutability"),
    LINK.check("promapp.patch-cannot-set-the-external-id", "PATCH of externalId is refused with mutability"),
    ZONE.check(
        "promapp.patch-cannot-change-the-timezone",
        "PATCH of the timezone is refused with mutability",
    ),
    HOME.check("promapp.patch-cannot-add-other-emails", "PATCH of another e-mail is refused with mutability"),
    DISPLAY_NAME.check(
        "promapp.patch-cannot-add-a-display-name",
        "PATCH of displayName, which it does not keep, is refused with mutability",
    ),
    FORMATTED.check(
        "promapp.patch-cannot-change-the-formatted-name",
        "PATCH of name.formatted, which it does not keep, is refused with mutability",
    ),
    DEPARTMENT.check(
        "promapp.patch-cannot-change-the-department",
        "PATCH of the Enterprise extension, which it does not have, is refused with mutability",
    ),
    MIXED.check("promapp.patch-is-refused-whole", "a PATCH that is refused in part changes nothing"),
];
const _: () = sound(CHECKS);

const PATCHES: &[harness::Capability] = &[capability::CREATE_USER, capability::MODIFY_USER];

/// A PUT that changes one thing.
struct Put {
    /// The members that are exchanged, made of a name that nobody has.
    changes: fn(&str) -> Value,
    /// What a read shows then.
    then: fn(&str) -> Vec<Expectation>,
}

static RENAMES: Put =
    Put { changes: |name| json!({ "userName": name }), then: |name| vec![equals("/userName", name)] };
static NAMES: Put = Put {
    changes: |_| json!({ "name": { "givenName": "Ada", "familyName": "Holm" } }),
    then: |_| vec![equals("/name/givenName", "Ada"), equals("/name/familyName", "Holm")],
};
static EMAIL: Put = Put {
    changes: |name| json!({ "emails": [{ "value": address(name), "type": "work" }] }),
    then: |name| vec![work_address(address(name))],
};
static TIMEZONE: Put = Put {
    changes: |_| json!({ "timezone": "Pacific/Auckland" }),
    then: |_| vec![equals("/timezone", "Pacific/Auckland")],
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
        let mut body = user.sent.clone();
        if let (Some(body), Value::Object(changes)) = (body.as_object_mut(), (self.changes)(fresh)) {
            body.extend(changes);
        }
        replace(probe, &user, &body)?.expect(status_among(&[200, 204]))?;
        let read = shown(probe, user.path())?;
        (self.then)(fresh).into_iter().try_for_each(|expectation| read.expect(expectation))
    }
}

fn address(name: &str) -> String {
    format!("{name}@example.com")
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

fn changing_work(address: &str) -> Value {
    json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": address }])
}

fn patch_changes_the_work_email(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    shown(probe, user.path())?.require(pointer_that("/emails", "a work e-mail to change", |emails| {
        let mut emails = emails.as_array().into_iter().flatten();
        emails.any(|email| email.get("type") == Some(&json!("work")))
    }))?;
    let changed = format!("new-{}", address(&user.name));
    modify(probe, user.path(), changing_work(&changed))?.expect(status_among(&[200, 204]))?;
    shown(probe, user.path())?.expect(work_address(changed))
}

/// A PATCH of something that only a PUT may change.
struct Refused {
    operations: fn(&str) -> Value,
}

static RENAME: Refused = Refused {
    operations: |name| json!([{ "op": "replace", "path": "userName", "value": format!("{name}-b") }]),
};
static SWITCH: Refused =
    Refused { operations: |_| json!([{ "op": "replace", "path": "active", "value": false }]) };
static LINK: Refused =
    Refused { operations: |name| json!([{ "op": "add", "path": "externalId", "value": name }]) };
static ZONE: Refused =
    Refused { operations: |_| json!([{ "op": "replace", "path": "timezone", "value": "Pacific/Auckland" }]) };
static HOME: Refused = Refused {
    operations: |name| {
        let home = format!("home-{}", address(name));
        json!([{ "op": "add", "path": "emails[type eq \"home\"].value", "value": home }])
    },
};
static DISPLAY_NAME: Refused =
    Refused { operations: |name| json!([{ "op": "add", "path": "displayName", "value": name }]) };
static FORMATTED: Refused =
    Refused { operations: |_| json!([{ "op": "replace", "path": "name.formatted", "value": "Ada Holm" }]) };
static DEPARTMENT: Refused = Refused {
    operations: |_| {
        let path = format!("{}:department", urn::ENTERPRISE_USER);
        json!([{ "op": "replace", "path": path, "value": "Engines" }])
    },
};
static MIXED: Refused = Refused {
    operations: |_| {
        json!([
            { "op": "replace", "path": "name.givenName", "value": "Ada" },
            { "op": "replace", "path": "timezone", "value": "Pacific/Auckland" },
        ])
    },
};

impl Refused {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rules::P_04]).needs(PATCHES)
    }
}

impl Procedure for Refused {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let user = probe.given(minimal_user())?;
        let before = shown(probe, user.path())?;
        let operations = (self.operations)(&user.name);
        if operations.pointer("/0/path").and_then(Value::as_str).is_some_and(|path| path.contains('[')) {
            // Who refuses whatever a filter selects has not seen what this one does.
            let (twin, moved) = (probe.given(minimal_user())?, format!("moved-{}", address(&user.name)));
            modify(probe, twin.path(), changing_work(&moved))?.require(success())?;
        }
        let refused = modify(probe, user.path(), operations)?;
        refused.expect(status(400))?;
        refused.expect(scim_type(ScimType::Mutability))?;
        let after = probe.get(user.path())?;
        after.require(success())?;
        after.expect(same_as(before.json()?, "before the refusal"))
    }
}
