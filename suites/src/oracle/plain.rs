//! PATCH operations whose path has no filter.

use serde_json::{Map, Value};

use super::canonical::{empty, put};
use super::elements::{alike, one_primary, whole};
use super::lawful::{Readings, Refusal, refusal};
use super::patch::Verb;
use super::path::Trail;
use super::point::Point;
use super::shape::unfit;
use super::single;
use super::table::{Access, Attribute};

/// Applies an operation to the attribute at the end of a path; `holder` is the resource or its extension. A
/// value is there unless the operation removes.
pub(super) fn plain(
    verb: Verb,
    trail: &Trail,
    holder: &mut Map<String, Value>,
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let attribute = trail.attribute;
    match (attribute.many, trail.sub) {
        (true, None) => {
            let elements = whole(verb, attribute, &list(holder, attribute), value, readings)?;
            put(holder, attribute.name, Value::Array(elements));
            Ok(())
        }
        (true, Some(sub)) => dotted(verb, attribute, sub, holder, value, readings),
        (false, None) => match value {
            Some(value) if verb != Verb::Remove => single::set(verb, holder, attribute, value, readings),
            _ => single::remove(holder, attribute, readings),
        },
        (false, Some(sub)) => {
            let mut inner = single::object(holder, attribute.name);
            match value {
                Some(value) if verb != Verb::Remove => single::set(verb, &mut inner, sub, value, readings)?,
                _ => single::remove(&mut inner, sub, readings)?,
            }
            put(holder, attribute.name, Value::Object(inner));
            Ok(())
        }
    }
}

/// The elements of an attribute.
pub(super) fn list(holder: &Map<String, Value>, attribute: &Attribute) -> Vec<Value> {
    holder.get(attribute.name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A sub-attribute of a multi-valued attribute, without saying of which element.
fn dotted(
    verb: Verb,
    attribute: &'static Attribute,
    sub: &'static Attribute,
    holder: &mut Map<String, Value>,
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    if readings.first(Point::DottedMany) {
        return Err(refusal(["invalidPath", "noTarget", "invalidValue", "mutability"]));
    }
    let mut elements = list(holder, attribute);
    if elements.is_empty() && verb != Verb::Remove {
        elements.push(Value::Object(Map::new()));
    }
    if elements.iter().all(|element| element.get(sub.name).is_none()) && verb == Verb::Remove {
        return single::unset(readings);
    }
    let all: Vec<usize> = (0..elements.len()).collect();
    edit(verb, sub, &mut elements, &all, value, readings)?;
    put(holder, attribute.name, Value::Array(elements));
    Ok(())
}

/// Changes one sub-attribute of the chosen elements.
pub(super) fn edit(
    verb: Verb,
    sub: &'static Attribute,
    elements: &mut Vec<Value>,
    chosen: &[usize],
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    if sub.access == Access::Immutable {
        return Err(refusal(["mutability"]));
    }
    for at in chosen {
        let Some(element) = elements.get_mut(*at).and_then(Value::as_object_mut) else { return Err(unfit()) };
        match value {
            Some(value) if verb != Verb::Remove => single::set(verb, element, sub, value, readings)?,
            _ => drop(element.shift_remove(sub.name)),
        }
    }
    // One that was made as its filter describes it may be primary without the operation naming that.
    let primary = |element: &&Value| element.get("primary") == Some(&Value::Bool(true));
    if sub.name == "primary" || elements.iter().filter(primary).count() > 1 {
        one_primary(elements, chosen, readings)?;
    }
    elements.retain(|element| !empty(element));
    *elements = alike(std::mem::take(elements), readings);
    Ok(())
}
