//! `/Schemas`: RFC 7644 §4, RFC 7643 §7.

use client::Request;
use harness::expect::{equals, holds, list_response, pointer_that, status};
use harness::{Check, Expectation, Outcome, Probe, Reply, Stop, sound};
use protocol::endpoint::SCHEMAS;
use protocol::urn;
use record::At;
use serde_json::Value;

use crate::places;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.schemas-are-listed", &are_listed)
        .title("the schemas come as a list response")
        .verifies(&[rfc7644::SCHEMAS_ENDPOINT_IS_LISTRESPONSE])
        .reads_only(),
    Check::active("discovery.schema-is-fetched-by-uri", &is_fetched_by_uri)
        .title("each listed schema is fetched by its URI as a single object")
        .verifies(&[
            rfc7644::SCHEMA_FETCHED_BY_URI,
            rfc7643::SCHEMA_ID_IS_SCHEMA_URI,
            rfc7643::SCHEMA_NAMES_ITS_OWN_SCHEMA,
        ])
        .reads_only(),
    Check::active("discovery.schemas-name-their-schema", &name_their_schema)
        .title("each listed schema names the schema of schemas")
        .verifies(&[rfc7643::SCHEMA_NAMES_ITS_OWN_SCHEMA])
        .reads_only(),
    Check::active("discovery.schemas-list-no-messages", &list_no_messages)
        .title("message schemas are not listed")
        .verifies(&[rfc7644::MESSAGE_SCHEMAS_NOT_LISTED])
        .reads_only(),
    Check::active("discovery.schemas-ignore-paging", &ignore_paging)
        .title("paging and sorting parameters on the schemas are ignored")
        .verifies(&[rfc7644::DISCOVERY_IGNORES_QUERY_PARAMETERS])
        .reads_only(),
];
const _: () = sound(CHECKS);

pub(super) fn listed(probe: &Probe) -> Result<Reply, Stop> {
    let reply = probe.document(SCHEMAS)?;
    reply.require(status(200))?;
    reply.require(pointer_that("/Resources", "schemas", |list| {
        list.as_array().is_some_and(|list| !list.is_empty())
    }))?;
    Ok(reply)
}

fn ids(reply: &Reply) -> Vec<String> {
    let items = reply.at("/Resources").and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|schema| schema.get("id")?.as_str().map(str::to_owned)).collect()
}

fn are_listed(probe: &mut Probe) -> Outcome {
    let reply = probe.document(SCHEMAS)?;
    reply.require(status(200))?;
    reply.expect(list_response())?;
    let count = ids(&reply).len();
    reply.expect(equals("/totalResults", count))
}

fn is_fetched_by_uri(probe: &mut Probe) -> Outcome {
    let reply = listed(probe)?;
    for (index, id) in ids(&reply).iter().enumerate() {
        let is_uri = pointer_that(&format!("/Resources/{index}/id"), "an absolute URI", |id| {
            id.as_str().is_some_and(|id| id.contains(':') && !id.contains(char::is_whitespace))
        });
        reply.expect(is_uri.under(rfc7643::SCHEMA_ID_IS_SCHEMA_URI))?;
        let answer = probe.document(&format!("{SCHEMAS}/{id}"))?;
        answer.expect(status(200))?;
        answer.expect(equals("/id", id.as_str()))?;
        answer.expect(names_its_schema(""))?;
    }
    Ok(())
}

/// Clients that go by `schemas` cannot read a document without. The standard's own figures leave it out, so that this goes
/// by the sentence that gives schemas a URI of their own.
fn names_its_schema(resource: &str) -> Expectation {
    let names =
        pointer_that(&format!("{resource}/schemas"), format!("an array with {}", urn::SCHEMA), |uris| {
            let is_it = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(urn::SCHEMA));
            uris.as_array().is_some_and(|uris| uris.iter().any(is_it))
        });
    names.under(rfc7643::SCHEMA_NAMES_ITS_OWN_SCHEMA)
}

fn name_their_schema(probe: &mut Probe) -> Outcome {
    let reply = listed(probe)?;
    let count = reply.at("/Resources").and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).try_for_each(|index| reply.expect(names_its_schema(&format!("/Resources/{index}"))))
}

fn list_no_messages(probe: &mut Probe) -> Outcome {
    let reply = listed(probe)?;
    let of = |schema: &Value| schema.get("id").and_then(Value::as_str).map(str::to_owned);
    let messages =
        places::listed(&reply, |schema| of(schema).is_some_and(|id| id.starts_with(urn::MESSAGE_PREFIX)));
    let messages = messages.into_iter().map(|place| {
        let id = reply.at(&place).and_then(of).unwrap_or_default();
        (places::child(&place, "id"), id)
    });
    reply.expect(holds("no message schema", At::Body, places::unless(messages.collect())))
}

fn ignore_paging(probe: &mut Probe) -> Outcome {
    let all = ids(&listed(probe)?);
    let request = Request::get(SCHEMAS).query("startIndex", "2").query("count", "1").query("sortBy", "id");
    let reply = probe.send(request)?;
    reply.expect(status(200))?;
    let seen = ids(&reply).len();
    let outcome = if seen == all.len() { Ok(()) } else { Err(format!("{seen} of {}", all.len())) };
    reply.expect(holds(format!("all {} schemas", all.len()), places::resources(), outcome))
}
