//! A run that its own generator spoiled says so.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use client::{Clock, Connect, Sending, Transport, TransportError};
use load::{Arrival, Pace};

use crate::support::{READING, described, play_on, server};

/// Keeps its thread from everything else for a while at each request, as whoever shares the processor does.
struct Hog {
    inner: Arc<dyn Connect>,
    busy_us: u64,
}

struct Hogging {
    inner: Box<dyn Transport>,
    busy_us: u64,
}

impl Connect for Hog {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Hogging { inner: self.inner.connect()?, busy_us: self.busy_us }))
    }
}

impl Transport for Hogging {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        let until_us = clock.now_us() + self.busy_us;
        while clock.now_us() < until_us {
            std::hint::spin_loop();
        }
        self.inner.send(request, clock)
    }
}

#[test]
fn a_generator_that_cannot_keep_up_is_unhealthy() {
    let (target, inner) = server(None);
    let mut description = described(READING);
    // Twice as much as there is time for.
    description.pace = Pace { rate: 200.0, duration_s: Some(1), in_flight: 10_000, ..Pace::default() };
    let run = play_on(&description, &Arrival, &target, Arc::new(Hog { inner, busy_us: 10_000 }));
    let lag_us = run.health.lag_p99_us.unwrap();
    assert!(lag_us > 50_000, "{lag_us} us");
    assert!(
        run.health.spoiled.iter().any(|reason| reason.starts_with("requests went out late")),
        "{:?}",
        run.health
    );
}

#[test]
fn arrivals_without_room_are_dropped_and_counted() {
    let (target, inner) = server(None);
    let mut description = described(READING);
    description.pace = Pace { rate: 500.0, duration_s: Some(1), in_flight: 2, ..Pace::default() };
    let run = play_on(&description, &Arrival, &target, Arc::new(Hog { inner, busy_us: 20_000 }));
    assert!(run.health.dropped > 100, "{:?}", run.health);
    assert!(
        run.health.spoiled.iter().any(|reason| {
            reason.contains("arrivals were dropped") && reason.ends_with("or lower the rate (pace.rate)")
        }),
        "{:?}",
        run.health
    );
    assert_eq!(run.concurrency, 2);
}

/// The first second counts for nothing, and what was dropped in it neither.
#[test]
fn what_is_dropped_in_the_warm_up_is_told_apart() {
    let (target, inner) = server(None);
    let mut description = described(READING);
    let pace = Pace { rate: 500.0, duration_s: Some(1), in_flight: 2, ..Pace::default() };
    description.pace = Pace { warm_up_s: 2, ..pace };
    let hog = Arc::new(Hog { inner, busy_us: 20_000 });
    let health = play_on(&description, &Arrival, &target, hog).health;
    assert!(health.dropped_warm_up > 100, "{health:?}");
    assert_eq!((health.dropped, health.spoiled.as_slice()), (0, &[][..]), "{health:?}");
}

#[test]
fn a_busy_processor_is_told_of() {
    let (target, connect) = server(None);
    let mut description = described(READING);
    description.pace = Pace { duration_s: Some(1), ..Pace::default() };
    let mut options = crate::support::options(connect);
    // A process that does nothing but compute: by its own account it is always at it.
    options.cpu = Some(|| std::time::UNIX_EPOCH.elapsed().ok());
    let run =
        load::run(&description, &target, &load::Closed, &options, &load::Cancel::default(), &()).unwrap();
    assert!(run.health.cpu_percent.unwrap() > 90.0, "{:?}", run.health);
    assert_eq!((run.health.spoiled.len(), run.health.spoiler()), (1, Some("its own generator")));
    assert!(run.health.spoiled[0].ends_with("lower the rate (caps.rate)"), "{:?}", run.health);
    assert!(run.duration_ms >= 1_000 && run.duration_ms < Duration::from_secs(10).as_millis() as u64);
}

/// A processor hog beside the generator: whoever sends waits for a processor, in every model.
#[test]
fn who_shares_the_processors_spoils_every_model() {
    for executor in [&load::Closed as &dyn load::Executor, &Arrival] {
        for (waited_ms, spoiled) in [(100, 0), (900, 1)] {
            let (target, connect) = server(None);
            let mut description = described(READING);
            description.steps[0].times = Some(20);
            // What is over at once says nothing of whoever sent it.
            (description.pace.rate, description.caps.rate) = (200.0, 300.0);
            description.objectives = vec!["p99<60s".to_owned(), "errors<1%".to_owned()];
            let mut options = crate::support::options(connect);
            // Each time that somebody looks, a second of it has passed.
            let looks = std::sync::atomic::AtomicU32::new(0);
            options.queue = Some(Arc::new(move |_| {
                let seconds = looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let (ran, waited) = (Duration::from_millis(100), Duration::from_millis(waited_ms));
                Some(load::Turns {
                    ran: ran * seconds,
                    waited: waited * seconds,
                    turns: u64::from(seconds) * 1_000,
                })
            }));
            let run = load::run(&description, &target, executor, &options, &load::Cancel::default(), &());
            let run = run.unwrap();
            let ours = run
                .health
                .spoiled
                .iter()
                .filter(|reason| reason.contains("something else keeps this machine busy"));
            assert_eq!(ours.count(), spoiled, "{}: {:?}", run.executor, run.health);
            if spoiled > 0 {
                // Errors do not hang on who else is at work here.
                assert!(
                    run.objectives[0].unjudged.is_some() && run.objectives[1].met,
                    "{:?}",
                    run.objectives
                );
                assert_eq!(run.conclusion(), record::Conclusion::Unhealthy);
                assert_eq!(run.health.spoiler(), Some("what else ran on its machine"));
            } else if run.model == record::LoadModel::Closed {
                // Whether arrivals are in time is up to the machine that the test runs on.
                assert_eq!(run.conclusion(), record::Conclusion::Pass);
            }
        }
    }
}

/// What the processors of the machine do is asked before and after, and whoever takes them is told of in every model.
#[test]
fn who_takes_the_processors_spoils_what_is_timed_and_disturbs_what_is_not() {
    for executor in [&load::Closed as &dyn load::Executor, &Arrival] {
        for (others_ms, objective, doubts) in
            [(100, "p99<60s", (0, 0)), (900, "p99<60s", (1, 0)), (900, "errors<1%", (0, 1))]
        {
            let (target, connect) = server(None);
            let mut description = described(READING);
            description.steps[0].times = Some(20);
            // What is over at once says nothing of whoever sent it.
            (description.pace.rate, description.caps.rate) = (200.0, 300.0);
            description.objectives = vec![objective.to_owned()];
            let mut options = crate::support::options(connect);
            // Each time that somebody looks, a second of all processors has passed.
            let looks = std::sync::atomic::AtomicU32::new(0);
            options.processors = Some(Arc::new(move || {
                let seconds = looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let [others, all] = [others_ms, 1_000].map(|ms| Duration::from_millis(ms) * seconds);
                Some(load::Company { others, idle: Duration::ZERO, all })
            }));
            let run = load::run(&description, &target, executor, &options, &load::Cancel::default(), &());
            let health = run.unwrap().health;
            assert_eq!(health.others_percent, Some(others_ms as f64 / 10.0));
            let count = |reasons: &[String]| {
                reasons.iter().filter(|reason| reason.starts_with("something else had 90 %")).count()
            };
            assert_eq!((count(&health.spoiled), count(&health.disturbed)), doubts, "{health:?}");
        }
    }
}

/// What our own ceiling allows is no measure of the target: it is said, and a demand that it left no room for is not
/// missed. One beyond it is no demand at all.
#[test]
fn a_closed_run_that_its_ceiling_holds_back_says_so() {
    let rate = |most: f64, demanded: &str| {
        let (target, connect) = server(None);
        let steps = r#"{ action = "find-users", times = 60 }, { action = "read-users", times = 60 }"#;
        let mut description =
            described(&READING.replace(r#"{ action = "find-users", times = 100_000 }"#, steps));
        description.caps.rate = most;
        description.objectives = vec![format!("rate>={demanded}/s for read"), "errors<1%".to_owned()];
        play_on(&description, &load::Closed, &target, connect)
    };
    let run = rate(100.0, "90");
    let held_back = run.held_back.unwrap();
    assert!(held_back.rate == 100.0 && held_back.percent > 30.0, "{held_back:?}");
    let [rated, errors] = run.objectives.as_slice() else { panic!("{:?}", run.objectives) };
    assert!(!rated.met && !rated.is_missed() && errors.met, "{rated:?}");
    assert!(rated.unjudged.as_ref().unwrap().contains("its own cap of 100/s"), "{rated:?}");
    assert_eq!(run.conclusion(), record::Conclusion::Inconclusive);
    // A demand below it can be met.
    assert!(rate(100.0, "5").objectives[0].met);
    let free = rate(100_000.0, "100000");
    assert_eq!(free.held_back, None);
    assert!(free.objectives[0].is_missed());
}

/// What its own ceiling holds back is the generator's doing and not the target's.
#[test]
fn a_ceiling_below_the_pace_is_unhealthy() {
    let (target, connect) = server(None);
    let mut description = described(READING);
    description.pace = Pace { rate: 200.0, duration_s: Some(1), in_flight: 10_000, ..Pace::default() };
    description.caps.rate = 100.0;
    let run = play_on(&description, &Arrival, &target, connect);
    assert!(run.health.lag_p99_us.unwrap() > 100_000, "{:?}", run.health);
    assert!(run.health.spoiled.iter().any(|reason| reason.contains("caps.rate")), "{:?}", run.health);
}
