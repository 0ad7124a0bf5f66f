//! What users and groups look like for one target: what it offers, and what its profile demands.

use std::collections::BTreeMap;

use protocol::urn;
use scenarios::population::{Group, Person};
use serde_json::{Map, Value, json};

use crate::offer::{Known, Offer};

/// What stands in a sample for the name of a resource, and for the userName that goes with it.
const NAME: &str = "{name}";
const USER_NAME: &str = "{userName}";

/// What the profile of a target says of values, as data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// By resource type: attributes that are demanded on create, with a value for each. `{name}` stands for the name of the
    /// resource, `{userName}` for the userName.
    pub samples: BTreeMap<String, Map<String, Value>>,
    /// Paths of users' attributes whose values the application decides on: nothing but a sample is put there.
    pub bound: Vec<String>,
    /// The domain that everybody's addresses are of; those of the population's own where there is none.
    pub domain: Option<String>,
    /// What somebody knows of the target.
    pub known: Known,
}

/// How users and groups are written for a target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) offer: Offer,
    rules: Rules,
}

impl Form {
    pub(crate) fn new(offer: Offer, rules: Rules) -> Self {
        Self { offer: offer.knowing(rules.known), rules }
    }

    /// Whether an attribute of users can be given any value and be read again.
    pub(crate) fn has(&self, schema: &str, path: &str) -> bool {
        let full = if schema == urn::USER { path.to_owned() } else { format!("{schema}:{path}") };
        self.offer.offers(schema, path) && !self.binds(&full)
    }

    /// The userName: the profile may want it in a form of its own.
    pub(crate) fn user_name(&self, person: &Person) -> String {
        let sample = self.rules.samples.get("User").and_then(|samples| samples.get("userName")?.as_str());
        sample.map_or_else(
            || person.user_principal_name.clone(),
            |sample| sample.replace(NAME, &person.mail_nickname),
        )
    }

    /// The body that creates a user.
    pub(crate) fn user(&self, person: &Person) -> Map<String, Value> {
        let user_name = self.user_name(person);
        let mut body = members(person.scim());
        body.insert("userName".to_owned(), user_name.as_str().into());
        body.retain(|name, value| name == "userName" || self.keep(name, value));
        self.add_samples("User", &mut body, &person.mail_nickname, &user_name);
        let mut schemas = vec![json!(urn::USER)];
        schemas.extend(body.keys().filter(|name| name.starts_with("urn:")).map(|name| json!(name)));
        body.insert("schemas".to_owned(), schemas.into());
        body
    }

    /// The body that creates a group.
    pub(crate) fn group(&self, group: &Group) -> Map<String, Value> {
        let mut body = members(group.scim());
        body.retain(|name, _| name == "schemas" || self.offer.offers(urn::GROUP, name));
        self.add_samples("Group", &mut body, &group.display_name, &group.display_name);
        body
    }

    /// Cuts an attribute of a user down to what is offered and free; false where nothing is left of it.
    fn keep(&self, name: &str, value: &mut Value) -> bool {
        if let Some(parts) = value.as_object_mut().filter(|_| name.starts_with("urn:")) {
            parts.retain(|part, _| self.has(name, part));
            return !parts.is_empty();
        }
        if !self.offer.offers(urn::USER, name) {
            return false;
        }
        match value {
            Value::Object(parts) => parts.retain(|part, _| self.has(urn::USER, &format!("{name}.{part}"))),
            Value::Array(values) => {
                for parts in values.iter_mut().filter_map(Value::as_object_mut) {
                    parts.retain(|part, _| self.has(urn::USER, &format!("{name}.{part}")));
                }
                // A type alone says nothing.
                let says = |part: &String| !["type", "primary"].contains(&part.as_str());
                values.retain(|value| value.as_object().is_none_or(|parts| parts.keys().any(says)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return !self.binds(name),
        }
        *value != json!({}) && *value != json!([])
    }

    /// Whether the application decides on values of an attribute, or on the whole that it is a part of.
    fn binds(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        self.rules.bound.iter().any(|bound| {
            let rest = path.strip_prefix(&bound.to_lowercase());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
        })
    }

    /// Adds what the profile demands and the body lacks.
    fn add_samples(&self, kind: &str, body: &mut Map<String, Value>, name: &str, user_name: &str) {
        for (attribute, sample) in self.rules.samples.get(kind).into_iter().flatten() {
            let sample = named(sample, name, user_name);
            match (body.get_mut(attribute), sample) {
                (Some(Value::Object(parts)), Value::Object(sample)) => {
                    for (part, value) in sample {
                        parts.entry(part).or_insert(value);
                    }
                }
                (Some(_), _) => {}
                (None, sample) => drop(body.insert(attribute.clone(), sample)),
            }
        }
    }
}

/// A sample with the names in their places.
fn named(sample: &Value, name: &str, user_name: &str) -> Value {
    let inner = |sample| named(sample, name, user_name);
    match sample {
        Value::String(text) => text.replace(NAME, name).replace(USER_NAME, user_name).into(),
        Value::Array(items) => items.iter().map(inner).collect(),
        Value::Object(parts) => parts.iter().map(|(key, part)| (key.clone(), inner(part))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => sample.clone(),
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use scenarios::population::{Population, Shape};

    use super::*;

    fn person() -> Person {
        Population::new(7, Shape { label: "x-".to_owned(), ..Shape::default() }).unwrap().user(3)
    }

    #[test]
    fn a_target_that_says_nothing_gets_everything() {
        let person = person();
        assert_eq!(Value::Object(Form::default().user(&person)), person.scim());
    }

    #[test]
    fn samples_stand_where_the_application_decides() {
        let samples = json!({ "emails": [{ "value": "{userName}", "type": "work" }], "nickName": "n-{name}", "name": {
            "givenName": "Mara", "honorificPrefix": "Dr" } });
        let rules = Rules {
            samples: BTreeMap::from([("User".to_owned(), members(samples))]),
            bound: ["emails.value", "emails", "addresses.country", "addresses", "title"]
                .map(str::to_owned)
                .to_vec(),
            ..Rules::default()
        };
        let person = person();
        let body = Form::new(Offer::default(), rules).user(&person);
        assert_eq!(body["emails"], json!([{ "value": person.user_principal_name, "type": "work" }]));
        assert_eq!(body["nickName"], format!("n-{}", person.mail_nickname));
        assert_eq!(body["name"]["givenName"], person.given_name);
        assert_eq!(body["name"]["honorificPrefix"], "Dr");
        assert!(!body.contains_key("addresses") && !body.contains_key("title"), "{body:?}");
        assert!(body.contains_key(urn::ENTERPRISE_USER) && body.contains_key("displayName"));
    }

    #[test]
    fn a_sampled_user_name_is_the_name() {
        let samples = members(json!({ "userName": "{name}@corp.example" }));
        let samples = BTreeMap::from([("User".to_owned(), samples)]);
        let form = Form::new(Offer::default(), Rules { samples, ..Rules::default() });
        let person = person();
        let name = format!("{}@corp.example", person.mail_nickname);
        assert_eq!(form.user(&person)["userName"], name);
        assert_eq!(form.user_name(&person), name);
    }
}
