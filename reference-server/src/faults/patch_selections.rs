//! PATCH that misreads the filter in a path, or what it is announced as.

use protocol::urn;
use serde_json::json;

use crate::faults::Fault;
use crate::faults::edit::{patching, reword, send, set};
use crate::faults::patch::selects;
use crate::faults::patch_rules::edit;

/// A fault that reads a part of the filter in a path as another one.
macro_rules! misreads {
    ($name:literal, $title:literal, $part:literal, $as:literal) => {
        Fault::request($name, $title, &["RFC7644-3.5.2.2-R4"], |ask| {
            edit(ask, |operations| {
                for op in operations.iter_mut().filter(|op| selects(op)) {
                    reword(op, "/path", |path| path.replace($part, $as));
                }
            });
        })
        .of_state()
    };
}

/// The checks of other things that remove a value which a filter selects.
pub(super) const BY_REMOVAL: &[(&str, &str)] = &[
    ("readings.unmatched-removes", "it removes by a filter"),
    ("groups.remove-a-member", "a member is a value too"),
    ("groups.remove-a-stranger", "a member is a value too"),
    ("patch.selects-by-or", "it removes what it selects"),
    ("patch.selects-by-not", "it removes what it selects"),
    ("patch.selects-by-ne", "it removes what it selects"),
    ("patch.selects-by-sw", "it removes what it selects"),
    ("patch.selects-by-pr", "it removes what it selects"),
];

pub(super) const FAULTS: &[Fault] = &[
    misreads!("patch-or-means-and", "or in the path of a PATCH is read as and", " or ", " and "),
    misreads!("patch-not-is-overlooked", "not in the path of a PATCH is overlooked", "[not (", "[("),
    misreads!("patch-ne-means-eq", "ne in the path of a PATCH is read as eq", " ne ", " eq "),
    misreads!("patch-sw-means-eq", "sw in the path of a PATCH is read as eq", " sw ", " eq "),
    misreads!(
        "patch-pr-finds-what-is-unset",
        "pr in the path of a PATCH selects what has no value",
        "value pr",
        "not (value pr)"
    ),
    Fault::request(
        "patch-needs-no-schemas",
        "a PATCH is taken whatever message it says it is",
        &["RFC7644-3.12-R10"],
        |ask| {
            if patching(ask) {
                send(ask, |body| set(body, "/schemas", json!([urn::PATCH_OP])));
            }
        },
    )
    .of_state(),
];
