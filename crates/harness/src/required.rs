//! What every resource of a type has to have beyond its base schema: extensions that its resource type requires
//! (RFC 7643 §6). A create without them is refused, so that they belong to the least that makes one.

use serde_json::{Map, Value, json};

/// What stands for the name of the resource in a value.
const NAME: &str = "{name}";

/// The least that an extension can be: its required attributes, or else one that a client can write.
pub(crate) fn least(schema: &Value) -> Value {
    let attributes =
        schema.get("attributes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let required = required(attributes);
    if !required.is_empty() {
        return Value::Object(required);
    }
    let mut plain = attributes.iter().filter(|attribute| is_open(attribute) && kind(attribute) == "string");
    plain.next().and_then(|attribute| Some(json!({ name(attribute)?: value(attribute) }))).unwrap_or_default()
}

/// The value that was made for an extension, for a resource of a name.
pub(crate) fn named(value: &Value, name: &str) -> Value {
    match value {
        Value::String(text) => text.replace(NAME, name).into(),
        Value::Array(items) => items.iter().map(|item| named(item, name)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), named(value, name))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn required(attributes: &[Value]) -> Map<String, Value> {
    let required = attributes.iter().filter(|attribute| flag(attribute, "required") && is_open(attribute));
    required.filter_map(|attribute| Some((name(attribute)?.to_owned(), value(attribute)))).collect()
}

fn text<'a>(attribute: &'a Value, member: &str) -> Option<&'a str> {
    attribute.get(member).and_then(Value::as_str)
}

fn name(attribute: &Value) -> Option<&str> {
    text(attribute, "name")
}

fn kind(attribute: &Value) -> &str {
    text(attribute, "type").unwrap_or("string")
}

fn flag(attribute: &Value, member: &str) -> bool {
    attribute.get(member) == Some(&Value::Bool(true))
}

fn is_open(attribute: &Value) -> bool {
    !text(attribute, "mutability").is_some_and(|mutability| mutability.eq_ignore_ascii_case("readOnly"))
}

/// A value of the attribute's type.
fn value(attribute: &Value) -> Value {
    let suggested =
        attribute.get("canonicalValues").and_then(Value::as_array).and_then(|values| values.first());
    let one = match (suggested, kind(attribute)) {
        (Some(suggested), _) => suggested.clone(),
        (None, "boolean") => json!(true),
        (None, "integer") => json!(1),
        (None, "decimal") => json!(1.5),
        (None, "dateTime") => json!("2026-01-01T00:00:00Z"),
        (None, "binary") => json!("c2NpbXByb29m"),
        (None, "reference") => json!(format!("https://example.com/{NAME}")),
        (None, "complex") => {
            let parts = attribute.get("subAttributes").and_then(Value::as_array);
            Value::Object(required(parts.map(Vec::as_slice).unwrap_or_default()))
        }
        (None, _) => json!(NAME),
    };
    if flag(attribute, "multiValued") { json!([one]) } else { one }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{least, named};

    #[test]
    fn the_least_of_an_extension_is_what_it_requires() {
        let schema = json!({ "attributes": [
            { "name": "number", "required": true },
            { "name": "doors", "type": "integer", "multiValued": true, "required": true },
            { "name": "issued", "type": "dateTime", "required": true, "mutability": "readOnly" },
            { "name": "colour" },
        ]});
        assert_eq!(named(&least(&schema), "ada"), json!({ "number": "ada", "doors": [1] }));
    }

    #[test]
    fn an_extension_that_requires_nothing_has_one_text() {
        let schema = json!({ "attributes": [
            { "name": "issued", "type": "dateTime" },
            { "name": "number", "mutability": "readOnly" },
            { "name": "colour", "canonicalValues": ["red", "blue"] },
        ]});
        assert_eq!(least(&schema), json!({ "colour": "red" }));
    }
}
