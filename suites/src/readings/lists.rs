//! RFC 7644 §3.4.2 and §3.9: orders, pages and projections that can be read in several ways.

use client::Request;
use harness::expect::{lists_exactly, success};
use harness::{Check, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::json;

use super::{ids, judge};
use crate::kept;
use crate::projection::shows;
use crate::requirements::rfc7644;
use crate::rich;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("readings.order-of-complex-attributes", &order_of_complex_attributes)
        .title("by what is a list sorted that is sorted by a complex attribute")
        .verifies(&[rfc7644::SORTBY_NAMES_SUBATTRIBUTE])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::FILTER_USER,
            capability::SORT_USER,
        ]),
    Check::active("readings.start-that-is-no-number", &start_that_is_no_number)
        .title("how is a startIndex read that is no number")
        .verifies(&[rfc7644::STARTINDEX_DEFAULTS_TO_ONE])
        .needs(&[capability::CREATE_USER, capability::LIST_USERS]),
    Check::active("readings.unknown-names-in-bodies", &unknown_names_in_bodies)
        .title("what becomes of a create with an attribute that nobody knows")
        .verifies(&[rfc7644::MALFORMED_REQUEST_IS_400])
        .needs(&[capability::CREATE_USER]),
    Check::active("readings.extensions-in-projections", &extensions_in_projections)
        .title("what does the URI of an extension alone show")
        .verifies(&[rfc7644::ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED])
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::ENTERPRISE_USER]),
];
const _: () = sound(CHECKS);

/// Whether it is a refusal of a parameter.
fn is_refused(reply: &Reply) -> bool {
    reply.status() == 400
}

fn order_of_complex_attributes(probe: &mut Probe) -> Outcome {
    let plain = kept::plain_text(probe)?;
    let shared = plain.path;
    let about = [shared, "emails.value", "emails.type"];
    kept::writable(probe, &about)?;
    let tag = rich::tag(probe);
    let mut people = Vec::new();
    for (name, kind) in [("b", "home"), ("a", "work")] {
        let address = json!([{ "value": format!("{name}-{tag}@{{domain}}"), "type": kind }]);
        let template = plain.of(minimal_user(), &tag).with("emails", address);
        let person = probe.given(template.as_offered(&probe.service().published))?;
        kept::kept(probe, &person, &about)?;
        people.push(person.id);
    }
    let list = Request::get(probe.service().endpoint("User"));
    let list = list.query("filter", &format!("{shared} eq \"{tag}\"")).query("count", "2");
    probe.send(list.clone().query("sortBy", shared))?.require(lists_exactly(&people))?;
    let reply = probe.send(list.query("sortBy", "emails"))?;
    let shown = ids(&reply).filter(|_| reply.status() == 200).unwrap_or_default();
    let turned: Vec<&str> = people.iter().rev().map(String::as_str).collect();
    let read = match shown {
        _ if is_refused(&reply) => Some("by nothing: it is refused"),
        shown if shown == turned => Some("by value"),
        shown if shown == people => Some("by something else than value, or by nothing"),
        _ => None,
    };
    let lawful = "by value, by something else (both people in either order); by nothing: it is refused (400)";
    judge(&reply, read, lawful, &super::came(&reply), &[rfc7644::SORTBY_NAMES_SUBATTRIBUTE])
}

fn start_that_is_no_number(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let list = |start: &str| {
        let list = Request::get(probe.service().endpoint("User")).query("count", "1");
        probe.send(list.query("startIndex", start))
    };
    let twin = list("1")?;
    twin.require(success())?;
    if ids(&twin).is_none_or(|ids| ids.is_empty()) {
        return Err(Stop::NotSupported("lists in which somebody stands".to_owned()));
    }
    let reply = list("first")?;
    let begins = reply.at("/startIndex").is_none_or(|start| *start == json!(1));
    let somebody = ids(&reply).is_some_and(|ids| !ids.is_empty());
    let read = match reply.status() {
        400 => Some("a mistake: it is refused"),
        200 if begins && somebody => Some("1"),
        _ => None,
    };
    let lawful = "1 (a page with somebody that begins there); a mistake: it is refused (400)";
    judge(&reply, read, lawful, &super::came(&reply), &[rfc7644::STARTINDEX_DEFAULTS_TO_ONE])
}

fn unknown_names_in_bodies(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user().with("noSuchAttribute", "here"));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    let read = match reply.at("/noSuchAttribute") {
        _ if is_refused(&reply) => Some("a mistake: it is refused"),
        None if reply.succeeded() => Some("nothing: it is ignored"),
        Some(_) if reply.succeeded() => Some("an attribute that is shown"),
        _ => None,
    };
    let lawful = "nothing: it is ignored; an attribute that is shown; a mistake: it is refused (400)";
    judge(&reply, read, lawful, &super::came(&reply), &[rfc7644::MALFORMED_REQUEST_IS_400])
}

fn extensions_in_projections(probe: &mut Probe) -> Outcome {
    let [department, center] =
        ["department", "costCenter"].map(|name| format!("{}:{name}", urn::ENTERPRISE_USER));
    let plain = kept::plain_text(probe)?;
    let other = plain.path;
    let about = [other, department.as_str(), center.as_str()];
    kept::writable(probe, &about)?;
    let template = plain
        .of(minimal_user(), "Ada Lovelace")
        .with(urn::ENTERPRISE_USER, json!({ "department": "Engines", "costCenter": "7" }));
    let user = probe.given(template.as_offered(&probe.service().published))?;
    kept::kept(probe, &user, &about)?;
    let read = |names: &str| probe.send(Request::get(user.path()).query("attributes", names));
    let twin = read(&department)?;
    twin.require(success())?;
    twin.require(shows(&twin, "", &[&department], &[other]))?;
    let reply = read(urn::ENTERPRISE_USER)?;
    let has = |path: &str| reply.at("").is_some_and(|body| !kept::values(body, path).is_empty());
    let is_answered = reply.succeeded();
    let reading = match (has(&department), has(&center)) {
        _ if is_refused(&reply) => Some("nothing: it is refused"),
        (true, true) if is_answered && !has(other) => Some("all of the extension"),
        (false, false) if is_answered && !has(other) => Some("nothing: no attribute is called so"),
        _ => None,
    };
    let lawful = "all of the extension; nothing of it, and nothing else beyond what is always shown; 400";
    judge(&reply, reading, lawful, &super::came(&reply), &[rfc7644::ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED])
}
