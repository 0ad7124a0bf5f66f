//! What PATCH may not change at Promapp.

use harness::expect::{same_as, scim_type, status, success};
use harness::{Check, Outcome, Probe, Procedure, minimal_user, sound};
use protocol::{ScimType, urn};
use serde_json::{Value, json};

use crate::applications::promapp_writes::{PATCHES, changing_work};
use crate::applications::{modify, shown};
use crate::requirements::promapp as rules;

pub(super) const CHECKS: &[Check] = &[
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

/// A PATCH of something that only a PUT may change.
struct Refused {
    operations: fn(&str, &str) -> Value,
}

static RENAME: Refused = Refused {
    operations: |name, _| json!([{ "op": "replace", "path": "userName", "value": format!("{name}-b") }]),
};
static SWITCH: Refused =
    Refused { operations: |_, _| json!([{ "op": "replace", "path": "active", "value": false }]) };
static LINK: Refused =
    Refused { operations: |name, _| json!([{ "op": "add", "path": "externalId", "value": name }]) };
static ZONE: Refused = Refused {
    operations: |_, _| json!([{ "op": "replace", "path": "timezone", "value": "Pacific/Auckland" }]),
};
static HOME: Refused = Refused {
    operations: |_, address| {
        let home = format!("home-{address}");
        json!([{ "op": "add", "path": "emails[type eq \"home\"].value", "value": home }])
    },
};
static DISPLAY_NAME: Refused =
    Refused { operations: |name, _| json!([{ "op": "add", "path": "displayName", "value": name }]) };
static FORMATTED: Refused = Refused {
    operations: |_, _| json!([{ "op": "replace", "path": "name.formatted", "value": "Ada Holm" }]),
};
static DEPARTMENT: Refused = Refused {
    operations: |_, _| {
        let path = format!("{}:department", urn::ENTERPRISE_USER);
        json!([{ "op": "replace", "path": path, "value": "Engines" }])
    },
};
static MIXED: Refused = Refused {
    operations: |_, _| {
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

/// Operations that PATCH may carry out, in the form of others that are out of the ordinary.
fn lawful_of_its_form(operations: &Value, address: &str) -> Option<Value> {
    let replace = |path: &str, value: &str| json!({ "op": "replace", "path": path, "value": value });
    if operations.as_array().is_some_and(|operations| operations.len() > 1) {
        return Some(json!([replace("name.givenName", "Ada"), replace("name.familyName", "Holm")]));
    }
    match operations.pointer("/0/path")?.as_str()? {
        path if path.contains('[') => Some(changing_work(&format!("moved-{address}"))),
        path if path.starts_with("urn:") => {
            Some(json!([replace(&format!("{}:name.givenName", urn::USER), "Ada")]))
        }
        _ => None,
    }
}

impl Procedure for Refused {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let user = probe.given(minimal_user())?;
        let before = shown(probe, user.path())?;
        let address = probe.service().address(&user.name);
        let operations = (self.operations)(&user.name, &address);
        if let Some(lawful) = lawful_of_its_form(&operations, &address) {
            // Who refuses whatever has this form has not seen what this one does.
            let twin = probe.given(minimal_user())?;
            modify(probe, twin.path(), lawful)?.require(success())?;
        }
        let refused = modify(probe, user.path(), operations)?;
        refused.expect(status(400))?;
        refused.expect(scim_type(ScimType::Mutability))?;
        let after = probe.get(user.path())?;
        after.require(success())?;
        after.expect(same_as(before.json()?, "before the refusal"))
    }
}
