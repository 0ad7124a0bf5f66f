use serde_json::{Map, Value};

use crate::readings::PutOmitted;
use crate::reject::Reject;
use crate::rules::{ResourceType, Rules};
use crate::schema::Link;

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
            self.hold(listed, &mut body, current);
        }
        if self.readings.put_omitted == PutOmitted::Kept {
            self.keep(&mut body, current);
        }
        Ok(body)
    }

    /// Whether a replace leaves the members of a resource as they are: they are not listed among what it changes, or, by
    /// reading, it says nothing of them. They are kept apart from the body, so that [`Rules::replacement`] cannot put
    /// them in.
    #[must_use]
    pub fn members_stay(&self, resource_type: &ResourceType, sent: &Map<String, Value>) -> bool {
        let members = self.base_attributes(resource_type).iter().find(|one| one.link == Some(Link::Members));
        members.is_some_and(|members| {
            let same = |name: &String| self.readings.names.same(&members.name, name);
            let held = resource_type.replaceable.as_ref().is_some_and(|listed| !listed.iter().any(same));
            held || (self.readings.put_omitted == PutOmitted::Kept && !sent.keys().any(same))
        })
    }

    /// Puts in what is not listed as it is.
    fn hold(&self, listed: &[String], body: &mut Map<String, Value>, current: &Map<String, Value>) {
        let open: Vec<&str> = listed.iter().map(String::as_str).chain(["schemas"]).collect();
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
