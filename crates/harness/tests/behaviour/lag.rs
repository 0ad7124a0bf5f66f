//! Targets whose reads lag behind their writes. Time is a clock that moves on when somebody waits.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Clock, Request};
use harness::expect::status;
use harness::{Check, Runner, minimal_user};
use record::{CheckResult, VerdictKind};

use crate::support::{MUST, Stage, answer, check};

#[derive(Clone, Default)]
struct Hand {
    now_us: Arc<AtomicU64>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl Clock for Hand {
    fn now_us(&self) -> u64 {
        self.now_us.load(Ordering::Relaxed)
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.waits.lock().expect("waits").push(wait);
        self.now_us.fetch_add(u64::try_from(wait.as_micros()).expect("a wait"), Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }
}

/// A target that shows a user no sooner than at its third reading.
fn late() -> Stage {
    let reads = AtomicUsize::new(0);
    Stage::scripted(move |call, _| {
        let early = call.method == "GET" && call.path.starts_with("/Users/");
        (early && reads.fetch_add(1, Ordering::Relaxed) < 2)
            .then(|| answer(404, &serde_json::json!({ "detail": "not yet" })))
    })
}

/// What a check comes to, the waits, and how often the target was read.
fn judge(stage: Stage, lag_ms: u64, check: Check) -> (CheckResult, Vec<Duration>, usize) {
    let hand = Hand::default();
    let target = stage.target.clone().lagging(Duration::from_millis(lag_ms));
    let runner = Runner::new(target, stage.connect(), Arc::new(hand.clone()), stage.options.clone());
    let mut run = runner.run(&[check], &mut |_: &record::Event<'_>| {}).expect("a run");
    let reads = stage.directory.calls();
    let reads = reads.iter().filter(|call| call.method == "GET" && call.path.starts_with("/Users/")).count();
    let waits = hand.waits.lock().expect("waits").clone();
    (run.results.remove(0), waits, reads)
}

fn eventually() -> Check {
    check("lag.eventually", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.eventually(&Request::get(user.path()), status(200)).map(drop)
    })
}

#[test]
fn what_shows_in_time_holds_and_is_waited_for_no_longer_than_needed() {
    let (result, waits, reads) = judge(late(), 800, eventually());
    assert_eq!(result.verdict.kind(), VerdictKind::Pass, "{:?}", result.verdict);
    assert_eq!((waits, reads), (vec![Duration::from_millis(100); 2], 3));
}

#[test]
fn what_never_shows_fails_when_the_time_is_over() {
    let never = Stage::scripted(|call, _| {
        let read = call.method == "GET" && call.path.starts_with("/Users/");
        read.then(|| answer(404, &serde_json::json!({ "detail": "never" })))
    });
    let (result, waits, _) = judge(never, 800, eventually());
    assert_eq!(result.verdict.kind(), VerdictKind::Fail);
    assert_eq!(waits.iter().sum::<Duration>(), Duration::from_millis(800));
}

/// What counts is when the read went out: an answer that is under way until the time is over shows what was there before.
#[test]
fn a_slow_answer_to_an_early_read_is_not_the_last_word() {
    let hand = Hand::default();
    let (reads, clock) = (AtomicUsize::new(0), hand.clone());
    let stage = Stage::scripted(move |call, _| {
        let read = call.method == "GET" && call.path.starts_with("/Users/");
        (read && reads.fetch_add(1, Ordering::Relaxed) == 0).then(|| {
            clock.now_us.fetch_add(900_000, Ordering::Relaxed);
            answer(404, &serde_json::json!({ "detail": "not yet" }))
        })
    });
    let target = stage.target.clone().lagging(Duration::from_millis(800));
    let runner = Runner::new(target, stage.connect(), Arc::new(hand), stage.options.clone());
    let run = runner.run(&[eventually()], &mut |_: &record::Event<'_>| {}).expect("a run");
    assert_eq!(run.results[0].verdict.kind(), VerdictKind::Pass, "{:?}", run.results[0].verdict);
}

#[test]
fn a_target_that_does_not_lag_is_read_once() {
    let (result, waits, reads) = judge(late(), 0, eventually());
    // Once by the check, and once to see whose it is before it is removed.
    assert_eq!((result.verdict.kind(), waits.len(), reads), (VerdictKind::Fail, 0, 2));
}

#[test]
fn a_plain_read_waits_until_it_has_to_show_what_was_written() {
    let body = check("lag.plain", &[MUST], |probe| {
        probe.get("/Users")?.expect(status(200))?;
        let user = probe.given(minimal_user())?;
        probe.put(user.path(), &user.sent)?.expect(status(200))?;
        probe.get("/Users")?.expect(status(200))?;
        probe.get("/Users")?.expect(status(200))
    });
    let (result, waits, _) = judge(Stage::new(), 500, body);
    assert_eq!(result.verdict.kind(), VerdictKind::Pass, "{:?}", result.verdict);
    // Neither before the first write, nor between two writes, nor twice.
    assert_eq!(waits, [Duration::from_millis(500)]);
}

/// Whoever reads what an earlier check has made has to wait for it as well.
#[test]
fn what_is_lent_may_not_be_seen_yet() {
    let stage = Stage::new();
    let hand = Hand::default();
    let target = stage.target.clone().lagging(Duration::from_millis(400));
    let makes = check("a.makes", &[MUST], |probe| probe.lent(|_| vec![minimal_user()]).map(drop));
    let reads = check("a.reads", &[MUST], |probe| {
        let lent = probe.lent(|_| vec![minimal_user()])?;
        probe.get(lent.resources[0].path())?.expect(status(200))
    });
    let runner = Runner::new(target, stage.connect(), Arc::new(hand.clone()), stage.options.clone());
    let run = runner.run(&[makes, reads], &mut |_: &record::Event<'_>| {}).expect("a run");
    assert!(run.results.iter().all(|result| result.verdict.kind() == VerdictKind::Pass));
    assert_eq!(stage.directory.count("POST"), 1);
    assert_eq!(*hand.waits.lock().expect("waits"), [Duration::from_millis(400)]);
}
