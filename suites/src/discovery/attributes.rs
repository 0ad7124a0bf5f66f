//! What the published schemas say of their attributes: RFC 7643 §2 and §7.

use harness::expect::{holds, pointer_that, status};
use harness::{Check, Outcome, Probe, sound};
use protocol::endpoint::SCHEMAS;
use protocol::urn;
use record::{At, ReqId};
use serde_json::Value;

use super::schemas::listed;
use crate::places;
use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.schema-characteristics-are-known", &characteristics_are_known)
        .title(
            "type, mutability, returned and uniqueness of every attribute are values that the standard knows",
        )
        .verifies(&[rfc7643::CHARACTERISTIC_VALUES_ENUMERATED, rfc7643::ATTRIBUTE_TYPE_FROM_LIST])
        .reads_only(),
    Check::active("discovery.schema-names-follow-the-grammar", &names_follow_the_grammar)
        .title("every attribute name follows the grammar")
        .verifies(&[rfc7643::ATTRIBUTE_NAME_CHARACTERS_LIMITED])
        .reads_only(),
    Check::active("discovery.schema-complexity-is-flat", &complexity_is_flat)
        .title("complex attributes list their sub-attributes, and none of these is complex itself")
        .verifies(&[rfc7643::COMPLEX_NEVER_NESTS_COMPLEX, rfc7643::COMPLEX_LISTS_SUBATTRIBUTES])
        .reads_only(),
    Check::active("discovery.schema-hides-the-password", &hides_the_password)
        .title("the User schema marks the password as write-only and never returned")
        .verifies(&[rfc7643::PASSWORD_WRITEONLY_RETURNED_NEVER])
        .reads_only(),
];
const _: () = sound(CHECKS);

const TYPES: &[&str] =
    &["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"];

/// Judges every attribute and sub-attribute of the schemas that describe resources, naming the offenders and pointing at each.
pub(super) fn every_attribute<F>(probe: &Probe, words: &str, requirement: ReqId, judge: F) -> Outcome
where
    F: Fn(&Value, bool) -> Result<(), String>,
{
    let reply = listed(probe)?;
    let schemas = reply.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // The schema of schemas nests by its nature (RFC 7643 §7), so it is no example.
    let describing = schemas.iter().enumerate();
    let describing = describing.filter(|(_, schema)| schema.get("id").is_none_or(|id| id != urn::SCHEMA));
    let all = describing.flat_map(|(index, schema)| attributes(schema, &format!("/Resources/{index}")));
    let offenders = all.filter_map(|Published { pointer, path, attribute, nested }| {
        judge(attribute, nested).err().map(|reason| (pointer, format!("{path}: {reason}")))
    });
    let outcome = places::unless(offenders.collect());
    reply.expect(holds(words, At::Body, outcome).under(requirement))
}

/// An attribute as a schema describes it.
pub(super) struct Published<'a> {
    /// Where it stands.
    pointer: String,
    /// Its name, behind that of the attribute that it is a part of.
    path: String,
    pub(super) attribute: &'a Value,
    /// Whether it is a sub-attribute.
    nested: bool,
}

/// The attributes of a schema that stands at a pointer.
pub(super) fn attributes<'a>(schema: &'a Value, pointer: &str) -> Vec<Published<'a>> {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or("?").to_owned();
    let list = |value: &'a Value, member: &str| {
        value.get(member).and_then(Value::as_array).into_iter().flatten().enumerate()
    };
    let mut all = Vec::new();
    for (index, attribute) in list(schema, "attributes") {
        let (path, pointer) = (name(attribute), format!("{pointer}/attributes/{index}"));
        for (index, part) in list(attribute, "subAttributes") {
            all.push(Published {
                pointer: format!("{pointer}/subAttributes/{index}"),
                path: format!("{path}.{}", name(part)),
                attribute: part,
                nested: true,
            });
        }
        all.push(Published { pointer, path, attribute, nested: false });
    }
    all
}

fn text<'a>(attribute: &'a Value, member: &str) -> Option<&'a str> {
    attribute.get(member).and_then(Value::as_str)
}

fn characteristics_are_known(probe: &mut Probe) -> Outcome {
    // Values in schemas are case-insensitive where nothing else is said (RFC 7643 §7).
    let among = |attribute: &Value, member: &str, known: &[&str]| match text(attribute, member) {
        Some(value) if !known.iter().any(|known| known.eq_ignore_ascii_case(value)) => {
            Err(format!("{member} {value:?}"))
        }
        Some(_) | None => Ok(()),
    };
    every_attribute(probe, "a type of the standard", rfc7643::ATTRIBUTE_TYPE_FROM_LIST, |attribute, _| {
        among(attribute, "type", TYPES)
    })?;
    every_attribute(
        probe,
        "characteristics of the standard",
        rfc7643::CHARACTERISTIC_VALUES_ENUMERATED,
        |attribute, _| {
            among(attribute, "mutability", &["readOnly", "readWrite", "immutable", "writeOnly"])?;
            among(attribute, "returned", &["always", "never", "default", "request"])?;
            among(attribute, "uniqueness", &["none", "server", "global"])
        },
    )
}

fn names_follow_the_grammar(probe: &mut Probe) -> Outcome {
    let requirement = rfc7643::ATTRIBUTE_NAME_CHARACTERS_LIMITED;
    every_attribute(
        probe,
        "a letter, then letters, digits, '$', '-' or '_'",
        requirement,
        |attribute, nested| {
            let name = text(attribute, "name").unwrap_or_default();
            let mut letters = name.chars();
            let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
            let rest = letters.all(|letter| letter.is_ascii_alphanumeric() || "$-_".contains(letter));
            // '$ref' begins with a dollar by the standard's own hand.
            if (first && rest) || (nested && name == "$ref") { Ok(()) } else { Err(format!("{name:?}")) }
        },
    )
}

fn complexity_is_flat(probe: &mut Probe) -> Outcome {
    let is_complex = |attribute: &Value| text(attribute, "type") == Some("complex");
    every_attribute(
        probe,
        "no complex attribute inside another",
        rfc7643::COMPLEX_NEVER_NESTS_COMPLEX,
        |attribute, nested| {
            if nested && is_complex(attribute) { Err("complex inside complex".to_owned()) } else { Ok(()) }
        },
    )?;
    every_attribute(
        probe,
        "sub-attributes on complex attributes",
        rfc7643::COMPLEX_LISTS_SUBATTRIBUTES,
        |attribute, _| {
            let has_some =
                attribute.get("subAttributes").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
            if is_complex(attribute) && !has_some { Err("no subAttributes".to_owned()) } else { Ok(()) }
        },
    )
}

fn hides_the_password(probe: &mut Probe) -> Outcome {
    let reply = probe.document(&format!("{SCHEMAS}/{}", urn::USER))?;
    reply.require(status(200))?;
    let attributes = reply.at("/attributes").and_then(Value::as_array);
    let index = attributes
        .and_then(|list| list.iter().position(|attribute| text(attribute, "name") == Some("password")));
    let Some(index) = index else {
        reply.note("the User schema has no password");
        return Ok(());
    };
    let says = |characteristic: &str, wanted: &'static str| {
        let pointer = format!("/attributes/{index}/{characteristic}");
        pointer_that(&pointer, wanted, move |value| {
            value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(wanted))
        })
    };
    reply.expect(says("mutability", "writeOnly"))?;
    reply.expect(says("returned", "never"))
}
