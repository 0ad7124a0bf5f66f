//! Whether a resource matches a filter (RFC 7644 §3.4.2.2).

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::{Stance, stance};
use super::filter::{Filter, Operator, Then};
use super::lawful::{Readings, Refusal, refusal};
use super::path::{Path, member, resolve};
use super::point::Point;
use super::table::{Access, Attribute, Kind, Type};
use super::values::{compare, present, unknown, values};

/// What paths are relative to.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    Resource(&'static Type),
    /// One element of a multi-valued complex attribute.
    Element(&'static Attribute),
}

/// The places in `resources` of those that match a filter.
///
/// # Errors
/// The keywords with which a server may refuse the filter instead.
pub fn selected(
    on: &'static Type,
    filter: &Filter,
    resources: &[Value],
    readings: &mut Readings,
) -> Result<BTreeSet<usize>, Refusal> {
    let mut chosen = BTreeSet::new();
    check(Scope::Resource(on), filter, readings)?;
    for (at, resource) in resources.iter().enumerate() {
        if test(Scope::Resource(on), filter, resource, readings)? {
            chosen.insert(at);
        }
    }
    Ok(chosen)
}

/// Whether one resource matches a filter.
///
/// # Errors
/// The keywords with which a server may refuse the filter instead.
pub fn holds(
    on: &'static Type,
    filter: &Filter,
    resource: &Value,
    readings: &mut Readings,
) -> Result<bool, Refusal> {
    test(Scope::Resource(on), filter, resource, readings)
}

/// Refuses what no data can make right: the filter is put to nothing at all, and every part is looked at.
pub(super) fn check(scope: Scope, filter: &Filter, readings: &mut Readings) -> Result<(), Refusal> {
    test(scope, filter, &Value::Null, readings).map(|_| ())
}

/// Both sides of `and` and `or` are always put to the test: a refusal must not hang on the other side.
pub(super) fn test(
    scope: Scope,
    filter: &Filter,
    subject: &Value,
    readings: &mut Readings,
) -> Result<bool, Refusal> {
    Ok(match filter {
        Filter::And(one, other) => {
            let one = test(scope, one, subject, readings)?;
            test(scope, other, subject, readings)? && one
        }
        Filter::Or(one, other) => {
            let one = test(scope, one, subject, readings)?;
            test(scope, other, subject, readings)? || one
        }
        Filter::Not(inner) => !test(scope, inner, subject, readings)?,
        Filter::Compare { path, operator, value } => {
            let Some((leaf, values)) = values(scope, path, subject, Some((*operator, value)), readings)?
            else {
                return Ok(false);
            };
            if subject.is_null() {
                stance(leaf, *operator, value, readings).refused()?;
                return Ok(false);
            }
            compare(leaf, &values, *operator, value, readings)?
        }
        Filter::Present(path) => {
            let Some((leaf, values)) = values(scope, path, subject, None, readings)? else {
                return Ok(false);
            };
            if leaf.access == Access::WriteOnly {
                stance(leaf, Operator::Eq, &Value::Null, readings).refused()?;
                return Ok(false);
            }
            values.into_iter().flatten().any(|value| present(value, readings))
        }
        Filter::Each { path, filter, then } => each(scope, path, filter, then.as_ref(), subject, readings)?,
    })
}

impl Stance {
    /// The refusal, as an error.
    pub(super) fn refused(&self) -> Result<(), Refusal> {
        if let Self::Refuse(keywords) = self { Err(keywords.clone()) } else { Ok(()) }
    }
}

fn each(
    scope: Scope,
    path: &Path,
    filter: &Filter,
    then: Option<&Then>,
    subject: &Value,
    readings: &mut Readings,
) -> Result<bool, Refusal> {
    let Scope::Resource(on) = scope else { return Err(refusal(["invalidFilter"])) };
    if then.is_some() && readings.first(Point::ValuePathThenSub) {
        return Err(refusal(["invalidFilter"]));
    }
    let Some(trail) = resolve(on, path, readings) else {
        return Ok(unknown(readings)?.is_some_and(|_| false));
    };
    let scope = Scope::Element(trail.attribute);
    let whole = trail.attribute.kind == Kind::Complex && trail.sub.is_none();
    if !whole || !trail.attribute.many {
        match readings.take(Point::ValuePathOnSingle) {
            0 => return Err(refusal(["invalidFilter"])),
            2 if whole => {}
            _ => return Ok(false),
        }
    }
    check(scope, filter, readings)?;
    let mut chosen = Vec::new();
    for element in trail.elements(subject) {
        if test(scope, filter, element, readings)? {
            chosen.push(element);
        }
    }
    let Some(then) = then else { return Ok(!chosen.is_empty()) };
    let Some(sub) = trail.attribute.sub(&then.sub) else {
        return Ok(unknown(readings)?.is_some_and(|_| false));
    };
    stance(sub, then.operator, &then.value, readings).refused()?;
    // One condition more on the same value: it holds of one that was chosen, or of none.
    for element in chosen {
        if compare(sub, &[member(element, sub.name)], then.operator, &then.value, readings)? {
            return Ok(true);
        }
    }
    Ok(false)
}
