//! What a load created is removed, and nothing else.

use std::sync::Arc;

use bytes::Bytes;
use client::{Answer, Client, Clock, Connect, Delivered, Recorder, Request, Sending, SystemClock, Transport};
use client::{Target, TransportError};
use http::Method;
use load::Closed;
use record::Redactor;
use serde_json::{Value, json};

use crate::support::{assert_clean, described, play_on, server};

const CREATES: &str = r#"
name = "creates"
title = "users and groups"
population = { users = 10, groups = 2 }
caps = { rate = 100_000 }
steps = [{ action = "create-users" }, { action = "create-groups" }]
"#;

/// Looks at a request, and changes its answer or gives one in the place of the target's.
type Between = fn(&http::Request<Bytes>, Option<Answer>, &str) -> Option<Answer>;

/// Something between a load and its target.
#[derive(Clone)]
struct Bent {
    inner: Arc<dyn Connect>,
    between: Between,
    /// The id of somebody who was there before.
    somebody: String,
}

struct BentWay(Box<dyn Transport>, Bent);

impl Connect for Bent {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(BentWay(self.inner.connect()?, self.clone())))
    }
}

impl Transport for BentWay {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let Bent { between, somebody, .. } = &self.1;
        Box::pin(async move {
            let now_us = clock.now_us();
            if let Some(answer) = between(&request, None, somebody) {
                return Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us });
            }
            let mut delivered = self.0.send(request.clone(), clock).await?;
            let changed = between(&request, Some(delivered.answer.clone()), somebody);
            delivered.answer = changed.unwrap_or(delivered.answer);
            Ok(delivered)
        })
    }
}

fn asked(target: &Target, connect: &dyn Connect, request: Request) -> Value {
    let clock = Arc::new(SystemClock::new());
    let client = Client::new(target.clone(), connect, Recorder::new(Redactor::default()), clock).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sent = runtime.block_on(client.send(request, None));
    sent.json.as_deref().cloned().unwrap_or_default()
}

#[test]
fn what_is_only_deleted_with_its_version_is_deleted_with_it() {
    let careful: [Between; 4] = [
        |request, answer, _| unversioned(request, answer, 412),
        |request, answer, _| unversioned(request, answer, 428),
        |request, answer, _| unversioned(request, answer.map(untagged), 428),
        |request, answer, _| unversioned(request, answer.map(untagged).map(|bare| brief(request, bare)), 412),
    ];
    for between in careful {
        let (target, inner) = server(None);
        let bent = Bent { inner, between, somebody: String::new() };
        let run = play_on(&described(CREATES), &Closed, &target, Arc::new(bent));
        assert_eq!(run.created, 12);
        assert_clean(&run);
    }
}

/// The refusal of a DELETE that names no version, or the answer that came.
fn unversioned(request: &http::Request<Bytes>, answer: Option<Answer>, status: u16) -> Option<Answer> {
    let bare = *request.method() == Method::DELETE && !request.headers().contains_key("if-match");
    match answer {
        None => bare.then(|| Answer { status, headers: Vec::new(), body: Bytes::new() }),
        answer => answer,
    }
}

/// The version stands in the body alone.
fn untagged(mut answer: Answer) -> Answer {
    answer.headers.retain(|(name, _)| name != "etag");
    answer
}

/// Where attributes are asked for, not even there.
fn brief(request: &http::Request<Bytes>, answer: Answer) -> Answer {
    let projected = request.uri().query().is_some_and(|query| query.contains("attributes="));
    let shown = answer.json().filter(|_| projected);
    let Some(Value::Object(mut shown)) = shown else { return answer };
    shown.remove("meta");
    Answer { body: Bytes::from(Value::Object(shown).to_string()), ..answer }
}

#[test]
fn what_is_gone_is_not_left_behind() {
    let (target, inner) = server(None);
    let between: Between = |request, answer, _| {
        let gone = *request.method() == Method::DELETE;
        answer.filter(|_| gone).map(|_| Answer { status: 410, headers: Vec::new(), body: Bytes::new() })
    };
    let bent = Bent { inner, between, somebody: String::new() };
    assert_clean(&play_on(&described(CREATES), &Closed, &target, Arc::new(bent)));
}

/// Who says no and does it all the same is asked once more.
#[test]
fn what_was_refused_and_carried_out_is_removed() {
    let (target, inner) = server(None);
    let body = json!({ "schemas": [protocol::urn::USER], "userName": "somebody" });
    let somebody = asked(&target, inner.as_ref(), Request::post("/Users").json(&body));
    // Users are refused, and all are created.
    let between: Between = |request, answer, _| {
        let creates = *request.method() == Method::POST && request.uri().path().ends_with("/Users");
        answer.filter(|_| creates).map(|_| Answer { status: 403, headers: Vec::new(), body: Bytes::new() })
    };
    let bent = Bent { inner: Arc::clone(&inner), between, somebody: String::new() };
    for text in [CREATES, &CREATES.replace(", { action = \"create-groups\" }", "")] {
        let run = play_on(&described(text), &Closed, &target, Arc::new(bent.clone()));
        assert!(run.created >= 10, "{}", run.created);
        assert_clean(&run);
        let left = asked(&target, inner.as_ref(), Request::get("/Users"));
        assert_eq!(left["totalResults"], 1, "{left}");
        assert_eq!(left["Resources"][0]["id"], somebody["id"]);
    }
}

#[test]
fn whoever_a_create_is_taken_for_is_not_removed() {
    let (target, inner) = server(None);
    let body = json!({ "schemas": [protocol::urn::USER], "userName": "somebody" });
    let somebody = asked(&target, inner.as_ref(), Request::post("/Users").json(&body));
    let id = somebody["id"].as_str().unwrap().to_owned();
    let bent = Bent { inner: Arc::clone(&inner), between: mistaken, somebody: id.clone() };
    let run = play_on(&described(CREATES), &Closed, &target, Arc::new(bent));
    assert!(run.leftovers.iter().any(|left| left.resource.ends_with(&id)), "{:?}", run.leftovers);
    assert!(run.leftovers.iter().any(|left| left.reason.contains("may not be ours")), "{:?}", run.leftovers);
    assert_eq!(asked(&target, inner.as_ref(), Request::get(format!("/Users/{id}"))), somebody);
}

/// The answer to the create of a user shows somebody else's id.
fn mistaken(request: &http::Request<Bytes>, answer: Option<Answer>, somebody: &str) -> Option<Answer> {
    let creates = *request.method() == Method::POST && request.uri().path().ends_with("/Users");
    let answer = answer.filter(|_| creates)?;
    let mut body = answer.json()?;
    body.as_object_mut()?.insert("id".to_owned(), json!(somebody));
    let headers = answer.headers.into_iter().filter(|(name, _)| name != "location").collect();
    Some(Answer { status: answer.status, headers, body: Bytes::from(body.to_string()) })
}
