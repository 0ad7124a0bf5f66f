//! Values held to the type of their attribute (RFC 7643 §2.3 to §2.5).

use serde_json::{Map, Value};

use super::canonical::{element, empty};
use super::lawful::{Readings, Refusal, refusal};
use super::point::Point;
use super::table::{Access, Attribute, Kind};

/// The keywords with which an unknown name is refused (ambiguity 9).
pub(super) fn unknown_name() -> Refusal {
    refusal(["invalidPath", "noTarget", "invalidValue", "invalidSyntax"])
}

/// A value of the wrong type or content.
pub(super) fn unfit() -> Refusal {
    refusal(["invalidValue"])
}

/// One value of an attribute, for complex ones one element; what is null is left out of it.
pub(super) fn conform(
    attribute: &Attribute,
    value: &Value,
    readings: &mut Readings,
) -> Result<Value, Refusal> {
    match (attribute.kind, value) {
        (Kind::Text, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => Ok(value.clone()),
        // Absolute or relative (RFC 7643 §2.3.7).
        (Kind::Reference, Value::String(text)) if uri(text) => Ok(value.clone()),
        (Kind::Decimal, Value::Number(_)) => Ok(value.clone()),
        // Neither a fraction nor an exponent (RFC 7643 §2.3.4).
        (Kind::Integer, Value::Number(number)) if !number.is_f64() => Ok(value.clone()),
        (Kind::Binary, Value::String(text)) if base64(text) => Ok(value.clone()),
        (Kind::DateTime, Value::String(text)) if super::instant::instant(text).is_some() => Ok(value.clone()),
        (Kind::Boolean, Value::String(text)) => {
            let flag = text.to_ascii_lowercase().parse::<bool>().map_err(|_| unfit())?;
            if readings.first(Point::BooleanText) { Err(unfit()) } else { Ok(flag.into()) }
        }
        (Kind::Complex, Value::Object(members)) => {
            let mut result = Map::new();
            for (name, value) in members {
                let Some(sub) = known_sub(attribute, name, readings)? else { continue };
                if !empty(value) {
                    result.insert(sub.name.to_owned(), conform(sub, value, readings)?);
                }
            }
            Ok(Value::Object(result))
        }
        (Kind::Complex, Value::String(_)) => Ok(Value::Object(bare(attribute, value, readings)?)),
        _ => Err(unfit()),
    }
}

/// What a value stands for where one value is due: an empty array can stand for null, and for a complex value what is none.
pub(super) fn due<'a>(attribute: &Attribute, value: &'a Value, readings: &mut Readings) -> &'a Value {
    match value {
        Value::Array(items) if items.is_empty() && !readings.first(Point::EmptyListForOne) => &Value::Null,
        Value::Array(items) if attribute.kind == Kind::Complex && !attribute.many => match items.as_slice() {
            [one] if !readings.first(Point::ListOfOne) => due(attribute, one, readings),
            _ => value,
        },
        Value::String(_) if stands_for_null(attribute, value, readings) => &Value::Null,
        _ => value,
    }
}

/// Whether empty text is given where a complex value is due, and taken for none.
pub(super) fn stands_for_null(attribute: &Attribute, value: &Value, readings: &mut Readings) -> bool {
    *value == "" && attribute.sub("value").is_some() && !readings.first(Point::EmptyBareValue)
}

/// The writable sub-attribute of a name inside a complex value; none where it is to be ignored.
pub(super) fn known_sub(
    attribute: &Attribute,
    name: &str,
    readings: &mut Readings,
) -> Result<Option<&'static Attribute>, Refusal> {
    match attribute.sub(name) {
        None if readings.first(Point::UnknownSub) => Err(unknown_name()),
        None => Ok(None),
        Some(sub) if sub.access == Access::ReadOnly => {
            if readings.first(Point::ReadOnlySub) {
                Ok(None)
            } else {
                Err(refusal(["mutability"]))
            }
        }
        Some(sub) => Ok(Some(sub)),
    }
}

/// A simple value in the place of a complex one.
pub(super) fn bare(
    attribute: &Attribute,
    value: &Value,
    readings: &mut Readings,
) -> Result<Map<String, Value>, Refusal> {
    match attribute.sub("value") {
        Some(sub) if !readings.first(Point::BareValue) => {
            Ok(Map::from_iter([("value".to_owned(), conform(sub, value, readings)?)]))
        }
        Some(_) | None => Err(unfit()),
    }
}

/// The values given for a multi-valued attribute.
pub(super) fn conform_all(
    attribute: &'static Attribute,
    value: &Value,
    readings: &mut Readings,
) -> Result<Vec<Value>, Refusal> {
    let given = match value {
        Value::Array(items) => items.clone(),
        Value::Object(_) | Value::String(_) | Value::Number(_) if readings.first(Point::BareElement) => {
            vec![value.clone()]
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            return Err(unfit());
        }
    };
    let mut items = Vec::new();
    for item in given.iter().filter(|item| !item.is_null()) {
        if stands_for_null(attribute, item, readings) {
            continue;
        }
        let item = element(attribute, &conform(attribute, item, readings)?);
        if !empty(&item) {
            items.push(item);
        }
    }
    Ok(items)
}

/// Whether a text has only what RFC 3986 lets stand in a URI; brackets only around a host.
fn uri(text: &str) -> bool {
    let plain = match text.split_once("//[").and_then(|(scheme, rest)| Some((scheme, rest.split_once(']')?)))
    {
        Some((scheme, (host, rest))) => format!("{scheme}//{host}{rest}"),
        None => text.to_owned(),
    };
    let hex = |digits: &str| digits.chars().take(2).filter(char::is_ascii_hexdigit).count() == 2;
    plain.chars().all(|one| one.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(one))
        && plain.split('%').skip(1).all(hex)
}

fn base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    digits.chars().all(|digit| digit.is_ascii_alphanumeric() || "+/-_".contains(digit))
        && digits.len() % 4 != 1
}
