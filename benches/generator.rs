//! What a request costs whoever sends it, beside `wrk`, on the same GET of the same server in one run:
//! `cargo bench --bench generator`. The server is in a process of its own; `wrk` has to be on the path.
//!
//! `wrk` counts answers; the load generator reads them to the last byte as JSON, judges them, and files each one in the
//! histogram of its operation and second.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may panic, and prints"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::Command;
use std::time::Duration;

use client::Target;
use load::{Cancel, Closed, Options};
use record::Secret;
use support::{Served, TOKEN};

const ROUNDS: usize = 3;
/// Requests of a round, and how many are under way at a time.
const REQUESTS: u64 = 60_000;
const TOGETHER: u32 = 4;

/// CPU time of a request of the generator, in microseconds.
fn ours(url: &str) -> f64 {
    let text = format!(
        "name = \"reading\"\ntitle = \"reading\"\ntogether = {TOGETHER}\npopulation = {{ users = 1, groups = 0 }}\n\
         caps = {{ rate = 1_000_000, requests = 1_000_000 }}\nprepare = [{{ action = \"create-users\", probe = false }}]\n\
         steps = [{{ action = \"find-users\", times = {REQUESTS} }}]\n"
    );
    let description = load::parse(&text, "generator.toml").unwrap();
    let target = Target::new(url).unwrap().bearer(Secret::new(TOKEN.to_owned()));
    let options = Options { threads: 1, ..Options::new(1, "scimproof-bench") };
    let run = load::run(&description, &target, &Closed, &options, &Cancel::default(), &()).unwrap();
    let found = run.operations.iter().find(|operation| operation.name == "find-user").unwrap();
    assert_eq!(found.count, REQUESTS);
    let processors = f64::from(u32::try_from(options.threads).unwrap());
    run.health.cpu_percent.unwrap() / 100.0 * processors * run.duration_ms as f64 * 1_000.0 / REQUESTS as f64
}

/// The same of `wrk`, which goes by time and not by number; none where there is none.
fn wrk(url: &str) -> Option<f64> {
    let query = format!("{url}/Users?filter=userName%20eq%20%22scimproof-bench%22");
    let timed = format!(
        "TIMEFORMAT='cpu %U %S'; time wrk -t1 -c{TOGETHER} -d5s -H 'Authorization: Bearer {TOKEN}' '{query}'"
    );
    let ended = Command::new("bash").args(["-c", &timed]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stdout).into_owned();
    let requests =
        told.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse::<f64>().ok())?;
    assert!(!told.contains("Non-2xx"), "{told}");
    let times = String::from_utf8_lossy(&ended.stderr).into_owned();
    let cpu = times.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let seconds: f64 = cpu.split(' ').map(|part| part.parse::<f64>().unwrap()).sum();
    Some(Duration::from_secs_f64(seconds).as_secs_f64() * 1e6 / requests)
}

fn least(figures: impl Iterator<Item = f64>) -> f64 {
    figures.fold(f64::INFINITY, f64::min)
}

fn main() {
    let served = Served::start(&[]);
    println!(
        "| who sends `userName eq`, {TOGETHER} at a time | CPU µs of a request | beside wrk |\n|---|---|---|"
    );
    let Some(theirs) = (0..ROUNDS).map(|_| wrk(&served.url)).collect::<Option<Vec<_>>>() else {
        println!("wrk is not on the path: nothing to compare with");
        return;
    };
    let theirs = least(theirs.into_iter());
    let ours = least((0..ROUNDS).map(|_| ours(&served.url)));
    println!("| wrk | {theirs:.1} | 1.0 × |\n| the closed executor | {ours:.1} | {:.1} × |", ours / theirs);
}
