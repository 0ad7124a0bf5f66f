//! What makes a server unlike BlogIn.

use engine::{Rules, UnknownAttribute};
use protocol::{endpoint, urn};
use serde_json::Value;

use crate::ask::Reply;
use crate::faults::Fault;
use crate::faults::edit::{
    at, below, creating, cut, deleting, each, empty_list, json, listing, no_content, ok, patching, refusal,
    replacing, send, sent, set,
};
use crate::faults::patch::{operations, path};
use crate::faults::stores::keeping_deleted_members;

/// A fault of a server that has no place for something.
macro_rules! lost {
    ($name:literal, $title:literal, $pointer:literal) => {
        Fault::request($name, $title, &["G-02"], |ask| {
            if creating(ask) && at(ask, endpoint::USERS) {
                send(ask, |user| cut(user, $pointer));
            }
        })
    };
}

/// A fault of a server that cannot filter by something.
macro_rules! unfiltered {
    ($name:literal, $title:literal, $($path:literal),+) => {
        Fault::rules($name, $title, &["G-05"], |rules| filterable(rules, |known| ![$($path),+].contains(&known)))
    };
}

pub(super) const FAULTS: &[Fault] = &[
    lost!("create-loses-active", "a create switches every user on", "/active"),
    lost!("create-loses-the-title", "a create loses the title", "/title"),
    lost!("create-loses-the-formatted-name", "a create loses the formatted name", "/name/formatted"),
    lost!("create-loses-emails", "a create loses the e-mail", "/emails"),
    lost!("create-loses-phone-numbers", "a create loses the phone number", "/phoneNumbers"),
    Fault::around("password-is-refused", "a create with a password is refused", &["G-02"], |ask, next| {
        if creating(&ask) && sent(&ask).get("password").is_some() {
            return Box::pin(std::future::ready(refusal("invalidValue")));
        }
        next.call(ask)
    }),
    Fault::rules("external-id-is-kept", "users have an externalId", &["G-07"], |rules| {
        if let Ok(standard) = Rules::rfc() {
            let is_meant = |known: &engine::Attribute| known.name == "externalId";
            rules.common.extend(standard.common.into_iter().filter(is_meant));
        }
    }),
    Fault::reply(
        "group-name-finds-nobody",
        "a filter by displayName finds no group",
        &["G-03"],
        |ask, reply| {
            let by_name = ask.parameter("filter").is_some_and(|filter| filter.starts_with("displayName eq "));
            if listing(ask) && at(ask, endpoint::GROUPS) && by_name && ok(reply) {
                *reply = empty_list();
            }
        },
    ),
    Fault::request(
        "groups-cannot-be-renamed",
        "a PATCH leaves the name of a group as it is",
        &["G-03"],
        |ask| {
            if patching(ask) && below(ask, endpoint::GROUPS) {
                send(ask, |body| {
                    if let Some(operations) = operations(body) {
                        operations.retain(|op| path(op) != Some("displayName"));
                    }
                });
            }
        },
    ),
    Fault::around(
        "groups-cannot-be-deleted",
        "a DELETE of a group is 204 and does nothing",
        &["G-03"],
        |ask, next| {
            if deleting(&ask) && below(&ask, endpoint::GROUPS) {
                return Box::pin(std::future::ready(no_content()));
            }
            next.call(ask)
        },
    ),
    Fault::reply(
        "replaced-passwords-are-echoed",
        "a replace answers with the password that it carried",
        &["G-02"],
        |ask, reply| {
            if replacing(ask) && ok(reply) {
                echo(reply, sent(ask).get("password"));
            }
        },
    ),
    Fault::reply(
        "patched-passwords-are-echoed",
        "a PATCH answers with the password that it carried",
        &["G-02"],
        |ask, reply| {
            let is_password = |operation: &&Value| path(operation) == Some("password");
            let mut body = sent(ask);
            let operation = operations(&mut body).and_then(|all| all.iter().find(is_password).cloned());
            if patching(ask) && ok(reply) {
                echo(reply, operation.as_ref().and_then(|operation| operation.get("value")));
            }
        },
    ),
    Fault::reply(
        "found-users-have-an-external-id",
        "a search shows an externalId",
        &["G-07"],
        |ask, reply| {
            if listing(ask) && ask.parameter("filter").is_some() {
                each(ask, reply, endpoint::USERS, |user| set(user, "/externalId", "4711"));
            }
        },
    ),
    Fault::reply(
        "password-filters-find-nobody",
        "a filter on the password finds nobody",
        &["G-05"],
        |ask, reply| {
            if listing(ask) && ask.parameter("filter").is_some_and(|filter| filter.starts_with("password")) {
                *reply = empty_list();
            }
        },
    ),
    Fault::store(
        "bug-g14-deleted-users-stay-members",
        "a deleted user stays a member of one group",
        &["G-04"],
        keeping_deleted_members,
    ),
    unfiltered!("active-is-not-filtered", "a filter cannot name active", "active"),
    unfiltered!("titles-are-not-filtered", "a filter cannot name the title", "title"),
    unfiltered!("names-are-not-filtered", "a filter cannot name the parts of the name", "name"),
    unfiltered!("emails-are-not-filtered", "a filter cannot name e-mails", "emails"),
    unfiltered!("phones-are-not-filtered", "a filter cannot name phone numbers", "phoneNumbers"),
    Fault::rules(
        "unknown-filters-find-nobody",
        "a filter that names what users do not have finds nobody",
        &["G-05"],
        |rules| rules.readings.filter.unknown = UnknownAttribute::HasNoValue,
    ),
];

fn echo(reply: &mut Reply, password: Option<&Value>) {
    if let Some(password) = password {
        json(reply, |user| set(user, "/password", password.clone()));
    }
}

fn filterable(rules: &mut Rules, keeps: impl Fn(&str) -> bool) {
    let users = rules.resource_types.iter_mut().filter(|known| known.schema == urn::USER);
    users.filter_map(|known| known.filterable.as_mut()).for_each(|paths| paths.retain(|path| keeps(path)));
}
