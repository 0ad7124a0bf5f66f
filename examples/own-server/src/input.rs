//! What clients send: bodies held against the schema that the server publishes, and numbers in queries.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::discovery::{USER, user_schema};
use crate::output::Refusal;

/// The attributes of a user out of a body. Attributes that the schema does not know, or that only the server sets, are ignored.
pub(crate) fn user(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            Some("invalidSyntax"),
            "the body is no JSON object",
        ));
    };
    let schemas = member(&body, "schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|schemas| schemas.iter().any(|schema| schema == USER)) {
        return Err(unfit("schemas", "has to name the User schema"));
    }
    let mut user = attributes(&user_schema()["attributes"], &body)?;
    // Common to all resources, so in no schema.
    match member(&body, "externalId") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => _ = user.insert("externalId".to_owned(), json!(text)),
        Some(_) => return Err(unfit("externalId", "has to be a string")),
    }
    user.insert("schemas".to_owned(), json!([USER]));
    Ok(user)
}

/// A number in a query; a negative one counts as zero.
pub(crate) fn number(query: &HashMap<String, String>, name: &str) -> Result<Option<usize>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let number: i64 = text.parse().map_err(|_| unfit(name, "has to be an integer"))?;
    Ok(Some(usize::try_from(number).unwrap_or(0)))
}

fn attributes(definitions: &Value, given: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut taken = Map::new();
    for definition in definitions.as_array().into_iter().flatten() {
        let name = definition["name"].as_str().unwrap_or_default();
        let value = member(given, name).filter(|value| !is_unset(value));
        let required = definition["required"] == true;
        match value {
            // A user without a name is none, and an empty one names nobody (RFC 7643 §4.1.1).
            _ if required && value.is_none_or(|value| value == "") => {
                return Err(unfit(name, "is required and may not be empty"));
            }
            None => {}
            Some(value) => {
                let value = fitting(definition, name, value)?;
                // Nobody logs in here, so a password is of no use and is forgotten at once.
                if definition["mutability"] != "writeOnly" {
                    taken.insert(name.to_owned(), value);
                }
            }
        }
    }
    Ok(taken)
}

fn fitting(definition: &Value, name: &str, value: &Value) -> Result<Value, Refusal> {
    if definition["multiValued"] == true {
        let values = value.as_array().ok_or_else(|| unfit(name, "has to be an array"))?;
        return values.iter().map(|value| single(definition, name, value)).collect();
    }
    single(definition, name, value)
}

fn single(definition: &Value, name: &str, value: &Value) -> Result<Value, Refusal> {
    match (definition["type"].as_str(), value) {
        (Some("complex"), Value::Object(members)) => {
            attributes(&definition["subAttributes"], members).map(Value::Object)
        }
        (Some("boolean"), Value::Bool(_)) | (Some("string"), Value::String(_)) => Ok(value.clone()),
        (kind, _) => Err(unfit(name, &format!("has to be of type {}", kind.unwrap_or("unknown")))),
    }
}

/// Attribute names are matched whatever their letter case (RFC 7643 §2.1).
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// `null` and the empty array mean that there is no value (RFC 7643 §2.5).
fn is_unset(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn unfit(name: &str, problem: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Some("invalidValue"), &format!("{name} {problem}"))
}
