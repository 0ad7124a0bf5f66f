use protocol::{endpoint, urn};
use serde_json::{Map, Value};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    ask_for, at, cut, dangling, json, listing, number, ok, quote, refusal, reword, set, without,
};
use crate::faults::seams::Answering;
use crate::faults::{Fault, Next};

/// The parameters that lists know.
const KNOWN: &[&str] =
    &["attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count"];

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "list-lacks-uri",
        "a list does not say that it is one",
        &["RFC7644-3.4.2-R4"],
        |ask, reply| {
            list(ask, reply, |list| set(list, "/schemas", vec![urn::SEARCH_REQUEST]));
        },
    ),
    Fault::reply(
        "bug-l11-list-total-is-text",
        "totalResults is a string",
        &["RFC7644-3.4.2-R5"],
        |ask, reply| {
            list(ask, reply, |list| quote(list, "/totalResults"));
        },
    )
    .collateral(&[
        ("paging.total-is-stable", "it compares the total as a number"),
        ("paging.beyond-the-end-is-empty", "it compares the total as a number"),
        ("paging.count-zero-finds-the-total", "it compares the total as a number"),
        ("filter.eq-finds-the-one", "it compares the total as a number"),
        ("filter.no-match-is-an-empty-list", "it compares the total as a number"),
        ("list.count-zero-gives-the-total", "it compares the total as a number"),
        ("list.negative-count-is-zero", "it compares the total as a number"),
        ("list.pages-cover-everything", "it compares the total as a number"),
    ]),
    Fault::reply(
        "bug-l01-list-total-is-page-size",
        "totalResults counts the page and not the whole",
        &["RFC7644-3.4.2-R6"],
        |ask, reply| {
            list(ask, reply, |list| {
                let shown = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                set(list, "/totalResults", shown);
            });
        },
    )
    .collateral(&[
        ("paging.pages-join", "it reads on while the total promises more"),
        ("sort.holds-over-pages", "it reads on while the total promises more"),
        ("list.pages-cover-everything", "it reads on while the total promises more"),
        ("paging.count-zero-finds-the-total", "it compares the total"),
        ("list.count-zero-gives-the-total", "it compares the total"),
        ("list.negative-count-is-zero", "it compares the total"),
    ]),
    Fault::reply(
        "list-lacks-start-index",
        "a list has no startIndex",
        &["RFC7644-3.4.2-R9"],
        |ask, reply| {
            list(ask, reply, |list| cut(list, "/startIndex"));
        },
    ),
    Fault::reply(
        "list-lacks-items-per-page",
        "a list has no itemsPerPage",
        &["RFC7644-3.4.2-R10"],
        |ask, reply| {
            list(ask, reply, |list| cut(list, "/itemsPerPage"));
        },
    ),
    Fault::reply(
        "bug-l06-list-keeps-back-its-resources",
        "a list that nobody narrows says how many there are and shows none",
        &["RFC7644-3.4.2-R7"],
        |ask, reply| {
            if ask.query.is_empty() {
                list(ask, reply, |list| cut(list, "/Resources"));
            }
        },
    ),
    Fault::reply(
        "page-size-has-a-fraction",
        "itemsPerPage is written with a fraction",
        &["RFC7643-2.3.4-R1"],
        |ask, reply| {
            list(ask, reply, |list| {
                if let Some(size) = list.get("itemsPerPage").and_then(Value::as_f64) {
                    set(list, "/itemsPerPage", size);
                }
            });
        },
    ),
    Fault::request("count-ignored", "a list is as long as it likes", &["RFC7644-3.4.2.4-R7"], |ask| {
        if listing(ask) && number(ask, "count").is_some_and(|count| count > 0) {
            without(ask, "count");
        }
    })
    .collateral(&[("groups.list-holds-to-count", "it asks for pages")]),
    Fault::request(
        "bug-l05-count-zero-is-default",
        "count=0 gives a whole page",
        &["RFC7644-3.4.2.4-R6"],
        |ask| {
            if listing(ask) && number(ask, "count") == Some(0) {
                without(ask, "count");
            }
        },
    ),
    Fault::around(
        "negative-count-refused",
        "a negative count is refused",
        &["RFC7644-3.4.2.4-R5"],
        |ask, next| {
            if listing(&ask) && number(&ask, "count").is_some_and(|count| count < 0) {
                return Box::pin(std::future::ready(refusal("invalidValue")));
            }
            next.call(ask)
        },
    ),
    Fault::around(
        "start-index-zero-refused",
        "a startIndex below 1 is refused",
        &["RFC7644-3.4.2.4-R3"],
        |ask, next| {
            if listing(&ask) && number(&ask, "startIndex").is_some_and(|start| start < 1) {
                return Box::pin(std::future::ready(refusal("invalidValue")));
            }
            next.call(ask)
        },
    ),
    Fault::reply(
        "total-is-zero-beyond-the-end",
        "a page beyond the end says that there is nothing at all",
        &["RFC7644-3.4.2-R6"],
        |ask, reply| {
            list(ask, reply, |list| {
                let empty = list.get("Resources").and_then(Value::as_array).is_none_or(Vec::is_empty);
                if empty && number(ask, "startIndex").is_some_and(|start| start > 1) {
                    set(list, "/totalResults", 0);
                }
            });
        },
    ),
    Fault::request(
        "short-pages-start-at-two",
        "a short page that is asked for without startIndex begins with the second resource",
        &["RFC7644-3.4.2.4-R4"],
        |ask| {
            let short = number(ask, "count").is_some_and(|count| (1..10).contains(&count));
            if listing(ask) && short && number(ask, "startIndex").is_none() {
                ask_for(ask, "startIndex", "2");
            }
        },
    ),
    Fault::around(
        "pages-overlap",
        "a page begins with the last resource of the page before",
        &["RFC7644-3.4.2.4-R12"],
        |ask, next| shifted(ask, next, -1),
    )
    .collateral(&[
        ("groups.pages-cover-everything", "it joins pages"),
        ("sort.holds-over-pages", "it joins pages"),
        ("paging.beyond-the-end-is-empty", "its page begins one too early"),
    ]),
    Fault::around(
        "bug-l02-pages-skip",
        "between two pages a resource is left out",
        &["RFC7644-3.4.2.4-R12", "G-06"],
        |ask, next| shifted(ask, next, 1),
    )
    .collateral(&[
        ("sort.holds-over-pages", "it joins pages"),
        ("search.pages-like-get", "it compares with a page of a list"),
    ]),
    Fault::around(
        "bug-l03-indexes-start-at-zero",
        "startIndex counts from 0, so that 1 is the second resource",
        &["RFC7644-3.4.2.4-R11", "RFC7644-3.4.2.4-R12"],
        |ask, next| moved_on(ask, next, 1, 1),
    )
    .collateral(&[
        ("list.pages-cover-everything", "it joins pages"),
        ("paging.pages-join", "it joins pages"),
        ("groups.pages-cover-everything", "it joins pages"),
        ("sort.holds-over-pages", "it joins pages"),
        ("search.pages-like-get", "it compares with a page of a list"),
    ]),
    Fault::reply(
        "bug-l09-lists-nest-what-users-are",
        "a list shows the attributes of a user below the URI of their schema",
        &["RFC7643-3-R9", "RFC7644-3.9-R1", "RFC7644-3.1-R6"],
        |ask, reply| {
            if at(ask, endpoint::USERS) {
                list(ask, reply, |list| {
                    let users = list.get_mut("Resources").and_then(Value::as_array_mut);
                    users.into_iter().flatten().for_each(nest);
                });
            }
        },
    )
    .collateral(&[("framing.broken-off-bodies-count-for-nothing", "it looks for a name in a list")]),
    Fault::reply(
        "bug-l07-items-per-page-echoes-count",
        "itemsPerPage repeats what was asked for",
        &["RFC7644-3.4.2.4-R10"],
        |ask, reply| {
            let count = number(ask, "count").unwrap_or(100).max(0);
            list(ask, reply, |list| set(list, "/itemsPerPage", count));
        },
    ),
    Fault::reply(
        "start-index-echo-is-zero-based",
        "startIndex in the answer counts from 0",
        &["RFC7644-3.4.2.4-R11"],
        |ask, reply| {
            list(ask, reply, |list| {
                if let Some(start) = list.get("startIndex").and_then(Value::as_i64) {
                    set(list, "/startIndex", start - 1);
                }
            });
        },
    ),
    Fault::around(
        "unknown-parameter-refused",
        "a list with a parameter that nobody knows is refused",
        &["RFC7644-3.4.2-R3"],
        |ask, next| {
            if listing(&ask) && ask.parameters().any(|(name, _)| !KNOWN.contains(&name.as_str())) {
                return Box::pin(std::future::ready(refusal("invalidValue")));
            }
            next.call(ask)
        },
    ),
    Fault::request(
        "bug-f02-filter-ignored",
        "a look-up by userName is ignored and everything is listed",
        &["RFC7644-3.4.2.2-R4", "RFC7643-5-R8"],
        |ask| {
            if listing(ask)
                && ask
                    .parameter("filter")
                    .is_some_and(|filter| filter.starts_with("userName eq \"") && filter.ends_with("\""))
            {
                without(ask, "filter");
            }
        },
    )
    .collateral(&[
        ("readings.equal-times", "its people are found by a filter"),
        ("readings.order-of-references", "its people are found by a filter"),
        ("readings.filters-on-one-resource", "its people are found by a filter"),
        ("discovery.filter-flag-is-honest", "what is announced does not work"),
        ("filter.eq-finds-the-one", "it asks by a look-up of the same kind"),
        ("filter.no-match-is-an-empty-list", "it asks by a look-up of the same kind"),
        ("filter.username-ignores-case", "it asks by a look-up of the same kind"),
        ("filter.names-ignore-case", "it asks by a look-up of the same kind first"),
        ("filter.operators-ignore-case", "it asks by a look-up of the same kind first"),
        ("filter.urn-prefix-is-understood", "it asks by a look-up of the same kind first"),
    ]),
    Fault::reply(
        "lists-lack-names-and-emails",
        "a list shows users without their names and e-mails",
        &["RFC7644-3.9-R1", "RFC7644-3.1-R6"],
        |ask, reply| {
            list(ask, reply, |list| {
                for user in list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten() {
                    cut(user, "/name");
                    cut(user, "/emails");
                }
            });
        },
    ),
    Fault::reply(
        "lists-lack-versions",
        "a list shows resources without their version",
        &["RFC7644-3.9-R1", "RFC7644-3.1-R6"],
        |ask, reply| {
            list(ask, reply, |list| {
                for resource in list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten()
                {
                    cut(resource, "/meta/version");
                }
            });
        },
    ),
    Fault::reply(
        "listed-locations-dangle",
        "a list gives addresses where nothing is",
        &["RFC7643-2.3.7-R5"],
        |ask, reply| {
            list(ask, reply, |list| {
                for resource in list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten()
                {
                    reword(resource, "/meta/location", dangling);
                }
            });
        },
    )
    .collateral(&[
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
    ]),
    Fault::reply(
        "listed-locations-are-anothers",
        "of several resources in a list each has the address of the one before it",
        &["RFC7643-2.3.7-R5"],
        |ask, reply| {
            list(ask, reply, |list| {
                let resources = list.get_mut("Resources").and_then(Value::as_array_mut);
                let resources = resources.map_or(&mut [][..], Vec::as_mut_slice);
                let at = |resource: &Value| resource.pointer("/meta/location").cloned();
                let mut before = resources.last().and_then(at);
                for resource in resources {
                    let own = at(resource);
                    if let Some(before) = std::mem::replace(&mut before, own) {
                        set(resource, "/meta/location", before);
                    }
                }
            });
        },
    ),
];

fn list(ask: &Ask, reply: &mut Reply, edit: impl FnOnce(&mut Value)) {
    if listing(ask) && ok(reply) {
        json(reply, edit);
    }
}

/// Serves every page but the first from another place than was asked for, and does not say so.
fn shifted(ask: Ask, next: Next, by: i64) -> Answering {
    moved_on(ask, next, by, 2)
}

/// Serves a page that is asked for by a startIndex from another place, where that is no less than `from`, and does not say so.
fn moved_on(mut ask: Ask, next: Next, by: i64, from: i64) -> Answering {
    Box::pin(async move {
        let Some(start) = number(&ask, "startIndex").filter(|start| listing(&ask) && *start >= from) else {
            return next.call(ask).await;
        };
        ask_for(&mut ask, "startIndex", &(start + by).to_string());
        let mut reply = next.call(ask.clone()).await;
        list(&ask, &mut reply, |list| set(list, "/startIndex", start));
        reply
    })
}

/// Puts the attributes of the base schema where those of an extension stand.
fn nest(user: &mut Value) {
    let Value::Object(members) = user else { return };
    let common = |name: &str| ["schemas", "id", "externalId", "meta"].contains(&name) || name.contains(':');
    let (stay, go): (Map<String, Value>, _) =
        std::mem::take(members).into_iter().partition(|(name, _)| common(name));
    *members = stay;
    members.insert(urn::USER.to_owned(), Value::Object(go));
}
