//! Defects that show when requests are under way at the same time. Each steps aside by itself between what it reads and
//! what it writes, so that it shows on one thread as well.

use std::task::Poll;
use std::time::Duration;

use http::Method;
use http::header::{ETAG, HeaderValue, IF_MATCH, LOCATION};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    at, below, creating, is, look, no_content, ok, patching, replacing, send, sent, set, shown, status,
};
use crate::faults::{Fault, Next};

/// Requests that are sent together have all come within this time.
const WINDOW: Duration = Duration::from_millis(25);

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "creates-race",
        "of creates with one userName at the same time each is told that it succeeded; the last one overwrites",
        &["RFC7643-4.1.1-R2"],
        |ask, next| {
            Box::pin(async move {
                if !(creating(&ask) && at(&ask, endpoint::USERS)) {
                    return next.call(ask).await;
                }
                let was_free = holder(&ask, &next).await.is_none();
                step_aside(&next).await;
                let reply = next.call(ask.clone()).await;
                match holder(&ask, &next).await {
                    Some(id) if was_free && is(&reply, 409) => overwritten(ask, &next, &id).await,
                    _ => reply,
                }
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-g11-member-adds-race",
        "of members that are added to one group at the same time the last one alone is kept",
        &["RFC7644-3.5.2.1-R6"],
        |ask, next| {
            Box::pin(async move {
                let mut group = shown(&next.call(look(&ask)).await);
                let added = added_members(&ask).filter(|_| group.get("id").is_some());
                let Some(added) = added else { return next.call(ask).await };
                step_aside(&next).await;
                let mut members = group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
                members.extend(added);
                set(&mut group, "/members", members);
                let mut write = Ask { method: Method::PUT, ..ask };
                send(&mut write, |body| *body = group);
                let written = next.call(write).await;
                if ok(&written) { told_in_short(&written) } else { written }
            })
        },
    )
    .of_groups()
    .of_state(),
    Fault::around(
        "replaces-are-mixed",
        "a replace that finds the name changed in the meantime keeps that name, and writes the rest",
        &["RFC7644-3.5.1-R4"],
        |mut ask, next| {
            Box::pin(async move {
                if !(replacing(&ask) && below(&ask, endpoint::USERS)) || ask.headers.contains_key(IF_MATCH) {
                    return next.call(ask).await;
                }
                let before = shown(&next.call(look(&ask)).await).get("name").cloned();
                step_aside(&next).await;
                let now = shown(&next.call(look(&ask)).await).get("name").cloned();
                if let Some(name) = now.filter(|now| before.as_ref() != Some(now)) {
                    send(&mut ask, |body| set(body, "/name", name));
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-x02-conditions-race",
        "of replaces with the same If-Match at the same time each is carried out",
        &["RFC7644-3.12-R15"],
        |mut ask, next| {
            Box::pin(async move {
                let Some(tags) = ask.headers.get(IF_MATCH).cloned().filter(|_| replacing(&ask)) else {
                    return next.call(ask).await;
                };
                let current = next.call(look(&ask)).await;
                let met = current.headers().get(ETAG).is_some_and(|tag| *tag == tags);
                step_aside(&next).await;
                if met {
                    ask.headers.remove(IF_MATCH);
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
];

/// Lets the others go first: those that wait on this thread, and those that come over other connections just now.
async fn step_aside(next: &Next) {
    let mut aside = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut aside, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    next.clock().sleep(WINDOW).await;
}

/// The id of the user that has the userName which a create asks for.
pub(super) async fn holder(ask: &Ask, next: &Next) -> Option<String> {
    let body = sent(ask);
    let filter = format!("userName eq {}", body.get("userName")?);
    let query = format!("filter={}", utf8_percent_encode(&filter, NON_ALPHANUMERIC));
    let found = shown(&next.call(Ask { query, ..look(ask) }).await);
    found.pointer("/Resources/0/id").and_then(Value::as_str).map(str::to_owned)
}

/// Takes a user over, and tells of it as of a create.
pub(super) async fn overwritten(ask: Ask, next: &Next, id: &str) -> Reply {
    let write = Ask { method: Method::PUT, path: format!("{}/{id}", endpoint::USERS), ..ask };
    let mut reply = next.call(write).await;
    status(&mut reply, 201);
    let location = shown(&reply).pointer("/meta/location").and_then(Value::as_str).map(str::to_owned);
    if let Some(Ok(location)) = location.map(HeaderValue::try_from) {
        reply.headers_mut().insert(LOCATION, location);
    }
    reply
}

/// The members that a PATCH of a group adds, where it does nothing else.
fn added_members(ask: &Ask) -> Option<Vec<Value>> {
    if !(patching(ask) && below(ask, endpoint::GROUPS)) {
        return None;
    }
    let body = sent(ask);
    let [operation] = body.get("Operations")?.as_array()?.as_slice() else { return None };
    let is_add =
        operation.get("op") == Some(&json!("add")) && operation.get("path") == Some(&json!("members"));
    operation.get("value").filter(|_| is_add)?.as_array().cloned()
}

/// 204 with the version, as the healthy server answers when members change.
fn told_in_short(written: &Reply) -> Reply {
    let mut reply = no_content();
    reply.headers_mut().extend(written.headers().get(ETAG).map(|tag| (ETAG, tag.clone())));
    reply
}
