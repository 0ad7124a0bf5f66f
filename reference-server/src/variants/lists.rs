//! Lists of other forms.

use serde_json::{Value, json};

use super::{Variant, around, reply, rules};
use crate::faults::edit::{cut, json, ok, refusal, sent};

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
        "a page holds three resources at most, whatever count asks for, and the configuration says so",
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
        "projections-exclude-each-other",
        "attributes and excludedAttributes together are refused",
        "RFC 7644 §3.9: they are mutually exclusive, and nothing says what both come to",
        &[around(|ask, next| {
            if ask.parameter("attributes").is_some() && ask.parameter("excludedAttributes").is_some() {
                Box::pin(std::future::ready(refusal("invalidValue")))
            } else {
                next.call(ask)
            }
        })],
    ),
];
