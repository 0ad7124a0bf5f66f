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
    /// The unique keys of a stored resource.
    #[must_use]
    pub fn unique_keys(
        &self,
        resource_type: &ResourceType,
        body: &Map<String, Value>,
    ) -> BTreeSet<UniqueKey> {
        let mut keys = BTreeSet::new();
        let mut collect = |attributes: &[Attribute], object: &Map<String, Value>, prefix: &str| {
            for attribute in attributes.iter().filter(|attribute| attribute.uniqueness != Uniqueness::None) {
                let Some(text) = object.get(&attribute.name).and_then(Value::as_str) else { continue };
                keys.insert(UniqueKey {
                    resource_type: resource_type.name.clone(),
                    attribute: format!("{prefix}{}", attribute.name),
                    folded: folded(text, attribute.case_exact).into_owned(),
                });
            }
        };
        collect(self.base_attributes(resource_type), body, "");
        for extension in &resource_type.schema_extensions {
            let schema = self.schema(&extension.schema);
            let object = body.get(&extension.schema).and_then(Value::as_object);
            if let (Some(schema), Some(object)) = (schema, object) {
                collect(&schema.attributes, object, &format!("{}:", schema.id));
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

/// A text as it is compared: in lower case unless letter case counts.
pub(crate) fn folded(text: &str, case_exact: bool) -> Cow<'_, str> {
    let folded_already = || text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if case_exact || folded_already() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}
