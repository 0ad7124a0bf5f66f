//! Filters that have to be refused: 400 with the keyword invalidFilter.

use harness::expect::{scim_type, status, success};
use harness::{Check, Outcome, Probe, Procedure, sound};
use protocol::ScimType;
use record::ReqId;

use super::cast::Cast;
use super::{FILTERS, PLAINEST};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    LONE_NAME.check("filter.lone-name-is-refused", "a filter without operator is refused"),
    NO_VALUE.check("filter.missing-value-is-refused", "a comparison without value is refused"),
    OPEN_GROUP.check("filter.open-group-is-refused", "a group that is never closed is refused"),
    SINGLE_QUOTES.check("filter.single-quotes-are-refused", "a value in single quotes is refused"),
    UNKNOWN_OPERATOR
        .check("filter.unknown-operator-is-refused", "an operator that does not exist is refused"),
    GT_BOOLEAN.check("filter.gt-on-a-boolean-is-refused", "gt on a Boolean is refused"),
    GE_BOOLEAN.check("filter.ge-on-a-boolean-is-refused", "ge on a Boolean is refused"),
    LT_BOOLEAN.check("filter.lt-on-a-boolean-is-refused", "lt on a Boolean is refused"),
    LE_BOOLEAN.check("filter.le-on-a-boolean-is-refused", "le on a Boolean is refused"),
];
const _: () = sound(CHECKS);

/// A filter that no server may answer.
struct Refused {
    filter: &'static str,
    /// Filters without the flaw, with the same operator and the same attribute: who refuses one of them has not seen it.
    twins: &'static [&'static str],
    about: &'static [&'static str],
    under: &'static [ReqId],
}

macro_rules! refused {
    ($name:ident, $filter:literal, $twins:expr, $about:expr, $requirement:ident) => {
        const $name: &Refused = &Refused {
            filter: $filter,
            twins: $twins,
            about: $about,
            under: &[rfc7644::$requirement, rfc7644::INVALIDFILTER_MARKS_BAD_FILTER],
        };
    };
}

refused!(LONE_NAME, "userName", &[PLAINEST], &[], FILTER_EXPRESSION_NAME_OPERATOR_VALUE);
refused!(NO_VALUE, "userName eq", &[PLAINEST], &[], FILTER_EXPRESSION_NAME_OPERATOR_VALUE);
refused!(
    OPEN_GROUP,
    r#"(userName eq "{ada}""#,
    &[r#"(userName eq "{ada}")"#],
    &[],
    FILTER_CONFORMS_TO_GRAMMAR
);
refused!(SINGLE_QUOTES, "userName eq '{ada}'", &[PLAINEST], &[], FILTER_CONFORMS_TO_GRAMMAR);
refused!(UNKNOWN_OPERATOR, r#"userName regex "{ada}""#, &[PLAINEST], &[], UNKNOWN_OPERATOR_IS_INVALIDFILTER);
refused!(
    GT_BOOLEAN,
    "active gt false",
    &[r#"userName gt "{tag}""#, BOOLEAN],
    &["active"],
    GT_REFUSES_BOOLEAN_AND_BINARY
);
refused!(
    GE_BOOLEAN,
    "active ge false",
    &[r#"userName ge "{tag}""#, BOOLEAN],
    &["active"],
    GE_REFUSES_BOOLEAN_AND_BINARY
);
refused!(
    LT_BOOLEAN,
    "active lt true",
    &[r#"userName lt "{ada}z""#, BOOLEAN],
    &["active"],
    LT_REFUSES_BOOLEAN_AND_BINARY
);
refused!(
    LE_BOOLEAN,
    "active le true",
    &[r#"userName le "{ada}z""#, BOOLEAN],
    &["active"],
    LE_REFUSES_BOOLEAN_AND_BINARY
);

/// A comparison that Booleans have.
const BOOLEAN: &str = "active eq false";

impl Refused {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for Refused {
    fn run(&self, probe: &mut Probe) -> Outcome {
        // Somebody has to be there: some servers look at the filter only when they meet a value.
        let cast = Cast::given(probe, self.about)?;
        for twin in self.twins {
            cast.search(probe, twin)?.first.require(success())?;
        }
        let reply = cast.search(probe, self.filter)?.first;
        if reply.status() != 400 {
            cast.confirm(probe, self.about)?;
        }
        reply.expect(status(400))?;
        reply.expect(scim_type(ScimType::InvalidFilter).under(rfc7644::INVALIDFILTER_MARKS_BAD_FILTER))
    }
}
