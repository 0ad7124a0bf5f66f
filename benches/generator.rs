//! What a request costs whoever sends it, beside `wrk`, on the same GET of the same server in one run:
//! `cargo bench --bench generator`. The server is in a process of its own; `wrk` has to be on the path.
//!
//! Both look for the one user that there is: when the generator has removed its own, the same is created again for `wrk`.
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

use std::cell::RefCell;
use std::process::Command;

use client::Target;
use load::{Cancel, Closed, Options, Phase, Progress, Watch};
use record::Secret;
use serde_json::Value;
use support::{Message, Served, TOKEN};

const ROUNDS: usize = 3;
/// Requests of a round, and how many are under way at a time.
const REQUESTS: u64 = 60_000;
const TOGETHER: u32 = 4;

/// What sending cost.
struct Cost {
    /// CPU time of a request, in microseconds.
    cpu_us: f64,
    /// Answers a second.
    rate: f64,
}

/// Looks at the user that is asked for, while there is one.
struct Looking<'a> {
    url: &'a str,
    user: RefCell<Option<Value>>,
}

impl Watch for Looking<'_> {
    fn progress(&self, progress: Progress) {
        if progress.phase == Phase::Measure && self.user.borrow().is_none() {
            let list = Message::get(&format!("{}/Users", self.url), TOKEN).unwrap().json();
            assert_eq!(list["totalResults"], 1);
            self.user.replace(Some(list["Resources"][0].clone()));
        }
    }
}

/// What the generator's requests cost, and the user that it looked for.
fn ours(url: &str) -> (Cost, Value) {
    let text = format!(
        "name = \"reading\"\ntitle = \"reading\"\ntogether = {TOGETHER}\npopulation = {{ users = 1, groups = 0 }}\n\
         caps = {{ rate = 1_000_000, requests = 1_000_000 }}\nprepare = [{{ action = \"create-users\", probe = false }}]\n\
         steps = [{{ action = \"find-users\", times = {REQUESTS} }}]\n"
    );
    let description = load::parse(&text, "generator.toml").unwrap();
    let target = Target::new(url).unwrap().bearer(Secret::new(TOKEN.to_owned()));
    let options = Options { threads: 1, ..Options::new(1, "scimproof-bench") };
    let looking = Looking { url, user: RefCell::default() };
    let run = load::run(&description, &target, &Closed, &options, &Cancel::default(), &looking).unwrap();
    // Full use of its processor is what is measured here. Whoever was in their own way otherwise has measured that.
    let otherwise = |why: &&String| !why.starts_with("the generator used");
    let spoiled: Vec<&String> = run.health.spoiled.iter().filter(otherwise).collect();
    assert!(spoiled.is_empty(), "{spoiled:?}");
    let found = run.operations.iter().find(|operation| operation.name == "find-user").unwrap();
    assert_eq!((run.operations.len(), found.count), (1, REQUESTS));
    let processors = f64::from(u32::try_from(options.threads).unwrap());
    let busy_us = run.health.cpu_percent.unwrap() / 100.0 * processors * run.duration_ms as f64 * 1_000.0;
    let user = looking.user.into_inner().expect("a load that lasts long enough to be looked at");
    (Cost { cpu_us: busy_us / REQUESTS as f64, rate: run.ok_rate() }, user)
}

/// The GET that finds a user by name, once that user is there.
fn question(url: &str, user: &Value) -> String {
    let created = Message::send("POST", &format!("{url}/Users"), TOKEN, user.to_string().as_bytes()).unwrap();
    assert_eq!(created.status(), 201, "{created:?}");
    let name = user["userName"].as_str().unwrap();
    let query = format!("{url}/Users?filter=userName%20eq%20%22{name}%22");
    assert_eq!(Message::get(&query, TOKEN).unwrap().json()["totalResults"], 1);
    query
}

/// The same of `wrk`, which goes by time and not by number; none where there is none.
fn wrk(query: &str) -> Option<Cost> {
    let timed = format!(
        "TIMEFORMAT='cpu %U %S'; time wrk -t1 -c{TOGETHER} -d5s -H 'Authorization: Bearer {TOKEN}' '{query}'"
    );
    let ended = Command::new("bash").args(["-c", &timed]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stdout).into_owned();
    let requests =
        told.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse::<f64>().ok())?;
    assert!(!told.contains("Non-2xx"), "{told}");
    let rate = told.lines().find_map(|line| line.strip_prefix("Requests/sec:")?.trim().parse().ok())?;
    let times = String::from_utf8_lossy(&ended.stderr).into_owned();
    let cpu = times.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let seconds: f64 = cpu.split(' ').map(|part| part.parse::<f64>().unwrap()).sum();
    Some(Cost { cpu_us: seconds * 1e6 / requests, rate })
}

/// The round that cost least.
fn least(rounds: impl Iterator<Item = Cost>) -> Cost {
    rounds.min_by(|one, other| one.cpu_us.total_cmp(&other.cpu_us)).unwrap()
}

fn main() {
    let served = Served::start(&[]);
    println!(
        "| who sends `userName eq`, {TOGETHER} at a time | CPU µs of a request | beside wrk | answers/s |\n\
         |---|---|---|---|"
    );
    let (rounds, users): (Vec<Cost>, Vec<Value>) = (0..ROUNDS).map(|_| ours(&served.url)).unzip();
    let query = question(&served.url, &users[0]);
    let Some(theirs) = (0..ROUNDS).map(|_| wrk(&query)).collect::<Option<Vec<_>>>() else {
        println!("wrk is not on the path: nothing to compare with");
        return;
    };
    let (ours, theirs) = (least(rounds.into_iter()), least(theirs.into_iter()));
    println!("| wrk | {:.1} | 1.0 × | {:.0} |", theirs.cpu_us, theirs.rate);
    let beside = ours.cpu_us / theirs.cpu_us;
    println!("| the closed executor | {:.1} | {beside:.1} × | {:.0} |", ours.cpu_us, ours.rate);
}
