//! PATCH of attributes with one value, simple or complex.

use serde_json::{Map, Value};

use super::canonical::put;
use super::lawful::{Readings, Refusal, refusal};
use super::patch::Verb;
use super::point::Point;
use super::shape::{bare, conform, due, known_sub, unfit};
use super::table::{Attribute, Kind};

/// `add` and `replace` of a single value. A complex value is merged: for `replace` RFC 7644 §3.5.2.3 says
/// that what is not named stays, and an `add` that took more away than a `replace` would be no addition.
pub(super) fn set(
    verb: Verb,
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    value: &Value,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let value = due(attribute, value, readings);
    if value.is_null() {
        return set_null(verb, holder, attribute, readings);
    }
    if attribute.kind != Kind::Complex {
        let value = conform(attribute, value, readings)?;
        if attribute.required && value.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Err(unfit());
        }
        holder.insert(attribute.name.to_owned(), value);
        return Ok(());
    }
    let given = match value {
        Value::Object(given) => given.clone(),
        Value::String(_) => bare(attribute, value, readings)?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return Err(unfit()),
    };
    if given.is_empty() {
        match readings.take(Point::EmptyObject) {
            0 => {}
            1 => drop(holder.shift_remove(attribute.name)),
            _ => return Err(unfit()),
        }
        return Ok(());
    }
    let mut merged = object(holder, attribute.name);
    merge(verb, &mut merged, attribute, &given, readings)?;
    put(holder, attribute.name, Value::Object(merged));
    Ok(())
}

/// Sets the sub-attributes that are given and keeps the others.
pub(super) fn merge(
    verb: Verb,
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    given: &Map<String, Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    for (name, value) in given {
        if let Some(sub) = known_sub(attribute, name, readings)? {
            set(verb, holder, sub, value, readings)?;
        }
    }
    Ok(())
}

fn set_null(
    verb: Verb,
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let reading = match verb {
        Verb::Add => Point::AddNull,
        Verb::Replace | Verb::Remove => Point::ReplaceNull,
    };
    match reading.readings().get(readings.take(reading)) {
        Some(&"refuse") => {
            let mut keywords = unfit();
            keywords.extend(attribute.required.then_some("mutability"));
            Err(keywords)
        }
        Some(&"remove") if !holder.contains_key(attribute.name) => Ok(()),
        Some(&"remove") => remove(holder, attribute, readings),
        _ => Ok(()),
    }
}

/// `remove` of a whole attribute.
pub(super) fn remove(
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    if !holder.contains_key(attribute.name) {
        return unset(readings);
    }
    let required =
        attribute.required && (attribute.name != "displayName" || readings.first(Point::GroupName));
    if required {
        return Err(refusal(["mutability", "invalidValue"]));
    }
    holder.shift_remove(attribute.name);
    Ok(())
}

/// `remove` of what has no value.
pub(super) fn unset(readings: &mut Readings) -> Result<(), Refusal> {
    if readings.first(Point::RemoveUnset) { Ok(()) } else { Err(refusal(["noTarget"])) }
}

/// The object of this name; an empty one where there is none.
pub(super) fn object(holder: &Map<String, Value>, name: &str) -> Map<String, Value> {
    holder.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}
