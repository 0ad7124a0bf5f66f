//! Operators that find too much: each is asked for a part of a value that it must not take for a match.

use harness::expect::{equals, success};
use harness::{Check, Outcome, Probe, Procedure, sound};
use record::ReqId;

use super::cast::Cast;
use super::{FILTERS, asked, exactly, found};
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

/// A filter that finds nobody, and one of the same form that finds somebody: where that finds nobody either, finding nobody
/// means nothing.
pub(super) struct Decoy {
    filter: &'static str,
    about: &'static [&'static str],
    control: (&'static str, &'static [&'static str]),
    under: &'static [ReqId],
    /// Whether `totalResults` is judged too.
    counted: bool,
    /// Whether the standard leaves it to servers to have filters of this form.
    optional: bool,
}

impl Decoy {
    pub(super) const fn new(
        filter: &'static str,
        about: &'static [&'static str],
        control: (&'static str, &'static [&'static str]),
        under: &'static [ReqId],
    ) -> Self {
        Self { filter, about, control, under, counted: false, optional: false }
    }

    pub(super) const fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for Decoy {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe, self.about)?;
        let answer = asked(probe, &cast, self.filter, self.optional)?;
        let reply = &answer.first;
        let nobody = exactly(&cast, &answer, &[]);
        if nobody.is_err() || !reply.succeeded() {
            cast.confirm(probe, self.about)?;
        }
        for requirement in self.under {
            reply.expect(success().under(*requirement))?;
            reply.expect(found(&[], nobody.clone()).under(*requirement))?;
            if self.counted {
                reply.expect(equals("/totalResults", 0).under(*requirement))?;
            }
        }
        let (filter, finds) = self.control;
        let control = cast.search(probe, filter)?;
        control.first.require(success())?;
        control.first.require(found(finds, exactly(&cast, &control, finds)))
    }
}

macro_rules! decoy {
    ($name:ident, $filter:literal, $requirement:ident, $control:literal) => {
        const $name: &Decoy =
            &Decoy::new($filter, &["displayName"], ($control, &["ada"]), &[rfc7644::$requirement]);
    };
}

// `{ag}` is the tag without its beginning, so that nobody else's name has it either.
decoy!(EQ_PREFIX, r#"displayName eq "{tag} Ad""#, EQ_MATCHES_IDENTICAL, r#"displayName eq "{tag} Ada""#);
decoy!(EQ_SUFFIX, r#"displayName eq "{ag} Ada""#, EQ_MATCHES_IDENTICAL, r#"displayName eq "{tag} Ada""#);
decoy!(SW_MIDDLE, r#"displayName sw "{ag} Ada""#, SW_MATCHES_PREFIX, r#"displayName sw "{tag} Ada""#);
decoy!(EW_MIDDLE, r#"displayName ew "{tag} Ad""#, EW_MATCHES_SUFFIX, r#"displayName ew "{tag} Ada""#);
decoy!(PERCENT, r#"displayName co "{tag}%Ada""#, CO_MATCHES_SUBSTRING, r#"displayName co "{tag} Ada""#);
decoy!(UNDERSCORE, r#"displayName co "{tag}_Ada""#, CO_MATCHES_SUBSTRING, r#"displayName co "{tag} Ada""#);
