//! Filters that go wrong on one type of attribute, or on one way to write it.

use protocol::{AttrPath, Filter, Literal, Operator, urn};

use crate::faults::Fault;
use crate::faults::edit::unless;
use crate::faults::misread::{filter, never, of_boolean, of_time, operate, parsed, paths, reread};

/// A fault that reads each part of a filter as another one.
macro_rules! misreads {
    ($name:literal, $title:literal, [$($breaks:literal),+], $as:expr) => {
        Fault::request($name, $title, &[$($breaks),+], |ask| reread(ask, &$as))
    };
}

pub(super) const FAULTS: &[Fault] = &[
    misreads!(
        "ne-on-booleans-means-eq",
        "ne on a Boolean finds what eq finds",
        ["RFC7644-3.4.2.2-R12"],
        |node| operate(node, Operator::Ne, Operator::Eq, of_boolean)
    ),
    misreads!(
        "pr-overlooks-what-is-false",
        "pr takes a Boolean that is false for one without a value",
        ["RFC7644-3.4.2.2-R16"],
        |node| match node {
            Filter::Present(path) if path.name == "active" => {
                Filter::Compare { path, operator: Operator::Eq, value: Literal::Boolean(true) }
            }
            node => node,
        }
    ),
    misreads!(
        "ge-runs-backwards-in-time",
        "ge on a date-time finds what is earlier",
        ["RFC7644-3.4.2.2-R18"],
        |node| operate(node, Operator::Ge, Operator::Le, of_time)
    ),
    misreads!(
        "le-runs-backwards-in-time",
        "le on a date-time finds what is later",
        ["RFC7644-3.4.2.2-R18"],
        |node| operate(node, Operator::Le, Operator::Ge, of_time)
    ),
    misreads!(
        "date-times-differ-from-nothing",
        "ne on a date-time finds nobody",
        ["RFC7644-3.4.2.2-R12"],
        |node| lost(node, Operator::Ne, |path| path.name == "meta")
    ),
    misreads!("pr-overlooks-date-times", "pr finds nobody by a date-time", ["RFC7644-3.4.2.2-R16"], |node| {
        absent(node, |path| path.name == "meta")
    }),
    misreads!(
        "references-equal-nothing",
        "nobody is found by the whole of a reference",
        ["RFC7644-3.4.2.2-R11"],
        |node| lost(node, Operator::Eq, is_reference)
    ),
    misreads!(
        "references-differ-from-nothing",
        "ne on a reference finds nobody",
        ["RFC7644-3.4.2.2-R12"],
        |node| lost(node, Operator::Ne, is_reference)
    ),
    misreads!(
        "references-are-compared-whole",
        "co and sw on a reference find what equals it",
        ["RFC7644-3.4.2.2-R13", "RFC7644-3.4.2.2-R14"],
        |node| {
            let whole = |path: &AttrPath, _: &Literal| is_reference(path);
            operate(operate(node, Operator::Co, Operator::Eq, whole), Operator::Sw, Operator::Eq, whole)
        }
    ),
    misreads!("pr-overlooks-references", "pr finds nobody by a reference", ["RFC7644-3.4.2.2-R16"], |node| {
        absent(node, is_reference)
    }),
    misreads!(
        "extension-attributes-are-not-found",
        "nobody is found by an attribute of an extension",
        ["RFC7644-3.4.2.2-R42"],
        |node| lost(node, Operator::Eq, is_extended)
    ),
    misreads!(
        "pr-overlooks-extensions",
        "pr finds nobody by an attribute of an extension",
        ["RFC7644-3.4.2.2-R16"],
        |node| absent(node, is_extended)
    ),
    Fault::around(
        "urns-respect-case",
        "the URI before an attribute is known in the letter case of its schema alone",
        &["RFC7644-3.10-R5"],
        |ask, next| {
            let strange = |path: &&AttrPath| {
                let uri = path.urn.as_deref().unwrap_or(urn::USER);
                uri != urn::USER && uri.eq_ignore_ascii_case(urn::USER)
            };
            let refused = filter(&ask)
                .and_then(|text| parsed(&text))
                .is_some_and(|filter| paths(&filter).iter().any(strange));
            unless(refused, "invalidFilter", ask, &next)
        },
    ),
    Fault::around(
        "not-needs-a-space",
        "not is no operator unless a space follows it",
        &["RFC7644-3.4.2.2-R26"],
        |ask, next| {
            let refused = filter(&ask).is_some_and(|filter| filter.contains("not("));
            unless(refused, "invalidFilter", ask, &next)
        },
    ),
];

fn is_reference(path: &AttrPath) -> bool {
    path.name == "profileUrl"
}

fn is_extended(path: &AttrPath) -> bool {
    path.urn.as_deref() == Some(urn::ENTERPRISE_USER)
}

/// Lets comparisons by an operator find nobody.
fn lost(node: Filter, by: Operator, which: fn(&AttrPath) -> bool) -> Filter {
    match node {
        Filter::Compare { path, operator, .. } if operator == by && which(&path) => never(path),
        node => node,
    }
}

/// Lets `pr` find nobody.
fn absent(node: Filter, which: fn(&AttrPath) -> bool) -> Filter {
    match node {
        Filter::Present(path) if which(&path) => never(path),
        node => node,
    }
}
