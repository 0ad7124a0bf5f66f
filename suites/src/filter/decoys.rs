//! Operators that find too much: each is asked for a part of a value that it must not take for a match.

use harness::{Check, sound};

use super::{FilterRow, operators};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    EQ_PREFIX
        .check("filter.eq-takes-no-beginning", "eq does not find a value that only begins with the text"),
    EQ_SUFFIX.check("filter.eq-takes-no-end", "eq does not find a value that only ends in the text"),
    SW_MIDDLE.check("filter.sw-takes-no-middle", "sw does not find a value that has the text further on"),
    EW_MIDDLE.check("filter.ew-takes-no-middle", "ew does not find a value that has the text before its end"),
    PERCENT.check("filter.percent-is-no-wildcard", "a percent sign in a filter stands for itself"),
    UNDERSCORE.check("filter.underscore-is-no-wildcard", "an underscore in a filter stands for itself"),
];
const _: () = sound(CHECKS);

macro_rules! decoy {
    ($name:ident, $filter:literal, $about:literal, $requirement:ident, $control:expr) => {
        const $name: &FilterRow = &FilterRow::new($filter, &[], &[$about], &[rfc7644::$requirement])
            .while_finding($control, &["ada"]);
    };
}

const ADDRESS: &str = r#"emails.value eq "ada-{tag}@example.com""#;
const BEGINNING: &str = r#"emails.value sw "ada-{tag}@example.com""#;
const NAME: &str = r#"displayName co "{tag} Ada""#;

decoy!(EQ_PREFIX, r#"emails.value eq "ada-{tag}@example.co""#, "emails.value", EQ_MATCHES_IDENTICAL, ADDRESS);
decoy!(EQ_SUFFIX, r#"emails.value eq "-{tag}@example.com""#, "emails.value", EQ_MATCHES_IDENTICAL, ADDRESS);
decoy!(SW_MIDDLE, r#"emails.value sw "-{tag}@example.com""#, "emails.value", SW_MATCHES_PREFIX, BEGINNING);
decoy!(
    EW_MIDDLE,
    r#"emails.value ew "-{tag}@example.co""#,
    "emails.value",
    EW_MATCHES_SUFFIX,
    operators::EW.filter
);
decoy!(PERCENT, r#"displayName co "{tag}%Ada""#, "displayName", CO_MATCHES_SUBSTRING, NAME);
decoy!(UNDERSCORE, r#"displayName co "{tag}_Ada""#, "displayName", CO_MATCHES_SUBSTRING, NAME);
