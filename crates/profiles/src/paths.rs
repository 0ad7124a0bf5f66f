//! The paths that a profile writes name attributes that there are.

use protocol::Mutability;
use protocol::standard::{self, Names};
use serde_json::{Map, Value};

use crate::behaviour::Behaviour;
use crate::model::{Attribute, Profile, Schema, TypeRules};
use crate::near::{hint, meant};
use crate::place::Place;
use crate::sound::{Complaint, TYPES};

/// What the server alone writes: the resource type that has it, where not all have, and the path.
const READ_ONLY: &[(&str, &str)] = &[
    ("", "id"),
    ("", "meta"),
    ("User", "groups"),
    ("User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName"),
];

/// What to do where nothing was nearly meant.
const NAME_ONE: &str =
    "name one that its schemas have, as in \"userName\", \"name.givenName\" or \"urn:…:User:department\"";

/// What to do about the URI of an extension that the resource type does not have.
const EXTENSION: &str = "list the URI of its schema in `extensions`; a schema that the standard does not have is described in [[schemas]]";

/// The paths that a resource type has.
struct Known {
    resource_type: String,
    /// All that its schemas have.
    there: Vec<String>,
    /// What of that it keeps.
    kept: Vec<String>,
}

impl Known {
    fn of(profile: &Profile, resource_type: &str) -> Self {
        let rules = profile.types.get(resource_type);
        let mut there = paths("", base(resource_type));
        there.extend(paths("", standard::COMMON));
        let mut kept: Vec<String> =
            there.iter().filter(|path| keeps(profile, rules, path)).cloned().collect();
        for uri in extensions(resource_type, rules) {
            let below = match profile.schemas.iter().find(|schema| schema.id == uri) {
                Some(schema) => described(&format!("{uri}:"), &schema.attributes),
                None if uri == protocol::urn::ENTERPRISE_USER => {
                    paths(&format!("{uri}:"), standard::ENTERPRISE_USER)
                }
                None => Vec::new(),
            };
            kept.extend(below.iter().cloned());
            there.extend(below);
        }
        Self { resource_type: resource_type.to_owned(), there, kept }
    }

    /// What is wrong with a path, where something is.
    fn complaint(&self, path: &str, at: Place) -> Option<Complaint> {
        let Self { resource_type, there, kept } = self;
        if kept.iter().any(|known| known == path) {
            return None;
        }
        if there.iter().any(|known| known == path) {
            let message = format!("{path} is not among what {resource_type} honours");
            return Some(Complaint::new(at, message, "add it to `honours`, or leave it out here"));
        }
        let message = format!("{path} names no attribute of {resource_type}");
        Some(Complaint::new(at, message, self.hint(path)))
    }

    /// What may have been meant by a path: a sibling where there is a whole that it is a part of.
    fn hint(&self, path: &str) -> String {
        let near = || hint(path, self.kept.iter().map(String::as_str), NAME_ONE);
        let Some((whole, name)) = path.rfind(['.', ':']).and_then(|at| path.split_at_checked(at + 1)) else {
            return near();
        };
        let parts: Vec<&str> = self.kept.iter().filter_map(|known| known.strip_prefix(whole)).collect();
        match meant(name, parts.iter().copied()) {
            Some(part) => format!("did you mean `{whole}{part}`?"),
            None if !parts.is_empty() => format!("name one of its parts: {}", parts.join(", ")),
            None if path.starts_with("urn:") => EXTENSION.to_owned(),
            None => near(),
        }
    }
}

/// The attributes of the base schema of a resource type.
pub(crate) fn base(resource_type: &str) -> Names {
    if resource_type == "User" { standard::USER } else { standard::GROUP }
}

/// The URIs of the extensions of a resource type.
fn extensions(resource_type: &str, rules: Option<&TypeRules>) -> Vec<String> {
    match rules.and_then(|rules| rules.extensions.as_ref()) {
        Some(listed) => listed.clone(),
        None if resource_type == "User" => vec![protocol::urn::ENTERPRISE_USER.to_owned()],
        None => Vec::new(),
    }
}

fn paths(prefix: &str, names: Names) -> Vec<String> {
    let each = names.iter().flat_map(|(name, parts)| {
        let parts = parts.iter().map(move |part| format!("{prefix}{name}.{part}"));
        std::iter::once(format!("{prefix}{name}")).chain(parts)
    });
    each.collect()
}

/// The paths below a prefix that a profile's own schema has.
fn described(prefix: &str, attributes: &[Attribute]) -> Vec<String> {
    let each = attributes.iter().flat_map(|attribute| {
        let path = format!("{prefix}{}", attribute.name);
        let below = described(&format!("{path}."), &attribute.sub_attributes);
        std::iter::once(path).chain(below)
    });
    each.collect()
}

/// Whether an attribute of the standard is kept: it is listed, or a part of what is, or a whole of which a part is.
fn keeps(profile: &Profile, rules: Option<&TypeRules>, path: &str) -> bool {
    let lists = |rules: &TypeRules, path: &str| {
        rules.honours.as_ref().is_none_or(|honoured| {
            honoured.iter().any(|listed| listed == path || is_below(listed, path) || is_below(path, listed))
        })
    };
    match path.split('.').next() {
        Some("externalId") => {
            profile.types.is_empty() || profile.types.values().any(|rules| lists(rules, path))
        }
        Some(top) if standard::COMMON.iter().any(|(name, _)| *name == top) => true,
        _ => rules.is_none_or(|rules| lists(rules, path)),
    }
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether the server alone writes what a path names, or the whole that it is a part of.
pub(crate) fn is_read_only(profile: &Profile, resource_type: &str, path: &str) -> bool {
    let own = profile.schemas.iter().find_map(|schema| {
        Some((&schema.attributes, path.strip_prefix(schema.id.as_str())?.strip_prefix(':')?))
    });
    if let Some((mut attributes, name)) = own {
        return name.split('.').any(|step| {
            let Some(found) = attributes.iter().find(|attribute| attribute.name == step) else {
                return false;
            };
            attributes = &found.sub_attributes;
            found.mutability == Mutability::ReadOnly
        });
    }
    READ_ONLY.iter().any(|(of, known)| {
        (of.is_empty() || *of == resource_type) && (*known == path || is_below(path, known))
    })
}

/// The first path of a profile that names nothing.
pub(crate) fn complaint(profile: &Profile) -> Option<Complaint> {
    let mut types = profile.types.iter();
    types
        .find_map(|(name, rules)| of_type(profile, name, rules))
        .or_else(|| behaviours(profile))
        .or_else(|| samples(profile))
}

fn of_type(profile: &Profile, name: &str, rules: &TypeRules) -> Option<Complaint> {
    let known = Known::of(profile, name);
    let place = |key: &str| Place::value(&["types", name, key]);
    // What is honoured is of the base schema alone, and is there whatever is listed.
    let mut honourable = paths("", base(name));
    honourable.push("externalId".to_owned());
    let all = Known { resource_type: name.to_owned(), there: Vec::new(), kept: honourable };
    let own: Vec<String> = all.kept.iter().filter(|path| known.kept.contains(path)).cloned().collect();
    let base = Known { resource_type: name.to_owned(), there: all.kept.clone(), kept: own };
    let none = Vec::new();
    let lists = [
        ("honours", rules.honours.as_ref().unwrap_or(&none), &all),
        ("requires", &rules.requires, &base),
        ("matching", &rules.matching, &known),
        ("filters", rules.filters.as_ref().unwrap_or(&none), &known),
    ];
    let replaced = || {
        let mut listed = rules.replaces.iter().flatten().enumerate();
        listed.find_map(|(index, name)| {
            replaceable(profile, &known, name, rules, place("replaces").element(index))
        })
    };
    let listed = lists.into_iter().find_map(|(key, listed, known)| {
        let mut listed = listed.iter().enumerate();
        listed.find_map(|(index, path)| known.complaint(path, place(key).element(index)))
    });
    let patched = || {
        let mut listed = rules.patches.iter().flatten().enumerate();
        listed.find_map(|(index, path)| patchable(&known, path, place("patches").element(index)))
    };
    let stored = || {
        let columns = rules.columns.keys().map(|path| ("columns", path));
        let mut stored = columns.chain(rules.properties.keys().map(|path| ("properties", path)));
        stored.find_map(|(key, path)| known.complaint(path, place(key).of(path).itself()))
    };
    listed.or_else(patched).or_else(replaced).or_else(stored)
}

/// What is wrong with what PUT may change: an attribute, or the URI of an extension.
fn replaceable(
    profile: &Profile,
    known: &Known,
    name: &str,
    rules: &TypeRules,
    at: Place,
) -> Option<Complaint> {
    if extensions(&known.resource_type, Some(rules)).iter().any(|uri| uri == name) {
        return None;
    }
    let read_only = |at| {
        let message = format!("{name} is read-only, and no request changes it");
        let hint = "leave it out; PUT ignores what is read-only, RFC 7644 §3.5.1";
        is_read_only(profile, &known.resource_type, name).then(|| Complaint::new(at, message, hint))
    };
    let written = known.complaint(name, at.clone()).or_else(|| read_only(at.clone()));
    written.or_else(|| {
        let part = name.rsplit(':').next().unwrap_or(name).contains('.') || name.starts_with("urn:");
        let message = format!("{name} is a part, and PUT changes wholes");
        let hint = "name the attribute that it is a part of, or the URI of its schema";
        part.then(|| Complaint::new(at, message, hint))
    })
}

/// What is wrong with what PATCH may change: a path, or the values of an attribute that a filter chooses.
fn patchable(known: &Known, text: &str, at: Place) -> Option<Complaint> {
    let Some((array, rest)) = text.split_once('[') else { return known.complaint(text, at) };
    let Some((filter, part)) = rest.rsplit_once(']') else {
        let message = format!("{text} opens a filter and does not close it");
        return Some(Complaint::new(at, message, "write it as in 'emails[type eq \"work\"]'"));
    };
    let asked = filter.split_whitespace().next().unwrap_or_default();
    let parts = [Some(asked), part.strip_prefix('.')].into_iter().flatten();
    let paths = std::iter::once(array.to_owned()).chain(parts.map(|part| format!("{array}.{part}")));
    paths.into_iter().find_map(|path| known.complaint(&path, at.clone()))
}

fn behaviours(profile: &Profile) -> Option<Complaint> {
    let known = Known::of(profile, "User");
    profile.behaviours.iter().enumerate().find_map(|(index, behaviour)| {
        let other = match behaviour {
            Behaviour::SameAs { other, .. } => Some(("other", other.as_str())),
            _ => None,
        };
        let named = behaviour.at().map(|path| ("at", path)).into_iter().chain(other);
        let place = |key| Place::value(&["behaviours"]).element(index).of(key);
        named.into_iter().find_map(|(key, path)| known.complaint(path, place(key)))
    })
}

/// What samples name need not be kept: a profile may say no more of an application than what a create has to carry.
fn samples(profile: &Profile) -> Option<Complaint> {
    profile.samples.iter().find_map(|(name, sample)| {
        let place = Place::key(&["samples", name]);
        if !TYPES.contains(&name.as_str()) {
            let message = format!("there is no resource type `{name}` to give samples for");
            return Some(Complaint::new(place, message, hint(name, TYPES, "give them for User or Group")));
        }
        let mut there = Known::of(profile, name);
        there.kept.clone_from(&there.there);
        sample.iter().find_map(|(attribute, value)| sampled(profile, &there, attribute, value, &place))
    })
}

fn sampled(
    profile: &Profile,
    known: &Known,
    attribute: &str,
    value: &Value,
    place: &Place,
) -> Option<Complaint> {
    let at = place.clone().of(attribute);
    let extension = profile.schemas.iter().find(|schema| schema.id == attribute);
    let (names, joint): (Vec<String>, char) = match extension {
        Some(Schema { id, attributes, .. }) => (described(&format!("{id}:"), attributes), ':'),
        None if attribute == protocol::urn::ENTERPRISE_USER => {
            (paths(&format!("{attribute}:"), standard::ENTERPRISE_USER), ':')
        }
        // Of an extension that nobody describes anything may be said.
        None if attribute.starts_with("urn:") => return None,
        None => {
            let wrong = known.complaint(attribute, at.clone().itself());
            if wrong.is_some() {
                return wrong;
            }
            (known.there.clone(), '.')
        }
    };
    let names = Known { resource_type: known.resource_type.clone(), there: Vec::new(), kept: names };
    parts(&names, attribute, joint, value, &at)
}

/// The first part of a complex value that is not there.
fn parts(known: &Known, path: &str, joint: char, value: &Value, at: &Place) -> Option<Complaint> {
    let each = |object: &Map<String, Value>, at: &Place| {
        object.iter().find_map(|(name, value)| {
            let path = format!("{path}{joint}{name}");
            let at = at.clone().of(name);
            known.complaint(&path, at.clone().itself()).or_else(|| parts(known, &path, '.', value, &at))
        })
    };
    match value {
        Value::Object(object) => each(object, at),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            item.as_object().and_then(|object| each(object, &at.clone().element(index)))
        }),
        _ => None,
    }
}
