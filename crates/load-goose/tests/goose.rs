//! Loads that goose drives.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use client::{InProcess, SystemClock, Target};
use load::{Cancel, Options, Progress, Watch};
use load_goose::Goose;
use record::{LoadModel, LoadRun, Redactor};
use reference_server::ReferenceServer;

const SMALL: &str = r#"
name = "small"
title = "a small load"
jobs = 3
together = 2
population = { users = 40, groups = 4 }
caps = { rate = 100_000 }
steps = [
    { action = "create-users" },
    { action = "set-managers" },
    { action = "create-groups" },
    { action = "add-members" },
]
"#;

fn play(text: &str, cancel: &Cancel, watch: &dyn Watch) -> LoadRun {
    let service = ReferenceServer::builder().seed(1).service().unwrap();
    let target = Target::new(&format!("http://localhost{}", service.base_path())).unwrap();
    let target = target.bearer(service.token().clone());
    let options = Options {
        seed: 7,
        label: "scimproof-test".to_owned(),
        threads: 1,
        connect: Arc::new(InProcess::new(service)),
        clock: Arc::new(SystemClock::new()),
        redactor: Redactor::default(),
        cpu: None,
        queue: None,
        processors: None,
        rules: load::Rules::default(),
    };
    let description = load::parse(text, "test.toml").unwrap();
    load::run(&description, &target, &Goose, &options, cancel, watch).unwrap()
}

#[test]
fn two_loads_after_each_other_end_audited_clean() {
    for _ in 0..2 {
        let run = play(SMALL, &Cancel::default(), &());
        assert_eq!((run.executor.as_str(), run.model, run.concurrency), ("goose", LoadModel::Closed, 6));
        let audit = run.audit.unwrap();
        assert_eq!((audit.differing, audit.compared.users, audit.compared.groups), (0, 120, 12));
        assert_eq!((run.created, run.removed, run.errors), (132, 132, Vec::new()));
        assert_eq!((run.stopped, run.health.spoiled), (None, Vec::new()));
    }
}

/// Goose files every request, also those from before its last user began: otherwise the load would end in an error.
#[test]
fn goose_files_all_of_a_load_that_outlasts_its_start() {
    let text = SMALL.replace("users = 40", "users = 20").replace("rate = 100_000", "rate = 100");
    let run = play(&text, &Cancel::default(), &());
    assert!(run.duration_ms > 1_500, "{} ms", run.duration_ms);
    assert!(run.operations.iter().map(|operation| operation.count).sum::<u64>() > 150);
    assert_eq!(run.errors, []);
}

struct Stopping<'a>(&'a Cancel);

impl Watch for Stopping<'_> {
    fn progress(&self, progress: Progress) {
        if progress.done > 10 {
            self.0.cancel();
        }
    }
}

#[test]
fn who_stops_it_leaves_nothing_behind() {
    let cancel = Cancel::default();
    let text = SMALL.replace("users = 40", "users = 2_000").replace("rate = 100_000", "rate = 400");
    let run = play(&text, &cancel, &Stopping(&cancel));
    assert!((5..1_000).contains(&run.created), "{}", run.created);
    let audit = run.audit.expect("what was begun is told not to be finished");
    assert_eq!((run.removed, audit.differing), (run.created, 0));
    assert_eq!(audit.unfinished.as_deref(), Some("somebody stopped the load"));
}
