//! Doubt: servers that refuse a whole class of requests, well-formedly. No check may accuse such a server but for the
//! refusal itself, and none may take the refusal for the answer that it hoped for.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

#[path = "refusals/classes.rs"]
mod classes;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use bytes::Bytes;
use classes::{Asked, REFUSALS, Refusal};
use client::InProcess;
use common::between::{Answering, Between, Front};
use harness::Check;
use http::{Request, Response};
use record::{CheckKind, CheckResult, Checks, VerdictKind};
use reference_server::{ReferenceServer, Service};
use serde_json::json;

/// The last segment of the address of a search by POST.
const SEARCH: &str = ".search";
/// What nobody says but the refusal.
const MARK: &str = "refused whatever it asks for";

/// The reference server behind somebody who refuses.
#[derive(Clone)]
struct Refusing {
    service: Service,
    refusal: Refusal,
}

impl Refusing {
    fn refuses(&self, request: &Request<Bytes>) -> bool {
        let path = request.uri().path().strip_prefix(self.service.base_path()).unwrap_or_default();
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let (endpoint, next) = match segments.next() {
            Some(SEARCH) => ("", Some(SEARCH)),
            Some(endpoint @ ("Users" | "Groups")) => (endpoint, segments.next()),
            _ => return false,
        };
        let search = next == Some(SEARCH);
        let asked = Asked {
            method: request.method(),
            endpoint,
            one: next.is_some() && !search,
            search,
            query: request.uri().query().unwrap_or_default().replace("%20", " ").replace('+', " "),
            headers: request.headers(),
            body: serde_json::from_slice(request.body()).unwrap_or_default(),
        };
        (self.refusal.class)(&asked)
    }

    fn answer(&self) -> Response<Bytes> {
        let Refusal { status, keyword, .. } = self.refusal;
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": status.to_string(),
            "detail": MARK,
        });
        if let Some((body, keyword)) = body.as_object_mut().zip(keyword) {
            body.insert("scimType".to_owned(), json!(keyword));
        }
        let answer = Response::builder().status(status).header("content-type", "application/scim+json");
        answer.body(Bytes::from(body.to_string())).unwrap()
    }
}

impl Between for Refusing {
    fn call(&mut self, request: Request<Bytes>) -> Answering {
        if !self.refuses(&request) {
            return tower::Service::call(&mut self.service, request);
        }
        let answer = self.answer();
        Box::pin(async move { Ok(answer) })
    }
}

/// The checks that are about the very thing that is refused: class, check and reason. They accuse, and nobody else.
const ACCUSERS: &[(&str, &str, &str)] = &[
    ("reads", "read.answers-200", "it reads"),
    ("lists", "bonusly.has-no-groups", "a list of groups has to be 404 there"),
    ("lists", "promapp.groups-are-not-found", "a list of groups has to be 404 there"),
    ("lists", "bonusly.connection-test-succeeds", "its one request is a search"),
    ("lists", "entra-ready.match-query-answers-200", "it asks the one query that matters there"),
    ("filters", "discovery.filter-flag-is-honest", "filters are announced"),
    ("filters", "list.never-ignores-a-filter", "filters are announced"),
    ("filters", "filter.eq-finds-the-one", "it asks by the plainest filter"),
    ("filters", "bonusly.connection-test-succeeds", "its one request is a search"),
    ("filters", "entra-ready.match-query-answers-200", "it asks the one query that matters there"),
    ("operators", "filter.sw-finds-a-prefix", "it is the row of that operator"),
    ("operators", "filter.co-finds-a-substring", "it is the row of that operator"),
    ("operators", "filter.ew-finds-a-suffix", "it is the row of that operator"),
    ("logic", "filter.and-needs-both", "it is the row of that operator"),
    ("logic", "filter.or-needs-one", "it is the row of that operator"),
    ("sorts", "discovery.sort-flag-is-honest", "sorting is announced"),
    ("sorts", "sort.ascending", "it asks for the plainest order"),
    ("starts", "paging.pages-join", "it goes from page to page"),
    ("projections", "projection.parameters-are-supported", "it uses both in the plainest way"),
    ("searches", "search.answers-a-list", "it is the plainest search by POST"),
    ("replaces", "replace.answers-200", "it replaces by a PUT that has no fault"),
    ("replaces", "replace.stores-the-new-values", "it says that PUT is supported"),
    ("changes", "discovery.patch-flag-is-honest", "PATCH is announced"),
    ("changes", "patch.answers-with-what-is-stored", "it is about what a PATCH answers"),
    ("changes", "groups.add-a-member", "it is the plainest PATCH of a group"),
    ("removes", "patch.remove-simple", "it is the plainest remove"),
    ("removes", "entra-ready.manager-can-be-removed", "it is done so there"),
    ("urns", "entra-ready.manager-can-be-removed", "the manager is named so"),
    ("urns", "entra-ready.manager-can-be-replaced", "the manager is named so"),
    ("selections", "entra-ready.address-by-value-path", "the address is named so"),
    ("selections", "entra-ready.phone-by-value-path", "the number is named so"),
    ("selections", "entra-ready.role-by-value-path", "the role is named so"),
    ("batches", "entra-ready.patched-values-come-back", "it changes several at once"),
    ("pathless", "entra-ready.group-rename-is-brief", "one client renames so"),
    ("logic", "bonusly.active-is-always-shown", "it narrows its search by and"),
    ("removes", "groups.remove-a-member", "it is the plainest remove from a group"),
    ("removes", "blogin.members-come-and-go", "members have to go there"),
    ("removes", "bonusly.manager-can-be-taken-away", "it is done so there"),
    ("removes", "bonusly.work-email-may-be-missing", "it is taken away so there"),
    ("selections", "patch.replace-in-a-value", "it is the plainest PATCH of a selected value"),
    ("selections", "groups.remove-a-member", "it is the plainest PATCH of a selected member"),
    ("selections", "blogin.members-come-and-go", "members have to go one by one there"),
    ("selections", "bonusly.patch-ignores-what-has-no-place", "values without a place are named so"),
    ("selections", "bonusly.patched-country-becomes-a-code", "the country is named so"),
    ("selections", "bonusly.patched-email-stays", "the e-mail is named so"),
    ("selections", "bonusly.rename-of-both-is-taken", "the address is named so"),
    ("selections", "bonusly.work-email-may-be-missing", "the address is named so"),
    ("selections", "entra-ready.value-path-creates", "it is about what a filter selects"),
    ("selections", "promapp.patch-changes-the-work-email", "the address is named so"),
    ("adds", "patch.add-simple", "it is the plainest add"),
    ("adds", "groups.add-a-member", "it is the plainest add to a group"),
    ("batches", "patch.operations-run-in-order", "it is about several operations"),
    ("batches", "bonusly.keeps-names", "it changes several at once"),
    ("batches", "bonusly.patch-ignores-what-has-no-place", "it sets what is kept beside what is not"),
    ("batches", "bonusly.patched-null-and-empty-clear", "it changes several at once"),
    ("batches", "bonusly.patched-email-stays", "it changes the name beside the e-mail"),
    ("batches", "bonusly.rename-of-both-is-taken", "it is about two operations"),
    ("pathless", "patch.replace-without-path", "it is the plainest PATCH without path"),
    ("pathless", "groups.rename-keeps-members", "groups are renamed so"),
    ("pathless", "entra-ready.dotted-keys-without-path", "it is about a PATCH without path"),
    ("urns", "patch.replace-extension-attribute", "it is the plainest PATCH by a URN"),
    ("urns", "bonusly.birthday-is-never-shown", "the attribute is named so"),
    ("urns", "bonusly.manager-can-be-taken-away", "the attribute is named so"),
    ("urns", "bonusly.patch-ignores-what-has-no-place", "the attributes are named so"),
    ("urns", "bonusly.patch-keeps-the-rest", "the attribute is named so"),
    ("urns", "bonusly.patched-null-and-empty-clear", "the attributes are named so"),
    ("urns", "entra-ready.empty-text-clears-manager", "the manager is named so"),
    ("urns", "entra-ready.manager-as-text", "the manager is named so"),
    ("conditions", "versions.any-version-is-taken", "its condition holds for whatever is there"),
    ("deletes", "delete.answers-204", "it deletes"),
    ("deletes", "bonusly.deleted-users-are-gone", "it deletes, and expects 204"),
    ("deletes", "blogin.deleted-groups-are-gone", "it deletes"),
    ("groups", "bonusly.takes-no-groups", "a create of a group has to be 404 there"),
    ("groups", "promapp.takes-no-groups", "a create of a group has to be 404 there"),
];

/// The checks that pass all the same: class, check and reason.
const CONTENT: &[(&str, &str, &str)] = &[
    (
        "lists",
        "discovery.type-endpoints-answer",
        "a server may refuse to list everything, and has answered then",
    ),
    ("counts", "discovery.type-endpoints-answer", "it has answered then"),
    ("selections", "groups.patch-is-atomic", "the operation that fails there selects"),
    ("removes", "promapp.patch-leaves-an-address", "whoever removes nothing leaves the address"),
    ("removes", "bonusly.active-is-always-shown", "whoever removes nothing leaves a Boolean"),
];

fn run(checks: &[Check], profile: &str, refusal: Refusal) -> Checks {
    let builder = ReferenceServer::builder().profile(profile);
    let known = profiles::find(profile).unwrap();
    common::run_behind(checks, builder, known, Duration::ZERO, |service| {
        Arc::new(InProcess::new(Front(Refusing { service, refusal })))
    })
}

/// The checks that accuse.
fn accusers(run: &Checks) -> BTreeSet<&str> {
    let accusing = |kind| matches!(kind, VerdictKind::Fail | VerdictKind::Warn | VerdictKind::Error);
    let results = run.results.iter().filter(|result| accusing(result.verdict.kind()));
    results.map(|result| result.id.as_str()).collect()
}

/// The checks that pass although one of their requests was refused.
fn content(run: &Checks) -> BTreeSet<&str> {
    let refused = |number: &u32| {
        let mut exchanges = run.exchanges.iter().filter(|exchange| exchange.number == *number);
        let response = exchanges.next().and_then(|exchange| exchange.response.as_ref());
        response.and_then(|response| response.body.as_ref()).is_some_and(|body| body.text.contains(MARK))
    };
    let active = run.results.iter().filter(|result| result.kind == CheckKind::Active);
    let passing = active.filter(|result| result.verdict.kind() == VerdictKind::Pass);
    passing.filter(|result| result.exchanges.iter().any(refused)).map(|result| result.id.as_str()).collect()
}

/// What came of every refusal, with the profile that was played.
static RUNS: LazyLock<Vec<(&str, &Refusal, Checks)>> = LazyLock::new(|| {
    let profiles = profiles::names().into_iter().map(|name| {
        let checks =
            if name == profiles::DEFAULT { suites::all().to_vec() } else { suites::of_profile(name) };
        (name, checks)
    });
    let jobs = profiles.filter(|(_, checks)| !checks.is_empty());
    let jobs =
        jobs.flat_map(|(name, checks)| REFUSALS.iter().map(move |refusal| (name, checks.clone(), refusal)));
    let queue = Mutex::new(jobs.collect::<Vec<_>>());
    let runs = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((name, checks, refusal)) = { queue.lock().unwrap().pop() } {
                    let run = run(&checks, name, *refusal);
                    runs.lock().unwrap().push((name, refusal, run));
                }
            });
        }
    });
    runs.into_inner().unwrap()
});

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Holds what was found of each run to what a table lists for the class that was refused.
fn compare(found: fn(&Checks) -> BTreeSet<&str>, table: &[(&str, &'static str, &str)]) {
    let mut problems = Vec::new();
    for (profile, refusal, run) in RUNS.iter() {
        let class = refusal.name.split('-').next();
        let here = |id: &str| run.results.iter().any(|result| result.id == id);
        let listed = table.iter().filter(|(of, id, _)| Some(*of) == class && here(id));
        let listed: BTreeSet<&str> = listed.map(|(_, id, _)| *id).collect();
        if found(run) != listed {
            problems.push(format!("{profile}, {}: {:?} and not {listed:?}", refusal.name, found(run)));
        }
    }
    complain(&problems);
}

#[test]
fn a_refusal_is_held_against_a_server_by_checks_of_what_is_refused_alone() {
    compare(accusers, ACCUSERS);
}

#[test]
fn no_check_passes_on_a_refusal() {
    compare(content, CONTENT);
}

/// Otherwise nobody would have refused anything.
#[test]
fn every_refusal_keeps_checks_from_judging() {
    let judged = RUNS.iter().filter(|(profile, _, run)| {
        let blocked = |result: &CheckResult| result.verdict.kind() == VerdictKind::Blocked;
        *profile == profiles::DEFAULT && !run.results.iter().any(blocked)
    });
    complain(&judged.map(|(_, refusal, _)| format!("{} blocks nobody", refusal.name)).collect::<Vec<_>>());
}

/// What a profile demands beyond the standard is in the body all the same that lacks the userName.
#[test]
fn a_missing_name_is_not_excused_by_what_else_is_demanded() {
    let text = "name = \"more\"\ntitle = \"More\"\nbase_path = \"/scim/v2\"\n[samples.User]\n\
        name = { givenName = \"Given\" }\nemails = [{ value = \"{name}@example.com\", type = \"work\" }]\n";
    let known = profiles::parse(text, "more.toml").unwrap();
    let builder = ReferenceServer::builder().variant("more-is-required").fault("username-is-optional");
    let check = suites::find("create.needs-a-username").unwrap();
    let run = common::run(std::slice::from_ref(check), builder, known, Duration::ZERO);
    assert_eq!(accusers(&run), BTreeSet::from([check.id]), "{:?}", run.results);
}
