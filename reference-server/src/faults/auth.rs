use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use protocol::endpoint;

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    at, creating, deleting, empty_list, getting, is, no_content, ok, patching, replacing, restate,
};
use crate::faults::{Answering, Bend, Fault, Gate, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "anonymous-is-served",
        "a read without credentials is answered",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if getting(ask) && shut_to(Shows::Nothing, ask, reply) {
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
        ("credentials.expired-token-is-401", "it expects the refusal to be a 401"),
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
            if getting(ask) && shut_to(Shows::Wrong, ask, reply) {
                *reply = empty_list();
            }
        },
    )
    .collateral(&[
        ("authentication.resources-are-shut", "a single resource is read too"),
        ("authentication.groups-are-shut", "groups are read too"),
        ("credentials.expired-token-is-401", "a token that has ended is one of them"),
    ]),
    Fault::reply(
        "groups-are-open",
        "groups are listed to whoever asks",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if getting(ask) && at(ask, endpoint::GROUPS) && is(reply, 401) {
                *reply = empty_list();
            }
        },
    )
    .of_groups(),
    Fault::reply(
        "any-token-lists-groups",
        "a list of groups is answered to whoever shows any token",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if getting(ask) && at(ask, endpoint::GROUPS) && shut_to(Shows::Wrong, ask, reply) {
                *reply = empty_list();
            }
        },
    )
    .of_groups(),
    Fault::reply(
        "any-token-searches",
        "a search by POST is answered to whoever shows any token",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if ask.path.ends_with(endpoint::SEARCH) && shut_to(Shows::Wrong, ask, reply) {
                *reply = empty_list();
            }
        },
    ),
    Fault::reply(
        "creates-of-any-token-are-acknowledged",
        "a create is acknowledged to whoever shows any token, and nothing is stored",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if creating(ask) && shut_to(Shows::Wrong, ask, reply) {
                *reply = no_content();
            }
        },
    ),
    Fault::reply(
        "anonymous-writes-are-acknowledged",
        "a PUT, PATCH or DELETE without credentials is acknowledged, and nothing is changed",
        &["RFC7644-2-R7", "RFC7644-3.12-R11"],
        |ask, reply| {
            if changing(ask) && shut_to(Shows::Nothing, ask, reply) {
                *reply = no_content();
            }
        },
    ),
    Fault::reply(
        "writes-of-any-token-are-acknowledged",
        "a PUT, PATCH or DELETE with any token is acknowledged, and nothing is changed",
        &["RFC7644-2-R7", "RFC7644-2-R9"],
        |ask, reply| {
            if changing(ask) && shut_to(Shows::Wrong, ask, reply) {
                *reply = no_content();
            }
        },
    ),
    Fault::new(
        "refused-creates-are-carried-out",
        "a create without a good credential answers 401, and is carried out",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Ajar::to(creating))),
    )
    .of_state(),
    Fault::new(
        "refused-puts-are-carried-out",
        "a PUT without a good credential answers 401, and is carried out",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Ajar::to(replacing))),
    )
    .of_state(),
    Fault::new(
        "refused-patches-are-carried-out",
        "a PATCH without a good credential answers 401, and is carried out",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Ajar::to(patching))),
    )
    .of_state(),
    Fault::new(
        "refused-deletes-are-carried-out",
        "a DELETE without a good credential answers 401, and is carried out",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Ajar::to(deleting))),
    )
    .of_state(),
];

fn changing(ask: &Ask) -> bool {
    matches!(ask.method, Method::PUT | Method::PATCH | Method::DELETE)
}

/// What somebody shows who is not let in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Nothing,
    Wrong,
}

/// Whether the request was refused to somebody who showed this.
fn shut_to(shows: Shows, ask: &Ask, reply: &Reply) -> bool {
    let shown = if ask.headers.contains_key(AUTHORIZATION) { Shows::Wrong } else { Shows::Nothing };
    is(reply, 401) && shown == shows
}

/// A door that looks shut: what is refused to somebody is done in the name of who was let in last.
pub(crate) struct Ajar {
    to: fn(&Ask) -> bool,
    /// Whether he is told of it.
    told: bool,
    last: Arc<Mutex<Option<HeaderValue>>>,
}

impl Ajar {
    fn to(to: fn(&Ask) -> bool) -> Self {
        Self { to, told: false, last: Arc::default() }
    }

    /// A door that is open to this.
    pub(crate) fn open(to: fn(&Ask) -> bool) -> Self {
        Self { told: true, ..Self::to(to) }
    }
}

impl Gate for Ajar {
    fn pass(&self, mut ask: Ask, next: Next) -> Answering {
        let (last, to, told) = (Arc::clone(&self.last), self.to, self.told);
        Box::pin(async move {
            let reply = next.call(ask.clone()).await;
            if ok(&reply) && ask.headers.contains_key(AUTHORIZATION) {
                *last.lock().unwrap_or_else(PoisonError::into_inner) =
                    ask.headers.get(AUTHORIZATION).cloned();
            }
            let good = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(good) = good.filter(|_| is(&reply, 401) && to(&ask)) {
                ask.headers.insert(AUTHORIZATION, good);
                let done = next.call(ask).await;
                return if told { done } else { reply };
            }
            reply
        })
    }
}
