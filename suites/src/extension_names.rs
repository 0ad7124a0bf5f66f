//! RFC 7643 §2.1: the attributes of an extension have names like all others.

use harness::expect::{equals, success};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::endpoint;
use serde_json::{Value, json};

use crate::requirements::rfc7643;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] =
    &[Check::active("create.extension-names-ignore-case", &extension_names_ignore_case)
        .title("the names of an extension's attributes are matched without regard to letter case")
        .verifies(&[rfc7643::ATTRIBUTE_NAMES_IGNORE_CASE])
        .needs(&[capability::CREATE_USER, capability::READ_USER])];
const _: () = sound(CHECKS);

/// A plain text of an extension of users, as it is published: the URI and the name.
fn extension_text(probe: &Probe) -> Result<(String, String), Stop> {
    let mut types = probe.service().resource_types.iter();
    let extensions = types.find(|kind| kind.name == "User").map(|kind| kind.extensions.clone());
    let schemas = probe.document(endpoint::SCHEMAS)?;
    let listed = || schemas.at("/Resources").and_then(Value::as_array).into_iter().flatten();
    let found = extensions.iter().flatten().find_map(|uri| {
        let mut schemas = listed().filter(|schema| schema.get("id") == Some(&json!(uri)));
        let attributes = schemas.next()?.get("attributes")?.as_array()?;
        let free = |name: &str| kept::writable(probe, &[&format!("{uri}:{name}")]).is_ok();
        let plain = attributes.iter().filter(|attribute| is_plain(attribute));
        let mut names = plain.filter_map(|attribute| attribute.get("name")?.as_str());
        names.find(|name| free(name)).map(|name| (uri.clone(), name.to_owned()))
    });
    found.ok_or_else(|| Stop::NotSupported("a text in an extension that can be written".to_owned()))
}

/// Whether an attribute is a text that takes any value, is shown, and can be written at any time (RFC 7643 §7).
fn is_plain(attribute: &Value) -> bool {
    let says = |name: &str, usual: &str| {
        let word = attribute.get(name).and_then(Value::as_str).unwrap_or(usual);
        word.eq_ignore_ascii_case(usual)
    };
    let has_none = |name: &str| attribute.get(name).and_then(Value::as_array).is_none_or(Vec::is_empty);
    says("type", "string")
        && says("mutability", "readWrite")
        && says("returned", "default")
        && says("uniqueness", "none")
        && attribute.get("multiValued") != Some(&Value::Bool(true))
        && has_none("canonicalValues")
}

fn extension_names_ignore_case(probe: &mut Probe) -> Outcome {
    let (uri, name) = extension_text(probe)?;
    let pointer = places::child(&places::child("", &uri), &name);
    let create = |name: &str| {
        let body = kept::edited(&probe.fill(&minimal_user()), json!({ &uri: { name: "Engines" } }));
        probe.post(&probe.service().endpoint("User"), &named_by(body, &uri))
    };
    let plain = create(&name)?;
    plain.require(success())?;
    let stored = kept::shown(probe, &probe.service().place_of("User", &plain)?)?;
    stored.require(equals(&pointer, "Engines"))?;
    let other = create(&name.to_uppercase())?;
    other.expect(success())?;
    if !other.succeeded() {
        return Ok(());
    }
    kept::shown(probe, &probe.service().place_of("User", &other)?)?.expect(equals(&pointer, "Engines"))
}

/// The body, with the URI among its schemas.
fn named_by(mut body: Value, uri: &str) -> Value {
    if let Some(Value::Array(schemas)) = body.get_mut("schemas")
        && !schemas.iter().any(|known| known == uri)
    {
        schemas.push(json!(uri));
    }
    body
}
