use record::At;
use serde_json::Value;

use super::{Expectation, Miss, no_json};

fn at(pointer: &str) -> At {
    At::Pointer { pointer: pointer.to_owned() }
}

/// The answer has no body at all.
#[must_use]
pub fn empty_body() -> Expectation {
    Expectation::new("an empty body", At::Body, |view| {
        let bytes = view.answer.body.len();
        if bytes == 0 { Ok(()) } else { Err(Miss::from(format!("a body of {bytes} bytes"))) }
    })
}

/// The body is a JSON object.
#[must_use]
pub fn object() -> Expectation {
    Expectation::new("a JSON object", At::Body, |view| match view.json {
        Some(Value::Object(_)) => Ok(()),
        Some(other) => Err(Miss::from(other.to_string())),
        None => Err(no_json(view)),
    })
}

/// The value at a JSON pointer (RFC 6901). Every exchange is looked at through many, and nearly all are plain names of members,
/// which are found without a copy.
#[must_use]
pub fn value_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.contains('~') {
        return body.pointer(pointer);
    }
    let (mut here, mut rest) = (body, pointer);
    while let (Value::Object(members), Some(path)) = (here, rest.strip_prefix('/')) {
        let name = path.split('/').next().unwrap_or(path);
        here = members.get(name)?;
        rest = path.get(name.len()..).unwrap_or_default();
    }
    here.pointer(rest)
}

/// The value at a pointer is there and satisfies a condition, given in words.
pub fn pointer_that<F>(pointer: &str, words: impl Into<String>, holds: F) -> Expectation
where
    F: Fn(&Value) -> bool + 'static,
{
    let path = pointer.to_owned();
    Expectation::new(words, at(pointer), move |view| match view.json {
        None => Err(no_json(view)),
        Some(body) => match value_at(body, &path) {
            None => Err(Miss::from("nothing there".to_owned())),
            Some(value) if holds(value) => Ok(()),
            Some(value) => Err(Miss::from(value.to_string())),
        },
    })
}

/// There is a value other than null at the pointer.
#[must_use]
pub fn present(pointer: &str) -> Expectation {
    pointer_that(pointer, "a value", |value| !value.is_null())
}

/// There is a non-empty string at the pointer.
#[must_use]
pub fn text(pointer: &str) -> Expectation {
    pointer_that(pointer, "a non-empty string", |value| value.as_str().is_some_and(|text| !text.is_empty()))
}

/// There is a JSON boolean at the pointer.
#[must_use]
pub fn boolean(pointer: &str) -> Expectation {
    pointer_that(pointer, "true or false", Value::is_boolean)
}

/// There is a JSON integer of at least zero at the pointer.
#[must_use]
pub fn integer(pointer: &str) -> Expectation {
    pointer_that(pointer, "an integer", Value::is_u64)
}

/// There is a non-empty array of objects at the pointer.
#[must_use]
pub fn array_of_objects(pointer: &str) -> Expectation {
    pointer_that(pointer, "a non-empty array of objects", |value| {
        value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
    })
}

/// There is exactly this value at the pointer.
#[must_use]
pub fn equals(pointer: &str, wanted: impl Into<Value>) -> Expectation {
    let wanted = wanted.into();
    pointer_that(pointer, wanted.to_string(), move |value| *value == wanted)
}

/// The value at the pointer is one of these strings.
#[must_use]
pub fn one_of(pointer: &str, wanted: &'static [&'static str]) -> Expectation {
    pointer_that(pointer, wanted.join(" or "), |value| {
        value.as_str().is_some_and(|text| wanted.contains(&text))
    })
}

/// Whatever is at the pointer, if anything, it is not this.
#[must_use]
pub fn differs(pointer: &str, unwanted: impl Into<Value>) -> Expectation {
    let (path, unwanted) = (pointer.to_owned(), unwanted.into());
    let words = format!("anything but {unwanted}");
    Expectation::new(words, at(pointer), move |view| match view.json {
        None => Err(no_json(view)),
        Some(body) if value_at(body, &path) == Some(&unwanted) => Err(Miss::from("just that".to_owned())),
        Some(_) => Ok(()),
    })
}

/// There is nothing at the pointer.
#[must_use]
pub fn absent(pointer: &str) -> Expectation {
    let path = pointer.to_owned();
    Expectation::new("nothing", at(pointer), move |view| match view.json {
        None => Err(no_json(view)),
        Some(body) => value_at(body, &path).map_or(Ok(()), |value| Err(Miss::from(value.to_string()))),
    })
}

/// The attribute at the pointer has no value: absent, null and the empty array mean the same (RFC 7643 §2.5).
#[must_use]
pub fn unset(pointer: &str) -> Expectation {
    let path = pointer.to_owned();
    Expectation::new("no value", at(pointer), move |view| {
        match value_at(view.json.ok_or_else(|| no_json(view))?, &path) {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Array(items)) if items.is_empty() => Ok(()),
            Some(value) => Err(Miss::from(value.to_string())),
        }
    })
}

/// The `schemas` array names this URI.
#[must_use]
pub fn schemas_name(urn: &'static str) -> Expectation {
    pointer_that("/schemas", format!("an array that names {urn}"), move |value| {
        value.as_array().is_some_and(|uris| uris.iter().any(|uri| uri == urn))
    })
}

/// No object anywhere in the body has a member of this name, whatever its letter case.
#[must_use]
pub fn no_member_named(name: &'static str) -> Expectation {
    Expectation::new(format!("no member {name:?}"), At::Body, move |view| {
        let mut pointers = Vec::new();
        find_members(view.json.ok_or_else(|| no_json(view))?, name, &mut Vec::new(), &mut pointers);
        if pointers.is_empty() { Ok(()) } else { Err(Miss::places(pointers, "it is there")) }
    })
}

/// The pointers to the members of a name. They are only written down where there is one, as nearly every body has none.
fn find_members<'a>(value: &'a Value, name: &str, way: &mut Vec<Step<'a>>, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                way.push(Step::Member(key));
                if key.eq_ignore_ascii_case(name) {
                    found.push(pointer(way));
                } else {
                    find_members(value, name, way, found);
                }
                way.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(Step::Item(index));
                find_members(item, name, way, found);
                way.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A step into a value.
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

fn pointer(way: &[Step<'_>]) -> String {
    way.iter().fold(String::new(), |pointer, step| match step {
        Step::Member(key) => child(&pointer, key),
        Step::Item(index) => format!("{pointer}/{index}"),
    })
}

/// The pointer to a member (RFC 6901 §3).
fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The body shows the same resource as another one. What SCIM holds to be equal is equal here: the order of
/// members and of values is free, and null, the empty array and absence mean the same (RFC 7643 §2.4, §2.5). Times
/// in `meta` are left to checks of their own, since their precision may differ, and so is which version it is, as that may
/// change although nothing else has (RFC 9110 §8.8.1).
#[must_use]
pub fn same_as(other: &Value, what: &str) -> Expectation {
    Expectation { at: At::Body, ..same_at("", other, what) }
}

/// The same of a part of the body, such as one resource of a list.
#[must_use]
pub fn same_at(pointer: &str, other: &Value, what: &str) -> Expectation {
    let (place, other) = (pointer.to_owned(), canonical(other, ""));
    Expectation::new(format!("the same as {what}"), at(pointer), move |view| {
        let part = value_at(view.json.ok_or_else(|| no_json(view))?, &place);
        let part = part.ok_or_else(|| Miss::from("nothing there".to_owned()))?;
        let mut found = Vec::new();
        differences(&canonical(part, ""), &other, &place, &mut found);
        match found.as_slice() {
            [] => Ok(()),
            [(pointer, told)] => Err(Miss::places([pointer.clone()], told)),
            _ => Err(Miss::places(found.iter().map(|(pointer, _)| pointer.clone()), told_of(&found))),
        }
    })
}

/// The value without what is unset, members in the order of their names and values in the order of their text.
fn canonical(value: &Value, pointer: &str) -> Value {
    match value {
        Value::Object(members) => {
            let mut kept: Vec<(String, Value)> = members
                .iter()
                .filter(|(key, _)| {
                    !(pointer == "/meta" && matches!(key.as_str(), "created" | "lastModified"))
                })
                .map(|(key, value)| {
                    // That there is a version is compared, and which one is not.
                    let versioned = pointer == "/meta" && key == "version" && value.is_string();
                    let value =
                        if versioned { Value::from("") } else { canonical(value, &child(pointer, key)) };
                    (key.clone(), value)
                })
                .filter(|(_, value)| {
                    !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
                })
                .collect();
            kept.sort_by(|left, right| left.0.cmp(&right.0));
            kept.into_iter().collect()
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| canonical(item, pointer)).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// How many of several differences are told in words; all of them are pointed at.
const DIFFERENCES_TOLD_MAX: usize = 8;

fn told_of(found: &[(String, String)]) -> String {
    let told = found.iter().take(DIFFERENCES_TOLD_MAX).map(|(pointer, told)| format!("{pointer}: {told}"));
    let told = told.collect::<Vec<_>>().join("; ");
    match found.len().saturating_sub(DIFFERENCES_TOLD_MAX) {
        0 => told,
        more => format!("{told}; and {more} more"),
    }
}

/// The places where two values differ, each with a sentence about it.
fn differences(seen: &Value, wanted: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match (seen, wanted) {
        (Value::Object(left), Value::Object(right)) => {
            let missing = right.keys().filter(|key| !left.contains_key(*key));
            found.extend(missing.map(|key| (child(pointer, key), "missing".to_owned())));
            for (key, value) in left {
                match right.get(key) {
                    None => found.push((child(pointer, key), format!("an additional {value}"))),
                    Some(wanted) => differences(value, wanted, &child(pointer, key), found),
                }
            }
        }
        _ if seen == wanted => {}
        (Value::Array(left), Value::Array(right)) if left.len() == 1 && right.len() == 1 => {
            for (seen, wanted) in left.iter().zip(right) {
                differences(seen, wanted, &format!("{pointer}/0"), found);
            }
        }
        // Lists are compared in an order of their own, so that no single one of several values has a place.
        _ => found.push((pointer.to_owned(), format!("{seen} where the other has {wanted}"))),
    }
}
