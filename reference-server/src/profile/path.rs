//! Paths into the canonical form of a resource.

use serde_json::{Map, Value};

/// Keys from the outside in. Arrays on the way are walked through.
#[derive(Debug)]
pub(crate) struct Path {
    pub(super) text: String,
    pub(super) keys: Vec<String>,
}

impl Path {
    pub(super) fn new(text: &str) -> Self {
        // The URI of an extension holds dots, and its last colon stands before the attribute's name.
        let (urn, name) = match text.rsplit_once(':') {
            Some((urn, name)) => (Some(urn), name),
            None => (None, text),
        };
        let keys = urn.into_iter().map(str::to_owned).chain(name.split('.').map(str::to_owned)).collect();
        Self { text: text.to_owned(), keys }
    }

    /// The first text there, where it is not empty.
    pub(crate) fn first(&self, object: &Map<String, Value>) -> Option<String> {
        texts(object, &self.keys).into_iter().find(|text| !text.is_empty())
    }
}

/// The texts at a path.
pub(super) fn texts(object: &Map<String, Value>, keys: &[String]) -> Vec<String> {
    fn within(value: &Value, keys: &[String], found: &mut Vec<String>) {
        match (value, keys.split_first()) {
            (Value::Array(items), _) => items.iter().for_each(|item| within(item, keys, found)),
            (Value::Object(object), Some((key, rest))) => {
                if let Some(value) = object.get(key) {
                    within(value, rest, found);
                }
            }
            (Value::String(text), None) => found.push(text.clone()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some((key, rest)) = keys.split_first()
        && let Some(value) = object.get(key)
    {
        within(value, rest, &mut found);
    }
    found
}
