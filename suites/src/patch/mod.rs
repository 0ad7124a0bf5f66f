//! RFC 7644 §3.5.2: modifying a resource.
//!
//! A row patches a person of its own and then looks, by an independent read, at what has become of it.

pub(crate) mod add;
pub(crate) mod answers;
pub(crate) mod errors;
pub(crate) mod fixed;
pub(crate) mod groups;
pub(crate) mod members;
pub(crate) mod more;
pub(crate) mod remove;
pub(crate) mod replace;
pub(crate) mod rules;
pub(crate) mod selections;
pub(crate) mod twins;
pub(crate) mod values;

use harness::expect::{equals, pointer_that, same_as, status_among, success};
use harness::{
    Capability, Check, Expectation, Given, Outcome, Probe, Procedure, Reply, Stop, Template, capability,
    minimal_user,
};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

use crate::kept;
use crate::parts::Parts;

/// What a row needs of the target.
pub(crate) const PATCHES: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER];
/// The same, with the Enterprise extension.
pub(crate) const PATCHES_ENTERPRISE: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER];

/// Attributes of the Enterprise extension.
pub(super) const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
pub(super) const COST_CENTER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter";
pub(super) const DIVISION: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division";
pub(super) const EMPLOYEE_NUMBER: &str =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";

/// Operations on one person, and what a later read is to show.
pub(crate) struct Change {
    operations: fn(&Parts) -> Value,
    then: fn(&Parts) -> Vec<Expectation>,
    /// The attributes that it gives, takes, or is to leave alone.
    about: &'static [&'static str],
    /// Those that are to be without value in the end.
    unsets: &'static [&'static str],
    under: &'static [ReqId],
    /// Whether the grammar of paths leaves open if its path is one.
    open: bool,
}

impl Change {
    pub(super) const fn new(
        operations: fn(&Parts) -> Value,
        then: fn(&Parts) -> Vec<Expectation>,
        about: &'static [&'static str],
        under: &'static [ReqId],
    ) -> Self {
        Self { operations, then, about, unsets: &[], under, open: false }
    }

    pub(super) const fn unsetting(self, unsets: &'static [&'static str]) -> Self {
        Self { unsets, ..self }
    }

    pub(super) const fn open_to_reading(self) -> Self {
        Self { open: true, ..self }
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

impl Change {
    fn rest_is_taken(&self, probe: &Probe, person: &Given, parts: &Parts) -> Outcome {
        twins::rest_is_taken(probe, person, &(self.operations)(&parts.of_nobody())).map(drop)
    }
}

impl Procedure for Change {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let parts = Parts::of(probe, self.about);
        kept::removable(probe, &parts.paths(self.unsets))?;
        let (person, before) = given(probe, &parts, self.about)?;
        let reply = patch(probe, person.path(), &(self.operations)(&parts))?;
        if self.open && reply.status() == 400 {
            reply.note("a path that is the URI of an extension and nothing else is refused");
            let stored = probe.get(person.path())?;
            stored.require(success())?;
            self.rest_is_taken(probe, &person, &parts)?;
            return self.under.iter().try_for_each(|requirement| {
                stored.expect(same_as(before.json()?, "before the refusal").under(*requirement))
            });
        }
        if !reply.succeeded() {
            self.rest_is_taken(probe, &person, &parts)?;
        }
        reply.expect(status_among(&[200, 204]))?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        for expectation in (self.then)(&parts) {
            stored.expect(expectation)?;
        }
        // Whatever else was done, what nobody named is as it was.
        stored.expect(equals("/userName", before.at("/userName").cloned().unwrap_or_default()))
    }
}

/// Creates the person, where the target lets clients write these attributes, and reads it; blocked unless they stand
/// there as they were sent: what a create drops is no fault of PATCH.
pub(super) fn given(probe: &Probe, parts: &Parts, about: &[&'static str]) -> Result<(Given, Reply), Stop> {
    let about = parts.paths(about);
    kept::writable(probe, &about)?;
    let person = probe.given(person(probe, parts))?;
    let before = kept::kept(probe, &person, &about)?;
    Ok((person, before))
}

/// Somebody with an attribute of every form, as far as the target has it.
fn person(probe: &Probe, parts: &Parts) -> Template {
    let template = minimal_user()
        .with("displayName", "Before")
        .with("userType", "Nick")
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with(
            "emails",
            json!([
                { "value": parts.mail("work"), "type": "work", "primary": true },
                { "value": parts.mail("home"), "type": "home" },
            ]),
        );
    let template = if probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        template.with(urn::ENTERPRISE_USER, json!({ "department": "Engines", "costCenter": "7" }))
    } else {
        template
    };
    let wanted = parts.cast(template);
    let more = values::BESIDES.iter().filter(|(attribute, _)| parts.speak_of(attribute));
    more.fold(wanted, |wanted, (attribute, value)| wanted.with(attribute, value()))
        .as_offered(&probe.service().published)
}

/// Sends operations.
pub(crate) fn patch(probe: &Probe, path: &str, operations: &Value) -> Result<Reply, Stop> {
    probe.patch(path, &json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
}

/// A pointer to an attribute of the Enterprise extension.
pub(crate) fn enterprise(attribute: &str) -> String {
    format!("/{}/{attribute}", urn::ENTERPRISE_USER)
}

/// The addresses are exactly those that begin with these words, in any order.
pub(super) fn addresses(parts: &Parts, words: &[&str]) -> Expectation {
    let mut wanted: Vec<String> = words.iter().map(|word| parts.mail(word)).collect();
    wanted.sort_unstable();
    pointer_that("/emails", format!("exactly the addresses {wanted:?}"), move |emails| {
        let values = emails.as_array().into_iter().flatten().filter_map(|email| email.get("value")?.as_str());
        let mut seen: Vec<&str> = values.collect();
        seen.sort_unstable();
        seen == wanted
    })
}

/// The address of a type has this value at one of its sub-attributes.
pub(super) fn address_of(kind: &'static str, attribute: &'static str, wanted: String) -> Expectation {
    pointer_that("/emails", format!("{attribute} {wanted:?} in the {kind} address"), move |emails| {
        let mut of_kind =
            emails.as_array().into_iter().flatten().filter(|email| email.get("type") == Some(&json!(kind)));
        of_kind.any(|email| email.get(attribute) == Some(&json!(wanted)))
    })
}
