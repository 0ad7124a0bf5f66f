use std::collections::BTreeSet;

use client::{Answer, Method};
use percent_encoding::percent_decode_str;
use protocol::endpoint;
use serde_json::Value;

use crate::journal::is_of_run;
use crate::ledger::{bare, names_of, path_of};

/// The resources that were seen to be the run's own. What a create says of the place of its resource is the target's word alone,
/// and it may lead to somebody else's; only what a read shows there, a name of the run, says whose it is.
pub(crate) struct Ours {
    run: String,
    /// What stands before the paths of requests, if anything: the base URL or its path, without a slash at its end.
    base: String,
    seen: BTreeSet<String>,
    /// Ids that the target told of; what nobody has told of is made up, and nobody's.
    told: BTreeSet<String>,
}

impl Ours {
    pub(crate) fn new(run: &str, base: &str) -> Self {
        Self { run: run.to_owned(), base: base.to_owned(), seen: BTreeSet::new(), told: BTreeSet::new() }
    }

    /// Whether the resource at a path was seen to be ours.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.seen.contains(path)
    }

    /// Whether a resource of the same id was seen to be ours at another endpoint.
    pub(crate) fn has_elsewhere(&self, path: &str) -> bool {
        let id = last_segment(path);
        id.is_some() && self.seen.iter().any(|seen| last_segment(seen) == id)
    }

    /// The path of the resource that a request would change, unless that was seen to be ours.
    pub(crate) fn in_doubt(&self, method: &Method, path: &str) -> Option<String> {
        if !matches!(*method, Method::PUT | Method::PATCH | Method::DELETE) {
            return None;
        }
        let path = self.below(path);
        (is_resource(path) && !self.has(path)).then(|| path.to_owned())
    }

    /// Takes note of what a successful answer shows of resources.
    pub(crate) fn learn(&mut self, method: &Method, path: &str, body: &Value) {
        let path = self.below(path);
        let searched = path.strip_suffix(endpoint::SEARCH);
        if *method != Method::GET && searched.is_none() {
            return;
        }
        let found: Vec<String> = match body.get("Resources").and_then(Value::as_array) {
            Some(items) => {
                let list = searched.unwrap_or(path);
                let id = |item: &Value| item.get("id").and_then(Value::as_str).map(str::to_owned);
                let ours = items.iter().filter(|item| self.names(item));
                ours.filter_map(|item| path_of(list, &id(item)?)).collect()
            }
            None => {
                is_resource(path).then(|| path.to_owned()).filter(|_| self.names(body)).into_iter().collect()
            }
        };
        self.seen.extend(found);
    }

    /// Whether a resource carries a name that the run gave.
    pub(crate) fn names(&self, resource: &Value) -> bool {
        names_of(resource).any(|name| is_of_run(name, &self.run))
    }

    /// Takes note of every id in an answer.
    pub(crate) fn hear(&mut self, answer: &Answer, body: Option<&Value>) {
        let mut ids = Vec::new();
        ids.extend(answer.header("location").and_then(last_segment));
        body.into_iter().for_each(|body| collect_ids(body, &mut ids));
        self.told.extend(ids);
    }

    /// Whether the target told of the resource at a path.
    pub(crate) fn is_told(&self, path: &str) -> bool {
        last_segment(path).is_some_and(|id| self.told.contains(&id))
    }

    /// What comes next is about other resources, but for those that it may look at too.
    pub(crate) fn forget_all_but(&mut self, stays: impl Fn(&str) -> bool) {
        self.seen.retain(|path| stays(path));
        let ids: BTreeSet<String> = self.seen.iter().filter_map(|path| last_segment(path)).collect();
        self.told.retain(|id| ids.contains(id));
    }

    /// A path without the base URL and without its query.
    fn below<'a>(&self, path: &'a str) -> &'a str {
        bare(path.strip_prefix(self.base.as_str()).unwrap_or(path))
    }
}

/// Whether a path is that of a resource. Discovery documents are nobody's.
fn is_resource(path: &str) -> bool {
    let discovery = [endpoint::RESOURCE_TYPES, endpoint::SCHEMAS];
    let parts = path.rsplit_once('/').filter(|(list, id)| !list.is_empty() && !id.is_empty());
    parts.is_some_and(|(list, _)| !discovery.contains(&list))
}

/// The texts of a body that may lead to a resource: its id, a reference, or an address.
fn collect_ids(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match (name.as_str(), value) {
            ("id" | "value", Value::String(id)) => ids.push(id.clone()),
            ("$ref" | "location", Value::String(address)) => ids.extend(last_segment(address)),
            (_, value) => collect_ids(value, ids),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The last segment of an address, without escapes.
fn last_segment(address: &str) -> Option<String> {
    let (_, segment) = bare(address).trim_end_matches('/').rsplit_once('/')?;
    Some(percent_decode_str(segment).decode_utf8_lossy().into_owned())
}
