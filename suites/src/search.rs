//! RFC 7644 §3.4.3: queries by POST.

use std::rc::Rc;

use client::Request;
use harness::expect::{Miss, equals, holds, list_response, lists_exactly, scim_type, status, success};
use harness::{
    Capability, Check, Lent, Outcome, Probe, Reply, Stop, capability, minimal_group, minimal_user, sound,
};
use protocol::{ScimType, endpoint, urn};
use record::At;
use serde_json::{Value, json};

use crate::places;
use crate::requirements::rfc7644;
use crate::walk::items;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("search.answers-a-list", &answers_a_list)
        .title("a search by POST answers 200 with a list, and not with a new resource")
        .verifies(&[rfc7644::SEARCH_SUFFIX_MARKS_QUERY])
        .needs(SEARCHES),
    Check::active("search.finds-what-get-finds", &finds_what_get_finds)
        .title("a search by POST finds what the same filter finds in an address")
        .verifies(&[rfc7644::SEARCH_ANSWERS_LIKE_GET])
        .needs(SEARCHES),
    Check::active("search.pages-like-get", &pages_like_get)
        .title("a search by POST honours startIndex and count")
        .verifies(&[rfc7644::SEARCH_ANSWERS_LIKE_GET])
        .needs(SEARCHES),
    Check::active("search.refuses-a-bad-filter", &refuses_a_bad_filter)
        .title("a malformed filter in a search by POST is refused with invalidFilter")
        .verifies(&[rfc7644::SEARCH_FILTER_IS_VALID, rfc7644::INVALIDFILTER_MARKS_BAD_FILTER])
        .needs(SEARCHES),
    Check::active("search.keeps-the-id", &keeps_the_id)
        .title("a search by POST cannot exclude the id")
        .verifies(&[rfc7644::SEARCH_EXCLUSION_KEEPS_ALWAYS])
        .needs(SEARCHES),
    Check::active("search.sorts", &sorts)
        .title("a search by POST honours sortBy and sortOrder")
        .verifies(&[rfc7644::SEARCH_SORTBY_ORDERS_RESULTS])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::FILTER_USER,
            capability::SORT_USER,
        ]),
    Check::active("search.covers-all-types", &covers_all_types)
        .title("a search at the root finds users as well as groups")
        .verifies(&[rfc7644::ROOT_SEARCH_COVERS_ALL_TYPES])
        .needs(&[capability::CREATE_USER, capability::CREATE_GROUP, capability::FILTER_USER]),
];
const _: () = sound(CHECKS);

const SEARCHES: &[Capability] = &[capability::CREATE_USER, capability::READ_USER, capability::FILTER_USER];

/// Searches users by POST, where the target does so at all.
pub(crate) fn search(probe: &Probe, asked: &Value) -> Result<Reply, Stop> {
    post(probe, &format!("{}{}", probe.service().endpoint("User"), endpoint::SEARCH), asked)
}

fn post(probe: &Probe, path: &str, asked: &Value) -> Result<Reply, Stop> {
    let mut body = asked.clone();
    if let Some(body) = body.as_object_mut() {
        body.insert("schemas".to_owned(), json!([urn::SEARCH_REQUEST]));
    }
    let reply = probe.post(path, &body)?;
    match reply.status() {
        404 | 405 | 501 => Err(Stop::NotSupported("searches by POST".to_owned())),
        _ => Ok(reply),
    }
}

/// Three people and a filter that finds them alone.
fn three(probe: &Probe) -> Result<(Rc<Lent>, String), Stop> {
    let people = probe.lent(|_| vec![minimal_user(); 3])?;
    // Names differ in what stands behind their last hyphen.
    let name = people.resources.first().map_or("", |person| person.name.as_str());
    let tag = name.rsplit_once('-').map_or(name, |(tag, _)| tag);
    let filter = format!("userName sw \"{tag}-\"");
    Ok((people, filter))
}

fn ids(people: &Lent) -> Vec<String> {
    people.resources.iter().map(|person| person.id.clone()).collect()
}

fn answers_a_list(probe: &mut Probe) -> Outcome {
    let (_, filter) = three(probe)?;
    get(probe, &[("filter", &filter), ("count", "1")])?;
    let reply = search(probe, &json!({ "filter": filter, "count": 1 }))?;
    reply.expect(status(200))?;
    reply.expect(list_response())
}

/// The same question in an address.
fn get(probe: &Probe, parameters: &[(&str, &str)]) -> Result<Reply, Stop> {
    let list = Request::get(probe.service().endpoint("User"));
    let reply = probe.send(parameters.iter().fold(list, |list, (name, value)| list.query(name, value)))?;
    reply.require(success())?;
    Ok(reply)
}

fn shown(reply: &Reply) -> Vec<String> {
    items(reply).iter().filter_map(|item| item.get("id")?.as_str().map(str::to_owned)).collect()
}

/// Holds where a search is answered. Where the plainest one is refused as well, that is not this check's to say.
fn expect_answered(probe: &Probe, reply: &Reply, filter: &str) -> Outcome {
    if !reply.succeeded() {
        search(probe, &json!({ "filter": filter, "count": 1 }))?.require(success())?;
    }
    reply.expect(success())
}

fn finds_what_get_finds(probe: &mut Probe) -> Outcome {
    let (_, filter) = three(probe)?;
    let by_get = get(probe, &[("filter", &filter)])?;
    let reply = search(probe, &json!({ "filter": filter }))?;
    expect_answered(probe, &reply, &filter)?;
    reply.expect(lists_exactly(&shown(&by_get)))?;
    reply.expect(equals("/totalResults", by_get.at("/totalResults").cloned().unwrap_or_default()))
}

fn pages_like_get(probe: &mut Probe) -> Outcome {
    let (_, filter) = three(probe)?;
    let by_get = get(probe, &[("filter", &filter), ("startIndex", "2"), ("count", "1")])?;
    let reply = search(probe, &json!({ "filter": filter, "startIndex": 2, "count": 1 }))?;
    expect_answered(probe, &reply, &filter)?;
    reply.expect(lists_exactly(&shown(&by_get)))?;
    reply.expect(equals("/totalResults", by_get.at("/totalResults").cloned().unwrap_or_default()))
}

fn refuses_a_bad_filter(probe: &mut Probe) -> Outcome {
    let (_, filter) = three(probe)?;
    search(probe, &json!({ "filter": filter }))?.require(success())?;
    let reply = search(probe, &json!({ "filter": "userName" }))?;
    reply.expect(status(400))?;
    reply.expect(scim_type(ScimType::InvalidFilter).under(rfc7644::INVALIDFILTER_MARKS_BAD_FILTER))
}

fn keeps_the_id(probe: &mut Probe) -> Outcome {
    let (people, filter) = three(probe)?;
    let reply = search(probe, &json!({ "filter": filter, "excludedAttributes": ["id", "userName"] }))?;
    reply.require(success())?;
    let bare = places::listed(&reply, |item| item.get("id").is_none());
    let told = format!("{} without id", bare.len());
    let outcome = if bare.is_empty() { Ok(()) } else { Err(Miss::places(bare, told)) };
    reply.expect(holds(format!("an id on each of {}", people.resources.len()), At::Body, outcome))
}

fn sorts(probe: &mut Probe) -> Outcome {
    let (people, filter) = three(probe)?;
    let asked = json!({ "filter": filter, "sortBy": "userName", "sortOrder": "descending" });
    let reply = search(probe, &asked)?;
    reply.require(success())?;
    let seen = shown(&reply);
    let created = ids(&people);
    let [a, b, c] = created.as_slice() else { return Err(Stop::Error("three people".to_owned())) };
    // A page may hold less than all of them.
    let wanted: Vec<String> = [c, b, a].into_iter().take(seen.len()).cloned().collect();
    let outcome = if seen == wanted && !seen.is_empty() { Ok(()) } else { Err(seen.join(", ")) };
    reply.expect(holds("c before b before a", places::resources(), outcome))
}

fn covers_all_types(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let group = probe.given(minimal_group())?;
    for id in [user.id, group.id] {
        let filter = format!("id eq \"{id}\"");
        let reply = post(probe, endpoint::SEARCH, &json!({ "filter": filter }))?;
        expect_answered(probe, &reply, &filter)?;
        reply.expect(lists_exactly(&[id]))?;
    }
    Ok(())
}
