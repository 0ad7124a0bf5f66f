//! However a load ends, it says why, and leaves nothing behind.

use std::sync::Arc;

use bytes::Bytes;
use client::{Answer, Clock, Connect, Delivered, Sending, Transport, TransportError};
use load::{Arrival, Cancel, Closed, Executor, LoadError, Pace, Phase};
use record::LoadRun;

use crate::support::{Looking, SMALL, assert_clean, described, options, play, play_on, server};

#[test]
fn who_stops_it_leaves_nothing_behind() {
    for executor in [&Closed as &dyn Executor, &Arrival] {
        let (target, connect) = server(None);
        let mut description = described(SMALL);
        description.population.users = 2_000;
        description.pace.rate = 400.0;
        description.caps.rate = 400.0;
        description.objectives = vec!["p99<1s for add-member".to_owned(), "errors<1%".to_owned()];
        let cancel = Cancel::default();
        let stop = Looking(|progress: load::Progress| {
            if progress.phase == Phase::Measure && progress.done > 10 {
                cancel.cancel();
            }
        });
        let run = load::run(&description, &target, executor, &options(connect), &cancel, &stop).unwrap();
        assert!((5..1_000).contains(&run.created), "{}", run.created);
        // Something was there to compare, and nobody did.
        let audit = run.audit.as_ref().unwrap();
        assert_eq!(
            (audit.unfinished.as_deref(), audit.differing, &run.stopped),
            (Some("somebody stopped the load"), 0, &None)
        );
        let stopped = Some("somebody stopped the load");
        assert!(run.objectives.iter().all(|objective| objective.unjudged.as_deref() == stopped), "{run:?}");
        assert_clean(&run);
    }
}

#[test]
fn caps_end_it_and_say_so() {
    let (target, connect) = server(None);
    let mut description = described(SMALL);
    description.caps.requests = 50;
    let run = play_on(&description, &Closed, &target, connect);
    assert_eq!(run.stopped.as_deref(), Some("the cap of 50 requests was reached"));
    assert_eq!(run.operations.iter().map(|operation| operation.count).sum::<u64>(), 50);
    // What was done until then is as it was acknowledged.
    assert_eq!(run.audit.as_ref().map(|audit| audit.differing), Some(0));
    assert_clean(&run);
    let (target, connect) = server(None);
    description.caps.requests = 100_000;
    description.caps.seconds = 1;
    description.caps.rate = 20.0;
    let run = play_on(&description, &Closed, &target, connect);
    assert_eq!(run.stopped.as_deref(), Some("the cap of 1 s was reached"));
    assert!((10..=45).contains(&sent(&run)), "{} requests at 20 a second", sent(&run));
}

/// What was never measured was kept from it by the cap, whoever else was at fault.
#[test]
fn an_objective_that_the_cap_kept_from_being_measured_says_so() {
    let (target, connect) = server(None);
    let mut description = described(SMALL);
    description.caps.requests = 150;
    description.caps.rate = 500.0;
    description.objectives = vec!["errors<1% for member".to_owned(), "p99<60s for add-member".to_owned()];
    let mut options = options(connect);
    // A process that does nothing but compute: by its own account it is always at it.
    options.cpu = Some(|| std::time::UNIX_EPOCH.elapsed().ok());
    let run = load::run(&description, &target, &Closed, &options, &Cancel::default(), &()).unwrap();
    assert_eq!(run.stopped.as_deref(), Some("the cap of 150 requests was reached"));
    assert_eq!(run.health.spoiler(), Some("its own generator"));
    for objective in &run.objectives {
        let ended = Some("the load ended before it was measured");
        assert_eq!(objective.unjudged.as_deref(), ended, "{objective:?}");
    }
}

/// A load that is over as soon as it begins says nothing of its generator.
#[test]
fn what_hardly_began_spoils_nothing() {
    let (target, connect) = server(None);
    let mut description = described(crate::support::READING);
    description.population.users = 30;
    description.caps.requests = 30;
    let mut options = options(connect);
    options.cpu = Some(|| std::time::UNIX_EPOCH.elapsed().ok().map(|time| time * 3));
    let run = load::run(&description, &target, &Closed, &options, &Cancel::default(), &()).unwrap();
    assert_eq!(run.operations, []);
    assert_eq!((run.health.cpu_percent, run.health.spoiled.as_slice()), (None, &[][..]), "{:?}", run.health);
    assert_eq!(run.conclusion(), record::Conclusion::Blocked);
}

fn sent(run: &LoadRun) -> u64 {
    run.operations.iter().map(|operation| operation.count).sum()
}

#[test]
fn progress_passes_through_all_phases() {
    let (target, connect) = server(None);
    let phases = std::cell::RefCell::new(Vec::new());
    let watch = Looking(|progress: load::Progress| {
        phases.borrow_mut().push(progress.phase);
        assert!(progress.done <= progress.total, "{progress:?}");
    });
    let description = described(SMALL);
    load::run(&description, &target, &Closed, &options(connect), &Cancel::default(), &watch).unwrap();
    let mut phases = phases.into_inner();
    phases.dedup();
    assert_eq!(phases, [Phase::Prepare, Phase::Measure, Phase::Audit, Phase::CleanUp]);
}

#[test]
fn warm_up_counts_for_nothing() {
    let warm = SMALL.replace("pace = { rate = 2_000 }", "pace = { rate = 2_000, warm_up_s = 1_000 }");
    let run = play(&warm, &Closed, None);
    assert_eq!(run.operations, []);
    assert!(!run.intervals.is_empty() && run.intervals.iter().all(|interval| interval.warm_up));
}

/// A rate is that of the time that counts.
#[test]
fn warm_up_does_not_lower_the_rate() {
    let (target, connect) = server(None);
    let mut description = described(crate::support::READING);
    description.pace = Pace { rate: 100.0, duration_s: Some(3), warm_up_s: 2, ..Pace::default() };
    description.objectives = vec!["rate>=60/s".to_owned()];
    let run = play_on(&description, &Arrival, &target, connect);
    let measured = run.objectives[0].measured.as_ref().unwrap();
    let rate: f64 = measured.trim_end_matches("/s").parse().unwrap();
    assert!(rate > 60.0, "{measured}");
}

/// Answers every DELETE with 204, and deletes nothing.
#[test]
fn what_is_only_said_to_be_removed_is_not_counted_as_removed() {
    let (target, inner) = server(None);
    let run = play_on(&described(SMALL), &Closed, &target, Arc::new(Keeping(inner)));
    assert!(run.created > 0, "{run:?}");
    assert_eq!(run.removed, 0);
    assert!(run.leftovers.iter().all(|left| left.reason.starts_with("still listed")), "{:?}", run.leftovers);
}

struct Keeping(Arc<dyn Connect>);

struct KeepingWay(Box<dyn Transport>);

impl Connect for Keeping {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(KeepingWay(self.0.connect()?)))
    }
}

impl Transport for KeepingWay {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        if request.method() != http::Method::DELETE {
            return self.0.send(request, clock);
        }
        let now_us = clock.now_us();
        let answer = Answer { status: 204, headers: Vec::new(), body: Bytes::new() };
        Box::pin(std::future::ready(Ok(Delivered { answer, first_byte_us: now_us, last_byte_us: now_us })))
    }
}

#[test]
fn it_does_not_run_where_it_would_wait_for_itself() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (target, connect) = server(None);
    let run = || {
        let description = described(SMALL);
        load::run(&description, &target, &Closed, &options(connect), &Cancel::default(), &())
    };
    let refused = runtime.block_on(async { run() });
    assert!(matches!(refused, Err(LoadError::InsideRuntime)));
}
