//! Attributes that name one other resource by its id, such as `manager`: RFC 7643 §2.3.7. The members of groups are
//! edges, and none of these.

use serde_json::{Map, Value};

use crate::filter::attr_path;
use crate::keys::{IndexKey, folded};
use crate::resolve::Resolved;
use crate::rules::{ResourceType, Rules};
use crate::schema::{Attribute, Kind};

impl Rules {
    /// The keys of the index under which stands whoever names a resource in an attribute that can be without a value.
    #[must_use]
    pub fn reference_keys(&self, target: &ResourceType, id: &str) -> Vec<IndexKey> {
        let of = |resource_type: &ResourceType| {
            let found = self.references(resource_type, target).into_iter();
            let keys = found.filter_map(|(resolved, _)| {
                let folded = folded(id, resolved.sub?.case_exact).into_owned();
                Some(IndexKey {
                    resource_type: resource_type.name.clone(),
                    attribute: resolved.path(),
                    folded,
                })
            });
            keys.collect::<Vec<_>>()
        };
        self.resource_types.iter().flat_map(of).collect()
    }

    /// A stored body as it is once the resource that it names is gone; nothing where it names none of that id.
    #[must_use]
    pub fn without_references(
        &self,
        resource_type: &ResourceType,
        body: &Map<String, Value>,
        target: &ResourceType,
        id: &str,
    ) -> Option<Map<String, Value>> {
        let mut left = body.clone();
        for (resolved, attribute) in self.references(resource_type, target) {
            let names_it = |value: &Value| value.get("value").and_then(Value::as_str) == Some(id);
            let Some((key, _)) = resolved.extension else {
                if left.get(&attribute.name).is_some_and(names_it) {
                    left.shift_remove(&attribute.name);
                }
                continue;
            };
            let Some(Value::Object(extension)) = left.get_mut(key) else { continue };
            if extension.get(&attribute.name).is_some_and(names_it) {
                extension.shift_remove(&attribute.name);
            }
            if extension.is_empty() {
                left.shift_remove(key);
                if let Some(Value::Array(uris)) = left.get_mut("schemas") {
                    uris.retain(|uri| uri.as_str() != Some(key));
                }
            }
        }
        (left != *body).then_some(left)
    }

    /// The attributes of a resource type that name one resource of another by its id, as far as an index finds them.
    fn references<'a>(
        &'a self,
        resource_type: &'a ResourceType,
        target: &ResourceType,
    ) -> Vec<(Resolved<'a>, &'a Attribute)> {
        let names_target = |attribute: &Attribute| {
            let reference = attribute.sub_attribute("$ref").filter(|found| found.kind == Kind::Reference);
            !attribute.multi_valued
                && !attribute.required
                && attribute.link.is_none()
                && reference.is_some_and(|found| found.reference_types.contains(&target.name))
        };
        let paths = self.indexed.iter().filter_map(|path| attr_path(path, 0).ok());
        let resolved = paths.filter_map(|path| self.resolve(resource_type, &path));
        let named = resolved.filter_map(|resolved| Some((resolved, resolved.attribute?)));
        named
            .filter(|(resolved, attribute)| {
                resolved.sub.is_some_and(|sub| sub.name == "value") && names_target(attribute)
            })
            .collect()
    }
}
