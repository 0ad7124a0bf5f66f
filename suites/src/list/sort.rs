//! RFC 7644 §3.4.2.3: the order of a list.

use client::Request;
use harness::expect::{holds, success};
use harness::{Capability, Check, Given, Outcome, Probe, Procedure, Stop, capability, minimal_user, sound};
use record::{At, ReqId};
use serde_json::{Value, json};

use crate::kept;
use crate::parts::Parts;
use crate::requirements::rfc7644;
use crate::walk::{Walked, walk};

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
        let walked = walk(probe, 3, |start| {
            let list = three.list(probe, &by).query("startIndex", &start.to_string());
            match self.order {
                Some(order) => list.query("sortOrder", order),
                None => list,
            }
        })?;
        walked.first.expect(success())?;
        three.come(&walked, &self.comes)
    }
}

/// Three people, whose values by every attribute are in the order of their names.
struct Three {
    people: Vec<(&'static str, Given)>,
    parts: Parts,
}

impl Three {
    /// Creates them, where clients can set what is to be sorted by, and makes sure that it was kept.
    fn given(probe: &Probe, by: &'static str) -> Result<Self, Stop> {
        let parts = Parts::of(probe, &[by]);
        let path = parts.path(by);
        kept::writable(probe, &[path])?;
        if by == "title" {
            kept::removable(probe, &[path])?;
        }
        if by == "nickName" && probe.service().published.case_exact(path) == Some(true) {
            return Err(Stop::NotSupported(format!("a {path} that ignores letter case")));
        }
        let tag = probe.fill(&minimal_user());
        let tag = tag.get("userName").and_then(Value::as_str).unwrap_or_default();
        let mail = |name: &str, primary: bool| json!({ "value": format!("{name}-{tag}@example.com"), "primary": primary });
        let of = |name: &str, nick: &str| {
            minimal_user()
                .with("displayName", format!("{tag} {name}"))
                .with("nickName", format!("{nick}{tag}"))
                .with("name", json!({ "givenName": "Given", "familyName": format!("{name}{tag}") }))
                .with("externalId", format!("{tag}-{name}"))
        };
        let people = [
            (
                "ben",
                of("ben", "B").with("title", "b").with("emails", json!([mail("a", false), mail("b", true)])),
            ),
            (
                "ada",
                of("ada", "a").with("title", "a").with("emails", json!([mail("z", false), mail("a", true)])),
            ),
            ("cyd", of("cyd", "c").with("emails", json!([mail("b", false), mail("c", true)]))),
        ];
        let mut people_there = Vec::new();
        for (who, template) in people {
            let template = parts.cast(template).as_offered(&probe.service().published);
            let person = probe.given(template)?;
            kept::kept(probe, &person, &[path])?;
            people_there.push((who, person));
        }
        Ok(Self { people: people_there, parts })
    }

    /// A list of them alone. They are told from others by an externalId that begins with what nobody else's does, and
    /// where that is not kept, by the userName.
    fn list(&self, probe: &Probe, by: &str) -> Request {
        let first = self.people.first().map(|(_, person)| person);
        let told = |name: &str| {
            let kept = first.filter(|person| person.sent.get(name) == person.body.get(name))?;
            kept.sent.get(name)?.as_str()?.rsplit_once('-').map(|(tag, _)| format!("{name} sw \"{tag}-\""))
        };
        let list = Request::get(probe.service().endpoint("User"));
        let filter = told("externalId").or_else(|| told("userName")).unwrap_or_default();
        list.query("filter", &filter).query("sortBy", by)
    }

    fn come(&self, walked: &Walked, wanted: &[&str; 3]) -> Outcome {
        let name = |id: &&str| self.people.iter().find(|(_, person)| person.id == **id).map(|(who, _)| *who);
        let seen: Vec<&str> = walked.ids().iter().filter_map(name).collect();
        let found = seen.len() == wanted.len() && walked.resources.len() == wanted.len();
        let found = if found { Ok(()) } else { Err(format!("{} resources", walked.resources.len())) };
        walked.last().require(holds("the three people created and nobody else", At::Body, found))?;
        let outcome = if seen == wanted { Ok(()) } else { Err(format!("{seen:?}")) };
        walked.first.expect(holds(format!("in the order {wanted:?}"), At::Body, outcome))
    }
}

fn by_time(probe: &mut Probe) -> Outcome {
    let three = Three::given(probe, "userName")?;
    let walked = walk(probe, 3, |start| {
        let list = three.list(probe, "meta.created").query("sortOrder", "descending");
        list.query("startIndex", &start.to_string())
    })?;
    walked.first.require(success())?;
    let created = |user: &Value| user.pointer("/meta/created")?.as_str()?.parse::<jiff::Timestamp>().ok();
    let times: Vec<jiff::Timestamp> = walked.resources.iter().filter_map(created).collect();
    if times.len() < 3 {
        return Err(Stop::NotSupported("attribute meta.created".to_owned()));
    }
    let outcome = if times.iter().rev().is_sorted() { Ok(()) } else { Err(format!("{times:?}")) };
    walked.first.expect(holds("the latest first", At::Body, outcome))
}

fn holds_over_pages(probe: &mut Probe) -> Outcome {
    let three = Three::given(probe, "displayName")?;
    let by = three.parts.path("displayName");
    let walked = walk(probe, 3, |start| {
        three.list(probe, by).query("startIndex", &start.to_string()).query("count", "1")
    })?;
    walked.first.require(success())?;
    three.come(&walked, &UP)
}
