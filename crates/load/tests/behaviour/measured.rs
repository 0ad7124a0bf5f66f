//! What is measured of servers whose ways are known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use client::{Socket, Target};
use load::{Arrival, Closed, Executor, Pace};
use record::{LoadModel, LoadOutcome, LoadRun};

use crate::support::{GROWING, READING, count, described, play, play_on};

/// How long a server stalls, and how often.
const STALL: Duration = Duration::from_millis(400);
const EVERY: Duration = Duration::from_secs(2);

/// A server on a socket, on a thread of its own.
pub(crate) fn serve(router: Router) -> Target {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = Target::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    target
}

pub(crate) fn json(status: StatusCode, body: &'static str) -> axum::response::Response {
    (status, [(header::CONTENT_TYPE, "application/scim+json")], body).into_response()
}

/// Creates one user whatever it is asked, and finds nobody, both at once unless it is one of its bad moments.
fn stalling() -> Router {
    let began = tokio::time::Instant::now();
    let stall = move || async move {
        let into = Duration::from_micros((began.elapsed().as_micros() % EVERY.as_micros()) as u64);
        if let Some(left) = STALL.checked_sub(into) {
            tokio::time::sleep(left).await;
        }
    };
    let created = move || async move {
        stall().await;
        json(StatusCode::CREATED, r#"{"id":"1"}"#)
    };
    let listed = move || async move {
        stall().await;
        json(StatusCode::OK, r#"{"totalResults":0,"Resources":[]}"#)
    };
    Router::new().route("/Users", post(created).get(listed))
}

fn stalled_for_a_round(text: &str, executor: &dyn Executor) -> LoadRun {
    let mut description = described(text);
    description.together = 8;
    description.caps.seconds = 10;
    description.pace = Pace { rate: 250.0, duration_s: Some(2), ..Pace::default() };
    play_on(&description, executor, &serve(stalling()), Arc::new(Socket::default()))
}

fn p99_ms(run: &LoadRun, operation: &str) -> u64 {
    let found =
        run.operations.iter().find(|known| known.name == operation && known.outcome == LoadOutcome::Ok);
    found.unwrap().response.p99_us / 1_000
}

/// A server that stalls for 400 ms every 2 s is bad for a fifth of those who come when they come, and for hardly any of those
/// who wait for each other first: of these, only eight are there when it stalls.
#[test]
fn a_stall_shows_where_arrivals_do_not_wait_for_it() {
    let open = stalled_for_a_round(READING, &Arrival);
    let closed = stalled_for_a_round(READING, &Closed);
    let (seen, hidden) = (p99_ms(&open, "find-user"), p99_ms(&closed, "find-user"));
    assert!(seen >= 300, "the open run saw {seen} ms");
    assert!(hidden < 100, "the closed run saw {hidden} ms");
    let stalled = open.intervals.iter().filter(|interval| interval.response.max_us > 300_000).count();
    assert!(stalled >= 1, "{:?}", open.intervals);
    let all: u64 = open.intervals.iter().map(|interval| interval.ok).sum();
    assert_eq!(all, count(&open, "find-user", LoadOutcome::Ok));
}

/// Whoever is created after a search is sent when the search is answered, which is never in the midst of a stall that the search
/// waited for. It waited all the same.
#[test]
fn a_stall_shows_in_the_requests_that_had_to_wait_for_another() {
    let text = format!(
        "objectives = [\"p99<200ms for create-user\"]\n{}",
        READING.replace("prepare = [{ action = \"create-users\", probe = false }]\n", "")
    );
    let text = text.replace("users = 1,", "users = 400,");
    let text = text.replace("{ action = \"find-users\", times = 100_000 }", "{ action = \"create-users\" }");
    let open = stalled_for_a_round(&text, &Arrival);
    let seen = p99_ms(&open, "create-user");
    assert!(seen >= 300, "the open run saw {seen} ms");
    assert!(open.model == LoadModel::Open && !open.objectives[0].met, "{:?}", open.objectives);
    // What each request took by itself is told beside it.
    let created = open.operations.iter().find(|known| known.name == "create-user").unwrap();
    assert!(created.service.p50_us < created.response.p99_us / 2, "{created:?}");
    let closed = stalled_for_a_round(&text, &Closed);
    assert_eq!(closed.model, LoadModel::Closed);
}

#[test]
fn a_server_that_reads_all_members_for_each_misses_the_objective() {
    let demanding = format!("objectives = [\"growth(add-member)<=0.2\", \"errors<0.1%\"]\n{GROWING}");
    let healthy = play(&demanding, &Closed, None);
    let met: Vec<bool> = healthy.objectives.iter().map(|objective| objective.met).collect();
    assert_eq!(met, [true, true], "{:?} {:?}", healthy.objectives, healthy.growth);
    let slow = play(&demanding, &Closed, Some("quadratic-group"));
    let growth = slow.growth.iter().find(|growth| growth.operation == "add-member").unwrap();
    assert!(growth.exponent >= 0.5, "{growth:?}");
    assert!(!slow.objectives[0].met && slow.objectives[1].met, "{:?}", slow.objectives);
    assert_eq!(slow.audit.unwrap().differing, 0);
}

/// Lets every third request wait, and says for how long.
fn limiting() -> Router {
    let asked = Arc::new(AtomicU64::new(0));
    let created = || async { json(StatusCode::CREATED, r#"{"id":"1"}"#) };
    let listed = move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move {
            match number % 3 {
                2 => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")], "").into_response(),
                _ => json(StatusCode::OK, r#"{"totalResults":0,"Resources":[]}"#),
            }
        }
    };
    Router::new().route("/Users", post(created).get(listed))
}

/// How many answers of a class the seconds tell of, each with its distribution.
fn told_by_second(run: &LoadRun, name: &str, outcome: LoadOutcome, class: &str) -> u64 {
    let rows = run.intervals.iter().flat_map(|interval| &interval.operations);
    let rows = rows.filter(|row| row.name == name && row.outcome == outcome);
    let told = rows.map(|row| {
        assert!(row.histogram.starts_with("HIST") && row.response.max_us > 0, "{row:?}");
        assert_eq!(row.statuses.get(class), Some(&row.count), "{row:?}");
        row.count
    });
    told.sum()
}

#[test]
fn limits_are_counted_apart_and_heeded() {
    let mut description = described(READING);
    description.steps[0].times = Some(60);
    let run = play_on(&description, &Closed, &serve(limiting()), Arc::new(Socket::default()));
    assert_eq!(count(&run, "find-user", LoadOutcome::Ok), 60);
    assert!((29..=30).contains(&count(&run, "find-user", LoadOutcome::Limited)), "{:?}", run.operations);
    assert_eq!(told_by_second(&run, "find-user", LoadOutcome::Ok, "2xx"), 60);
    let limited = count(&run, "find-user", LoadOutcome::Limited);
    assert_eq!(told_by_second(&run, "find-user", LoadOutcome::Limited, "4xx"), limited);
    assert_eq!(run.errors.len(), 1);
    assert_eq!(
        (run.errors[0].status, run.intervals.iter().map(|interval| interval.failed).sum::<u64>()),
        (Some(429), 0)
    );
}

#[test]
fn errors_are_told_by_kind() {
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidFilter","detail":"no such thing"}"#;
    let created = || async { json(StatusCode::CREATED, r#"{"id":"1"}"#) };
    let refused = move || async move { json(StatusCode::BAD_REQUEST, body) };
    let router = Router::new()
        .route("/Users", post(created).get(refused))
        .route("/Users/{id}", get(|| async { json(StatusCode::INTERNAL_SERVER_ERROR, "{}") }));
    let text = READING.replace("times = 100_000", "times = 30");
    let text = text.replace(
        "steps = [",
        "objectives = [\"errors<1%\"]\nsteps = [{ action = \"read-users\", times = 10 }, ",
    );
    let run = play_on(&described(&text), &Closed, &serve(router), Arc::new(Socket::default()));
    let told = run.errors.iter().map(|error| {
        (
            error.operation.as_str(),
            error.status,
            error.scim_type.as_deref(),
            error.count,
            error.example.as_str(),
        )
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("find-user", Some(400), Some("invalidFilter"), 30, "no such thing"),
            ("read-user", Some(500), None, 10, "status 500"),
        ]
    );
    assert_eq!(run.objectives[0].measured.as_deref(), Some("100.000 % (40 of 40 requests)"));
    assert!(!run.objectives[0].met);
}

#[test]
fn a_server_that_is_not_there_is_no_load() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = Target::new(&format!("http://{}", closed.local_addr().unwrap())).unwrap();
    drop(closed);
    let run = play_on(&described(READING), &Closed, &target, Arc::new(Socket::default()));
    let stopped = run.stopped.unwrap();
    assert!(stopped.starts_with("what has to be there first could not be created: 1 of 1"), "{stopped}");
    assert_eq!((run.audit, run.created), (None, 0));
}

/// A login page, whatever is asked for, is an answer of no use.
#[test]
fn a_page_for_people_is_no_answer() {
    let page = || async { ([(header::CONTENT_TYPE, "text/html")], "<html>Sign in</html>").into_response() };
    let text = READING.replace("prepare = [{ action = \"create-users\", probe = false }]\n", "");
    let text = text.replace("{ action = \"find-users\", times = 100_000 }", "{ action = \"create-users\" }");
    let run = play_on(
        &described(&text),
        &Closed,
        &serve(Router::new().fallback(page)),
        Arc::new(Socket::default()),
    );
    assert_eq!((count(&run, "find-user", LoadOutcome::Broken), run.created), (1, 0));
    let told = &run.errors[0];
    assert_eq!((told.status, told.transport.as_deref()), (Some(200), Some("unusable")));
    assert_eq!(told.example, "status 200 with text/html that is not a list");
}

#[test]
fn a_create_without_an_id_is_no_answer() {
    let created = || async { json(StatusCode::CREATED, "{}") };
    let router = Router::new().route("/Users", post(created).get(|| async { json(StatusCode::OK, "{}") }));
    let text = READING.replace("prepare = [{ action = \"create-users\", probe = false }]\n", "");
    let text = text.replace(
        "{ action = \"find-users\", times = 100_000 }",
        "{ action = \"create-users\", probe = false }",
    );
    let run = play_on(&described(&text), &Closed, &serve(router), Arc::new(Socket::default()));
    assert_eq!(count(&run, "create-user", LoadOutcome::Broken), 1);
    assert!(run.errors[0].example.contains("a resource with an id"), "{:?}", run.errors);
}
