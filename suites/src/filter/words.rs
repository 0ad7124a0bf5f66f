//! Words of the language of filters that stand in a text: there they are no operators.

use harness::{Check, sound};

use super::FilterRow;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    AND.check("filter.and-can-be-a-value", r#"somebody called "and" is found by that name"#),
    OR.check("filter.or-can-be-a-value", r#"somebody called "or" is found by that name"#),
    NOT.check("filter.not-can-be-a-value", r#"somebody called "not" is found by that name"#),
    WITHIN.check(
        "filter.operators-can-be-in-a-value",
        "a value with and, or and not in it is found as a whole",
    ),
];
const _: () = sound(CHECKS);

macro_rules! word {
    ($name:ident, $filter:literal, $finds:literal, $about:expr) => {
        const $name: &FilterRow =
            &FilterRow::new($filter, &[$finds], $about, &[rfc7644::FILTER_VALUES_ARE_JSON]);
    };
}

// Others may be called so too, and are told apart by another name.
word!(AND, r#"nickName eq "and" and displayName eq "{tag} Ada""#, "ada", &["nickName", "displayName"]);
word!(OR, r#"nickName eq "or" and displayName eq "{tag} Grace""#, "grace", &["nickName", "displayName"]);
word!(NOT, r#"nickName eq "not" and displayName eq "{tag} Alan""#, "alan", &["nickName", "displayName"]);
word!(WITHIN, r#"title eq "{tag} Research and Development or not""#, "ada", &["title"]);
