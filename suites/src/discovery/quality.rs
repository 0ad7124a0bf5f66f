//! Whether schemas and resource types say all that they have to, and say nothing that cannot be: RFC 7643 §6 and §7.

use harness::expect::{holds, pointer_that, status, text};
use harness::{Check, Outcome, Probe, Procedure, Reply, Stop, sound};
use protocol::endpoint::{RESOURCE_TYPES, SCHEMAS};
use record::{At, ReqId};
use serde_json::Value;

use super::attributes::{attributes, every_attribute};
use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.types-say-what-is-required", &types_say_what_is_required)
        .title("each resource type has a name, an endpoint and a base schema")
        .verifies(&[rfc7643::RESOURCETYPE_ATTRIBUTES_REQUIRED])
        .reads_only(),
    TYPES.check("discovery.type-descriptions-say-something", "a resource type's description is not empty"),
    NAMES.check("discovery.schema-names-say-something", "a schema's name is not empty"),
    DESCRIPTIONS.check("discovery.schema-descriptions-say-something", "a schema's description is not empty"),
    Check::active("discovery.attribute-descriptions-say-something", &attributes_are_described)
        .title("the description of an attribute is not empty")
        .verifies(&[rfc7643::ATTRIBUTE_DESCRIPTION_GIVEN])
        .reads_only(),
    Check::active("discovery.schema-attributes-are-named", &attributes_are_named)
        .title("each schema has an id and lists its attributes, and each attribute has a name")
        .verifies(&[rfc7643::SCHEMA_ATTRIBUTES_REQUIRED, rfc7643::SCHEMA_ID_ALWAYS_RETURNED])
        .reads_only(),
    Check::active("discovery.schema-simple-is-undivided", &simple_is_undivided)
        .title("an attribute of a simple type has no sub-attributes")
        .verifies(&[rfc7643::SIMPLE_ATTRIBUTE_HAS_NO_SUBATTRIBUTES])
        .reads_only(),
    Check::active("discovery.schema-flags-are-booleans", &flags_are_booleans)
        .title("multiValued and required are true or false")
        .verifies(&[rfc7643::MULTIVALUED_IS_BOOLEAN, rfc7643::REQUIRED_IS_BOOLEAN_AND_ENFORCED])
        .reads_only(),
    Check::active("discovery.schema-references-have-types", &references_have_types)
        .title("only references have reference types, and these are resource types, external or uri")
        .verifies(&[rfc7643::REFERENCETYPES_ONLY_FOR_REFERENCES])
        .reads_only(),
];
const _: () = sound(CHECKS);

/// What a list of discovery holds; another check says of one that holds nothing what has to be said.
fn listed(probe: &Probe, endpoint: &str) -> Result<(Reply, usize), Stop> {
    let reply = probe.document(endpoint)?;
    reply.require(status(200))?;
    reply.require(pointer_that("/Resources", "a non-empty array", |list| {
        list.as_array().is_some_and(|list| !list.is_empty())
    }))?;
    let count = reply.at("/Resources").and_then(Value::as_array).map_or(0, Vec::len);
    Ok((reply, count))
}

fn types_say_what_is_required(probe: &mut Probe) -> Outcome {
    let (reply, count) = listed(probe, RESOURCE_TYPES)?;
    (0..count).try_for_each(|index| {
        let mut members = ["name", "endpoint", "schema"].iter();
        members.try_for_each(|member| reply.expect(text(&format!("/Resources/{index}/{member}"))))
    })
}

/// A text that a server gives where it has something to say: leaving it out is lawful, an empty one says nothing.
struct Told {
    endpoint: &'static str,
    member: &'static str,
    under: &'static [ReqId],
}

const TYPES: &Told = &Told {
    endpoint: RESOURCE_TYPES,
    member: "description",
    under: &[rfc7643::RESOURCETYPE_DESCRIPTION_GIVEN],
};
const NAMES: &Told = &Told { endpoint: SCHEMAS, member: "name", under: &[rfc7643::SCHEMA_NAME_GIVEN] };
const DESCRIPTIONS: &Told =
    &Told { endpoint: SCHEMAS, member: "description", under: &[rfc7643::SCHEMA_DESCRIPTION_GIVEN] };

impl Told {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).reads_only()
    }
}

impl Procedure for Told {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (reply, count) = listed(probe, self.endpoint)?;
        for index in 0..count {
            let pointer = format!("/Resources/{index}/{}", self.member);
            if reply.at(&pointer).is_none() {
                reply.note(&format!("{pointer} is not given"));
                reply.expect(holds("a text, or none", At::Body, Ok::<(), String>(())))?;
                continue;
            }
            reply.expect(text(&pointer))?;
        }
        Ok(())
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}

fn attributes_are_described(probe: &mut Probe) -> Outcome {
    every_attribute(probe, "a text, or none", rfc7643::ATTRIBUTE_DESCRIPTION_GIVEN, |attribute, _| {
        match attribute.get("description") {
            Some(given) if is_blank(given) => Err(format!("description {given}")),
            Some(_) | None => Ok(()),
        }
    })
}

fn attributes_are_named(probe: &mut Probe) -> Outcome {
    let (reply, count) = listed(probe, SCHEMAS)?;
    for index in 0..count {
        reply.expect(text(&format!("/Resources/{index}/id")).under(rfc7643::SCHEMA_ID_ALWAYS_RETURNED))?;
        reply.expect(pointer_that(&format!("/Resources/{index}/attributes"), "an array", Value::is_array))?;
    }
    every_attribute(probe, "a name", rfc7643::SCHEMA_ATTRIBUTES_REQUIRED, |attribute, _| {
        if attribute.get("name").is_none_or(is_blank) { Err("no name".to_owned()) } else { Ok(()) }
    })
}

fn simple_is_undivided(probe: &mut Probe) -> Outcome {
    let requirement = rfc7643::SIMPLE_ATTRIBUTE_HAS_NO_SUBATTRIBUTES;
    every_attribute(probe, "no sub-attributes in a simple attribute", requirement, |attribute, _| {
        // Where no type is given it is the default, which is simple (RFC 7643 §2.2).
        let kind = attribute.get("type").and_then(Value::as_str).unwrap_or("string");
        let parts = attribute.get("subAttributes").and_then(Value::as_array).map_or(0, Vec::len);
        match parts {
            0 => Ok(()),
            _ if kind.eq_ignore_ascii_case("complex") => Ok(()),
            _ => Err(format!("{parts} sub-attributes in a {kind}")),
        }
    })
}

fn flags_are_booleans(probe: &mut Probe) -> Outcome {
    let flags = [
        ("multiValued", rfc7643::MULTIVALUED_IS_BOOLEAN),
        ("required", rfc7643::REQUIRED_IS_BOOLEAN_AND_ENFORCED),
    ];
    for (flag, requirement) in flags {
        every_attribute(probe, &format!("true or false at {flag}"), requirement, |attribute, _| {
            match attribute.get(flag) {
                Some(Value::Bool(_)) | None => Ok(()),
                Some(other) => Err(format!("{flag} {other}")),
            }
        })?;
    }
    Ok(())
}

/// Letter case counts in references (RFC 7643 §2.3.7), and the schemas that the standard gives itself say that it does not.
fn note_folded_references(probe: &Probe) -> Outcome {
    let (reply, _) = listed(probe, SCHEMAS)?;
    let schemas = reply.at("/Resources").and_then(Value::as_array).into_iter().flatten();
    let is_folded = |attribute: &Value| {
        attribute.get("type").is_some_and(|kind| kind == "reference")
            && attribute.get("caseExact") == Some(&Value::Bool(false))
    };
    let folded =
        schemas.flat_map(|schema| attributes(schema, "")).filter(|seen| is_folded(seen.attribute)).count();
    if folded > 0 {
        reply.note(&format!("letter case does not count in {folded} references, as the schemas say"));
    }
    Ok(())
}

fn references_have_types(probe: &mut Probe) -> Outcome {
    let (types, _) = listed(probe, RESOURCE_TYPES)?;
    let types = types.at("/Resources").and_then(Value::as_array).cloned().unwrap_or_default();
    // The standard's own schema refers to groups, whether or not there are any.
    let known = |name: &str| {
        let of_type = |known: &Value| known.get("name").is_some_and(|known| known == name);
        ["external", "uri", "User", "Group"].iter().any(|word| word.eq_ignore_ascii_case(name))
            || types.iter().any(of_type)
    };
    let requirement = rfc7643::REFERENCETYPES_ONLY_FOR_REFERENCES;
    note_folded_references(probe)?;
    every_attribute(probe, "reference types where they belong", requirement, |attribute, _| {
        let kind = attribute.get("type").and_then(Value::as_str).unwrap_or("string");
        let targets = attribute.get("referenceTypes").and_then(Value::as_array);
        let targets = targets.map(Vec::as_slice).unwrap_or_default();
        if !targets.is_empty() && !kind.eq_ignore_ascii_case("reference") {
            return Err(format!("reference types in a {kind}"));
        }
        match targets.iter().find(|target| !target.as_str().is_some_and(known)) {
            Some(stranger) => Err(format!("{stranger}, which is no resource type of this server")),
            None => Ok(()),
        }
    })
}
