//! RFC 7644 §3.4.2 and §3.9 on groups: whoever pages, sorts and narrows what it shows of users need not do so with groups.

use std::rc::Rc;

use client::Request;
use harness::expect::{holds, page_of_at_most, success};
use harness::{
    Capability, Check, Given, Lent, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_group,
    minimal_user, sound,
};
use record::{At, ReqId};
use serde_json::json;

use super::paging::cover;
use crate::places;
use crate::projection::shows;
use crate::requirements::rfc7644;
use crate::walk::walk;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("groups.list-holds-to-count", &holds_to_count)
        .title("a page of groups holds no more than count asks for")
        .verifies(&[rfc7644::PAGE_NEVER_EXCEEDS_COUNT])
        .needs(NEEDS),
    Check::active("groups.pages-cover-everything", &pages_cover_everything)
        .title("pages of groups joined by startIndex hold every group, and none twice")
        .verifies(&[rfc7644::PAGES_COVER_WHOLE_RESULT])
        .needs(NEEDS)
        .alone(),
    Check::active("groups.are-sorted", &are_sorted)
        .title("a list of groups comes in the order that sortBy and sortOrder ask for")
        .verifies(&[rfc7644::SORTBY_ORDERS_RESULTS, rfc7644::SORTORDER_ASCENDING_OR_DESCENDING])
        .needs(&[
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::FILTER_USER,
            capability::SORT_USER,
        ]),
    LIST_ONLY.check("groups.list-honours-attributes", "a list shows the attributes of groups asked for"),
    LIST_WITHOUT
        .check("groups.list-honours-exclusion", "a list leaves the excluded attributes of groups out"),
    READ_ONLY.check("groups.read-honours-attributes", "a read shows the attributes of a group asked for"),
    READ_WITHOUT
        .check("groups.read-honours-exclusion", "a read leaves the excluded attributes of a group out"),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] = &[capability::CREATE_GROUP, capability::READ_GROUP];

fn groups(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("Group"))
}

fn three(probe: &Probe) -> Result<Rc<Lent>, Stop> {
    probe.lent(|_| vec![minimal_group(); 3])
}

fn holds_to_count(probe: &mut Probe) -> Outcome {
    three(probe)?;
    for count in [1_usize, 2] {
        let page = probe.send(groups(probe).query("count", &count.to_string()))?;
        page.require(success())?;
        page.expect(page_of_at_most(count))?;
    }
    Ok(())
}

fn pages_cover_everything(probe: &mut Probe) -> Outcome {
    let created: Vec<String> = three(probe)?.resources.iter().map(|group| group.id.clone()).collect();
    cover(probe, &probe.service().endpoint("Group"), &created).map(drop)
}

/// Names are in the order of creation, which is not the other way round.
fn are_sorted(probe: &mut Probe) -> Outcome {
    let lent = three(probe)?;
    let three = &lent.resources;
    let name = three.first().map_or("", |group| group.name.as_str());
    let tag = name.rsplit_once('-').map_or(name, |(tag, _)| tag);
    let list = groups(probe).query("filter", &format!("displayName sw \"{tag}-\""));
    let ids: Vec<String> = three.iter().map(|group| group.id.clone()).collect();
    // A filter that does not find them says nothing of their order.
    let found = walk(probe, 3, &list)?;
    found.first.require(success())?;
    let all = ids.iter().all(|id| found.ids().contains(&id.as_str()));
    let outcome = if all { Ok(()) } else { Err(format!("{} groups", found.resources.len())) };
    found.first.require(holds("the three groups created", At::Body, outcome))?;
    let mut wanted: Vec<&str> = three.iter().map(|group| group.id.as_str()).collect();
    wanted.reverse();
    for (order, requirement) in [
        ("descending", rfc7644::SORTBY_ORDERS_RESULTS),
        ("ascending", rfc7644::SORTORDER_ASCENDING_OR_DESCENDING),
    ] {
        let sorted = walk(probe, 3, &list.clone().query("sortBy", "displayName").query("sortOrder", order))?;
        if !sorted.first.succeeded() {
            // Who sorts nothing at all is not to blame for groups.
            let users = Request::get(probe.service().endpoint("User")).query("count", "1");
            probe.send(users.query("sortBy", "userName"))?.require(success())?;
        }
        sorted.first.expect(success().under(requirement))?;
        let seen = sorted.ids();
        let outcome = if seen == wanted { Ok(()) } else { Err(seen.join(", ")) };
        let words = format!("the three groups in {order} order of their names");
        sorted.first.expect(holds(words, places::resources(), outcome).under(requirement))?;
        wanted.reverse();
    }
    Ok(())
}

/// An answer, and the group in it.
type Shown = (Reply, String);

/// A parameter that narrows what is shown of a group.
struct Narrowed {
    ask: fn(&Probe, &Given, &str, &str) -> Result<Shown, Stop>,
    parameter: &'static str,
    named: &'static str,
    hidden: &'static [&'static str],
    under: &'static [ReqId],
}

const LIST_ONLY: &Narrowed = &Narrowed {
    ask: listed,
    parameter: "attributes",
    named: "displayName",
    hidden: &["members", "externalId"],
    under: &[rfc7644::QUERY_ATTRIBUTES_REPLACE_DEFAULT],
};
const LIST_WITHOUT: &Narrowed = &Narrowed {
    ask: listed,
    parameter: "excludedAttributes",
    named: "members",
    hidden: &["members"],
    under: &[rfc7644::EXCLUSION_TRIMS_DEFAULT_SET],
};
const READ_ONLY: &Narrowed = &Narrowed {
    ask: read,
    parameter: "attributes",
    named: "displayName",
    hidden: &["members", "externalId"],
    under: &[rfc7644::ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED],
};
const READ_WITHOUT: &Narrowed = &Narrowed {
    ask: read,
    parameter: "excludedAttributes",
    named: "members",
    hidden: &["members"],
    under: &[rfc7644::EXCLUSION_TRIMS_DEFAULT_SET],
};

fn listed(probe: &Probe, group: &Given, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let list = match probe.service().claims("filter") {
        true => groups(probe).query("filter", &format!("displayName eq \"{}\"", group.name)),
        false => groups(probe).query("count", "200"),
    };
    let walked = walk(probe, 1, &list.query(parameter, named))?;
    walked.first.require(success())?;
    let found = places::listed(&walked.first, |item| item.get("id").is_some_and(|id| *id == group.id));
    match found.into_iter().next() {
        Some(place) => Ok((walked.first, place)),
        None => Err(Stop::NotSupported("a list that finds a group by its name".to_owned())),
    }
}

fn read(probe: &Probe, group: &Given, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let reply = probe.send(Request::get(group.path()).query(parameter, named))?;
    reply.require(success())?;
    Ok((reply, String::new()))
}

impl Narrowed {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(&[
            capability::CREATE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ])
    }
}

impl Procedure for Narrowed {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let member = probe.given(minimal_user())?;
        let group = minimal_group()
            .with("externalId", format!("Narrowed-{}", member.name))
            .with("members", json!([{ "value": member.id }]));
        let group = probe.given(group)?;
        let (reply, place) = (self.ask)(probe, &group, self.parameter, self.named)?;
        reply.expect(shows(&reply, &place, &["id", "displayName"], self.hidden))
    }
}
