//! How much may be asked of a target. Time is tokio's paused clock: waits are measured, not sat through.

use std::convert::Infallible;
use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use client::{Cancel, Client, Clock, Connect, InProcess, Limits, Recorder, Request, Target, TransportError};
use futures_util::future::join_all;
use record::Redactor;
use tokio::time::Instant;

/// The paused clock, counted from its creation.
struct Paused(Instant);

impl Clock for Paused {
    fn now_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).expect("a short test")
    }
}

fn target(limits: Limits) -> Target {
    Target::new("http://scim.example").expect("a target").limited(limits)
}

fn client(target: &Target, connect: &dyn Connect) -> Client {
    let recorder = Recorder::new(Redactor::default());
    Client::new(target.clone(), connect, recorder, Arc::new(Paused(Instant::now()))).expect("a client")
}

/// A service that takes so long for each answer, and the most that it ever had to do at a time.
fn slow(takes: Duration) -> (impl Connect, Arc<AtomicUsize>) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let service = tower::service_fn(move |request: http::Request<Bytes>| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&seen));
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(takes).await;
            now.fetch_sub(1, Ordering::SeqCst);
            let status = if request.method() == http::Method::POST { 201 } else { 204 };
            Ok::<_, Infallible>(
                http::Response::builder().status(status).body(Bytes::new()).expect("an answer"),
            )
        }
    });
    (InProcess::new(service), most)
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_a_second_are_sent_than_may_be_by_all_clients_together() {
    let target = target(Limits { per_second: Some(5.0), ..Limits::default() });
    let (connect, _) = slow(Duration::ZERO);
    let (one, another) = (client(&target, &connect), client(&target, &connect));
    let start = Instant::now();
    for _ in 0..10 {
        assert!(one.send(Request::get("/Users"), None).await.outcome.is_ok());
        assert!(another.send(Request::get("/Users"), None).await.outcome.is_ok());
    }
    assert_eq!(start.elapsed().as_millis(), 3_800, "twenty, each a fifth of a second after the one before");
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_may_be() {
    let target = target(Limits { at_a_time: NonZeroUsize::new(3), ..Limits::default() });
    let (connect, most) = slow(Duration::from_millis(100));
    let client = client(&target, &connect);
    join_all((0..12).map(|_| client.send(Request::get("/Users"), None))).await;
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_another_one_waits_for_does_not_wait_for_its_end() {
    let target = target(Limits { at_a_time: NonZeroUsize::new(1), ..Limits::default() });
    let (connect, most) = slow(Duration::from_millis(100));
    let (outer, inner) = (client(&target, &connect), client(&target.clone().within_another(), &connect));
    let both = [outer.send(Request::get("/Users"), None), inner.send(Request::get("/Users"), None)];
    join_all(both).await;
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

/// How many requests of a kind are taken, and how the next one ends.
async fn taken(client: &Client, request: impl Fn() -> Request) -> (usize, TransportError) {
    for number in 0..1_000 {
        if let Err(error) = client.send(request(), None).await.outcome {
            return (number, (*error).clone());
        }
    }
    panic!("there is no end");
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_requests_keeps_back_what_it_takes_to_remove_what_was_created() {
    let limited = || target(Limits { total: NonZeroU64::new(40), ..Limits::default() });
    let (connect, _) = slow(Duration::ZERO);
    let spent = TransportError::Spent { limit: 40 };
    let reading = client(&limited(), &connect);
    assert_eq!(
        taken(&reading, || Request::get("/Users")).await,
        (40, spent.clone()),
        "reads leave nothing behind"
    );

    let target = limited();
    let cancel = Cancel::default();
    target.stops(&cancel);
    let (writing, cleaning) = (client(&target, &connect), client(&target, &connect));
    let (created, error) = taken(&writing, || Request::post("/Users")).await;
    assert_eq!((created, &error), (8, &spent));
    assert_eq!(
        cancel.reason(),
        Some("the limit of 40 requests is reached"),
        "the run is stopped, and says why"
    );
    assert_eq!(writing.send(Request::post("/Users"), None).await.outcome.err().as_deref(), Some(&spent));
    // What is left is for the clean-up, and not one more.
    for _ in 0..created {
        for request in [Request::get("/Users/1"), Request::delete("/Users/1"), Request::get("/Users/1")] {
            assert!(cleaning.send(request, None).await.outcome.is_ok());
        }
    }
    assert_eq!(taken(&cleaning, || Request::get("/Users/1")).await, (40 - 4 * created, spent));
}

/// A clean-up that is the first to come to the limit is let through: it is what the rest was kept back for.
#[tokio::test(start_paused = true)]
async fn what_is_kept_back_is_there_for_the_clean_up_before_anybody_was_refused() {
    let (connect, _) = slow(Duration::ZERO);
    let all = client(&target(Limits { total: NonZeroU64::new(20), ..Limits::default() }), &connect);
    let ok = async |request: Request| all.send(request, None).await.outcome.is_ok();
    assert!(ok(Request::post("/Users")).await);
    for _ in 0..9 {
        assert!(ok(Request::get("/Users")).await);
    }
    assert!(
        ok(Request::get("/Users/1").cleaning_up()).await
            && ok(Request::delete("/Users/1").cleaning_up()).await
    );
    // Nothing stands any more, so nothing is kept back.
    assert_eq!(taken(&all, || Request::get("/Users")).await.0, 8);
}

#[test]
fn who_stopped_a_run_first_stopped_it() {
    let cancel = Cancel::default();
    cancel.cancel();
    cancel.cancel_because("the limit is reached");
    assert_eq!((cancel.is_cancelled(), cancel.reason()), (true, None));
}

/// What was asked to be removed and was not there stands elsewhere, for all that is known.
#[tokio::test(start_paused = true)]
async fn a_delete_that_finds_nothing_frees_nothing_of_what_is_kept_back() {
    for missing in [404, 410] {
        let service = tower::service_fn(move |request: http::Request<Bytes>| {
            let status = match *request.method() {
                http::Method::POST => 201,
                http::Method::DELETE => missing,
                _ => 200,
            };
            let response = http::Response::builder().status(status).body(Bytes::new());
            async move { Ok::<_, Infallible>(response.expect("an answer")) }
        });
        let client = client(
            &target(Limits { total: NonZeroU64::new(40), ..Limits::default() }),
            &InProcess::new(service),
        );
        for request in [Request::post, Request::delete].into_iter().flat_map(|request| [request; 5]) {
            assert!(client.send(request("/Users/1".to_owned()), None).await.outcome.is_ok());
        }
        // Three for each of the five that were created, and seven more.
        assert_eq!(taken(&client, || Request::get("/Users")).await.0, 40 - 10 - 5 * 3 - 7, "{missing}");
    }
}
