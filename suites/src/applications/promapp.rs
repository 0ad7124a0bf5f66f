//! What Promapp serves, and what becomes of users who come and go.

use client::Request;
use harness::expect::{
    equals, error_body, holds, lists_exactly, lists_none_of, pointer_that, status, status_among, success,
};
use harness::{Check, Outcome, Probe, Procedure, Stop, capability, minimal_user, sound};
use protocol::{endpoint, urn};
use record::At;
use serde_json::{Value, json};

use crate::applications::{expect_id_of_who_returns, lives_below, refuses_groups, shown};
use crate::kept;
use crate::requirements::promapp as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("promapp.serves-api-scim", &serves_api_scim)
        .title("users live below /api/scim")
        .verifies(&[rules::P_01])
        .needs(&[capability::CREATE_USER]),
    Check::active("promapp.groups-are-not-found", &groups_are_not_found)
        .title("/Groups is 404 with a SCIM error")
        .verifies(&[rules::P_01])
        .reads_only(),
    Check::active("promapp.takes-no-groups", &takes_no_groups)
        .title("a POST to /Groups is 404 with a SCIM error")
        .verifies(&[rules::P_01])
        .needs(&[capability::CREATE_USER]),
    Check::active("promapp.groups-are-not-advertised", &groups_are_not_advertised)
        .title("neither /ResourceTypes nor /Schemas speaks of groups")
        .verifies(&[rules::P_01])
        .reads_only(),
    NO_USER_NAME.check("promapp.create-needs-a-user-name", "a create without userName is refused"),
    NO_GIVEN_NAME.check("promapp.create-needs-a-given-name", "a create without name.givenName is refused"),
    NO_FAMILY_NAME.check("promapp.create-needs-a-family-name", "a create without name.familyName is refused"),
    NO_EMAIL.check("promapp.create-needs-an-email", "a create without an e-mail is refused"),
    Check::active("promapp.takes-three-media-types", &takes_three_media_types)
        .title("a create is taken as application/scim+json, application/json and application/json-patch+json")
        .verifies(&[rules::P_03])
        .needs(&[capability::CREATE_USER]),
    Check::active("promapp.deleted-users-are-gone", &deleted_users_are_gone)
        .title("a deleted user is found neither by id nor by filter")
        .verifies(&[rules::P_05])
        .needs(&[capability::CREATE_USER, capability::DELETE_USER, capability::FILTER_USER]),
    Check::active("promapp.who-returns-keeps-the-id", &who_returns_keeps_the_id)
        .title("a create with the userName of a deleted user brings back the same id")
        .verifies(&[rules::P_05])
        .needs(&[capability::CREATE_USER, capability::DELETE_USER]),
];
const _: () = sound(CHECKS);

fn serves_api_scim(probe: &mut Probe) -> Outcome {
    lives_below(probe, "/api/scim")
}

fn groups_are_not_found(probe: &mut Probe) -> Outcome {
    let listed = probe.get(endpoint::GROUPS)?;
    listed.expect(status(404))?;
    listed.expect(error_body())
}

fn takes_no_groups(probe: &mut Probe) -> Outcome {
    refuses_groups(probe)
}

fn groups_are_not_advertised(probe: &mut Probe) -> Outcome {
    let types = probe.get(endpoint::RESOURCE_TYPES)?;
    types.require(success())?;
    types.expect(lacks("/endpoint", endpoint::GROUPS))?;
    let schemas = probe.get(endpoint::SCHEMAS)?;
    schemas.require(success())?;
    schemas.expect(lacks("/id", urn::GROUP))
}

/// No resource of a list has this text at a pointer.
fn lacks(pointer: &'static str, unwanted: &'static str) -> harness::Expectation {
    pointer_that("/Resources", format!("nothing with {unwanted}"), move |listed| {
        let listed = listed.as_array().into_iter().flatten();
        !listed.filter_map(|entry| entry.pointer(pointer)).any(|found| found == unwanted)
    })
}

/// A create that lacks something.
struct Without {
    name: &'static str,
    part: Option<&'static str>,
}

static NO_USER_NAME: Without = Without { name: "userName", part: None };
static NO_GIVEN_NAME: Without = Without { name: "name", part: Some("givenName") };
static NO_FAMILY_NAME: Without = Without { name: "name", part: Some("familyName") };
static NO_EMAIL: Without = Without { name: "emails", part: None };

impl Without {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rules::P_03]).needs(&[capability::CREATE_USER])
    }
}

impl Procedure for Without {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let whole = person(probe)?;
        let mut lacking = whole.clone();
        let holder = match self.part {
            None => Some(&mut lacking),
            Some(_) => lacking.get_mut(self.name),
        };
        if let Some(holder) = holder.and_then(Value::as_object_mut) {
            holder.remove(self.part.unwrap_or(self.name));
        }
        is_too_little(probe, &lacking, &whole)
    }
}

/// Holds where a create of what lacks something is refused and stores nothing, and the whole is taken then.
pub(super) fn is_too_little(probe: &Probe, lacking: &Value, whole: &Value) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    probe.post(&endpoint, lacking)?.expect(status(400))?;
    // Had it been stored all the same, its name would be taken now; and nothing else was wrong with it.
    let complete = probe.post(&endpoint, whole)?;
    let taken = if complete.status() == 409 { Err("409".to_owned()) } else { Ok(()) };
    complete.expect(holds("a refused user not stored", At::Status, taken))?;
    complete.require(success())
}

/// A user with all that a create has to carry. What this target demands beyond that was learned by a create before.
pub(super) fn person(probe: &Probe) -> Result<Value, Stop> {
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user());
    let address = body.get("userName").and_then(Value::as_str).map(|name| probe.service().address(name));
    let name = json!({ "givenName": "Mara", "familyName": "Lindqvist" });
    Ok(kept::edited(&body, json!({ "name": name, "emails": [{ "value": address, "type": "work" }] })))
}

fn takes_three_media_types(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    for media_type in ["application/scim+json", "application/json", "application/json-patch+json"] {
        let body = person(probe)?;
        let request = Request::post(&endpoint).body(media_type, body.to_string().into_bytes());
        let created = probe.send(request)?;
        created.expect(status_among(&[200, 201]))?;
        let path = probe.service().place_of("User", &created)?;
        shown(probe, &path)?
            .expect(equals("/userName", body.get("userName").cloned().unwrap_or_default()))?;
    }
    Ok(())
}

fn deleted_users_are_gone(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let filter = format!("userName eq \"{}\"", user.name);
    let list = Request::get(probe.service().endpoint("User")).query("filter", &filter);
    // Before that, both find the user.
    shown(probe, user.path())?;
    probe.send(list.clone())?.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    probe.delete(user.path())?.require(success())?;
    probe.get(user.path())?.expect(status(404))?;
    let found = probe.send(list)?;
    found.expect(status(200))?;
    found.expect(lists_none_of(&[user.id]))
}

fn who_returns_keeps_the_id(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    shown(probe, user.path())?;
    probe.delete(user.path())?.require(success())?;
    let back = probe.post(&probe.service().endpoint("User"), &user.sent)?;
    back.expect(success())?;
    expect_id_of_who_returns(probe, &back, &user)?;
    let read = probe.get(&probe.service().place_of("User", &back)?)?;
    read.expect(status(200))?;
    read.expect(equals("/userName", user.name.as_str()))
}
