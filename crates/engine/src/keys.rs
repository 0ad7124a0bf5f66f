use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::filter::attr_path;
use crate::resolve::any_value;
use crate::rules::{ResourceType, Rules};
use crate::schema::{Attribute, Uniqueness};

/// A value that no two resources of a type may share, folded so that equal keys are equal texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueKey {
    /// The resource type's name.
    pub resource_type: String,
    /// The attribute's path.
    pub attribute: String,
    /// The value: lower-cased where letter case does not count.
    pub folded: String,
}

/// A value by which resources are looked up and which several may share, folded in the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey {
    /// The resource type's name.
    pub resource_type: String,
    /// The attribute's path.
    pub attribute: String,
    /// The value: lower-cased where letter case does not count.
    pub folded: String,
}

impl Rules {
    /// The unique keys of a stored resource: its unique values, and those within complex attributes, each of several included.
    #[must_use]
    pub fn unique_keys(
        &self,
        resource_type: &ResourceType,
        body: &Map<String, Value>,
    ) -> BTreeSet<UniqueKey> {
        let mut keys = BTreeSet::new();
        let name = resource_type.name.as_str();
        collect_unique(name, self.base_attributes(resource_type), body, "", &mut keys);
        for extension in &resource_type.schema_extensions {
            let schema = self.schema(&extension.schema);
            let object = body.get(&extension.schema).and_then(Value::as_object);
            if let (Some(schema), Some(object)) = (schema, object) {
                collect_unique(name, &schema.attributes, object, &format!("{}:", schema.id), &mut keys);
            }
        }
        keys
    }

    /// The keys by which a stored resource can be looked up, for [`Rules::indexed`]; those that are unique keys
    /// already are left out.
    #[must_use]
    pub fn index_keys(&self, resource_type: &ResourceType, body: &Map<String, Value>) -> BTreeSet<IndexKey> {
        let mut keys = BTreeSet::new();
        for path in &self.indexed {
            let resolved = attr_path(path, 0).ok().and_then(|path| self.resolve(resource_type, &path));
            let Some((resolved, leaf)) =
                resolved.and_then(|resolved| Some((resolved, resolved.sub.or(resolved.attribute)?)))
            else {
                continue;
            };
            if leaf.uniqueness != Uniqueness::None {
                continue;
            }
            any_value(body, &resolved.keys(), &mut |value| {
                keys.extend(value.as_str().map(|text| IndexKey {
                    resource_type: resource_type.name.clone(),
                    attribute: resolved.path(),
                    folded: folded(text, leaf.case_exact).into_owned(),
                }));
                false
            });
        }
        keys
    }
}

/// Adds the unique values of an object, and of the objects in it.
fn collect_unique(
    resource_type: &str,
    attributes: &[Attribute],
    object: &Map<String, Value>,
    prefix: &str,
    keys: &mut BTreeSet<UniqueKey>,
) {
    let is_unique = |attribute: &Attribute| attribute.uniqueness != Uniqueness::None;
    // Few attributes are unique, and this is asked of every write.
    let within =
        |attribute: &&Attribute| is_unique(attribute) || attribute.sub_attributes.iter().any(is_unique);
    for attribute in attributes.iter().filter(within) {
        let path = format!("{prefix}{}", attribute.name);
        let values = match object.get(&attribute.name) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => continue,
        };
        for value in values {
            match value {
                Value::String(text) if is_unique(attribute) => drop(keys.insert(UniqueKey {
                    resource_type: resource_type.to_owned(),
                    attribute: path.clone(),
                    folded: folded(text, attribute.case_exact).into_owned(),
                })),
                Value::Object(parts) => {
                    collect_unique(
                        resource_type,
                        &attribute.sub_attributes,
                        parts,
                        &format!("{path}."),
                        keys,
                    );
                }
                _ => {}
            }
        }
    }
}

/// A text as it is compared: in lower case unless letter case counts.
pub(crate) fn folded(text: &str, case_exact: bool) -> Cow<'_, str> {
    let folded_already = || text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if case_exact || folded_already() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}
