//! Checks that run at the same time.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::support::{MUST, Stage, answer, cause, check, text};
use harness::expect::status;
use harness::{Check, minimal_group, minimal_user};
use record::Verdict;
use serde_json::json;

/// Long enough for threads to get their turn on a busy machine; nobody waits for it unless something is wrong.
const BOUND: Duration = Duration::from_secs(20);

/// A place where a number of requests wait for each other.
#[derive(Clone, Default)]
struct Meeting(Arc<(Mutex<usize>, Condvar)>);

impl Meeting {
    /// Whether as many came before the bound.
    fn wait_for(&self, wanted: usize) -> bool {
        let (count, changed) = &*self.0;
        let mut count = count.lock().expect("a count");
        *count += 1;
        changed.notify_all();
        let (_count, waited) =
            changed.wait_timeout_while(count, BOUND, |count| *count < wanted).expect("a count");
        !waited.timed_out()
    }
}

fn stage(jobs: usize) -> Stage {
    let mut stage = Stage::new();
    stage.options.jobs = NonZeroUsize::new(jobs).expect("jobs");
    stage
}

#[test]
fn checks_run_at_the_same_time() {
    let meeting = Meeting::default();
    let mut stage = Stage::scripted(move |call, _| {
        let met = |code| answer(code, &json!({}));
        call.is("GET", "/Users").then(|| met(if meeting.wait_for(4) { 200 } else { 504 }))
    });
    stage.options.jobs = NonZeroUsize::new(4).expect("jobs");
    let reads = |id| check(id, &[MUST], |probe| probe.get("/Users")?.expect(status(200)));
    let run = stage.run(&["a.one", "a.two", "a.three", "a.four"].map(reads));
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
}

#[test]
fn a_check_that_needs_the_target_to_itself_has_it() {
    let (running, strays, meeting) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Meeting::default());
    let body = |alone: bool| {
        let (running, strays, meeting) = (Arc::clone(&running), Arc::clone(&strays), meeting.clone());
        move |probe: &mut harness::Probe| {
            let others = running.fetch_add(1, Ordering::SeqCst);
            if alone {
                strays.fetch_add(others, Ordering::SeqCst);
            } else {
                assert!(meeting.wait_for(4), "the others never came");
            }
            // So many that another check at the same time could not but be seen.
            for _ in 0..200 {
                probe.get("/Users")?.expect(status(200))?;
            }
            if alone {
                strays.fetch_add(running.load(Ordering::SeqCst) - 1, Ordering::SeqCst);
            }
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        }
    };
    let shared = |id| check(id, &[MUST], body(false));
    let alone = |id| check(id, &[MUST], body(true)).alone();
    let checks = [
        shared("a.1"),
        alone("a.2"),
        shared("a.3"),
        alone("a.4"),
        shared("a.5"),
        shared("a.6"),
        alone("a.7"),
    ];
    let run = stage(4).run(&checks);
    assert!(run.results.iter().all(|result| result.verdict == Verdict::Pass), "{:?}", run.results);
    assert_eq!(strays.load(Ordering::SeqCst), 0);
    // The results come in the order of the catalogue all the same.
    let ids: Vec<&str> = run.results.iter().map(|result| result.id.as_str()).collect();
    assert_eq!(ids, ["a.1", "a.2", "a.3", "a.4", "a.5", "a.6", "a.7"]);
}

/// Every body that a run sends.
fn bodies(run: &str, seed: u64, jobs: usize) -> BTreeSet<String> {
    let mut stage = stage(jobs);
    stage.options.run = run.to_owned();
    stage.options.seed = seed;
    let checks: Vec<Check> = ["a.one", "a.two", "b.one", "b.two", "b.three", "c.one"]
        .map(|id| {
            check(id, &[MUST], |probe| {
                let user = minimal_user().with("password", probe.password());
                probe.given_all(vec![user, minimal_user()])?;
                let group = probe.fill(&minimal_group());
                probe.post("/Groups", &group)?.expect(status(201))
            })
        })
        .to_vec();
    let results = stage.run(&checks).results;
    assert!(results.iter().all(|result| result.verdict == Verdict::Pass), "{results:?}");
    let posts = stage.directory.calls().into_iter().filter(|call| call.method == "POST");
    posts.map(|call| format!("{} {}", call.path, call.body)).collect()
}

#[test]
fn the_same_run_and_seed_send_the_same_whatever_the_jobs() {
    let alone = bodies("r1", 7, 1);
    assert_eq!(alone.len(), 18, "names repeat");
    assert_eq!(bodies("r1", 7, 5), alone);
}

#[test]
fn another_run_or_seed_sends_something_else() {
    let these = bodies("r1", 7, 1);
    assert!(bodies("r2", 7, 1).is_disjoint(&these));
    let passwords = |bodies: BTreeSet<String>| -> BTreeSet<String> {
        bodies.into_iter().filter(|body| body.contains("password")).collect()
    };
    assert!(passwords(bodies("r1", 8, 1)).is_disjoint(&passwords(these)));
}

/// A server that ignores `count` sends everybody; fewer checks at a time have more room for that.
#[test]
fn a_long_answer_is_read_where_few_checks_share() {
    let everybody = json!({ "Resources": ["x".repeat(20 * 1024 * 1024)] }).to_string();
    let mut stage = Stage::scripted(move |call, _| {
        call.is("GET", "/Users").then(|| text(200, "application/scim+json", &everybody))
    });
    stage.target = stage.target.timeout(BOUND);
    let list = check("a.check", &[MUST], |probe| probe.get("/Users")?.expect(status(200)));
    assert_eq!(stage.judge(list).verdict, Verdict::Pass);

    stage.options.jobs = NonZeroUsize::new(8).expect("a number");
    let blocked = stage.judge(list);
    let told = &cause(&blocked.verdict).message;
    assert!(
        told.contains("longer than 16 MiB") && told.contains("--jobs 1") && told.contains("`count`"),
        "{told}"
    );
}
