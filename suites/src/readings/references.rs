//! Questions about filters that are asked of something else than lists of users.

use client::Request;
use harness::expect::{lists_exactly, success};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_group, minimal_user, sound};
use serde_json::{Value, json};

use super::{came, ids, judge, refused};
use crate::filter::FILTERS;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("readings.dollars-in-filters", &dollars_in_filters)
        .title("how is $ref in a filter read")
        .verifies(&[rfc7644::FILTER_RETURNS_ONLY_MATCHES])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::FILTER_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
        ]),
    Check::active("readings.filters-on-one-resource", &filters_on_one_resource)
        .title("how is a filter read where one resource is asked for")
        .verifies(&[rfc7644::UNKNOWN_QUERY_PARAMETERS_IGNORED])
        .needs(FILTERS),
];
const _: () = sound(CHECKS);

fn dollars_in_filters(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let group = probe.given(minimal_group().with("members", json!([{ "value": user.id }])))?;
    // Somebody has to be there whom it must not find.
    probe.given(minimal_group())?;
    let shown = probe.send(Request::get(group.path()).query("attributes", "displayName,members"))?;
    shown.require(success())?;
    let Some(reference) = shown.at("/members/0/$ref").and_then(Value::as_str) else {
        return Err(Stop::NotSupported("members with a $ref".to_owned()));
    };
    let list = |filter: &str| {
        let list = Request::get(probe.service().endpoint("Group"));
        probe.send(list.query("filter", filter))
    };
    // Who has no filters of members at all has not looked at the dollar.
    let twin = list(&format!("members.value eq \"{}\"", user.id))?;
    twin.require(success())?;
    twin.require(lists_exactly(std::slice::from_ref(&group.id)))?;
    let reply = list(&format!("members.$ref eq \"{reference}\""))?;
    let read = match ids(&reply) {
        _ if refused(&reply, 400, "invalidFilter") => Some("no name: it is refused"),
        Some(ids) if reply.status() == 200 && ids == [group.id.as_str()] => Some("a name like any other"),
        // A reference can be kept in another form than it is shown in, as an id or without the host.
        Some(ids) if reply.status() == 200 && ids.is_empty() => {
            Some("a name of what is not compared as it is shown")
        }
        _ => None,
    };
    let lawful = "a name like any other (its group, or nobody where references are kept in another form); no name: it is refused (400 invalidFilter)";
    judge(&reply, read, lawful, &came(&reply), &[rfc7644::FILTER_RETURNS_ONLY_MATCHES])
}

fn filters_on_one_resource(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    probe.given(minimal_user())?;
    let plain = probe.get(user.path())?;
    plain.require(success())?;
    let name = user.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    let filter = format!("userName eq \"{name}\"");
    let list = Request::get(probe.service().endpoint("User")).query("filter", &filter);
    probe.send(list)?.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    let reply = probe.send(Request::get(user.path()).query("filter", &filter))?;
    let read = match ids(&reply) {
        _ if [400, 403, 501].contains(&reply.status()) => Some("a request that it does not take"),
        Some(ids) if reply.status() == 200 && ids == [user.id.as_str()] => Some("a query of one resource"),
        None if reply.succeeded() && reply.at("/id") == plain.at("/id") => Some("nothing: it is ignored"),
        _ => None,
    };
    let lawful = "nothing: it is ignored (the resource); a query of one resource (a list of it); a request that it does \
                  not take (400, 403 or 501)";
    judge(&reply, read, lawful, &came(&reply), &[rfc7644::UNKNOWN_QUERY_PARAMETERS_IGNORED])
}
