//! RFC 7643 §3: what every resource says of itself, wherever it is shown.

use client::Seen;
use harness::expect::{pointer_that, text};
use harness::{Check, Expectation, History, sound};
use protocol::endpoint::SEARCH;
use serde_json::Value;

use crate::requirements::rfc7643;
use crate::wire::managed;

pub(crate) const CHECKS: &[Check] = &[
    Check::passive("wire.resources-name-their-schemas", &name_their_schemas)
        .title("every resource, alone or in a list, names its schemas in a non-empty array of URIs")
        .verifies(&[
            rfc7643::SCHEMAS_IS_MANDATORY_ARRAY,
            rfc7643::REPRESENTATION_NAMES_ITS_SCHEMAS,
            rfc7643::SCHEMAS_HAS_AT_LEAST_ONE,
        ]),
    Check::passive("wire.resources-name-their-type", &name_their_type)
        .title("every resource, alone or in a list, names its resource type")
        .verifies(&[rfc7643::EVERY_RESOURCE_HAS_RESOURCETYPE]),
    Check::passive("wire.one-value-is-primary", &one_value_is_primary)
        .title("of the values of an attribute at most one is primary")
        .verifies(&[rfc7643::AT_MOST_ONE_PRIMARY]),
];
const _: () = sound(CHECKS);

/// The resources of an answer that shows them whole: the client has not chosen what it wants to see.
fn whole<'a>(seen: &Seen<'a>) -> Vec<(String, &'a Value)> {
    const CHOICES: [&str; 2] = ["attributes", "excludedAttributes"];
    let in_address = CHOICES
        .iter()
        .any(|choice| seen.url.split(['?', '&']).skip(1).any(|pair| pair.split('=').next() == Some(*choice)));
    let in_body = || {
        // Every other body is a resource, or what is to become of one.
        let search = seen.request.path().ends_with(SEARCH).then(|| seen.request.json_body()).flatten();
        search.is_some_and(|search| CHOICES.iter().any(|choice| search.get(choice).is_some()))
    };
    if in_address || in_body() { Vec::new() } else { managed(seen) }
}

fn name_their_schemas(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let judged = whole(seen).into_iter().flat_map(|(pointer, _)| {
        let pointer = format!("{pointer}/schemas");
        let uris = pointer_that(&pointer, "an array of URIs", |uris| {
            let is_uri = |uri: &Value| uri.as_str().is_some_and(|uri| uri.contains(':'));
            uris.as_array().is_some_and(|uris| uris.iter().all(is_uri))
        });
        let some = pointer_that(&pointer, "at least one", |uris| {
            uris.as_array().is_some_and(|uris| !uris.is_empty())
        });
        let there = pointer_that(&pointer, "the schemas of the resource", |_| true);
        [
            uris,
            there.under(rfc7643::REPRESENTATION_NAMES_ITS_SCHEMAS),
            some.under(rfc7643::SCHEMAS_HAS_AT_LEAST_ONE),
        ]
    });
    judged.collect()
}

fn name_their_type(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    whole(seen).into_iter().map(|(pointer, _)| text(&format!("{pointer}/meta/resourceType"))).collect()
}

fn one_value_is_primary(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let judged = managed(seen).into_iter().map(|(pointer, _)| {
        pointer_that(&pointer, "at most one primary value in each attribute", |resource| {
            let primary = |item: &&Value| item.get("primary") == Some(&Value::Bool(true));
            let mut lists =
                resource.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_array());
            lists.all(|items| items.iter().filter(primary).count() <= 1)
        })
    });
    judged.collect()
}
