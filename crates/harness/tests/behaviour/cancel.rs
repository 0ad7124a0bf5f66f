//! Runs that end early: somebody stops them, or the target goes silent.

use std::num::NonZeroUsize;

use crate::support::{Answer, MUST, Stage, cause, check};
use harness::expect::status;
use harness::{Check, minimal_user};
use record::{CauseKind, Verdict};

fn reads(id: &'static str) -> Check {
    check(id, &[MUST], |probe| probe.get("/Users")?.expect(status(200)))
}

#[test]
fn a_run_that_was_stopped_before_sends_nothing_for_its_checks() {
    let stage = Stage::new();
    stage.options.cancel.cancel();
    let run =
        stage.run(&[check("a.one", &[MUST], |probe| probe.given(minimal_user()).map(drop)), reads("a.two")]);
    assert!(run.interrupted);
    for result in &run.results {
        assert_eq!(cause(&result.verdict).kind, CauseKind::Cancelled);
        assert_eq!(result.exchanges, [0; 0]);
    }
    assert!(run.exchanges.iter().all(|exchange| exchange.check.is_none()));
}

#[test]
fn a_run_that_is_stopped_still_removes_what_it_created() {
    let stage = Stage::new();
    let cancel = stage.options.cancel.clone();
    let stops = check("a.stops", &[MUST], move |probe| {
        let user = probe.given(minimal_user())?;
        cancel.cancel();
        probe.get(user.path())?.expect(status(200))
    });
    let run = stage.run(&[reads("a.before"), stops, reads("a.after"), reads("a.last").alone()]);
    assert!(run.interrupted);
    assert_eq!(run.results[0].verdict, Verdict::Pass);
    for result in &run.results[1..] {
        assert_eq!(cause(&result.verdict).kind, CauseKind::Cancelled);
    }
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

/// The silence is over all jobs; what was under way when it was noticed comes on top.
#[test]
fn a_target_that_goes_silent_is_given_up() {
    const ENOUGH: usize = 8;
    for jobs in [1, 4] {
        let mut stage = Stage::scripted(|call, _| call.path.starts_with("/Users").then_some(Answer::Never));
        stage.options.jobs = NonZeroUsize::new(jobs).expect("jobs");
        let checks: Vec<Check> = (0..40).map(|_| reads("a.check")).collect();
        let run = stage.run(&checks);
        let asked = stage.directory.calls().iter().filter(|call| call.path == "/Users").count();
        assert!((ENOUGH..ENOUGH + jobs).contains(&asked), "{asked} requests by {jobs} jobs");
        let kinds: Vec<CauseKind> = run.results.iter().map(|result| cause(&result.verdict).kind).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == CauseKind::Timeout).count(), asked);
        assert_eq!(kinds.iter().filter(|kind| **kind == CauseKind::Transport).count(), 40 - asked);
        assert!(!run.interrupted);
    }
}

#[test]
fn a_target_that_answers_now_and_then_is_not_given_up() {
    let stage = Stage::scripted(|call, directory| {
        (call.path == "/Users" && directory.calls().len() % 8 != 0).then_some(Answer::Closed)
    });
    let checks: Vec<Check> = (0..40).map(|_| reads("a.check")).collect();
    let run = stage.run(&checks);
    assert_eq!(stage.directory.calls().iter().filter(|call| call.path == "/Users").count(), 40);
    assert_eq!(run.counts().pass, 5);
}

#[test]
fn what_cannot_be_removed_from_a_silent_target_is_listed() {
    let stage = Stage::scripted(|call, directory| {
        if call.method == "POST" && directory.count("POST") > 3 {
            directory.store(call);
            return Some(Answer::Never);
        }
        (call.path.starts_with("/Users") && directory.count("POST") > 3).then_some(Answer::Never)
    });
    let creates = check("a.check", &[MUST], |probe| probe.given_all(vec![minimal_user(); 10]).map(drop));
    let run = stage.run(&[creates, creates, creates, creates]);
    let asked = stage.directory.calls().len();
    assert!(asked < 20, "{asked} requests");
    // Three that are known, and one for each create that got no answer.
    assert!(run.leftovers.len() > 3, "{:?}", run.leftovers);
    assert_eq!(run.created - run.removed, 3);
    let named =
        run.leftovers.iter().filter(|left| left.resource.starts_with("/Users named scimproof-r1-a-check-"));
    assert_eq!(named.count(), run.leftovers.len() - 3);
}

/// Silence belongs to a run, not to the token that stops it.
#[test]
fn a_second_run_is_not_given_up_for_the_first() {
    let stage = Stage::scripted(|call, directory| {
        (call.path == "/Users" && directory.count("GET") < 15).then_some(Answer::Closed)
    });
    let runner = stage.runner();
    let checks: Vec<Check> = (0..20).map(|_| reads("a.check")).collect();
    let mut quiet = |_: &record::Event<'_>| {};
    let first = runner.run(&checks, &mut quiet).expect("a run");
    assert_eq!(cause(&first.results[19].verdict).kind, CauseKind::Transport);
    let second = runner.run(&checks, &mut quiet).expect("a run");
    assert_eq!(second.results[19].verdict, Verdict::Pass);
}
