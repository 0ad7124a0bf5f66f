//! Defects that show to whoever has a token that opens less than others.

use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, HeaderValue};

use crate::ask::{Ask, Reply};
use crate::faults::edit::{creating, deleting, empty_list, getting, is, listing, ok, reading};
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
