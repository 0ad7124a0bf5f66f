//! Paths and queries, as they are encoded on the wire.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Form encoding leaves these alone; a blank becomes a plus sign (W).
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b' ');

/// The unreserved characters of RFC 3986 §2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The filter `target eq "value"`, encoded.
pub(super) fn equals(target: &str, value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let filter = format!("{target} eq \"{escaped}\"");
    utf8_percent_encode(&filter, FORM).to_string().replace(' ', "+")
}

/// The path of a resource. An id of dots alone would be taken for a step between directories.
pub(super) fn resource(endpoint: &str, id: &str) -> String {
    let id = match id {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        id => utf8_percent_encode(id, SEGMENT).to_string(),
    };
    format!("{endpoint}/{id}")
}
