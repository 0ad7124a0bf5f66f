use protocol::AttrPath;
use serde_json::{Map, Value};

use crate::checked::checked;
use crate::filter::attr_path;
use crate::readings::{ExtensionNames, Separator};
use crate::rules::{ResourceType, Rules};
use crate::schema::{Attribute, Mutability, Returned, Schema, named};

/// What a path names in a resource type's schemas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved<'a> {
    /// The extension that holds the attribute, and the key that it has in a resource.
    pub(crate) extension: Option<(&'a str, &'a Schema)>,
    /// The attribute; none where the path names a whole extension.
    pub(crate) attribute: Option<&'a Attribute>,
    pub(crate) sub: Option<&'a Attribute>,
}

impl Rules {
    /// Whether a path names something that a resource type has, as its schema writes it.
    #[must_use]
    pub fn has(&self, resource_type: &ResourceType, path: &str) -> bool {
        let parsed = attr_path(path, 0).ok();
        let resolved = parsed.and_then(|parsed| self.resolve(resource_type, &parsed));
        resolved.is_some_and(|resolved| resolved.path() == path)
    }

    /// Whether a path names an attribute that can hold a value.
    #[must_use]
    pub fn can_hold(&self, resource_type: &ResourceType, path: &str, value: &Value) -> bool {
        let Some(parsed) = attr_path(path, 0).ok() else { return false };
        let resolved = self.resolve(resource_type, &parsed);
        let leaf = resolved.and_then(|resolved| resolved.sub.or(resolved.attribute));
        leaf.is_some_and(|leaf| checked(leaf, value.clone(), path, self.readings.names).is_ok())
    }

    /// What a path names; names and URIs match in any letter case, RFC 7644 §3.10.
    pub(crate) fn resolve<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        path: &AttrPath,
    ) -> Option<Resolved<'a>> {
        let dotted = self.colon_for_dot(resource_type, path);
        let path = dotted.as_ref().unwrap_or(path);
        let (extension, attribute) = match &path.urn {
            None => match self.attribute(resource_type, &path.name) {
                Some(attribute) => (None, attribute),
                None => self.bare(resource_type, &path.name)?,
            },
            Some(urn) if resource_type.schema.eq_ignore_ascii_case(urn) => {
                (None, self.attribute(resource_type, &path.name)?)
            }
            Some(urn) => {
                // The URI of an extension has a last colon too, behind which the path sees a name.
                let whole = format!("{urn}:{}", path.name);
                let whole = self.extension_of(resource_type, &whole).filter(|_| path.sub.is_none());
                if whole.is_some() {
                    return Some(Resolved { extension: whole, attribute: None, sub: None });
                }
                let found = self.extension_of(resource_type, urn)?;
                (Some(found), within(found.1, &path.name)?)
            }
        };
        let sub = match &path.sub {
            Some(sub) => Some(attribute.sub_attribute(sub)?),
            None => None,
        };
        Some(Resolved { extension, attribute: Some(attribute), sub })
    }

    /// The extension of this URI, and the key that it has in a resource.
    fn extension_of<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        uri: &str,
    ) -> Option<(&'a str, &'a Schema)> {
        let mut extensions = resource_type.schema_extensions.iter();
        let found = extensions.find(|extension| extension.schema.eq_ignore_ascii_case(uri))?;
        self.schema(uri).map(|schema| (found.schema.as_str(), schema))
    }

    /// The extension's attribute that a name without a URI means, by reading.
    fn bare<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        name: &str,
    ) -> Option<(Option<(&'a str, &'a Schema)>, &'a Attribute)> {
        if self.readings.extension_names == ExtensionNames::Qualified {
            return None;
        }
        resource_type.schema_extensions.iter().find_map(|extension| {
            let found = self.extension_of(resource_type, &extension.schema)?;
            Some((Some(found), within(found.1, name)?))
        })
    }

    /// The path with a colon before its attribute where a dot stands, by reading: in `urn:example:User.tag` the path
    /// sees a name with a part, and the URI ends behind the name.
    fn colon_for_dot(&self, resource_type: &ResourceType, path: &AttrPath) -> Option<AttrPath> {
        let (Some(urn), Some(name), Separator::ColonOrDot) = (&path.urn, &path.sub, self.readings.separator)
        else {
            return None;
        };
        let uri = format!("{urn}:{}", path.name);
        let known = resource_type.schema_uris().any(|known| known.eq_ignore_ascii_case(&uri));
        known.then(|| AttrPath::new(name.as_str()).within(uri))
    }
}

/// An attribute of an extension, by its name.
fn within<'a>(schema: &'a Schema, name: &str) -> Option<&'a Attribute> {
    named(&schema.attributes, name).filter(|found| !schema.exact_names || found.name == name)
}

impl Resolved<'_> {
    /// The names of the path in a resource, outermost first.
    pub(crate) fn keys(&self) -> Vec<String> {
        let extension = self.extension.map(|(key, _)| key.to_owned());
        let attributes = [self.attribute, self.sub].into_iter().flatten();
        extension.into_iter().chain(attributes.map(|attribute| attribute.name.clone())).collect()
    }

    /// The path as its schema writes it.
    pub(crate) fn path(&self) -> String {
        let AttrPath { urn, name, sub } = AttrPath {
            urn: self.extension.map(|(key, _)| key.to_owned()),
            name: self.attribute.map(|attribute| attribute.name.clone()).unwrap_or_default(),
            sub: self.sub.map(|sub| sub.name.clone()),
        };
        match urn {
            Some(urn) if name.is_empty() => urn,
            urn => AttrPath { urn, name, sub }.to_string(),
        }
    }

    /// Whether it is never shown, so that a filter would be the only way to read it.
    pub(crate) fn is_secret(&self) -> bool {
        [self.attribute, self.sub].into_iter().flatten().any(|attribute| {
            attribute.returned == Returned::Never || attribute.mutability == Mutability::WriteOnly
        })
    }
}

/// Whether a test holds for one of the values at a path. Arrays on the way are walked through.
pub(crate) fn any_value(
    object: &Map<String, Value>,
    keys: &[String],
    test: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let Some((key, rest)) = keys.split_first() else { return false };
    object.get(key).is_some_and(|value| any_within(value, rest, test))
}

fn any_within(value: &Value, keys: &[String], test: &mut dyn FnMut(&Value) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| any_within(item, keys, test)),
        Value::Object(object) if !keys.is_empty() => any_value(object, keys, test),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            keys.is_empty() && test(value)
        }
    }
}
