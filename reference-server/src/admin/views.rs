//! What the application made of what it was sent.

use engine::timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::admin::problem::Problem;
use crate::app::App;
use crate::application::Bond;
use crate::profile::Path;
use crate::store::TenantId;

/// `GET /users/{id}`: somebody as the application has him, also after he was deleted where it remembers him.
pub(super) fn user(app: &App, tenant: TenantId, id: &str) -> Result<Value, Problem> {
    let unknown = || Problem::new(404, "there is no user with this id");
    let id = Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id).ok_or_else(unknown)?;
    let there = app.store.get(tenant, id);
    let deleted = there.is_none();
    let departed = || app.application.departed.record(tenant, id).map(|record| (*record).clone());
    let record = there.or_else(departed).filter(|record| *record.resource_type == *"User");
    let body = record.ok_or_else(unknown)?.object();
    let plan = &app.application.plan;
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    put("id", id.to_string().into());
    put("user_name", body.get("userName").cloned().unwrap_or_default());
    put("deleted", deleted.into());
    put("columns", kept(&plan.columns, &body));
    put("properties", kept(&plan.properties, &body));
    if plan.manager.is_some() {
        let bond = app.application.managers.bond(tenant, id);
        put("manager", bond.map_or(Value::Null, |bond| manager(&bond)));
    }
    Ok(Value::Object(shown))
}

fn kept(places: &[(Path, String)], body: &Map<String, Value>) -> Value {
    let kept = places.iter().filter_map(|(path, name)| Some((name.clone(), path.first(body)?.into())));
    Value::Object(kept.collect())
}

fn manager(bond: &Bond) -> Value {
    match bond.manager {
        Some(id) => json!({ "named": bond.named, "state": "linked", "id": id.to_string() }),
        None => json!({ "named": bond.named, "state": "waiting" }),
    }
}

/// `GET /managers`: who waits for whom, and how many wait no longer.
pub(super) fn managers(app: &App, tenant: TenantId) -> Value {
    let bonds = app.application.managers.bonds(tenant);
    let (linked, waiting): (Vec<_>, Vec<_>) = bonds.iter().partition(|(_, bond)| bond.manager.is_some());
    let waiting = waiting.iter().map(|(id, bond)| json!({ "user": id.to_string(), "named": bond.named }));
    json!({ "linked": linked.len(), "waiting": waiting.collect::<Vec<_>>() })
}

/// `GET /outbox`: mails that would have been sent, oldest first.
pub(super) fn outbox(app: &App, tenant: TenantId) -> Value {
    let (mails, dropped) = app.application.outbox.mails(tenant);
    let mails = mails.iter().map(|mail| {
        json!({ "kind": "welcome", "user": mail.user.to_string(), "to": mail.to, "at": timestamp(mail.at_ms) })
    });
    json!({ "mails": mails.collect::<Vec<_>>(), "dropped": dropped })
}
