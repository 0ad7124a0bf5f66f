//! Lists that are long, and lists that say so in a form of their own: checks that look for one resource in a whole list
//! find it on any page, and never walk through a directory of a hundred thousand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use client::InProcess;
use common::between::{Answering, Between, Front};
use harness::Check;
use http::Request;
use record::{Checks, VerdictKind};
use reference_server::{Builder, ReferenceServer, Service};
use serde_json::{Value, json};

/// How many strangers stand before everybody else in a list without a filter.
const STRANGERS: u64 = 100_000;
/// As many requests as nobody needs for two checks.
const REQUESTS_MAX: usize = 60;

/// The reference server behind somebody who changes its lists of users.
#[derive(Clone)]
struct Behind {
    service: Service,
    change: fn(&str, &mut Value),
}

impl Between for Behind {
    fn call(&mut self, request: Request<Bytes>) -> Answering {
        let list = request.method() == http::Method::GET && request.uri().path().ends_with("/Users");
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (answer, change) = (tower::Service::call(&mut self.service, request), self.change);
        Box::pin(async move {
            let mut answer = answer.await?;
            if list && answer.status() == 200 {
                let mut body = serde_json::from_slice(answer.body()).unwrap();
                change(&query, &mut body);
                *answer.body_mut() = Bytes::from(body.to_string());
            }
            Ok(answer)
        })
    }
}

/// Shows strangers alone, page by page, to whoever asks for all users.
fn strangers(query: &str, body: &mut Value) {
    if query.contains("filter=") {
        return;
    }
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let (start, count) = (number("startIndex").unwrap_or(1), number("count").unwrap_or(100));
    let resources = (start..start + count).map(|number| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": format!("stranger-{number}"),
            "userName": format!("stranger-{number}"),
        })
    });
    let resources: Vec<Value> = resources.collect();
    body["totalResults"] = json!(STRANGERS);
    body["startIndex"] = json!(start);
    body["itemsPerPage"] = json!(resources.len());
    body["Resources"] = json!(resources);
}

fn totals_as_text(_: &str, body: &mut Value) {
    body["totalResults"] = json!(body["totalResults"].to_string());
}

fn run(ids: &[&str], builder: Builder, change: fn(&str, &mut Value)) -> Checks {
    let checks: Vec<Check> = suites::all().iter().filter(|check| ids.contains(&check.id)).copied().collect();
    let profile = profiles::find("rfc").unwrap();
    common::run_behind(&checks, builder, profile, Duration::ZERO, |service| {
        Arc::new(InProcess::new(Front(Behind { service, change })))
    })
}

fn verdict(run: &Checks, id: &str) -> VerdictKind {
    run.results.iter().find(|result| result.id == id).unwrap().verdict.kind()
}

const SEEKERS: [&str; 2] = ["delete.leaves-the-list", "list.shows-users-whole"];

#[test]
fn in_a_list_without_end_somebody_is_looked_for_by_name() {
    let run = run(&SEEKERS, ReferenceServer::builder(), strangers);
    for id in SEEKERS {
        assert_eq!(verdict(&run, id), VerdictKind::Pass, "{id}");
    }
    assert!(run.exchanges.len() < REQUESTS_MAX, "{}", run.exchanges.len());
    assert!(run.exchanges.iter().all(|exchange| !exchange.request.url.contains("startIndex")));
}

#[test]
fn without_filters_nobody_is_looked_for_there() {
    let builder = ReferenceServer::builder().variant("filters-are-not-announced");
    let run = run(&SEEKERS, builder, strangers);
    for id in SEEKERS {
        assert_eq!(verdict(&run, id), VerdictKind::Blocked, "{id}");
    }
    assert!(run.exchanges.len() < REQUESTS_MAX, "{}", run.exchanges.len());
}

#[test]
fn a_total_as_text_hides_nobody_on_later_pages() {
    // Whom the other checks delete stays listed, before the one who is looked for.
    let ids =
        ["delete.answers-204", "delete.then-404", "delete.frees-the-username", "delete.leaves-the-list"];
    let small = || ReferenceServer::builder().variant("pages-are-small");
    let healthy = run(&ids, small(), totals_as_text);
    assert_eq!(verdict(&healthy, "delete.leaves-the-list"), VerdictKind::Pass);
    let faulty = run(&ids, small().fault("bug-r11-deleted-stay-listed"), totals_as_text);
    assert_eq!(verdict(&faulty, "delete.leaves-the-list"), VerdictKind::Fail);
    assert!(faulty.exchanges.iter().any(|exchange| exchange.request.url.contains("startIndex=3")));
}

/// A server that finds the list of all users too long, as one does at which others have written.
#[derive(Clone)]
struct Overfull(Service);

impl Between for Overfull {
    fn call(&mut self, request: Request<Bytes>) -> Answering {
        let list = request.method() == http::Method::GET && request.uri().path().ends_with("/Users");
        if list && request.uri().query().is_none() {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": "400",
                "scimType": "tooMany",
            });
            let answer =
                http::Response::builder().status(400).header("content-type", "application/scim+json");
            let answer = answer.body(Bytes::from(body.to_string())).unwrap();
            return Box::pin(std::future::ready(Ok(answer)));
        }
        tower::Service::call(&mut self.0, request)
    }
}

#[test]
fn a_list_that_is_too_long_to_give_is_not_supported() {
    let ids = ["list.is-a-list-response", "list.shows-what-it-counts", "list.holds-to-count"];
    let checks: Vec<Check> = suites::all().iter().filter(|check| ids.contains(&check.id)).copied().collect();
    let profile = profiles::find("rfc").unwrap();
    let run = common::run_behind(&checks, ReferenceServer::builder(), profile, Duration::ZERO, |service| {
        Arc::new(InProcess::new(Front(Overfull(service))))
    });
    assert_eq!(verdict(&run, "list.is-a-list-response"), VerdictKind::NotSupported);
    assert_eq!(verdict(&run, "list.shows-what-it-counts"), VerdictKind::NotSupported);
    assert_eq!(verdict(&run, "list.holds-to-count"), VerdictKind::Pass);
}
