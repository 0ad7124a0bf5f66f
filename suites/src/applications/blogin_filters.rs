//! What filters may name at BlogIn.

use harness::expect::{lists_exactly, present, scim_type, scim_type_among, status, status_among, success};
use harness::{Check, Outcome, Probe, Procedure, Stop, capability, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use crate::applications::blogin::person;
use crate::applications::search;
use crate::requirements::blogin as rules;

pub(super) const CHECKS: &[Check] = &[
    ACTIVE.check("blogin.filters-on-active", "users can be filtered by active"),
    TITLE.check("blogin.filters-on-the-title", "users can be filtered by title"),
    NAMES.check("blogin.filters-on-the-names", "users can be filtered by given, family and formatted name"),
    EMAIL.check("blogin.filters-on-the-email", "users can be filtered by e-mail"),
    PHONE.check("blogin.filters-on-the-phone", "users can be filtered by phone number"),
    Check::active("blogin.other-filters-are-refused", &other_filters_are_refused)
        .title("a filter that names what users do not have here is refused with invalidFilter")
        .verifies(&[rules::G_05])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
    Check::active("blogin.passwords-cannot-be-searched", &passwords_cannot_be_searched)
        .title("a filter on the password is refused")
        .verifies(&[rules::G_05])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
];
const _: () = sound(CHECKS);

/// Something that a filter may name: its path there, and where it stands in a user.
struct Mapped(&'static [(&'static str, &'static str)]);

static ACTIVE: Mapped = Mapped(&[("active", "/active")]);
static TITLE: Mapped = Mapped(&[("title", "/title")]);
static NAMES: Mapped = Mapped(&[
    ("name.givenName", "/name/givenName"),
    ("name.familyName", "/name/familyName"),
    ("name.formatted", "/name/formatted"),
]);
static EMAIL: Mapped = Mapped(&[("emails.value", "/emails/0/value")]);
static PHONE: Mapped = Mapped(&[("phoneNumbers.value", "/phoneNumbers/0/value")]);

impl Mapped {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        let needs = &[capability::CREATE_USER, capability::FILTER_USER];
        Check::active(id, self).title(title).verifies(&[rules::G_05]).needs(needs)
    }
}

impl Procedure for Mapped {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let sent = person(probe)?;
        let endpoint = probe.service().endpoint("User");
        let created = probe.post(&endpoint, &sent)?;
        created.require(success())?;
        let id = created.text("/id")?.to_owned();
        let name = sent.get("userName").and_then(Value::as_str).unwrap_or_default();
        // What a server keeps in a form of its own is asked for in that form.
        let stored = probe.get(&probe.service().path_of("User", &id))?;
        stored.require(success())?;
        for (path, pointer) in self.0 {
            stored.require(present(pointer))?;
            if !is_listed(probe, path) {
                refused(probe, path, stored.at(pointer).unwrap_or(&Value::Null))?;
                continue;
            }
            let held = stored.at(pointer).cloned().unwrap_or_default();
            let other = if held.is_boolean() {
                json!(held != true)
            } else {
                json!(probe.service().address("nobody"))
            };
            for (value, wanted) in [(held, vec![id.clone()]), (other, Vec::new())] {
                let filter = format!("userName eq \"{name}\" and {path} eq {value}");
                let found = search(probe, &endpoint, &filter)?;
                if !found.succeeded() {
                    // Who knows no `and` has not looked at what is asked for here.
                    let twin = format!("userName eq \"{name}\" and userName eq \"{name}\"");
                    search(probe, &endpoint, &twin)?.require(success())?;
                }
                found.expect(status(200))?;
                found.expect(lists_exactly(&wanted))?;
            }
        }
        Ok(())
    }
}

/// Whether filters may name an attribute, by the list of the profile.
fn is_listed(probe: &Probe, path: &str) -> bool {
    let profile = probe.service().profile.as_ref();
    let listed = profile.and_then(|profile| profile.types.get("User")?.filters.as_ref());
    let whole = path.split('.').next().unwrap_or(path);
    listed.is_none_or(|listed| listed.iter().any(|known| known == path || known == whole))
}

fn passwords_cannot_be_searched(probe: &mut Probe) -> Outcome {
    let refused = search(probe, &probe.service().endpoint("User"), "password eq \"nobody\"")?;
    refused.expect(status_among(&[400, 403]))?;
    refused.expect(scim_type_among(&[ScimType::InvalidFilter, ScimType::Sensitive]))
}

fn refused(probe: &Probe, path: &str, value: &Value) -> Outcome {
    let refused = search(probe, &probe.service().endpoint("User"), &format!("{path} eq {value}"))?;
    refused.expect(status(400))?;
    refused.expect(scim_type(ScimType::InvalidFilter))
}

fn other_filters_are_refused(probe: &mut Probe) -> Outcome {
    let others = ["externalId", "displayName", "nickName"].into_iter().filter(|path| !is_listed(probe, path));
    let others: Vec<&str> = others.collect();
    if others.is_empty() {
        return Err(Stop::NotSupported("an attribute that filters may not name".to_owned()));
    }
    others.into_iter().try_for_each(|path| refused(probe, path, &json!("nobody")))
}
