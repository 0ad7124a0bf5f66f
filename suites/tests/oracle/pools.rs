//! Values for attributes. The pools are small, so that filters often find what resources hold.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use suites::oracle::{Access, Attribute, Kind};

/// Text of every kind: letter case, beyond ASCII, empty, quotes, what sorts between upper and lower case.
const TEXTS: &[&str] = &[
    "a",
    "Ab",
    "aB",
    "AB",
    "abc",
    "bc",
    "A_",
    "work",
    "Work",
    "x y",
    "",
    "Straße",
    "STRASSE",
    "Ünal",
    "ünal",
    "日本",
    "😀",
    "q\"uo\\te",
    "(or)",
    "true",
    "5",
    "z]",
];
const TYPES: &[&str] = &["work", "home", "other", "Work"];
const ADDRESSES: &[&str] = &["a", "b@x", "B@x", "Ünal", "c d"];
const URIS: &[&str] = &["https://x.example/a", "https://x.example/A", "urn:x:a"];
const BYTES: &[&str] = &["AAEC", "aaec", "AQ==", "AAECAw=="];
pub(crate) const INSTANTS: &[&str] = &[
    "2026-03-01T12:00:00Z",
    "2026-03-01T12:00:00.000Z",
    "2026-03-01T13:00:00+01:00",
    "2026-02-28T23:59:59.999-12:30",
    "2026-03-01T12:00:00.5Z",
    "2024-02-29T00:00:00Z",
];
/// Whole numbers, two of them beyond what a float keeps apart.
const INTEGERS: &[i64] = &[-7, 0, 1, 5, 12, 9_007_199_254_740_992, 9_007_199_254_740_993];
/// Numbers as JSON writes them; some are equal.
const DECIMALS: &[&str] = &["-1.5", "0", "0.1", "1", "1.0", "1e0", "1.5e3", "1500"];
pub(crate) const IDS: &[&str] = &["r0", "r1", "r2", "m1", "m2", "M1"];

/// Text for an attribute of this name.
pub(crate) fn text(attribute: &Attribute) -> BoxedStrategy<String> {
    let from = |pool: &'static [&'static str]| select(pool).prop_map(str::to_owned);
    match (attribute.kind, attribute.name) {
        (Kind::Reference, _) => from(URIS).boxed(),
        (Kind::Binary, _) => from(BYTES).boxed(),
        (Kind::DateTime, _) => from(INSTANTS).boxed(),
        (_, "type") => from(TYPES).boxed(),
        (_, "value") => from(ADDRESSES).boxed(),
        (_, "id") => from(IDS).boxed(),
        _ => prop_oneof![8 => from(TEXTS), 1 => "[ -~é-ö]{0,4}"].boxed(),
    }
}

/// One fit value; for a multi-valued attribute one element.
pub(crate) fn one(attribute: &'static Attribute) -> BoxedStrategy<Value> {
    match attribute.kind {
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => select(INTEGERS).prop_map(Value::from).boxed(),
        Kind::Decimal => select(DECIMALS).prop_map(|text| serde_json::from_str(text).unwrap()).boxed(),
        Kind::Text | Kind::DateTime | Kind::Binary | Kind::Reference if attribute.required => {
            "[a-cA-C]{1,3}".prop_map(Value::from).boxed()
        }
        Kind::Text | Kind::DateTime | Kind::Binary | Kind::Reference => {
            text(attribute).prop_map(Value::from).boxed()
        }
        Kind::Complex => {
            let subs: Vec<_> = attribute
                .subs
                .iter()
                .filter(|sub| sub.access != Access::ReadOnly && sub.name != "$ref")
                .map(|sub| {
                    let often = if matches!(sub.name, "value" | "type") { 0.8 } else { 0.35 };
                    proptest::option::weighted(
                        often,
                        one(sub).prop_map(move |value| (sub.name.to_owned(), value)),
                    )
                })
                .collect();
            let Some(first) = attribute.subs.first() else { return Just(json!({})).boxed() };
            (subs, one(first))
                .prop_map(move |(members, fallback)| {
                    let mut object: Map<String, Value> = members.into_iter().flatten().collect();
                    // What is required, and one thing at least.
                    if object.is_empty() || first.access == Access::Immutable {
                        object.insert(first.name.to_owned(), fallback);
                    }
                    Value::Object(object)
                })
                .boxed()
        }
    }
}

/// Any number.
pub(crate) fn number() -> BoxedStrategy<Value> {
    let whole = select(INTEGERS).prop_map(Value::from);
    let decimal = select(DECIMALS).prop_map(|text| serde_json::from_str(text).unwrap());
    prop_oneof![1 => whole, 1 => decimal].boxed()
}

/// A fit value: an array for a multi-valued attribute, with one primary element at most.
pub(crate) fn fit(attribute: &'static Attribute) -> BoxedStrategy<Value> {
    if !attribute.many {
        return one(attribute);
    }
    prop::collection::vec(one(attribute), 1..4)
        .prop_map(|mut items| {
            let mut seen = false;
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                if item.get("primary") == Some(&json!(true)) && std::mem::replace(&mut seen, true) {
                    item.remove("primary");
                }
            }
            Value::Array(items)
        })
        .boxed()
}

/// A value that some attribute has, seldom this one.
pub(crate) fn unfit() -> BoxedStrategy<Value> {
    select(vec![
        json!(5),
        json!("x"),
        json!(true),
        json!({}),
        json!([]),
        json!({ "nosuch": "x" }),
        json!("True"),
        json!("no uri at all"),
        json!("http://[bad"),
        json!([["x"]]),
    ])
    .boxed()
}

/// The same value with the names in it in one of their spellings.
pub(crate) fn respelt(value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let spelling = prop_oneof![8 => Just(None), 1 => Just(Some(true)), 1 => Just(Some(false))];
    (value, spelling)
        .prop_map(|(value, upper)| match upper {
            Some(upper) => in_case(value, upper),
            None => value,
        })
        .boxed()
}

/// Of names that are one in any letter case the last counts.
fn in_case(value: Value, upper: bool) -> Value {
    let name = |name: String| if upper { name.to_uppercase() } else { name.to_lowercase() };
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (name(key), in_case(value, upper))).collect()
        }
        Value::Array(items) => items.into_iter().map(|item| in_case(item, upper)).collect(),
        simple => simple,
    }
}

/// A name in one of its spellings.
pub(crate) fn spelt(name: String) -> BoxedStrategy<String> {
    prop_oneof![4 => Just(name.clone()), 1 => Just(name.to_uppercase()), 1 => Just(name.to_lowercase())]
        .boxed()
}
