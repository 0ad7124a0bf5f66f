//! Where in an answer something stands, as JSON pointers (RFC 6901): so that a finding points at what offends and not at the whole
//! body.

use harness::Reply;
use harness::expect::Miss;
use record::At;
use serde_json::Value;

/// How many offenders a finding names; it counts the others.
const NAMED_MAX: usize = 8;

/// The list of resources in an answer, for a claim about them all.
pub(crate) fn resources() -> At {
    At::Pointer { pointer: "/Resources".to_owned() }
}

/// The pointer to a member of what stands at another pointer.
pub(crate) fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The parts of a path such as `name.givenName`, or of one behind a URI.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let (schema, name) = path.rsplit_once(':').map_or((None, path), |(schema, name)| (Some(schema), name));
    schema.into_iter().chain(name.split('.'))
}

/// Where an attribute stands that is not there, such as `/name/givenName`.
pub(crate) fn wanted(pointer: &str, path: &str) -> String {
    steps(path).fold(pointer.to_owned(), |pointer, step| child(&pointer, step))
}

/// Where an attribute stands in what stands at a pointer: one place, or one for each of several values that have it as a part.
pub(crate) fn of(value: &Value, pointer: &str, path: &str) -> Vec<String> {
    let mut found = vec![(pointer.to_owned(), value)];
    for step in steps(path) {
        found = found
            .into_iter()
            .flat_map(|(pointer, value)| each(pointer, value))
            .filter_map(|(pointer, value)| Some((child(&pointer, step), value.get(step)?)))
            .filter(|(_, value)| !value.is_null())
            .collect();
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}

/// A value, or each of several.
pub(crate) fn each(pointer: String, value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)).collect()
        }
        other => vec![(pointer, other)],
    }
}

/// Every value below a pointer, with its own pointer and the name of the member that it is, if any.
pub(crate) fn below<'a>(value: &'a Value, pointer: &str, tell: &mut dyn FnMut(&str, &str, &'a Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let pointer = child(pointer, name);
                tell(&pointer, name, value);
                below(value, &pointer, tell);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{index}");
                tell(&pointer, "", item);
                below(item, &pointer, tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The resources of a list of which something is true.
pub(crate) fn listed(reply: &Reply, is_it: impl Fn(&Value) -> bool) -> Vec<String> {
    let items = reply.at("/Resources").and_then(Value::as_array).into_iter().flatten().enumerate();
    items.filter(|(_, item)| is_it(item)).map(|(index, _)| format!("/Resources/{index}")).collect()
}

/// What a claim about an answer comes to that several places may offend against, each told in words.
pub(crate) fn unless(offenders: Vec<(String, String)>) -> Result<(), Miss> {
    if offenders.is_empty() {
        return Ok(());
    }
    let (pointers, told): (Vec<String>, Vec<String>) = offenders.into_iter().unzip();
    Err(Miss::places(pointers, several(&told)))
}

/// Several words as one text; what is too much is counted.
pub(crate) fn several(told: &[String]) -> String {
    let named = told.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join("; ");
    match told.len().saturating_sub(NAMED_MAX) {
        0 => named,
        more => format!("{named}; and {more} more"),
    }
}
