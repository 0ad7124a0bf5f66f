//! Writes that are acknowledged, and lose one of the attributes that they carry.

use protocol::endpoint;
use serde_json::Value;

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{at, below, creating, cut, patching, replacing, send};
use crate::faults::patch::{operations, path};

/// A fault that takes an attribute out of what is written before it gets there.
macro_rules! loses {
    ($name:literal, $title:literal, [$($breaks:literal),+], $when:ident, $pointer:literal) => {
        Fault::request($name, $title, &[$($breaks),+], |ask| {
            if $when(ask) {
                lose(ask, $pointer);
            }
        })
        .of_state()
    };
}

pub(super) const FAULTS: &[Fault] = &[
    loses!(
        "replace-loses-external-id",
        "a replace is acknowledged and loses the externalId",
        ["RFC7644-3.5.1-R4"],
        user_replaced,
        "/externalId"
    ),
    loses!(
        "replace-loses-active",
        "a replace is acknowledged and loses active",
        ["RFC7644-3.5.1-R4"],
        user_replaced,
        "/active"
    )
    .collateral(&[("replace.switches-active", "it writes active")]),
    loses!(
        "replace-loses-given-name",
        "a replace is acknowledged and loses the given name",
        ["RFC7644-3.5.1-R4"],
        user_replaced,
        "/name/givenName"
    ),
    loses!(
        "replace-loses-email-types",
        "a replace is acknowledged and loses what kind of address each e-mail address is",
        ["RFC7644-3.5.1-R4"],
        user_replaced,
        "/emails/*/type"
    ),
    loses!(
        "replace-loses-timezone",
        "a replace is acknowledged and loses the timezone",
        ["RFC7644-3.5.1-R4"],
        user_replaced,
        "/timezone"
    ),
    loses!(
        "create-loses-locale",
        "a create is acknowledged and loses the locale",
        ["RFC7644-3.3-R1"],
        user_created,
        "/locale"
    ),
    loses!(
        "create-loses-phone-types",
        "a create is acknowledged and loses what kind of number each phone number is",
        ["RFC7643-2.4-R1", "RFC7644-3.3-R1"],
        user_created,
        "/phoneNumbers/*/type"
    )
    .collateral(&[("patch.replace-in-a-phone-number", "it selects a number by its type")]),
    loses!(
        "pathless-replace-loses-postal-codes",
        "a replace without path is acknowledged and loses postal codes",
        ["RFC7644-3.5.2.3-R1"],
        pathless,
        "/addresses/*/postalCode"
    ),
    loses!(
        "replace-of-a-group-loses-external-id",
        "a replace of a group is acknowledged and loses the externalId",
        ["RFC7644-3.5.1-R4"],
        group_replaced,
        "/externalId"
    )
    .of_groups(),
];

fn user_replaced(ask: &Ask) -> bool {
    replacing(ask) && below(ask, endpoint::USERS)
}

fn group_replaced(ask: &Ask) -> bool {
    replacing(ask) && below(ask, endpoint::GROUPS)
}

fn user_created(ask: &Ask) -> bool {
    creating(ask) && at(ask, endpoint::USERS)
}

fn pathless(ask: &Ask) -> bool {
    patching(ask) && below(ask, endpoint::USERS)
}

/// Takes a value out of the body, or out of each operation that names no path. A star stands for every value of a list.
fn lose(ask: &mut Ask, pointer: &str) {
    send(ask, |body| match operations(body) {
        Some(all) => {
            for operation in all.iter_mut().filter(|operation| path(operation).is_none()) {
                operation.get_mut("value").into_iter().for_each(|value| cut_each(value, pointer));
            }
        }
        None => cut_each(body, pointer),
    });
}

fn cut_each(value: &mut Value, pointer: &str) {
    let Some((list, part)) = pointer.split_once("/*") else { return cut(value, pointer) };
    let items = value.pointer_mut(list).and_then(Value::as_array_mut);
    items.into_iter().flatten().for_each(|item| cut(item, part));
}
