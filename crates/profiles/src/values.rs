//! What samples and defaults hold fits: each value is of the type that its attribute has, and what stands in braces is
//! replaced.

use std::collections::BTreeMap;

use protocol::Kind;
use protocol::standard::{self, Names};
use serde_json::Value;

use crate::model::{Attribute, Profile};
use crate::near::meant;
use crate::paths;
use crate::place::Place;
use crate::sound::Complaint;

/// What a text of a sample may hold in braces.
const PLACEHOLDERS: [&str; 3] = ["name", "userName", "domain"];

/// The type of an attribute.
#[derive(Clone)]
struct Type {
    kind: Kind,
    is_list: bool,
    parts: BTreeMap<String, Type>,
}

/// The first value of a sample that does not fit.
pub(crate) fn complaint(profile: &Profile) -> Option<Complaint> {
    profile.samples.iter().find_map(|(resource_type, sample)| {
        let known = known(profile, resource_type);
        let at = Place::key(&["samples", resource_type]);
        sample.iter().find_map(|(name, value)| {
            let at = at.clone().of(name);
            placeholder(value, &at).or_else(|| unfit(name, known.get(name)?, value, &at, "sample"))
        })
    })
}

/// What is wrong with the default of an attribute of users.
pub(crate) fn default(profile: &Profile, path: &str, value: &Value, at: &Place) -> Option<Complaint> {
    unfit(path, way(profile, path).last()?, value, at, "default")
}

/// The attribute with several values that a path leads into.
pub(crate) fn list_around<'a>(profile: &Profile, path: &'a str) -> Option<&'a str> {
    let (whole, _) = path.rsplit_once('.')?;
    way(profile, path).first().filter(|attribute| attribute.is_list).map(|_| whole)
}

/// The types on the way to what a path of users names: of an attribute, and of its part.
fn way(profile: &Profile, path: &str) -> Vec<Type> {
    let mut types = known(profile, "User");
    let extension = types.iter().find_map(|(uri, whole)| {
        let rest = path.strip_prefix(uri.as_str())?.strip_prefix(':')?;
        Some((whole.parts.clone(), rest))
    });
    let name = extension.map_or(path, |(parts, rest)| {
        types = parts;
        rest
    });
    let mut passed = Vec::new();
    for step in name.split('.') {
        let Some(next) = types.remove(step) else { break };
        types.clone_from(&next.parts);
        passed.push(next);
    }
    passed
}

/// The types of all that a resource type can have.
fn known(profile: &Profile, resource_type: &str) -> BTreeMap<String, Type> {
    let mut known = standing(paths::base(resource_type));
    known.extend(standing(standard::COMMON));
    known.insert(protocol::urn::ENTERPRISE_USER.to_owned(), whole(standing(standard::ENTERPRISE_USER)));
    let own = profile.schemas.iter().map(|schema| (schema.id.clone(), whole(described(&schema.attributes))));
    known.extend(own);
    known
}

fn whole(parts: BTreeMap<String, Type>) -> Type {
    Type { kind: Kind::Complex, is_list: false, parts }
}

/// The types of attributes that the standard has: what has parts has several values, with few exceptions, and what has none
/// is text, with fewer.
fn standing(names: Names) -> BTreeMap<String, Type> {
    let simple = |name: &str| {
        let kind = if matches!(name, "active" | "primary") { Kind::Boolean } else { Kind::String };
        Type { kind, is_list: name == "schemas", parts: BTreeMap::new() }
    };
    let each = names.iter().map(|(name, parts)| {
        let of = if parts.is_empty() {
            simple(name)
        } else {
            let parts = parts.iter().map(|part| ((*part).to_owned(), simple(part))).collect();
            Type { is_list: !matches!(*name, "name" | "meta" | "manager"), ..whole(parts) }
        };
        ((*name).to_owned(), of)
    });
    each.collect()
}

fn described(attributes: &[Attribute]) -> BTreeMap<String, Type> {
    let of = |attribute: &Attribute| Type {
        kind: attribute.kind,
        is_list: attribute.multi_valued,
        parts: described(&attribute.sub_attributes),
    };
    attributes.iter().map(|attribute| (attribute.name.clone(), of(attribute))).collect()
}

/// The first part of a value that is not of its type. What is not known is somebody else's to complain of.
fn unfit(name: &str, of: &Type, value: &Value, at: &Place, what: &str) -> Option<Complaint> {
    if !of.is_list {
        return unfit_one(name, of, value, at, what);
    }
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| unfit_one(name, of, item, &at.clone().element(index), what)),
        _ => Some(told(name, &format!("a list, each of it {}", words(of.kind)), value, at, what)),
    }
}

fn unfit_one(name: &str, of: &Type, value: &Value, at: &Place, what: &str) -> Option<Complaint> {
    let fits = match of.kind {
        Kind::Complex => value.is_object(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Decimal => value.is_number(),
        Kind::String | Kind::DateTime | Kind::Binary | Kind::Reference => value.is_string(),
    };
    if !fits {
        return Some(told(name, words(of.kind), value, at, what));
    }
    // The parts of a schema's URI are attributes, and those of an attribute its sub-attributes.
    let joint = if at.is_of_uri() { ':' } else { '.' };
    value.as_object().into_iter().flatten().find_map(|(part, value)| {
        unfit(&format!("{name}{joint}{part}"), of.parts.get(part)?, value, &at.clone().of(part), what)
    })
}

fn told(name: &str, wanted: &str, value: &Value, at: &Place, what: &str) -> Complaint {
    let message = format!("{name} is {wanted}, and the {what} has {}", seen(value));
    Complaint::new(at.clone(), message, "write it in the form that the schema has for it, or leave it out")
}

const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Complex => "a table",
        Kind::Boolean => "true or false",
        Kind::Integer => "a whole number",
        Kind::Decimal => "a number",
        Kind::String | Kind::DateTime | Kind::Binary | Kind::Reference => "text",
    }
}

const fn seen(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// The first placeholder that stands for nothing.
fn placeholder(value: &Value, at: &Place) -> Option<Complaint> {
    match value {
        Value::String(text) => {
            let mut inside = text.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0));
            let unknown = inside.find(|inside| !PLACEHOLDERS.contains(inside))?;
            let message = format!("{{{unknown}}} stands for nothing in a sample");
            let hint = match meant(unknown, PLACEHOLDERS) {
                Some(known) => format!("did you mean `{{{known}}}`?"),
                None => "there are {name}, the name of the resource, {userName} and {domain}".to_owned(),
            };
            Some(Complaint::new(at.clone(), message, hint))
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| placeholder(item, &at.clone().element(index)))
        }
        Value::Object(parts) => parts.iter().find_map(|(name, part)| placeholder(part, &at.clone().of(name))),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
