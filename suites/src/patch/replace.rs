//! RFC 7644 §3.5.2.3: replace, by the form of its path.

use harness::expect::equals;
use harness::{Check, sound};
use protocol::urn;
use serde_json::json;

use super::{COST_CENTER, Change, DEPARTMENT, address_of, addresses, enterprise};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    SIMPLE.check("patch.replace-simple", "replace sets a single-valued attribute"),
    MISSING.check("patch.replace-missing", "replace of an attribute without value acts as add"),
    SUB.check("patch.replace-sub-attribute", "replace sets a sub-attribute and keeps the others"),
    MULTI.check("patch.replace-multi-valued", "replace of a multi-valued attribute replaces all its values"),
    VALUE.check("patch.replace-a-value", "replace of a selected value leaves the other values alone"),
    VALUE_SUB.check(
        "patch.replace-in-a-value",
        "replace of a sub-attribute of a selected value changes just that",
    ),
    EVERY.check("patch.replace-every-match", "replace changes every value that the filter selects"),
    EXTENSION.enterprise("patch.replace-extension", "replace of a whole extension sets its attributes"),
    EXTENSION_SUB
        .enterprise("patch.replace-extension-attribute", "replace sets an extension attribute by its URN"),
    PATHLESS.check(
        "patch.replace-without-path",
        "replace without path replaces the attributes that its value names, and no others",
    ),
    CORE_URN.check(
        "patch.replace-by-core-urn",
        "replace understands a core attribute with the URN of its schema",
    ),
    COMPLEX.check(
        "patch.replace-complex",
        "replace of a complex attribute keeps the sub-attributes that it does not name",
    ),
];
const _: () = sound(CHECKS);

const SIMPLE: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": parts.path("displayName"), "value": "After" }]),
    |parts| vec![equals(&parts.pointer("displayName"), "After")],
    &["displayName"],
    &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
);
const MISSING: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": parts.path("title"), "value": "Analyst" }]),
    |parts| vec![equals(&parts.pointer("title"), "Analyst")],
    &["title"],
    &[rfc7644::REPLACE_MISSING_ACTS_AS_ADD],
);
const SUB: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": "name.givenName", "value": "Augusta" }]),
    |_| vec![equals("/name/givenName", "Augusta"), equals("/name/familyName", "Lovelace")],
    &["name.givenName", "name.familyName"],
    &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
);
const MULTI: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": "emails", "value": [{ "value": parts.mail("only"), "type": "work" }] }]),
    |parts| vec![addresses(parts, &["only"])],
    &["emails.value", "emails.type"],
    &[rfc7644::REPLACE_MULTIVALUED_REPLACES_ALL],
);
const VALUE: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": parts.mail("new"), "type": "work" } }]),
    |parts| vec![addresses(parts, &["home", "new"])],
    &["emails.value", "emails.type"],
    &[rfc7644::FILTERED_REPLACE_HITS_EVERY_MATCH],
);
pub(super) const VALUE_SUB: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": r#"emails[type eq "work"].value"#, "value": parts.mail("new") }]),
    |parts| {
        vec![
            address_of("work", "value", parts.mail("new")),
            address_of("home", "value", parts.mail("home")),
            addresses(parts, &["home", "new"]),
        ]
    },
    &["emails.value", "emails.type"],
    &[rfc7644::FILTERED_REPLACE_OF_SUBATTRIBUTE],
);
const EVERY: &Change = &Change::new(
    |parts| {
        let path = format!("emails[value ew \"{}\"].type", parts.ending());
        json!([{ "op": "replace", "path": path, "value": "other" }])
    },
    |parts| {
        vec![
            address_of("other", "value", parts.mail("work")),
            address_of("other", "value", parts.mail("home")),
        ]
    },
    &["emails.value", "emails.type"],
    &[rfc7644::FILTERED_REPLACE_HITS_EVERY_MATCH],
);
const EXTENSION: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": urn::ENTERPRISE_USER, "value": { "department": "Looms" } }]),
    |_| vec![equals(&enterprise("department"), "Looms")],
    &[DEPARTMENT],
    &[rfc7644::REPLACE_COMPLEX_GIVES_SUBATTRIBUTES],
)
.open_to_reading();
pub(super) const EXTENSION_SUB: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": format!("{}:department", urn::ENTERPRISE_USER), "value": "Looms" }]),
    |_| vec![equals(&enterprise("department"), "Looms"), equals(&enterprise("costCenter"), "7")],
    &[DEPARTMENT, COST_CENTER],
    &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
);
pub(super) const PATHLESS: &Change = &Change::new(
    |parts| {
        let mut value = parts.member("displayName", "After");
        value.insert("emails".to_owned(), json!([{ "value": parts.mail("only"), "type": "work" }]));
        json!([{ "op": "replace", "value": value }])
    },
    |parts| {
        vec![
            equals(&parts.pointer("displayName"), "After"),
            addresses(parts, &["only"]),
            equals(&parts.pointer("userType"), "Nick"),
        ]
    },
    &["displayName", "userType", "emails.value", "emails.type"],
    &[rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
);
const CORE_URN: &Change = &Change::new(
    |parts| json!([{ "op": "replace", "path": format!("{}:{}", urn::USER, parts.path("displayName")), "value": "After" }]),
    |parts| vec![equals(&parts.pointer("displayName"), "After")],
    &["displayName"],
    &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
);
const COMPLEX: &Change = &Change::new(
    |_| json!([{ "op": "replace", "path": "name", "value": { "givenName": "Augusta" } }]),
    |_| vec![equals("/name/givenName", "Augusta"), equals("/name/familyName", "Lovelace")],
    &["name.givenName", "name.familyName"],
    &[rfc7644::REPLACE_COMPLEX_KEEPS_UNNAMED],
);
