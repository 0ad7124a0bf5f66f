//! Comparisons on other types than plain strings, and on common attributes.

use harness::{Check, sound};

use super::FilterRow;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    BOOLEAN.check("filter.eq-on-a-boolean", "eq compares a Boolean with a JSON literal"),
    ID.check("filter.eq-on-the-id", "a user is found by its id"),
    EXTERNAL_ID.check("filter.eq-on-external-id", "a user is found by its externalId"),
    USER_NAME_CASE
        .check("filter.username-ignores-case", "userName is compared without regard to letter case"),
    EXTERNAL_ID_CASE.check("filter.external-id-respects-case", "externalId is compared letter by letter"),
    SUB_ATTRIBUTE
        .check("filter.sub-attribute-is-compared", "a sub-attribute of a complex attribute is compared"),
    ANY_VALUE.check("filter.any-value-matches", "a multi-valued attribute matches by any of its values"),
    CREATED_AFTER.check(
        "filter.date-times-compare-in-time",
        "date-times are compared as instants, whatever their offset",
    ),
    CREATED_BEFORE
        .check("filter.nothing-is-older-than-the-run", "lt on a date-time leaves out what is later"),
    MODIFIED.check("filter.last-modified-is-compared", "users are found by when they were last modified"),
    QUOTED.check(
        "filter.escapes-are-understood",
        "quotes, backslashes and non-ASCII text in a value are understood",
    ),
];
const _: () = sound(CHECKS);

const BOOLEAN: &FilterRow = &FilterRow::new(
    r#"active eq false and displayName sw "{tag} ""#,
    &["grace"],
    &["displayName", "active"],
    &[rfc7644::EQ_MATCHES_IDENTICAL],
);
const ID: &FilterRow =
    &FilterRow::new(r#"id eq "{ada.id}""#, &["ada"], &[], &[rfc7644::EQ_MATCHES_IDENTICAL]);
const EXTERNAL_ID: &FilterRow = &FilterRow::new(
    r#"externalId eq "Ext-{tag}-A""#,
    &["ada"],
    &["externalId"],
    &[rfc7644::EQ_MATCHES_IDENTICAL],
);
const USER_NAME_CASE: &FilterRow =
    &FilterRow::new(r#"userName eq "{ADA}""#, &["ada"], &[], &[rfc7644::FILTER_CASE_FOLLOWS_CASEEXACT]);
const EXTERNAL_ID_CASE: &FilterRow = &FilterRow::new(
    r#"externalId eq "EXT-{TAG}-A""#,
    &[],
    &["externalId"],
    &[rfc7643::EXTERNALID_IS_CASE_EXACT],
)
.while_finding(r#"externalId eq "Ext-{tag}-A""#, &["ada"]);
const SUB_ATTRIBUTE: &FilterRow = &FilterRow::new(
    r#"name.givenName eq "{tag} Augusta""#,
    &["ada"],
    &["name.givenName"],
    &[rfc7644::COMPLEX_FILTER_NAMES_SUBATTRIBUTE],
);
const ANY_VALUE: &FilterRow = &FilterRow::new(
    r#"emails.value eq "ada-{tag}-b@{domain}""#,
    &["ada"],
    &["emails.value"],
    &[rfc7644::MULTIVALUED_MATCHES_ANY_VALUE],
);
const CREATED_AFTER: &FilterRow = &FilterRow::new(
    r#"meta.created gt "{before}" and displayName sw "{tag} ""#,
    &["ada", "grace", "alan"],
    &["displayName", "meta.created"],
    &[rfc7644::DATETIME_ORDERING_CHRONOLOGICAL],
);
const CREATED_BEFORE: &FilterRow = &FilterRow::new(
    r#"meta.created lt "{before}" and displayName sw "{tag} ""#,
    &[],
    &["displayName", "meta.created"],
    &[rfc7644::DATETIME_ORDERING_CHRONOLOGICAL],
)
.while_finding(r#"meta.created lt "{after}" and displayName sw "{tag} ""#, &["ada", "grace", "alan"]);
const MODIFIED: &FilterRow = &FilterRow::new(
    r#"meta.lastModified gt "{before}" and displayName sw "{tag} ""#,
    &["ada", "grace", "alan"],
    &["displayName", "meta.lastModified"],
    &[rfc7644::DATETIME_ORDERING_CHRONOLOGICAL],
);
const QUOTED: &FilterRow = &FilterRow::new(
    r#"userType eq "{tag} \"Q\" \\ \u00e9""#,
    &["ada"],
    &["userType"],
    &[rfc7644::FILTER_VALUES_ARE_JSON],
);
