use serde_json::{Map, Value};

use crate::evaluate::text_as_boolean;
use crate::readings::{BareValue, Readings, StringBooleans};
use crate::schema::{Attribute, Kind};

impl Readings {
    /// A value with what its text stands for in the place of the text, where that is how text is read: Booleans, and
    /// the complex values of attributes that have one value.
    pub(crate) fn spelt(&self, attribute: &Attribute, value: Value) -> Value {
        let booleans = self.string_booleans == StringBooleans::Accepted;
        let bare = self.patch.bare_value == BareValue::Accepted;
        match value {
            _ if !booleans && !bare => value,
            Value::Array(items) => items.into_iter().map(|item| self.spelt(attribute, item)).collect(),
            Value::Object(object) => object
                .into_iter()
                .map(|(name, value)| match attribute.sub_attribute(&name) {
                    Some(sub) => (name, self.spelt(sub, value)),
                    None => (name, value),
                })
                .collect(),
            Value::String(text) if bare && is_single_with_value(attribute) => match text.as_str() {
                "" => Value::Null,
                _ => Value::Object(Map::from_iter([("value".to_owned(), Value::String(text))])),
            },
            Value::String(text) if booleans && attribute.kind == Kind::Boolean => {
                text_as_boolean(&text).map_or(Value::String(text), Value::Bool)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }
}

fn is_single_with_value(attribute: &Attribute) -> bool {
    attribute.kind == Kind::Complex && !attribute.multi_valued && attribute.sub_attribute("value").is_some()
}
