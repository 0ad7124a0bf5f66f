//! One attribute, or one sub-attribute, from its old value to its new one.

use protocol::PatchVerb;
use serde_json::{Map, Value};

use crate::checked::{checked, is_primary, single};
use crate::evaluate::text_as_boolean;
use crate::patch::patcher::{Patcher, is_empty, required};
use crate::readings::{BareValue, ListOfOne, StringBooleans};
use crate::reject::Reject;
use crate::schema::{Attribute, Kind, Mutability};
use crate::spelt::is_single_complex;

impl Patcher<'_> {
    /// The new value of an attribute of which no part is singled out; nothing where it has none any more.
    pub(super) fn leaf(
        &self,
        verb: PatchVerb,
        attribute: &Attribute,
        path: &str,
        old: Option<Value>,
        value: Option<Value>,
    ) -> Result<Option<Value>, Reject> {
        let had = old.clone();
        let new = match (verb, value) {
            (PatchVerb::Remove, Some(listed)) if attribute.multi_valued && !listed.is_null() => {
                self.without(attribute, path, old, listed)?
            }
            (PatchVerb::Remove, _) => None,
            (PatchVerb::Add, value) if attribute.multi_valued && adds_nothing(attribute, value.as_ref()) => {
                old
            }
            (PatchVerb::Add | PatchVerb::Replace, None | Some(Value::Null)) => None,
            (PatchVerb::Add, Some(value)) if attribute.multi_valued => {
                let items = self.items(attribute, path, value)?;
                Some(appended(old, items))
            }
            (PatchVerb::Replace, Some(value)) if attribute.multi_valued => {
                Some(Value::Array(self.items(attribute, path, value)?))
            }
            (PatchVerb::Add | PatchVerb::Replace, Some(Value::Object(given)))
                if attribute.kind == Kind::Complex =>
            {
                Some(Value::Object(self.merged(verb, attribute, path, old, given)?))
            }
            (PatchVerb::Add | PatchVerb::Replace, Some(value)) => {
                checked(attribute, value, path, self.rules.readings.names)?
            }
        };
        let new = new.filter(|new| !is_empty(new));
        if attribute.required && had.is_some() && new.is_none() {
            return Err(required(path));
        }
        if attribute.mutability == Mutability::Immutable && had.is_some() && new != had {
            return Err(Reject::mutability(path));
        }
        Ok(new)
    }

    /// The sub-attributes that are given go into the old value; the others stay, RFC 7644 §3.5.2.3.
    pub(super) fn merged(
        &self,
        verb: PatchVerb,
        attribute: &Attribute,
        path: &str,
        old: Option<Value>,
        given: Map<String, Value>,
    ) -> Result<Map<String, Value>, Reject> {
        let mut object = match old {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        };
        let names = self.rules.readings.names;
        for sub in &attribute.sub_attributes {
            let mut values = given.iter().filter(|(name, _)| names.same(name, &sub.name));
            let Some((_, value)) = values.next() else { continue };
            let path = format!("{path}.{}", sub.name);
            if values.next().is_some() {
                let detail = format!("{path} occurs twice under names that differ in letter case");
                return Err(Reject::syntax(detail).about(&path));
            }
            if sub.mutability != Mutability::ReadOnly {
                let new = self.leaf(verb, sub, &path, object.remove(&sub.name), Some(value.clone()))?;
                object.extend(new.map(|new| (sub.name.clone(), new)));
            }
        }
        Ok(object)
    }

    /// The values that a client gives for an attribute with several; one may come without its array.
    pub(super) fn items(
        &self,
        attribute: &Attribute,
        path: &str,
        value: Value,
    ) -> Result<Vec<Value>, Reject> {
        let array = if value.is_array() { value } else { Value::Array(vec![value]) };
        Ok(match checked(attribute, array, path, self.rules.readings.names)? {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        })
    }

    /// What remains after the listed values are gone: those that have all that one of the list says.
    fn without(
        &self,
        attribute: &Attribute,
        path: &str,
        old: Option<Value>,
        listed: Value,
    ) -> Result<Option<Value>, Reject> {
        let Value::Array(listed) = (if listed.is_array() { listed } else { Value::Array(vec![listed]) })
        else {
            return Ok(old);
        };
        let listed = listed
            .into_iter()
            .map(|item| single(attribute, item, path, self.rules.readings.names))
            .collect::<Result<Vec<_>, _>>()?;
        let is_listed = |item: &Value| listed.iter().flatten().any(|like| says(attribute, item, like));
        Ok(match old {
            Some(Value::Array(items)) => {
                Some(Value::Array(items.into_iter().filter(|item| !is_listed(item)).collect()))
            }
            other => other,
        })
    }

    /// What a value is taken for where a reading is friendlier than the text.
    pub(super) fn coerced(&self, attribute: &Attribute, value: Value) -> Value {
        let readings = &self.rules.readings;
        let bare =
            readings.patch.bare_value == BareValue::Accepted && attribute.sub_attribute("value").is_some();
        let unpacked = readings.patch.list_of_one == ListOfOne::Accepted;
        match value {
            Value::Array(mut items) if unpacked && is_single_complex(attribute) && items.len() == 1 => {
                items.pop().map_or(Value::Null, |item| self.coerced(attribute, item))
            }
            Value::Array(items) => items.into_iter().map(|item| self.coerced(attribute, item)).collect(),
            Value::Object(object) => object
                .into_iter()
                .map(|(name, value)| match attribute.sub_attribute(&name) {
                    Some(sub) => (name, self.coerced(sub, value)),
                    None => (name, value),
                })
                .collect(),
            Value::String(text) if attribute.kind == Kind::Complex && bare => match text.as_str() {
                "" => Value::Null,
                _ => Value::Object(alone(attribute, text)),
            },
            Value::String(text)
                if attribute.kind == Kind::Boolean
                    && readings.string_booleans == StringBooleans::Accepted =>
            {
                text_as_boolean(&text).map_or(Value::String(text), Value::Bool)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }
}

/// A complex value that is nothing but this `value`: what stood beside the one before it was said of that one.
fn alone(attribute: &Attribute, text: String) -> Map<String, Value> {
    let others =
        attribute.sub_attributes.iter().filter(|sub| is_single_complex(attribute) && sub.name != "value");
    let nothing = others.map(|sub| (sub.name.clone(), Value::Null));
    nothing.chain([("value".to_owned(), Value::String(text))]).collect()
}

/// Whether an item has all that a listed one says.
fn says(attribute: &Attribute, item: &Value, listed: &Value) -> bool {
    match (item.as_object(), listed.as_object()) {
        (Some(item), Some(listed)) if attribute.kind == Kind::Complex => {
            listed.iter().all(|(name, value)| item.get(name) == Some(value))
        }
        _ => item == listed,
    }
}

/// Adds values to those that are there. One that is there already gains what the new one says beyond it.
fn appended(old: Option<Value>, items: Vec<Value>) -> Value {
    let mut kept = match old {
        Some(Value::Array(kept)) => kept,
        _ => Vec::new(),
    };
    for item in items {
        let twin = kept.iter().position(|other| match (other.get("value"), item.get("value")) {
            (Some(one), Some(two)) => one == two && other.get("type") == item.get("type"),
            _ => *other == item,
        });
        let takes_over = is_primary(&item);
        let position = twin.unwrap_or(kept.len());
        match (kept.get_mut(position), item) {
            (Some(Value::Object(twin)), Value::Object(item)) => twin.extend(item),
            (Some(_), _) => {}
            (None, item) => kept.push(item),
        }
        if takes_over {
            only_primary(&mut kept, |other| other == position);
        }
    }
    Value::Array(kept)
}

/// Lets no value be primary but those at the given positions, RFC 7644 §3.5.2.
pub(super) fn only_primary(items: &mut [Value], keeps: impl Fn(usize) -> bool) {
    for (position, item) in items.iter_mut().enumerate() {
        if !keeps(position)
            && is_primary(item)
            && let Some(object) = item.as_object_mut()
        {
            object.insert("primary".to_owned(), false.into());
        }
    }
}

/// Whether there is nothing in what is added to a list. An empty object is nothing only among objects.
fn adds_nothing(attribute: &Attribute, value: Option<&Value>) -> bool {
    value.is_none_or(|value| is_empty(value) && (attribute.kind == Kind::Complex || !value.is_object()))
}
