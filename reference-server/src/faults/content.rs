//! Bodies that are announced, asked for or spelt in another way than is expected, and values at the edge of what is.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use protocol::{endpoint, media, urn};
use serde_json::Value;

use crate::ask::{Ask, Reply};
use crate::faults::edit::{at, below, creating, error, listing, ok, reading, send};
use crate::faults::{Answering, Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "accept-lists-are-406",
        "a read that lists several media types is not acceptable, whatever they are",
        &["RFC7644-3.8-R6"],
        |ask, next| unacceptable(ask, next, |accept| accept.contains(',')),
    ),
    Fault::around(
        "accept-in-capitals-is-406",
        "a media type in Accept is understood in lower case alone",
        &["RFC7644-3.8-R6"],
        |ask, next| unacceptable(ask, next, |accept| accept.contains("SCIM")),
    ),
    Fault::around(
        "accept-of-plain-json-is-406",
        "whoever asks for application/json is refused",
        &["RFC7644-3.8-R7"],
        |ask, next| unacceptable(ask, next, |accept| accept == "application/json"),
    ),
    Fault::reply(
        "anything-is-plain-json",
        "whoever takes anything is answered in application/json",
        &["RFC7644-3.8-R8"],
        |ask, reply| {
            if accept(ask) == Some("*/*") {
                announce_json(ask, reply);
            }
        },
    ),
    Fault::reply(
        "default-is-plain-json",
        "whoever says nothing is answered in application/json",
        &["RFC7644-3.8-R8"],
        |ask, reply| {
            if accept(ask).is_none() {
                announce_json(ask, reply);
            }
        },
    ),
    Fault::around(
        "bodies-with-a-charset-are-415",
        "a body whose media type has a parameter is refused",
        &["RFC7644-3.8-R9"],
        |ask, next| unsupported(ask, next, |given| given.contains(';')),
    ),
    Fault::around(
        "bodies-in-capitals-are-415",
        "the media type of a body is understood in lower case alone",
        &["RFC7644-3.8-R9"],
        |ask, next| unsupported(ask, next, |given| given.contains("SCIM")),
    ),
    Fault::request(
        "letters-beyond-ascii-are-lost",
        "a create stores a question mark for every byte beyond ASCII",
        &["RFC7644-3.8-R2", "RFC7643-2.3.1-R1"],
        |ask| {
            if creating(ask) {
                ask.body = ask.body.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect();
            }
        },
    )
    .of_state()
    .collateral(&[
        ("content.utf8-in-addresses", "it looks for such letters"),
        ("readings.order-of-letters", "it sorts by such a letter"),
    ]),
    Fault::request(
        "escaped-pairs-are-lost",
        "a create stores a character that is escaped as a pair of surrogates as two that nobody knows",
        &["RFC7644-3.8-R1"],
        |ask| {
            if creating(ask)
                && let Ok(text) = std::str::from_utf8(&ask.body)
            {
                ask.body = Bytes::from(text.replace("\\ud83d", "\\ufffd").replace("\\udc69", "\\ufffd"));
            }
        },
    )
    .of_state(),
    Fault::request(
        "filters-are-latin-1",
        "letters beyond ASCII in a filter are read byte by byte",
        &["RFC7644-3.8-R1"],
        |ask| {
            if listing(ask) {
                ask.query = ask.query.replace("%C3%AB", "%C3%83%C2%AB");
            }
        },
    ),
    Fault::request(
        "create-truncates-texts",
        "a create stores the first 255 bytes of a text and no more",
        &["RFC7644-3.3-R1"],
        |ask| {
            stored_texts(ask, |text| {
                let end = (0..=255).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
                text.truncate(end);
            });
        },
    )
    .of_state(),
    Fault::request(
        "create-escapes-markup",
        "a create stores markup in a text as if it were meant for a page",
        &["RFC7644-3.3-R1"],
        |ask| stored_texts(ask, |text| *text = text.replace('<', "&lt;").replace('>', "&gt;")),
    )
    .of_state(),
    Fault::request(
        "create-keeps-ten-values",
        "a create stores ten values of an attribute and no more",
        &["RFC7644-3.3-R1"],
        |ask| {
            if creating(ask) && at(ask, endpoint::USERS) {
                send(ask, |user| {
                    let lists = user.as_object_mut().into_iter().flatten();
                    lists.filter_map(|(_, value)| value.as_array_mut()).for_each(|list| list.truncate(10));
                });
            }
        },
    )
    .of_state(),
    Fault::rules(
        "display-name-respects-case",
        "displayName is compared letter by letter, against what its schema says",
        &["RFC7643-7-R16"],
        |rules| {
            rules.attribute_mut(urn::USER, "displayName").into_iter().for_each(|name| name.case_exact = true);
        },
    ),
];

fn accept(ask: &Ask) -> Option<&str> {
    ask.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok())
}

fn unacceptable(ask: Ask, next: Next, refused: fn(&str) -> bool) -> Answering {
    let of_users = reading(&ask) && below(&ask, endpoint::USERS);
    if of_users && accept(&ask).is_some_and(refused) {
        return Box::pin(std::future::ready(error(406)));
    }
    next.call(ask)
}

fn unsupported(ask: Ask, next: Next, refused: fn(&str) -> bool) -> Answering {
    let given = ask.headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
    if given.is_some_and(refused) {
        return Box::pin(std::future::ready(error(415)));
    }
    next.call(ask)
}

fn announce_json(ask: &Ask, reply: &mut Reply) {
    if reading(ask) && ok(reply) && reply.headers().contains_key(CONTENT_TYPE) {
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::JSON));
    }
}

/// Changes every text at the top of a user that is created.
fn stored_texts(ask: &mut Ask, edit: impl Fn(&mut String)) {
    if !(creating(ask) && at(ask, endpoint::USERS)) {
        return;
    }
    send(ask, |user| {
        for (_, value) in user.as_object_mut().into_iter().flatten() {
            if let Value::String(text) = value {
                edit(text);
            }
        }
    });
}
