//! The log of a run: what is on it, in which order, and who looks on.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use crate::support::{block_on, client};
use bytes::Bytes;
use client::{InProcess, Observer, Recorder, Request, Seen, Target, TransportError};
use futures_util::future::join_all;
use record::{Held, Secret};

/// Answers `{"path": …}`, after having yielded as often as the path's last digit says; "/panic" panics.
async fn answer(request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Infallible> {
    let path = request.uri().path().to_owned();
    assert!(!path.ends_with("panic"), "told to");
    for _ in 0..path.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(0) {
        tokio::task::yield_now().await;
    }
    Ok(http::Response::new(Bytes::from(serde_json::json!({ "path": path }).to_string())))
}

fn target() -> Target {
    Target::new("http://scim.example").expect("a target")
}

#[test]
fn exchanges_are_listed_by_number_whatever_ended_first() {
    let (client, recorder) = client(target(), &InProcess::new(tower::service_fn(answer)));
    let sent = block_on(join_all(["/9", "/1", "/5"].map(|path| client.send(Request::get(path), Some(path)))));
    assert_eq!(sent.iter().map(|sent| sent.number).collect::<Vec<_>>(), [1, 2, 3]);
    let exchanges = recorder.exchanges();
    let seen: Vec<_> = exchanges.iter().map(|e| (e.number, e.check.as_deref())).collect();
    assert_eq!(seen, [(1, Some("/9")), (2, Some("/1")), (3, Some("/5"))]);
    assert!(exchanges[0].times.last_byte_us > exchanges[2].times.last_byte_us);
}

#[test]
fn a_held_expectation_is_noted_on_its_exchange_without_secrets() {
    let token = Secret::new("t0ken-of-ada".to_owned());
    let (client, recorder) = client(target().bearer(token), &InProcess::new(tower::service_fn(answer)));
    let sent = block_on(client.send(Request::get("/1"), None));
    let held = |expectation: &str| Held {
        check: "a.check".to_owned(),
        requirement: "RFC7644-3.3-R7".to_owned(),
        expectation: expectation.to_owned(),
    };
    recorder.hold(sent.number, held("no t0ken-of-ada"));
    recorder.hold(99, held("nowhere"));
    assert_eq!(recorder.exchanges()[0].held, [held("no <redacted>")]);
}

/// A target whose answers are long does not fill the memory: of the later ones only the beginning is kept.
#[test]
fn the_bodies_of_a_run_are_kept_whole_up_to_a_limit() {
    const MIB: usize = 1024 * 1024;
    let long = tower::service_fn(async |_| {
        Ok::<_, Infallible>(http::Response::new(Bytes::from(vec![b'x'; 60_000])))
    });
    let (client, recorder) = client(target(), &InProcess::new(long));
    block_on(async {
        for _ in 0..600 {
            client.send(Request::get("/1"), None).await;
        }
    });
    let exchanges = recorder.exchanges();
    let bodies: Vec<_> =
        exchanges.iter().filter_map(|exchange| exchange.response.as_ref()?.body.as_ref()).collect();
    assert!(bodies.iter().map(|body| body.text.capacity()).sum::<usize>() < 33 * MIB);
    let (first, last) = (bodies[0], bodies[599]);
    assert_eq!(
        (first.text.len(), first.truncated, last.text.len(), last.truncated),
        (60_000, false, 1024, true)
    );
    assert!(bodies.iter().all(|body| body.bytes == 60_000));
}

#[test]
fn what_is_cut_off_a_body_does_not_stay_in_memory() {
    let long = tower::service_fn(async |_| {
        Ok::<_, Infallible>(http::Response::new(Bytes::from(vec![b'x'; 1_000_000])))
    });
    let (client, recorder) = client(target(), &InProcess::new(long));
    block_on(client.send(Request::get("/1"), None));
    let exchanges = recorder.exchanges();
    let body = exchanges[0].response.as_ref().and_then(|response| response.body.as_ref()).expect("a body");
    assert!(body.truncated && body.text.capacity() < 70_000, "{}", body.text.capacity());
}

struct Notes {
    seen: Arc<Mutex<Vec<String>>>,
}

impl Observer for Notes {
    fn seen(&self, seen: &Seen<'_>, recorder: &Recorder) {
        let recorded = recorder.exchanges().iter().any(|exchange| exchange.number == seen.number);
        let status = seen.answer.map(|answer| answer.status);
        let line = format!("{} {} {status:?} {:?} {recorded}", seen.number, seen.url, seen.json.is_some());
        self.seen.lock().expect("no panic").push(line);
    }
}

#[test]
fn observers_see_every_exchange_after_it_was_recorded() {
    let (client, recorder) = client(target(), &InProcess::new(tower::service_fn(answer)));
    let seen = Arc::new(Mutex::new(Vec::new()));
    recorder.observe(Box::new(Notes { seen: Arc::clone(&seen) }));
    block_on(client.send(Request::get("/Users").anonymous(), Some("a.check")));
    block_on(client.send(Request::get("https://evil.example/"), None));
    assert_eq!(
        *seen.lock().expect("no panic"),
        ["1 http://scim.example/Users Some(200) true true", "2 https://evil.example/ None false true"]
    );
    drop((client, recorder));
    assert_eq!(Arc::strong_count(&seen), 1, "they go with the log, and so does what it keeps");
}

#[test]
fn a_service_that_panics_is_a_closed_connection() {
    let (client, recorder) = client(target(), &InProcess::new(tower::service_fn(answer)));
    let error = block_on(client.send(Request::get("/panic"), None)).outcome.expect_err("no answer");
    assert_eq!(*error, TransportError::Closed { reason: "the service panicked".to_owned() });
    assert_eq!(block_on(client.send(Request::get("/1"), None)).outcome.map(|a| a.status).ok(), Some(200));
    assert_eq!(recorder.exchanges().len(), 2);
}

#[test]
fn a_request_given_up_by_its_sender_is_on_record() {
    let (client, recorder) = client(target(), &InProcess::new(tower::service_fn(answer)));
    block_on(async {
        let mut sending = Box::pin(client.send(Request::post("/9"), None));
        let first = std::future::poll_fn(|context| Poll::Ready(sending.as_mut().poll(context))).await;
        assert!(first.is_pending());
    });
    let [exchange] = recorder.exchanges().try_into().expect("one exchange");
    assert_eq!((exchange.response, exchange.error), (None, Some(TransportError::Cancelled.to_string())));
}

#[test]
fn a_service_with_a_huge_answer_is_given_up() {
    let service = InProcess::new(tower::service_fn(|_: http::Request<Bytes>| async {
        Ok::<_, Infallible>(http::Response::new(Bytes::from(vec![
            b'0';
            client::AnswerLimit::default().bytes() + 1
        ])))
    }));
    let (client, _) = client(target(), &service);
    let error = block_on(client.send(Request::get("/"), None)).outcome.expect_err("too much");
    assert!(matches!(*error, TransportError::TooLarge { .. }));
}

#[test]
fn an_answer_of_too_many_values_is_given_up_and_one_of_many_commas_is_not() {
    let many = client::AnswerLimit::default().values() + 1;
    let ask = |body: String| {
        let body = Bytes::from(body);
        let service = InProcess::new(tower::service_fn(move |_: http::Request<Bytes>| {
            let body = body.clone();
            async { Ok::<_, Infallible>(http::Response::new(body)) }
        }));
        let (client, _) = client(target(), &service);
        block_on(client.send(Request::get("/"), None)).outcome
    };
    let error = ask(format!("[{}0]", "0,".repeat(many))).expect_err("too much");
    assert!(matches!(*error, TransportError::TooManyValues { .. }));
    let text = format!(r#"{{"a": "\"{}"}}"#, ",".repeat(many));
    assert!(ask(text).is_ok());
}

#[test]
fn a_forgetful_log_keeps_nothing_and_still_redacts() {
    let token = Secret::new("t0ken-of-ada".to_owned());
    let recorder = Recorder::forgetful(<_>::default());
    let seen = Arc::new(Mutex::new(Vec::new()));
    recorder.observe(Box::new(Notes { seen: Arc::clone(&seen) }));
    let connect = InProcess::new(tower::service_fn(answer));
    let clock = Arc::new(client::SystemClock::new());
    let client =
        client::Client::new(target().bearer(token), &connect, recorder.clone(), clock).expect("a client");
    let sent = block_on(client.attempt(&Request::get("/3"), 7));
    assert_eq!((sent.number, sent.times.intended_us), (1, 7));
    assert!(sent.times.last_byte_us >= sent.times.first_byte_us && sent.times.first_byte_us.is_some());
    recorder.hold(
        1,
        Held {
            check: String::new(),
            requirement: String::new(),
            expectation: "nowhere to be noted".to_owned(),
        },
    );
    assert_eq!(recorder.exchanges(), []);
    assert_eq!(seen.lock().expect("the notes").len(), 1);
    let elsewhere = block_on(client.attempt(&Request::get("http://t0ken-of-ada.example/"), 0));
    assert!(!elsewhere.outcome.expect_err("nothing was sent").to_string().contains("t0ken"));
}

#[test]
fn the_headers_of_a_run_are_kept_whole_up_to_the_same_limit() {
    const MIB: usize = 1024 * 1024;
    let long = tower::service_fn(async |_| {
        let value = http::HeaderValue::from_bytes(&[b'x'; 60_000]).expect("a value");
        let response = http::Response::builder().header("x-long", value).body(Bytes::new());
        Ok::<_, Infallible>(response.expect("an answer"))
    });
    let (client, recorder) = client(target(), &InProcess::new(long));
    block_on(async {
        for _ in 0..600 {
            client.send(Request::get("/1"), None).await;
        }
    });
    let exchanges = recorder.exchanges();
    let values = exchanges.iter().filter_map(|exchange| exchange.response.as_ref());
    let values: Vec<&str> =
        values.flat_map(|response| &response.headers).map(|header| header.value.as_str()).collect();
    assert_eq!((values.len(), values[0].len()), (600, 60_000));
    assert!(values[599].ends_with("xxx…") && values[599].len() < 2_000);
    assert!(values.iter().map(|value| value.len()).sum::<usize>() < 34 * MIB);
}
