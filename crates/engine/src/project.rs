use serde_json::{Map, Value};

use crate::readings::ExtensionProjection;
use crate::reject::Reject;
use crate::rules::{Links, ResourceType, Rules};
use crate::schema::{Attribute, Link, Returned, named};

/// Which attributes a client wants to see, RFC 7644 §3.9.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// The default set.
    #[default]
    Default,
    /// These, and what is always shown.
    Only(Vec<Selector>),
    /// The default set without these.
    Without(Vec<Selector>),
}

/// One name of a list of attributes: a schema, an attribute, a sub-attribute, as far as they are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    schema: Option<String>,
    attribute: Option<String>,
    sub_attribute: Option<String>,
}

/// What a projection says about one attribute.
enum Says<'a> {
    Nothing,
    Whole,
    Parts(Vec<&'a str>),
}

impl Rules {
    /// Reads `attributes` and `excludedAttributes`: comma-separated, short, dotted or qualified by a schema
    /// URI, in any letter case. Names that the resource type does not have are ignored.
    ///
    /// # Errors
    /// 400 invalidValue where both are given.
    pub fn projection(
        &self,
        resource_type: &ResourceType,
        attributes: Option<&str>,
        excluded: Option<&str>,
    ) -> Result<Projection, Reject> {
        let list = |text: &str| -> Vec<Selector> {
            text.split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(|name| self.read(selector(resource_type, name)))
                .collect()
        };
        let filled = |text: Option<&str>| text.map(list).filter(|list| !list.is_empty());
        match (filled(attributes), filled(excluded)) {
            (None, None) => Ok(Projection::Default),
            (Some(wanted), None) => Ok(Projection::Only(wanted)),
            (None, Some(unwanted)) => Ok(Projection::Without(unwanted)),
            (Some(_), Some(_)) => Err(Reject::value(
                "excludedAttributes",
                "cannot be sent together with attributes; send one of them",
            )),
        }
    }

    /// A URI alone names the whole of its schema, or no attribute at all.
    fn read(&self, selector: Selector) -> Selector {
        match (self.readings.extension_projection, &selector.attribute) {
            (ExtensionProjection::Nothing, None) => Selector { attribute: Some(String::new()), ..selector },
            (ExtensionProjection::Whole | ExtensionProjection::Nothing, _) => selector,
        }
    }

    /// What a client gets to see of a whole resource.
    #[must_use]
    pub fn project(
        &self,
        resource_type: &ResourceType,
        resource: Map<String, Value>,
        projection: &Projection,
    ) -> Map<String, Value> {
        let mut shown = Map::new();
        for (name, value) in resource {
            let value = match self.attribute(resource_type, &name) {
                Some(attribute) => show(
                    attribute,
                    value,
                    projection,
                    &projection.says(None, &resource_type.schema, &attribute.name),
                ),
                None => self.show_extension(&name, value, projection),
            };
            if let Some(value) = value {
                shown.insert(name, value);
            }
        }
        shown
    }

    /// Which ends of the membership graph are left in a projection: the others need not be looked up.
    #[must_use]
    pub fn shown_links(&self, resource_type: &ResourceType, projection: &Projection) -> Links {
        let shown = |link| {
            let mut ends = self.base_attributes(resource_type).iter();
            let Some(end) = ends.find(|attribute| attribute.link == Some(link)) else { return false };
            let parts = end.sub_attributes.iter().map(|sub| (sub.name.clone(), Value::Null));
            let value = Value::Array(vec![Value::Object(parts.collect())]);
            let says = projection.says(None, &resource_type.schema, &end.name);
            show(end, value, projection, &says).is_some()
        };
        Links { members: shown(Link::Members), groups: shown(Link::Groups) }
    }

    fn show_extension(&self, uri: &str, value: Value, projection: &Projection) -> Option<Value> {
        let schema = self.schema(uri)?;
        let Value::Object(object) = value else { return None };
        let mut shown = Map::new();
        for (name, value) in object {
            let Some(attribute) = named(&schema.attributes, &name) else { continue };
            let says = projection.says(Some(uri), uri, &attribute.name);
            if let Some(value) = show(attribute, value, projection, &says) {
                shown.insert(name, value);
            }
        }
        Some(shown).filter(|shown| !shown.is_empty()).map(Value::Object)
    }
}

fn show(attribute: &Attribute, value: Value, projection: &Projection, says: &Says<'_>) -> Option<Value> {
    let visible = match attribute.returned {
        Returned::Never => false,
        Returned::Always => true,
        Returned::Default => match (projection, says) {
            (Projection::Only(_), Says::Nothing) | (Projection::Without(_), Says::Whole) => false,
            (Projection::Default | Projection::Without(_), _) | (Projection::Only(_), _) => true,
        },
        Returned::Request => {
            matches!((projection, says), (Projection::Only(_), Says::Whole | Says::Parts(_)))
        }
    };
    if !visible {
        return None;
    }
    if attribute.sub_attributes.is_empty() {
        return Some(value);
    }
    let keep = |name: &str| {
        let returned = attribute.sub_attribute(name).map_or(Returned::Default, |sub| sub.returned);
        let listed = |parts: &[&str]| parts.iter().any(|part| part.eq_ignore_ascii_case(name));
        match (returned, projection, says) {
            (Returned::Never, _, _) => false,
            (Returned::Always, _, _) => true,
            (Returned::Default, Projection::Only(_), Says::Parts(parts)) => listed(parts),
            (Returned::Default, Projection::Without(_), Says::Parts(parts)) => !listed(parts),
            (Returned::Default, _, _) => true,
            (Returned::Request, Projection::Only(_), Says::Parts(parts)) => listed(parts),
            (Returned::Request, _, _) => false,
        }
    };
    trimmed(value, &keep)
}

/// Drops sub-attributes from an object, or from every object of an array; what is empty then is gone.
fn trimmed(value: Value, keep: &dyn Fn(&str) -> bool) -> Option<Value> {
    match value {
        Value::Object(object) => {
            let kept: Map<String, Value> = object.into_iter().filter(|(name, _)| keep(name)).collect();
            Some(kept).filter(|kept| !kept.is_empty()).map(Value::Object)
        }
        Value::Array(items) => {
            let kept: Vec<Value> = items.into_iter().filter_map(|item| trimmed(item, keep)).collect();
            Some(kept).filter(|kept| !kept.is_empty()).map(Value::Array)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value),
    }
}

impl Projection {
    /// What the list says about an attribute. `qualified` is set where only names with that schema count.
    fn says(&self, qualified: Option<&str>, schema: &str, attribute: &str) -> Says<'_> {
        let selectors = match self {
            Self::Default => return Says::Nothing,
            Self::Only(selectors) | Self::Without(selectors) => selectors,
        };
        let mut parts = Vec::new();
        for selector in selectors {
            let in_schema = match &selector.schema {
                Some(named) => named.eq_ignore_ascii_case(schema),
                None => qualified.is_none(),
            };
            let on_attribute =
                selector.attribute.as_deref().is_none_or(|named| named.eq_ignore_ascii_case(attribute));
            match &selector.sub_attribute {
                _ if !in_schema || !on_attribute => {}
                None => return Says::Whole,
                Some(part) => parts.push(part.as_str()),
            }
        }
        if parts.is_empty() { Says::Nothing } else { Says::Parts(parts) }
    }
}

fn selector(resource_type: &ResourceType, name: &str) -> Selector {
    let schema = resource_type.schema_uris().find(|uri| {
        name.get(..uri.len()).is_some_and(|start| start.eq_ignore_ascii_case(uri))
            && matches!(name.as_bytes().get(uri.len()), None | Some(b':'))
    });
    let rest = schema.and_then(|uri| name.get(uri.len()..)).map_or(name, |rest| rest.trim_start_matches(':'));
    let (attribute, sub_attribute) = match rest.split_once('.') {
        // A URI of a schema that the type does not have can hold dots; it names nothing either way.
        Some((attribute, sub_attribute)) => (attribute, Some(sub_attribute.to_owned())),
        None => (rest, None),
    };
    Selector {
        schema: schema.map(str::to_owned),
        attribute: Some(attribute.to_owned()).filter(|attribute| !attribute.is_empty()),
        sub_attribute,
    }
}
