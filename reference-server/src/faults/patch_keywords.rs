//! PATCH that is refused for another reason than the one it says.

use serde_json::json;

use crate::faults::Fault;
use crate::faults::edit::{json, patching, set};

/// A fault that gives a refused PATCH another keyword.
macro_rules! misnames {
    ($name:literal, $title:literal, [$($breaks:literal),+], $($keyword:literal),+) => {
        Fault::reply($name, $title, &[$($breaks),+], |ask, reply| {
            if patching(ask) {
                json(reply, |error| {
                    if [$($keyword),+].iter().any(|keyword| error.get("scimType") == Some(&json!(keyword))) {
                        set(error, "/scimType", "tooMany");
                    }
                });
            }
        })
    };
}

pub(super) const FAULTS: &[Fault] = &[
    misnames!(
        "no-target-says-too-many",
        "a PATCH without target is refused as too many",
        ["RFC7644-3.12-R26"],
        "noTarget"
    ),
    misnames!(
        "patch-mutability-says-too-many",
        "a PATCH of what is read-only is refused as too many",
        ["RFC7644-3.12-R23"],
        "mutability"
    ),
    misnames!(
        "patch-value-says-too-many",
        "a PATCH with an unfit value is refused as too many",
        ["RFC7644-3.12-R27"],
        "invalidValue"
    ),
    misnames!(
        "patch-path-says-too-many",
        "a PATCH with a malformed path is refused as too many",
        ["RFC7644-3.12-R25"],
        "invalidPath",
        "invalidFilter"
    ),
    misnames!(
        "patch-syntax-says-too-many",
        "a malformed PATCH is refused as too many",
        ["RFC7644-3.12-R24"],
        "invalidSyntax"
    ),
    misnames!(
        "patch-duplicate-says-too-many",
        "a PATCH onto a taken userName is refused as too many",
        ["RFC7644-3.12-R22", "B-10"],
        "uniqueness"
    ),
];
