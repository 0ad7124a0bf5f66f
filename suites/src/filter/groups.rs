//! RFC 7644 §3.4.2.2 on groups. Every row asks about the same three groups.

use std::rc::Rc;

use client::Request;
use harness::expect::{holds, success};
use harness::{
    Capability, Check, Lent, Outcome, Probe, Procedure, Stop, capability, minimal_group, minimal_user, sound,
};
use record::{At, ReqId};
use serde_json::json;

use crate::members;
use crate::places;
use crate::requirements::rfc7644;
use crate::walk::{Walked, walk};

pub(crate) const CHECKS: &[Check] = &[
    BY_NAME.check("groups.found-by-display-name", "a group is found by its displayName"),
    BY_EXTERNAL_ID.check("groups.found-by-external-id", "a group is found by its externalId"),
    BY_ID.check("groups.found-by-id", "a group is found by its id"),
    BY_MEMBER.check("groups.found-by-member", "groups are found by the value of a member"),
    NOBODYS.check(
        "groups.no-match-is-an-empty-list",
        "an externalId that no group has finds none, and not every group",
    ),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] =
    &[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP, capability::FILTER_USER];

/// Three groups, of which the first two have Ada as a member.
struct Cast {
    users: Rc<Lent>,
    groups: Rc<Lent>,
    tag: String,
}

/// A filter on groups, and which of the three it finds.
struct Row {
    filter: fn(&Cast) -> String,
    finds: &'static [usize],
    /// The same filter with a value that the first has, where finding none means nothing without it.
    control: Option<fn(&Cast) -> String>,
    under: &'static [ReqId],
}

impl Row {
    const fn new(filter: fn(&Cast) -> String, finds: &'static [usize], under: &'static [ReqId]) -> Self {
        Self { filter, finds, control: None, under }
    }

    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(NEEDS)
    }
}

const BY_NAME: &Row =
    &Row::new(|cast| format!("displayName eq \"{}\"", cast.name(0)), &[0], &[rfc7644::EQ_MATCHES_IDENTICAL]);
const BY_EXTERNAL_ID: &Row = &Row::new(
    |cast| format!("externalId eq \"{}-1\"", cast.tag),
    &[1],
    &[rfc7644::EQ_MATCHES_IDENTICAL, rfc7644::FILTER_RETURNS_ONLY_MATCHES],
);
const BY_ID: &Row =
    &Row::new(|cast| format!("id eq \"{}\"", cast.id(2)), &[2], &[rfc7644::EQ_MATCHES_IDENTICAL]);
const BY_MEMBER: &Row = &Row::new(
    |cast| format!("members.value eq \"{}\"", cast.ada()),
    &[0, 1],
    &[rfc7644::MULTIVALUED_MATCHES_ANY_VALUE],
);
const NOBODYS: &Row = &Row {
    control: Some(|cast| format!("externalId eq \"{}-0\"", cast.tag)),
    ..Row::new(
        |cast| format!("externalId eq \"{}-none\"", cast.tag),
        &[],
        &[rfc7644::FILTER_RETURNS_ONLY_MATCHES, rfc7644::NO_MATCH_ANSWERS_200],
    )
};

impl Cast {
    fn given(probe: &Probe) -> Result<Self, Stop> {
        let users = probe.lent(|_| vec![minimal_user()])?;
        let groups = probe.lent(|tag| {
            let group = |number: usize| {
                let group = minimal_group().with("externalId", format!("{}-{number}", external(tag)));
                if number < 2 { group.with("members", members::values(&users.resources)) } else { group }
            };
            (0..3).map(group).collect()
        })?;
        Ok(Self { tag: external(&groups.tag), users, groups })
    }

    fn ada(&self) -> &str {
        self.users.resources.first().map(|ada| ada.id.as_str()).unwrap_or_default()
    }

    fn name(&self, which: usize) -> &str {
        self.groups.resources.get(which).map(|group| group.name.as_str()).unwrap_or_default()
    }

    fn id(&self, which: usize) -> &str {
        self.groups.resources.get(which).map(|group| group.id.as_str()).unwrap_or_default()
    }

    fn search(&self, probe: &Probe, filter: &str) -> Result<Walked, Stop> {
        let list =
            Request::get(probe.service().endpoint("Group")).query("filter", filter).query("count", "100");
        walk(probe, self.groups.resources.len(), &list)
    }

    /// Whether exactly these of the three came, and what came otherwise.
    fn exactly(&self, answer: &Walked, wanted: &[usize]) -> Result<(), String> {
        let mut found = answer.ids();
        let wanted = wanted.iter().map(|which| self.id(*which));
        let missing = wanted.clone().filter(|id| !found.contains(id)).count();
        found.retain(|id| !wanted.clone().any(|wanted| wanted == *id));
        let own =
            found.iter().filter(|id| self.groups.resources.iter().any(|group| group.id == **id)).count();
        match (missing, own, found.len() - own) {
            (0, 0, 0) => Ok(()),
            (missing, own, others) => {
                Err(format!("{missing} missing, {own} of the three that do not match, and {others} others"))
            }
        }
    }

    /// Who filters nothing, lists no groups, or keeps no externalId of theirs says nothing of these filters.
    fn confirm(&self, probe: &Probe) -> Outcome {
        let ada = self.users.resources.first();
        let name = ada.and_then(|ada| ada.body.get("userName")?.as_str()).unwrap_or_default();
        let plain = Request::get(probe.service().endpoint("User"))
            .query("filter", &format!("userName eq \"{name}\""));
        probe.send(plain)?.require(success())?;
        probe.send(Request::get(probe.service().endpoint("Group")).query("count", "1"))?.require(success())?;
        for (number, group) in self.groups.resources.iter().enumerate() {
            let stored = probe.get(group.path())?;
            stored.require(success())?;
            if stored.at("/externalId") != Some(&json!(format!("{}-{number}", self.tag))) {
                return Err(Stop::NotSupported("an externalId of groups".to_owned()));
            }
        }
        Ok(())
    }
}

impl Procedure for Row {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe)?;
        let answer = cast.search(probe, &(self.filter)(&cast))?;
        let exactly = cast.exactly(&answer, self.finds);
        if exactly.is_err() || !answer.first.succeeded() {
            cast.confirm(probe)?;
        }
        let words = format!("{} of its three groups, and no others", self.finds.len());
        for requirement in self.under {
            answer.first.expect(success().under(*requirement))?;
            answer
                .first
                .expect(holds(words.clone(), places::resources(), exactly.clone()).under(*requirement))?;
        }
        let Some(control) = self.control else { return Ok(()) };
        let control = cast.search(probe, &control(&cast))?;
        control.first.require(success())?;
        control.first.require(holds("the first of them", At::Body, cast.exactly(&control, &[0])))
    }
}

/// How the `externalId` of each of the groups begins.
fn external(tag: &str) -> String {
    format!("Ext-{tag}")
}
