//! The domain of the e-mail addresses that a run makes up.

use serde_json::{Map, Value};

use crate::model::Profile;
use crate::place::Place;
use crate::sound::Complaint;

/// The domain of addresses where nobody names one: it is reserved for examples (RFC 2606 §3).
pub const DOMAIN: &str = "example.com";

/// What stands in a sample for the domain.
const PLACEHOLDER: &str = "{domain}";
/// How long a domain and one label of it may be (RFC 1035 §2.3.4).
const DOMAIN_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// What is wrong with a text that is to be a domain.
#[must_use]
pub fn domain_complaint(text: &str) -> Option<&'static str> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        (1..=LABEL_MAX).contains(&label.len())
            && label.bytes().all(letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_one = text.len() <= DOMAIN_MAX && text.split('.').all(label);
    (!is_one).then_some("a domain such as test.example.com is needed")
}

/// What is wrong with the domain that a file names.
pub(crate) fn complaint(domain: Option<&str>) -> Option<Complaint> {
    let domain = domain?;
    let hint = domain_complaint(domain)?;
    Some(Complaint::new(Place::value(&["domain"]), format!("{domain:?} is no domain"), hint))
}

impl Profile {
    /// The domain of the e-mail addresses that are made up.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.domain.as_deref().unwrap_or(DOMAIN)
    }

    /// The same with another domain, where one is named.
    #[must_use]
    pub fn in_domain(mut self, domain: Option<&str>) -> Self {
        if let Some(domain) = domain {
            self.domain = Some(domain.to_owned());
        }
        self
    }

    /// The values that a create of this resource type has to carry, with their domain in its place.
    #[must_use]
    pub fn sample(&self, resource_type: &str) -> Map<String, Value> {
        let sample = self.samples.get(resource_type).into_iter().flatten();
        sample.map(|(name, value)| (name.clone(), in_domain(value, self.domain()))).collect()
    }
}

/// A sample value with the domain in its place.
#[must_use]
pub fn in_domain(sample: &Value, domain: &str) -> Value {
    let inner = |sample| in_domain(sample, domain);
    match sample {
        Value::String(text) => Value::String(text.replace(PLACEHOLDER, domain)),
        Value::Array(items) => items.iter().map(inner).collect(),
        Value::Object(parts) => parts.iter().map(|(name, part)| (name.clone(), inner(part))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => sample.clone(),
    }
}
