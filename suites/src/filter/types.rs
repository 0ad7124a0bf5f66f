//! Comparisons on other types than plain strings, and on common attributes.

use harness::{Check, sound};

use super::FilterRow;
use super::decoys::Decoy;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    BOOLEAN.check("filter.eq-on-a-boolean", "eq compares a Boolean with a JSON literal"),
    BOOLEAN_NE.check("filter.ne-on-a-boolean", "ne finds those whose Boolean is the other one"),
    BOOLEAN_PR
        .check("filter.pr-on-a-boolean", "pr finds a Boolean that is false as well as one that is true"),
    ID.check("filter.eq-on-the-id", "a user is found by its id"),
    EXTERNAL_ID.check("filter.eq-on-external-id", "a user is found by its externalId"),
    USER_NAME_CASE
        .check("filter.username-ignores-case", "userName is compared without regard to letter case"),
    EXTERNAL_ID_CASE.check("filter.external-id-respects-case", "externalId is compared letter by letter"),
    SUB_ATTRIBUTE
        .check("filter.sub-attribute-is-compared", "a sub-attribute of a complex attribute is compared"),
    ANY_VALUE.check("filter.any-value-matches", "a multi-valued attribute matches by any of its values"),
    TIME_PR.check("filter.pr-on-a-date-time", "pr finds those that have a date-time"),
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
const BOOLEAN_NE: &FilterRow = &FilterRow::new(
    r#"active ne true and displayName sw "{tag} ""#,
    &["grace"],
    &["displayName", "active"],
    &[rfc7644::NE_MATCHES_DIFFERENT],
);
const BOOLEAN_PR: &FilterRow = &FilterRow::new(
    r#"active pr and displayName sw "{tag} ""#,
    &["ada", "grace", "alan"],
    &["displayName", "active"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
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
const EXTERNAL_ID_CASE: &Decoy = &Decoy::new(
    r#"externalId eq "EXT-{TAG}-A""#,
    &["externalId"],
    (r#"externalId eq "Ext-{tag}-A""#, &["ada"]),
    &[rfc7643::EXTERNALID_IS_CASE_EXACT],
);
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
const TIME_PR: &FilterRow = &FilterRow::new(
    r#"meta.lastModified pr and displayName sw "{tag} ""#,
    &["ada", "grace", "alan"],
    &["displayName", "meta.lastModified"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
);
const QUOTED: &FilterRow = &FilterRow::new(
    r#"userType eq "{tag} \"Q\" \\ \u00e9""#,
    &["ada"],
    &["userType"],
    &[rfc7644::FILTER_VALUES_ARE_JSON],
);
