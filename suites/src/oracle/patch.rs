//! What a PATCH leaves of a resource (RFC 7644 §3.5.2).

use serde_json::{Map, Value};

use super::canonical::{canonical, put, settled};
use super::filtered::filtered;
use super::lawful::{Readings, Refusal, refusal};
use super::operation::{Address, Operation, Request, Target};
use super::path::resolve;
use super::plain::plain;
use super::point::Point;
use super::single;
use super::spread::{extension, spread};
use super::table::{Access, Attribute, Type};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Replace,
    Remove,
}

/// The resource after a PATCH, in the form of [`settled`]. What servers derive of members (`type`, `$ref`) is
/// no part of it, and filters in paths do not find it.
///
/// # Errors
/// The keywords with which a server may refuse the request, of which it may name any one. It may look at the
/// operations in any order, as long as it applies none; therefore all that are at fault contribute.
pub fn patched(
    on: &'static Type,
    resource: &Value,
    request: &Request,
    readings: &mut Readings,
) -> Result<Value, Refusal> {
    let mut state = canonical(on, resource);
    let mut refused = Refusal::new();
    if !request.declared || request.operations.is_empty() {
        refused.extend(["invalidSyntax", "invalidValue"]);
    }
    for operation in &request.operations {
        let mut next = state.clone();
        match apply(&mut Editing { on, resource, state: &mut next }, operation, readings) {
            Ok(()) if resets(on, &state, &next) => refused.extend(["mutability"]),
            Ok(()) => state = next,
            Err(keywords) => refused.extend(keywords),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    let claimed: Vec<Value> =
        std::iter::once(on.urn).chain(on.extensions.iter().map(|(urn, _)| *urn)).map(Value::from).collect();
    state.insert("schemas".to_owned(), Value::Array(claimed));
    Ok(settled(on, &Value::Object(state)))
}

/// Whether an attribute that is set once would lose the value that it has, or change it (RFC 7643 §7): with the whole of
/// its extension, say.
fn resets(on: &'static Type, before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let inner = |state: &Map<String, Value>, urn: &str| single::object(state, urn);
    let lost = |table: &[Attribute], before: &Map<String, Value>, after: &Map<String, Value>| {
        let mut once = table.iter().filter(|attribute| attribute.access == Access::Immutable);
        once.any(|attribute| {
            before.get(attribute.name).is_some_and(|value| after.get(attribute.name) != Some(value))
        })
    };
    lost(on.attributes, before, after)
        || on.extensions.iter().any(|(urn, table)| lost(table, &inner(before, urn), &inner(after, urn)))
}

/// A resource under way: as it came, and as it is now.
pub(super) struct Editing<'a> {
    pub(super) on: &'static Type,
    pub(super) resource: &'a Value,
    pub(super) state: &'a mut Map<String, Value>,
}

fn apply(editing: &mut Editing<'_>, operation: &Operation, readings: &mut Readings) -> Result<(), Refusal> {
    let word = operation.op.to_ascii_lowercase();
    let verb = match word.as_str() {
        "add" => Verb::Add,
        "replace" => Verb::Replace,
        "remove" => Verb::Remove,
        _ => return Err(refusal(["invalidSyntax", "invalidValue"])),
    };
    if word != operation.op && !readings.first(Point::OperatorCase) {
        return Err(refusal(["invalidSyntax", "invalidValue"]));
    }
    let value = operation.value.as_ref();
    match (&operation.address, verb) {
        (Address::Broken(_), _) => Err(refusal(["invalidPath", "invalidFilter"])),
        (Address::Resource, Verb::Remove) => Err(refusal(["noTarget"])),
        (Address::Resource, Verb::Add | Verb::Replace) => spread(editing, verb, value, readings),
        (Address::At(target), _) => at(editing, verb, target, value, readings),
    }
}

/// An operation with a path.
pub(super) fn at(
    editing: &mut Editing<'_>,
    verb: Verb,
    target: &Target,
    value: Option<&Value>,
    readings: &mut Readings,
) -> Result<(), Refusal> {
    if value.is_none() && verb != Verb::Remove {
        let elsewhere = at(editing, verb, target, Some(&Value::Null), readings).err().unwrap_or_default();
        return Err(&elsewhere | &refusal(["invalidValue", "invalidSyntax"]));
    }
    let Some(trail) = resolve(editing.on, &target.path, readings) else {
        return extension(editing, verb, &target.path, value, readings);
    };
    if trail.attribute.access == Access::ReadOnly || trail.leaf().access == Access::ReadOnly {
        let unset = verb == Verb::Remove && trail.leaves(editing.resource).iter().all(Option::is_none);
        let harmless = unset && !readings.first(Point::RemoveUnsetReadOnly);
        return if harmless { Ok(()) } else { Err(refusal(["mutability"])) };
    }
    let mut holder = match trail.extension {
        Some(urn) => single::object(editing.state, urn),
        None => editing.state.clone(),
    };
    match &target.filter {
        Some(filter) => {
            let elements =
                filtered(verb, trail.attribute, &holder, (filter, target.sub.as_deref()), value, readings)?;
            put(&mut holder, trail.attribute.name, elements);
        }
        None => {
            let fixed = holder.get(trail.attribute.name).cloned();
            let fixed = fixed.filter(|_| trail.attribute.access == Access::Immutable);
            let outcome = plain(verb, &trail, &mut holder, value, readings);
            if fixed.is_some() && (outcome.is_err() || holder.get(trail.attribute.name) != fixed.as_ref()) {
                // Whether the value would do besides is not worth a look.
                return Err(&outcome.err().unwrap_or_default() | &refusal(["mutability"]));
            }
            outcome?;
        }
    }
    match trail.extension {
        Some(urn) => put(editing.state, urn, Value::Object(holder)),
        None => *editing.state = holder,
    }
    Ok(())
}
