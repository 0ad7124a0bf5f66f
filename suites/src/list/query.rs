//! RFC 7644 §3.4.2: what a list answers, and what it makes of its parameters.

use harness::expect::{
    Miss, array_of_objects, differs, holds, integer, list_response, lists, status, status_among, success,
};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use record::At;
use serde_json::Value;

use super::{LISTS, is_too_many, plain, users};
use crate::parts::Parts;
use crate::requirements::rfc7644;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("list.is-a-list-response", &is_a_list_response)
        .title("a list names the list response schema and counts its results")
        .verifies(&[rfc7644::LIST_USES_LISTRESPONSE_URI, rfc7644::LIST_HAS_TOTALRESULTS])
        .needs(&[capability::LIST_USERS])
        .reads_only(),
    Check::active("list.shows-what-it-counts", &shows_what_it_counts)
        .title("a list that counts results shows some of them in Resources")
        .verifies(&[rfc7644::RESOURCES_PRESENT_IF_ANY_MATCH])
        .needs(LISTS),
    Check::active("list.id-survives-exclusion", &id_survives_exclusion)
        .title("excludedAttributes cannot remove the ids from a list")
        .verifies(&[rfc7644::QUERY_EXCLUSION_KEEPS_ALWAYS])
        .needs(LISTS),
    Check::active("list.unknown-parameter-is-ignored", &unknown_parameter_is_ignored)
        .title("an unknown query parameter is ignored")
        .verifies(&[rfc7644::UNKNOWN_QUERY_PARAMETERS_IGNORED])
        .needs(&[capability::LIST_USERS])
        .reads_only(),
    Check::active("list.honours-attributes", &honours_attributes)
        .title("the attributes parameter narrows the resources of a list")
        .verifies(&[rfc7644::QUERY_ATTRIBUTES_REPLACE_DEFAULT])
        .needs(LISTS),
    Check::active("list.never-ignores-a-filter", &never_ignores_a_filter)
        .title("a filter is applied or refused, never answered with the unfiltered list")
        .verifies(&[rfc7644::FILTER_RETURNS_ONLY_MATCHES])
        .needs(LISTS),
];
const _: () = sound(CHECKS);

/// The list that nobody narrows. A target may find it too long to give (RFC 7644 §3.12), as it is where others write.
fn whole(probe: &Probe) -> Result<Reply, Stop> {
    let reply = probe.send(users(probe))?;
    if is_too_many(&reply) {
        return Err(Stop::NotSupported("lists of all users for which no count is asked".to_owned()));
    }
    reply.require(success())?;
    Ok(reply)
}

fn is_a_list_response(probe: &mut Probe) -> Outcome {
    let reply = whole(probe)?;
    reply.expect(list_response())?;
    reply.expect(integer("/totalResults").under(rfc7644::LIST_HAS_TOTALRESULTS))
}

fn shows_what_it_counts(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let reply = whole(probe)?;
    // Who counts none although there is somebody has another fault.
    reply.require(differs("/totalResults", 0))?;
    reply.expect(array_of_objects("/Resources"))
}

fn id_survives_exclusion(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    plain(probe)?;
    let reply = probe.send(users(probe).query("count", "100").query("excludedAttributes", "id"))?;
    reply.require(success())?;
    reply.require(array_of_objects("/Resources"))?;
    let bare = places::listed(&reply, |item| item.get("id").is_none());
    let told = format!("{} without id", bare.len());
    let outcome = if bare.is_empty() { Ok(()) } else { Err(Miss::places(bare, told)) };
    reply.expect(holds("an id on each of them", At::Body, outcome))
}

fn unknown_parameter_is_ignored(probe: &mut Probe) -> Outcome {
    plain(probe)?;
    probe.send(users(probe).query("count", "1").query("zzUnknown", "1"))?.expect(status(200))
}

fn honours_attributes(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, &["displayName", "nickName"]);
    parts.given(probe, minimal_user().with("displayName", "Listed").with("nickName", "Hidden"))?;
    let (named, other) = (parts.path("displayName"), parts.path("nickName"));
    let reply = probe.send(users(probe).query("count", "200").query("attributes", named))?;
    reply.require(success())?;
    let shown = places::listed(&reply, |item| !kept::values(item, other).is_empty());
    let told = format!("{other} in {} of them", shown.len());
    let shown = shown.iter().flat_map(|at| places::of(reply.at(at).unwrap_or(&Value::Null), at, other));
    let shown: Vec<String> = shown.collect();
    let outcome = if shown.is_empty() { Ok(()) } else { Err(Miss::places(shown, told)) };
    reply.expect(holds(format!("only {named} and what is always returned"), At::Body, outcome))
}

/// Harm beats letter: a client that asked for one user and got all of them may change the wrong one.
fn never_ignores_a_filter(probe: &mut Probe) -> Outcome {
    let wanted = probe.given(minimal_user())?;
    probe.given(minimal_user())?;
    plain(probe)?;
    let name = wanted.body.get("userName").and_then(Value::as_str).unwrap_or_default();
    let reply = probe.send(users(probe).query("filter", &format!("userName eq \"{name}\"")))?;
    if probe.service().claims("filter") {
        reply.expect(success())?;
    }
    if !reply.succeeded() {
        reply.note(&format!("filters are refused with {}", reply.status()));
        return reply.expect(status_among(&[400, 403, 501]));
    }
    let strays = places::listed(&reply, |item| item.get("id").is_none_or(|id| *id != wanted.id));
    let outcome = match strays.first() {
        None => Ok(()),
        Some(first) => {
            let id = reply.at(&places::child(first, "id")).and_then(Value::as_str);
            let such_as = id.unwrap_or("one without id");
            let told = format!("{} other users, such as {such_as}", strays.len());
            Err(Miss::places(strays, told))
        }
    };
    reply.expect(holds("only the user asked for", At::Body, outcome))?;
    reply.expect(lists(&[wanted.id]))
}
