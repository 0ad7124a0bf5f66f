//! What faults are written with: which request is this, and how is one thing about it, or about its answer,
//! changed. Whatever does not have the expected form is left as it is.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use protocol::{endpoint, media, urn};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::{Answering, Next};

/// The form of an id, and none of ours.
pub(crate) const UNKNOWN_ID: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) fn at(ask: &Ask, path: &str) -> bool {
    ask.path == path
}

pub(crate) fn below(ask: &Ask, endpoint: &str) -> bool {
    ask.path.strip_prefix(endpoint).is_some_and(|rest| rest.starts_with('/'))
}

pub(crate) fn getting(ask: &Ask) -> bool {
    ask.method == Method::GET
}

fn collection(ask: &Ask) -> bool {
    at(ask, endpoint::USERS) || at(ask, endpoint::GROUPS)
}

fn item(ask: &Ask) -> bool {
    below(ask, endpoint::USERS) || below(ask, endpoint::GROUPS)
}

pub(crate) fn creating(ask: &Ask) -> bool {
    ask.method == Method::POST && collection(ask)
}

pub(crate) fn listing(ask: &Ask) -> bool {
    getting(ask) && collection(ask)
}

pub(crate) fn reading(ask: &Ask) -> bool {
    getting(ask) && item(ask)
}

pub(crate) fn replacing(ask: &Ask) -> bool {
    ask.method == Method::PUT && item(ask)
}

pub(crate) fn patching(ask: &Ask) -> bool {
    ask.method == Method::PATCH && item(ask)
}

pub(crate) fn deleting(ask: &Ask) -> bool {
    ask.method == Method::DELETE && item(ask)
}

pub(crate) fn discovering(ask: &Ask) -> bool {
    [endpoint::SERVICE_PROVIDER_CONFIG, endpoint::RESOURCE_TYPES, endpoint::SCHEMAS]
        .iter()
        .any(|endpoint| at(ask, endpoint) || below(ask, endpoint))
}

pub(crate) fn is(reply: &Reply, status: u16) -> bool {
    reply.status().as_u16() == status
}

pub(crate) fn ok(reply: &Reply) -> bool {
    reply.status().is_success()
}

pub(crate) fn failed(reply: &Reply) -> bool {
    reply.status().is_client_error() || reply.status().is_server_error()
}

/// The request's body as JSON, null where it is none.
pub(crate) fn sent(ask: &Ask) -> Value {
    serde_json::from_slice(&ask.body).unwrap_or_default()
}

/// The answer's body as JSON, null where it is none.
pub(crate) fn shown(reply: &Reply) -> Value {
    serde_json::from_slice(reply.body()).unwrap_or_default()
}

/// Changes the request's body, where it is an object.
pub(crate) fn send(ask: &mut Ask, edit: impl FnOnce(&mut Value)) {
    let mut body = sent(ask);
    if body.is_object() {
        edit(&mut body);
        ask.body = Bytes::from(body.to_string());
    }
}

/// Changes the answer's body, where it is an object.
pub(crate) fn json(reply: &mut Reply, edit: impl FnOnce(&mut Value)) {
    let mut body = shown(reply);
    if body.is_object() {
        edit(&mut body);
        *reply.body_mut() = Bytes::from(body.to_string());
    }
}

/// Changes each resource that a successful answer from this endpoint shows, alone or in a list.
pub(crate) fn each(ask: &Ask, reply: &mut Reply, endpoint: &str, mut edit: impl FnMut(&mut Value)) {
    if !ok(reply) || !(at(ask, endpoint) || below(ask, endpoint)) {
        return;
    }
    json(reply, |body| match body.get_mut("Resources").and_then(Value::as_array_mut) {
        Some(resources) => resources.iter_mut().for_each(edit),
        None => edit(body),
    });
}

/// Changes each user and each group that a successful answer shows.
pub(crate) fn each_resource(ask: &Ask, reply: &mut Reply, mut edit: impl FnMut(&mut Value)) {
    each(ask, reply, endpoint::USERS, &mut edit);
    each(ask, reply, endpoint::GROUPS, edit);
}

/// Sets the value at a JSON pointer, where its parent is an object.
pub(crate) fn set(value: &mut Value, pointer: &str, new: impl Into<Value>) {
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = value.pointer_mut(parent)
    {
        parent.insert(name.to_owned(), new.into());
    }
}

/// Removes the value at a JSON pointer from its object.
pub(crate) fn cut(value: &mut Value, pointer: &str) {
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = value.pointer_mut(parent)
    {
        parent.shift_remove(name);
    }
}

/// Turns the value at a JSON pointer into text that reads the same.
pub(crate) fn quote(value: &mut Value, pointer: &str) {
    if let Some(found) = value.pointer_mut(pointer)
        && !found.is_string()
    {
        *found = found.to_string().into();
    }
}

/// Changes the text at a JSON pointer.
pub(crate) fn reword(value: &mut Value, pointer: &str, edit: impl FnOnce(&str) -> String) {
    if let Some(Value::String(text)) = value.pointer_mut(pointer) {
        *text = edit(text);
    }
}

/// Changes a header's value, where there is one.
pub(crate) fn reword_header(reply: &mut Reply, name: HeaderName, edit: impl FnOnce(&str) -> String) {
    let value = reply.headers().get(&name).and_then(|value| value.to_str().ok()).map(edit);
    if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
        reply.headers_mut().insert(name, value);
    }
}

/// An address that ends in an id which nobody has.
pub(crate) fn dangling(address: &str) -> String {
    address
        .rsplit_once('/')
        .map_or_else(|| UNKNOWN_ID.to_owned(), |(start, _)| format!("{start}/{UNKNOWN_ID}"))
}

pub(crate) fn status(reply: &mut Reply, status: u16) {
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
}

/// Changes an error's status, in the status line and in the body.
pub(crate) fn restate(reply: &mut Reply, code: u16) {
    status(reply, code);
    json(reply, |body| set(body, "/status", code.to_string()));
}

/// Takes the body away, and what announced it.
pub(crate) fn empty(reply: &mut Reply) {
    reply.headers_mut().remove(CONTENT_TYPE);
    *reply.body_mut() = Bytes::new();
}

/// An answer with a body.
pub(crate) fn answer(code: u16, body: &Value) -> Reply {
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    status(&mut reply, code);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::SCIM_JSON));
    reply
}

/// An answer without one.
pub(crate) fn no_content() -> Reply {
    let mut reply = Reply::new(Bytes::new());
    status(&mut reply, 204);
    reply
}

/// A 400 with a keyword.
pub(crate) fn refusal(scim_type: &str) -> Reply {
    let detail = "the request is refused";
    answer(400, &json!({ "schemas": [urn::ERROR], "status": "400", "scimType": scim_type, "detail": detail }))
}

/// A conflict with what is there.
pub(crate) fn conflict() -> Reply {
    let mut reply = refusal("uniqueness");
    restate(&mut reply, 409);
    reply
}

/// An error without a keyword.
pub(crate) fn error(code: u16) -> Reply {
    let detail = "the request is refused";
    answer(code, &json!({ "schemas": [urn::ERROR], "status": code.to_string(), "detail": detail }))
}

/// A list with nothing in it.
pub(crate) fn empty_list() -> Reply {
    listed(&[])
}

/// A list that shows all there is.
pub(crate) fn listed(resources: &[Value]) -> Reply {
    answer(
        200,
        &json!({
            "schemas": [urn::LIST_RESPONSE],
            "totalResults": resources.len(),
            "startIndex": 1,
            "itemsPerPage": resources.len(),
            "Resources": resources,
        }),
    )
}

/// Takes the parameters of this name out of the query.
pub(crate) fn without(ask: &mut Ask, name: &str) {
    let others: Vec<&str> =
        ask.query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect();
    ask.query = others.join("&");
}

/// Sets a parameter of the query.
pub(crate) fn ask_for(ask: &mut Ask, name: &str, value: &str) {
    without(ask, name);
    let joint = if ask.query.is_empty() { "" } else { "&" };
    ask.query.push_str(&format!("{joint}{name}={value}"));
}

/// A parameter of the query as a whole number.
pub(crate) fn number(ask: &Ask, name: &str) -> Option<i64> {
    ask.parameter(name)?.parse().ok()
}

/// A request for what stands where a write goes to, with the same credentials.
pub(crate) fn look(ask: &Ask) -> Ask {
    let mut headers = HeaderMap::new();
    headers.extend(
        ask.headers
            .get(http::header::AUTHORIZATION)
            .map(|value| (http::header::AUTHORIZATION, value.clone())),
    );
    Ask { method: Method::GET, query: String::new(), body: Bytes::new(), headers, ..ask.clone() }
}

/// Refuses a request with a keyword, or serves it.
pub(crate) fn unless(refused: bool, scim_type: &str, ask: Ask, next: &Next) -> Answering {
    if refused { Box::pin(std::future::ready(refusal(scim_type))) } else { next.call(ask) }
}

/// Serves a replace as if it carried what is there already at a pointer, be that nothing.
pub(crate) fn keeping(mut ask: Ask, next: Next, pointer: &'static str) -> Answering {
    Box::pin(async move {
        if replacing(&ask) {
            let current = shown(&next.call(look(&ask)).await);
            send(&mut ask, |body| match current.pointer(pointer) {
                Some(value) => set(body, pointer, value.clone()),
                None => cut(body, pointer),
            });
        }
        next.call(ask).await
    })
}
