use serde_json::{Map, Value};

use crate::evaluate::text_as_boolean;
use crate::readings::{BareValue, ListOfOne, Readings, StringBooleans};
use crate::schema::{Attribute, Kind};

impl Readings {
    /// A value with what its text stands for in the place of the text, where that is how text is read: Booleans, and
    /// the complex values of attributes that have one value. An array of one can stand for such a value as well.
    pub(crate) fn spelt(&self, attribute: &Attribute, value: Value) -> Value {
        let booleans = self.string_booleans == StringBooleans::Accepted;
        let bare = self.patch.bare_value == BareValue::Accepted;
        let unpacked = self.patch.list_of_one == ListOfOne::Accepted;
        match value {
            _ if !booleans && !bare && !unpacked => value,
            Value::Array(mut items) if unpacked && is_single_complex(attribute) && items.len() == 1 => {
                items.pop().map_or(Value::Null, |item| self.spelt(attribute, item))
            }
            Value::Array(items) => items.into_iter().map(|item| self.spelt(attribute, item)).collect(),
            Value::Object(object) => object
                .into_iter()
                .map(|(name, value)| match attribute.sub_attribute(&name) {
                    Some(sub) => (name, self.spelt(sub, value)),
                    None => (name, value),
                })
                .collect(),
            Value::String(text) if bare && is_single_complex(attribute) && has_value(attribute) => {
                match text.as_str() {
                    "" => Value::Null,
                    _ => Value::Object(Map::from_iter([("value".to_owned(), Value::String(text))])),
                }
            }
            Value::String(text) if booleans && attribute.kind == Kind::Boolean => {
                text_as_boolean(&text).map_or(Value::String(text), Value::Bool)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }
}

pub(crate) fn is_single_complex(attribute: &Attribute) -> bool {
    attribute.kind == Kind::Complex && !attribute.multi_valued
}

fn has_value(attribute: &Attribute) -> bool {
    attribute.sub_attribute("value").is_some()
}
