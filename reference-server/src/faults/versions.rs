//! What becomes of a condition on the version.

use http::Method;
use http::header::{ETAG, IF_MATCH};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{each_resource, error, look, ok, reword, reword_header};
use crate::faults::{Answering, Fault, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "bug-x01-if-match-ignored",
        "a conditional PUT, PATCH or DELETE goes through although the resource has changed",
        &["RFC7644-3.12-R15"],
        |ask| {
            ask.headers.remove(IF_MATCH);
        },
    )
    .of_state()
    .collateral(&[
        ("races.one-version-admits-one", "no condition is looked at"),
        ("groups.stale-write-is-412", "groups have versions too"),
        ("groups.stale-patch-is-412", "groups have versions too"),
        ("groups.stale-delete-is-412", "groups have versions too"),
    ]),
    Fault::request(
        "if-match-ignored-on-replace",
        "a conditional PUT goes through although the resource has changed",
        &["RFC7644-3.12-R15"],
        |ask| unconditional(ask, &Method::PUT),
    )
    .of_state(),
    Fault::request(
        "if-match-ignored-on-patch",
        "a conditional PATCH goes through although the resource has changed",
        &["RFC7644-3.12-R15"],
        |ask| unconditional(ask, &Method::PATCH),
    )
    .of_state(),
    Fault::request(
        "if-match-ignored-on-delete",
        "a conditional DELETE goes through although the resource has changed",
        &["RFC7644-3.12-R15"],
        |ask| unconditional(ask, &Method::DELETE),
    )
    .of_state(),
    Fault::around(
        "refused-condition-is-no-obstacle",
        "a write whose tag is not the current one, letter by letter, answers 412 and is carried out all the same",
        &["RFC7644-3.12-R15"],
        |ask, next| Box::pin(async move { done_and_denied(ask, &next).await }),
    )
    .of_state()
    .collateral(&[
        ("groups.stale-write-is-412", "groups have versions too"),
        ("groups.stale-patch-is-412", "groups have versions too"),
        ("groups.stale-delete-is-412", "groups have versions too"),
        ("versions.stale-patch-is-412", "a PATCH is carried out too"),
        ("versions.stale-delete-is-412", "a DELETE is carried out too"),
        ("versions.other-strength-is-decided", "its tag is not the current one, letter by letter"),
    ]),
    Fault::around(
        "if-match-star-is-412",
        "If-Match: * is taken for a tag that no resource has",
        &["RFC7644-3.12-R15"],
        |ask, next| refusing(ask, next, |tags| tags == "*"),
    ),
    Fault::around(
        "if-match-knows-one-tag",
        "a list of tags is taken for one tag that no resource has",
        &["RFC7644-3.12-R15"],
        |ask, next| refusing(ask, next, |tags| tags.contains(',')),
    ),
    Fault::around(
        "strong-tags-never-match",
        "tags are strong, and If-Match with the current one answers 412",
        &["RFC7644-3.12-R15"],
        |ask, next| {
            Box::pin(async move {
                let mut reply = refusing(ask.clone(), next, |tags| tags != "*").await;
                strengthen(&ask, &mut reply);
                reply
            })
        },
    ),
];

fn unconditional(ask: &mut Ask, method: &Method) {
    if ask.method == *method {
        ask.headers.remove(IF_MATCH);
    }
}

/// What If-Match says, where it is sent.
fn condition(ask: &Ask) -> Option<&str> {
    ask.headers.get(IF_MATCH).and_then(|tags| tags.to_str().ok())
}

/// Answers 412 to some conditions, whatever version the resource has.
fn refusing(ask: Ask, next: Next, refused: fn(&str) -> bool) -> Answering {
    if condition(&ask).is_some_and(refused) {
        return Box::pin(std::future::ready(error(412)));
    }
    next.call(ask)
}

/// Carries a write out, and denies it unless its tag is the current one.
async fn done_and_denied(ask: Ask, next: &Next) -> Reply {
    let Some(tags) = condition(&ask).map(str::to_owned) else { return next.call(ask).await };
    let current = next.call(look(&ask)).await;
    let tag = current.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    let matches = tags == "*" || tags.split(',').any(|listed| listed.trim() == tag);
    let mut unconditional = ask;
    unconditional.headers.remove(IF_MATCH);
    let reply = next.call(unconditional).await;
    if matches || !ok(&reply) { reply } else { error(412) }
}

/// Shows tags without the mark of weak ones.
fn strengthen(ask: &Ask, reply: &mut Reply) {
    let strong = |tag: &str| tag.trim_start_matches("W/").to_owned();
    reword_header(reply, ETAG, strong);
    each_resource(ask, reply, |resource| reword(resource, "/meta/version", strong));
}
