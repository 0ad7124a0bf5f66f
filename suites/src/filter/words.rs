//! Words of the language of filters that stand in a text: there they are no operators.

use harness::{Check, Outcome, Probe, Procedure, sound};

use super::{FILTERS, FilterRow};
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

/// A filter for such a text, and whom it finds.
struct Word {
    filter: &'static str,
    finds: &'static [&'static str],
    about: &'static [&'static str],
}

impl Word {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rfc7644::FILTER_VALUES_ARE_JSON]).needs(FILTERS)
    }
}

impl Procedure for Word {
    fn run(&self, probe: &mut Probe) -> Outcome {
        FilterRow::new(self.filter, self.finds, self.about, &[rfc7644::FILTER_VALUES_ARE_JSON]).run(probe)
    }
}

macro_rules! word {
    ($name:ident, $filter:literal, $finds:literal, $about:expr) => {
        const $name: &Word = &Word { filter: $filter, finds: &[$finds], about: $about };
    };
}

// Others may be called so too, and are told apart by another name.
word!(AND, r#"nickName eq "and" and displayName eq "{tag} Ada""#, "ada", &["nickName", "displayName"]);
word!(OR, r#"nickName eq "or" and displayName eq "{tag} Grace""#, "grace", &["nickName", "displayName"]);
word!(NOT, r#"nickName eq "not" and displayName eq "{tag} Alan""#, "alan", &["nickName", "displayName"]);
word!(WITHIN, r#"title eq "{tag} Research and Development or not""#, "ada", &["title"]);
