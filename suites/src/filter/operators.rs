//! The comparison operators, on strings.

use harness::{Check, sound};

use super::decoys::Decoy;
use super::{FilterRow, PLAINEST};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    EQ.check("filter.eq-finds-the-one", "eq finds the user of that userName and nobody else"),
    EQ_NOBODY.check(
        "filter.no-match-is-an-empty-list",
        "a filter that nobody matches answers 200 with no resources",
    ),
    NE.check("filter.ne-finds-the-others", "ne finds those whose value differs"),
    CO.check("filter.co-finds-a-substring", "co finds a value that contains the text"),
    SW.check("filter.sw-finds-a-prefix", "sw finds a value that begins with the text"),
    SW_WHOLE.check("filter.sw-finds-the-whole-value", "sw finds a value that equals the text"),
    EW.check("filter.ew-finds-a-suffix", "ew finds a value that ends in the text"),
    PR.check("filter.pr-finds-what-is-set", "pr finds those that have a value"),
    PR_MULTI.check(
        "filter.pr-finds-multi-valued",
        "pr on a multi-valued attribute finds those that have a value",
    ),
    GT.check("filter.gt-orders-strings", "gt finds strings that come after"),
    GE.check("filter.ge-orders-strings", "ge finds strings that come after, and the string itself"),
    LT.check("filter.lt-orders-strings", "lt finds strings that come before"),
    LE.check("filter.le-orders-strings", "le finds strings that come before, and the string itself"),
];
const _: () = sound(CHECKS);

const EQ: &FilterRow = &FilterRow::new(PLAINEST, &["ada"], &[], &[rfc7644::EQ_MATCHES_IDENTICAL]).counted();
const EQ_NOBODY: &Decoy =
    &Decoy::new(r#"userName eq "{tag}-nobody""#, &[], (PLAINEST, &["ada"]), &[rfc7644::NO_MATCH_ANSWERS_200])
        .counted();
pub(super) const NE: &FilterRow = &FilterRow::new(
    r#"displayName ne "{tag} Ada" and displayName sw "{tag} ""#,
    &["grace", "alan"],
    &["displayName"],
    &[rfc7644::NE_MATCHES_DIFFERENT],
);
pub(super) const CO: &FilterRow = &FilterRow::new(
    r#"displayName co "{tag} Gra""#,
    &["grace"],
    &["displayName"],
    &[rfc7644::CO_MATCHES_SUBSTRING],
);
pub(super) const SW: &FilterRow = &FilterRow::new(
    r#"displayName sw "{tag} A""#,
    &["ada", "alan"],
    &["displayName"],
    &[rfc7644::SW_MATCHES_PREFIX],
);
const SW_WHOLE: &FilterRow = &FilterRow::new(
    r#"displayName sw "{tag} Ada""#,
    &["ada"],
    &["displayName"],
    &[rfc7644::SW_MATCHES_PREFIX],
);
pub(super) const EW: &FilterRow = &FilterRow::new(
    r#"emails.value ew "-{tag}@{domain}""#,
    &["ada"],
    &["emails.value"],
    &[rfc7644::EW_MATCHES_SUFFIX],
);
pub(super) const PR: &FilterRow = &FilterRow::new(
    r#"title pr and displayName sw "{tag} ""#,
    &["ada", "alan"],
    &["displayName", "title"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
);
const PR_MULTI: &FilterRow = &FilterRow::new(
    r#"emails pr and displayName sw "{tag} ""#,
    &["ada", "grace"],
    &["displayName", "emails.value"],
    &[rfc7644::PR_MATCHES_NONEMPTY],
);
pub(super) const GT: &FilterRow = &FilterRow::new(
    r#"displayName gt "{tag} Alan" and displayName sw "{tag} ""#,
    &["grace"],
    &["displayName"],
    &[rfc7644::STRING_ORDERING_LEXICOGRAPHIC],
);
pub(super) const GE: &FilterRow = &FilterRow::new(
    r#"displayName ge "{tag} Alan" and displayName sw "{tag} ""#,
    &["grace", "alan"],
    &["displayName"],
    &[rfc7644::STRING_ORDERING_LEXICOGRAPHIC],
);
pub(super) const LT: &FilterRow = &FilterRow::new(
    r#"displayName lt "{tag} Alan" and displayName sw "{tag} ""#,
    &["ada"],
    &["displayName"],
    &[rfc7644::STRING_ORDERING_LEXICOGRAPHIC],
);
pub(super) const LE: &FilterRow = &FilterRow::new(
    r#"displayName le "{tag} Alan" and displayName sw "{tag} ""#,
    &["ada", "alan"],
    &["displayName"],
    &[rfc7644::STRING_ORDERING_LEXICOGRAPHIC],
);
