//! Which attributes the target offers a mapping, as `/Schemas` tells.

use protocol::urn;
use serde_json::Value;

use super::failure::{Aim, Failure};
use super::row::Row;
use super::wire::Wire;
use crate::entra::path::{is_core, member};
use crate::entra::{SchemaDiscovery, Writer};

/// What was read of a target's schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The attributes of users, as mappings write them. Discovery only ever adds to what the mapping knows (D).
    pub attributes: Vec<String>,
    /// Why there are none, where something went wrong.
    pub error: Option<String>,
    /// The exchanges that it took.
    pub exchanges: Vec<u32>,
}

pub(super) async fn discover(wire: &mut Wire<'_>) -> Discovery {
    let mut row = Row::of_test(0);
    let outcome = match wire.settings.schema_discovery {
        SchemaDiscovery::None => Ok(Vec::new()),
        which => read(wire, which, &mut row).await,
    };
    let (attributes, error) = match outcome {
        Ok(attributes) => (attributes, None),
        Err(failure) => (Vec::new(), Some(failure.reason)),
    };
    Discovery { attributes, error, exchanges: row.exchanges }
}

async fn read(wire: &mut Wire<'_>, which: SchemaDiscovery, row: &mut Row) -> Result<Vec<String>, Failure> {
    let request = Writer::new(wire.settings).schemas();
    let schemas = wire.found(&request, Aim::Probe, row).await?;
    let offered = schemas.iter().filter_map(|schema| {
        let id = member(schema, "id")?.as_str()?;
        let is_of_users = !id.eq_ignore_ascii_case(urn::GROUP);
        let is_wanted = is_core(id) || which == SchemaDiscovery::All;
        (is_of_users && is_wanted).then(|| attributes(id, schema))
    });
    Ok(offered.flatten().collect())
}

/// The attributes of one schema.
fn attributes(id: &str, schema: &Value) -> Vec<String> {
    let prefix = if is_core(id) { String::new() } else { format!("{id}:") };
    let listed = member(schema, "attributes").and_then(Value::as_array);
    let each = listed.into_iter().flatten().flat_map(flat);
    each.map(|name| format!("{prefix}{name}")).collect()
}

/// One attribute as a mapping writes it, or several where it has parts.
fn flat(attribute: &Value) -> Vec<String> {
    let Some(name) = text(attribute, "name") else { return Vec::new() };
    let parts = member(attribute, "subAttributes").and_then(Value::as_array);
    let parts: Vec<&Value> = parts.into_iter().flatten().collect();
    let has = |wanted: &str| parts.iter().any(|part| text(part, "name") == Some(wanted));
    let is_multi_valued = member(attribute, "multiValued").and_then(Value::as_bool).unwrap_or_default();
    // A reference is mapped as a whole, whatever the parts that it comes in.
    if parts.is_empty() || (has("$ref") && has("value")) {
        return vec![name.to_owned()];
    }
    let sub = parts.iter().filter_map(|part| text(part, "name"));
    if !is_multi_valued {
        return sub.map(|sub| format!("{name}.{sub}")).collect();
    }
    let types = parts.iter().find(|part| text(part, "name") == Some("type"));
    let types = types.and_then(|part| member(part, "canonicalValues")).and_then(Value::as_array);
    let types: Vec<&str> = types.into_iter().flatten().filter_map(Value::as_str).collect();
    // Without any types that are told, one is made up (W).
    let types = if types.is_empty() { vec!["untyped"] } else { types };
    let sub: Vec<&str> = sub.filter(|sub| !matches!(*sub, "type" | "primary")).collect();
    let path = |kind: &str, sub: &str| format!("{name}[type eq \"{kind}\"].{sub}");
    types.iter().flat_map(|kind| sub.iter().map(|sub| path(kind, sub))).collect()
}

fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    member(object, name)?.as_str()
}
