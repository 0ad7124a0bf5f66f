//! Creates that meet somebody who is there already.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::endpoint;
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::edit::{at, conflict, creating, is, look, ok, sent, shown};
use crate::faults::races::{holder, overwritten};
use crate::faults::{Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-r03-emails-cannot-be-shared",
        "a create with an e-mail address that somebody has is refused as a duplicate",
        &["RFC7643-7-R37"],
        |ask, next| {
            Box::pin(async move {
                if of_user(&ask) && is_reached(&ask, &next).await {
                    return conflict();
                }
                next.call(ask).await
            })
        },
    ),
    Fault::around(
        "bug-r04-repeated-create-wipes",
        "a create with a taken userName answers 201, and leaves of that user what it carries",
        &["RFC7644-3.3-R11", "RFC7643-4.1.1-R2"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                if of_user(&ask)
                    && is(&reply, 409)
                    && let Some(id) = holder(&ask, &next).await
                {
                    return overwritten(ask, &next, &id).await;
                }
                reply
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-r05-client-id-overwrites",
        "a create that carries the id of a user overwrites that user",
        &["RFC7643-3.1-R8", "RFC7644-3.1-R6"],
        |ask, next| {
            Box::pin(async move {
                let id = sent(&ask).get("id").and_then(Value::as_str).map(str::to_owned);
                if let Some(id) = id.filter(|_| of_user(&ask)) {
                    let path = format!("{}/{id}", endpoint::USERS);
                    if ok(&next.call(Ask { path, ..look(&ask) }).await) {
                        return overwritten(ask, &next, &id).await;
                    }
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
];

fn of_user(ask: &Ask) -> bool {
    creating(ask) && at(ask, endpoint::USERS)
}

/// Whether somebody has one of the e-mail addresses that a body carries.
pub(crate) async fn is_reached(ask: &Ask, next: &Next) -> bool {
    let body = sent(ask);
    for email in body.get("emails").and_then(Value::as_array).into_iter().flatten() {
        let Some(address) = email.get("value") else { continue };
        let filter = format!("emails.value eq {address}");
        let query = format!("filter={}", utf8_percent_encode(&filter, NON_ALPHANUMERIC));
        let path = endpoint::USERS.to_owned();
        let found = shown(&next.call(Ask { path, query, ..look(ask) }).await);
        if found.pointer("/Resources/0").is_some() {
            return true;
        }
    }
    false
}
