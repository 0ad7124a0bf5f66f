use serde_json::{Map, Value};

use crate::readings::PutOmitted;
use crate::reject::Reject;
use crate::rules::{ResourceType, Rules};

impl Rules {
    /// The body of a replace as it is meant: by reading, with all that it leaves out and that the resource has.
    /// Extensions and complex attributes are filled up in the same way.
    ///
    /// # Errors
    /// What an application says of a value that was sent.
    pub fn replacement(
        &self,
        resource_type: &ResourceType,
        mut body: Map<String, Value>,
        current: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Reject> {
        self.admit_all(resource_type, &body)?;
        if let Some(listed) = &resource_type.replaceable {
            self.hold(resource_type, listed, &mut body, current);
        }
        if self.readings.put_omitted == PutOmitted::Kept {
            self.keep(&mut body, current);
        }
        Ok(body)
    }

    /// Puts in what is not listed as it is. Members are kept elsewhere, and can be replaced always.
    fn hold(
        &self,
        resource_type: &ResourceType,
        listed: &[String],
        body: &mut Map<String, Value>,
        current: &Map<String, Value>,
    ) {
        let links = self.base_attributes(resource_type).iter().filter(|attribute| attribute.link.is_some());
        let links: Vec<&str> = links.map(|attribute| attribute.name.as_str()).collect();
        let open = listed.iter().map(String::as_str).chain(links).chain(["schemas"]);
        let open: Vec<&str> = open.collect();
        let is_open = |name: &str| open.iter().any(|listed| self.readings.names.same(listed, name));
        body.retain(|name, _| is_open(name));
        let held = current.iter().filter(|(name, _)| !is_open(name));
        body.extend(held.map(|(name, value)| (name.clone(), value.clone())));
    }

    fn keep(&self, body: &mut Map<String, Value>, current: &Map<String, Value>) {
        for (name, value) in current {
            let sent = body.iter_mut().find(|(sent, _)| self.readings.names.same(sent, name));
            match (sent, value) {
                (None, _) => {
                    body.insert(name.clone(), value.clone());
                }
                (Some((_, Value::Object(sent))), Value::Object(current)) => self.keep(sent, current),
                (Some(_), _) => {}
            }
        }
    }
}
