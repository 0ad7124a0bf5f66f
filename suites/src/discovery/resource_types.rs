//! `/ResourceTypes`: RFC 7644 §4, RFC 7643 §6.

use client::Request;
use harness::expect::{boolean, equals, holds, list_response, pointer_that, status, status_among, text};
use harness::{Check, Outcome, Probe, Reply, Stop, sound};
use protocol::endpoint::RESOURCE_TYPES;
use record::At;
use serde_json::Value;

use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.types-are-listed", &are_listed)
        .title("the resource types come as a list response")
        .verifies(&[rfc7644::DISCOVERY_LISTS_ARE_LISTRESPONSE])
        .reads_only(),
    Check::active("discovery.types-are-described", &are_described)
        .title(
            "each resource type has a name and a base schema, and each extension says whether it is required",
        )
        .verifies(&[
            rfc7643::RESOURCETYPE_HAS_NAME,
            rfc7643::RESOURCETYPE_NAMES_BASE_SCHEMA,
            rfc7643::EXTENSION_ENTRY_NAMES_SCHEMA,
            rfc7643::EXTENSION_ENTRY_HAS_REQUIRED_FLAG,
        ])
        .reads_only(),
    Check::active("discovery.type-endpoints-answer", &endpoints_answer)
        .title("each resource type's endpoint is relative to the base URL and answers")
        .verifies(&[rfc7643::RESOURCETYPE_HAS_RELATIVE_ENDPOINT])
        .reads_only(),
    Check::active("discovery.type-schemas-are-published", &schemas_are_published)
        .title("the base schema and the extensions of each resource type can be fetched")
        .verifies(&[rfc7643::RESOURCETYPE_SCHEMA_IS_PUBLISHED, rfc7643::EXTENSION_SCHEMA_IS_PUBLISHED])
        .reads_only(),
    Check::active("discovery.type-is-fetched-by-name", &is_fetched_by_name)
        .title("one resource type is fetched as a single object")
        .verifies(&[rfc7644::RESOURCETYPE_FETCHED_AS_OBJECT])
        .reads_only(),
    Check::active("discovery.types-refuse-a-filter", &refuse_a_filter)
        .title("a filter on the resource types answers 403")
        .verifies(&[rfc7644::DISCOVERY_FILTER_IS_403])
        .reads_only(),
];
const _: () = sound(CHECKS);

fn listed(probe: &Probe) -> Result<(Reply, usize), Stop> {
    let reply = probe.document(RESOURCE_TYPES)?;
    reply.require(status(200))?;
    reply.require(pointer_that("/Resources", "resource types", |list| {
        list.as_array().is_some_and(|list| !list.is_empty())
    }))?;
    let count = reply.at("/Resources").and_then(Value::as_array).map_or(0, Vec::len);
    Ok((reply, count))
}

/// The string at a pointer; empty where there is none, for another check to complain about.
fn string<'a>(reply: &'a Reply, pointer: &str) -> &'a str {
    reply.at(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn are_listed(probe: &mut Probe) -> Outcome {
    let reply = probe.document(RESOURCE_TYPES)?;
    reply.require(status(200))?;
    reply.expect(list_response())?;
    reply.expect(pointer_that("/Resources", "a non-empty array", |list| {
        list.as_array().is_some_and(|list| !list.is_empty())
    }))
}

fn are_described(probe: &mut Probe) -> Outcome {
    let (reply, count) = listed(probe)?;
    for index in 0..count {
        let entry = format!("/Resources/{index}");
        reply.expect(text(&format!("{entry}/name")))?;
        reply.expect(text(&format!("{entry}/schema")).under(rfc7643::RESOURCETYPE_NAMES_BASE_SCHEMA))?;
        let extensions =
            reply.at(&format!("{entry}/schemaExtensions")).and_then(Value::as_array).map_or(0, Vec::len);
        for extension in 0..extensions {
            let extension = format!("{entry}/schemaExtensions/{extension}");
            reply
                .expect(text(&format!("{extension}/schema")).under(rfc7643::EXTENSION_ENTRY_NAMES_SCHEMA))?;
            reply.expect(
                boolean(&format!("{extension}/required")).under(rfc7643::EXTENSION_ENTRY_HAS_REQUIRED_FLAG),
            )?;
        }
    }
    Ok(())
}

fn endpoints_answer(probe: &mut Probe) -> Outcome {
    let (reply, count) = listed(probe)?;
    for index in 0..count {
        let pointer = format!("/Resources/{index}/endpoint");
        reply.expect(pointer_that(&pointer, "a path relative to the base URL", |value| {
            value.as_str().is_some_and(|path| !path.is_empty() && !path.contains("://"))
        }))?;
        let endpoint = format!("/{}", string(&reply, &pointer).trim_start_matches('/'));
        let answer = probe.send(Request::get(&endpoint).query("count", "1"))?;
        // A server may refuse to list everything; then it answers all the same.
        answer.expect(status_among(&[200, 400, 403]))?;
    }
    Ok(())
}

fn schemas_are_published(probe: &mut Probe) -> Outcome {
    let (reply, count) = listed(probe)?;
    for index in 0..count {
        let entry = format!("/Resources/{index}");
        let base = string(&reply, &format!("{entry}/schema"));
        if !base.is_empty() {
            let answer = probe.document(&format!("/Schemas/{base}"))?;
            answer.expect(status(200))?;
            answer.expect(equals("/id", base))?;
        }
        let extensions = reply.at(&format!("{entry}/schemaExtensions")).and_then(Value::as_array);
        for extension in
            extensions.into_iter().flatten().filter_map(|extension| extension.get("schema")?.as_str())
        {
            let answer = probe.document(&format!("/Schemas/{extension}"))?;
            answer.expect(status(200).under(rfc7643::EXTENSION_SCHEMA_IS_PUBLISHED))?;
            answer.expect(equals("/id", extension).under(rfc7643::EXTENSION_SCHEMA_IS_PUBLISHED))?;
        }
    }
    Ok(())
}

/// By its id where it gives one, by its name otherwise.
fn is_fetched_by_name(probe: &mut Probe) -> Outcome {
    let (reply, _) = listed(probe)?;
    let name = string(&reply, "/Resources/0/name").to_owned();
    let id = Some(string(&reply, "/Resources/0/id")).filter(|id| !id.is_empty()).unwrap_or(&name);
    let answer = probe.get(&format!("{RESOURCE_TYPES}/{id}"))?;
    answer.expect(status(200))?;
    answer.expect(equals("/name", name))
}

fn refuse_a_filter(probe: &mut Probe) -> Outcome {
    // Without the filter they are shown.
    listed(probe)?;
    let reply = probe.send(Request::get(RESOURCE_TYPES).query("filter", r#"name eq "User""#))?;
    if reply.succeeded() {
        let at = At::Status;
        return reply.expect(holds("403", at, Err(format!("{}: the filter was ignored", reply.status()))));
    }
    reply.expect(status(403))
}
