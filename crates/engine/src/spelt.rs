use serde_json::Value;

use crate::evaluate::text_as_boolean;
use crate::readings::{Readings, StringBooleans};
use crate::schema::{Attribute, Kind};

impl Readings {
    /// A value with text in the place of Booleans replaced by the Booleans that it stands for, where that is how
    /// the text is read.
    pub(crate) fn spelt(&self, attribute: &Attribute, value: Value) -> Value {
        match value {
            _ if self.string_booleans == StringBooleans::Refused => value,
            Value::Array(items) => items.into_iter().map(|item| self.spelt(attribute, item)).collect(),
            Value::Object(object) => object
                .into_iter()
                .map(|(name, value)| match attribute.sub_attribute(&name) {
                    Some(sub) => (name, self.spelt(sub, value)),
                    None => (name, value),
                })
                .collect(),
            Value::String(text) if attribute.kind == Kind::Boolean => {
                text_as_boolean(&text).map_or(Value::String(text), Value::Bool)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }
}
