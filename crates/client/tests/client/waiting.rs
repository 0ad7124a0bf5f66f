//! Servers that ask for patience. Time is tokio's paused clock: waits are measured, not sat through.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::client;
use bytes::Bytes;
use client::{Client, Clock, Connect, InProcess, Recorder, Request, Sent, Target};
use tokio::time::Instant;

type Header = (&'static str, &'static str);
type Script = &'static [(u16, &'static [Header])];

/// A service that answers its first requests with these statuses and headers, and then with 200.
fn scripted(script: Script) -> impl Connect {
    let next = Arc::new(AtomicUsize::new(0));
    InProcess::new(tower::service_fn(move |_: http::Request<Bytes>| {
        let (status, headers) =
            script.get(next.fetch_add(1, Ordering::Relaxed)).copied().unwrap_or((200, &[]));
        let response =
            headers.iter().fold(http::Response::builder().status(status), |response, (name, value)| {
                response.header(*name, *value)
            });
        async move { Ok::<_, Infallible>(response.body(Bytes::new()).unwrap_or_default()) }
    }))
}

/// The last answer's status, the exchanges made, and the seconds waited.
async fn ask(script: Script) -> (Option<u16>, Recorder, u64) {
    send(Request::get("/Users"), script).await
}

async fn send(request: Request, script: Script) -> (Option<u16>, Recorder, u64) {
    let Ok(target) = Target::new("http://scim.example") else {
        return (None, Recorder::new(<_>::default()), 0);
    };
    let (client, recorder) = client(target, &scripted(script));
    let start = Instant::now();
    let sent: Sent = client.send(request, None).await;
    (sent.outcome.ok().map(|answer| answer.status), recorder, start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_wait_in_seconds_is_waited_for_and_each_try_is_an_exchange() {
    let (status, recorder, seconds) =
        ask(&[(429, &[("retry-after", "0")]), (503, &[("retry-after", "30")])]).await;
    assert_eq!((status, seconds), (Some(200), 30));
    let exchanges = recorder.exchanges();
    let seen: Vec<_> = exchanges.iter().map(|e| (e.number, e.response.as_ref().map(|r| r.status))).collect();
    assert_eq!(seen, [(1, Some(429)), (2, Some(503)), (3, Some(200))]);
    // The third try was due thirty seconds after the second answer.
    assert!(exchanges[2].times.intended_us >= 30_000_000);
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_its_own_way_gets_the_answer_as_it_is() {
    let target = Target::new("http://scim.example").expect("a target");
    let (client, recorder) = client(target, &scripted(&[(429, &[("retry-after", "1")])]));
    let start = Instant::now();
    let sent = client.send_without_waiting(&Request::get("/Users"), Some("a.check")).await;
    assert_eq!(sent.outcome.map(|answer| answer.status), Ok(429));
    assert_eq!((start.elapsed().as_secs(), recorder.exchanges().len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_date_is_read_by_the_servers_own_clock() {
    let (status, _, seconds) = ask(&[(
        429,
        &[("date", "Tue, 01 Jan 2030 00:00:00 GMT"), ("retry-after", "Tue, 01 Jan 2030 00:00:07 GMT")],
    )])
    .await;
    assert_eq!((status, seconds), (Some(200), 7));
}

#[tokio::test(start_paused = true)]
async fn a_date_without_a_servers_clock_is_read_by_ours() {
    let (status, _, seconds) = ask(&[
        (503, &[("retry-after", "Sun, 06 Nov 1994 08:49:39 GMT")]),
        (503, &[("retry-after", "Sunday, 06-Nov-94 08:49:36 GMT")]),
    ])
    .await;
    assert_eq!((status, seconds), (Some(200), 2));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_on_refusing_is_taken_at_its_word() {
    const REFUSE: (u16, &[Header]) = (429, &[("retry-after", "1")]);
    let (status, recorder, seconds) = ask(&[REFUSE; 9]).await;
    assert_eq!((status, seconds), (Some(429), 3));
    assert_eq!(recorder.exchanges().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn nothing_else_is_repeated() {
    const SCRIPTS: [Script; 6] = [
        &[(429, &[("retry-after", "31")])],
        &[(429, &[])],
        &[(503, &[("retry-after", "soon")])],
        &[(503, &[("retry-after", "-1")])],
        &[(500, &[("retry-after", "1")])],
        &[(503, &[("retry-after", "Tue, 01 Jan 2030 00:00:07 GMT")])],
    ];
    for script in SCRIPTS {
        let (status, recorder, seconds) = ask(script).await;
        assert_eq!((status, seconds), (script.first().map(|(status, _)| *status), 0), "{script:?}");
        assert_eq!(recorder.exchanges().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_never_answers_times_out() {
    let service = InProcess::new(tower::service_fn(|_: http::Request<Bytes>| {
        std::future::pending::<Result<http::Response<Bytes>, Infallible>>()
    }));
    let target = Target::new("http://scim.example").expect("a target").timeout(Duration::from_secs(3));
    let (client, _) = client(target, &service);
    let error = client.send(Request::get("/Users"), None).await.outcome.expect_err("no answer");
    assert_eq!(error.to_string(), "no complete answer within 3s");
}

#[tokio::test(start_paused = true)]
async fn a_create_is_sent_again_only_when_nothing_was_done() {
    let create = || Request::post("/Users");
    let (status, _, seconds) = send(create(), &[(503, &[("retry-after", "7")])]).await;
    assert_eq!((status, seconds), (Some(503), 0));
    let (status, _, seconds) = send(create(), &[(429, &[("retry-after", "7")])]).await;
    assert_eq!((status, seconds), (Some(200), 7));
}

#[tokio::test(start_paused = true)]
async fn whoever_insists_sends_a_create_again_and_is_told_that_there_may_be_two() {
    const SCRIPTS: [(Script, u16, bool); 3] = [
        (&[(503, &[("retry-after", "7")])], 200, true),
        (&[(429, &[("retry-after", "7")])], 200, false),
        (&[(503, &[])], 503, false),
    ];
    for (script, status, unsettled) in SCRIPTS {
        let target = Target::new("http://scim.example").expect("a target");
        let (client, _) = client(target, &scripted(script));
        let sent = client.insist(Request::post("/Users"), None, &client::Out::default()).await;
        assert_eq!((sent.outcome.map(|answer| answer.status), sent.unsettled), (Ok(status), unsettled));
    }
}

/// A service that answers so many requests in each second of tokio's clock, and says to all others that they may come in the
/// next one.
fn limited(per_second: usize) -> impl Connect {
    let began = Instant::now();
    let spent = Arc::new(Mutex::new((0, 0)));
    InProcess::new(tower::service_fn(move |_: http::Request<Bytes>| {
        let second = began.elapsed().as_secs();
        let mut spent = spent.lock().expect("nobody panics with it");
        *spent = if spent.0 == second { (second, spent.1 + 1) } else { (second, 1) };
        let response = if spent.1 <= per_second {
            http::Response::builder()
        } else {
            http::Response::builder().status(429).header("retry-after", "1")
        };
        async move { Ok::<_, Infallible>(response.body(Bytes::new()).unwrap_or_default()) }
    }))
}

/// Time as tokio has it, since a moment.
struct Paused(Instant);

impl Clock for Paused {
    fn now_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// The statuses that so many jobs see, each of which sends five requests one after the other.
async fn statuses(jobs: usize, service: impl Connect) -> Vec<Option<u16>> {
    let target = Target::new("http://scim.example").expect("a target");
    let clock = Arc::new(Paused(Instant::now()));
    let job = || {
        let recorder = Recorder::new(<_>::default());
        let client = Client::new(target.clone(), &service, recorder, clock.clone()).expect("a client");
        async move {
            let mut seen = Vec::new();
            for _ in 0..5 {
                let sent = client.send(Request::get("/Users"), None).await;
                seen.push(sent.outcome.ok().map(|answer| answer.status));
            }
            seen
        }
    };
    let together = async {
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..jobs {
            set.spawn_local(job());
        }
        set.join_all().await
    };
    tokio::task::LocalSet::new().run_until(together).await.concat()
}

#[tokio::test(start_paused = true)]
async fn of_many_who_are_put_off_each_has_its_turn() {
    for per_second in [1, 3, 7] {
        let seen = statuses(8, limited(per_second)).await;
        assert_eq!(seen, [Some(200); 40], "{per_second} a second");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_puts_everybody_off_for_ever_is_waited_for_once() {
    let start = Instant::now();
    assert_eq!(statuses(8, limited(0)).await, [Some(429); 40]);
    assert!(start.elapsed() < Duration::from_secs(8 * 4), "{:?}", start.elapsed());
}
