//! How long a whole `check` takes, and how long it takes on a server that is far away: `cargo bench --bench latency`. Server,
//! judge and the proxy that delays each request are processes and threads of one machine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may panic, and prints"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Duration;

use client::{Clock as _, SystemClock};
use support::{Hook, Proxy, Report, Served, Step, run};

/// A round trip to another continent, and the way there.
const AWAY: Duration = Duration::from_millis(50);
const ROUNDS: usize = 3;

/// Seconds that `check` takes through a proxy that holds each request back, and how many requests it sends.
fn check(delay: Duration) -> (f64, usize) {
    let served = Served::start(&[]);
    let before = Box::new(move |_: &_| {
        #[expect(clippy::disallowed_methods, reason = "this is the distance itself")]
        std::thread::sleep(delay);
        Step::Forward
    });
    let proxy = Proxy::start_with(&served, Hook { before, ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let clock = SystemClock::new();
    let began_us = clock.now_us();
    run(served.check(&proxy.url).arg("--out").arg(dir.path())).exits(0);
    let seconds = Duration::from_micros(clock.now_us() - began_us).as_secs_f64();
    let judged = &Report::read(dir.path()).run["checks"]["results"];
    assert!(judged.as_array().expect("results").len() > 200);
    (seconds, proxy.requests().len())
}

fn main() {
    println!("| round trip to the server | seconds, least of {ROUNDS} | requests |");
    println!("|---|---|---|");
    for delay in [Duration::ZERO, AWAY, 2 * AWAY] {
        let rounds: Vec<_> = (0..ROUNDS).map(|_| check(delay)).collect();
        let seconds = rounds.iter().map(|(seconds, _)| *seconds).fold(f64::INFINITY, f64::min);
        println!("| {} ms | {seconds:.1} | {} |", delay.as_millis(), rounds[0].1);
    }
}
