//! Resources with every attribute that the table has: set, null, empty or absent.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use suites::oracle::{Access, Attribute, Kind, Type};

use super::pools::{fit, spelt};

/// A body that a server accepts as a new resource.
pub(crate) fn body(on: &'static Type) -> BoxedStrategy<Value> {
    let base: Vec<_> = on.attributes.iter().filter(|attribute| writable(attribute)).map(member).collect();
    let extensions: Vec<_> = on
        .extensions
        .iter()
        .map(|(urn, attributes)| {
            let members: Vec<_> = attributes.iter().map(member).collect();
            (Just(*urn), proptest::option::weighted(0.6, members))
        })
        .collect();
    (base, extensions)
        .prop_map(move |(base, extensions)| {
            let mut body = object(base);
            body.insert("schemas".to_owned(), json!([on.urn]));
            for (urn, members) in extensions {
                let Some(members) = members else { continue };
                body.insert(urn.to_owned(), Value::Object(object(members)));
                body["schemas"].as_array_mut().unwrap().push(urn.into());
            }
            Value::Object(body)
        })
        .boxed()
}

fn object(members: Vec<Option<(String, Value)>>) -> Map<String, Value> {
    members.into_iter().flatten().collect()
}

fn writable(attribute: &Attribute) -> bool {
    !matches!(attribute.access, Access::ReadOnly | Access::WriteOnly) && attribute.name != "schemas"
}

fn member(attribute: &'static Attribute) -> BoxedStrategy<Option<(String, Value)>> {
    let name = spelt(attribute.name.to_owned());
    let set = (name, fit(attribute)).prop_map(Some);
    if attribute.required {
        return set.boxed();
    }
    let empty = if attribute.many { json!([]) } else { Value::Null };
    prop_oneof![
        5 => Just(None),
        if attribute.kind == Kind::Complex { 8 } else { 4 } => set,
        1 => Just(Some((attribute.name.to_owned(), Value::Null))),
        1 => Just(Some((attribute.name.to_owned(), empty))),
    ]
    .boxed()
}
