//! Comparisons of references, and of what stands under the URI of an extension.

use harness::{Capability, Check, capability, sound};

use super::FilterRow;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    EQ.check("filter.eq-on-a-reference", "eq finds the one that refers to that very place"),
    NE.check("filter.ne-on-a-reference", "ne finds those that refer to another place"),
    CO.check("filter.co-on-a-reference", "co finds a reference that contains the text"),
    SW.check("filter.sw-on-a-reference", "sw finds references that begin with the text"),
    PR.check("filter.pr-on-a-reference", "pr finds those that have a reference"),
    DEPARTMENT
        .check("filter.extension-attribute-is-compared", "an attribute of an extension is compared")
        .needs(FILTERS_ENTERPRISE),
    DEPARTMENT_PR
        .check(
            "filter.pr-on-an-extension-attribute",
            "pr finds those that have a value of an attribute of an extension",
        )
        .needs(FILTERS_ENTERPRISE),
];
const _: () = sound(CHECKS);

/// What a row needs that asks for what an extension holds.
const FILTERS_ENTERPRISE: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::FILTER_USER, capability::ENTERPRISE_USER];

const EQ: &FilterRow = &FilterRow::new(
    r#"profileUrl eq "https://example.com/{tag}/ada""#,
    &["ada"],
    &["profileUrl"],
    &[rfc7644::EQ_MATCHES_IDENTICAL],
);
const NE: &FilterRow = &FilterRow::new(
    r#"profileUrl ne "https://example.com/{tag}/ada" and displayName eq "{tag} Grace""#,
    &["grace"],
    &["displayName", "profileUrl"],
    &[rfc7644::NE_MATCHES_DIFFERENT],
);
const CO: &FilterRow = &FilterRow::new(
    r#"profileUrl co "/{tag}/gr""#,
    &["grace"],
    &["profileUrl"],
    &[rfc7644::CO_MATCHES_SUBSTRING],
);
const SW: &FilterRow = &FilterRow::new(
    r#"profileUrl sw "https://example.com/{tag}/""#,
    &["ada", "grace"],
    &["profileUrl"],
    &[rfc7644::SW_MATCHES_PREFIX],
);
const PR: &FilterRow = &FilterRow::new(
    r#"profileUrl pr and displayName sw "{tag} ""#,
    &["ada", "grace"],
    &["displayName", "profileUrl"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
);
const DEPARTMENT: &FilterRow = &FilterRow::new(
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "{tag} ada""#,
    &["ada"],
    &["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"],
    &[rfc7644::FILTER_PATH_ACCEPTS_URN_PREFIX],
);
const DEPARTMENT_PR: &FilterRow = &FilterRow::new(
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department pr and displayName sw "{tag} ""#,
    &["ada", "grace"],
    &["displayName", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
);
