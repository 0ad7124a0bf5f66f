//! RFC 7644 §3.4.2.3: the order of a list.

use harness::expect::{holds, success};
use harness::{Capability, Check, Outcome, Probe, Procedure, Stop, capability, sound};
use record::ReqId;
use serde_json::Value;

use super::people::Three;
use crate::places;
use crate::requirements::rfc7644;
use crate::times::instant;
use crate::walk::{walk, walk_pages};

pub(crate) const CHECKS: &[Check] = &[
    ASCENDING.check("sort.ascending", "sortOrder=ascending puts the least value first"),
    DESCENDING.check("sort.descending", "sortOrder=descending puts the greatest value first"),
    DEFAULT.check("sort.is-ascending-by-default", "without sortOrder the order is ascending"),
    SUB_ATTRIBUTE.check("sort.by-sub-attribute", "a list is sorted by a sub-attribute"),
    URN.check("sort.by-urn-name", "the attribute to sort by can be written with the URI of its schema"),
    CASE.check("sort.ignores-case", "attributes that ignore letter case are sorted without regard to it"),
    MISSING_LAST.check("sort.missing-values-come-last", "who has no value comes last in ascending order"),
    MISSING_FIRST.check("sort.missing-values-come-first", "who has no value comes first in descending order"),
    PRIMARY.check("sort.by-primary-value", "of several values the primary one counts"),
    Check::active("sort.by-time", &by_time)
        .title("date-times are sorted as instants")
        .verifies(&[rfc7644::SORT_FOLLOWS_ATTRIBUTE_TYPE])
        .needs(SORTS),
    Check::active("sort.holds-over-pages", &holds_over_pages)
        .title("pages of one keep the order of the whole")
        .verifies(&[rfc7644::SORTBY_ORDERS_RESULTS])
        .needs(SORTS),
];
const _: () = sound(CHECKS);

const SORTS: &[Capability] = &[
    capability::CREATE_USER,
    capability::READ_USER,
    capability::LIST_USERS,
    capability::FILTER_USER,
    capability::SORT_USER,
];

/// An order to ask for, and that in which ada, ben and cyd are to come; they are created as ben, ada, cyd.
struct Order {
    by: &'static str,
    /// The attribute that it sorts by, as a path.
    path: &'static str,
    order: Option<&'static str>,
    comes: [&'static str; 3],
    under: &'static [ReqId],
}

macro_rules! order {
    ($name:ident, $by:literal, $path:literal, $order:expr, $comes:expr, $requirement:ident) => {
        const $name: &Order =
            &Order { by: $by, path: $path, order: $order, comes: $comes, under: &[rfc7644::$requirement] };
    };
}

const UP: [&str; 3] = ["ada", "ben", "cyd"];
const DOWN: [&str; 3] = ["cyd", "ben", "ada"];

order!(ASCENDING, "displayName", "displayName", Some("ascending"), UP, SORTBY_ORDERS_RESULTS);
order!(DESCENDING, "displayName", "displayName", Some("descending"), DOWN, SORTORDER_ASCENDING_OR_DESCENDING);
order!(DEFAULT, "displayName", "displayName", None, UP, SORTORDER_DEFAULTS_ASCENDING);
order!(SUB_ATTRIBUTE, "name.familyName", "name.familyName", None, UP, SORTBY_NAMES_SUBATTRIBUTE);
order!(
    URN,
    "urn:ietf:params:scim:schemas:core:2.0:User:displayName",
    "displayName",
    None,
    UP,
    ATTRIBUTE_UNIQUELY_NAMED_BY_URN
);
order!(CASE, "nickName", "nickName", None, UP, SORT_CASE_FOLLOWS_CASEEXACT);
order!(MISSING_LAST, "title", "title", Some("ascending"), UP, MISSING_SORT_VALUE_LAST_ASCENDING);
order!(MISSING_FIRST, "title", "title", Some("descending"), DOWN, MISSING_SORT_VALUE_LAST_ASCENDING);
order!(PRIMARY, "emails.value", "emails.value", None, UP, MULTIVALUED_SORTS_BY_PRIMARY);

impl Order {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(SORTS)
    }
}

impl Procedure for Order {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let three = Three::given(probe, self.path)?;
        let by = three.parts.spelt(self.by);
        let list = three.list(probe).query("sortBy", &by);
        let list = match self.order {
            Some(order) => list.query("sortOrder", order),
            None => list,
        };
        let walked = walk(probe, 3, &list)?;
        if !walked.first.succeeded() && (self.by, self.order) != (ASCENDING.by, ASCENDING.order) {
            // Who refuses the plainest order is not to blame for refusing this one.
            let plainest = three.list(probe).query("sortBy", three.parts.path(self.path));
            probe.send(plainest.query("sortOrder", "ascending"))?.require(success())?;
        }
        walked.first.expect(success())?;
        three.come(&walked, &self.comes)
    }
}

fn by_time(probe: &mut Probe) -> Outcome {
    let three = Three::given(probe, "userName")?;
    let list = three.list(probe).query("sortBy", "meta.created").query("sortOrder", "descending");
    let walked = walk(probe, 3, &list)?;
    walked.first.require(success())?;
    let created = |user: &Value| user.pointer("/meta/created")?.as_str().and_then(instant);
    let times: Vec<jiff::Timestamp> = walked.resources.iter().filter_map(created).collect();
    if times.len() < 3 {
        return Err(Stop::NotSupported("attribute meta.created".to_owned()));
    }
    let outcome = if times.iter().rev().is_sorted() { Ok(()) } else { Err(format!("{times:?}")) };
    walked.first.expect(holds("the latest first", places::resources(), outcome))
}

fn holds_over_pages(probe: &mut Probe) -> Outcome {
    let three = Three::given(probe, "displayName")?;
    let by = three.parts.path("displayName");
    let walked = walk_pages(probe, 3, &three.list(probe).query("sortBy", by).query("count", "1"))?;
    walked.first.require(success())?;
    three.come(&walked, &UP)
}
