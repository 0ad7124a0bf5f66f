use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use profiles::{Profile, USER_NAME};
use protocol::urn;
use record::{Redactor, Secret};
use serde_json::{Map, Value, json};

use crate::journal::PREFIX;
use crate::published::Published;
use crate::stop::Stop;

/// A resource to be: its type and what it carries beyond its name. The factory adds a name that no other
/// resource of any run has, and the sample values that the target turned out to demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub(crate) resource: &'static str,
    pub(crate) schema: &'static str,
    pub(crate) naming: &'static str,
    attributes: Vec<(&'static str, Value)>,
    /// Whether the values are chosen with the rules of the profile in mind.
    ruled: bool,
}

/// The least that makes a User: a `userName`.
#[must_use]
pub fn minimal_user() -> Template {
    Template { resource: "User", schema: urn::USER, naming: "userName", attributes: Vec::new(), ruled: false }
}

/// The least that makes a Group: a `displayName`.
#[must_use]
pub fn minimal_group() -> Template {
    Template {
        resource: "Group",
        schema: urn::GROUP,
        naming: "displayName",
        attributes: Vec::new(),
        ruled: false,
    }
}

impl Template {
    /// Adds an attribute. `{domain}` in a text of it becomes the domain of the e-mail addresses that are made up.
    #[must_use]
    pub fn with(mut self, attribute: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    /// The value that it gives an attribute.
    fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Puts every attribute where this says: under another name, into a complex one by a path such as
    /// `name.familyName`, or nowhere. Of two values for one place the moved one stays.
    #[must_use]
    pub fn moved(mut self, place: impl Fn(&'static str) -> Option<&'static str>) -> Self {
        let (kept, moved): (Vec<_>, Vec<_>) =
            self.attributes.drain(..).partition(|(name, _)| place(name) == Some(*name));
        self.attributes = kept;
        for (name, value) in moved {
            let Some(path) = place(name) else { continue };
            let (top, part) = path.split_once('.').map_or((path, None), |(top, part)| (top, Some(part)));
            let there = self.attributes.iter().position(|(known, _)| *known == top);
            let old = there.map_or(Value::Null, |at| self.attributes.remove(at).1);
            let new = match (part, old) {
                (None, _) => value,
                (Some(part), Value::Object(mut parts)) => {
                    parts.insert(part.to_owned(), value);
                    Value::Object(parts)
                }
                (Some(part), _) => json!({ part: value }),
            };
            self.attributes.push((top, new));
        }
        self
    }

    /// States that the values fit the rules of the profile that the check is about. Without that, an attribute on
    /// whose values the profile decides makes [`Probe::given`](crate::Probe::given) end the check as not-supported.
    #[must_use]
    pub fn within_rules(mut self) -> Self {
        self.ruled = true;
        self
    }

    /// The first attribute that is to have a value of the check's liking, and cannot.
    pub(crate) fn unfree(&self, published: &Published) -> Option<String> {
        let attributes = self.attributes.iter().filter(|_| !self.ruled);
        let mut paths = attributes.flat_map(|(name, value)| match value.as_object() {
            Some(parts) if name.starts_with("urn:") => {
                parts.keys().map(|part| format!("{name}:{part}")).collect()
            }
            _ => vec![(*name).to_owned()],
        });
        paths.find(|path| published.binds(path))
    }

    /// Leaves out the attributes and sub-attributes that a target does not have, since a strict one would refuse them,
    /// and those on whose values its profile decides.
    #[must_use]
    pub fn as_offered(mut self, published: &Published) -> Self {
        self.attributes.retain_mut(|(name, value)| {
            // The value of an extension stands under the URI of its schema.
            let (top, joint) =
                if name.starts_with("urn:") { (true, ':') } else { (free(published, name), '.') };
            cut_to(published, &format!("{name}{joint}"), value);
            top && *value != json!({})
        });
        self
    }
}

fn free(published: &Published, path: &str) -> bool {
    published.offers(path) && !published.binds(path)
}

/// Whether a value has at least what another one has; the letter case of text is free.
fn holds(shown: &Value, sent: &Value) -> bool {
    match (shown, sent) {
        (Value::String(shown), Value::String(sent)) => shown.to_lowercase() == sent.to_lowercase(),
        (Value::Object(shown), Value::Object(sent)) => {
            sent.iter().all(|(name, sent)| shown.get(name).is_some_and(|shown| holds(shown, sent)))
        }
        (Value::Array(shown), Value::Array(sent)) => {
            sent.iter().all(|sent| shown.iter().any(|shown| holds(shown, sent)))
        }
        (shown, sent) => shown == sent,
    }
}

fn cut_to(published: &Published, prefix: &str, value: &mut Value) {
    match value {
        Value::Object(parts) => parts.retain(|name, _| free(published, &format!("{prefix}{name}"))),
        Value::Array(items) => items.iter_mut().for_each(|item| cut_to(published, prefix, item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A resource that was created as a precondition.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its id.
    pub id: String,
    /// Its path below the base URL.
    pub path: String,
    /// The name that the factory gave it.
    pub name: String,
    /// The body that was sent.
    pub sent: Value,
    /// The body that came back.
    pub body: Value,
    /// The request that created it, as it reads, and its exchange.
    pub(crate) created_by: (String, u32),
    /// The attributes of users that the target publishes.
    pub(crate) published: Arc<Published>,
}

impl Given {
    /// Its path below the base URL.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Demands attributes that were sent and that a server need not have.
    ///
    /// # Errors
    ///
    /// [`Stop::NotSupported`] where the target publishes one as the server's to set. When the answer to the create does
    /// not show one as it was sent: [`Stop::NotSupported`] where the target does not publish it, [`Stop::Blocked`] where
    /// it does, since losing what it offers is no lack of an offer.
    pub fn keeps(self, attributes: &[&str]) -> Result<Self, Stop> {
        let published = |attribute: &str| self.published.contains(attribute);
        let fixed = |attribute: &str| published(attribute) && !self.published.can_be_written(attribute);
        if let Some(attribute) = attributes.iter().find(|attribute| fixed(attribute)) {
            return Err(Stop::NotSupported(format!("an attribute {attribute} that can be written")));
        }
        let kept = |attribute: &str| match (self.sent.get(attribute), self.body.get(attribute)) {
            (Some(sent), Some(shown)) => holds(shown, sent),
            (Some(_), None) => false,
            (None, _) => true,
        };
        match attributes.iter().find(|attribute| !kept(attribute)) {
            None => Ok(self),
            Some(attribute)
                if self.published.contains(attribute) && self.published.can_be_written(attribute) =>
            {
                let value = |body: &Value| body.get(attribute).map(Value::to_string).unwrap_or_default();
                let (request, exchange) = &self.created_by;
                let told = record::not_shown(attribute, &value(&self.sent), &value(&self.body));
                Err(Stop::precondition(format!("{request} {told}"), Some(*exchange)))
            }
            Some(attribute) => Err(Stop::NotSupported(format!("attribute {attribute}"))),
        }
    }
}

/// Makes bodies: the same run id and seed give the same ones.
pub(crate) struct Factory {
    run: String,
    seed: u64,
    profile: Profile,
    redactor: Redactor,
    /// Resource types for which the minimal body turned out to be too little.
    demanding: Mutex<BTreeSet<&'static str>>,
    sets: AtomicU32,
}

impl Factory {
    pub(crate) fn new(run: &str, seed: u64, profile: Profile, redactor: Redactor) -> Self {
        Self {
            run: run.to_owned(),
            seed,
            profile,
            redactor,
            demanding: Mutex::default(),
            sets: AtomicU32::new(1),
        }
    }

    /// The profile that the run holds its target to.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The id of the run that it works for.
    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    /// A name that says whose it is: run, check, counter.
    pub(crate) fn name(&self, check: &str, counter: u32) -> String {
        format!("{PREFIX}{}-{}-{counter}", self.run, check.replace('.', "-"))
    }

    /// How the names of resources begin that several checks look at. No such beginning is that of another.
    pub(crate) fn set(&self) -> String {
        format!("{PREFIX}{}-lent{:04}", self.run, self.sets.fetch_add(1, Ordering::Relaxed))
    }

    /// A password, known to the redactor before anybody can send it.
    pub(crate) fn password(&self, check: &str, counter: u32) -> String {
        // Not secret, only unmistakable: it is looked for in everything that the target says.
        let digest = check.bytes().fold(self.seed ^ u64::from(counter), |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let password = format!("Pw-{}-{digest:016x}-{counter}!", self.run);
        self.redactor.learn(&Secret::new(password.clone()));
        password
    }

    /// The body for a template under a name: with sample values once the target has turned out to demand them.
    pub(crate) fn fill(&self, template: &Template, name: &str) -> Value {
        if self.demands(template.resource) {
            self.rich(template, name)
        } else {
            self.body(template, name, Map::new())
        }
    }

    /// The body with the profile's sample values, whether they are demanded or not.
    pub(crate) fn rich(&self, template: &Template, name: &str) -> Value {
        self.body(template, name, self.samples(template, name))
    }

    fn body(&self, template: &Template, name: &str, mut body: Map<String, Value>) -> Value {
        body.entry(template.naming).or_insert_with(|| json!(name));
        for (attribute, value) in &template.attributes {
            let value = profiles::in_domain(value, self.profile.domain());
            match (body.get_mut(*attribute), value) {
                // What the target demands inside a complex value is demanded of this one too.
                (Some(Value::Object(sample)), Value::Object(value)) => sample.extend(value),
                (_, value) => drop(body.insert((*attribute).to_owned(), value)),
            }
        }
        let mut schemas = vec![json!(template.schema)];
        schemas.extend(body.keys().filter(|key| key.starts_with("urn:")).map(|urn| json!(urn)));
        body.insert("schemas".to_owned(), Value::Array(schemas));
        Value::Object(body)
    }

    /// From now on the sample values are sent: without them the target refuses a resource of this type.
    pub(crate) fn enrich(&self, resource: &'static str) {
        self.demanding.lock().unwrap_or_else(PoisonError::into_inner).insert(resource);
    }

    pub(crate) fn demands(&self, resource: &str) -> bool {
        self.demanding.lock().unwrap_or_else(PoisonError::into_inner).contains(resource)
    }

    fn samples(&self, template: &Template, name: &str) -> Map<String, Value> {
        let of_users = self.profile.sample("User");
        let sampled = of_users.get("userName").and_then(Value::as_str);
        let user_name = template.attribute("userName").and_then(Value::as_str).or(sampled);
        let user_name = user_name.unwrap_or(name).replace("{name}", name);
        let samples = self.profile.sample(template.resource);
        samples.iter().map(|(attribute, value)| (attribute.clone(), named(value, name, &user_name))).collect()
    }
}

/// The sample with `{name}` and `{userName}` replaced in every string.
pub(crate) fn named(sample: &Value, name: &str, user_name: &str) -> Value {
    let inner = |sample| named(sample, name, user_name);
    match sample {
        Value::String(text) => Value::String(text.replace("{name}", name).replace(USER_NAME, user_name)),
        Value::Array(items) => items.iter().map(inner).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), inner(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => sample.clone(),
    }
}
