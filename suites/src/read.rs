//! RFC 7644 §3.4.1 and §3.9, RFC 7643 §3: reading one resource, whole and in part.

use client::Request;
use harness::expect::{absent, equals, pointer_that, present, schemas_name, status, success, text};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::Value;

use crate::parts::Parts;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("read.answers-200", &answers_200)
        .title("reading a resource by id answers 200 with that resource")
        .verifies(&[rfc7644::GET_ANSWERS_200])
        .needs(READS),
    Check::active("read.unknown-id-is-404", &unknown_id_is_404)
        .title("reading an unknown id answers 404")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .needs(READS),
    Check::active("read.attributes-narrow-the-answer", &attributes_narrow)
        .title(
            "the attributes parameter yields the named attributes and those always returned, and no others",
        )
        .verifies(&[rfc7644::ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED])
        .needs(READS),
    Check::active("read.excluded-attributes-are-left-out", &excluded_are_left_out)
        .title("the excludedAttributes parameter leaves attributes out")
        .verifies(&[rfc7644::EXCLUSION_TRIMS_DEFAULT_SET])
        .needs(READS),
    Check::active("read.id-survives-exclusion", &id_survives_exclusion)
        .title("excludedAttributes cannot remove the id")
        .verifies(&[rfc7644::QUERY_EXCLUSION_KEEPS_ALWAYS])
        .needs(READS),
    Check::active("read.meta-names-the-type", &meta_names_the_type)
        .title("meta is there and names the resource type in its exact letter case")
        .verifies(&[rfc7643::META_RESOURCETYPE_IS_TYPE_NAME])
        .needs(READS),
    Check::active("read.times-are-date-times", &times_are_date_times)
        .title("meta.created and meta.lastModified are xsd:dateTime strings")
        .verifies(&[
            rfc7643::DATETIME_IS_XSD_DATETIME,
            rfc7643::JSON_DATETIME_IS_STRING,
            rfc7643::DATETIME_HAS_DATE_AND_TIME,
        ])
        .needs(READS),
    Check::active("read.starts-unmodified", &starts_unmodified)
        .title("a new resource's lastModified equals its created")
        .verifies(&[rfc7643::LASTMODIFIED_STARTS_AS_CREATED])
        .needs(READS),
    Check::active("read.schemas-name-the-base", &schemas_name_the_base)
        .title("a resource names its base schema, and no schema twice")
        .verifies(&[rfc7643::SCHEMAS_CONTAINS_BASE, rfc7643::SCHEMAS_HAS_NO_DUPLICATES])
        .needs(READS),
];
const _: () = sound(CHECKS);

const READS: &[harness::Capability] = &[capability::CREATE_USER, capability::READ_USER];

/// A user with an attribute that projections can show or hide.
fn given_named(probe: &Probe) -> Result<(Given, Parts), Stop> {
    let parts = Parts::of(probe, &["displayName", "nickName"]);
    let user = minimal_user().with("displayName", "Ada Lovelace").with("nickName", "Ada");
    Ok((parts.given(probe, user)?, parts))
}

fn answers_200(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.expect(status(200))?;
    reply.expect(equals("/id", user.id))?;
    reply.expect(equals("/userName", user.body.get("userName").cloned().unwrap_or_default()))
}

fn unknown_id_is_404(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    // Somebody who is there is read first: who answers 404 to everything says nothing of those who are not.
    let user = probe.given(minimal_user())?;
    probe.get(user.path())?.require(success())?;
    for id in ["00000000-0000-4000-8000-00000000dead", "no-such-user", "%23"] {
        probe.get(&format!("{endpoint}/{id}"))?.expect(status(404))?;
    }
    Ok(())
}

fn attributes_narrow(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let reply = probe.send(Request::get(user.path()).query("attributes", parts.path("displayName")))?;
    reply.require(success())?;
    reply.expect(equals(&parts.pointer("displayName"), "Ada Lovelace"))?;
    reply.expect(equals("/id", user.id))?;
    reply.expect(absent(&parts.pointer("nickName")))
}

fn excluded_are_left_out(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let excluded = parts.path("displayName");
    let reply = probe.send(Request::get(user.path()).query("excludedAttributes", excluded))?;
    reply.require(success())?;
    reply.expect(absent(&parts.pointer("displayName")))?;
    reply.expect(present("/userName"))
}

fn id_survives_exclusion(probe: &mut Probe) -> Outcome {
    let (user, parts) = given_named(probe)?;
    let excluded = parts.spelt("id,displayName");
    let reply = probe.send(Request::get(user.path()).query("excludedAttributes", &excluded))?;
    reply.require(success())?;
    reply.expect(equals("/id", user.id))
}

fn meta_names_the_type(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    reply.expect(equals("/meta/resourceType", "User"))
}

fn times_are_date_times(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    for pointer in ["/meta/created", "/meta/lastModified"] {
        if reply.at(pointer).is_none() {
            reply.note(&format!("{pointer} is not given"));
            continue;
        }
        reply.expect(text(pointer).under(rfc7643::JSON_DATETIME_IS_STRING))?;
        let has_both = pointer_that(pointer, "a date and a time", |value| {
            value.as_str().is_some_and(|text| text.contains('T'))
        });
        reply.expect(has_both.under(rfc7643::DATETIME_HAS_DATE_AND_TIME))?;
        reply.expect(pointer_that(pointer, "an xsd:dateTime", |value| {
            value.as_str().is_some_and(is_date_time)
        }))?;
    }
    Ok(())
}

/// The lexical form of xsd:dateTime: `yyyy-mm-ddThh:mm:ss`, then a fraction and an offset, both optional.
fn is_date_time(text: &str) -> bool {
    let shaped = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(seen, wanted)| match wanted {
                b'0' => seen.is_ascii_digit(),
                other => seen == other,
            })
    };
    let Some((main, rest)) = text.split_at_checked(19) else { return false };
    let rest = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
    };
    let offset = rest.is_empty() || rest == "Z" || shaped(rest, "+00:00") || shaped(rest, "-00:00");
    // The form alone would let a thirteenth month pass.
    let exists = text.parse::<jiff::Timestamp>().is_ok()
        || (rest.is_empty() && text.parse::<jiff::civil::DateTime>().is_ok());
    shaped(main, "0000-00-00T00:00:00") && offset && exists
}

fn starts_unmodified(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    let Some(created) = reply.at("/meta/created").cloned() else {
        reply.note("meta.created is not given");
        return Ok(());
    };
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    reply.expect(pointer_that("/meta/lastModified", format!("the instant of {created}"), move |modified| {
        match (modified.as_str().and_then(instant), created.as_str().and_then(instant)) {
            (Some(modified), Some(created)) => modified == created,
            _ => *modified == created,
        }
    }))
}

fn schemas_name_the_base(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    reply.expect(schemas_name(urn::USER))?;
    let distinct = pointer_that("/schemas", "no URI twice", |value| {
        let uris: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let repeats = |(index, uri): (usize, &&str)| {
            uris.iter().take(index).any(|earlier| earlier.eq_ignore_ascii_case(uri))
        };
        !uris.iter().enumerate().any(repeats)
    });
    reply.expect(distinct.under(rfc7643::SCHEMAS_HAS_NO_DUPLICATES))
}
