//! Versions of the protocol in addresses.

use http::Method;

use crate::faults::Fault;
use crate::faults::edit::{is, json, set};

pub(super) const FAULTS: &[Fault] = &[
    Fault::request(
        "named-versions-are-overlooked",
        "an address with any version of the protocol is read as if it had none",
        &["RFC7644-3.13-R3"],
        |ask| {
            if ask.method == Method::GET && names_a_version(&ask.path) {
                let rest = ask.path.get(1..).and_then(|path| path.find('/')).map_or(0, |end| end + 1);
                ask.path.drain(..rest);
            }
        },
    ),
    Fault::reply(
        "unknown-version-says-invalid-value",
        "an unknown version of the protocol is refused as an unfit value",
        &["RFC7644-3.12-R28"],
        |ask, reply| {
            if is(reply, 400) && names_a_version(&ask.path) {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
];

fn names_a_version(path: &str) -> bool {
    path.strip_prefix("/v").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}
