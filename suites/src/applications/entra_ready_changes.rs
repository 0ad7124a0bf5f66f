//! The changes of users that the provisioning service of Microsoft Entra sends. That it writes `Add` for `add` is the
//! business of a check of its own.

use harness::expect::{differs, equals, pointer_that, success};
use harness::{
    Capability, Check, Expectation, Given, Outcome, Probe, Procedure, Stop, capability, minimal_user, sound,
};
use protocol::urn;
use serde_json::{Value, json};

use crate::applications::{capitalised_address, modify, shown};
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] = &[
    ADDRESS.check(
        "entra-ready.address-by-value-path",
        "a part of the work address is set and changed by a value path",
    ),
    PHONE.check(
        "entra-ready.phone-by-value-path",
        "the mobile phone number is set and changed by a value path",
    ),
    ROLE.check(
        "entra-ready.role-by-value-path",
        "the primary role is set and changed by the value path [primary eq \"True\"]",
    ),
    Check::active("entra-ready.manager-can-be-replaced", &manager_can_be_replaced)
        .title("a replace puts another manager in the place of the one there is")
        .verifies(&[rules::E_09])
        .needs(MANAGERS),
    Check::active("entra-ready.manager-can-be-removed", &manager_can_be_removed)
        .title("a removal takes the manager away")
        .verifies(&[rules::E_09])
        .needs(MANAGERS),
    Check::active("entra-ready.patched-values-come-back", &patched_values_come_back)
        .title("a read returns what a PATCH sent, letter by letter")
        .verifies(&[rules::E_03])
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

const PATCHES: &[Capability] = &[capability::CREATE_USER, capability::MODIFY_USER];
const MANAGERS: &[Capability] =
    &[capability::CREATE_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER];

/// A part of one value of several, as the mapping writes its path.
struct ByPath {
    attribute: &'static str,
    part: &'static str,
    path: &'static str,
    /// The value without a path, which the target has to be able to hold.
    whole: fn(&str) -> Value,
    values: [&'static str; 2],
}

static ADDRESS: ByPath = ByPath {
    attribute: "addresses",
    part: "locality",
    path: "addresses[type eq \"work\"].locality",
    whole: |town| json!({ "type": "work", "locality": town }),
    values: ["Oslo", "Bergen"],
};
static PHONE: ByPath = ByPath {
    attribute: "phoneNumbers",
    part: "value",
    path: "phoneNumbers[type eq \"mobile\"].value",
    whole: |number| json!({ "type": "mobile", "value": number }),
    values: ["+47 555 00 100", "+47 555 00 101"],
};
static ROLE: ByPath = ByPath {
    attribute: "roles",
    part: "value",
    path: "roles[primary eq \"True\"].value",
    whole: |role| json!({ "primary": true, "value": role }),
    values: ["Designer", "Reader"],
};

impl ByPath {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rules::E_04]).needs(PATCHES)
    }

    /// The one value there has this in the part.
    fn alone(&self, wanted: &'static str) -> Expectation {
        let part = self.part;
        let words = format!("one value, whose {part} is {wanted}");
        pointer_that(&format!("/{}", self.attribute), words, move |shown| {
            shown.as_array().is_some_and(|shown| match &shown[..] {
                [only] => only.get(part) == Some(&json!(wanted)),
                _ => false,
            })
        })
    }

    /// Ends the check where the target does not have the attribute, or has words of its own for it.
    fn demand(&self, probe: &Probe) -> Result<(), Stop> {
        let lacking = || Stop::NotSupported(format!("{} of any text", self.attribute));
        if !probe.service().published.can_be_written(&format!("{}.{}", self.attribute, self.part)) {
            return Err(lacking());
        }
        let user = probe.given(minimal_user())?;
        for value in self.values {
            let value = json!([(self.whole)(value)]);
            let operation = json!([{ "op": "replace", "path": self.attribute, "value": value }]);
            if !modify(probe, user.path(), operation)?.succeeded() {
                return Err(lacking());
            }
        }
        Ok(())
    }
}

impl Procedure for ByPath {
    fn run(&self, probe: &mut Probe) -> Outcome {
        self.demand(probe)?;
        for verb in ["add", "replace"] {
            let user = probe.given(minimal_user())?;
            // The first creates the value, the second changes it.
            for (verb, value) in [verb, "replace"].into_iter().zip(self.values) {
                let operation = json!([{ "op": verb, "path": self.path, "value": value }]);
                modify(probe, user.path(), operation)?.expect(success())?;
                shown(probe, user.path())?.expect(self.alone(value))?;
            }
        }
        Ok(())
    }
}

fn manager() -> (String, String) {
    (format!("{}:manager", urn::ENTERPRISE_USER), format!("/{}/manager/value", urn::ENTERPRISE_USER))
}

/// Somebody who reports to somebody.
fn subordinate(probe: &Probe) -> Result<(Given, Given), Stop> {
    let manager_given = probe.given(minimal_user())?;
    let extension = json!({ "manager": { "value": manager_given.id } });
    let user = probe.given(minimal_user().with(urn::ENTERPRISE_USER, extension))?;
    let (_, pointer) = manager();
    shown(probe, user.path())?.require(equals(&pointer, manager_given.id.as_str()))?;
    Ok((user, manager_given))
}

fn manager_can_be_replaced(probe: &mut Probe) -> Outcome {
    let (user, _) = subordinate(probe)?;
    let next = probe.given(minimal_user())?;
    let (path, pointer) = manager();
    let operation = json!([{ "op": "replace", "path": path, "value": next.id }]);
    modify(probe, user.path(), operation)?.expect(success())?;
    shown(probe, user.path())?.expect(equals(&pointer, next.id))
}

fn manager_can_be_removed(probe: &mut Probe) -> Outcome {
    let (user, former) = subordinate(probe)?;
    let (path, pointer) = manager();
    modify(probe, user.path(), json!([{ "op": "remove", "path": path }]))?.expect(success())?;
    shown(probe, user.path())?.expect(differs(&pointer, former.id))
}

fn patched_values_come_back(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let texts = [
        ("displayName", " Zoë  O’Neill "),
        ("title", "Engineer, R&D "),
        ("name.familyName", "O’Neill-Åström"),
        ("preferredLanguage", "nb-NO"),
    ];
    let published = &probe.service().published;
    let offered: Vec<_> = texts.into_iter().filter(|(path, _)| published.can_be_written(path)).collect();
    let email = capitalised_address(probe, &format!("Zoe.{}", user.name));
    let mut operations: Vec<Value> =
        offered.iter().map(|(path, text)| json!({ "op": "add", "path": path, "value": text })).collect();
    let emails = json!([{ "type": "work", "value": email }]);
    operations.push(json!({ "op": "add", "path": "emails", "value": emails }));
    modify(probe, user.path(), operations.into())?.expect(success())?;
    let read = shown(probe, user.path())?;
    for (path, text) in offered {
        read.expect(equals(&format!("/{}", path.replace('.', "/")), text))?;
    }
    read.expect(pointer_that("/emails", format!("the e-mail {email}"), move |emails| {
        emails.as_array().into_iter().flatten().any(|found| found.get("value") == Some(&json!(email)))
    }))
}
