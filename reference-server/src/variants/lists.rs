//! Lists of other forms.

use serde_json::{Value, json};

use super::{Variant, around, reply, request, rules};
use crate::faults::edit::{
    cut, discovering, each_resource, json, listing, number, ok, refusal, sent, shown, without,
};

/// What is too much for one list.
const LONG: i64 = 3;

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "empty-lists-have-no-resources",
        "a list with nothing to show has no Resources",
        "RFC 7644 §3.4.2: Resources is required where totalResults is not zero; count=0 asks for the total alone",
        &[reply(|_, reply| {
            if ok(reply) {
                json(reply, |list| {
                    if list.get("Resources") == Some(&json!([])) {
                        cut(list, "/Resources");
                    }
                });
            }
        })],
    ),
    Variant::new(
        "whole-lists-do-not-say-where-they-start",
        "a list that is complete has neither startIndex nor itemsPerPage",
        "RFC 7644 §3.4.2: both are required of partial results alone",
        &[reply(|ask, reply| {
            if ok(reply) && ask.parameter("startIndex").is_none() {
                json(reply, |list| {
                    let shown = list.get("Resources").and_then(Value::as_array).map(Vec::len);
                    if shown.is_some() && shown.map(Value::from) == list.get("totalResults").cloned() {
                        cut(list, "/startIndex");
                        cut(list, "/itemsPerPage");
                    }
                });
            }
        })],
    ),
    Variant::new(
        "pages-are-small",
        "a page holds two resources at most, whatever count asks for, and the configuration says so",
        "RFC 7644 §3.4.2.4: count is a maximum; RFC 7643 §5: filter.maxResults",
        &[rules(|rules| {
            rules.limits.page_default = 2;
            rules.limits.page_max = 2;
        })],
    ),
    Variant::new(
        "brackets-are-refused",
        "a filter with brackets is refused, in a list and in a search by POST",
        "RFC 7644 §3.4.2.2: whether conditions can be asked of one value of several is the server's choice",
        &[around(|ask, next| {
            let in_body = sent(&ask).get("filter").and_then(Value::as_str).map(str::to_owned);
            let filter = ask.parameter("filter").or(in_body);
            if filter.is_some_and(|filter| filter.contains('[')) {
                Box::pin(std::future::ready(refusal("invalidFilter")))
            } else {
                next.call(ask)
            }
        })],
    )
    .lacks(&[("filters of this form, though it announces filters", "brackets are optional")]),
    Variant::new(
        "attributes-prevail-over-exclusions",
        "excludedAttributes is ignored where there is attributes too",
        "RFC 7644 §3.9: they are mutually exclusive, and nothing says what both come to",
        &[request(|ask| {
            if ask.parameter("attributes").is_some() {
                without(ask, "excludedAttributes");
            }
        })],
    ),
    Variant::new(
        "start-that-is-no-number-is-one",
        "a startIndex that is no number is taken for 1",
        "RFC 7644 §3.4.2.4 says what is below 1, and nothing of text",
        &[request(|ask| {
            if ask.parameter("startIndex").is_some() && number(ask, "startIndex").is_none() {
                without(ask, "startIndex");
            }
        })],
    ),
    Variant::new(
        "long-lists-are-refused",
        "a list of more than three resources is refused with tooMany unless count says how many",
        "RFC 7644 §3.12 table 9: tooMany",
        &[around(|ask, next| {
            Box::pin(async move {
                let is_open = listing(&ask) && ask.parameter("count").is_none();
                let reply = next.call(ask).await;
                let total = shown(&reply).get("totalResults").and_then(Value::as_i64);
                if is_open && total.is_some_and(|total| total > LONG) { refusal("tooMany") } else { reply }
            })
        })],
    )
    .lacks(&[("lists of five resources for which no count is asked", "three are enough for it")]),
    Variant::new(
        "schemas-are-left-out",
        "a resource of which attributes are asked for has no schemas",
        "RFC 7644 §3.9 lets a client choose; RFC 7643 §3 gives schemas no value for returned",
        &[reply(|ask, reply| {
            if ask.parameter("attributes").is_some_and(|names| !names.contains("schemas")) {
                each_resource(ask, reply, |resource| cut(resource, "/schemas"));
            }
        })],
    ),
    Variant::new(
        "discovery-ignores-filters",
        "a filter on a discovery endpoint is ignored like the other parameters",
        "RFC 7644 §4: query parameters shall be ignored; that a filter is answered by 403 is a SHOULD",
        &[request(|ask| {
            if discovering(ask) {
                without(ask, "filter");
            }
        })],
    )
    .warns(&[("discovery.types-refuse-a-filter", "403 is a SHOULD")]),
];
