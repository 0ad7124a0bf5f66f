//! Attribute paths (RFC 7644 §3.10) and where they lead.

use std::fmt;

use serde_json::{Map, Value};

use super::lawful::Readings;
use super::point::Point;
use super::table::{Attribute, Type};

/// An attribute path as a request spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// A schema's URN in front.
    pub urn: Option<String>,
    /// The attribute's name.
    pub name: String,
    /// The sub-attribute's name.
    pub sub: Option<String>,
}

impl Path {
    /// Reads a path: the last colon ends the URN, the dot behind it begins the sub-attribute.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (urn, rest) = match text.rsplit_once(':') {
            Some((urn, rest)) => (Some(urn.to_owned()), rest),
            None => (None, text),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub.to_owned())),
            None => (rest, None),
        };
        Self { urn, name: name.to_owned(), sub }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.name)?;
        self.sub.iter().try_for_each(|sub| write!(f, ".{sub}"))
    }
}

/// Where a path leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail {
    /// The extension that holds the attribute.
    pub(super) extension: Option<&'static str>,
    pub(super) attribute: &'static Attribute,
    pub(super) sub: Option<&'static Attribute>,
}

impl Trail {
    /// The attribute at the end.
    pub(super) fn leaf(&self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// The values of the top-level attribute: its elements, or the one value that it has.
    pub(super) fn elements<'a>(&self, resource: &'a Value) -> Vec<&'a Value> {
        let holder = match self.extension {
            Some(urn) => member(resource, urn),
            None => Some(resource),
        };
        match holder.and_then(|holder| member(holder, self.attribute.name)) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter(|item| !item.is_null()).collect(),
            Some(value) => vec![value],
        }
    }

    /// For each element the value at the end of the trail.
    pub(super) fn leaves<'a>(&self, resource: &'a Value) -> Vec<Option<&'a Value>> {
        let elements = self.elements(resource).into_iter();
        match self.sub {
            None => elements.map(Some).collect(),
            Some(sub) => {
                elements.map(|element| member(element, sub.name).filter(|value| !value.is_null())).collect()
            }
        }
    }
}

/// The attribute that a path names, if the type has it.
pub(super) fn resolve(on: &'static Type, path: &Path, readings: &mut Readings) -> Option<Trail> {
    let named = |attributes: &'static [Attribute], name: &str| {
        attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    };
    let base = named(on.attributes, &path.name);
    let (extension, attribute) = match &path.urn {
        None => match base {
            Some(attribute) => (None, attribute),
            None => {
                let (urn, found) = on
                    .extensions
                    .iter()
                    .find_map(|(urn, attributes)| Some((*urn, named(attributes, &path.name)?)))?;
                if readings.first(Point::BareExtension) {
                    return None;
                }
                (Some(urn), found)
            }
        },
        Some(urn) if urn.eq_ignore_ascii_case(on.urn) => {
            let attribute = base?;
            if attribute.common && !readings.first(Point::CommonWithUrn) {
                return None;
            }
            (None, attribute)
        }
        Some(urn) => {
            let (urn, attributes) =
                on.extensions.iter().find(|(known, _)| known.eq_ignore_ascii_case(urn))?;
            (Some(*urn), named(attributes, &path.name)?)
        }
    };
    let sub = match &path.sub {
        None => None,
        Some(sub) => Some(attribute.sub(sub)?),
    };
    Some(Trail { extension, attribute, sub })
}

/// The member of this name, in any letter case.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    entry(object.as_object()?, name)
}

/// The entry of this name, in any letter case.
pub(super) fn entry<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
