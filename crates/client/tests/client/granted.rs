//! Tokens that are asked for (RFC 6749 §4.4), at an endpoint in the same process.

use std::convert::Infallible;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::{block_on, client};
use bytes::Bytes;
use client::{
    Client, Clock, Connect, Grant, InProcess, Limits, Recorder, Request, Silence, Target, TargetError,
    TransportError,
};
use futures_util::future::join_all;
use http::header::AUTHORIZATION;
use record::{Redactor, Secret};
use serde_json::json;
use tokio::time::Instant;

/// Shows the time that somebody set.
#[derive(Default)]
struct HandSet(AtomicU64);

impl Clock for HandSet {
    fn now_us(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an endpoint was sent: the path, what was shown, and the body.
type Heard = Arc<Mutex<Vec<(String, String, String)>>>;

/// A server and its token endpoint. Each token lasts so many seconds and opens the server so many times.
fn endpoint(lasts_s: i64, opens: usize) -> (impl Connect, Heard) {
    let heard = Heard::default();
    let told = Arc::clone(&heard);
    let service = InProcess::new(tower::service_fn(move |request: http::Request<Bytes>| {
        let shown = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.unwrap_or_default().to_owned();
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let mut heard = told.lock().expect("nobody panicked");
        heard.push((request.uri().path().to_owned(), shown.clone(), body));
        let given = heard.iter().filter(|(path, ..)| path == "/token").count();
        let uses = heard.iter().filter(|(_, seen, _)| *seen == shown).count();
        let (status, body) = match request.uri().path() {
            "/token" => (
                200,
                format!(
                    "{{\"access_token\":\"t0ken-{given}\",\"token_type\":\"bearer\",\"expires_in\":{lasts_s}}}"
                ),
            ),
            _ if shown == format!("Bearer t0ken-{given}") && uses <= opens => (204, String::new()),
            _ => (401, String::new()),
        };
        let response = http::Response::builder().status(status).body(Bytes::from(body));
        async move { Ok::<_, Infallible>(response.expect("an answer")) }
    }));
    (service, heard)
}

fn target(secret: &str) -> Target {
    let grant =
        Grant::new("http://localhost/token", "a client", Secret::new(secret.to_owned())).expect("a grant");
    Target::new("http://localhost/scim").expect("a target").granted(grant.scope("read write"))
}

fn tokens(heard: &Heard) -> usize {
    heard.lock().expect("nobody panicked").iter().filter(|(path, ..)| path == "/token").count()
}

#[test]
fn one_token_serves_until_it_is_refused_and_then_another_does() {
    let (connect, heard) = endpoint(3600, 3);
    let (client, recorder) = client(target("s3cr3t & more"), &connect);
    for _ in 0..7 {
        let sent = block_on(client.send(Request::post("/Users"), None));
        assert_eq!(sent.outcome.map(|answer| answer.status), Ok(204));
    }
    assert_eq!(tokens(&heard), 3);
    let first = heard.lock().expect("nobody panicked")[0].clone();
    // Both are encoded as a form before they are put together (RFC 6749 §2.3.1).
    assert_eq!(first.1, "Basic YSUyMGNsaWVudDpzM2NyM3QlMjAlMjYlMjBtb3Jl");
    assert_eq!(first.2, "grant_type=client_credentials&scope=read%20write");
    let record = format!("{:?}", recorder.exchanges());
    assert!(
        record.contains("/token") && !record.contains("t0ken-") && !record.contains("s3cr3t"),
        "{record}"
    );
}

#[test]
fn a_token_that_never_opened_anything_is_not_asked_for_again_and_again() {
    let (connect, heard) = endpoint(3600, 0);
    let (client, _) = client(target("s3cr3t"), &connect);
    for _ in 0..5 {
        let sent = block_on(client.send(Request::get("/Users"), None));
        assert_eq!(sent.outcome.map(|answer| answer.status), Ok(401));
    }
    assert_eq!(tokens(&heard), 1);
}

/// How often a token is asked for by whoever sends eight requests, one each three seconds.
fn asked_in_21_s(lasts_s: i64, opens: usize) -> usize {
    let (connect, heard) = endpoint(lasts_s, opens);
    let clock = Arc::new(HandSet::default());
    let recorder = Recorder::new(Redactor::default());
    let client = Client::new(target("s3cr3t"), &connect, recorder, Arc::clone(&clock) as Arc<dyn Clock>);
    let client = client.expect("a client");
    for turn in 0..8 {
        clock.0.store(turn * 3_000_000, Ordering::Relaxed);
        let sent = block_on(client.send(Request::get("/Users"), None));
        assert_eq!(sent.outcome.map(|answer| answer.status), Ok(204));
    }
    tokens(&heard)
}

#[test]
fn a_token_is_renewed_before_it_ends() {
    // By the seventh request, after 18 seconds, it has a tenth left of the time that it was said to last.
    assert_eq!(asked_in_21_s(20, 100), 2);
    assert_eq!(asked_in_21_s(3600, 100), 1);
    assert_eq!(asked_in_21_s(i64::MAX, 100), 1);
}

#[test]
fn a_token_that_is_said_to_end_at_once_is_used_until_it_is_refused_or_for_a_while() {
    // The first, one after 12 seconds, and none after that.
    for lasts_s in [0, -1, i64::MIN, 1] {
        assert_eq!(asked_in_21_s(lasts_s, 100), 2, "{lasts_s} s");
    }
    // Each opens the server twice, whatever it is said to do.
    assert_eq!(asked_in_21_s(0, 2), 4);
}

#[test]
fn tokens_count_among_the_requests_that_may_be_sent() {
    // Each token opens the server once, so each request but the first one is sent twice, and asks for a token.
    let (connect, heard) = endpoint(3600, 1);
    let limits = Limits { total: NonZeroU64::new(10), ..Limits::default() };
    let (client, _) = client(target("s3cr3t").limited(limits), &connect);
    let sent: Vec<_> = (0..8).map(|_| block_on(client.send(Request::get("/Users"), None)).outcome).collect();
    assert_eq!(heard.lock().expect("nobody panicked").len(), 10);
    let spent = TransportError::Spent { limit: 10 };
    assert!(sent.iter().take(3).all(Result::is_ok), "{sent:?}");
    assert!(
        sent.iter().skip(3).all(|outcome| outcome.as_ref().is_err_and(|error| **error == spent)),
        "{sent:?}"
    );
}

#[test]
fn requests_with_another_credential_ask_for_no_token() {
    let (connect, heard) = endpoint(3600, 3);
    let (client, _) = client(target("s3cr3t"), &connect);
    block_on(client.send(Request::get("/Users").anonymous(), None));
    block_on(client.send(Request::get("/Users").bearer(Secret::new("another".to_owned())), None));
    assert_eq!(tokens(&heard), 0);
}

#[test]
fn a_secret_is_sent_to_nobody_in_the_clear() {
    let grant = |url| Grant::new(url, "a client", Secret::new("s3cr3t".to_owned())).err();
    assert_eq!(grant("http://login.example/token"), Some(TargetError::TokenScheme));
    assert_eq!(grant("https://user:password@login.example/token"), Some(TargetError::TokenUserInfo));
    assert_eq!(grant("https://login.example/token"), None);
    assert_eq!(grant("http://127.0.0.1:8080/token"), None);
}

/// Ten requests wait for one token, which nobody gives: they wait together, and the target counts as silent for it.
#[tokio::test(start_paused = true)]
async fn a_silent_endpoint_is_waited_for_once_by_all_who_want_a_token() {
    let connect = InProcess::new(tower::service_fn(|_: http::Request<Bytes>| {
        std::future::pending::<Result<http::Response<Bytes>, Infallible>>()
    }));
    let (client, recorder) = client(target("s3cr3t"), &connect);
    let silence = Silence::default();
    let start = Instant::now();
    let sent = join_all((0..10).map(|_| client.send(Request::get("/Users"), None))).await;
    assert_eq!(start.elapsed(), client.target().time_limit());
    for sent in &sent {
        let error = sent.outcome.as_ref().expect_err("no token");
        assert!(matches!(**error, TransportError::NoToken { .. }), "{error}");
        silence.note(Some(error));
    }
    assert!(silence.lasts());
    let asked = recorder.exchanges().into_iter().filter(|exchange| exchange.request.url.ends_with("/token"));
    assert_eq!(asked.count(), 1);
    // Whoever comes later asks anew.
    assert!(client.send(Request::get("/Users"), None).await.outcome.is_err());
    assert_eq!(start.elapsed(), 2 * client.target().time_limit());
}

/// What an endpoint says that gives this answer to whoever asks for a token.
fn told(status: u16, body: serde_json::Value) -> String {
    let service = tower::service_fn(move |_: http::Request<Bytes>| {
        let response = http::Response::builder().status(status).body(Bytes::from(body.to_string()));
        async move { Ok::<_, Infallible>(response.expect("an answer")) }
    });
    let (client, _) = client(target("s3cr3t"), &InProcess::new(service));
    let sent = block_on(client.send(Request::get("/Users"), None));
    sent.outcome.expect_err("no token").to_string()
}

#[test]
fn an_empty_token_is_none() {
    let error = told(200, json!({ "access_token": "", "token_type": "bearer" }));
    assert!(error.contains("holds no access_token"), "{error}");
}

/// Whoever looks for a secret of megabytes in all that comes looks for ever.
#[test]
fn what_is_longer_than_any_token_is_none() {
    let error = told(200, json!({ "access_token": "x".repeat(9_000_000), "token_type": "bearer" }));
    assert!(error.ends_with("its answer is longer than 64 KiB"), "{error}");
    let error =
        told(200, json!({ "access_token": "t0ken", "token_type": "mac", "padding": "x".repeat(60_000) }));
    assert!(error.contains("only bearer tokens can be used"), "{error}");
}

#[test]
fn what_an_endpoint_says_of_a_refusal_is_told_in_short() {
    let long = "x".repeat(10_000);
    for (status, body) in
        [(400, json!({ "error": long })), (200, json!({ "access_token": "t0ken", "token_type": long }))]
    {
        let error = told(status, body);
        assert!(error.contains("xxx…") && error.len() < 400, "{} bytes", error.len());
    }
}
