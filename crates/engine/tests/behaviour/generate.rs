//! Filters of any form, as trees.

use proptest::prelude::*;
use protocol::{AttrPath, Filter, Literal, Operator};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("and".to_owned()),
        Just("not".to_owned()),
        Just("$ref".to_owned()),
        "[a-zA-Z][a-zA-Z0-9_-]{0,6}"
    ]
}

fn path() -> impl Strategy<Value = AttrPath> {
    let urn = proptest::option::of("urn:[a-z]{1,4}:[0-9][.][0-9]:[A-Z]{1,4}");
    (urn, name(), proptest::option::of(name())).prop_map(|(urn, name, sub)| AttrPath { urn, name, sub })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<i64>().prop_map(|number| Literal::Number(number.into())),
        (-1e9..1e9).prop_filter_map("a float", |number: f64| {
            serde_json::Number::from_f64(number).map(Literal::Number)
        }),
        any::<String>().prop_map(Literal::Text),
    ]
}

fn term() -> impl Strategy<Value = Filter> {
    let operator = proptest::sample::select(Operator::ALL.as_slice());
    prop_oneof![
        path().prop_map(Filter::Present),
        (path(), operator, literal()).prop_map(|(path, operator, value)| Filter::Compare {
            path,
            operator,
            value
        }),
    ]
}

fn joined(inner: impl Strategy<Value = Filter> + Clone + 'static) -> impl Strategy<Value = Filter> {
    let several = proptest::collection::vec(inner.clone(), 2..4);
    prop_oneof![
        several.clone().prop_map(Filter::And),
        several.prop_map(Filter::Or),
        inner.prop_map(|filter| Filter::Not(Box::new(filter))),
    ]
}

/// A filter tree as the grammar allows it: brackets do not stand inside brackets.
pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    let within = term().prop_recursive(3, 8, 3, |inner| joined(inner).boxed());
    let bracketed =
        (path(), within).prop_map(|(path, filter)| Filter::ValuePath { path, filter: Box::new(filter) });
    prop_oneof![3 => term(), 1 => bracketed].prop_recursive(4, 24, 3, |inner| joined(inner).boxed())
}
