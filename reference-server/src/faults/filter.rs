//! Filters that are understood as something else.

use protocol::{AttrPath, Filter, Literal, Operator, urn};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::faults::edit::{error, json, listing, ok, set, shown, unless};
use crate::faults::misread::{
    BY_AND, BY_BOOLEAN, BY_EACH_VALUE, BY_NE, BY_PR, BY_PREFIX, BY_URN, BY_USER_NAME, IN_TIME, MALFORMED,
    OF_NOBODY, any, filter, has_several, last_of_group, lose, never, of_boolean, of_text, of_time, operate,
    parsed, paths, pieces, reread, reword, unbracketed, without_groups,
};

/// A fault that reads each part of a filter as another one.
macro_rules! misreads {
    ($name:literal, $title:literal, [$($breaks:literal),+], $as:expr) => {
        Fault::request($name, $title, &[$($breaks),+], |ask| reread(ask, &$as))
    };
}

/// A fault that reads the text of a filter as another one.
macro_rules! rewords {
    ($name:literal, $title:literal, [$($breaks:literal),+], $as:expr) => {
        Fault::request($name, $title, &[$($breaks),+], |ask| reword(ask, $as))
    };
}

/// A fault that refuses a filter that it has to answer.
macro_rules! refuses {
    ($name:literal, $title:literal, [$($breaks:literal),+], $which:expr) => {
        Fault::around($name, $title, &[$($breaks),+], |ask, next| {
            let which: fn(&str) -> bool = $which;
            let refused = filter(&ask).is_some_and(|filter| which(&filter));
            unless(refused, "invalidFilter", ask, &next)
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    misreads!(
        "bug-f03-username-is-not-found",
        "a user is not found by a userName that exists",
        ["RFC7644-3.4.2.2-R11"],
        |node| lose(node, "userName")
    )
    .collateral(BY_USER_NAME),
    Fault::reply(
        "bug-l10-no-match-is-404",
        "a filter that nobody matches answers 404",
        &["RFC7644-3.4.2-R11", "E-01", "B-05"],
        |ask, reply| {
            let nobody = shown(reply).get("totalResults").and_then(Value::as_u64) == Some(0);
            if filter(ask).is_some() && ok(reply) && nobody {
                *reply = error(404);
            }
        },
    )
    .collateral(OF_NOBODY),
    misreads!("ne-means-eq", "ne finds what eq finds", ["RFC7644-3.4.2.2-R12"], |node| {
        operate(node, Operator::Ne, Operator::Eq, any)
    })
    .collateral(BY_NE),
    misreads!("co-means-eq", "co finds only what equals the text", ["RFC7644-3.4.2.2-R13"], |node| {
        operate(node, Operator::Co, Operator::Eq, any)
    }),
    misreads!("sw-means-eq", "sw finds only what equals the text", ["RFC7644-3.4.2.2-R14"], |node| {
        operate(node, Operator::Sw, Operator::Eq, any)
    })
    .collateral(BY_PREFIX),
    misreads!("eq-means-sw", "eq finds what begins with the text", ["RFC7644-3.4.2.2-R11"], |node| {
        operate(node, Operator::Eq, Operator::Sw, of_text)
    }),
    misreads!("eq-means-ew", "eq finds what ends in the text", ["RFC7644-3.4.2.2-R11"], |node| {
        operate(node, Operator::Eq, Operator::Ew, of_text)
    }),
    misreads!("sw-means-co", "sw finds what contains the text", ["RFC7644-3.4.2.2-R14"], |node| {
        operate(node, Operator::Sw, Operator::Co, any)
    }),
    misreads!("ew-means-co", "ew finds what contains the text", ["RFC7644-3.4.2.2-R15"], |node| {
        operate(node, Operator::Ew, Operator::Co, any)
    }),
    misreads!(
        "percent-is-a-wildcard",
        "in the text of co a percent sign stands for any text",
        ["RFC7644-3.4.2.2-R13"],
        |node| pieces(node, '%')
    ),
    misreads!(
        "underscore-is-a-wildcard",
        "in the text of co an underscore stands for any character",
        ["RFC7644-3.4.2.2-R13"],
        |node| pieces(node, '_')
    ),
    misreads!(
        "sw-leaves-out-the-whole",
        "sw does not find what equals the text",
        ["RFC7644-3.4.2.2-R14"],
        |node| {
            let whole = operate(node.clone(), Operator::Sw, Operator::Eq, any);
            if whole == node { node } else { Filter::And(vec![node, Filter::Not(Box::new(whole))]) }
        }
    ),
    misreads!("ew-means-sw", "ew looks at the beginning", ["RFC7644-3.4.2.2-R15"], |node| {
        operate(node, Operator::Ew, Operator::Sw, any)
    }),
    misreads!(
        "pr-finds-what-is-unset",
        "pr finds those that have no value",
        ["RFC7644-3.4.2.2-R16"],
        |node| { if matches!(node, Filter::Present(_)) { Filter::Not(Box::new(node)) } else { node } }
    )
    .collateral(BY_PR),
    misreads!("pr-overlooks-lists", "pr does not find values in a list", ["RFC7644-3.4.2.2-R16"], |node| {
        match node {
            Filter::Present(path) if has_several(&path) && path.sub.is_none() => never(path),
            node => node,
        }
    }),
    misreads!("gt-means-ge", "gt finds the value itself too", ["RFC7644-3.4.2.2-R17"], |node| {
        operate(node, Operator::Gt, Operator::Ge, of_text)
    }),
    misreads!("ge-means-gt", "ge leaves the value itself out", ["RFC7644-3.4.2.2-R17"], |node| {
        operate(node, Operator::Ge, Operator::Gt, of_text)
    }),
    misreads!("lt-means-le", "lt finds the value itself too", ["RFC7644-3.4.2.2-R17"], |node| {
        operate(node, Operator::Lt, Operator::Le, of_text)
    }),
    misreads!("le-means-lt", "le leaves the value itself out", ["RFC7644-3.4.2.2-R17"], |node| {
        operate(node, Operator::Le, Operator::Lt, of_text)
    }),
    misreads!(
        "bug-f08-booleans-are-not-compared",
        "a Boolean equals nothing",
        ["RFC7644-3.4.2.2-R11"],
        |node| match node {
            Filter::Compare { path, operator: Operator::Eq, value: Literal::Boolean(_) } => never(path),
            node => node,
        }
    )
    .collateral(BY_BOOLEAN),
    misreads!("id-is-not-found", "a user is not found by its id", ["RFC7644-3.4.2.2-R11"], |node| lose(
        node, "id"
    )),
    misreads!(
        "bug-f01-external-id-is-not-found",
        "a user is not found by its externalId",
        ["RFC7644-3.4.2.2-R11"],
        |node| match node {
            Filter::Compare { path, operator: Operator::Eq, .. } if path.name == "externalId" => never(path),
            node => node,
        }
    )
    .collateral(&[
        ("groups.found-by-external-id", "groups are looked up in the same way"),
        ("groups.no-match-is-an-empty-list", "groups are looked up in the same way"),
    ]),
    Fault::rules(
        "bug-k03-username-respects-case",
        "userName is compared letter by letter",
        &["RFC7644-3.4.2.2-R40"],
        |rules| {
            rules.attribute_mut(urn::USER, "userName").into_iter().for_each(|name| name.case_exact = true);
        },
    ),
    Fault::rules(
        "external-id-ignores-case",
        "externalId is compared without regard to letter case",
        &["RFC7643-3.1-R17", "B-18"],
        |rules| {
            rules.attribute_mut("", "externalId").into_iter().for_each(|id| id.case_exact = false);
        },
    ),
    misreads!(
        "sub-attributes-are-confused",
        "a sub-attribute of name is looked for in displayName",
        ["RFC7644-3.4.2.2-R36"],
        |node| match node {
            Filter::Compare { path, operator, value } if path.name == "name" => {
                Filter::Compare { path: AttrPath::new("displayName"), operator, value }
            }
            node => node,
        }
    ),
    misreads!(
        "only-the-primary-value-matches",
        "of several values only the primary one is compared",
        ["RFC7644-3.4.2.2-R35"],
        |node| match node {
            Filter::Compare { path: AttrPath { urn, name, sub: Some(sub) }, operator, value }
                if has_several(&AttrPath::new(name.clone())) =>
            {
                let primary = AttrPath::new("primary");
                let is =
                    Filter::Compare { path: primary, operator: Operator::Eq, value: Literal::Boolean(true) };
                let and = Filter::Compare { path: AttrPath::new(sub), operator, value };
                let path = AttrPath { urn, name, sub: None };
                Filter::ValuePath { path, filter: Box::new(Filter::And(vec![is, and])) }
            }
            node => node,
        }
    )
    .collateral(BY_EACH_VALUE),
    misreads!(
        "dates-run-backwards",
        "gt on a date-time finds what is earlier",
        ["RFC7644-3.4.2.2-R18"],
        |node| { operate(node, Operator::Gt, Operator::Lt, of_time) }
    ),
    misreads!(
        "dates-are-not-compared",
        "lt on a date-time finds everything",
        ["RFC7644-3.4.2.2-R18"],
        |node| match node {
            Filter::Compare { path, operator: Operator::Lt, value } if of_time(&path, &value) =>
                Filter::Present(path),
            node => node,
        }
    ),
    misreads!(
        "date-offsets-are-ignored",
        "date-times are compared by the clocks that they show",
        ["RFC7644-3.4.2.2-R18"],
        |node| match node {
            Filter::Compare { path, operator, value: Literal::Text(text) } if path.name == "meta" => {
                let shown = text.get(..19).map_or_else(|| text.clone(), |clock| format!("{clock}Z"));
                Filter::Compare { path, operator, value: Literal::Text(shown) }
            }
            node => node,
        }
    )
    .collateral(IN_TIME),
    rewords!(
        "bug-f06-escapes-are-dropped",
        "an escaped quote in a value is dropped",
        ["RFC7644-3.4.2.2-R33"],
        |filter| filter.contains("\\\"").then(|| filter.replace("\\\"", ""))
    ),
    misreads!(
        "and-means-or",
        "and finds what either side finds",
        ["RFC7644-3.4.2.2-R24"],
        |node| match node {
            Filter::And(terms) => Filter::Or(terms),
            node => node,
        }
    )
    .collateral(BY_AND),
    misreads!("or-means-and", "or finds what both sides find", ["RFC7644-3.4.2.2-R25"], |node| match node {
        Filter::Or(terms) => Filter::And(terms),
        node => node,
    })
    .collateral(&[("filter.parentheses-group", "its group is one of or")]),
    misreads!("not-is-overlooked", "not is overlooked", ["RFC7644-3.4.2.2-R26"], |node| match node {
        Filter::Not(inner) => *inner,
        node => node,
    })
    .collateral(&[("filter.not-needs-no-space", "it turns a group round")]),
    rewords!("or-binds-before-and", "or binds more tightly than and", ["RFC7644-3.4.2.2-R34"], |filter| {
        let (left, right) =
            filter.split_once(" and ").filter(|(left, _)| left.contains(" or ") && !left.contains('('))?;
        Some(format!("({left}) and {right}"))
    }),
    rewords!(
        "bug-f05-not-takes-everything",
        "not takes all that follows",
        ["RFC7644-3.4.2.2-R34"],
        |filter| {
            let (inner, rest) = filter.strip_prefix("not (")?.split_once(')')?;
            Some(format!("not ({inner}{rest})"))
        }
    ),
    rewords!(
        "bug-f04-parentheses-are-dropped",
        "parentheses are dropped",
        ["RFC7644-3.4.2.2-R34"],
        |filter| parsed(filter).map(|_| without_groups(filter))
    ),
    misreads!(
        "inner-groups-are-dropped",
        "of the conditions in a group only the last counts",
        ["RFC7644-3.4.2.2-R34"],
        |node| match node {
            Filter::And(terms) => Filter::And(terms.into_iter().map(last_of_group).collect()),
            node => node,
        }
    ),
    misreads!(
        "brackets-span-values",
        "conditions in brackets hold for any values",
        ["RFC7644-3.4.2.2-R29"],
        unbracketed
    ),
    refuses!(
        "bug-k02-names-respect-case",
        "an attribute in capitals is not known",
        ["RFC7644-3.4.2.2-R5"],
        |filter| parsed(filter).is_some_and(|filter| {
            paths(&filter)
                .iter()
                .any(|path| path.name.starts_with(|letter: char| letter.is_ascii_uppercase()))
        })
    ),
    refuses!(
        "operators-respect-case",
        "an operator in another letter case is not known",
        ["RFC7644-3.4.2.2-R6"],
        |filter| filter.split(' ').any(|word| {
            Operator::ALL
                .iter()
                .any(|known| word != known.as_str() && word.eq_ignore_ascii_case(known.as_str()))
        })
    ),
    refuses!(
        "last-modified-is-not-compared",
        "a filter on meta.lastModified is refused",
        ["RFC7644-3.4.2.2-R18"],
        |filter| filter.contains("meta.lastModified")
    ),
    refuses!(
        "urn-prefix-is-refused",
        "an attribute with the URN of its schema is not known",
        ["RFC7644-3.4.2.2-R42"],
        |filter| parsed(filter).is_some_and(|filter| paths(&filter).iter().any(|path| path.urn.is_some()))
    )
    .collateral(BY_URN),
    misreads!("schemas-are-not-compared", "nobody is found by a schema", ["RFC7644-3.4.2.2-R35"], |node| {
        lose(node, "schemas")
    }),
    rewords!(
        "lone-name-means-pr",
        "a filter without operator is read as pr",
        ["RFC7644-3.4.2.2-R8"],
        |filter| (!filter.contains(' ')).then(|| format!("{filter} pr"))
    ),
    rewords!(
        "missing-value-means-empty",
        "a comparison without value is read as one with empty text",
        ["RFC7644-3.4.2.2-R8"],
        |filter| {
            let last = filter.rsplit(' ').next()?;
            Operator::ALL.iter().any(|known| known.as_str() == last).then(|| format!("{filter} \"\""))
        }
    ),
    rewords!(
        "open-group-is-closed",
        "a group that is never closed is closed",
        ["RFC7644-3.4.2.2-R32"],
        |filter| {
            let open = filter.matches('(').count().checked_sub(filter.matches(')').count())?;
            Some(format!("{filter}{}", ")".repeat(open)))
        }
    ),
    rewords!(
        "single-quotes-are-quotes",
        "single quotes are read as quotes",
        ["RFC7644-3.4.2.2-R32"],
        |filter| filter.contains('\'').then(|| filter.replace('\'', "\""))
    ),
    rewords!(
        "unknown-operator-means-co",
        "an operator that does not exist is read as co",
        ["RFC7644-3.4.2.2-R39"],
        |filter| {
            let (name, rest) = filter.split_once(' ')?;
            let (_, value) = rest.split_once(' ')?;
            parsed(filter).is_none().then(|| format!("{name} co {value}"))
        }
    ),
    misreads!("gt-compares-booleans", "gt on a Boolean is answered", ["RFC7644-3.4.2.2-R20"], |node| {
        operate(node, Operator::Gt, Operator::Ne, of_boolean)
    }),
    misreads!("ge-compares-booleans", "ge on a Boolean is answered", ["RFC7644-3.4.2.2-R21"], |node| {
        operate(node, Operator::Ge, Operator::Eq, of_boolean)
    }),
    misreads!("lt-compares-booleans", "lt on a Boolean is answered", ["RFC7644-3.4.2.2-R22"], |node| {
        operate(node, Operator::Lt, Operator::Ne, of_boolean)
    }),
    misreads!("le-compares-booleans", "le on a Boolean is answered", ["RFC7644-3.4.2.2-R23"], |node| {
        operate(node, Operator::Le, Operator::Eq, of_boolean)
    }),
    Fault::reply(
        "bad-filter-says-invalid-value",
        "a malformed filter is refused as an unfit value",
        &["RFC7644-3.12-R19"],
        |ask, reply| {
            json(reply, |error| {
                if listing(ask) && error.get("scimType") == Some(&json!("invalidFilter")) {
                    set(error, "/scimType", "invalidValue");
                }
            });
        },
    )
    .collateral(MALFORMED),
];
