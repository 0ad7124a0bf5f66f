//! Faults that break a rule of an application, each under the profile that has the rule.

mod blogin;
mod bonusly;
mod entra_ready;
mod entra_requests;
mod promapp;

use http::Method;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{UNKNOWN_ID, answer, at, patching, send, sent};
use crate::faults::patch::operations;
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// The faults of each profile that has any, by its name; a profile with many has several lists.
pub(super) const PROFILES: &[(&str, &[Fault])] = &[
    ("blogin", blogin::FAULTS),
    ("bonusly", bonusly::accounts::FAULTS),
    ("bonusly", bonusly::attributes::FAULTS),
    ("bonusly", bonusly::requests::FAULTS),
    ("entra-ready", entra_ready::FAULTS),
    ("entra-ready", entra_requests::FAULTS),
    ("promapp", promapp::FAULTS),
];

/// Changes each operation of a PATCH.
fn each_operation(ask: &mut Ask, edit: impl FnMut(&mut Value)) {
    if patching(ask) {
        send(ask, |body| operations(body).into_iter().flatten().for_each(edit));
    }
}

/// Takes an attribute out of a schema in a list.
fn unpublish(list: &mut Value, uri: &str, name: &str) {
    let schemas = list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten();
    for schema in schemas.filter(|schema| schema.get("id") == Some(&uri.into())) {
        if let Some(attributes) = schema.get_mut("attributes").and_then(Value::as_array_mut) {
            attributes.retain(|attribute| attribute.get("name") != Some(&name.into()));
        }
    }
}

/// Answers a create of a group as if there were groups.
fn create_group(ask: Ask, next: Next) -> Answering {
    if ask.method == Method::POST && at(&ask, endpoint::GROUPS) {
        let name = sent(&ask).get("displayName").cloned().unwrap_or_default();
        let group = json!({ "schemas": [urn::GROUP], "id": UNKNOWN_ID, "displayName": name });
        return Box::pin(std::future::ready(answer(201, &group)));
    }
    next.call(ask)
}
