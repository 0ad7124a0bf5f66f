//! What follows from a commit, as data.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::profile::Path;

/// What an application does beside its endpoints.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Where users name whom they report to.
    pub(crate) manager: Option<Path>,
    /// Whether somebody new gets a mail.
    pub(crate) welcomes: bool,
    /// What it keeps in columns of its own, with their names.
    pub(crate) columns: Vec<(Path, String)>,
    /// What it keeps as custom properties, with their names.
    pub(crate) properties: Vec<(Path, String)>,
}

/// What happened to a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change<'a> {
    /// It was not there before.
    Created(&'a Map<String, Value>),
    /// It was there, was deleted, and is back.
    Returned,
    Updated,
    Deleted,
}

/// What the application does then.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Sees whom a user reports to, and who waits for him.
    Relink(Uuid),
    /// Sends a mail.
    Welcome { user: Uuid, to: String },
}

impl Plan {
    /// What follows from a change that is committed.
    pub(crate) fn after_commit(&self, resource_type: &str, id: Uuid, change: Change<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if resource_type != "User" {
            return effects;
        }
        if self.manager.is_some() {
            effects.push(Effect::Relink(id));
        }
        if self.welcomes
            && let Change::Created(body) = change
        {
            effects.extend(address(body).map(|to| Effect::Welcome { user: id, to }));
        }
        effects
    }
}

/// Where mail reaches a user: his primary e-mail or else his first; without any, his userName where that is an address.
fn address(body: &Map<String, Value>) -> Option<String> {
    let emails = body.get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let primary = emails.iter().find(|email| email.get("primary") == Some(&Value::Bool(true)));
    let chosen = primary.or(emails.first()).and_then(|email| email.get("value"));
    let name = body.get("userName").filter(|name| name.as_str().is_some_and(is_address));
    chosen.or(name).and_then(Value::as_str).map(str::to_owned)
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
