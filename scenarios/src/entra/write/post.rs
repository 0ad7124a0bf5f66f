//! The body of a POST.

use protocol::urn;
use serde_json::{Map, Value, json};

use crate::entra::path::{Selector, TargetPath, is_blank, is_core};
use crate::entra::{ObjectKind, Settings};
use crate::wanted::{Wanted, WantedAttribute};

/// What the documentation's sample with nulls shows empty.
const NULLED: &[&str] = &["addresses", "displayName", "phoneNumbers", "preferredLanguage", "title"];

pub(super) fn body(settings: &Settings, kind: ObjectKind, wanted: &Wanted) -> Value {
    let mut members = Map::new();
    for attribute in wanted.attributes.iter().filter(|attribute| is_plain(attribute)) {
        place(&mut members, &TargetPath::of(&attribute.target), attribute.value.clone());
    }
    match kind {
        ObjectKind::User => {
            if settings.empty_roles {
                members.entry("roles").or_insert_with(|| json!([]));
            }
            for name in NULLED.iter().filter(|_| settings.emit_nulls) {
                members.entry(*name).or_insert(Value::Null);
            }
        }
        ObjectKind::Group if settings.empty_members => {
            members.entry("members").or_insert_with(|| json!([]));
        }
        ObjectKind::Group => {}
    }
    members.insert("meta".to_owned(), json!({ "resourceType": kind.resource_type() }));
    ordered(schemas(kind, wanted), members)
}

/// Whether an attribute has a value that can be sent at once: references follow later, and nulls never.
fn is_plain(attribute: &WantedAttribute) -> bool {
    attribute.references.is_empty() && !is_blank(&attribute.value)
}

/// Both schemas where anything of the enterprise schema is mapped; URNs of other extensions are not listed (D, W).
fn schemas(kind: ObjectKind, wanted: &Wanted) -> Value {
    let enterprise = wanted.attributes.iter().any(|attribute| {
        let urn = TargetPath::of(&attribute.target).urn;
        urn.is_some_and(|urn| urn.eq_ignore_ascii_case(urn::ENTERPRISE_USER))
    });
    match kind {
        ObjectKind::User if enterprise => json!([kind.schema(), urn::ENTERPRISE_USER]),
        ObjectKind::User | ObjectKind::Group => json!([kind.schema()]),
    }
}

/// Puts a value where its path says.
fn place(members: &mut Map<String, Value>, path: &TargetPath<'_>, value: Value) {
    let holder = match path.urn {
        Some(urn) if !is_core(urn) => object(members.entry(urn).or_insert_with(|| json!({}))),
        _ => Some(members),
    };
    let Some(holder) = holder else { return };
    match (&path.selector, path.sub) {
        (None, None) => {
            holder.insert(path.attribute.to_owned(), value);
        }
        (None, Some(sub)) => {
            if let Some(complex) = object(holder.entry(path.attribute).or_insert_with(|| json!({}))) {
                complex.insert(sub.to_owned(), value);
            }
        }
        (Some(selector), sub) => {
            let list = holder.entry(path.attribute).or_insert_with(|| json!([]));
            if let Some(element) =
                list.as_array_mut().and_then(|list| element(list, path.attribute, selector))
            {
                element.insert(sub.unwrap_or("value").to_owned(), value);
            }
        }
    }
}

fn object(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value.as_object_mut()
}

/// The element that a selector finds among those made so far, or a new one.
fn element<'l>(
    list: &'l mut Vec<Value>,
    attribute: &str,
    selector: &Selector<'_>,
) -> Option<&'l mut Map<String, Value>> {
    let selected = match (selector.attribute, selector.truth()) {
        ("primary", Some(truth)) => Value::Bool(truth),
        _ => Value::from(selector.value),
    };
    let known = list.iter().position(|element| element.get(selector.attribute) == Some(&selected));
    let at = known.unwrap_or_else(|| {
        let mut new = Map::new();
        // The work e-mail is the primary one (D, W); nothing certain is known of other attributes.
        if attribute == "emails" && selected == "work" {
            new.insert("primary".to_owned(), Value::Bool(true));
        }
        new.insert(selector.attribute.to_owned(), selected);
        list.push(Value::Object(new));
        list.len() - 1
    });
    list.get_mut(at).and_then(Value::as_object_mut)
}

/// The order that captures show (W): what names the object first, then the alphabet, extensions last.
fn ordered(schemas: Value, members: Map<String, Value>) -> Value {
    const FIRST: [&str; 3] = ["externalId", "userName", "active"];
    let mut all: Vec<(String, Value)> = members.into_iter().collect();
    all.sort_by_cached_key(|(name, _)| match FIRST.iter().position(|first| first == name) {
        Some(place) => (place, String::new()),
        None if name.contains(':') => (FIRST.len() + 1, String::new()),
        None => (FIRST.len(), name.clone()),
    });
    let schemas = std::iter::once(("schemas".to_owned(), schemas));
    Value::Object(schemas.chain(all).collect())
}
