//! Points that the standard leaves open, read in a way that is none of the lawful ones.

use protocol::{AttrPath, Filter, Literal, Operator, endpoint};

use crate::faults::Fault;
use crate::faults::edit::{is, reading, without};
use crate::faults::misread::{
    any, filter, has_several, never, of_boolean, of_time, operate, parsed, reread, reword,
};

/// A fault that reads each part of a filter as another one.
macro_rules! misreads {
    ($name:literal, $title:literal, $breaks:literal, $as:expr) => {
        Fault::request($name, $title, &[$breaks], |ask| reread(ask, &$as))
    };
}

/// A fault by which a comparison of one kind finds everybody.
macro_rules! strays {
    ($name:literal, $title:literal, $breaks:literal, $which:expr) => {
        misreads!($name, $title, $breaks, |node| {
            let which: fn(&AttrPath, Operator, &Literal) -> bool = $which;
            match node {
                Filter::Compare { path, operator, value } if which(&path, operator, &value) => everybody(),
                node => node,
            }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    strays!(
        "null-finds-everybody",
        "a comparison with null finds everybody",
        "RFC7644-3.4.2.2-R33",
        |_, _, value| matches!(value, Literal::Null)
    ),
    misreads!(
        "unset-booleans-equal-both",
        "a Boolean without a value is equal to true and to false",
        "RFC7644-3.4.2.2-R4",
        |node| match &node {
            Filter::Compare { path, value, .. } if of_boolean(path, value) => {
                let unset = Filter::Not(Box::new(Filter::Present(path.clone())));
                Filter::Or(vec![node, unset])
            }
            _ => node,
        }
    ),
    misreads!(
        "titles-are-always-present",
        "pr finds those without a title too",
        "RFC7644-3.4.2.2-R16",
        |node| match node {
            Filter::Present(path) if path.name.eq_ignore_ascii_case("title") => everybody(),
            node => node,
        }
    ),
    misreads!(
        "ne-on-lists-means-eq",
        "ne on a part of several values finds what eq finds",
        "RFC7644-3.4.2.2-R12",
        |node| operate(node, Operator::Ne, Operator::Eq, |path, _| has_several(path))
    ),
    misreads!(
        "lists-equal-nothing",
        "several values that are compared without a sub-attribute are equal to nothing",
        "RFC7644-3.4.2.2-R43",
        |node| match node {
            Filter::Compare { path, .. } if has_several(&path) && path.sub.is_none() => never(path),
            node => node,
        }
    ),
    Fault::request(
        "nothing-counts-behind-brackets",
        "what a filter says behind its brackets is ignored",
        &["RFC7644-3.4.2.2-R4"],
        |ask| reword(ask, |text| text.split_once("].").map(|(brackets, _)| format!("{brackets}]"))),
    ),
    Fault::around(
        "unknown-names-are-ignored",
        "a comparison that cannot be asked is answered as if nobody had asked it",
        &["RFC7644-3.4.2.2-R4"],
        |ask, next| {
            Box::pin(async move {
                let compared = filter(&ask).and_then(|text| parsed(&text));
                let plain = matches!(
                    compared,
                    Some(Filter::Compare { operator: Operator::Eq, value: Literal::Text(_), .. })
                );
                let mut open = ask.clone();
                without(&mut open, "filter");
                let reply = next.call(ask).await;
                if plain && is(&reply, 400) { next.call(open).await } else { reply }
            })
        },
    ),
    strays!(
        "numbers-equal-everything",
        "text that is compared with a number is equal to it",
        "RFC7644-3.4.2.2-R4",
        |_, operator, value| operator == Operator::Eq && matches!(value, Literal::Number(_))
    ),
    strays!(
        "times-equal-other-times",
        "eq finds every time, whichever it is asked for",
        "RFC7644-3.4.2.2-R11",
        |path, operator, value| operator == Operator::Eq && of_time(path, value)
    ),
    strays!(
        "references-come-behind-everything",
        "gt on a reference finds everybody",
        "RFC7644-3.4.2.2-R4",
        |path, operator, value| operator == Operator::Gt
            && any(path, value)
            && path.name.eq_ignore_ascii_case("profileUrl")
    ),
    strays!(
        "every-password-is-right",
        "a filter on the password finds everybody",
        "RFC7644-3.4.2.2-R4",
        |path, _, _| path.name.eq_ignore_ascii_case("password")
    ),
    Fault::request(
        "dollars-find-every-group",
        "a filter that names $ref finds every group",
        &["RFC7644-3.4.2.2-R4"],
        |ask| {
            if filter(ask).is_some_and(|filter| filter.contains("$ref")) {
                without(ask, "filter");
            }
        },
    )
    .of_groups(),
    Fault::request(
        "filters-on-one-user-list-them-all",
        "a filter in a request for one user is answered with the list of all",
        &["RFC7644-3.4.2-R3"],
        |ask| {
            if reading(ask) && ask.parameter("filter").is_some() {
                ask.path = endpoint::USERS.to_owned();
                without(ask, "filter");
            }
        },
    ),
];

/// What is true of every user.
fn everybody() -> Filter {
    Filter::Present(AttrPath::new("userName"))
}
