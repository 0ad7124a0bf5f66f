//! Resources brought to one form, so that equal states are equal values.

use serde_json::{Map, Value};

use super::path::entry;
use super::table::{Access, Attribute, Type};

/// What a client can have written of a resource: names as the table spells them, in its order, without what
/// is null, empty, unknown, read-only or never shown. Derived parts of references are left out.
pub(super) fn canonical(on: &'static Type, resource: &Value) -> Map<String, Value> {
    let Some(object) = resource.as_object() else { return Map::new() };
    let mut result = attributes(on.attributes, object);
    result.remove("schemas");
    for (urn, extension) in on.extensions {
        if let Some(Value::Object(object)) = entry(object, urn) {
            put(&mut result, urn, Value::Object(attributes(extension, object)));
        }
    }
    result
}

/// The canonical form with the elements of arrays in a fixed order and `primary` only where it is true; what
/// an operation leaves is compared in this form. `schemas` tells which extensions the resource claims, where
/// these have data.
#[must_use]
pub fn settled(on: &'static Type, resource: &Value) -> Value {
    let mut result = canonical(on, resource);
    for value in result.values_mut() {
        let Value::Array(items) = value else { continue };
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            if item.get("primary") == Some(&Value::Bool(false)) {
                item.shift_remove("primary");
            }
        }
        items.retain(|item| item.as_object().is_none_or(|item| !item.is_empty()));
        items.sort_by_key(ToString::to_string);
    }
    result.retain(|_, value| !empty(value));
    let claimed: Vec<Value> = entry_texts(resource)
        .filter(|urn| result.keys().any(|key| key.eq_ignore_ascii_case(urn)))
        .map(|urn| urn.to_lowercase().into())
        .collect();
    put(&mut result, "schemas", Value::Array(claimed));
    Value::Object(result)
}

fn entry_texts(resource: &Value) -> impl Iterator<Item = &str> {
    let schemas = resource.as_object().and_then(|object| entry(object, "schemas"));
    schemas.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn attributes(table: &'static [Attribute], object: &Map<String, Value>) -> Map<String, Value> {
    let mut result = Map::new();
    for attribute in table {
        if derived(attribute) || matches!(attribute.access, Access::ReadOnly | Access::WriteOnly) {
            continue;
        }
        let Some(value) = entry(object, attribute.name) else { continue };
        let value = match value {
            Value::Object(object) => Value::Object(attributes(attribute.subs, object)),
            Value::Array(items) => Value::Array(
                items.iter().map(|item| element(attribute, item)).filter(|item| !empty(item)).collect(),
            ),
            simple => simple.clone(),
        };
        put(&mut result, attribute.name, value);
    }
    result
}

/// Whether servers work a sub-attribute of a reference out by themselves.
pub(super) fn derived(sub: &Attribute) -> bool {
    sub.name == "$ref" || (sub.access == Access::Immutable && sub.name == "type")
}

/// One element of an attribute in canonical form.
pub(super) fn element(attribute: &'static Attribute, item: &Value) -> Value {
    match item {
        Value::Object(object) => Value::Object(attributes(attribute.subs, object)),
        simple => simple.clone(),
    }
}

/// Whether a value is as good as none (RFC 7643 §2.5).
pub(super) fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Sets a member, or takes it away where the value is as good as none.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    if empty(&value) {
        object.shift_remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
}
