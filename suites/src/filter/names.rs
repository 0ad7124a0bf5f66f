//! How attributes and operators are written.

use harness::{Check, sound};

use super::FilterRow;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    NAME_CASE.check("filter.names-ignore-case", "attribute names are matched without regard to letter case"),
    OPERATOR_CASE
        .check("filter.operators-ignore-case", "operators are matched without regard to letter case"),
    URN.check("filter.urn-prefix-is-understood", "an attribute can be written with the URI of its schema"),
    SCHEMAS.check("filter.schemas-can-be-asked-for", "users are found by a schema that they name"),
];
const _: () = sound(CHECKS);

const NAME_CASE: &FilterRow =
    &FilterRow::new(r#"USERNAME eq "{ada}""#, &["ada"], &[], &[rfc7644::FILTER_NAMES_IGNORE_CASE]);
const OPERATOR_CASE: &FilterRow =
    &FilterRow::new(r#"userName Eq "{ada}""#, &["ada"], &[], &[rfc7644::FILTER_OPERATORS_IGNORE_CASE]);
const URN: &FilterRow = &FilterRow::new(
    r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "{ada}""#,
    &["ada"],
    &[],
    &[rfc7644::FILTER_PATH_ACCEPTS_URN_PREFIX],
);
const SCHEMAS: &FilterRow = &FilterRow::new(
    r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User" and userName eq "{ada}""#,
    &["ada"],
    &[],
    &[rfc7644::MULTIVALUED_MATCHES_ANY_VALUE],
);
