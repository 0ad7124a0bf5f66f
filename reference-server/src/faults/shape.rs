//! Resources that do not say what they are, and times that say nothing.

use jiff::tz::Offset;
use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{cut, each, each_resource, listing, reword, set};

/// A time without its zone.
const LOCAL: &str = "%Y-%m-%dT%H:%M:%S%.3f";

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "listed-resources-lack-schemas",
        "a list shows resources that name no schema",
        &["RFC7643-3-R2", "RFC7643-2.1-R1"],
        |ask, reply| in_lists(ask, reply, |resource| cut(resource, "/schemas")),
    )
    .collateral(LIKE_A_READ),
    Fault::reply(
        "listed-groups-name-no-schema",
        "a list shows groups whose schemas are empty",
        &["RFC7643-3.3-R2"],
        |ask, reply| {
            if listing(ask) {
                each(ask, reply, endpoint::GROUPS, |group| set(group, "/schemas", json!([])));
            }
        },
    )
    .of_groups(),
    Fault::reply(
        "listed-resources-lack-their-type",
        "a list shows resources without meta.resourceType",
        &["RFC7643-3-R1"],
        |ask, reply| in_lists(ask, reply, |resource| cut(resource, "/meta/resourceType")),
    )
    .collateral(LIKE_A_READ),
    Fault::reply(
        "listed-groups-lack-ids",
        "a list shows groups without their id",
        &["RFC7643-3.1-R5"],
        |ask, reply| {
            if listing(ask) {
                each(ask, reply, endpoint::GROUPS, |group| cut(group, "/id"));
            }
        },
    )
    .of_groups()
    .collateral(&[
        ("groups.are-shown-whole", "it knows the group by its id"),
        ("groups.pages-cover-everything", "it knows the groups by their ids"),
        ("groups.are-sorted", "it knows the groups by their ids"),
        ("groups.list-honours-attributes", "it knows the group by its id"),
        ("groups.list-honours-exclusion", "it knows the group by its id"),
        ("groups.found-by-display-name", "it knows the groups by their ids"),
        ("groups.found-by-external-id", "it knows the groups by their ids"),
        ("groups.found-by-id", "it knows the groups by their ids"),
        ("groups.found-by-member", "it knows the groups by their ids"),
        ("groups.no-match-is-an-empty-list", "its twin knows the groups by their ids"),
    ]),
    Fault::reply(
        "bug-m03-changes-are-in-local-time",
        "meta.lastModified is told by a clock in the east, and without its zone",
        &["RFC7643-3.1-R23"],
        |ask, reply| {
            each_resource(ask, reply, |resource| {
                reword(resource, "/meta/lastModified", |time| match time.parse() {
                    Ok(moment) => Offset::constant(2).to_datetime(moment).strftime(LOCAL).to_string(),
                    Err(_) => time.to_owned(),
                });
            });
        },
    ),
    Fault::reply(
        "every-value-is-primary",
        "every one of several e-mail addresses is called the primary one",
        &["RFC7643-2.4-R3"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                let emails = user.get_mut("emails").and_then(Value::as_array_mut);
                let several = emails.filter(|emails| emails.len() > 1);
                several.into_iter().flatten().for_each(|email| set(email, "/primary", true));
            });
        },
    )
    .collateral(&[("sort.by-primary-value", "the value to sort by is kept beside another primary one")]),
    Fault::reply(
        "last-modified-stands-still",
        "meta.lastModified is the time of creation for good",
        &["RFC7643-3.1-R24"],
        |ask, reply| each_resource(ask, reply, |resource| copy(resource, "created", "lastModified")),
    ),
    Fault::reply(
        "created-moves-with-changes",
        "meta.created is the time of the last change",
        &["RFC7643-3.1-R24", "RFC7643-3.1-R7"],
        |ask, reply| each_resource(ask, reply, |resource| copy(resource, "lastModified", "created")),
    ),
];

/// The checks that compare a list with a read.
const LIKE_A_READ: &[(&str, &str)] = &[
    ("list.shows-users-whole", "it compares a list with the read"),
    ("groups.are-shown-whole", "it compares a list with the read"),
];

fn in_lists(ask: &Ask, reply: &mut Reply, edit: impl FnMut(&mut Value)) {
    if listing(ask) {
        each_resource(ask, reply, edit);
    }
}

fn copy(resource: &mut Value, from: &str, to: &str) {
    if let Some(time) = resource.pointer(&format!("/meta/{from}")).cloned() {
        set(resource, &format!("/meta/{to}"), time);
    }
}
