//! The audit: what the target holds, beside what it said.

use std::sync::Arc;

use bytes::Bytes;
use client::{Answer, Clock, Connect, Delivered, Sending, Transport, TransportError};
use http::{Method, StatusCode};
use load::{Arrival, Closed, Executor};
use record::{LoadModel, LoadOutcome, LoadRun, Size};
use serde_json::Value;

use crate::support::{GROWING, SMALL, assert_clean, count, described, play, play_on, server};

#[test]
fn a_healthy_server_ends_as_the_model_says() {
    for executor in [&Closed as &dyn Executor, &Arrival] {
        let run = play(SMALL, executor, None);
        let audit = run.audit.as_ref().unwrap();
        assert_eq!((audit.differing, &audit.unfinished, audit.differences.as_slice()), (0, &None, &[][..]));
        // Two jobs with forty users and six who join.
        assert_eq!((audit.compared.users, audit.compared.groups), (92, 8));
        assert_eq!(audit.compared.memberships, 99);
        assert_eq!((run.created, run.errors.as_slice(), &run.stopped), (100, &[][..], &None));
        assert_clean(&run);
        assert_eq!(count(&run, "create-user", LoadOutcome::Ok), 92);
        assert_eq!(count(&run, "set-manager", LoadOutcome::Ok), 78);
        assert_eq!(count(&run, "disable-user", LoadOutcome::Ok), 12);
        assert_eq!(count(&run, "probe", LoadOutcome::Ok), 6);
        assert_eq!(run.size, Size { users: 80, groups: 8, memberships: run.size.memberships });
        assert_eq!((run.executor.as_str(), run.model), (executor.name(), executor.model()));
    }
    assert_eq!((Closed.model(), Arrival.model()), (LoadModel::Closed, LoadModel::Open));
}

#[test]
fn the_same_seed_sends_the_same_requests() {
    let [one, other] = [play(SMALL, &Closed, None), play(SMALL, &Arrival, None)];
    let counts = |run: &record::LoadRun| {
        run.operations.iter().map(|known| (known.name.clone(), known.count)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&one), counts(&other));
}

#[test]
fn a_member_that_was_lost_is_found() {
    let run = play(GROWING, &Closed, Some("lost-member-add"));
    let audit = run.audit.unwrap();
    assert!((30..150).contains(&audit.differing), "{} differ", audit.differing);
    assert_eq!(audit.differences.len(), 20);
    let first = &audit.differences[0];
    assert!(first.resource.starts_with("member ") && first.resource.contains("Everyone"), "{first:?}");
    assert_eq!(first.actual, "no member");
    // Nothing but the audit notices: every request was answered as it should be.
    assert_eq!(run.errors, []);
}

#[test]
fn a_user_that_is_not_as_acknowledged_is_found() {
    let run = play(SMALL, &Closed, Some("replace-of-simple-is-lost"));
    assert!(run.audit.unwrap().differing > 0);
}

/// Stands before a server and loses something of what is sent to it.
#[derive(Clone, Copy)]
enum Loss {
    /// A PATCH of a manager is answered with 204 and goes no further.
    Managers,
    /// A create goes on without an attribute.
    Attribute(&'static str),
    /// The same, and discovery is not answered.
    SecretAttribute(&'static str),
}

struct Losing {
    inner: Arc<dyn Connect>,
    loss: Loss,
}

struct LosingWay {
    inner: Box<dyn Transport>,
    loss: Loss,
}

impl Connect for Losing {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(LosingWay { inner: self.inner.connect()?, loss: self.loss }))
    }
}

impl Transport for LosingWay {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let path = request.uri().path().to_owned();
        let manages = request.method() == Method::PATCH
            && String::from_utf8_lossy(request.body()).contains("enterprise:2.0:User:manager");
        match self.loss {
            Loss::Managers if manages => answer(StatusCode::NO_CONTENT, clock),
            Loss::SecretAttribute(_) if path.ends_with("/Schemas") => answer(StatusCode::NOT_FOUND, clock),
            Loss::Attribute(name) | Loss::SecretAttribute(name) if request.method() == Method::POST => {
                let (head, body) = request.into_parts();
                let mut body: Value = serde_json::from_slice(&body).unwrap();
                body.as_object_mut().unwrap().remove(name);
                self.inner.send(http::Request::from_parts(head, body.to_string().into()), clock)
            }
            Loss::Managers | Loss::Attribute(_) | Loss::SecretAttribute(_) => self.inner.send(request, clock),
        }
    }
}

fn answer(status: StatusCode, clock: &dyn Clock) -> Sending<'_> {
    let now_us = clock.now_us();
    let answer = Answer { status: status.as_u16(), headers: Vec::new(), body: Bytes::new() };
    Box::pin(std::future::ready(Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us })))
}

/// Users, their managers, and what changes about them.
const PEOPLE: &str = r#"
name = "people"
title = "people and their managers"
population = { users = 20, groups = 0 }
caps = { rate = 100_000 }
steps = [{ action = "create-users" }, { action = "set-managers" }]
"#;

fn lose(loss: Loss) -> LoadRun {
    let (target, inner) = server(None);
    let run = play_on(&described(PEOPLE), &Closed, &target, Arc::new(Losing { inner, loss }));
    // The target said yes to everything.
    assert_eq!(run.errors, []);
    assert_clean(&run);
    run
}

#[test]
fn managers_that_were_set_have_to_be_there() {
    let audit = lose(Loss::Managers).audit.unwrap();
    // Everybody but the head of all has one.
    assert_eq!(audit.differing, 19, "{:?}", audit.differences);
    let manager = |name: &str| {
        name.starts_with("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager of user ")
    };
    assert!(
        audit.differences.iter().all(|one| manager(&one.resource) && one.actual == "not there"),
        "{audit:?}"
    );
    // The reference server's own way of losing what is changed.
    assert!(play(PEOPLE, &Closed, Some("store-ignores-updates")).audit.unwrap().differing >= 19);
}

#[test]
fn everything_that_was_sent_has_to_be_there() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for name in ["displayName", "title", "emails", "active", "phoneNumbers", "addresses", enterprise] {
        let audit = lose(Loss::Attribute(name)).audit.unwrap();
        assert_eq!(audit.compared.users, 20);
        let of = audit
            .differences
            .iter()
            .filter(|one| one.resource.starts_with(name) && one.actual == "not there");
        // An account that was to be disabled may be the only one that is other than it would be anyway.
        let least = if name == "active" { 1 } else { 20 };
        assert!(of.count() >= least, "{name}: {audit:?}");
    }
    assert_eq!(lose(Loss::Attribute("name")).audit.unwrap().differences[0].actual, "not there");
    assert_eq!(play(PEOPLE, &Closed, Some("titles-are-lost")).audit.unwrap().differing, 20);
}

/// No schema has to list an externalId: a target that never shows one has none, unless it lists nothing at all.
#[test]
fn an_external_id_is_demanded_of_those_who_have_one() {
    assert_eq!(lose(Loss::Attribute("externalId")).audit.unwrap().differing, 0);
    assert_eq!(lose(Loss::SecretAttribute("externalId")).audit.unwrap().differing, 20);
}

/// Every application gets what it has a place for, in the form that it demands.
#[test]
fn users_look_as_the_target_wants_them() {
    let reference = |profile: &str| {
        let service =
            reference_server::ReferenceServer::builder().seed(1).profile(profile).service().unwrap();
        let target = client::Target::new(&format!("http://localhost{}", service.base_path())).unwrap();
        (
            target.bearer(service.token().clone()),
            Arc::new(client::InProcess::new(service)) as Arc<dyn Connect>,
        )
    };
    let groups = "create-groups, add-members: the target lists no groups in /ResourceTypes";
    let managers = "set-managers: the target lists no manager of the Enterprise extension in /Schemas";
    for (profile, left_out, updates) in [
        ("rfc", &[][..], true),
        ("entra-ready", &[], true),
        ("bonusly", &[groups, managers], true),
        ("promapp", &[groups, managers], false),
        ("blogin", &[managers], true),
    ] {
        let (target, connect) = reference(profile);
        let rules = profiles::find(profile).unwrap();
        let mut options = crate::support::options(connect);
        options.rules =
            load::Rules { bound: rules.bound(), samples: rules.samples, ..load::Rules::default() };
        let mut description = described(SMALL);
        // One of them lets no PATCH disable anybody.
        description.steps.truncate(if updates { usize::MAX } else { 6 });
        description.objectives = vec!["errors<0.1%".to_owned(), "p99<10s for member".to_owned()];
        let run = load::run(&description, &target, &Closed, &options, &load::Cancel::default(), &()).unwrap();
        assert_eq!((run.errors.as_slice(), run.left_out.iter().eq(left_out)), (&[][..], true), "{profile}");
        let audit = run.audit.as_ref().unwrap();
        assert_eq!(audit.differing, 0, "{profile}: {:?}", audit.differences);
        assert!(audit.compared.users >= 80 && run.objectives[0].met, "{profile}: {run:?}");
        let doubt = run.objectives[1].unjudged.as_deref();
        let none = Some("the target does not offer what it is about");
        assert_eq!(doubt, none.filter(|_| left_out.contains(&groups)), "{profile}");
        assert_clean(&run);
    }
}

/// What somebody says of a target goes before what its documents say.
#[test]
fn what_is_to_be_left_alone_is_not_put_there() {
    let (target, connect) = server(None);
    let left_alone = "it is to be left alone on this target";
    let known = load::Known { groups: Some(false), user_changes: Some(false), ..load::Known::default() };
    let mut options = crate::support::options(connect);
    options.rules = load::Rules { known, ..load::Rules::default() };
    let run =
        load::run(&described(SMALL), &target, &Closed, &options, &load::Cancel::default(), &()).unwrap();
    let left_out = run.left_out.join("\n");
    assert!(left_out.contains(&format!("add-members: {left_alone}")), "{left_out}");
    assert!(left_out.contains("set-managers") && left_out.contains("cycles"), "{left_out}");
    let sent: Vec<&str> = run.operations.iter().map(|row| row.name.as_str()).collect();
    assert!(
        !sent.iter().any(|name| ["create-group", "add-member", "update-user"].contains(name)),
        "{sent:?}"
    );
    assert_eq!(run.audit.as_ref().unwrap().compared.groups, 0);
    assert_clean(&run);
}
