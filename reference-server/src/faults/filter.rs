//! Filters that are understood as something else.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::urn;
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{ask_for, error, json, listing, ok, refusal, set, shown};

/// A fault that reads a filter as another one.
macro_rules! misreads {
    ($name:literal, $title:literal, [$($breaks:literal),+], $as:expr) => {
        Fault::request($name, $title, &[$($breaks),+], |ask| misread(ask, $as))
    };
}

/// A fault that refuses a filter that it has to answer.
macro_rules! refuses {
    ($name:literal, $title:literal, [$($breaks:literal),+], $which:expr) => {
        Fault::around($name, $title, &[$($breaks),+], |ask, next| {
            let which: fn(&str) -> bool = $which;
            let refused = filter(&ask).is_some_and(|filter| which(&filter));
            if refused { Box::pin(std::future::ready(refusal("invalidFilter"))) } else { next.call(ask) }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    misreads!(
        "bug-f03-username-is-not-found",
        "a user is not found by a userName that exists",
        ["RFC7644-3.4.2.2-R11"],
        |filter| starts(filter, "userName eq \"").then(|| filter.replacen(
            "userName eq \"",
            "userName eq \"x-",
            1
        ))
    ),
    Fault::reply(
        "no-match-is-404",
        "a filter that nobody matches answers 404",
        &["RFC7644-3.4.2-R11"],
        |ask, reply| {
            let by_name = filter(ask).is_some_and(|filter| starts(&filter, "userName eq"));
            if by_name && ok(reply) && shown(reply).get("totalResults").and_then(Value::as_u64) == Some(0) {
                *reply = error(404);
            }
        },
    ),
    misreads!("ne-means-eq", "ne finds what eq finds", ["RFC7644-3.4.2.2-R12"], |filter| swap(
        filter, " ne ", " eq "
    )),
    misreads!("co-means-eq", "co finds only what equals the text", ["RFC7644-3.4.2.2-R13"], |filter| swap(
        filter, " co ", " eq "
    )),
    misreads!("sw-means-eq", "sw finds only what equals the text", ["RFC7644-3.4.2.2-R14"], |filter| lone(
        filter, " sw "
    )
    .then(|| filter.replace(" sw ", " eq "))),
    misreads!(
        "sw-leaves-out-the-whole",
        "sw does not find what equals the text",
        ["RFC7644-3.4.2.2-R14"],
        |filter| {
            lone(filter, " sw ").then(|| format!("{filter} and not ({})", filter.replace(" sw ", " eq ")))
        }
    ),
    misreads!("ew-means-sw", "ew looks at the beginning", ["RFC7644-3.4.2.2-R15"], |filter| swap(
        filter, " ew ", " sw "
    )),
    misreads!(
        "pr-finds-what-is-unset",
        "pr finds those that have no value",
        ["RFC7644-3.4.2.2-R16"],
        |filter| swap(filter, "title pr", "not (title pr)")
    ),
    misreads!("pr-overlooks-lists", "pr does not find values in a list", ["RFC7644-3.4.2.2-R16"], |filter| {
        swap(filter, "emails pr", "emails.display pr")
    }),
    misreads!("gt-means-ge", "gt finds the value itself too", ["RFC7644-3.4.2.2-R17"], |filter| swap(
        filter,
        "displayName gt",
        "displayName ge"
    )),
    misreads!("ge-means-gt", "ge leaves the value itself out", ["RFC7644-3.4.2.2-R17"], |filter| swap(
        filter,
        "displayName ge",
        "displayName gt"
    )),
    misreads!("lt-means-le", "lt finds the value itself too", ["RFC7644-3.4.2.2-R17"], |filter| swap(
        filter,
        "displayName lt",
        "displayName le"
    )),
    misreads!("le-means-lt", "le leaves the value itself out", ["RFC7644-3.4.2.2-R17"], |filter| swap(
        filter,
        "displayName le",
        "displayName lt"
    )),
    misreads!(
        "bug-f08-booleans-are-not-compared",
        "a Boolean equals nothing",
        ["RFC7644-3.4.2.2-R11", "RFC7644-3.4.2.2-R33"],
        |filter| {
            starts(filter, "active eq false")
                .then(|| filter.replacen("active eq false", "not (active pr)", 1))
        }
    ),
    misreads!("id-is-not-found", "a user is not found by its id", ["RFC7644-3.4.2.2-R11"], |filter| starts(
        filter, "id eq \""
    )
    .then(|| filter.replacen("id eq \"", "id eq \"x", 1))),
    misreads!(
        "bug-f01-external-id-is-not-found",
        "a user is not found by its externalId",
        ["RFC7644-3.4.2.2-R11"],
        |filter| { starts(filter, "externalId eq \"Ext").then(|| filter.replacen("\"Ext", "\"xExt", 1)) }
    ),
    misreads!(
        "bug-k03-username-respects-case",
        "userName is compared letter by letter",
        ["RFC7644-3.4.2.2-R40"],
        |filter| { starts(filter, "userName eq \"SCIM").then(|| filter.replacen("\"SCIM", "\"xSCIM", 1)) }
    ),
    misreads!(
        "external-id-ignores-case",
        "externalId is compared without regard to letter case",
        ["RFC7644-3.4.2.2-R40", "RFC7643-3.1-R17"],
        |filter| { starts(filter, "externalId eq \"EXT").then(|| "externalId pr".to_owned()) }
    ),
    misreads!(
        "sub-attributes-are-confused",
        "a sub-attribute is looked for at the top",
        ["RFC7644-3.4.2.2-R36"],
        |filter| swap(filter, "name.givenName", "displayName")
    ),
    misreads!(
        "only-the-primary-value-matches",
        "of several values only the primary one is compared",
        ["RFC7644-3.4.2.2-R35"],
        |filter| {
            starts(filter, "emails.value eq").then(|| {
                format!("{}]", filter.replacen("emails.value eq", "emails[primary eq true and value eq", 1))
            })
        }
    ),
    misreads!(
        "dates-run-backwards",
        "gt on a date-time finds what is earlier",
        ["RFC7644-3.4.2.2-R18"],
        |filter| swap(filter, "meta.created gt", "meta.created lt")
    ),
    misreads!(
        "dates-are-not-compared",
        "lt on a date-time finds everything",
        ["RFC7644-3.4.2.2-R18"],
        |filter| swap(filter, "meta.created lt", "meta.created gt")
    ),
    misreads!(
        "bug-f06-escapes-are-dropped",
        "an escaped quote in a value is dropped",
        ["RFC7644-3.4.2.2-R33"],
        |filter| swap(filter, "\\\"", "")
    ),
    misreads!("and-means-or", "and finds what either side finds", ["RFC7644-3.4.2.2-R24"], |filter| starts(
        filter,
        "active eq true and"
    )
    .then(|| filter.replacen(" and ", " or ", 1))),
    misreads!("or-means-and", "or finds what both sides find", ["RFC7644-3.4.2.2-R25"], |filter| (!filter
        .contains(" and "))
    .then(|| filter.replace(" or ", " and "))),
    misreads!("not-is-overlooked", "not is overlooked", ["RFC7644-3.4.2.2-R26"], |filter| swap(
        filter,
        "and not (",
        "and ("
    )),
    misreads!("or-binds-before-and", "or binds more tightly than and", ["RFC7644-3.4.2.2-R34"], |filter| {
        let (left, right) =
            filter.split_once(" and ").filter(|(left, _)| left.contains(" or ") && !left.contains('('))?;
        Some(format!("({left}) and {right}"))
    }),
    misreads!(
        "bug-f05-not-takes-everything",
        "not takes all that follows",
        ["RFC7644-3.4.2.2-R34"],
        |filter| {
            let (inner, rest) = filter.strip_prefix("not (")?.split_once(')')?;
            Some(format!("not ({inner}{rest})"))
        }
    ),
    misreads!(
        "bug-f04-parentheses-are-dropped",
        "parentheses are dropped",
        ["RFC7644-3.4.2.2-R34"],
        |filter| { (starts(filter, "(") && filter.contains(')')).then(|| filter.replace(['(', ')'], "")) }
    ),
    misreads!(
        "inner-groups-are-dropped",
        "a group inside a group is dropped",
        ["RFC7644-3.4.2.2-R34"],
        |filter| { filter.contains("((").then(|| filter.replace("(active eq false) or ", "")) }
    ),
    misreads!(
        "brackets-span-values",
        "conditions in brackets hold for any values",
        ["RFC7644-3.4.2.2-R29"],
        |filter| {
            let inner = filter.strip_prefix("emails[")?.strip_suffix(']')?;
            Some(format!("emails.{}", inner.replace(" and ", " and emails.")))
        }
    ),
    refuses!(
        "bug-k02-names-respect-case",
        "an attribute in another letter case is not known",
        ["RFC7644-3.4.2.2-R5"],
        |filter| filter.contains("USERNAME")
    ),
    refuses!(
        "operators-respect-case",
        "an operator in another letter case is not known",
        ["RFC7644-3.4.2.2-R6"],
        |filter| filter.contains(" Eq ")
    ),
    refuses!(
        "urn-prefix-is-refused",
        "an attribute with the URN of its schema is not known",
        ["RFC7644-3.4.2.2-R42"],
        |filter| filter.starts_with(urn::USER)
    ),
    misreads!("schemas-are-not-compared", "nobody is found by a schema", ["RFC7644-3.4.2.2-R42"], |filter| {
        starts(filter, "schemas eq").then(|| filter.replacen("schemas eq", "userType eq", 1))
    }),
    misreads!(
        "lone-name-means-pr",
        "a filter without operator is read as pr",
        ["RFC7644-3.4.2.2-R8"],
        |filter| (filter == "userName").then(|| "userName pr".to_owned())
    ),
    misreads!(
        "missing-value-means-empty",
        "a comparison without value is read as one with empty text",
        ["RFC7644-3.4.2.2-R8"],
        |filter| filter.ends_with(" eq").then(|| format!("{filter} \"\""))
    ),
    misreads!(
        "open-group-is-closed",
        "a group that is never closed is closed",
        ["RFC7644-3.4.2.2-R32"],
        |filter| (starts(filter, "(") && !filter.contains(')')).then(|| format!("{filter})"))
    ),
    misreads!(
        "single-quotes-are-quotes",
        "single quotes are read as quotes",
        ["RFC7644-3.4.2.2-R32"],
        |filter| swap(filter, "'", "\"")
    ),
    misreads!(
        "unknown-operator-means-co",
        "an operator that does not exist is read as co",
        ["RFC7644-3.4.2.2-R39"],
        |filter| swap(filter, " regex ", " co ")
    ),
    misreads!("gt-compares-booleans", "gt on a Boolean is answered", ["RFC7644-3.4.2.2-R20"], |filter| swap(
        filter,
        "active gt",
        "active ne"
    )),
    misreads!("ge-compares-booleans", "ge on a Boolean is answered", ["RFC7644-3.4.2.2-R21"], |filter| swap(
        filter,
        "active ge",
        "active eq"
    )),
    misreads!("lt-compares-booleans", "lt on a Boolean is answered", ["RFC7644-3.4.2.2-R22"], |filter| swap(
        filter,
        "active lt",
        "active ne"
    )),
    misreads!("le-compares-booleans", "le on a Boolean is answered", ["RFC7644-3.4.2.2-R23"], |filter| swap(
        filter,
        "active le",
        "active eq"
    )),
    Fault::reply(
        "bad-filter-says-invalid-value",
        "a malformed filter is refused as an unfit value",
        &["RFC7644-3.12-R19"],
        |ask, reply| {
            if filter(ask).is_some_and(|filter| filter == "userName") {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
];

fn filter(ask: &Ask) -> Option<String> {
    ask.parameter("filter").filter(|_| listing(ask))
}

fn starts(filter: &str, with: &str) -> bool {
    filter.starts_with(with)
}

/// Whether the filter is one comparison by this operator.
fn lone(filter: &str, operator: &str) -> bool {
    filter.contains(operator) && !filter.contains(" and ") && !filter.contains(" or ")
}

fn swap(filter: &str, old: &str, new: &str) -> Option<String> {
    filter.contains(old).then(|| filter.replace(old, new))
}

fn misread(ask: &mut Ask, read: impl Fn(&str) -> Option<String>) {
    if let Some(other) = filter(ask).and_then(|filter| read(&filter)) {
        ask_for(ask, "filter", &utf8_percent_encode(&other, NON_ALPHANUMERIC).to_string());
    }
}
