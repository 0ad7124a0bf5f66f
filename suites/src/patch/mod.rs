//! RFC 7644 §3.5.2: modifying a resource.
//!
//! A row patches a person of its own and then looks, by an independent read, at what has become of it.

pub(crate) mod add;
pub(crate) mod answers;
pub(crate) mod errors;
pub(crate) mod members;
pub(crate) mod remove;
pub(crate) mod replace;
pub(crate) mod rules;

use harness::expect::{equals, pointer_that, status_among, success};
use harness::{
    Capability, Check, Expectation, Outcome, Probe, Procedure, Reply, Stop, Template, capability,
    minimal_user,
};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

/// What a row needs of the target.
pub(super) const PATCHES: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER];
/// The same, with the Enterprise extension.
pub(super) const PATCHES_ENTERPRISE: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER];

/// Operations on one person, and what a later read is to show.
pub(crate) struct Change {
    operations: fn() -> Value,
    then: fn() -> Vec<Expectation>,
    under: &'static [ReqId],
}

impl Change {
    pub(super) const fn new(
        operations: fn() -> Value,
        then: fn() -> Vec<Expectation>,
        under: &'static [ReqId],
    ) -> Self {
        Self { operations, then, under }
    }

    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(PATCHES)
    }

    #[track_caller]
    pub(super) const fn enterprise(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(PATCHES_ENTERPRISE)
    }
}

impl Procedure for Change {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let person = probe.given(person(probe))?.keeps(&["displayName", "name", "emails"])?;
        let reply = patch(probe, person.path(), &(self.operations)())?;
        reply.expect(status_among(&[200, 204]))?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        for expectation in (self.then)() {
            stored.expect(expectation)?;
        }
        // Whatever else was done, what nobody named is as it was.
        stored.expect(equals("/userName", person.body.get("userName").cloned().unwrap_or_default()))
    }
}

/// Somebody with an attribute of every form; of the Enterprise extension where the target has it.
pub(super) fn person(probe: &Probe) -> Template {
    let template = minimal_user()
        .with("displayName", "Before")
        .with("userType", "Nick")
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with(
            "emails",
            json!([
                { "value": "work@example.com", "type": "work", "primary": true },
                { "value": "home@example.com", "type": "home" },
            ]),
        );
    if probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        template.with(urn::ENTERPRISE_USER, json!({ "department": "Engines", "costCenter": "7" }))
    } else {
        template
    }
}

/// Sends operations.
pub(super) fn patch(probe: &Probe, path: &str, operations: &Value) -> Result<Reply, Stop> {
    probe.patch(path, &json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
}

/// A pointer to an attribute of the Enterprise extension.
pub(super) fn enterprise(attribute: &str) -> String {
    format!("/{}/{attribute}", urn::ENTERPRISE_USER)
}

/// The addresses are exactly these, in any order.
pub(super) fn addresses(wanted: &'static [&'static str]) -> Expectation {
    pointer_that("/emails", format!("exactly the addresses {wanted:?}"), move |emails| {
        let values = emails.as_array().into_iter().flatten().filter_map(|email| email.get("value")?.as_str());
        let mut seen: Vec<&str> = values.collect();
        seen.sort_unstable();
        seen == wanted
    })
}

/// The address of a type has this value at one of its sub-attributes.
pub(super) fn address_of(kind: &'static str, attribute: &'static str, wanted: &'static str) -> Expectation {
    pointer_that("/emails", format!("{attribute} {wanted:?} in the {kind} address"), move |emails| {
        let mut of_kind =
            emails.as_array().into_iter().flatten().filter(|email| email.get("type") == Some(&json!(kind)));
        of_kind.any(|email| email.get(attribute) == Some(&json!(wanted)))
    })
}
