//! What an attribute holds in a resource, and how all of it together compares with a literal.

use serde_json::Value;

use super::compare::{Stance, asks_presence, relates, stance};
use super::filter::Operator;
use super::lawful::{Readings, Refusal, refusal};
use super::matching::Scope;
use super::path::{Path, member, resolve};
use super::point::Point;
use super::table::{Attribute, Case, Kind};

/// A comparison of everything that an attribute holds with a literal.
pub(super) fn compare(
    leaf: &'static Attribute,
    values: &[Option<&Value>],
    operator: Operator,
    literal: &Value,
    readings: &mut Readings,
) -> Result<bool, Refusal> {
    let stance = stance(leaf, operator, literal, readings);
    stance.refused()?;
    let there: Vec<&Value> = values.iter().copied().flatten().collect();
    if matches!(stance, Stance::Null) {
        let set = there.iter().any(|value| present(value, readings));
        return Ok(set == (operator == Operator::Ne));
    }
    if matches!(stance, Stance::Never) {
        return Ok(false);
    }
    if there.is_empty() && leaf.kind == Kind::Boolean && readings.take(Point::UnsetBoolean) == 1 {
        return Ok((literal == &Value::Bool(false)) == (operator == Operator::Eq));
    }
    let mut relates = |operator, value: &Value| relates(&stance, operator, value, literal, readings);
    if operator != Operator::Ne {
        return Ok(there.into_iter().any(|value| relates(operator, value)));
    }
    let equal = there.iter().filter(|value| relates(Operator::Eq, value)).count();
    if there.is_empty() {
        return Ok(readings.first(Point::NeUnset));
    }
    if values.len() == 1 {
        return Ok(equal == 0);
    }
    Ok(match readings.take(Point::NeSeveral) {
        0 => equal < there.len(),
        1 => equal == 0,
        _ => equal < there.len() || (there.len() < values.len() && readings.first(Point::NeUnset)),
    })
}

/// An attribute, and for each element of its parent the value that it has there.
pub(super) type Values<'a> = (&'static Attribute, Vec<Option<&'a Value>>);

/// The attribute that a path names, and for each element of its parent the value that it has there.
pub(super) fn values<'a>(
    scope: Scope,
    path: &Path,
    subject: &'a Value,
    compared: Option<(Operator, &Value)>,
    readings: &mut Readings,
) -> Result<Option<Values<'a>>, Refusal> {
    let trail = match scope {
        Scope::Resource(on) => resolve(on, path, readings),
        Scope::Element(parent) => {
            let sub = if path.urn.is_none() && path.sub.is_none() { parent.sub(&path.name) } else { None };
            let Some(sub) = sub else { return unknown(readings) };
            return Ok(Some((sub, vec![member(subject, sub.name).filter(|value| !value.is_null())])));
        }
    };
    let Some(mut trail) = trail else { return unknown(readings) };
    let bare = trail.sub.is_none() && trail.attribute.kind == Kind::Complex;
    let whole = compared.is_none_or(|(operator, literal)| {
        bare && asks_presence(operator, literal) && readings.first(Point::NullOnComplex)
    });
    if bare && !whole {
        let by_value = if trail.attribute.many {
            readings.first(Point::BareMultiValued)
        } else {
            !readings.first(Point::BareSingle) && trail.attribute.sub("value").is_some()
        };
        if !by_value {
            return Err(refusal(["invalidFilter"]));
        }
        trail.sub = trail.attribute.sub("value");
        if trail.sub.is_none() {
            return unknown(readings);
        }
    }
    Ok(Some((trail.leaf(), trail.leaves(subject))))
}

/// What becomes of a name that the type does not have.
pub(super) fn unknown<'a>(readings: &mut Readings) -> Result<Option<Values<'a>>, Refusal> {
    static UNSET: Attribute = Attribute::of("", Kind::Text, Case::Exact);
    match readings.take(Point::UnknownAttribute) {
        0 => Err(refusal(["invalidFilter", "invalidPath"])),
        1 => Ok(None),
        _ => Ok(Some((&UNSET, Vec::new()))),
    }
}

/// Whether there is a value that is not empty.
pub(super) fn present(value: &Value, readings: &mut Readings) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) if text.is_empty() => readings.take(Point::EmptyText) == 1,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(items) => items.iter().any(|item| present(item, readings)),
        Value::Object(members) => members.values().any(|member| present(member, readings)),
    }
}
