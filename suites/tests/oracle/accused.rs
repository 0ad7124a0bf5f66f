//! What stands trial: the reference server's engine, asked through its public functions.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use engine::{Current, Leniency, Reject, ResourceType, Rules, parse_filter};
use serde_json::{Map, Value, json};
use suites::oracle::{Refusal, Type};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::rfc().unwrap());

/// What something refuses a request with: a status and a keyword.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct No {
    status: u16,
    keyword: String,
}

impl No {
    /// Whether a lawful refusal has this status and keyword.
    pub(crate) fn fits(&self, lawful: &Refusal) -> bool {
        let status = if self.keyword == "sensitive" { 403 } else { 400 };
        self.status == status && lawful.contains(self.keyword.as_str())
    }
}

impl From<Reject> for No {
    fn from(reject: Reject) -> Self {
        Self {
            status: reject.status,
            keyword: reject.scim_type.map_or_else(String::new, |keyword| keyword.as_str().to_owned()),
        }
    }
}

/// A server with one resource.
pub(crate) trait Accused {
    /// Answers a PATCH.
    fn patch(&mut self, body: &Value) -> Result<(), No>;
    /// The resource as it is now.
    fn shown(&self) -> Value;
}

/// The engine with one resource.
pub(crate) struct Engine {
    resource_type: &'static ResourceType,
    id: String,
    body: Map<String, Value>,
    members: BTreeSet<String>,
    /// Whether the last PATCH changed anything, by the engine's account.
    pub(crate) changed: bool,
}

fn resource_type(on: &'static Type) -> &'static ResourceType {
    RULES.resource_types.iter().find(|candidate| candidate.schema == on.urn).unwrap()
}

impl Engine {
    pub(crate) fn new(on: &'static Type, id: &str, body: &Value) -> Self {
        let resource_type = resource_type(on);
        let draft = RULES.accept(resource_type, body.as_object().unwrap().clone(), None).unwrap();
        let members = draft.members.into_iter().collect();
        Self { resource_type, id: id.to_owned(), body: draft.body, members, changed: false }
    }
}

impl Accused for Engine {
    fn patch(&mut self, body: &Value) -> Result<(), No> {
        let edits = RULES.edits(body.as_object().unwrap().clone())?;
        let listed = || {
            let element = |id: &String| json!({ "value": id, "type": "User" }).as_object().unwrap().clone();
            self.members.iter().map(element).collect()
        };
        let current = Current { id: &self.id, body: &self.body, members: &listed };
        let patched = RULES.patch(self.resource_type, &current, &edits)?;
        let before = self.members.clone();
        if patched.edges.cleared {
            self.members.clear();
        }
        self.members.retain(|id| !patched.edges.removes.contains(id));
        self.members.extend(patched.edges.adds);
        self.changed = patched.changed || self.members != before;
        self.body = patched.draft.body;
        Ok(())
    }

    fn shown(&self) -> Value {
        let mut resource = self.body.clone();
        resource.insert("id".to_owned(), self.id.as_str().into());
        let minute = self.id.len();
        resource.insert(
            "meta".to_owned(),
            json!({
                "resourceType": self.resource_type.name,
                "created": "2026-03-01T12:00:00.000Z",
                "lastModified": format!("2026-03-01T12:0{minute}:00.500Z"),
                "location": format!("https://x.example/{}", self.id),
                "version": "W/\"1\"",
            }),
        );
        if !self.members.is_empty() {
            let link = |id: &String| format!("https://x.example/{id}");
            let member = |id: &String| json!({ "value": id, "type": "User", "$ref": link(id) });
            resource.insert("members".to_owned(), self.members.iter().map(member).collect());
        }
        Value::Object(resource)
    }
}

/// The places of those resources that the engine's filter matches.
pub(crate) fn select(on: &'static Type, text: &str, resources: &[Value]) -> Result<BTreeSet<usize>, No> {
    let filter = parse_filter(text, &RULES.limits, Leniency::default())?;
    let matcher = RULES.matcher(resource_type(on), &filter)?;
    let matches = |resource: &Value| matcher.matches(resource.as_object().unwrap());
    Ok(resources.iter().enumerate().filter(|(_, resource)| matches(resource)).map(|(at, _)| at).collect())
}
