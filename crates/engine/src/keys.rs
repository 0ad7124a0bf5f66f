use std::collections::BTreeSet;

use serde_json::{Map, Value};

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
                    folded: if attribute.case_exact { text.to_owned() } else { text.to_lowercase() },
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
}
