//! PATCH operations that add to whole elements, or replace them.

use serde_json::{Map, Value};

use super::canonical::{derived, empty};
use super::elements::{alike, one_primary};
use super::lawful::{Readings, Refusal, refusal};
use super::patch::Verb;
use super::point::Point;
use super::shape::{bare, unfit};
use super::single;
use super::table::{Access, Attribute};

/// Whole elements, added to or replaced.
pub(super) fn rewrite(
    verb: Verb,
    attribute: &'static Attribute,
    elements: &mut Vec<Value>,
    chosen: &[usize],
    value: &Value,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let given = match value {
        Value::Object(given) => given.clone(),
        Value::Null if verb == Verb::Replace && readings.first(Point::ReplaceNull) => Map::new(),
        Value::String(_) => bare(attribute, value, readings)?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            return Err(unfit());
        }
    };
    let fresh = verb == Verb::Replace && readings.first(Point::FilteredReplace);
    if given.is_empty() && !value.is_null() {
        match readings.take(Point::EmptyObject) {
            0 => return Ok(()),
            1 => {}
            _ => return Err(unfit()),
        }
    }
    for at in chosen {
        let Some(Value::Object(element)) = elements.get_mut(*at) else { return Err(unfit()) };
        immutable_kept(attribute, element, &given, fresh, readings)?;
        if fresh || given.is_empty() {
            element.clear();
        }
        single::merge(verb, element, attribute, &given, readings)?;
    }
    let chosen = become_one(elements, chosen, readings);
    one_primary(elements, &chosen, readings)?;
    elements.retain(|element| !empty(element));
    *elements = alike(std::mem::take(elements), readings);
    Ok(())
}

/// Where all that was chosen has become the same and the same counts once, it is one before it is asked which is primary.
fn become_one(elements: &mut Vec<Value>, chosen: &[usize], readings: &mut Readings) -> Vec<usize> {
    let mut values = chosen.iter().filter_map(|at| elements.get(*at));
    let first = values.next().cloned();
    let are_same = chosen.len() > 1 && values.all(|value| Some(value) == first.as_ref());
    if !are_same || readings.first(Point::TwinsByEdit) {
        return chosen.to_vec();
    }
    let others = chosen.get(1..).unwrap_or_default();
    let mut at = 0;
    elements.retain(|_| {
        at += 1;
        !others.contains(&(at - 1))
    });
    chosen.iter().take(1).copied().collect()
}

/// Immutable sub-attributes of an element keep the value that they have (RFC 7643 §7).
fn immutable_kept(
    attribute: &'static Attribute,
    element: &Map<String, Value>,
    given: &Map<String, Value>,
    fresh: bool,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    for (name, value) in given {
        let Some(sub) = attribute.sub(name).filter(|sub| sub.access == Access::Immutable) else { continue };
        let lawful = match element.get(sub.name) {
            None if derived(sub) => readings.first(Point::DerivedOfMember),
            None => true,
            Some(there) => there == value || (fresh && !readings.first(Point::ReplacedImmutable)),
        };
        if !lawful {
            return Err(refusal(["mutability"]));
        }
    }
    Ok(())
}
