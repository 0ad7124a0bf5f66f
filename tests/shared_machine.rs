//! A load beside others who take the processors. A binary of its own: the tests of another would be among those who suffer.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use serde_json::Value;
use support::{Ended, Report, run, scimproof};

/// Long enough for a system that counts in hundredths of a second. Nobody misses the bound that is set.
const LOAD: &str = r#"
name = "beside-others"
title = "users are looked for on a machine that others use"
jobs = 2
together = 4
population = { users = 20, groups = 0, memberships = 0 }
pace = { rate = 400, duration_s = 3 }
caps = { rate = 100_000, requests = 1_000_000 }
prepare = [{ action = "create-users", probe = false }]
steps = [{ action = "find-users", times = 20_000 }]
"#;

/// The closed executor that is usual in this build, and the open one.
const EXECUTORS: &str = if cfg!(feature = "goose") { "goose,arrival" } else { "closed,arrival" };

/// Threads that do nothing but compute, two for each processor, so that none is ever left over.
struct Hogs {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Hogs {
    fn set_loose() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let many = 2 * std::thread::available_parallelism().map_or(1, usize::from);
        let spin = |stop: Arc<AtomicBool>| {
            move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            }
        };
        let threads = (0..many).map(|_| std::thread::spawn(spin(Arc::clone(&stop)))).collect();
        Self { stop, threads }
    }
}

impl Drop for Hogs {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A hog that panicked hogs no more.
            let _ = thread.join();
        }
    }
}

/// Runs a load on the bundled server, and gives what came of it with the loads as they are reported.
fn load(executors: &str, demand: &str) -> (Ended, Vec<Value>) {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("beside-others.toml");
    std::fs::write(&file, LOAD).expect("a file");
    let mut command = scimproof();
    command.arg("load").arg(&file).args(["--executor", executors, "--objective", demand, "--out"]);
    let ended = run(command.arg(dir.path()));
    let runs = Report::read(dir.path()).run["load"]["runs"].as_array().cloned();
    (ended, runs.expect("loads"))
}

/// How many reasons of a kind name what others had of the machine.
fn told(load: &Value, kind: &str) -> usize {
    let reasons = load["health"][kind].as_array().into_iter().flatten().filter_map(Value::as_str);
    reasons.filter(|reason| reason.starts_with("something else had ")).count()
}

/// One after the other: two at once would be in each other's way.
#[cfg(target_os = "linux")]
#[test]
fn a_load_beside_a_processor_hog_is_not_called_sound() {
    let _hogs = Hogs::set_loose();
    // What is demanded of time cannot be judged, in any model.
    let (ended, runs) = load(EXECUTORS, "p99<60s");
    ended.exits(14).says(&["SPOILED: 2 of 2 loads were spoiled", "something else had "]);
    assert_eq!(runs.len(), 2);
    for load in &runs {
        assert_eq!((told(load, "spoiled"), told(load, "disturbed")), (1, 0), "{}", load["health"]);
        assert!(load["health"]["othersPercent"].as_f64() > Some(25.0), "{}", load["health"]);
    }
    // Where nothing is, as in the load of a proof, the rest is judged, and the hog is told of.
    let (ended, runs) = load("closed", "errors<1%");
    let ended = ended.exits(0).says(&["PROOF: ", "disturbed, ", "on a machine that others kept busy"]);
    assert!(!ended.stdout.contains("sound"), "{}", ended.stdout);
    assert_eq!(runs.iter().map(|load| told(load, "disturbed")).sum::<usize>(), 1, "{runs:?}");
}
