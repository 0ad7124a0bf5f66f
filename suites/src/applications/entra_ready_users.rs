//! How the provisioning service of Microsoft Entra finds users, and what it sends of them.

use client::Request;
use harness::expect::{equals, lists_exactly, pointer_that, status, success};
use harness::{Check, Given, Outcome, Probe, Reply, Stop, Template, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use crate::applications::{capitalised_address, shown};
use crate::requirements::entra_ready as rules;
use crate::rich;

pub(super) const CHECKS: &[Check] = &[
    Check::active("entra-ready.match-query-answers-200", &match_query_answers_200)
        .title("the query by which users are matched answers 200, also when it finds nobody")
        .verifies(&[rules::E_01])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
    Check::active("entra-ready.every-matching-attribute-finds", &every_matching_attribute_finds)
        .title("users are found by externalId, and by whatever else the profile says they are matched by")
        .verifies(&[rules::E_01])
        .needs(&[capability::CREATE_USER, capability::FILTER_USER]),
    Check::active("entra-ready.returns-what-was-sent", &returns_what_was_sent)
        .title("a read returns what a create sent, of all that the usual mapping maps")
        .verifies(&[rules::E_03])
        .needs(&[capability::CREATE_USER]),
];
const _: () = sound(CHECKS);

/// What users can be matched by, beside their userName: the path, the filter that the client makes of it, and the value
/// in a body, where `{name}` stands for a name of its own.
const MATCHED: &[Matched] = &[
    Matched { path: "externalId", filter: "externalId", top: "externalId", value: |name| json!(name) },
    Matched { path: "displayName", filter: "displayName", top: "displayName", value: |name| json!(name) },
    Matched {
        path: "emails.value",
        // The path of the mapping goes into the filter as it stands.
        filter: "emails[type eq \"work\"].value",
        top: "emails",
        value: |name| json!([{ "type": "work", "value": name, "primary": true }]),
    },
    Matched {
        path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        filter: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        top: urn::ENTERPRISE_USER,
        value: |name| json!({ "employeeNumber": name }),
    },
];

struct Matched {
    path: &'static str,
    filter: &'static str,
    top: &'static str,
    value: fn(&str) -> Value,
}

fn users_where(probe: &Probe, attribute: &str, value: &str) -> Result<Reply, Stop> {
    let endpoint = probe.service().endpoint("User");
    probe.send(Request::get(&endpoint).query("filter", &format!("{attribute} eq \"{value}\"")))
}

/// Holds where a query finds this user alone, and for another value nobody.
fn found_by(probe: &Probe, attribute: &str, value: &str, user: &Given) -> Outcome {
    let found = users_where(probe, attribute, value)?;
    found.expect(status(200))?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    let nobody = users_where(probe, attribute, &format!("nobody-{value}"))?;
    nobody.expect(status(200))?;
    nobody.expect(equals("/totalResults", 0))
}

fn match_query_answers_200(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    found_by(probe, "userName", &user.name, &user)
}

fn every_matching_attribute_finds(probe: &mut Probe) -> Outcome {
    let other = probe.given(minimal_user())?;
    // Who finds nobody by anything is told so once, by the check of userName.
    users_where(probe, "userName", &other.name)?.require(success())?;
    let declared = probe.service().matching().to_vec();
    let is_matched = |path: &str| path == "externalId" || declared.iter().any(|known| known == path);
    for Matched { filter, top, value, .. } in MATCHED.iter().filter(|matched| is_matched(matched.path)) {
        let name = probe.service().address(&other.name);
        let template = minimal_user().with(top, value(&name)).as_offered(&probe.service().published);
        let user = probe.given(template)?;
        found_by(probe, filter, &name, &user)?;
    }
    Ok(())
}

/// A user with all that the default mapping of the client maps, less the manager, who comes in a request of its own.
pub(super) fn mapped_user(probe: &Probe) -> Template {
    // Addresses and external ids may have to be unlike all others.
    let name = rich::tag(probe);
    let address = json!({
        "type": "work", "formatted": "18/2111", "streetAddress": "Bjølsengata 1 B", "locality": "Oslo",
        "region": "03", "postalCode": "0468", "country": "NO",
    });
    let phones = json!([
        { "type": "work", "value": "+1 (425) 555-0100 x12" },
        { "type": "mobile", "value": "+1-425-555-0101" },
        { "type": "fax", "value": "425.555.0102" },
    ]);
    minimal_user()
        .with("externalId", format!("Zoe.{name}"))
        .with("active", false)
        .with("displayName", "Zoë O’Neill")
        .with("title", "Engineer, R&D")
        .with("preferredLanguage", "en-US")
        .with(
            "name",
            json!({ "givenName": "Zoë", "familyName": "O’Neill-Åström", "formatted": "Zoë O’Neill-Åström" }),
        )
        .with(
            "emails",
            json!([{ "type": "work", "value": capitalised_address(probe, &format!("Zoe.{name}")), "primary": true }]),
        )
        .with("addresses", json!([address]))
        .with("phoneNumbers", phones)
}

fn returns_what_was_sent(probe: &mut Probe) -> Outcome {
    let mut template = mapped_user(probe);
    if probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        template = template
            .with(urn::ENTERPRISE_USER, json!({ "employeeNumber": "000701984", "department": "R&D / Søk" }));
    }
    let (path, sent) = created_as_it_is(probe, template)?;
    let read = shown(probe, &path)?;
    let sent = sent.as_object().into_iter().flatten().filter(|(name, _)| *name != "schemas");
    for (name, sent) in sent {
        returned(probe, &read, (&format!("/{name}"), name), sent)?;
    }
    Ok(())
}

/// Creates somebody with attributes that the target may not publish; who refuses those gets the others alone. Gives the
/// path, and what was sent.
pub(super) fn created_as_it_is(probe: &Probe, template: Template) -> Result<(String, Value), Stop> {
    probe.given(minimal_user())?;
    let endpoint = probe.service().endpoint("User");
    let body = probe.fill(&template);
    let created = probe.post(&endpoint, &body)?;
    if created.status() == 400 {
        created.note("attributes that are not published are refused");
        let user = probe.given(template.as_offered(&probe.service().published))?;
        return Ok((user.path, user.sent));
    }
    created.require(success())?;
    Ok((probe.service().place_of("User", &created)?, body))
}

/// Holds where the value at a pointer is, or has, all that was sent of what the target offers. What it does not offer it
/// may drop.
fn returned(probe: &Probe, read: &Reply, (pointer, path): (&str, &str), sent: &Value) -> Outcome {
    let offers = |path: &str| probe.service().published.offers(path);
    let joint = if path.starts_with("urn:") { ':' } else { '.' };
    match sent {
        Value::Object(parts) => parts.iter().try_for_each(|(name, part)| {
            returned(probe, read, (&format!("{pointer}/{name}"), &format!("{path}{joint}{name}")), part)
        }),
        Value::Array(items) => items.iter().try_for_each(|item| {
            let parts = item.as_object().into_iter().flatten();
            let offered = parts.filter(|(name, _)| offers(&format!("{path}.{name}")));
            let wanted: Vec<(String, Value)> =
                offered.map(|(name, value)| (name.clone(), value.clone())).collect();
            if !offers(path) || wanted.is_empty() {
                return Ok(());
            }
            let words = format!("a value that has {item}");
            read.expect(pointer_that(pointer, words, move |shown| {
                let has_all = |shown: &Value| wanted.iter().all(|(name, sent)| shown.get(name) == Some(sent));
                shown.as_array().is_some_and(|shown| shown.iter().any(has_all))
            }))
        }),
        _ if !offers(path) && read.at(pointer).is_none() => Ok(()),
        simple => read.expect(equals(pointer, simple.clone())),
    }
}
