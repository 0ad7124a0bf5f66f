use serde_json::{Map, Value, json};

use super::{Attribute, Kind, Schema};

impl Schema {
    /// The schema as a resource below `base` (an absolute URL without a trailing slash), RFC 7643 §7.
    #[must_use]
    pub fn published(&self, base: &str) -> Value {
        json!({
            "schemas": [protocol::urn::SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::published).collect::<Vec<_>>(),
            "meta": {
                "resourceType": "Schema",
                "location": format!("{base}{}/{}", protocol::endpoint::SCHEMAS, self.id),
            },
        })
    }
}

impl Attribute {
    fn published(&self) -> Value {
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("name", self.name.clone().into());
        put("type", self.kind.as_str().into());
        put("multiValued", self.multi_valued.into());
        put("description", self.description.clone().into());
        put("required", self.required.into());
        if !self.canonical_values.is_empty() {
            put("canonicalValues", self.canonical_values.clone().into());
        }
        // Letter case means nothing to numbers, Booleans and objects.
        if matches!(self.kind, Kind::String | Kind::Reference | Kind::Binary) {
            put("caseExact", self.case_exact.into());
        }
        put("mutability", self.mutability.as_str().into());
        put("returned", self.returned.as_str().into());
        put("uniqueness", self.uniqueness.as_str().into());
        if !self.reference_types.is_empty() {
            put("referenceTypes", self.reference_types.clone().into());
        }
        if !self.sub_attributes.is_empty() {
            put("subAttributes", self.sub_attributes.iter().map(Self::published).collect());
        }
        Value::Object(object)
    }
}
