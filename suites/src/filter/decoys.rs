//! Operators that find too much: each is asked for a part of a value that it must not take for a match.

use harness::{Check, Outcome, Probe, Procedure, sound};
use record::ReqId;

use super::{FILTERS, FilterRow};
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

/// A filter that finds nobody, and one of the same form that finds Ada by the whole of her name.
struct Decoy {
    filter: &'static str,
    control: &'static str,
    under: &'static [ReqId],
}

impl Decoy {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for Decoy {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let row = FilterRow::new(self.filter, &[], &["displayName"], self.under);
        row.while_finding(self.control, &["ada"]).run(probe)
    }
}

macro_rules! decoy {
    ($name:ident, $filter:literal, $requirement:ident, $control:literal) => {
        const $name: &Decoy = &Decoy { filter: $filter, control: $control, under: &[rfc7644::$requirement] };
    };
}

// `{ag}` is the tag without its beginning, so that nobody else's name has it either.
decoy!(EQ_PREFIX, r#"displayName eq "{tag} Ad""#, EQ_MATCHES_IDENTICAL, r#"displayName eq "{tag} Ada""#);
decoy!(EQ_SUFFIX, r#"displayName eq "{ag} Ada""#, EQ_MATCHES_IDENTICAL, r#"displayName eq "{tag} Ada""#);
decoy!(SW_MIDDLE, r#"displayName sw "{ag} Ada""#, SW_MATCHES_PREFIX, r#"displayName sw "{tag} Ada""#);
decoy!(EW_MIDDLE, r#"displayName ew "{tag} Ad""#, EW_MATCHES_SUFFIX, r#"displayName ew "{tag} Ada""#);
decoy!(PERCENT, r#"displayName co "{tag}%Ada""#, CO_MATCHES_SUBSTRING, r#"displayName co "{tag} Ada""#);
decoy!(UNDERSCORE, r#"displayName co "{tag}_Ada""#, CO_MATCHES_SUBSTRING, r#"displayName co "{tag} Ada""#);
