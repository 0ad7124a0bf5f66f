//! What users show, against what `/Schemas` says that they have: clients of Microsoft Entra fill their lists from it.

use harness::expect::{holds, status};
use harness::{Check, Outcome, Probe, Reply, Template, capability, sound};
use protocol::{endpoint, urn};
use record::At;
use serde_json::{Map, Value, json};

use crate::applications::entra_ready_users::{created_as_it_is, mapped_user};
use crate::applications::shown;
use crate::places;
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] =
    &[Check::active("entra-ready.shown-attributes-are-published", &shown_attributes_are_published)
        .title("every attribute that a user shows is in /Schemas")
        .verifies(&[rules::E_07])
        .needs(&[capability::CREATE_USER])];
const _: () = sound(CHECKS);

/// Attributes that every resource has and no schema lists, RFC 7643 §3.
const COMMON: &[&str] = &["schemas", "id", "externalId", "meta"];

/// Somebody with about all that users can have, but for what an application has words of its own for.
fn somebody(probe: &Probe) -> Template {
    let full_name = json!({
        "givenName": "Zoë", "familyName": "O’Neill", "middleName": "Ann", "honorificPrefix": "Dr.",
        "honorificSuffix": "III", "formatted": "Dr. Zoë Ann O’Neill III",
    });
    mapped_user(probe)
        .with("name", full_name)
        .with("nickName", "Zo")
        .with("profileUrl", "https://example.com/zoe")
        .with("userType", "Employee")
        .with("locale", "en-US")
        .with("timezone", "Europe/Oslo")
        .with(
            "ims",
            json!([{ "type": "xmpp", "value": "zoe@example.com", "display": "Zo", "primary": true }]),
        )
        .with("photos", json!([{ "type": "photo", "value": "https://example.com/zoe.png" }]))
}

fn shown_attributes_are_published(probe: &mut Probe) -> Outcome {
    let schemas = probe.get(endpoint::SCHEMAS)?;
    schemas.require(status(200))?;
    let (path, _) = created_as_it_is(probe, somebody(probe))?;
    let read = shown(probe, &path)?;
    let user = read.at("").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut strays = Vec::new();
    for (name, value) in user.iter().filter(|(name, _)| !COMMON.contains(&name.as_str())) {
        match value {
            Value::Object(parts) if name.starts_with("urn:") => {
                let at = (places::child("", name), format!("{name}:"));
                find_unlisted(&attributes(&schemas, name), parts, &at, &mut strays);
            }
            value => {
                let at = (String::new(), String::new());
                find_unlisted(&attributes(&schemas, urn::USER), &single(name, value), &at, &mut strays);
            }
        }
    }
    let strays = strays.into_iter().map(|(pointer, path)| {
        let told = format!("{path} is shown, and /Schemas does not list it");
        (pointer, told)
    });
    read.expect(holds("attributes that /Schemas lists", At::Body, places::unless(strays.collect())))
}

fn single(name: &str, value: &Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value.clone())])
}

/// The attributes of a schema, as it describes them.
fn attributes(schemas: &Reply, uri: &str) -> Vec<Value> {
    let mut listed = schemas.at("/Resources").and_then(Value::as_array).into_iter().flatten();
    let named = |schema: &&Value| {
        schema.get("id").and_then(Value::as_str).is_some_and(|id| id.eq_ignore_ascii_case(uri))
    };
    let schema = listed.find(named).and_then(|schema| schema.get("attributes")?.as_array());
    schema.cloned().unwrap_or_default()
}

/// The parts of an object that are not among these attributes, each with its place and its path; `at` is where the object stands
/// and what stands before the names in it. Where nothing is said of the parts of a value, nothing is held against them.
fn find_unlisted(
    attributes: &[Value],
    object: &Map<String, Value>,
    at: &(String, String),
    found: &mut Vec<(String, String)>,
) {
    let (pointer, prefix) = at;
    for (name, value) in object {
        let (place, path) = (places::child(pointer, name), format!("{prefix}{name}"));
        let named = |attribute: &&Value| {
            let known = attribute.get("name").and_then(Value::as_str);
            known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        let Some(attribute) = attributes.iter().find(named) else {
            found.push((place, path));
            continue;
        };
        let parts = attribute.get("subAttributes").and_then(Value::as_array);
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else { continue };
        for (place, value) in places::each(place, value) {
            let Some(object) = value.as_object() else { continue };
            find_unlisted(parts, object, &(place, format!("{path}.")), found);
        }
    }
}
