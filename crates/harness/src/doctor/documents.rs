//! The discovery documents. One that cannot be read is something that is found; the standard says what holds then.

use client::Sent;
use protocol::urn;
use record::{Document, Weight};
use serde_json::Value;

use crate::discovery::{ResourceType, object, resource_types};
use crate::doctor::chart::{Chart, Told};
use crate::doctor::intake::outcome;
use crate::doctor::places::is_config;

/// What schemas and errors of SCIM 1.1 have in their names.
const OLDER: &str = "urn:scim:schemas:";

/// `/ServiceProviderConfig`, where it can be read.
pub(super) fn config(sent: &Sent, chart: &mut Chart) -> Option<Value> {
    let read = object(sent).filter(is_config);
    let said = match &read {
        Some(body) => Ok(said_of(body)),
        None => Err(unread(sent, "the description of a service")),
    };
    let lost = "nothing is claimed then, and filters, sorting, PATCH and versions are left out of a run unless a target file \
                says that they are there";
    file(chart, "/ServiceProviderConfig", sent, said, (Weight::Hinders, lost));
    read
}

fn said_of(config: &Value) -> String {
    let features = ["patch", "bulk", "filter", "changePassword", "sort", "etag"];
    let claims =
        |feature: &&str| config.pointer(&format!("/{feature}/supported")) == Some(&Value::Bool(true));
    let (claimed, denied): (Vec<&str>, Vec<&str>) = features.into_iter().partition(claims);
    let list = |word: &str, names: Vec<&str>| match names.is_empty() {
        true => None,
        false => Some(format!("{word} {}", names.join(", "))),
    };
    let said: Vec<String> = [list("claims", claimed), list("not", denied)].into_iter().flatten().collect();
    said.join("; ")
}

/// The resource types of `/ResourceTypes`, where it can be read.
pub(super) fn types(sent: &Sent, chart: &mut Chart) -> Vec<ResourceType> {
    let read = object(sent).as_ref().map(resource_types).unwrap_or_default();
    let said = match read.is_empty() {
        true => Err(unread(sent, "a list of resource types")),
        false => {
            let names = read.iter().map(|known| format!("{} at {}", known.name, known.endpoint));
            Ok(names.collect::<Vec<_>>().join(", "))
        }
    };
    let lost = "the endpoints of the standard are asked instead (/Users, /Groups)";
    file(chart, "/ResourceTypes", sent, said, (Weight::Tells, lost));
    read
}

/// `/Schemas`.
pub(super) fn schemas(sent: &Sent, chart: &mut Chart) {
    let body = object(sent).unwrap_or_default();
    let items = body.get("Resources").and_then(Value::as_array).filter(|items| !items.is_empty());
    let ids = |items: &Vec<Value>| {
        let ids = items.iter().filter_map(|item| item.get("id")?.as_str()).map(short);
        ids.collect::<Vec<_>>().join(", ")
    };
    let said = items.map(ids).ok_or_else(|| unread(sent, "a list of schemas"));
    let lost = "the schemas of the standard are taken instead";
    file(chart, "/Schemas", sent, said, (Weight::Tells, lost));
}

/// The last parts of a URN, which tell the well-known ones apart.
fn short(id: &str) -> &str {
    id.strip_prefix("urn:ietf:params:scim:schemas:").unwrap_or(id)
}

fn file(
    chart: &mut Chart,
    path: &str,
    sent: &Sent,
    said: Result<String, String>,
    (weight, lost): (Weight, &str),
) {
    let readable = said.is_ok();
    let said = said.unwrap_or_else(|wrong| {
        chart.tell(Told::new("document-unreadable", weight, format!("{path} {wrong}"), lost));
        wrong
    });
    chart.documents.push(Document { path: path.to_owned(), readable, said });
    let Ok(answer) = &sent.outcome else { return };
    let media_type = answer.header("content-type").unwrap_or("no media type");
    let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if readable && !matches!(kind.as_str(), "application/scim+json" | "application/json") {
        chart.tell(Told::new(
            "media-type",
            Weight::Tells,
            format!("{path} is sent as {media_type}, and not as application/scim+json"),
            "tell whoever runs the server; checks say so too (content)",
        ));
    }
}

/// What an answer is that should have been something else.
fn unread(sent: &Sent, wanted: &str) -> String {
    let answered = sent.outcome.as_ref().is_ok_and(|answer| answer.status == 200);
    match sent.json.as_deref().filter(|_| answered) {
        Some(Value::Array(items)) => {
            format!("is a bare list of {} where {wanted} is expected (RFC 7644 §3.4.2)", items.len())
        }
        Some(Value::Object(members)) => {
            let names: Vec<&str> = members.keys().take(5).map(String::as_str).collect();
            format!("is an object with {} where {wanted} is expected", names.join(", "))
        }
        Some(_) => format!("is neither an object nor a list where {wanted} is expected"),
        None => outcome(sent),
    }
}

/// Whether an answer is of SCIM 1.1.
pub(super) fn is_older(sent: &Sent) -> bool {
    let body = sent.json.as_deref();
    let schemas = body.and_then(|body| body.get("schemas")?.as_array());
    let old = |uri: &Value| uri.as_str().is_some_and(|uri| uri.starts_with(OLDER));
    let in_list = body.and_then(|body| body.pointer("/Resources/0/schemas")?.as_array());
    let is_new = schemas.into_iter().flatten().any(|uri| uri == urn::LIST_RESPONSE);
    !is_new && schemas.into_iter().chain(in_list).flatten().any(old)
}
