//! What a target offers, as its discovery documents have it. What cannot be read rules nothing out.

use std::collections::BTreeMap;

use client::Request;
use protocol::urn;
use serde_json::Value;

use crate::reader::Reader;

/// Attributes that a schema need not list: every resource may have them (RFC 7643 §3.1).
const COMMON: &[&str] = &["schemas", "id", "externalid", "meta"];

/// What somebody knows of a target, whatever its discovery documents say; what he says nothing of is as they have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it has groups.
    pub groups: Option<bool>,
    /// Whether it can change groups in part, as members are added and removed; without that no groups are put there.
    pub group_changes: Option<bool>,
    /// Whether it can change users in part, as managers are set and people change.
    pub user_changes: Option<bool>,
    /// Whether it has the Enterprise extension of users.
    pub enterprise: Option<bool>,
}

/// What a target says that it has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    /// The endpoints of its resource types; none where it does not list them.
    endpoints: Option<Vec<String>>,
    /// By schema: its attributes by their paths, and whether a client can write and read each; none where it does not list
    /// them. All in lower case.
    schemas: Option<BTreeMap<String, BTreeMap<String, bool>>>,
    /// Who knows better is believed.
    pub(crate) known: Known,
}

impl Offer {
    /// Asks the target.
    pub(crate) async fn read(reader: &Reader) -> Self {
        let types = listed(reader, "/ResourceTypes").await;
        let schemas = listed(reader, "/Schemas").await;
        Self::of(types.as_deref(), schemas.as_deref())
    }

    fn of(types: Option<&[Value]>, schemas: Option<&[Value]>) -> Self {
        let endpoint = |kind: &Value| Some(kind.get("endpoint")?.as_str()?.to_lowercase());
        let schema = |schema: &Value| {
            let mut attributes = BTreeMap::new();
            gather(schema.get("attributes"), "", true, &mut attributes);
            Some((schema.get("id")?.as_str()?.to_lowercase(), attributes))
        };
        Self {
            endpoints: types.map(|types| types.iter().filter_map(endpoint).collect()),
            schemas: schemas.map(|schemas| schemas.iter().filter_map(schema).collect()),
            known: Known::default(),
        }
    }

    /// The same, where somebody knows better.
    pub(crate) fn knowing(self, known: Known) -> Self {
        Self { known, ..self }
    }

    /// Whether it has resources there, such as `/Groups`.
    pub(crate) fn serves(&self, endpoint: &str) -> bool {
        if let Some(groups) = self.known.groups.filter(|_| endpoint == "/Groups") {
            return groups;
        }
        let endpoint = endpoint.to_lowercase();
        self.endpoints.as_ref().is_none_or(|known| known.iter().any(|known| known.ends_with(&endpoint)))
    }

    /// Whether its schemas could be read.
    pub(crate) const fn has_schemas(&self) -> bool {
        self.schemas.is_some()
    }

    /// Whether its schemas list an attribute.
    pub(crate) fn lists(&self, schema: &str, path: &str) -> bool {
        let schemas = self.schemas.as_ref();
        let attributes = schemas.and_then(|schemas| schemas.get(&schema.to_lowercase()));
        attributes.is_some_and(|attributes| attributes.contains_key(&path.to_lowercase()))
    }

    /// Whether a client can write an attribute, such as `title` or `name.givenName`, and read it again.
    pub(crate) fn offers(&self, schema: &str, path: &str) -> bool {
        let known = self.known.enterprise.filter(|_| schema == urn::ENTERPRISE_USER);
        if known == Some(false) {
            return false;
        }
        let Some(schemas) = &self.schemas else { return true };
        let path = path.to_lowercase();
        let (top, part) = path.split_once('.').map_or((path.as_str(), None), |(top, part)| (top, Some(part)));
        let Some(attributes) = schemas.get(&schema.to_lowercase()) else {
            // Of the core schemas nothing may be listed; an extension that is not listed is not there.
            return schema.contains(":core:") || known == Some(true);
        };
        if let Some(open) = attributes.get(&path) {
            return *open;
        }
        if COMMON.contains(&top) {
            return true;
        }
        // Of an attribute whose parts are not listed, all may be there.
        let inside = format!("{top}.");
        let divided = attributes.keys().any(|known| known.starts_with(&inside));
        part.is_some() && !divided && attributes.get(top).is_some_and(|open| *open)
    }
}

/// The whole list at an endpoint; none where it cannot be had.
async fn listed(reader: &Reader, endpoint: &str) -> Option<Vec<Value>> {
    let read = reader.ask(Request::get(endpoint)).await.ok().filter(|read| read.status == 200)?;
    let listed = read.resources();
    let whole = read.total().is_none_or(|total| total <= listed.len() as u64);
    (whole && !listed.is_empty()).then(|| listed.to_vec())
}

fn gather(attributes: Option<&Value>, prefix: &str, open: bool, found: &mut BTreeMap<String, bool>) {
    for attribute in attributes.and_then(Value::as_array).into_iter().flatten() {
        let text = |name| attribute.get(name).and_then(Value::as_str).unwrap_or_default();
        let path = format!("{prefix}{}", text("name").to_lowercase());
        let written = !["readOnly", "writeOnly"].contains(&text("mutability"));
        let shown = !["never", "request"].contains(&text("returned"));
        let open = open && written && shown;
        gather(attribute.get("subAttributes"), &format!("{path}."), open, found);
        found.insert(path, open);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn offer() -> Offer {
        let schemas = [json!({ "id": urn::USER, "attributes": [
            { "name": "userName" },
            { "name": "name", "subAttributes": [{ "name": "givenName" }, { "name": "formatted", "returned": "request" }] },
            { "name": "emails" },
            { "name": "groups", "mutability": "readOnly", "subAttributes": [{ "name": "value" }] },
        ] })];
        Offer::of(Some(&[json!({ "endpoint": "/Users" })]), Some(&schemas))
    }

    #[test]
    fn what_is_listed_and_open_is_offered() {
        let offer = offer();
        for path in ["USERNAME", "name.givenName", "emails.value", "externalId"] {
            assert!(offer.offers(urn::USER, path), "{path}");
        }
        for path in ["title", "name.familyName", "name.formatted", "groups", "groups.value"] {
            assert!(!offer.offers(urn::USER, path), "{path}");
        }
        assert!(!offer.offers(urn::ENTERPRISE_USER, "department"));
        assert!(offer.offers(urn::GROUP, "displayName"));
        assert!(offer.serves("/Users") && !offer.serves("/Groups"));
        assert!(offer.lists(urn::USER, "userName") && !offer.lists(urn::USER, "externalId"));
    }

    #[test]
    fn who_knows_better_is_believed() {
        let offer = offer();
        let known = Known { groups: Some(true), enterprise: Some(true), ..Known::default() };
        let better = Offer { known, ..offer.clone() };
        assert!(better.serves("/Groups") && better.offers(urn::ENTERPRISE_USER, "department"));
        let known = Known { groups: Some(false), enterprise: Some(false), ..Known::default() };
        let worse = Offer { known, ..Offer::of(None, None) };
        assert!(!worse.serves("/Groups") && !worse.offers(urn::ENTERPRISE_USER, "department"));
        assert!(worse.serves("/Users") && worse.offers(urn::USER, "title"));
    }

    #[test]
    fn who_says_nothing_rules_nothing_out() {
        let offer = Offer::of(None, None);
        assert!(offer.offers(urn::ENTERPRISE_USER, "manager") && offer.serves("/Groups"));
        assert!(!offer.has_schemas());
    }
}
