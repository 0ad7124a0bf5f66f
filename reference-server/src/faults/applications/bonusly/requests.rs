//! What shows in the answers to a replace, to a PATCH and to a search alone.

use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::EXTENSION;
use super::attributes::without;
use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::applications::create_group;
use crate::faults::edit::{
    cut, each, empty_list, listing, look, patching, replacing, reword, send, sent, shown, unless,
};

/// A fault that loses a value of a replace.
macro_rules! lost {
    ($name:literal, $title:literal, $breaks:literal, $pointer:expr) => {
        Fault::request($name, $title, &[$breaks], |ask| {
            if replacing(ask) {
                send(ask, |user| cut(user, &$pointer));
            }
        })
    };
}

/// A fault that shows users otherwise in the answer to a search.
macro_rules! found {
    ($name:literal, $title:literal, $breaks:literal, $edit:expr) => {
        Fault::reply($name, $title, &[$breaks], |ask, reply| found(ask, reply, $edit))
    };
}

pub(in crate::faults::applications) const FAULTS: &[Fault] = &[
    Fault::around("groups-can-be-created", "a POST to /Groups is 201", &["B-01"], create_group),
    Fault::rules(
        "active-is-shown-where-it-was-sent",
        "active is not shown where nobody sent it, or where it was taken away",
        &["B-11"],
        |rules| without(rules, "default"),
    ),
    lost!("put-loses-names", "a replace loses given and family name", "B-13", "/name"),
    lost!("put-loses-addresses", "a replace loses the country", "B-15", "/addresses"),
    lost!("put-loses-locale", "a replace loses locale", "B-17", "/locale"),
    lost!("put-loses-hired-on", "a replace loses hiredOn", "B-27", format!("/{EXTENSION}/hiredOn")),
    lost!("put-loses-the-user-mode", "a replace loses userMode", "B-29", format!("/{EXTENSION}/userMode")),
    found!("found-users-lack-the-family-name", "a search shows no family name", "B-13", |user| {
        cut(user, "/name/familyName");
    }),
    found!("found-countries-are-names", "a search shows a country by its name", "B-15", |user| {
        for address in user.get_mut("addresses").and_then(Value::as_array_mut).into_iter().flatten() {
            reword(address, "/country", |_| "Norway".to_owned());
        }
    }),
    found!("found-locales-have-a-region", "a search shows locale with a region", "B-17", |user| {
        reword(user, "/locale", |language| format!("{language}-US"));
    }),
    found!("found-hired-on-is-an-instant", "a search shows hiredOn as an instant", "B-27", |user| {
        reword(user, &format!("/{EXTENSION}/hiredOn"), |date| format!("{date}T00:00:00Z"));
    }),
    found!("found-receivers-are-normal", "a search shows the userMode receiver as normal", "B-29", |user| {
        reword(user, &format!("/{EXTENSION}/userMode"), |mode| mode.replace("receiver", "normal"));
    }),
    Fault::around(
        "put-of-another-email-is-overlooked",
        "a replace whose work e-mail is not the userName answers 200 and changes nothing",
        &["B-14"],
        |mut ask, next| {
            let body = sent(&ask);
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_lowercase);
            let email = text("/emails/0/value");
            if replacing(&ask) && email.is_some() && email != text("/userName") {
                ask = look(&ask);
            }
            next.call(ask)
        },
    ),
    Fault::around(
        "put-of-the-placeless-is-refused",
        "a replace with attributes that have no place is refused",
        &["B-30"],
        |ask, next| {
            let body = sent(&ask);
            let placeless = ["displayName", "phoneNumbers", "roles", urn::ENTERPRISE_USER];
            let refused = replacing(&ask) && placeless.iter().any(|name| body.get(name).is_some());
            unless(refused, "invalidValue", ask, &next)
        },
    ),
    Fault::reply(
        "patched-users-lack-the-manager",
        "the answer to a PATCH does not show managerEmail",
        &["B-32"],
        |ask, reply| {
            if patching(ask) {
                each(ask, reply, endpoint::USERS, |user| cut(user, &format!("/{EXTENSION}/managerEmail")));
            }
        },
    ),
    Fault::reply(
        "links-of-the-inactive-are-lost",
        "a user who is switched off is not found by externalId",
        &["B-40"],
        |ask, reply| {
            let by_link = ask.parameter("filter").is_some_and(|filter| filter.starts_with("externalId"));
            let hit = shown(reply);
            if listing(ask) && by_link && hit.pointer("/Resources/0/active") == Some(&json!(false)) {
                *reply = empty_list();
            }
        },
    ),
];

fn found(ask: &Ask, reply: &mut Reply, edit: fn(&mut Value)) {
    if listing(ask) && ask.parameter("filter").is_some() {
        each(ask, reply, endpoint::USERS, edit);
    }
}
