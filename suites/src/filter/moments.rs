//! Comparisons of date-times: each is asked with a moment before the three people came to be, and with one behind.

use harness::expect::success;
use harness::{Check, Outcome, Probe, Procedure, sound};
use record::ReqId;

use super::cast::{Cast, NAMES};
use super::{FILTERS, asked, exactly, found};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    CREATED_GT.check(
        "filter.date-times-compare-in-time",
        "date-times are compared as instants, whatever their offset",
    ),
    CREATED_LT.check("filter.nothing-is-older-than-the-run", "lt on a date-time leaves out what is later"),
    CREATED_GE
        .check("filter.ge-on-a-date-time", "ge on a date-time finds what is later, and nothing earlier"),
    CREATED_LE
        .check("filter.le-on-a-date-time", "le on a date-time finds what is earlier, and nothing later"),
    CREATED_NE.check("filter.ne-on-a-date-time", "ne on a date-time finds what is earlier or later"),
    MODIFIED_GT.check("filter.last-modified-is-compared", "users are found by when they were last modified"),
];
const _: () = sound(CHECKS);

/// A comparison of a time of theirs. It finds them all, or none of them.
struct Moment {
    attribute: &'static str,
    operator: &'static str,
    /// Whether it finds them where the moment lies before.
    before: bool,
    /// The same where it lies behind.
    behind: bool,
    about: &'static [&'static str],
    under: &'static [ReqId],
}

const CREATED_GT: &Moment = &Moment {
    attribute: "meta.created",
    operator: "gt",
    before: true,
    behind: false,
    about: &["displayName", "meta.created"],
    under: &[rfc7644::DATETIME_ORDERING_CHRONOLOGICAL],
};
const CREATED_LT: &Moment = &Moment { operator: "lt", before: false, behind: true, ..*CREATED_GT };
const CREATED_GE: &Moment = &Moment { operator: "ge", ..*CREATED_GT };
const CREATED_LE: &Moment = &Moment { operator: "le", ..*CREATED_LT };
const CREATED_NE: &Moment =
    &Moment { operator: "ne", behind: true, under: &[rfc7644::NE_MATCHES_DIFFERENT], ..*CREATED_GT };
const MODIFIED_GT: &Moment =
    &Moment { attribute: "meta.lastModified", about: &["displayName", "meta.lastModified"], ..*CREATED_GT };

impl Moment {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }

    fn comes_to(&self, probe: &Probe, cast: &Cast, moment: &str, all: bool) -> Outcome {
        let Self { attribute, operator, .. } = self;
        let filter = format!("{attribute} {operator} \"{moment}\" and displayName sw \"{{tag}} \"");
        let answer = asked(probe, cast, &filter, false)?;
        let wanted: &[&str] = if all { &NAMES } else { &[] };
        let came = exactly(cast, &answer, wanted);
        if came.is_err() || !answer.first.succeeded() {
            cast.confirm(probe, self.about)?;
        }
        self.under.iter().try_for_each(|requirement| {
            answer.first.expect(success().under(*requirement))?;
            answer.first.expect(found(wanted, came.clone()).under(*requirement))
        })
    }
}

impl Procedure for Moment {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe, self.about)?;
        self.comes_to(probe, &cast, "{before}", self.before)?;
        self.comes_to(probe, &cast, "{after}", self.behind)
    }
}
