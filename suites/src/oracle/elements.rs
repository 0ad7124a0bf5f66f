//! PATCH of attributes with several values.

use serde_json::{Map, Value};

use super::canonical::{element, empty};
use super::lawful::{Readings, Refusal, refusal};
use super::patch::Verb;
use super::point::Point;
use super::shape::{conform_all, stands_for_null, unfit};
use super::single;
use super::table::Attribute;

/// An operation on the whole attribute: its new elements.
pub(super) fn whole(
    verb: Verb,
    attribute: &'static Attribute,
    current: &[Value],
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<Vec<Value>, Refusal> {
    let value = match (verb, value) {
        (Verb::Remove, None) if current.is_empty() => return single::unset(readings).map(|()| Vec::new()),
        (Verb::Remove, None) => return Ok(Vec::new()),
        (Verb::Remove, Some(value)) => return without(attribute, current, value, readings),
        (Verb::Add | Verb::Replace, None) => return Err(refusal(["invalidValue", "invalidSyntax"])),
        (Verb::Add | Verb::Replace, Some(value)) => value,
    };
    let value = if stands_for_null(attribute, value, readings) { &Value::Null } else { value };
    match (verb, value) {
        (Verb::Add, Value::Array(items)) if items.is_empty() => {
            return if readings.first(Point::AddEmptyList) { Ok(current.to_vec()) } else { Err(unfit()) };
        }
        (Verb::Add, Value::Null) => {
            return match readings.take(Point::AddNullToList) {
                0 => Ok(current.to_vec()),
                1 => Ok(Vec::new()),
                _ => Err(unfit()),
            };
        }
        (_, Value::Null) => {
            return if readings.first(Point::ReplaceNull) { Ok(Vec::new()) } else { Err(unfit()) };
        }
        _ => {}
    }
    let mut elements = if verb == Verb::Add { current.to_vec() } else { Vec::new() };
    let mut touched = Vec::new();
    for item in conform_all(attribute, value, readings)? {
        touched.extend(admit(&mut elements, item, readings));
    }
    one_primary(&mut elements, &touched, readings)?;
    // One that is no longer primary may now be what another one was from the start.
    Ok(alike(elements, readings))
}

/// Adds an element, unless it is there (RFC 7644 §3.5.2.1); tells where it now stands, if anything changed.
fn admit(elements: &mut Vec<Value>, item: Value, readings: &mut Readings) -> Option<usize> {
    if elements.contains(&item) {
        return None;
    }
    let primary = |element: &Value| element.get("primary") == Some(&Value::Bool(true));
    let twin = elements.iter().position(|other| twins(other, &item));
    if let Some((at, twin)) = twin.and_then(|at| Some((at, elements.get_mut(at)?))) {
        let choice = readings.take(Point::Twins);
        match choice {
            0 => {}
            1 => return None,
            2 if primary(twin) || !primary(&item) => return None,
            2 | 3 => {
                *twin = item;
                return Some(at);
            }
            _ => {
                if let (Some(twin), Value::Object(item)) = (twin.as_object_mut(), item) {
                    twin.extend(item);
                }
                return Some(at);
            }
        }
    }
    elements.push(item);
    Some(elements.len() - 1)
}

fn twins(one: &Value, other: &Value) -> bool {
    one.get("value").is_some()
        && one.get("value") == other.get("value")
        && one.get("type") == other.get("type")
}

/// Elements that an edit of a part made alike.
pub(super) fn alike(elements: Vec<Value>, readings: &mut Readings) -> Vec<Value> {
    let pairs = elements
        .iter()
        .enumerate()
        .any(|(at, one)| elements.iter().skip(at + 1).any(|other| twins(one, other) || one == other));
    if !pairs || readings.first(Point::TwinsByEdit) {
        return elements;
    }
    let mut kept = Vec::new();
    for item in elements {
        admit(&mut kept, item, readings);
    }
    kept
}

/// Where an operation made an element primary, no other one stays so (RFC 7644 §3.5.2).
pub(super) fn one_primary(
    elements: &mut [Value],
    touched: &[usize],
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let primary = |element: &Value| element.get("primary") == Some(&Value::Bool(true));
    let mut made: Vec<usize> = touched.to_vec();
    made.retain(|at| elements.get(*at).is_some_and(primary));
    made.dedup();
    let chosen = match made.as_slice() {
        [] => return Ok(()),
        [only] => *only,
        [first, .., last] => match readings.take(Point::SeveralPrimaries) {
            0 => return Err(unfit()),
            1 => *first,
            _ => *last,
        },
    };
    for (at, element) in elements.iter_mut().enumerate().filter(|(at, _)| *at != chosen) {
        let was = primary(element) || made.contains(&at);
        let Some(element) = element.as_object_mut() else { continue };
        if !was && readings.take(Point::ClearedPrimary) != 2 {
            continue;
        }
        if readings.take(Point::ClearedPrimary) == 1 {
            element.shift_remove("primary");
        } else {
            element.insert("primary".to_owned(), false.into());
        }
    }
    Ok(())
}

/// `remove` with a value (ambiguity 5): an element goes where it has all that one of the given ones has.
fn without(
    attribute: &'static Attribute,
    current: &[Value],
    value: &Value,
    readings: &mut Readings,
) -> Result<Vec<Value>, Refusal> {
    match readings.take(Point::RemoveWithValue) {
        0 => {}
        1 => return whole(Verb::Remove, attribute, current, None, readings),
        _ => return Err(refusal(["invalidValue", "invalidSyntax", "invalidPath"])),
    }
    let given = conform_all(attribute, value, readings)?;
    let named = |item: &&Value| given.iter().any(|given| covers(item, &element(attribute, given)));
    let kept: Vec<Value> = current.iter().filter(|item| !named(item)).cloned().collect();
    if kept.len() == current.len() {
        unmatched_remove(readings)?;
    }
    Ok(kept)
}

/// `remove` where nothing matches.
pub(super) fn unmatched_remove(readings: &mut Readings) -> Result<(), Refusal> {
    if readings.first(Point::UnmatchedRemove) { Ok(()) } else { Err(refusal(["noTarget"])) }
}

fn covers(item: &Value, given: &Value) -> bool {
    if !given.is_object() {
        return item == given;
    }
    let members = |value: &Value| value.as_object().cloned().unwrap_or_else(Map::new);
    let item = members(item);
    !empty(given) && members(given).iter().all(|(name, value)| item.get(name) == Some(value))
}
