//! RFC 7643 §2.3 and §3: what every resource has, and the form of its values.

use harness::expect::{equals, holds, pointer_that, present, success, text};
use harness::{Check, Outcome, Probe, Reply, Stop, Template, capability, minimal_group, minimal_user, sound};
use protocol::urn;
use record::At;
use serde_json::{Value, json};

use crate::requirements::rfc7643;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("read.common-attributes-everywhere", &common_attributes_everywhere)
        .title("users and groups have an id and meta, and keep an externalId")
        .verifies(&[
            rfc7643::COMMON_ATTRIBUTES_ON_EVERY_RESOURCE,
            rfc7643::COMMON_ATTRIBUTES_EXEMPT_DISCOVERY,
        ])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("read.values-have-their-type", &values_have_their_type)
        .title("every value has the JSON form of the type that its schema gives it")
        .verifies(&[rfc7643::TYPES_HAVE_FIXED_JSON_FORM])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("read.location-leads-back", &location_leads_back)
        .title("meta.location, alone and in a list, leads to the resource that shows it")
        .verifies(&[rfc7643::REFERENCE_GET_YIELDS_TARGET])
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::LIST_USERS]),
];
const _: () = sound(CHECKS);

fn common_attributes_everywhere(probe: &mut Probe) -> Outcome {
    let groups = probe.service().capabilities.contains(&capability::CREATE_GROUP);
    let templates = [minimal_user(), minimal_group()];
    for template in templates.into_iter().take(if groups { 2 } else { 1 }) {
        let stored = read_anew(probe, template.with("externalId", "Common-1"))?;
        let described = pointer_that("/meta", "an object", Value::is_object);
        for own in [text("/id"), described] {
            stored.expect(own.under(rfc7643::COMMON_ATTRIBUTES_EXEMPT_DISCOVERY))?;
        }
        stored.expect(equals("/externalId", "Common-1"))?;
    }
    Ok(())
}

fn read_anew(probe: &Probe, template: Template) -> Result<Reply, Stop> {
    let created = probe.given(template)?;
    let stored = probe.get(created.path())?;
    stored.require(success())?;
    Ok(stored)
}

fn values_have_their_type(probe: &mut Probe) -> Outcome {
    let schema = probe.document(&format!("/Schemas/{}", urn::USER))?;
    if !schema.succeeded() {
        return Err(Stop::NotSupported("a published schema of users".to_owned()));
    }
    let address = kept::address(probe, "ada");
    let template = minimal_user()
        .with("displayName", "Ada Lovelace")
        .with("title", "Analyst")
        .with("active", true)
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with("emails", json!([{ "value": address, "type": "work", "primary": true }]));
    let stored = read_anew(probe, template.as_offered(&probe.service().published))?;
    let attributes = schema.at("/attributes").cloned().unwrap_or_default();
    let mut misfits = Vec::new();
    stored.at("").into_iter().for_each(|user| find_misfits(&attributes, user, "", &mut misfits));
    stored.expect(present("/userName"))?;
    stored.expect(holds("values of the published types", At::Body, places::unless(misfits)))
}

/// The values that do not have the form of their type, each with its place. What is unset has none, whatever stands for it.
fn find_misfits(attributes: &Value, object: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    for attribute in attributes.as_array().into_iter().flatten() {
        let text = |member: &str| attribute.get(member).and_then(Value::as_str).unwrap_or_default();
        let name = text("name");
        let Some(value) = object.get(name).filter(|value| !value.is_null()) else { continue };
        let place = places::child(pointer, name);
        let several = attribute.get("multiValued") == Some(&Value::Bool(true));
        let parts = attribute.get("subAttributes").unwrap_or(&Value::Null);
        if several && !value.is_array() {
            found.push((place.clone(), format!("{value} at {place}, which has several values")));
            continue;
        }
        let values = if several { places::each(place, value) } else { vec![(place, value)] };
        for (place, value) in values {
            if fits(text("type"), value) {
                find_misfits(parts, value, &place, found);
            } else {
                let told = format!("{value} at {place}, which is of type {}", text("type"));
                found.push((place, told));
            }
        }
    }
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind.to_ascii_lowercase().as_str() {
        "string" | "datetime" | "binary" | "reference" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "decimal" => value.is_number(),
        "complex" => value.is_object(),
        // A type that the standard does not know is the business of another check.
        _ => true,
    }
}

fn location_leads_back(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    leads_back(probe, &stored, "")?;
    // Only what this check created stays where it is for as long as it looks.
    let name = user.body.get("userName").and_then(Value::as_str).unwrap_or(&user.name);
    let filter = format!("userName eq {}", Value::from(name));
    let list = probe.send(client::Request::get(probe.service().endpoint("User")).query("filter", &filter))?;
    if probe.service().claims("filter") {
        list.require(success())?;
    }
    let listed = list.at("/Resources").and_then(Value::as_array);
    let own = listed.and_then(|listed| {
        listed.iter().position(|listed| listed.get("id").and_then(Value::as_str) == Some(&user.id))
    });
    match own {
        Some(place) => leads_back(probe, &list, &format!("/Resources/{place}")),
        None => {
            list.note("the list does not find the user by userName, so its addresses were not followed");
            Ok(())
        }
    }
}

/// An address that may be relative, to the host or to the base URL.
fn absolute(base: &str, location: &str) -> String {
    let host = base.find("://").map_or(0, |scheme| scheme + 3);
    let path = base.get(host..).and_then(|rest| rest.find('/')).map_or(base.len(), |slash| host + slash);
    match location {
        _ if location.contains("://") => location.to_owned(),
        _ if location.starts_with('/') => format!("{}{location}", base.get(..path).unwrap_or_default()),
        _ => format!("{base}/{location}"),
    }
}

fn leads_back(probe: &Probe, shown: &Reply, pointer: &str) -> Outcome {
    let at = |member: &str| shown.at(&format!("{pointer}/{member}"));
    let Some(location) = at("meta/location").and_then(Value::as_str) else {
        shown.note("meta.location is not given");
        return Ok(());
    };
    if location.contains("://") && !location.starts_with(&probe.service().base) {
        shown.note("addresses name another host than the base URL, so they were not followed");
        return Ok(());
    }
    let there = probe.get(&absolute(&probe.service().base, location))?;
    there.expect(success())?;
    there.expect(equals("/id", at("id").cloned().unwrap_or_default()))
}
