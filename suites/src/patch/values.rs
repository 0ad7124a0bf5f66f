//! RFC 7644 §3.5.2 on what clients write besides names and e-mails: addresses, phone numbers, and an extension that is
//! named inside the value. Who patches one attribute well need not patch the next one.

use harness::expect::{equals, pointer_that};
use harness::{Check, Expectation, sound};
use protocol::urn;
use serde_json::{Value, json};

use super::{COST_CENTER, Change, DEPARTMENT, DIVISION, enterprise};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    ADDRESS_ADDED.check("patch.add-an-address", "add of an address keeps the one that is there"),
    ADDRESS.check("patch.replace-in-an-address", "replace of a part of a selected address changes just that"),
    PHONE.check(
        "patch.replace-in-a-phone-number",
        "replace of the number of a selected phone changes just that",
    ),
    ADDED.enterprise(
        "patch.add-extension-without-path",
        "add without path merges an extension that its value names by its URN",
    ),
    REPLACED.enterprise(
        "patch.replace-extension-without-path",
        "replace without path sets the attributes of an extension that its value names by its URN",
    ),
];
const _: () = sound(CHECKS);

type Besides = fn() -> Value;

/// What the person of a row has besides, where the row is about it.
pub(super) const BESIDES: &[(&str, Besides)] = &[
    ("addresses", || {
        let work =
            json!({ "type": "work", "locality": "London", "streetAddress": "1 Engine Row", "primary": true });
        json!([work])
    }),
    ("phoneNumbers", || {
        let work = json!({ "type": "work", "value": "+44-20-5555-0101", "primary": true });
        json!([work, { "type": "mobile", "value": "+44-20-5555-0102" }])
    }),
];

/// Exactly these values of a part, in any order.
fn parts_are(attribute: &'static str, part: &'static str, wanted: &'static [&'static str]) -> Expectation {
    let words = format!("exactly the {part} {wanted:?}");
    pointer_that(&format!("/{attribute}"), words, move |values| {
        let seen = values.as_array().into_iter().flatten();
        let mut seen: Vec<&str> = seen.filter_map(|value| value.get(part).and_then(Value::as_str)).collect();
        seen.sort_unstable();
        seen == wanted
    })
}

const ADDRESS_ADDED: &Change = &Change::new(
    |_| json!([{ "op": "add", "path": "addresses", "value": [{ "type": "home", "locality": "Paris" }] }]),
    |_| vec![parts_are("addresses", "locality", &["London", "Paris"])],
    &["addresses.type", "addresses.locality"],
    &[rfc7644::ADD_MULTIVALUED_APPENDS],
);
const ADDRESS: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": r#"addresses[type eq "work"].locality"#, "value": "Paris" }]),
    |_| {
        vec![
            parts_are("addresses", "locality", &["Paris"]),
            parts_are("addresses", "streetAddress", &["1 Engine Row"]),
        ]
    },
    &["addresses.type", "addresses.locality", "addresses.streetAddress"],
    &[rfc7644::FILTERED_REPLACE_OF_SUBATTRIBUTE],
);
const PHONE: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": r#"phoneNumbers[type eq "work"].value"#, "value": "+33-1-5555-0199" }]),
    |_| vec![parts_are("phoneNumbers", "value", &["+33-1-5555-0199", "+44-20-5555-0102"])],
    &["phoneNumbers.type", "phoneNumbers.value"],
    &[rfc7644::FILTERED_REPLACE_OF_SUBATTRIBUTE],
);
const ADDED: &Change = &Change::new(
    |_| json!([{ "op": "add", "value": { urn::ENTERPRISE_USER: { "division": "North" } } }]),
    |_| vec![equals(&enterprise("division"), "North"), equals(&enterprise("department"), "Engines")],
    &[DIVISION, DEPARTMENT],
    &[rfc7644::ADD_WITHOUT_PATH_MERGES],
);
const REPLACED: &Change = &Change::new(
    |_| {
        let value = json!({ "department": "Looms", "costCenter": "8" });
        json!([{ "op": "replace", "value": { urn::ENTERPRISE_USER: value } }])
    },
    |_| vec![equals(&enterprise("department"), "Looms"), equals(&enterprise("costCenter"), "8")],
    &[DEPARTMENT, COST_CENTER],
    &[rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
);
