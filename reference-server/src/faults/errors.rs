use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use protocol::{endpoint, urn};
use serde_json::Value;

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{
    self, at, below, creating, cut, empty, empty_list, failed, is, json, restate, sent, set,
};

/// Everything that is served.
const ENDPOINTS: &[&str] = &[
    endpoint::USERS,
    endpoint::GROUPS,
    endpoint::SERVICE_PROVIDER_CONFIG,
    endpoint::RESOURCE_TYPES,
    endpoint::SCHEMAS,
];

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "unknown-endpoint-is-400",
        "an unknown endpoint answers 400",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if is(reply, 404) && !known(ask) {
                restate(reply, 400);
            }
        },
    ),
    Fault::reply(
        "malformed-json-says-invalid-value",
        "malformed JSON is refused as an unfit value",
        &["RFC7644-3.12-R24"],
        |ask, reply| {
            if malformed(ask, reply) {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
    Fault::reply(
        "malformed-json-is-422",
        "malformed JSON answers 422",
        &["RFC7644-3.12-R10"],
        |ask, reply| {
            if malformed(ask, reply) {
                restate(reply, 422);
            }
        },
    ),
    Fault::around(
        "unknown-names-are-conflicts",
        "a create with an attribute that nobody knows answers 409",
        &["RFC7644-3.12-R10"],
        |ask, next| {
            let strange = creating(&ask) && sent(&ask).get("noSuchAttribute").is_some();
            if strange { Box::pin(std::future::ready(edit::error(409))) } else { next.call(ask) }
        },
    ),
    Fault::reply(
        "unsupported-is-405",
        "an operation that is not supported answers 405",
        &["RFC7644-3.12-R18"],
        |ask, reply| {
            if at(ask, endpoint::BULK) && is(reply, 501) {
                restate(reply, 405);
                reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
        },
    ),
    Fault::reply("me-is-404", "/Me answers 404", &["RFC7644-3.11-R2"], |ask, reply| {
        if at(ask, endpoint::ME) && is(reply, 501) {
            restate(reply, 404);
        }
    }),
    Fault::around(
        "array-body-accepted",
        "a create with an array for a body is answered as if it were fine",
        &["RFC7644-3.12-R10"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                if creating(&ask) && is(&reply, 400) && sent(&ask).is_array() { empty_list() } else { reply }
            })
        },
    ),
    Fault::reply(
        "array-body-says-invalid-value",
        "a create with an array for a body is refused as an unfit value",
        &["RFC7644-3.12-R24"],
        |ask, reply| {
            if creating(ask) && is(reply, 400) && sent(ask).is_array() {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
    Fault::reply(
        "error-lacks-schema",
        "an error does not say that it is one",
        &["RFC7644-3.12-R2"],
        |_, reply| error(reply, |error| set(error, "/schemas", vec![urn::SEARCH_REQUEST])),
    )
    .collateral(&[
        ("patch.is-atomic", "it looks at the error of a PATCH that fails"),
        ("patch.read-only-cannot-be-replaced", "it looks at the error of a PATCH that fails"),
        ("patch.meta-cannot-be-replaced", "it looks at the error of a PATCH that fails"),
        ("patch.value-must-fit", "it looks at the error of a PATCH that fails"),
    ]),
    Fault::reply(
        "bug-e01-error-status-is-a-number",
        "the status in an error is a number",
        &["RFC7644-3.12-R3"],
        |_, reply| {
            let status = reply.status().as_u16();
            error(reply, |error| set(error, "/status", status));
        },
    ),
    Fault::reply(
        "bug-e03-errors-are-pages",
        "whoever shows no token, asks for what there is not, or sends what is no JSON gets a page of the framework",
        &["RFC7644-3.12-R1", "RFC7644-3.12-R2"],
        |ask, reply| {
            if is(reply, 401) || is(reply, 404) && !known(ask) || malformed(ask, reply) {
                let page = format!("<!doctype html><title>{0}</title><h1>{0}</h1>", reply.status());
                reply
                    .headers_mut()
                    .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                *reply.body_mut() = Bytes::from(page);
            }
        },
    ),
    Fault::reply(
        "bug-r02-duplicate-lacks-a-keyword",
        "the error for a taken userName has neither scimType nor status",
        &["RFC7644-3.3-R12", "RFC7644-3.12-R3"],
        |ask, reply| {
            if creating(ask) && is(reply, 409) {
                json(reply, |error| {
                    cut(error, "/scimType");
                    cut(error, "/status");
                });
            }
        },
    ),
    Fault::reply(
        "error-says-another-status",
        "the status in an error is not that of the answer",
        &["RFC7644-3.2-R10"],
        |_, reply| {
            let another = if is(reply, 400) { "409" } else { "400" };
            error(reply, |error| set(error, "/status", another));
        },
    ),
    Fault::reply(
        "error-body-is-empty",
        "an error for an unknown resource comes without a body",
        &["RFC7644-3.12-R1"],
        |_, reply| {
            if is(reply, 404) {
                empty(reply);
            }
        },
    ),
];

/// Whether anything is served at an address.
pub(crate) fn known(ask: &Ask) -> bool {
    ENDPOINTS.iter().any(|endpoint| at(ask, endpoint) || below(ask, endpoint))
}

fn malformed(ask: &Ask, reply: &Reply) -> bool {
    is(reply, 400) && !ask.body.is_empty() && serde_json::from_slice::<Value>(&ask.body).is_err()
}

fn error(reply: &mut Reply, edit: impl FnOnce(&mut Value)) {
    if failed(reply) {
        json(reply, edit);
    }
}
