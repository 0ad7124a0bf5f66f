//! PATCH operations on a whole resource or a whole extension.

use serde_json::{Map, Value};

use super::lawful::{Readings, Refusal, refusal};
use super::operation::Target;
use super::patch::{Editing, Verb, at};
use super::path::{Path, resolve};
use super::point::Point;
use super::shape::{unfit, unknown_name};
use super::single;
use super::table::Access;

/// An operation without path: each member of its value is an operation of its own.
pub(super) fn spread(
    editing: &mut Editing<'_>,
    verb: Verb,
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let Some(Value::Object(members)) = value else { return Err(refusal(["invalidValue", "invalidSyntax"])) };
    if members.is_empty() && !readings.first(Point::PathlessEmpty) {
        return Err(refusal(["invalidValue", "invalidSyntax"]));
    }
    for (name, value) in members {
        let extension = editing.on.extensions.iter().find(|(urn, _)| urn.eq_ignore_ascii_case(name));
        let mut path = Path { urn: None, name: name.clone(), sub: None };
        match (extension, value) {
            (Some((urn, _)), Value::Object(inner)) => {
                for (name, value) in inner {
                    let path = Path { urn: Some((*urn).to_owned()), name: name.clone(), sub: None };
                    named(editing, verb, &path, value, readings)?;
                }
                continue;
            }
            (Some((urn, _)), Value::Null) => {
                editing.state.shift_remove(*urn);
                continue;
            }
            (Some(_), _) => return Err(unfit()),
            (None, _) if name.contains(['.', ':']) && !readings.first(Point::PathKeys) => {
                path = Path::parse(name);
            }
            (None, _) => {}
        }
        named(editing, verb, &path, value, readings)?;
    }
    Ok(())
}

fn named(
    editing: &mut Editing<'_>,
    verb: Verb,
    path: &Path,
    value: &Value,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let Some(trail) = resolve(editing.on, path, readings) else {
        return if readings.first(Point::UnknownKey) { Err(unknown_name()) } else { Ok(()) };
    };
    if trail.attribute.name == "schemas" {
        return Ok(());
    }
    let shown = trail.elements(editing.resource);
    // As state null is the same as absence, and so is an empty list of what has several values (RFC 7643 §2.5): it can be
    // taken as no mention at all.
    let is_list = trail.attribute.many && trail.sub.is_none();
    let nothing = value.is_null() || (is_list && value.as_array().is_some_and(Vec::is_empty));
    if trail.leaf().access == Access::ReadOnly && (nothing || shown == [value]) {
        return if readings.first(Point::ReadOnlyEcho) { Ok(()) } else { Err(refusal(["mutability"])) };
    }
    at(editing, verb, &Target::plain(path.clone()), Some(value), readings)
}

/// A path that names no attribute: a whole extension, or nothing.
pub(super) fn extension(
    editing: &mut Editing<'_>,
    verb: Verb,
    path: &Path,
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    let text = path.to_string();
    let Some((urn, _)) = editing.on.extensions.iter().find(|(urn, _)| urn.eq_ignore_ascii_case(&text)) else {
        return if readings.first(Point::UnknownPath) { Err(unknown_name()) } else { Ok(()) };
    };
    let reading = readings.take(Point::WholeExtension);
    if reading == 0 {
        return Err(unknown_name());
    }
    if verb == Verb::Remove {
        return match editing.state.shift_remove(*urn) {
            Some(_) => Ok(()),
            None => single::unset(readings),
        };
    }
    if reading == 2 && verb == Verb::Replace {
        editing.state.shift_remove(*urn);
    }
    let value = value.cloned().unwrap_or_default();
    let wrapped = Value::Object(Map::from_iter([((*urn).to_owned(), value)]));
    spread(editing, verb, Some(&wrapped), readings)
}
