//! RFC 7644 §3.5.2.1: add, by the form of its path.

use harness::expect::{equals, schemas_name, text};
use harness::{Check, sound};
use protocol::urn;
use serde_json::json;

use super::{COST_CENTER, Change, DEPARTMENT, DIVISION, EMPLOYEE_NUMBER, address_of, addresses, enterprise};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    SIMPLE.check("patch.add-simple", "add sets an attribute that has no value"),
    OVER.check("patch.add-over-a-value", "add to a single-valued attribute replaces its value"),
    SUB.check("patch.add-sub-attribute", "add sets a sub-attribute and keeps the others"),
    MULTI.check("patch.add-multi-valued", "add to a multi-valued attribute appends"),
    VALUE_PATH_SUB
        .check("patch.add-in-a-value", "add to a sub-attribute of a selected value changes only that value"),
    EXTENSION.enterprise("patch.add-extension", "add of a whole extension merges its attributes"),
    EXTENSION_SUB.enterprise("patch.add-extension-attribute", "add sets an extension attribute by its URN"),
    PATHLESS.check("patch.add-without-path", "add without path merges the attributes of its value"),
    CORE_URN.check("patch.add-by-core-urn", "add understands a core attribute with the URN of its schema"),
    COMPLEX.check(
        "patch.add-complex",
        "add to a complex attribute keeps the sub-attributes that it does not name",
    ),
];
const _: () = sound(CHECKS);

pub(super) const SIMPLE: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": parts.path("title"), "value": "Analyst" }]),
    |parts| vec![equals(&parts.pointer("title"), "Analyst")],
    &["title"],
    &[rfc7644::ADD_CREATES_MISSING_LOCATION],
);
const OVER: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": parts.path("displayName"), "value": "After" }]),
    |parts| vec![equals(&parts.pointer("displayName"), "After")],
    &["displayName"],
    &[rfc7644::ADD_SINGLE_VALUED_REPLACES],
);
const SUB: &Change = &Change::new(
    |_| json!([{ "op": "add", "path": "name.middleName", "value": "King" }]),
    |_| {
        vec![
            equals("/name/middleName", "King"),
            equals("/name/givenName", "Ada"),
            equals("/name/familyName", "Lovelace"),
        ]
    },
    &["name.middleName", "name.givenName", "name.familyName"],
    &[rfc7644::ADD_CREATES_MISSING_LOCATION],
);
const MULTI: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": "emails", "value": [{ "value": parts.mail("other"), "type": "other" }] }]),
    |parts| vec![addresses(parts, &["home", "other", "work"])],
    &["emails.value", "emails.type"],
    &[rfc7644::ADD_MULTIVALUED_APPENDS],
);
const VALUE_PATH_SUB: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": r#"emails[type eq "work"].value"#, "value": parts.mail("new") }]),
    |parts| vec![addresses(parts, &["home", "new"]), address_of("work", "value", parts.mail("new"))],
    &["emails.value", "emails.type"],
    &[rfc7644::ADD_EXISTING_TARGET_REPLACES],
);
const EXTENSION: &Change = &Change::new(
    |_| json!([{ "op": "add", "path": urn::ENTERPRISE_USER, "value": { "division": "North", "costCenter": "8" } }]),
    |_| {
        vec![
            equals(&enterprise("division"), "North"),
            equals(&enterprise("costCenter"), "8"),
            equals(&enterprise("department"), "Engines"),
        ]
    },
    &[DIVISION, COST_CENTER, DEPARTMENT],
    &[rfc7644::ADD_COMPLEX_GIVES_SUBATTRIBUTES],
).open_to_reading();
const EXTENSION_SUB: &Change = &Change::new(
    |_| json!([{ "op": "add", "path": format!("{}:employeeNumber", urn::ENTERPRISE_USER), "value": "42" }]),
    |_| {
        vec![
            equals(&enterprise("employeeNumber"), "42"),
            equals(&enterprise("department"), "Engines"),
            schemas_name(urn::ENTERPRISE_USER).under(rfc7643::SCHEMAS_LISTS_SUPPORTED_SCHEMAS),
        ]
    },
    &[EMPLOYEE_NUMBER, DEPARTMENT],
    &[rfc7644::ADD_CREATES_MISSING_LOCATION, rfc7643::SCHEMAS_LISTS_SUPPORTED_SCHEMAS],
);
const PATHLESS: &Change = &Change::new(
    |parts| {
        let mut value = parts.member("title", "Analyst");
        value.insert("emails".to_owned(), json!([{ "value": parts.mail("other"), "type": "other" }]));
        json!([{ "op": "add", "value": value }])
    },
    |parts| {
        vec![
            equals(&parts.pointer("title"), "Analyst"),
            addresses(parts, &["home", "other", "work"]),
            equals(&parts.pointer("userType"), "Nick"),
        ]
    },
    &["title", "userType", "emails.value", "emails.type"],
    &[rfc7644::ADD_WITHOUT_PATH_MERGES],
);
const CORE_URN: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": format!("{}:{}", urn::USER, parts.path("title")), "value": "Analyst" }]),
    |parts| vec![equals(&parts.pointer("title"), "Analyst"), text(&parts.pointer("displayName"))],
    &["title", "displayName"],
    &[rfc7644::ADD_CREATES_MISSING_LOCATION],
);
const COMPLEX: &Change = &Change::new(
    |_| json!([{ "op": "add", "path": "name", "value": { "givenName": "Augusta" } }]),
    |_| vec![equals("/name/givenName", "Augusta"), equals("/name/familyName", "Lovelace")],
    &["name.givenName", "name.familyName"],
    &[rfc7644::ADD_COMPLEX_GIVES_SUBATTRIBUTES],
);
