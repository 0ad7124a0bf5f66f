//! What clients get: resources cut to what they asked for, lists, and errors.

use std::collections::HashMap;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::discovery::USER;

const MEDIA_TYPE: &str = "application/scim+json";
/// Attributes that no parameter can hide.
const ALWAYS: [&str; 2] = ["schemas", "id"];

/// A body in the media type of SCIM.
pub(crate) struct Scim(pub(crate) Value);

impl IntoResponse for Scim {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, MEDIA_TYPE)], self.0.to_string()).into_response()
    }
}

/// An error as SCIM words it (RFC 7644 §3.12).
pub(crate) struct Refusal {
    status: StatusCode,
    scim_type: Option<&'static str>,
    detail: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, scim_type: Option<&'static str>, detail: &str) -> Self {
        Self { status, scim_type, detail: detail.to_owned() }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, None, "there is no such resource")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        body.insert("status".to_owned(), json!(self.status.as_str()));
        body.extend(self.scim_type.map(|keyword| ("scimType".to_owned(), json!(keyword))));
        body.insert("detail".to_owned(), json!(self.detail));
        (self.status, Scim(Value::Object(body))).into_response()
    }
}

/// Gives a SCIM body to the errors of the framework: a wrong method, an unreadable query, a body that is too large.
pub(crate) async fn scim_errors(response: Response) -> Response {
    let status = response.status();
    let is_scim = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    if is_scim || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let worded = Refusal::new(status, None, status.canonical_reason().unwrap_or("an error")).into_response();
    parts.headers.extend(worded.headers().clone());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, worded.into_body())
}

/// One page of resources.
pub(crate) fn list(resources: Vec<Value>, start: usize, total: usize) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A user as `attributes` or `excludedAttributes` want it (RFC 7644 §3.9).
pub(crate) fn project(user: &Map<String, Value>, query: &HashMap<String, String>) -> Value {
    let (names, including) = match (query.get("attributes"), query.get("excludedAttributes")) {
        (Some(names), _) => (names, true),
        (None, Some(names)) => (names, false),
        (None, None) => return Value::Object(user.clone()),
    };
    let prefix = format!("{}:", USER.to_lowercase());
    let names = names.split(',').map(|name| name.trim().to_lowercase());
    let names: Vec<String> =
        names.map(|name| name.strip_prefix(&prefix).unwrap_or(&name).to_owned()).collect();
    let named = |path: &str| names.iter().any(|name| name.eq_ignore_ascii_case(path));
    let shown = user.iter().filter_map(|(name, value)| {
        let part = if ALWAYS.contains(&name.as_str()) {
            Some(value.clone())
        } else if named(name) {
            including.then(|| value.clone())
        } else {
            part(value, including, &|sub| named(&format!("{name}.{sub}")))
        };
        part.map(|part| (name.clone(), part))
    });
    Value::Object(shown.collect())
}

/// What is left of a value when only its sub-attributes are named.
fn part(value: &Value, including: bool, named: &dyn Fn(&str) -> bool) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let left = members.iter().filter(|(name, _)| named(name) == including);
            let left: Map<String, Value> = left.map(|(name, value)| (name.clone(), value.clone())).collect();
            (!left.is_empty()).then_some(Value::Object(left))
        }
        Value::Array(items) => {
            let left: Vec<Value> = items.iter().filter_map(|item| part(item, including, named)).collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        _ => (!including).then(|| value.clone()),
    }
}
