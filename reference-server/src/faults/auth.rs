use http::Method;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use protocol::endpoint;

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{at, empty_list, getting, is, no_content, restate};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "anonymous-is-served",
        "a read without credentials is answered",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if getting(ask) && is(reply, 401) && !ask.headers.contains_key(AUTHORIZATION) {
                *reply = empty_list();
            }
        },
    )
    .collateral(&[
        ("authentication.resources-are-shut", "a single resource is read too"),
        ("authentication.groups-are-shut", "groups are read too"),
    ]),
    Fault::reply(
        "unauthorized-is-403",
        "missing credentials answer 403",
        &["RFC7644-3.12-R11", "B-05"],
        |_, reply| {
            if is(reply, 401) {
                restate(reply, 403);
            }
        },
    )
    .collateral(&[
        ("authentication.challenge-names-a-scheme", "a challenge comes with 401 only"),
        ("authentication.wrong-token-is-401", "a wrong token is refused by the same answer"),
        ("authentication.refused-create-stores-nothing", "it expects the refusal to be a 401"),
        ("authentication.resources-are-shut", "it expects the refusal to be a 401"),
        ("authentication.groups-are-shut", "it expects the refusal to be a 401"),
        ("authentication.searches-are-shut", "it expects the refusal to be a 401"),
        ("authentication.refused-replace-changes-nothing", "it expects the refusal to be a 401"),
        ("authentication.refused-patch-changes-nothing", "it expects the refusal to be a 401"),
        ("authentication.refused-delete-deletes-nothing", "it expects the refusal to be a 401"),
    ]),
    Fault::reply(
        "challenge-is-missing",
        "a 401 does not say how to authenticate",
        &["RFC7644-2-R6"],
        |_, reply| {
            reply.headers_mut().remove(WWW_AUTHENTICATE);
        },
    ),
    Fault::reply(
        "any-token-is-served",
        "a read with any token is answered",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if getting(ask) && is(reply, 401) && ask.headers.contains_key(AUTHORIZATION) {
                *reply = empty_list();
            }
        },
    ),
    Fault::reply(
        "groups-are-open",
        "groups are listed to whoever asks",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if getting(ask) && at(ask, endpoint::GROUPS) && is(reply, 401) {
                *reply = empty_list();
            }
        },
    ),
    Fault::reply(
        "anonymous-writes-are-acknowledged",
        "a PUT, PATCH or DELETE without credentials is acknowledged",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if changing(ask) && is(reply, 401) && !ask.headers.contains_key(AUTHORIZATION) {
                *reply = no_content();
            }
        },
    ),
    Fault::reply(
        "wrong-tokens-may-write",
        "a PUT, PATCH or DELETE with any token is acknowledged",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if changing(ask) && is(reply, 401) && ask.headers.contains_key(AUTHORIZATION) {
                *reply = no_content();
            }
        },
    ),
];

fn changing(ask: &Ask) -> bool {
    matches!(ask.method, Method::PUT | Method::PATCH | Method::DELETE)
}
