//! What a request costs the reference server, in CPU time, and how that grows with what is stored:
//! `cargo bench --bench requests`, or with `-- full` up to a million users.
//!
//! Everything is called in this process, so that neither sockets nor a neighbour on the machine are measured. The bare
//! handler beside it shows what the same way through axum costs that does nothing. An answer is read as bytes from either, and
//! parsed by none: that is the client's cost. Each figure is the least of several rounds; ratios of one run can be compared, figures of different machines cannot.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may panic, and prints"
)]

use std::time::Duration;

use bytes::Bytes;
use cpu_time::ThreadTime;
use reference_server::{ReferenceServer, Service};
use serde_json::{Value, json};
use tower::{Service as _, ServiceExt as _};

const ROUNDS: usize = 5;
const REQUESTS: u32 = 2_000;
/// Fewer where each request makes the group larger that it is measured on.
const ADDS: u32 = 20;

struct Bench {
    service: Service,
    token: String,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn new() -> Self {
        let service = ReferenceServer::builder().seed(1).service().unwrap();
        let token = format!("Bearer {}", service.token().expose());
        Self { service, token, runtime: tokio::runtime::Builder::new_current_thread().build().unwrap() }
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> http::Request<Bytes> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.service.base_path()))
            .header("host", "localhost")
            .header("authorization", &self.token)
            .header("content-type", "application/scim+json");
        request.body(body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()))).unwrap()
    }

    /// Sends a request and reads the answer: this is what is measured.
    fn send(&self, request: http::Request<Bytes>) -> Bytes {
        let mut service = self.service.clone();
        let Ok(response) = self.runtime.block_on(service.call(request));
        assert!(response.status().is_success(), "{response:?}");
        response.into_body()
    }

    fn create(&self, path: &str, body: &Value) -> String {
        let created: Value =
            serde_json::from_slice(&self.send(self.request("POST", path, Some(body)))).unwrap();
        created["id"].as_str().unwrap().to_owned()
    }

    fn users(&self, from: usize, to: usize) -> Vec<String> {
        (from..to).map(|number| self.create("/Users", &user(number))).collect()
    }
}

fn user(number: usize) -> Value {
    json!({
        "schemas": [protocol::urn::USER],
        "userName": format!("user-{number}@example.com"),
        "externalId": format!("e-{number}"),
        "name": { "givenName": "Mara", "familyName": format!("Lindqvist {number}") },
        "displayName": format!("Mara Lindqvist {number}"),
        "emails": [{ "value": format!("user-{number}@example.com"), "type": "work", "primary": true }],
        "active": true,
    })
}

/// CPU time for one of many calls; the least of several rounds. What a call needs is made before the clock starts.
fn cost<T>(make: impl FnMut(u32) -> T, call: impl FnMut(T)) -> Duration {
    cost_of(REQUESTS, make, call)
}

fn cost_of<T>(requests: u32, mut make: impl FnMut(u32) -> T, mut call: impl FnMut(T)) -> Duration {
    let mut round = |offset: u32| {
        let made: Vec<T> = (0..requests).map(|number| make(offset + number)).collect();
        let began = ThreadTime::now();
        made.into_iter().for_each(&mut call);
        began.elapsed() / requests
    };
    (0..ROUNDS).map(|number| round(u32::try_from(number).unwrap() * requests)).min().unwrap()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A handler that answers as many bytes as a read of a user does, and does nothing for it.
fn bare() -> Duration {
    let body = user(1).to_string();
    let app = axum::Router::new().route("/Users/{id}", axum::routing::get(move || async move { body }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let make = |_| http::Request::builder().uri("/Users/1").body(axum::body::Body::empty()).unwrap();
    cost(make, |request| {
        let app = app.clone();
        drop(runtime.block_on(async move {
            let response = app.oneshot(request).await.unwrap();
            assert!(response.status().is_success());
            axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap()
        }));
    })
}

fn main() {
    let full = std::env::args().any(|argument| argument == "full");
    // `cargo test --benches` only wants to see it start.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    per_request();
    look_up(if full { &[1_000, 100_000, 1_000_000] } else { &[1_000, 100_000] });
    membership(&[10, 1_000, 100_000]);
}

fn per_request() {
    let bench = Bench::new();
    let ids = bench.users(0, 1_000);
    let at = |number: u32| format!("/Users/{}", ids[number as usize % ids.len()]);
    let bare = bare();
    println!("\n| request | CPU µs | beside a bare handler |\n|---|---|---|");
    let line = |name: &str, cost: Duration| {
        println!("| {name} | {:.1} | {:.1} × |", micros(cost), cost.as_secs_f64() / bare.as_secs_f64());
    };
    line("bare axum handler", bare);
    line(
        "GET by id",
        cost(|number| bench.request("GET", &at(number), None), |request| drop(bench.send(request))),
    );
    let by_name = |number: u32| {
        let path = format!("/Users?filter=userName+eq+%22user-{}@example.com%22", number % 1_000);
        bench.request("GET", &path, None)
    };
    line("GET userName eq", cost(by_name, |request| drop(bench.send(request))));
    let patch = |number: u32| {
        let body = json!({ "schemas": [protocol::urn::PATCH_OP],
            "Operations": [{ "op": "replace", "path": "displayName", "value": format!("M. {number}") }] });
        bench.request("PATCH", &at(number), Some(&body))
    };
    line("PATCH of one attribute", cost(patch, |request| drop(bench.send(request))));
    let create = |number: u32| bench.request("POST", "/Users", Some(&user(1_000 + number as usize)));
    line("POST", cost(create, |request| drop(bench.send(request))));
}

fn look_up(sizes: &[usize]) {
    println!("\n| users | userName eq, CPU µs | ratio | POST, CPU µs | ratio |\n|---|---|---|---|---|");
    let bench = Bench::new();
    let (mut stored, mut first) = (0, None);
    for size in sizes {
        bench.users(stored, *size);
        stored = *size;
        let by_name = |number: u32| {
            let wanted = number as usize * 7919 % size;
            bench.request("GET", &format!("/Users?filter=userName+eq+%22user-{wanted}@example.com%22"), None)
        };
        let found = cost(by_name, |request| drop(bench.send(request)));
        let create = |number: u32| {
            bench.request("POST", "/Users", Some(&user(10_000_000 + size * 20 + number as usize)))
        };
        let created = cost(create, |request| drop(bench.send(request)));
        let (find_first, create_first) = *first.get_or_insert((found, created));
        let ratio = |cost: Duration, first: Duration| cost.as_secs_f64() / first.as_secs_f64();
        println!(
            "| {size} | {:.1} | {:.2} | {:.1} | {:.2} |",
            micros(found),
            ratio(found, find_first),
            micros(created),
            ratio(created, create_first)
        );
    }
}

fn membership(sizes: &[usize]) {
    println!("\n| members | add one, CPU µs | ratio |\n|---|---|---|");
    let bench = Bench::new();
    let people = bench.users(0, sizes.iter().max().unwrap() + ROUNDS * ADDS as usize);
    let mut first = None;
    for size in sizes {
        let (members, others) = people.split_at(*size);
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let group = json!({ "schemas": [protocol::urn::GROUP], "displayName": format!("g-{size}") });
        let id = bench.create("/Groups", &group);
        let operation = |members: &[Value]| {
            json!({ "schemas": [protocol::urn::PATCH_OP],
                "Operations": [{ "op": "add", "path": "members", "value": members }] })
        };
        for some in members.chunks(5_000) {
            bench.send(bench.request("PATCH", &format!("/Groups/{id}"), Some(&operation(some))));
        }
        let add = |number: u32| {
            let member = json!({ "value": others[number as usize] });
            bench.request("PATCH", &format!("/Groups/{id}"), Some(&operation(&[member])))
        };
        let added = cost_of(ADDS, add, |request| drop(bench.send(request)));
        let ratio = added.as_secs_f64() / first.get_or_insert(added).as_secs_f64();
        println!("| {size} | {:.1} | {ratio:.2} |", micros(added));
    }
}
