//! Every operation whose answer shows a resource shows what was asked for.

use client::Request;
use harness::expect::success;
use harness::{Capability, Check, Outcome, Probe, Procedure, Reply, Stop, capability, sound};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

use super::{ABOUT, given, person, shows};
use crate::parts::Parts;
use crate::requirements::rfc7644;
use crate::search::search;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    CREATE.only("projection.create-honours-attributes", "a create answers with the attributes asked for"),
    REPLACE.only("projection.replace-honours-attributes", "a PUT answers with the attributes asked for"),
    MODIFY.only("projection.modify-honours-attributes", "a PATCH answers with the attributes asked for"),
    LIST.only("projection.list-honours-attributes", "a list shows the attributes asked for"),
    SEARCH.only("projection.search-honours-attributes", "a search by POST shows the attributes asked for"),
    CREATE.without("projection.create-honours-exclusion", "a create answers without the excluded attributes"),
    REPLACE.without("projection.replace-honours-exclusion", "a PUT answers without the excluded attributes"),
    MODIFY.without("projection.modify-honours-exclusion", "a PATCH answers without the excluded attributes"),
    LIST.without("projection.list-honours-exclusion", "a list leaves the excluded attributes out"),
    SEARCH.without(
        "projection.search-honours-exclusion",
        "a search by POST leaves the excluded attributes out",
    ),
];
const _: () = sound(CHECKS);

/// An operation whose answer shows a resource, under a parameter and what it names.
struct Verb {
    attributes: Projected,
    excluded: Projected,
    needs: &'static [Capability],
}

struct Projected {
    ask: fn(&Probe, &Parts, &str, &str) -> Result<Shown, Stop>,
    parameter: &'static str,
    named: &'static str,
    shown: &'static [&'static str],
    hidden: &'static [&'static str],
}

/// An answer, and where in it the resource stands.
type Shown = (Reply, String);

const ONLY: &[ReqId] = &[rfc7644::ATTRIBUTES_OVERRIDES_DEFAULT];
const WITHOUT: &[ReqId] = &[rfc7644::EXCLUSION_TRIMS_DEFAULT_SET];

macro_rules! verb {
    ($name:ident, $ask:expr, [$($need:ident),+]) => {
        const $name: &Verb = &Verb {
            attributes: Projected {
                ask: $ask,
                parameter: "attributes",
                named: "displayName",
                shown: &["id", "displayName"],
                hidden: &["userType", "userName"],
            },
            excluded: Projected {
                ask: $ask,
                parameter: "excludedAttributes",
                named: "userType",
                shown: &["id", "displayName", "userName"],
                hidden: &["userType"],
            },
            needs: &[capability::CREATE_USER, capability::READ_USER, $(capability::$need),+],
        };
    };
}

verb!(CREATE, create, [CREATE_USER]);
verb!(REPLACE, replace, [REPLACE_USER]);
verb!(MODIFY, modify, [MODIFY_USER]);
verb!(LIST, list, [FILTER_USER]);
verb!(SEARCH, by_post, [FILTER_USER]);

impl Verb {
    #[track_caller]
    const fn only(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, &self.attributes).title(title).verifies(ONLY).needs(self.needs)
    }

    #[track_caller]
    const fn without(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, &self.excluded).title(title).verifies(WITHOUT).needs(self.needs)
    }
}

impl Procedure for Projected {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let parts = Parts::of(probe, ABOUT);
        kept::writable(probe, &parts.paths(ABOUT))?;
        let (reply, place) = (self.ask)(probe, &parts, self.parameter, parts.path(self.named))?;
        if reply.status() == 204 {
            reply.note("the answer has no body in which anything could be shown");
            return reply.expect(success());
        }
        reply.require(success())?;
        reply.expect(shows(&reply, &place, &parts.paths(self.shown), &parts.paths(self.hidden)))
    }
}

fn alone(reply: Reply) -> Shown {
    (reply, String::new())
}

fn create(probe: &Probe, parts: &Parts, parameter: &str, named: &str) -> Result<Shown, Stop> {
    // Whether all of it is kept shows on somebody else.
    given(probe, parts, ABOUT)?;
    let body = probe.fill(&person(probe, parts));
    let request = Request::post(probe.service().endpoint("User")).query(parameter, named);
    Ok(alone(probe.send(request.json(&body))?))
}

fn replace(probe: &Probe, parts: &Parts, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let person = given(probe, parts, ABOUT)?;
    let request = Request::put(person.path()).query(parameter, named);
    Ok(alone(probe.send(request.json(&person.sent))?))
}

fn modify(probe: &Probe, parts: &Parts, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let person = given(probe, parts, ABOUT)?;
    let operation = json!({ "op": "replace", "path": parts.path("displayName"), "value": "After" });
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
    Ok(alone(probe.send(Request::patch(person.path()).query(parameter, named).json(&body))?))
}

fn list(probe: &Probe, parts: &Parts, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let person = given(probe, parts, ABOUT)?;
    let name = person.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    let list = Request::get(probe.service().endpoint("User"));
    let list = list.query("filter", &format!("userName eq \"{name}\"")).query(parameter, named);
    listed(probe.send(list)?, &person.id)
}

fn by_post(probe: &Probe, parts: &Parts, parameter: &str, named: &str) -> Result<Shown, Stop> {
    let person = given(probe, parts, ABOUT)?;
    let name = person.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    let mut asked = json!({ "filter": format!("userName eq \"{name}\"") });
    if let Some(asked) = asked.as_object_mut() {
        asked.insert(parameter.to_owned(), json!([named]));
    }
    listed(search(probe, &asked)?, &person.id)
}

fn listed(reply: Reply, id: &str) -> Result<Shown, Stop> {
    let found = places::listed(&reply, |item| item.get("id").is_some_and(|seen| seen == id));
    let Some(place) = found.into_iter().next() else {
        // Who is not there at all is not shown in part.
        reply.require(harness::expect::lists(&[id.to_owned()]))?;
        return Ok((reply, "/Resources/0".to_owned()));
    };
    Ok((reply, place))
}
