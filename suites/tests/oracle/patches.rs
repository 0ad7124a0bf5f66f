//! PATCH requests: every operation on every form of path, valid and invalid.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use suites::oracle::{Address, Attribute, Kind, Operation, Path, Readings, Request, Target, Type, patched};

use super::accused::Code;
use super::filters::{bracketed, choosing, path, single_complex};
use super::pools::{fit, one, respelt, spelt, unfit};
use super::resources::body;

/// One to six operations.
fn request(on: &'static Type) -> BoxedStrategy<Request> {
    let operations = prop::collection::vec(operation(on), 1..=6);
    prop_oneof![
        60 => operations.clone().prop_map(Request::new),
        1 => Just(Request::new(Vec::new())),
        1 => operations.prop_map(|operations| Request { declared: false, operations }),
    ]
    .boxed()
}

/// A resource and a request for it. In most of the requests every operation can be applied, as far as the first
/// readings go beyond those that are held to; in the others some cannot.
pub(crate) fn case(code: &'static Code, on: &'static Type) -> BoxedStrategy<(Value, Request)> {
    (body(on), request(on), proptest::bool::weighted(0.75))
        .prop_map(move |(body, mut request, applicable)| {
            if applicable && request.declared {
                let mut kept = Request::new(Vec::new());
                for operation in &request.operations {
                    kept.operations.push(operation.clone());
                    if patched(on, &body, &kept, &mut Readings::held_to(&code.held)).is_err() {
                        kept.operations.pop();
                    }
                }
                if !kept.operations.is_empty() {
                    request = kept;
                }
            }
            (body, request)
        })
        .boxed()
}

fn operation(on: &'static Type) -> BoxedStrategy<Operation> {
    let targeted = prop_oneof![4 => plain(path(on)), 2 => plain(single_complex(on)), 3 => filtered(on)];
    let with_path = (op(), targeted, 0..100u8).prop_map(|(op, (address, value), odd)| {
        // A remove has no value, save now and then; the other operations always have one, save now and then.
        let keep = if op.eq_ignore_ascii_case("remove") { odd < 5 } else { odd < 97 };
        Operation { op, address, value: keep.then_some(value) }
    });
    let pathless = (op(), pathless(on)).prop_map(|(op, value)| Operation {
        op,
        address: Address::Resource,
        value: Some(value),
    });
    let broken = (
        op(),
        select(vec![
            "emails[",
            "emails[type eq]",
            "a b",
            ".",
            r#"emails[type eq "work"]x"#,
            "emails[]",
            "name..x",
        ]),
    )
        .prop_map(|(op, text)| Operation {
            op,
            address: Address::Broken(text.to_owned()),
            value: Some(json!("x")),
        });
    // What a complex value does not name stays: that is easily missed, and seldom met by chance.
    let parts = plain(single_complex(on)).prop_map(|(address, value)| Operation {
        op: "replace".to_owned(),
        address,
        value: Some(value),
    });
    prop_oneof![40 => with_path, 8 => pathless, 12 => parts, 1 => broken].boxed()
}

fn op() -> BoxedStrategy<String> {
    let usual = || select(vec!["add", "replace", "remove"]);
    prop_oneof![30 => usual(), 2 => select(vec!["Add", "Replace", "REMOVE"]), 1 => Just("move")]
        .prop_map(str::to_owned)
        .boxed()
}

fn at(target: Target) -> Address {
    Address::At(Box::new(target))
}

/// Forms a, b, c, f, g, i and j: an attribute or sub-attribute, with or without URN.
fn plain(path: BoxedStrategy<(Path, &'static Attribute)>) -> BoxedStrategy<(Address, Value)> {
    path.prop_filter("schemas follow from the data", |(path, _)| !path.name.eq_ignore_ascii_case("schemas"))
        .prop_flat_map(|(path, leaf)| (Just(at(Target::plain(path))), respelt(value(leaf))))
        .boxed()
}

/// Forms d and e: elements by a filter, and a sub-attribute of theirs.
fn filtered(on: &'static Type) -> BoxedStrategy<(Address, Value)> {
    bracketed(on)
        .prop_flat_map(|(path, attribute)| {
            let sub = proptest::option::weighted(0.7, select(attribute.subs.iter().collect::<Vec<_>>()));
            (Just(path), choosing(attribute), sub).prop_flat_map(move |(path, filter, sub)| {
                let usual = match sub {
                    Some(sub) if sub.kind == Kind::Boolean => value(sub),
                    _ => one(sub.unwrap_or(attribute)),
                };
                let value = prop_oneof![30 => usual, 1 => Just(Value::Null), 1 => unfit()];
                let sub =
                    sub.map_or(Just(None).boxed(), |sub| spelt(sub.name.to_owned()).prop_map(Some).boxed());
                let target = (Just(path), Just(filter), sub);
                let target =
                    target.prop_map(|(path, filter, sub)| at(Target { path, filter: Some(filter), sub }));
                (target, respelt(value.boxed()))
            })
        })
        .boxed()
}

fn value(attribute: &'static Attribute) -> BoxedStrategy<Value> {
    if attribute.kind == Kind::Complex && !attribute.many {
        let listed = one(attribute).prop_map(|value| json!([value]));
        let text = select(vec![json!(""), json!("m1")]);
        return prop_oneof![
            30 => fit(attribute), 2 => listed, 2 => text, 2 => Just(Value::Null), 1 => unfit()
        ]
        .boxed();
    }
    if attribute.kind == Kind::Boolean {
        return prop_oneof![8 => one(attribute), 2 => select(vec![json!("True"), json!("false")]), 1 => unfit()]
            .boxed();
    }
    prop_oneof![30 => fit(attribute), 2 => one(attribute), 2 => Just(Value::Null), 1 => unfit()].boxed()
}

/// Form h: the value names the attributes.
fn pathless(on: &'static Type) -> BoxedStrategy<Value> {
    let base: Vec<&'static Attribute> = on
        .attributes
        .iter()
        .filter(|attribute| attribute.name != "schemas" && attribute.name != "meta")
        .collect();
    let members = prop::collection::vec(
        select(base).prop_flat_map(|attribute| (Just(attribute.name.to_owned()), value(attribute))),
        0..3,
    );
    let extension = match on.extensions.first() {
        Some((urn, attributes)) => {
            let one = select(attributes.iter().collect::<Vec<_>>())
                .prop_flat_map(|attribute| (Just(attribute.name.to_owned()), value(attribute)));
            proptest::option::weighted(
                0.3,
                prop::collection::vec(one, 1..3)
                    .prop_map(move |inner| (urn.to_string(), Value::Object(inner.into_iter().collect()))),
            )
            .boxed()
        }
        None => Just(None).boxed(),
    };
    let odd = proptest::option::weighted(
        0.15,
        select(vec![
            ("id", json!("r0")),
            ("id", json!("other")),
            ("nosuch", json!("x")),
            ("name.givenName", json!("Ab")),
            ("urn:ietf:params:scim:schemas:core:2.0:User:title", json!("Ab")),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", json!("Ab")),
        ]),
    );
    let value = (members, extension, odd)
        .prop_map(|(members, extension, odd)| {
            let mut value: Map<String, Value> = members.into_iter().chain(extension).collect();
            value.extend(odd.map(|(name, given)| (name.to_owned(), given)));
            Value::Object(value)
        })
        .boxed();
    respelt(value)
}
