//! Servers that put requests off for ever: what they never took is missing, whatever the audit finds.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use client::{Answer, Clock, Connect, Delivered, Sending, SystemClock, Transport, TransportError};
use http::Method;
use load::{Arrival, Cancel, Closed, Executor, Options};
use record::{Conclusion, Delivery, LoadOutcome, LoadRun, Size};

use crate::support::{assert_clean, count, described, options, server};

/// Stands before a server and answers with a status to some of the requests, and that one may come back at once.
#[derive(Clone)]
struct Refusing {
    inner: Arc<dyn Connect>,
    method: Method,
    /// Part of the path, or of the query.
    path: &'static str,
    status: u16,
    /// So many of five such requests are refused.
    of_five: u32,
    asked: Arc<AtomicU32>,
}

struct RefusingWay {
    inner: Box<dyn Transport>,
    refuses: Refusing,
}

impl Connect for Refusing {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(RefusingWay { inner: self.inner.connect()?, refuses: self.clone() }))
    }
}

impl Transport for RefusingWay {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let Refusing { method, path, status, of_five, asked, .. } = &self.refuses;
        let asks_for = request.uri().path_and_query().map_or("", |asked| asked.as_str());
        let meant = request.method() == method && asks_for.contains(path);
        if !meant || asked.fetch_add(1, Ordering::Relaxed) % 5 >= *of_five {
            return self.inner.send(request, clock);
        }
        let now_us = clock.now_us();
        let headers = vec![("retry-after".to_owned(), "0".to_owned())];
        let answer = Answer { status: *status, headers, body: Bytes::new() };
        Box::pin(std::future::ready(Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us })))
    }
}

/// Groups and their members, one request each.
const MEMBERS: &str = r#"
name = "members"
title = "users, groups and their members"
jobs = 2
objectives = ["errors<0.1%", "errors<0.1% for create"]
population = { users = 20, groups = 2, memberships = 30 }
pace = { rate = 2_000 }
caps = { rate = 100_000 }
steps = [{ action = "create-users" }, { action = "create-groups" }, { action = "add-members" }]
"#;

fn refused(text: &str, executor: &dyn Executor, method: Method, path: &'static str) -> LoadRun {
    refused_with(text, executor, method, path, (429, 5))
}

/// The same with another status, and only so many of five.
fn refused_with(
    text: &str,
    executor: &dyn Executor,
    method: Method,
    path: &'static str,
    (status, of_five): (u16, u32),
) -> LoadRun {
    let (target, inner) = server(None);
    let refusing = Refusing { inner, method, path, status, of_five, asked: Arc::default() };
    let clock = Arc::new(Hasty { clock: SystemClock::new(), slept_us: AtomicU64::new(0) });
    let options = Options { clock, ..options(Arc::new(refusing)) };
    load::run(&described(text), &target, executor, &options, &Cancel::default(), &()).unwrap()
}

/// A clock that has moved on at once when somebody wants to sleep.
struct Hasty {
    clock: SystemClock,
    slept_us: AtomicU64,
}

impl Clock for Hasty {
    fn now_us(&self) -> u64 {
        self.clock.now_us() + self.slept_us.load(Ordering::Relaxed)
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let wait_us = u64::try_from(wait.as_micros()).unwrap();
        self.slept_us.fetch_add(wait_us, Ordering::Relaxed);
        Box::pin(tokio::task::yield_now())
    }
}

/// How many requests of an operation were given up, by status.
fn reasons(delivery: &Delivery) -> Vec<(&str, Option<u16>, u64)> {
    let reasons = delivery.reasons.iter();
    reasons.map(|reason| (reason.operation.as_str(), reason.status, reason.count)).collect()
}

#[test]
fn what_is_given_up_is_an_error_and_missing() {
    for executor in [&Closed as &dyn Executor, &Arrival] {
        let run = refused(MEMBERS, executor, Method::PATCH, "/Groups/");
        assert_clean(&run);
        // Each was sent four times: three were put off, and the last one stands.
        assert_eq!(count(&run, "add-member", LoadOutcome::Limited), 180);
        assert_eq!(count(&run, "add-member", LoadOutcome::Failed), 60);
        let delivered = Size { users: 40, groups: 4, memberships: 0 };
        let planned = Size { memberships: 60, ..delivered };
        let delivery = run.delivery.as_ref().unwrap();
        assert_eq!((delivery.given_up, delivery.planned, delivery.delivered), (60, planned, delivered));
        assert_eq!(reasons(delivery), [("add-member", Some(429), 60)]);
        // What the target took is as it said; the audit knows of nothing else.
        assert_eq!(run.audit.as_ref().map(|audit| audit.differing), Some(0));
        let [errors, create, all] = run.objectives.as_slice() else { panic!("{:?}", run.objectives) };
        assert!(errors.is_missed() && create.met, "{:?}", run.objectives);
        assert_eq!(errors.measured.as_deref(), Some("40.541 % (60 of 148 requests)"));
        assert_eq!((all.text.as_str(), all.is_missed()), ("everything is delivered", true));
        let told = "60 requests were given up (60 add-member: 429); delivered: 40 of 40 users, 4 of 4 groups, 0 of 60 memberships";
        assert_eq!(all.measured.as_deref(), Some(told));
    }
}

#[test]
fn who_demands_nothing_is_told_too() {
    let undemanding = MEMBERS.replace("objectives = [\"errors<0.1%\", \"errors<0.1% for create\"]\n", "");
    let run = refused(&undemanding, &Closed, Method::POST, "/Groups");
    assert_eq!((run.objectives.len(), run.health.spoiled.as_slice()), (1, &[][..]));
    assert_eq!(run.conclusion(), Conclusion::ObjectiveMissed);
    let delivered = run.delivery.map(|delivery| (delivery.given_up, delivery.delivered.groups));
    assert_eq!(delivered, Some((4, 0)));
}

#[test]
fn a_load_whose_beginning_is_put_off_for_ever_is_not_begun() {
    let prepared = MEMBERS.replace(
        "steps = [{ action = \"create-users\" }",
        "prepare = [{ action = \"create-users\", probe = false }]\nsteps = [{ action = \"find-users\" }",
    );
    let run = refused(&prepared, &Closed, Method::POST, "/Users");
    let stopped = run.stopped.unwrap();
    assert!(stopped.starts_with("what has to be there first could not be created: 40 of 40"), "{stopped}");
}

/// What goes wrong before anything is measured is missing as well.
#[test]
fn what_the_preparation_did_not_bring_is_told() {
    let text = r#"
name = "prepared"
title = "users that are there already are looked for"
objectives = ["errors<0.1%"]
population = { users = 50, groups = 0 }
caps = { rate = 100_000 }
prepare = [{ action = "create-users" }]
steps = [{ action = "find-users" }]
"#;
    for status in [500, 503] {
        let run = refused_with(text, &Closed, Method::POST, "/Users", (status, 2));
        let delivery = run.delivery.as_ref().unwrap();
        let users = |users| Size { users, ..Size::default() };
        // The groups that a population has by itself are no part of a load that brings none.
        assert_eq!(run.size, users(50));
        assert_eq!((delivery.planned, delivery.delivered), (users(50), users(30)));
        assert_eq!(reasons(delivery), [("create-user", Some(status), 20)]);
        let [errors, all] = run.objectives.as_slice() else { panic!("{:?}", run.objectives) };
        // Nothing of it was measured.
        assert!(errors.met && all.is_missed(), "{:?}", run.objectives);
        let told = format!("20 requests were given up (20 create-user: {status}); delivered: 30 of 50 users");
        assert_eq!(all.measured.as_deref(), Some(told.as_str()));
        assert_eq!((run.stopped.as_deref(), run.conclusion()), (None, Conclusion::ObjectiveMissed));
        assert_clean(&run);
    }
}

/// A member that a server in trouble may have taken or not was not delivered, and is no difference.
#[test]
fn whatever_the_status_what_was_not_taken_is_missing() {
    let undemanding = MEMBERS.replace("objectives = [\"errors<0.1%\", \"errors<0.1% for create\"]\n", "");
    for (status, of_five, taken) in [(500, 5, 0), (503, 5, 0), (500, 1, 48), (400, 5, 0)] {
        for executor in [&Closed as &dyn Executor, &Arrival] {
            let run = refused_with(&undemanding, executor, Method::PATCH, "/Groups/", (status, of_five));
            let delivery = run.delivery.as_ref().unwrap();
            assert_eq!((delivery.planned.memberships, delivery.delivered.memberships), (60, taken));
            assert_eq!(reasons(delivery), [("add-member", Some(status), 60 - taken)]);
            assert_eq!(run.audit.as_ref().map(|audit| audit.differing), Some(0));
            assert_eq!(run.conclusion(), Conclusion::ObjectiveMissed);
        }
    }
}

/// A load of nothing but errors is no proof, whoever demands nothing of them.
#[test]
fn reads_that_all_fail_are_no_proof() {
    let reading = |objective: &str| {
        format!(
            r#"
name = "searching"
title = "users are looked for"
objectives = [{objective}]
population = {{ users = 20, groups = 0 }}
caps = {{ rate = 100_000 }}
prepare = [{{ action = "create-users", probe = false }}]
steps = [{{ action = "find-users", times = 2 }}]
"#
        )
    };
    let refused = |objective: &str, (status, of_five)| {
        refused_with(&reading(objective), &Closed, Method::GET, "userName%20eq", (status, of_five))
    };
    for (status, of_five, failed) in [(500, 5, "40 reads"), (404, 5, "40 reads"), (500, 1, "8 reads")] {
        for objective in ["", "\"errors<1% for create\""] {
            let run = refused(objective, (status, of_five));
            let count = failed.trim_end_matches(" reads");
            let told = format!("{failed} failed ({count} find-user: {status})");
            let missed = run.objectives.iter().find(|objective| objective.text == "every read is answered");
            assert_eq!(missed.and_then(|missed| missed.measured.clone()), Some(told), "{:?}", run.objectives);
            assert_eq!(run.conclusion(), Conclusion::ObjectiveMissed);
        }
    }
    // How many may fail is said, and so many fail.
    for objective in ["\"errors<25%\"", "\"errors<25% for reads\""] {
        let run = refused(objective, (500, 1));
        assert_eq!((run.objectives.len(), run.conclusion()), (1, Conclusion::Pass), "{:?}", run.objectives);
    }
    let run = refused("", (500, 0));
    assert_eq!((run.objectives.as_slice(), run.conclusion()), (&[][..], Conclusion::Pass));
}

/// An audit that may not read has seen nothing that differs.
#[test]
fn a_read_that_is_refused_is_no_difference() {
    for status in [429, 503, 401, 500] {
        let run = refused_with(MEMBERS, &Closed, Method::GET, "/Users/", (status, 1));
        let audit = run.audit.as_ref().unwrap();
        assert_eq!((audit.differing, run.delivery.is_some()), (0, false), "{audit:?}");
        if matches!(status, 429 | 503) {
            // Whoever is asked for a moment waits it.
            assert_eq!((audit.unfinished.as_deref(), audit.compared.users), (None, 40));
            assert_eq!(run.conclusion(), Conclusion::Pass, "{run:?}");
        } else {
            let reason = audit.unfinished.as_deref().unwrap();
            assert!(reason.ends_with(&format!("could not be read: reading it answers {status}")), "{reason}");
            assert_eq!((audit.compared.users, run.conclusion()), (32, Conclusion::Blocked));
        }
    }
}

/// What is put off for ever stays unread, and is no difference either.
#[test]
fn a_read_that_is_put_off_for_ever_is_not_waited_for_for_ever() {
    for path in ["/Users/", "/Groups/", "/Users"] {
        let run = refused_with(
            &MEMBERS.replace("}, {", ", probe = false }, {"),
            &Closed,
            Method::GET,
            path,
            (429, 5),
        );
        let audit = run.audit.as_ref().unwrap();
        assert_eq!((audit.differing, audit.unfinished.is_some()), (0, true), "{path}: {audit:?}");
        assert_eq!(run.conclusion(), Conclusion::Blocked);
    }
}

/// The audit still finds what is not there.
#[test]
fn what_is_not_there_differs() {
    for status in [404, 410] {
        let run = refused_with(MEMBERS, &Closed, Method::GET, "/Users/", (status, 1));
        assert_eq!(run.audit.as_ref().map(|audit| audit.differing), Some(8));
        assert_eq!(run.conclusion(), Conclusion::Failed);
    }
}

/// Clean-up goes on as long as the target names a time and takes something now and then.
#[test]
fn what_is_put_off_is_removed_in_the_end() {
    let run = refused_with(MEMBERS, &Closed, Method::DELETE, "/", (429, 4));
    assert_clean(&run);
    assert_eq!(run.conclusion(), Conclusion::Pass);
}

/// A target that is left with what was created is no proof.
#[test]
fn what_is_left_behind_is_no_proof() {
    for status in [429, 403, 500] {
        let run = refused_with(MEMBERS, &Closed, Method::DELETE, "/", (status, 5));
        assert_eq!((run.created, run.removed, run.leftovers.len()), (44, 0, 20));
        assert_eq!(run.leftovers[0].reason, format!("DELETE answered {status}"));
        assert_eq!(run.conclusion(), Conclusion::LeftBehind);
    }
}
