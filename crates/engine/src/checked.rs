//! A value held to its attribute's type, RFC 7643 §2.3 to §2.5.

use serde_json::{Map, Value};

use crate::given::Given;
use crate::readings::NameMatching;
use crate::reject::Reject;
use crate::schema::{Attribute, Kind, Mutability};
use crate::time::is_date_time;

/// What remains of a value: nothing where it was null, empty, or made of read-only parts only.
pub(crate) fn checked(
    attribute: &Attribute,
    value: Value,
    path: &str,
    names: NameMatching,
) -> Result<Option<Value>, Reject> {
    if !attribute.type_checked {
        return Ok(Some(value).filter(|value| !value.is_null()));
    }
    if !attribute.multi_valued {
        return single(attribute, value, path, names);
    }
    match value {
        Value::Null => Ok(None),
        Value::Array(items) => {
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                if let Some(item) = single(attribute, item, path, names)? {
                    add(&mut kept, item);
                }
            }
            if kept.iter().filter(|item| is_primary(item)).count() > 1 {
                return Err(Reject::value(
                    path,
                    "has more than one value with primary true; mark one at most",
                ));
            }
            Ok(Some(Value::Array(kept)).filter(|value| value != &Value::Array(Vec::new())))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            Err(Reject::value(path, "is multi-valued; send an array"))
        }
    }
}

/// A pair of type and value stands once, RFC 7643 §2.4; of two, the one marked as primary is kept.
fn add(kept: &mut Vec<Value>, item: Value) {
    let twin = kept.iter_mut().find(|other| match (other.get("value"), item.get("value")) {
        (Some(one), Some(two)) => one == two && other.get("type") == item.get("type"),
        _ => **other == item,
    });
    match twin {
        Some(twin) if is_primary(&item) && !is_primary(twin) => *twin = item,
        Some(_) => {}
        None => kept.push(item),
    }
}

/// Whether a value is text without a letter: what is required is not there then.
pub(crate) fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

pub(crate) fn is_primary(item: &Value) -> bool {
    item.get("primary") == Some(&Value::Bool(true))
}

pub(crate) fn single(
    attribute: &Attribute,
    value: Value,
    path: &str,
    names: NameMatching,
) -> Result<Option<Value>, Reject> {
    if value.is_null() {
        return Ok(None);
    }
    let complaint = match attribute.kind {
        Kind::Complex => match value {
            Value::Object(object) => return complex(attribute, object, path, names),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Some("is complex; send an object")
            }
        },
        Kind::String => (!value.is_string()).then_some("is text; send a JSON string"),
        Kind::Reference => (!value.as_str().is_some_and(is_uri))
            .then_some("is a reference; send a URI, percent-encoded, absolute or relative"),
        Kind::Boolean => (!value.is_boolean()).then_some("is a Boolean; send true or false without quotes"),
        Kind::Decimal => (!value.is_number()).then_some("is a number; send a JSON number"),
        Kind::Integer => (!value.is_i64() && !value.is_u64())
            .then_some("is a whole number; send a JSON number without a fraction"),
        Kind::DateTime => (!value.as_str().is_some_and(is_date_time))
            .then_some("is an instant; send a string such as 2026-01-02T03:04:05Z"),
        Kind::Binary => (!value.as_str().is_some_and(is_base64))
            .then_some("is binary; send a string in base64 without line breaks"),
    };
    match complaint {
        Some(complaint) => Err(Reject::value(path, complaint)),
        None => Ok(Some(value)),
    }
}

fn complex(
    attribute: &Attribute,
    object: Map<String, Value>,
    path: &str,
    names: NameMatching,
) -> Result<Option<Value>, Reject> {
    let mut given = Given::new(object, names);
    let mut kept = Map::new();
    for sub in &attribute.sub_attributes {
        let path = format!("{path}.{}", sub.name);
        let value = given.take(&sub.name, &path)?;
        if sub.mutability == Mutability::ReadOnly {
            continue;
        }
        let value = value.map(|value| checked(sub, value, &path, names)).transpose()?.flatten();
        match value.filter(|value| !(sub.required && is_blank(value))) {
            Some(value) => {
                kept.insert(sub.name.clone(), value);
            }
            None if sub.required => {
                return Err(Reject::value(&path, "is required; send a value that is not empty"));
            }
            None => {}
        }
    }
    Ok(Some(kept).filter(|kept| !kept.is_empty()).map(Value::Object))
}

/// Whether a text is a URI, absolute or relative, as RFC 7643 §2.3.7 asks of every reference (RFC 3986 §4.1).
pub(crate) fn is_uri(text: &str) -> bool {
    fluent_uri::UriRef::parse(text).is_ok()
}

/// Base64 in either alphabet of RFC 4648, with or without padding, as RFC 7643 §2.3.6 allows.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    digits.bytes().all(alphabet)
        && digits.len() % 4 != 1
        && (padding == 0 || (padding <= 2 && text.len().is_multiple_of(4)))
}
