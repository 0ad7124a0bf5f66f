//! Runs that end early: somebody stops them, or the target goes silent.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Answer, BASE, MUST, Stage, cause, check};
use harness::expect::status;
use harness::{Cancel, Check, Journal, RunError, minimal_user};
use record::{CauseKind, Verdict};

fn reads(id: &'static str) -> Check {
    check(id, &[MUST], |probe| probe.get("/Users")?.expect(status(200)))
}

/// Longer than any test may take: whoever waits for its end fails.
const ENDLESS: Duration = Duration::from_secs(3600);

#[test]
fn a_run_that_was_stopped_before_sends_nothing() {
    let stage = Stage::new();
    stage.options.cancel.cancel();
    let error = stage.try_run(&[reads("a.one")]).expect_err("no run");
    assert!(matches!(error, RunError::Cancelled), "{error:?}");
    assert_eq!(stage.directory.calls().len(), 0);
}

#[test]
fn a_run_that_is_stopped_while_discovery_waits_ends() {
    let cancel = Cancel::default();
    let stops = cancel.clone();
    let mut stage = Stage::scripted(move |_, _| {
        stops.cancel();
        Some(Answer::Never)
    });
    stage.options.cancel = cancel;
    stage.target = stage.target.clone().timeout(ENDLESS);
    let error = stage.try_run(&[reads("a.one")]).expect_err("no run");
    assert!(matches!(error, RunError::Cancelled), "{error:?}");
    assert_eq!(stage.directory.calls().len(), 1);
}

#[test]
fn a_request_under_way_is_given_up_and_what_it_may_create_stays_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.journal");
    let cancel = Cancel::default();
    let stops = cancel.clone();
    let mut stage = Stage::scripted(move |call, _| {
        call.is("POST", "/Users").then(|| {
            stops.cancel();
            Answer::Never
        })
    });
    stage.options.cancel = cancel;
    stage.options.journal = Some(Arc::new(Journal::create(&path, "r1", BASE).expect("a journal")));
    stage.target = stage.target.clone().timeout(ENDLESS);
    let run = stage.run(&[check("a.one", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert!(run.interrupted);
    assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Cancelled);
    let posts: Vec<_> = run.exchanges.iter().filter(|exchange| exchange.request.method == "POST").collect();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].error.as_deref(), Some("the run was stopped before the answer was there"));
    assert_eq!(run.leftovers[0].resource, "/Users named scimproof-r1-a-one-1");
    let left = harness::sweep::remains(&path).expect("a journal").map(|remains| remains.len());
    assert_eq!(left, Some(1), "a sweep looks for it again");
}

/// What answers soon after the run was stopped is still heard, and need not be looked for.
#[test]
fn an_answer_that_is_about_to_come_is_waited_for() {
    let cancel = Cancel::default();
    let stops = cancel.clone();
    let mut stage = Stage::scripted(move |call, _| {
        if call.method == "POST" {
            stops.cancel();
        }
        None
    });
    stage.options.cancel = cancel;
    let run = stage.run(&[check("a.one", &[MUST], |probe| probe.given(minimal_user()).map(drop))]);
    assert_eq!((run.created, run.removed, run.leftovers.len()), (1, 1, 0));
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
