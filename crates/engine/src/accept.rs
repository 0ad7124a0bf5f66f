use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::behaviour::Before;
use crate::checked::{checked, is_blank};
use crate::given::Given;
use crate::keys::UniqueKey;
use crate::readings::{NameMatching, UnknownSchemas};
use crate::reject::Reject;
use crate::rules::{ResourceType, Rules};
use crate::schema::{Attribute, Link, Mutability, Returned};

/// What a body comes to once it is accepted: the resource to store, and what is kept beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The resource in canonical form, without `id`, `meta` and membership, in the order of its schemas.
    pub body: Map<String, Value>,
    /// The unique keys that the resource needs.
    pub keys: BTreeSet<UniqueKey>,
    /// The ids of the members, where the resource type has any; each once, in ascending order.
    pub members: Vec<String>,
    /// Whether a value came along that is never shown, such as a password, and is not kept.
    pub secret_given: bool,
}

impl Rules {
    /// Holds a body to the rules of its resource type: a create where there was no resource `before`, a
    /// replace where there was one (RFC 7644 §3.3, §3.5.1).
    ///
    /// Read-only and unknown attributes are ignored, null and empty arrays are absent, names match in any
    /// case.
    ///
    /// # Errors
    /// 400 with invalidSyntax for `schemas` that do not fit, invalidValue for missing or unfit values, and
    /// mutability for a changed immutable value.
    pub fn accept(
        &self,
        resource_type: &ResourceType,
        body: Map<String, Value>,
        before: Option<Before<'_>>,
    ) -> Result<Draft, Reject> {
        if before.is_none() {
            self.admit_all(resource_type, &body)?;
        }
        let mut given = Given::new(body, self.readings.names);
        self.expect_schemas(resource_type, &mut given)?;
        let mut draft = Draft {
            body: Map::from_iter([("schemas".to_owned(), Value::Null)]),
            keys: BTreeSet::new(),
            members: Vec::new(),
            secret_given: false,
        };
        let common = self.common.iter().filter(|attribute| attribute.name != "schemas");
        for attribute in common.chain(self.base_attributes(resource_type)) {
            let value = given.take(&attribute.name, &attribute.name)?;
            self.take_in(attribute, &attribute.name, value, &mut draft)?;
        }
        let mut schemas = vec![Value::from(resource_type.schema.clone())];
        for extension in &resource_type.schema_extensions {
            let value = given.take(&extension.schema, &extension.schema)?;
            let object = self.extension(&extension.schema, value, &mut draft)?;
            if extension.required && object.is_empty() {
                return Err(Reject::value(&extension.schema, "is required; send the extension's attributes"));
            }
            if !object.is_empty() {
                schemas.push(extension.schema.clone().into());
                draft.body.insert(extension.schema.clone(), Value::Object(object));
            }
        }
        draft.body.insert("schemas".to_owned(), Value::Array(schemas));
        if let Some(before) = before {
            self.expect_unchanged(resource_type, &draft.body, before.body)?;
        }
        for behaviour in self.behaviours.iter().filter(|found| found.concerns(&resource_type.name)) {
            behaviour.settle(&mut draft.body, before)?;
        }
        draft.keys = self.unique_keys(resource_type, &draft.body);
        Ok(draft)
    }

    fn expect_schemas(&self, resource_type: &ResourceType, given: &mut Given) -> Result<(), Reject> {
        let base = &resource_type.schema;
        let wrong = |complaint: &str| Err(Reject::syntax(format!("schemas {complaint}")).about("schemas"));
        let Some(value) = given.take("schemas", "schemas")? else {
            return wrong(&format!("is missing; send an array that holds {base}"));
        };
        let Value::Array(items) = value else {
            return wrong("is not an array; send an array of schema URIs");
        };
        let mut has_base = false;
        for item in &items {
            let Some(uri) = item.as_str() else {
                return wrong("holds something that is no string; send URIs");
            };
            let known = resource_type.schema_uris().any(|known| known.eq_ignore_ascii_case(uri));
            if !known && self.readings.unknown_schemas == UnknownSchemas::Refused {
                let known: Vec<&str> = resource_type.schema_uris().collect();
                let complaint =
                    format!("holds a URI that this endpoint does not know; it knows {}", known.join(", "));
                return Err(Reject::value("schemas", &complaint));
            }
            has_base |= base.eq_ignore_ascii_case(uri);
        }
        if !has_base {
            return wrong(&format!("lacks the base schema; add {base}"));
        }
        Ok(())
    }

    fn extension(
        &self,
        uri: &str,
        value: Option<Value>,
        draft: &mut Draft,
    ) -> Result<Map<String, Value>, Reject> {
        let object = match value {
            None => return Ok(Map::new()),
            Some(Value::Object(object)) => object,
            Some(_) => return Err(Reject::value(uri, "is an extension; send an object")),
        };
        let schema = self.schema(uri);
        let exact = schema.is_some_and(|schema| schema.exact_names);
        let names = if exact { NameMatching::Exact } else { self.readings.names };
        let mut given = Given::new(object, names);
        let mut inner =
            Draft { body: Map::new(), keys: BTreeSet::new(), members: Vec::new(), secret_given: false };
        for attribute in schema.map_or(&[][..], |schema| &schema.attributes) {
            let path = format!("{uri}:{}", attribute.name);
            let value = given.take(&attribute.name, &path)?;
            self.take_in(attribute, &path, value, &mut inner)?;
        }
        draft.secret_given |= inner.secret_given;
        Ok(inner.body)
    }

    /// Checks one attribute and puts it where it belongs: into the body, among the members, or nowhere.
    fn take_in(
        &self,
        attribute: &Attribute,
        path: &str,
        value: Option<Value>,
        draft: &mut Draft,
    ) -> Result<(), Reject> {
        if attribute.mutability == Mutability::ReadOnly {
            return Ok(());
        }
        let value = value.map(|value| self.readings.spelt(attribute, value));
        let value =
            value.map(|value| checked(attribute, value, path, self.readings.names)).transpose()?.flatten();
        if attribute.required && value.as_ref().is_none_or(is_blank) {
            return Err(Reject::value(path, "is required; send a value that is not empty"));
        }
        let Some(value) = value else { return Ok(()) };
        if attribute.link == Some(Link::Members) {
            draft.members = member_ids(&value);
        } else if attribute.returned == Returned::Never && !self.keeps_secret(path) {
            draft.secret_given = true;
        } else {
            draft.body.insert(attribute.name.clone(), value);
        }
        Ok(())
    }

    fn keeps_secret(&self, path: &str) -> bool {
        self.behaviours.iter().any(|behaviour| behaviour.keeps_secret(path))
    }

    fn expect_unchanged(
        &self,
        resource_type: &ResourceType,
        new: &Map<String, Value>,
        old: &Map<String, Value>,
    ) -> Result<(), Reject> {
        unchanged(self.base_attributes(resource_type), new, old, "")?;
        for extension in &resource_type.schema_extensions {
            let object =
                |body: &Map<String, Value>| body.get(&extension.schema).and_then(Value::as_object).cloned();
            if let (Some(schema), Some(old)) = (self.schema(&extension.schema), object(old)) {
                unchanged(
                    &schema.attributes,
                    &object(new).unwrap_or_default(),
                    &old,
                    &format!("{}:", schema.id),
                )?;
            }
        }
        Ok(())
    }
}

/// An immutable value, once there, stays. Elements of arrays have no identity to compare by and are let be.
fn unchanged(
    attributes: &[Attribute],
    new: &Map<String, Value>,
    old: &Map<String, Value>,
    prefix: &str,
) -> Result<(), Reject> {
    for attribute in attributes {
        let path = format!("{prefix}{}", attribute.name);
        let Some(before) = old.get(&attribute.name) else { continue };
        let after = new.get(&attribute.name);
        if attribute.mutability == Mutability::Immutable && after != Some(before) {
            return Err(Reject::mutability(&path));
        }
        if let Some(before) = before.as_object() {
            let after = after.and_then(Value::as_object).cloned().unwrap_or_default();
            unchanged(&attribute.sub_attributes, &after, before, &format!("{path}."))?;
        }
    }
    Ok(())
}

fn member_ids(value: &Value) -> Vec<String> {
    let ids: BTreeSet<&str> =
        value.as_array().into_iter().flatten().filter_map(|member| member.get("value")?.as_str()).collect();
    ids.into_iter().map(str::to_owned).collect()
}
