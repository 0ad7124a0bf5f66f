//! How runs are started, planned and followed.

use std::sync::{Arc, Mutex};

use crate::support::{MUST, Stage, check, mishap};
use client::Request;
use harness::expect::status;
use harness::{Check, RunError, minimal_user};
use record::{Event, Verdict, VerdictKind};

fn reads(id: &'static str) -> Check {
    check(id, &[MUST], |probe| probe.get("/Users")?.expect(status(200))).reads_only()
}

fn writes(id: &'static str) -> Check {
    check(id, &[MUST], |probe| probe.given(minimal_user()).map(drop))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn a_blocking_run_refuses_to_stall_somebody_elses_runtime() {
    let stage = Stage::new();
    let error = runtime().block_on(async { stage.try_run(&[reads("a.check")]) }).expect_err("refused");
    assert!(matches!(error, RunError::InsideRuntime), "{error:?}");
    assert!(error.to_string().contains("Runner::run_async"), "{error}");
    assert_eq!(stage.directory.calls().len(), 0);
}

#[test]
fn inside_a_runtime_a_run_can_be_awaited() {
    let stage = Stage::new();
    let events = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&events);
    let sink = move |event: &Event<'_>| {
        if let Event::Finished { result } = event {
            log.lock().expect("a log").push(result.id.clone());
        }
    };
    let run = runtime().block_on(stage.runner().run_async(vec![reads("a.one"), writes("a.two")], sink));
    let results = run.expect("a run").results;
    assert!(results.iter().all(|result| result.verdict == Verdict::Pass), "{results:?}");
    assert_eq!(*events.lock().expect("a log"), ["a.one", "a.two"]);
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn a_sink_hears_of_the_plan_and_of_each_check() {
    let stage = Stage::new();
    let mut heard = Vec::new();
    let mut sink = |event: &Event<'_>| {
        heard.push(match event {
            Event::Planned { checks } => format!("planned {checks}"),
            Event::Known { capabilities, excluded } => {
                assert!(capabilities.contains(&"User.create".to_owned()), "{capabilities:?}");
                format!("left out {}", excluded.len())
            }
            Event::Started { check } => format!("started {check}"),
            Event::Finished { result } => format!("finished {}", result.id),
            _ => "something".to_owned(),
        });
    };
    stage.runner().run(&[reads("a.one"), writes("a.two")], &mut sink).expect("a run");
    assert_eq!(
        heard,
        ["planned 2", "left out 0", "started a.one", "finished a.one", "started a.two", "finished a.two"]
    );
}

#[test]
fn a_run_that_only_reads_leaves_out_what_writes_and_says_so() {
    let mut stage = Stage::new();
    stage.options.read_only = true;
    let run = stage.run(&[writes("a.writes"), reads("a.reads")]);
    let ran: Vec<&str> = run.results.iter().map(|result| result.id.as_str()).collect();
    assert_eq!(ran, ["a.reads"]);
    assert_eq!((run.excluded.len(), run.excluded[0].check.as_str()), (1, "a.writes"));
    assert!(run.excluded[0].reason.contains("--read-only"), "{}", run.excluded[0].reason);
    assert_eq!((run.created, stage.directory.count("POST")), (0, 0));
}

#[test]
fn a_check_that_promised_to_read_and_writes_is_our_mishap() {
    for read_only in [true, false] {
        let mut stage = Stage::new();
        stage.options.read_only = read_only;
        let requests: [fn() -> Request; 4] = [
            || Request::post("/Users"),
            || Request::put("/Users/u1"),
            || Request::patch("/Users/u1"),
            || Request::delete("/Users/u1"),
        ];
        for request in requests {
            let liar = check("a.liar", &[MUST], move |probe| {
                probe.together(vec![Request::get("/Users"), request()]).map(drop)
            });
            let before = stage.directory.calls().len();
            let result = stage.judge(liar.reads_only());
            let method = request().method().to_string();
            assert_eq!(mishap(&result.verdict), format!("{method} in a check that may only read"));
            // Discovery, and nothing else.
            assert_eq!(stage.directory.calls().len() - before, 3);
        }
    }
}

#[test]
fn the_run_tells_what_the_target_offers() {
    let run = Stage::new().run(&[]);
    assert!(run.capabilities.contains(&"User.create".to_owned()));
    assert!(run.capabilities.contains(&"Group.delete".to_owned()));
    assert!(!run.capabilities.contains(&"User.version".to_owned()));
    assert!(!run.capabilities.contains(&"Service.authentication".to_owned()));
}

#[test]
fn a_run_of_nothing_proves_nothing() {
    let run = Stage::new().run(&[]);
    assert_eq!((run.results.len(), run.conclusion()), (0, record::Conclusion::Inconclusive));
    assert_eq!(run.counts().get(VerdictKind::Pass), 0);
}

#[test]
fn a_check_says_what_it_is() {
    let check = writes("area.fact").alone();
    assert_eq!((check.area(), check.kind(), check.alone), ("area", record::CheckKind::Active, true));
    assert!(check.source.ends_with("support.rs"), "{}", check.source);
}

#[test]
#[should_panic(expected = "a check cites at least one requirement")]
fn a_check_that_cites_nothing_is_unsound() {
    harness::sound(&[Check { requirements: &[], ..writes("a.check") }]);
}
