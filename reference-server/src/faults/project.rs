//! Answers that show other attributes than were asked for, and searches by POST that do not search.

use http::Method;
use protocol::{endpoint, urn};
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{
    ask_for, creating, cut, each_resource, empty_list, is, json, listing, ok, patching, reading, replacing,
    send, sent, set, status, without,
};

/// A fault by which an operation ignores a parameter.
macro_rules! ignores {
    ($name:literal, $title:literal, $breaks:literal, $when:ident, $parameter:literal) => {
        Fault::request($name, $title, &[$breaks], |ask| {
            if $when(ask) {
                without(ask, $parameter);
            }
        })
    };
}

/// A fault by which a search ignores members of its message.
macro_rules! search_ignores {
    ($name:literal, $title:literal, $breaks:literal, [$($member:literal),+]) => {
        Fault::request($name, $title, &[$breaks], |ask| {
            if searching(ask) {
                send(ask, |body| [$($member),+].iter().for_each(|member| cut(body, member)));
            }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    ignores!(
        "create-ignores-attributes",
        "the attributes parameter changes nothing about a create",
        "RFC7644-3.9-R4",
        creating,
        "attributes"
    ),
    ignores!(
        "replace-ignores-attributes",
        "the attributes parameter changes nothing about a replace",
        "RFC7644-3.9-R4",
        replacing,
        "attributes"
    ),
    ignores!(
        "modify-ignores-attributes",
        "the attributes parameter changes nothing about a PATCH",
        "RFC7644-3.9-R4",
        patching,
        "attributes"
    ),
    ignores!(
        "query-ignores-attributes",
        "the attributes parameter changes nothing about a list under a filter",
        "RFC7644-3.9-R4",
        filtering,
        "attributes"
    ),
    search_ignores!(
        "search-ignores-attributes",
        "attributes in a search by POST change nothing",
        "RFC7644-3.9-R4",
        ["/attributes"]
    ),
    ignores!(
        "create-ignores-exclusion",
        "the excludedAttributes parameter changes nothing about a create",
        "RFC7644-3.9-R7",
        creating,
        "excludedAttributes"
    ),
    ignores!(
        "replace-ignores-exclusion",
        "the excludedAttributes parameter changes nothing about a replace",
        "RFC7644-3.9-R7",
        replacing,
        "excludedAttributes"
    ),
    ignores!(
        "modify-ignores-exclusion",
        "the excludedAttributes parameter changes nothing about a PATCH",
        "RFC7644-3.9-R7",
        patching,
        "excludedAttributes"
    ),
    ignores!(
        "list-ignores-exclusion",
        "the excludedAttributes parameter changes nothing about a list",
        "RFC7644-3.9-R7",
        listing,
        "excludedAttributes"
    ),
    search_ignores!(
        "search-ignores-exclusion",
        "excludedAttributes in a search by POST change nothing",
        "RFC7644-3.9-R7",
        ["/excludedAttributes"]
    ),
    Fault::request(
        "projection-by-urn-shows-all",
        "a name with the URI of the user schema changes nothing",
        &["RFC7644-3.4.2.5-R4"],
        |ask| {
            if reading(ask) && ask.parameter("attributes").is_some_and(|names| names.starts_with(urn::USER)) {
                without(ask, "attributes");
            }
        },
    ),
    Fault::request(
        "projection-by-extension-shows-it-whole",
        "whoever asks for one attribute of an extension gets all of them",
        &["RFC7644-3.4.2.5-R4"],
        |ask| {
            rename(ask, "attributes", |name| {
                let extension = name.strip_prefix(urn::ENTERPRISE_USER).map(|_| urn::ENTERPRISE_USER);
                extension.unwrap_or(name).to_owned()
            });
        },
    ),
    Fault::request(
        "projection-of-a-part-shows-the-whole",
        "whoever asks for a sub-attribute gets the whole attribute",
        &["RFC7644-3.9-R5"],
        |ask| rename(ask, "attributes", whole),
    ),
    Fault::request(
        "exclusion-of-a-part-hides-the-whole",
        "whoever excludes a sub-attribute loses the whole attribute",
        &["RFC7644-3.9-R7"],
        |ask| rename(ask, "excludedAttributes", whole),
    ),
    Fault::reply(
        "bug-m05-exclusion-takes-extensions",
        "whoever excludes anything loses the Enterprise extension with it",
        &["RFC7644-3.9-R7"],
        |ask, reply| {
            if ask.parameter("excludedAttributes").is_some() {
                each_resource(ask, reply, |resource| cut(resource, &format!("/{}", urn::ENTERPRISE_USER)));
            }
        },
    ),
    Fault::request(
        "projection-takes-one-name",
        "of several attributes that are asked for only the first is shown",
        &["RFC7644-3.9-R8"],
        |ask| {
            let first =
                ask.parameter("attributes").and_then(|names| Some(names.split_once(',')?.0.to_owned()));
            if let Some(first) = first.filter(|_| reading(ask)) {
                ask_for(ask, "attributes", &first);
            }
        },
    ),
    Fault::request(
        "bug-k05-projection-names-respect-case",
        "a name in capitals names nothing",
        &["RFC7644-3.10-R5"],
        |ask| {
            rename(ask, "attributes", |name| {
                if name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
                    "id".to_owned()
                } else {
                    name.to_owned()
                }
            });
        },
    ),
    Fault::request(
        "both-projections-are-ignored",
        "attributes and excludedAttributes together change nothing",
        &["RFC7644-3.9-R3"],
        |ask| {
            if ask.parameter("attributes").is_some() && ask.parameter("excludedAttributes").is_some() {
                without(ask, "attributes");
                without(ask, "excludedAttributes");
            }
        },
    ),
    Fault::reply(
        "search-answers-201",
        "a search by POST answers 201",
        &["RFC7644-3.4.3-R2"],
        |ask, reply| {
            if searching(ask) && is(reply, 200) {
                status(reply, 201);
            }
        },
    ),
    search_ignores!(
        "search-ignores-pages",
        "startIndex and count in a search by POST change nothing",
        "RFC7644-3.4.3-R9",
        ["/startIndex", "/count"]
    ),
    Fault::reply(
        "search-total-is-page-size",
        "totalResults of a search by POST counts the page",
        &["RFC7644-3.4.3-R9"],
        |ask, reply| {
            if searching(ask) && ok(reply) {
                json(reply, |list| {
                    let shown = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                    set(list, "/totalResults", shown);
                });
            }
        },
    ),
    Fault::request(
        "search-finds-one-less",
        "a search by POST that asks for no page begins with the second resource",
        &["RFC7644-3.4.3-R9"],
        |ask| {
            if searching(ask) && at_users(ask) {
                send(ask, |body| {
                    let whole = body.get("count").is_none()
                        && body
                            .get("filter")
                            .and_then(Value::as_str)
                            .is_some_and(|filter| filter.contains(" sw "));
                    if whole {
                        set(body, "/startIndex", 2);
                    }
                });
            }
        },
    ),
    Fault::reply(
        "search-forgives-a-bad-filter",
        "a malformed filter in a search by POST finds nobody",
        &["RFC7644-3.4.3-R7"],
        |ask, reply| {
            if searching(ask) && is(reply, 400) {
                *reply = empty_list();
            }
        },
    ),
    Fault::around(
        "search-excludes-the-id",
        "a search by POST can exclude the id",
        &["RFC7644-3.4.3-R6"],
        |ask, next| {
            Box::pin(async move {
                let named = sent(&ask).get("excludedAttributes").cloned().unwrap_or_default();
                let mut reply = next.call(ask.clone()).await;
                let excluded = named.as_array().is_some_and(|names| names.iter().any(|name| name == "id"));
                if excluded && searching(&ask) {
                    json(&mut reply, |list| {
                        let resources = list.get_mut("Resources").and_then(Value::as_array_mut);
                        resources.into_iter().flatten().for_each(|resource| cut(resource, "/id"));
                    });
                }
                reply
            })
        },
    ),
    search_ignores!(
        "search-ignores-sort",
        "sortBy in a search by POST changes nothing",
        "RFC7644-3.4.3-R8",
        ["/sortBy", "/sortOrder"]
    ),
    Fault::request(
        "root-search-finds-users-only",
        "a search at the root looks at users alone",
        &["RFC7644-3.4.3-R10"],
        |ask| {
            if ask.path == endpoint::SEARCH {
                ask.path = format!("{}{}", endpoint::USERS, endpoint::SEARCH);
            }
        },
    )
    .of_groups(),
];

fn filtering(ask: &Ask) -> bool {
    listing(ask) && ask.parameter("filter").is_some()
}

fn searching(ask: &Ask) -> bool {
    ask.method == Method::POST && ask.path.ends_with(endpoint::SEARCH)
}

fn at_users(ask: &Ask) -> bool {
    ask.path.starts_with(endpoint::USERS)
}

/// Changes each name in a parameter of a read.
fn rename(ask: &mut Ask, parameter: &str, edit: impl Fn(&str) -> String) {
    if let Some(names) = ask.parameter(parameter).filter(|_| reading(ask)) {
        let others: Vec<String> = names.split(',').map(edit).collect();
        if others.join(",") != names {
            ask_for(ask, parameter, &others.join(","));
        }
    }
}

/// The attribute that a dotted name leads into; URIs hold dots too.
fn whole(name: &str) -> String {
    let whole = if name.contains(':') { name } else { name.split('.').next().unwrap_or(name) };
    whole.to_owned()
}
