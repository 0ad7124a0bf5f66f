use serde_json::{Map, Value};

use crate::readings::NameMatching;
use crate::reject::Reject;
use crate::rules::{ResourceType, Rules};

impl Rules {
    /// Shows a value that a client sends for an attribute to the application.
    pub(crate) fn admit(&self, path: &str, value: &Value) -> Result<(), Reject> {
        self.behaviours.iter().try_for_each(|behaviour| behaviour.admit(path, value))
    }

    /// The same with every value of a body that is sent.
    pub(crate) fn admit_all(
        &self,
        resource_type: &ResourceType,
        body: &Map<String, Value>,
    ) -> Result<(), Reject> {
        for (name, value) in body {
            if let Some(attribute) = self.attribute(resource_type, name) {
                self.admit(&attribute.name, value)?;
                continue;
            }
            let mut extensions = resource_type.schema_extensions.iter();
            let extension = extensions.find(|extension| extension.schema.eq_ignore_ascii_case(name));
            let schema = extension.and_then(|extension| self.schema(&extension.schema));
            let (Some(schema), Some(sent)) = (schema, value.as_object()) else { continue };
            for (name, value) in sent {
                let mut attributes = schema.attributes.iter();
                let names = if schema.exact_names { NameMatching::Exact } else { self.readings.names };
                let named = attributes.find(|attribute| names.same(name, &attribute.name));
                if let Some(attribute) = named {
                    self.admit(&format!("{}:{}", schema.id, attribute.name), value)?;
                }
            }
        }
        Ok(())
    }
}
