use serde_json::json;

use crate::faults::Fault;
use crate::faults::edit::{answer, deleting, is, no_content};
use crate::faults::stores::{edited, hiding_deleted, listing_deleted};

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "delete-answers-200",
        "a delete answers 200 with a body",
        &["RFC7644-3.6-R6"],
        |ask, reply| {
            if deleting(ask) && is(reply, 204) {
                *reply = answer(200, &json!({}));
            }
        },
    ),
    Fault::store(
        "store-keeps-deleted",
        "a deleted resource can still be read and written",
        &["RFC7644-3.6-R2", "B-40", "P-05"],
        hiding_deleted,
    ),
    Fault::store(
        "bug-r11-deleted-stay-listed",
        "a deleted resource is still listed",
        &["RFC7644-3.6-R3"],
        listing_deleted,
    ),
    Fault::store(
        "deleted-names-stay-taken",
        "the userName of a deleted user cannot be used again",
        &["RFC7644-3.6-R4", "RFC7644-3.6-R5"],
        |inner| {
            edited(inner, |_, _, changes| {
                if !changes.deletes.is_empty() {
                    changes.releases.clear();
                }
            })
        },
    ),
    Fault::reply(
        "delete-of-unknown-is-204",
        "a delete of an unknown id answers 204",
        &["RFC7644-3.12-R13"],
        |ask, reply| {
            if deleting(ask) && is(reply, 404) {
                *reply = no_content();
            }
        },
    )
    .collateral(&[
        ("groups.delete-of-unknown-is-404", "it deletes what is not there"),
        ("delete.keeps-to-its-type", "it deletes what is not there"),
        ("credentials.other-tenant-changes-no-user", "it deletes what is not there for another tenant"),
    ]),
];
