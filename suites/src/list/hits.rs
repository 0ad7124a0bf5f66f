//! What a list shows of a resource is what a read shows of it: clients look somebody up and go on with what they find.

use client::Request;
use harness::expect::{lists, same_at, success};
use harness::{
    Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_group, minimal_user, sound,
};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

use crate::kept;
use crate::requirements::rfc7644;
use crate::walk::{Found, Sought, items};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("list.shows-users-whole", &Hit { given: user, key: "userName" })
        .title("a user in a list, found by a filter or not, is shown just as by a read")
        .verifies(LIKE_A_READ)
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::LIST_USERS])
        .alone(),
    Check::active("groups.are-shown-whole", &Hit { given: group, key: "displayName" })
        .title("a group in a list, found by a filter or not, is shown just as by a read")
        .verifies(LIKE_A_READ)
        .needs(&[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP])
        .alone(),
];
const _: () = sound(CHECKS);

const LIKE_A_READ: &[ReqId] =
    &[rfc7644::RESPONSE_IS_ALWAYS_PLUS_DEFAULT, rfc7644::RESPONSES_SHOW_SERVER_STATE];

/// A resource that lists are to show.
struct Hit {
    given: fn(&Probe) -> Result<Given, Stop>,
    /// The attribute to look it up by.
    key: &'static str,
}

/// Somebody with values of every form, as far as the target has them.
fn user(probe: &Probe) -> Result<Given, Stop> {
    let address = kept::address(probe, "ada");
    let template = minimal_user()
        .with("displayName", "Ada Lovelace")
        .with("title", "Analyst")
        .with("active", true)
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with("emails", json!([{ "value": address, "type": "work", "primary": true }]));
    let template = match probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        true => template.with(urn::ENTERPRISE_USER, json!({ "department": "Engines" })),
        false => template,
    };
    probe.given(template.as_offered(&probe.service().published))
}

fn group(probe: &Probe) -> Result<Given, Stop> {
    let member = probe.given(minimal_user())?;
    probe.given(minimal_group().with("members", json!([{ "value": member.id }])))
}

impl Procedure for Hit {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let given = (self.given)(probe)?;
        let stored = probe.get(given.path())?;
        stored.require(success())?;
        if given.sent.get("members").is_some() && stored.at("/members").is_none() {
            stored.note("the members of a group are shown to whoever asks for them by name");
        }
        let endpoint = given.path().rsplit_once('/').map_or(given.path(), |(endpoint, _)| endpoint);
        let list = &Request::get(endpoint).query("count", "100");
        let name = given.body.get(self.key).and_then(Value::as_str).unwrap_or(&given.name);
        let sought = Sought { list, key: self.key, name };
        shows(probe, &sought, &given, &stored)?;
        if !probe.service().claims("filter") {
            return Ok(());
        }
        shows(probe, &Sought { list: &sought.narrowed(), ..sought }, &given, &stored)
    }
}

/// The list shows it as the read does, on whatever page it stands.
fn shows(probe: &Probe, sought: &Sought<'_>, given: &Given, stored: &Reply) -> Outcome {
    let found = sought.look_through(probe, |page| {
        let place = items(page).iter().position(|item| item.get("id").is_some_and(|id| *id == given.id));
        let Some(place) = place else { return Ok(false) };
        let (place, read) = (format!("/Resources/{place}"), stored.json()?);
        let same = |requirement: &ReqId| {
            page.expect(same_at(&place, read, "a read of it by its id").under(*requirement))
        };
        LIKE_A_READ.iter().try_for_each(same).map(|()| true)
    })?;
    match found {
        Found::Enough => Ok(()),
        Found::All(last) => last.require(lists(std::slice::from_ref(&given.id))),
    }
}
