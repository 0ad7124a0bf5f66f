//! Logical operators, precedence, grouping and value paths.

use harness::{Check, sound};

use super::FilterRow;
use super::decoys::Decoy;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    AND.check("filter.and-needs-both", "and finds what both sides find"),
    OR.check("filter.or-needs-one", "or finds what either side finds"),
    NOT.check("filter.not-inverts", "not finds what its group does not find"),
    PRECEDENCE.check("filter.and-binds-before-or", "and binds more tightly than or"),
    NOT_FIRST.check("filter.not-binds-before-and", "not binds more tightly than and"),
    GROUPING.check("filter.parentheses-group", "parentheses change what is evaluated first"),
    NESTED.check("filter.groups-nest", "groups can stand in groups"),
    SAME_ELEMENT.check(
        "filter.brackets-mean-one-element",
        "the conditions in brackets hold for one and the same value",
    ),
    VALUE_PATH.check(
        "filter.brackets-find-an-element",
        "brackets find those with a value that meets all conditions",
    ),
    NOT_PRIMARY.check(
        "filter.missing-primary-is-false",
        "a value that does not say whether it is primary is not found as a primary one",
    ),
];
const _: () = sound(CHECKS);

pub(super) const AND: &FilterRow = &FilterRow::new(
    r#"active eq true and displayName eq "{tag} Ada""#,
    &["ada"],
    &["displayName", "active"],
    &[rfc7644::AND_NEEDS_BOTH_TRUE],
);
pub(super) const OR: &FilterRow = &FilterRow::new(
    r#"displayName eq "{tag} Ada" or displayName eq "{tag} Grace""#,
    &["ada", "grace"],
    &["displayName"],
    &[rfc7644::OR_NEEDS_ONE_TRUE],
);
pub(super) const NOT: &FilterRow = &FilterRow::new(
    r#"displayName sw "{tag} " and not (displayName eq "{tag} Ada")"#,
    &["grace", "alan"],
    &["displayName"],
    &[rfc7644::NOT_INVERTS_GROUP],
);
const PRECEDENCE: &FilterRow = &FilterRow::new(
    r#"displayName eq "{tag} Ada" or displayName eq "{tag} Alan" and active eq false"#,
    &["ada"],
    &["displayName", "active"],
    &[rfc7644::FILTER_OPERATOR_PRECEDENCE],
);
const NOT_FIRST: &Decoy = &Decoy::new(
    r#"not (active eq true) and displayName eq "{tag} Ada""#,
    &["displayName", "active"],
    (r#"not (active eq false) and displayName eq "{tag} Ada""#, &["ada"]),
    &[rfc7644::FILTER_OPERATOR_PRECEDENCE],
);
const GROUPING: &Decoy = &Decoy::new(
    r#"(displayName eq "{tag} Ada" or displayName eq "{tag} Alan") and active eq false"#,
    &["displayName", "active"],
    (r#"(displayName eq "{tag} Ada" or displayName eq "{tag} Alan") and active eq true"#, &["ada", "alan"]),
    &[rfc7644::FILTER_OPERATOR_PRECEDENCE],
);
const NESTED: &FilterRow = &FilterRow::new(
    r#"displayName sw "{tag} " and ((active eq false) or (title pr and not (title ew "Doctor")))"#,
    &["ada", "grace"],
    &["displayName", "active", "title"],
    &[rfc7644::FILTER_OPERATOR_PRECEDENCE],
);
const SAME_ELEMENT: &Decoy = &Decoy::new(
    r#"emails[type eq "work" and value eq "ada-{tag}-b@{domain}"]"#,
    &["emails.value", "emails.type"],
    (r#"emails[type eq "work" and value eq "ada-{tag}@{domain}"]"#, &["ada"]),
    &[rfc7644::BRACKETS_APPLY_TO_SAME_ELEMENT],
)
.optional();
const VALUE_PATH: &FilterRow = &FilterRow::new(
    r#"emails[type eq "work" and value co "-{tag}-b@{domain}"]"#,
    &["grace"],
    &["emails.value", "emails.type"],
    &[rfc7644::BRACKETS_APPLY_TO_SAME_ELEMENT],
)
.optional();
const NOT_PRIMARY: &Decoy = &Decoy::new(
    r#"emails[primary eq true and value eq "ada-{tag}-b@{domain}"]"#,
    &["emails.value", "emails.primary"],
    (r#"emails[primary eq true and value eq "ada-{tag}@{domain}"]"#, &["ada"]),
    &[rfc7643::MISSING_PRIMARY_IS_FALSE],
)
.optional();
