use serde_json::{Map, Value};

use crate::evaluate::comparison::Comparison;
use crate::readings::{EmptyText, NotEqual, UnsetDiffers};
use crate::resolve::any_value;

/// A filter with its paths resolved and its values prepared.
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// One value at the path, an object, has all that the inner node asks for.
    Element {
        keys: Vec<String>,
        inner: Box<Self>,
    },
    Present {
        keys: Vec<String>,
        empty_text: EmptyText,
    },
    Compare {
        keys: Vec<String>,
        comparison: Comparison,
    },
    /// Some value differs, or every one does: `ne` is the one operator that no value at all can satisfy.
    Differs {
        keys: Vec<String>,
        equal: Comparison,
        quantifier: NotEqual,
        unset: UnsetDiffers,
    },
    Constant(bool),
}

impl Node {
    pub(super) fn holds(&self, object: &Map<String, Value>) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.holds(object)),
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(object)),
            Self::Not(node) => !node.holds(object),
            Self::Element { keys, inner } => any_value(object, keys, &mut |value| {
                value.as_object().is_some_and(|element| inner.holds(element))
            }),
            Self::Present { keys, empty_text } => {
                any_value(object, keys, &mut |value| is_filled(value, *empty_text))
            }
            Self::Compare { keys, comparison } => {
                any_value(object, keys, &mut |value| comparison.holds(value))
            }
            Self::Differs { keys, equal, quantifier, unset } => {
                if !any_value(object, keys, &mut |value| !value.is_null()) {
                    return *unset == UnsetDiffers::Yes;
                }
                match quantifier {
                    NotEqual::SomeValue => any_value(object, keys, &mut |value| !equal.holds(value)),
                    NotEqual::EveryValue => !any_value(object, keys, &mut |value| equal.holds(value)),
                }
            }
            Self::Constant(holds) => *holds,
        }
    }
}

/// Whether a value is one: not null, not empty, and not an object of such values alone.
fn is_filled(value: &Value, empty_text: EmptyText) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty() || empty_text == EmptyText::Present,
        Value::Array(items) => items.iter().any(|item| is_filled(item, empty_text)),
        Value::Object(object) => object.values().any(|value| is_filled(value, empty_text)),
    }
}
