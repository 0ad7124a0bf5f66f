//! Lists in another order than was asked for.

use protocol::urn;
use serde_json::Value;

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{ask_for, json, listing, ok, without};

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "sort-ignored",
        "sortBy changes nothing",
        &["RFC7644-3.4.2.3-R3", "RFC7643-5-R12"],
        |ask| unsort(ask, |_| true),
    )
    .collateral(&[
        ("discovery.sort-flag-is-honest", "what is announced does not work"),
        ("sort.descending", "its order is that of sortBy"),
        ("sort.is-ascending-by-default", "its order is that of sortBy"),
        ("sort.by-sub-attribute", "its order is that of sortBy"),
        ("sort.by-urn-name", "its order is that of sortBy"),
        ("sort.ignores-case", "its order is that of sortBy"),
        ("sort.missing-values-come-last", "its order is that of sortBy"),
        ("sort.missing-values-come-first", "its order is that of sortBy"),
        ("sort.by-primary-value", "its order is that of sortBy"),
        ("sort.by-time", "its order is that of sortBy"),
        ("readings.order-of-letters", "its order is that of sortBy"),
    ]),
    Fault::request("sort-order-ignored", "sortOrder changes nothing", &["RFC7644-3.4.2.3-R8"], |ask| {
        if listing(ask) {
            without(ask, "sortOrder");
        }
    })
    .collateral(&[
        ("groups.are-sorted", "it asks for both orders"),
        ("discovery.sort-flag-is-honest", "it asks for both orders"),
    ]),
    Fault::request(
        "sort-is-descending-by-default",
        "without sortOrder the order is descending",
        &["RFC7644-3.4.2.3-R9"],
        |ask| {
            if sort_by(ask).is_some() && ask.parameter("sortOrder").is_none() {
                ask_for(ask, "sortOrder", "descending");
            }
        },
    )
    .collateral(&[
        ("sort.by-sub-attribute", "it leaves the direction to the default"),
        ("sort.by-urn-name", "it leaves the direction to the default"),
        ("sort.ignores-case", "it leaves the direction to the default"),
        ("sort.by-primary-value", "it leaves the direction to the default"),
        ("sort.holds-over-pages", "it leaves the direction to the default"),
    ]),
    Fault::request(
        "sort-by-sub-attribute-ignored",
        "sortBy changes nothing where it names a sub-attribute",
        &["RFC7644-3.4.2.3-R6"],
        |ask| unsort(ask, |by| by.contains('.') && !by.contains(':')),
    )
    .collateral(&[("readings.order-of-letters", "it sorts by the family name")]),
    Fault::request(
        "sort-by-urn-ignored",
        "sortBy changes nothing where it names a schema",
        &["RFC7644-3.10-R1"],
        |ask| unsort(ask, |by| by.contains(':')),
    ),
    Fault::request(
        "sort-by-time-ignored",
        "sortBy changes nothing where it names a time",
        &["RFC7644-3.4.2.3-R10"],
        |ask| unsort(ask, |by| by.starts_with("meta.")),
    ),
    Fault::request(
        "sort-of-pages-ignored",
        "sortBy changes nothing where count asks for a page",
        &["RFC7644-3.4.2.3-R3"],
        |ask| {
            let paged = ask.parameter("count").is_some();
            unsort(ask, |_| paged);
        },
    ),
    Fault::rules(
        "sort-respects-case",
        "nickName is sorted and compared letter by letter",
        &["RFC7644-3.4.2.3-R11"],
        |rules| {
            rules.attribute_mut(urn::USER, "nickName").into_iter().for_each(|nick| nick.case_exact = true);
        },
    ),
    Fault::reply(
        "missing-values-sort-as-least",
        "who has no value to sort by comes where the least value would come",
        &["RFC7644-3.4.2.3-R7"],
        |ask, reply| {
            let Some(by) = sort_by(ask) else { return };
            let descending = ask.parameter("sortOrder").as_deref() == Some("descending");
            order(ask, reply, |resources| {
                resources.sort_by_key(|resource| resource.get(&by).is_some() != descending);
            });
        },
    ),
    Fault::reply(
        "sort-by-first-value",
        "of several values the first one counts, and not the primary one",
        &["RFC7644-3.4.2.3-R5"],
        |ask, reply| {
            let by = sort_by(ask).unwrap_or_default();
            let Some((list, part)) = by.split_once('.') else { return };
            let first = |resource: &Value| {
                let value = resource.get(list)?.as_array()?.first()?.get(part)?;
                value.as_str().map(str::to_owned)
            };
            order(ask, reply, |resources| resources.sort_by_key(first));
        },
    ),
];

fn sort_by(ask: &Ask) -> Option<String> {
    ask.parameter("sortBy").filter(|_| listing(ask))
}

fn unsort(ask: &mut Ask, which: impl FnOnce(&str) -> bool) {
    if sort_by(ask).is_some_and(|by| which(&by)) {
        without(ask, "sortBy");
    }
}

fn order(ask: &Ask, reply: &mut Reply, change: impl FnOnce(&mut Vec<Value>)) {
    if listing(ask) && ok(reply) {
        json(reply, |list| {
            if let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) {
                change(resources);
            }
        });
    }
}
