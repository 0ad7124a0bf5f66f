//! PATCH operations on the elements that a value filter chooses.

use serde_json::{Map, Value};

use super::canonical::{element, empty};
use super::elements::unmatched_remove;
use super::filter::{Filter, Operator};
use super::lawful::{Readings, Refusal, refusal};
use super::matching::{Scope, check, test};
use super::patch::Verb;
use super::plain::{edit, list};
use super::point::Point;
use super::rewrite::rewrite;
use super::shape::{conform, due, unfit, unknown_name};
use super::table::{Access, Attribute, Kind};

/// The elements of an attribute after an operation on those that match.
pub(super) fn filtered(
    verb: Verb,
    attribute: &'static Attribute,
    holder: &Map<String, Value>,
    (filter, sub): (&Filter, Option<&str>),
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<Value, Refusal> {
    let misplaced = || refusal(["invalidFilter", "invalidPath", "noTarget"]);
    let alone = attribute.kind == Kind::Complex && !attribute.many;
    if attribute.kind != Kind::Complex || (alone && readings.take(Point::ValuePathOnSingle) != 2) {
        return Err(misplaced());
    }
    let scope = Scope::Element(attribute);
    check(scope, filter, readings).map_err(|_| misplaced())?;
    let sub = match sub {
        None => None,
        Some(name) => Some(attribute.sub(name).ok_or_else(unknown_name)?),
    };
    if sub.is_some_and(|sub| sub.access == Access::ReadOnly) {
        return Err(refusal(["mutability"]));
    }
    let mut elements = if alone { one_of(holder, attribute) } else { list(holder, attribute) };
    let mut verb = verb;
    let value = value.map(|value| due(sub.unwrap_or(attribute), value, readings));
    if verb == Verb::Add && value.is_some_and(Value::is_null) {
        let point = if sub.is_some() { Point::AddNull } else { Point::AddNullToList };
        match readings.take(point) {
            0 => return Ok(reassembled(attribute, elements)),
            1 => verb = Verb::Remove,
            _ => return Err(unfit()),
        }
    }
    let mut chosen = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        if test(scope, filter, element, readings).map_err(|_| misplaced())? {
            chosen.push(at);
        }
    }
    if chosen.is_empty() {
        let immutable = sub.is_some_and(|sub| sub.access == Access::Immutable);
        let bad = unfit_anyway(attribute, sub, verb, value);
        match verb {
            Verb::Remove if immutable && readings.first(Point::UnmatchedImmutable) => return Err(bad),
            Verb::Remove => unmatched_remove(readings)?,
            Verb::Add | Verb::Replace if alone && !elements.is_empty() => {
                return Err(&refusal(["noTarget"]) | &bad);
            }
            Verb::Replace if readings.first(Point::UnmatchedReplace) => {
                return Err(&refusal(["noTarget"]) | &bad);
            }
            // Nothing is put in the place of nothing.
            Verb::Replace if !immutable && value.is_some_and(|value| is_nothing(sub, value)) => {
                made(attribute, filter, readings)?;
            }
            Verb::Add if !readings.first(Point::UnmatchedAdd) => return Err(&refusal(["noTarget"]) | &bad),
            Verb::Add | Verb::Replace => {
                // What the filter describes stays, so the value is added to it.
                verb = Verb::Add;
                elements.push(made(attribute, filter, readings).map_err(|keywords| &keywords | &bad)?);
                chosen.push(elements.len() - 1);
            }
        }
    }
    match (sub, verb) {
        _ if chosen.is_empty() => {}
        (Some(sub), _) => edit(verb, sub, &mut elements, &chosen, value, readings)?,
        (None, Verb::Remove) => {
            let kept = elements.iter().enumerate().filter(|(at, _)| !chosen.contains(at));
            elements = kept.map(|(_, element)| element.clone()).collect();
        }
        (None, Verb::Add | Verb::Replace) => {
            let value = value.ok_or_else(unfit)?;
            rewrite(verb, attribute, &mut elements, &chosen, value, readings)?;
        }
    }
    let elements = elements.iter().map(|item| element(attribute, item)).collect();
    Ok(reassembled(attribute, elements))
}

/// Whether a value is none; an empty object is a mistake where a simple value is due.
fn is_nothing(sub: Option<&Attribute>, value: &Value) -> bool {
    empty(value) && (sub.is_none() || !value.is_object())
}

/// The one value of an attribute, as a list.
fn one_of(holder: &Map<String, Value>, attribute: &Attribute) -> Vec<Value> {
    holder.get(attribute.name).filter(|value| !empty(value)).cloned().into_iter().collect()
}

fn reassembled(attribute: &Attribute, mut elements: Vec<Value>) -> Value {
    if attribute.many { Value::Array(elements) } else { elements.pop().unwrap_or_default() }
}

/// The element that a filter describes, where it does nothing but list values (ambiguity 1).
fn made(attribute: &'static Attribute, filter: &Filter, readings: &mut Readings) -> Result<Value, Refusal> {
    let undescribed = || refusal(["noTarget", "invalidPath", "invalidFilter"]);
    let mut element = Map::new();
    let mut parts = vec![filter];
    while let Some(part) = parts.pop() {
        match part {
            Filter::And(one, other) => parts.extend([one.as_ref(), other.as_ref()]),
            Filter::Compare { path, operator: Operator::Eq, value } if !value.is_null() => {
                let sub = attribute.sub(&path.name).ok_or_else(undescribed)?;
                let value = conform(sub, value, readings).map_err(|_| undescribed())?;
                if element.insert(sub.name.to_owned(), value.clone()).is_some_and(|other| other != value) {
                    return Err(undescribed());
                }
            }
            _ => return Err(undescribed()),
        }
    }
    Ok(Value::Object(element))
}

/// The keywords for a value that no element could take: a server may look at it before it looks for elements.
fn unfit_anyway(
    attribute: &'static Attribute,
    sub: Option<&'static Attribute>,
    verb: Verb,
    value: Option<&Value>,
) -> Refusal {
    let mut keywords = Refusal::new();
    if sub.is_some_and(|sub| sub.access == Access::Immutable) {
        keywords.insert("mutability");
    }
    let Some(value) = value.filter(|_| verb != Verb::Remove) else { return keywords };
    let strict = &mut Readings::default();
    keywords.extend(conform(sub.unwrap_or(attribute), value, strict).err().unwrap_or_default());
    keywords
}
