//! The names of attributes that a target publishes, for whoever wants to know whether one is misspelt.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use client::{AnswerLimit, Client, Clock, Connect, Recorder, Request, Target, resource_path};
use profiles::target::PublishedNames;
use protocol::{endpoint, urn};
use record::Redactor;
use serde_json::Value;

use crate::discovery::object;
use crate::session::runtime;
use crate::sweep::SHARES;

/// Of so many schemas at most each is asked for by itself, where the list lacks them.
const SCHEMAS_MAX: usize = 16;

/// Asks a target which attributes its resource types have: `/ResourceTypes`, `/Schemas`, and each schema that the list lacks. What
/// cannot be read is not known, and no reason to stop.
///
/// # Errors
/// When our own machinery fails.
pub fn published_names(
    target: Target,
    connect: &dyn Connect,
    clock: Arc<dyn Clock>,
) -> Result<PublishedNames, String> {
    let runtime = runtime()?;
    let target = target.answers_up_to(AnswerLimit::shared_by(SHARES));
    let client = Client::new(target, connect, Recorder::forgetful(Redactor::default()), clock);
    let client = client.map_err(|error| error.to_string())?.ignoring_case();
    Ok(runtime.block_on(ask(&client)))
}

async fn ask(client: &Client) -> PublishedNames {
    let types = object(&client.send(Request::get(endpoint::RESOURCE_TYPES), None).await);
    let types = types.map(|list| resources(&list)).unwrap_or_default();
    let schemas = object(&client.send(Request::get(endpoint::SCHEMAS), None).await);
    let schemas = schemas.map(|list| resources(&list)).unwrap_or_default();
    let mut known: BTreeMap<String, Value> =
        schemas.into_iter().filter_map(|schema| Some((text(&schema, "id")?.to_owned(), schema))).collect();
    let mut names = PublishedNames::new();
    for (kind, base) in [("User", urn::USER), ("Group", urn::GROUP)] {
        let of_type = types.iter().find(|entry| text(entry, "name") == Some(kind));
        let base = of_type.and_then(|entry| text(entry, "schema")).unwrap_or(base);
        let extensions = of_type.and_then(|entry| entry.get("schemaExtensions")?.as_array());
        let extensions = extensions.into_iter().flatten().filter_map(|extension| text(extension, "schema"));
        let named: Vec<&str> = [base].into_iter().chain(extensions).take(SCHEMAS_MAX).collect();
        let mut found = BTreeSet::new();
        for uri in named {
            if !known.contains_key(uri) {
                let sent = client.send(Request::get(resource_path(endpoint::SCHEMAS, uri)), None).await;
                known.insert(uri.to_owned(), object(&sent).unwrap_or_default());
            }
            let prefix = if uri == base { String::new() } else { format!("{uri}:") };
            found.extend((uri != base).then(|| uri.to_owned()));
            gather(known.get(uri).and_then(|schema| schema.get("attributes")), &prefix, &mut found);
        }
        names.insert(kind.to_owned(), found);
    }
    names
}

/// The entries of a list.
fn resources(list: &Value) -> Vec<Value> {
    list.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn gather(attributes: Option<&Value>, prefix: &str, found: &mut BTreeSet<String>) {
    for attribute in attributes.and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = text(attribute, "name") else { continue };
        let path = format!("{prefix}{name}");
        gather(attribute.get("subAttributes"), &format!("{path}."), found);
        found.insert(path);
    }
}
