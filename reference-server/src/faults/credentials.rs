//! Defects that show to whoever has a token that opens less than others.

use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, HeaderValue};
use protocol::endpoint;

use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    at, creating, deleting, empty_list, getting, is, listing, ok, patching, reading, replacing,
};
use crate::faults::races::{holder, overwritten};
use crate::faults::{Answering, Bend, Fault, Gate, Next};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "expired-tokens-are-served",
        "a read with a token that has ended is answered",
        &["RFC7644-7.4-R3", "RFC7644-3.12-R11"],
        |ask, reply| {
            if getting(ask) && is(reply, 401) && says(reply, "has expired") {
                *reply = empty_list();
            }
        },
    ),
    Fault::new(
        "read-only-tokens-create",
        "a token that may only read creates users and groups",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::told(|ask, reply| creating(ask) && is(reply, 403)))),
    ),
    Fault::new(
        "refused-read-only-creates-are-carried-out",
        "a create with a token that may only read answers 403, and is carried out",
        &["RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::secretly(|ask, reply| creating(ask) && is(reply, 403)))),
    )
    .of_state(),
    Fault::new(
        "tenants-read-each-other",
        "a user is shown to the tokens of all tenants",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::told(|ask, reply| reading(ask) && is(reply, 404)))),
    ),
    Fault::new(
        "tenants-search-each-other",
        "a search that finds nothing goes on among the users of another tenant",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| {
            Arc::new(Lent::told(|ask, reply| listing(ask) && ok(reply) && says(reply, "\"totalResults\":0")))
        }),
    ),
    Fault::new(
        "tenants-delete-from-each-other",
        "a token of another tenant deletes a user and is told so",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::told(|ask, reply| deleting(ask) && is(reply, 404)))),
    )
    .of_state(),
    Fault::new(
        "refused-deletes-of-other-tenants-are-carried-out",
        "a token of another tenant deletes a user and is told that there is none",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::secretly(|ask, reply| deleting(ask) && is(reply, 404)))),
    )
    .of_state(),
    Fault::new(
        "bug-r06-tenants-replace-each-other",
        "a token of another tenant replaces a user and is told so",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::told(|ask, reply| replacing(ask) && is(reply, 404)))),
    )
    .of_state(),
    Fault::new(
        "bug-r06-tenants-patch-each-other",
        "a token of another tenant changes a user by PATCH and is told so",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Lent::told(|ask, reply| patching(ask) && is(reply, 404)))),
    )
    .of_state(),
    Fault::new(
        "bug-r06-refused-edits-of-other-tenants-are-carried-out",
        "a token of another tenant changes a user and is told that there is none",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| {
            Arc::new(Lent::secretly(|ask, reply| (replacing(ask) || patching(ask)) && is(reply, 404)))
        }),
    )
    .of_state(),
    Fault::new(
        "bug-r06-creates-take-over-from-other-tenants",
        "a create with a userName that somebody of another tenant has takes that user over",
        &["RFC7644-6.1-R3", "RFC7644-2-R7"],
        Bend::Gate(|| Arc::new(Merged::default())),
    )
    .of_state(),
];

fn says(reply: &Reply, words: &str) -> bool {
    std::str::from_utf8(reply.body()).is_ok_and(|text| text.contains(words))
}

/// A door that opens to whoever is kept out by it, as if he were the one who created something last.
struct Lent {
    to: fn(&Ask, &Reply) -> bool,
    /// Whether he is told of it.
    told: bool,
    last: Arc<Mutex<Option<HeaderValue>>>,
}

impl Lent {
    fn told(to: fn(&Ask, &Reply) -> bool) -> Self {
        Self { to, told: true, last: Arc::default() }
    }

    fn secretly(to: fn(&Ask, &Reply) -> bool) -> Self {
        Self { told: false, ..Self::told(to) }
    }
}

/// A door behind which all tenants have the same users when it comes to creating one.
#[derive(Default)]
struct Merged(Arc<Mutex<Option<HeaderValue>>>);

impl Gate for Merged {
    fn pass(&self, ask: Ask, next: Next) -> Answering {
        let last = Arc::clone(&self.0);
        Box::pin(async move {
            let held = || last.lock().unwrap_or_else(PoisonError::into_inner);
            if !(creating(&ask) && at(&ask, endpoint::USERS)) {
                return next.call(ask).await;
            }
            let own = ask.headers.get(AUTHORIZATION).cloned();
            let other = held().clone().filter(|other| own.as_ref().is_some_and(|own| own != other));
            if let Some(other) = other {
                let mut lent = ask.clone();
                lent.headers.insert(AUTHORIZATION, other);
                if let Some(id) = holder(&lent, &next).await {
                    return overwritten(lent, &next, &id).await;
                }
            }
            let reply = next.call(ask).await;
            if ok(&reply) {
                *held() = own;
            }
            reply
        })
    }
}

impl Gate for Lent {
    fn pass(&self, mut ask: Ask, next: Next) -> Answering {
        let (last, to, told) = (Arc::clone(&self.last), self.to, self.told);
        Box::pin(async move {
            let reply = next.call(ask.clone()).await;
            let held = || last.lock().unwrap_or_else(PoisonError::into_inner);
            if creating(&ask) && ok(&reply) {
                *held() = ask.headers.get(AUTHORIZATION).cloned();
            }
            let lent = held().clone().filter(|_| to(&ask, &reply));
            // Whoever is shut out for other reasons than his token is so by any other.
            let other = lent.filter(|lent| ask.headers.get(AUTHORIZATION).is_some_and(|own| own != lent));
            let Some(other) = other else { return reply };
            ask.headers.insert(AUTHORIZATION, other);
            let done = next.call(ask).await;
            if told { done } else { reply }
        })
    }
}
