use std::sync::Arc;

use client::{Connect, InProcess, SystemClock, Target};
use load::{Cancel, Description, Executor, Options, Watch};
use record::{LoadOutcome, LoadRun, Redactor};
use reference_server::{Builder, ReferenceServer};

/// A small load that brings everything that there is.
pub(crate) const SMALL: &str = r#"
name = "small"
title = "a small load"
jobs = 2
together = 3
population = { users = 40, groups = 4, churn = { joiners = 50_000, leavers = 50_000, edits = 100_000, memberships = 200_000 } }
pace = { rate = 2_000 }
caps = { rate = 100_000 }
steps = [
    { action = "create-users" },
    { action = "set-managers" },
    { action = "create-groups" },
    { action = "add-members", per_request = 5 },
    { action = "find-users" },
    { action = "read-users" },
    { action = "cycles", times = 3 },
]
"#;

/// One group that gets its members one by one.
pub(crate) const GROWING: &str = r#"
name = "growing"
title = "a growing group"
together = 1
population = { users = 600, groups = 1, memberships = 600 }
caps = { rate = 100_000 }
prepare = [{ action = "create-users", probe = false }, { action = "create-groups", probe = false }]
steps = [{ action = "add-members" }]
"#;

/// Only reading, for servers that can do nothing else.
pub(crate) const READING: &str = r#"
name = "reading"
title = "a load that reads"
population = { users = 1, groups = 0 }
caps = { rate = 100_000 }
prepare = [{ action = "create-users", probe = false }]
steps = [{ action = "find-users", times = 100_000 }]
"#;

pub(crate) fn described(text: &str) -> Description {
    load::parse(text, "test.toml").unwrap()
}

/// The reference server in this process, with a fault or without.
pub(crate) fn server(fault: Option<&str>) -> (Target, Arc<dyn Connect>) {
    let builder = ReferenceServer::builder();
    started(if let Some(fault) = fault { builder.fault(fault) } else { builder })
}

/// A server in this process.
pub(crate) fn started(builder: Builder) -> (Target, Arc<dyn Connect>) {
    let builder = builder.seed(1);
    let service = builder.service().unwrap();
    let target = Target::new(&format!("http://localhost{}", service.base_path()))
        .unwrap()
        .bearer(service.token().clone());
    (target, Arc::new(InProcess::new(service)))
}

/// What a test needs. The target is in the same process, so that its time on processors says nothing.
pub(crate) fn options(connect: Arc<dyn Connect>) -> Options {
    Options {
        seed: 7,
        label: "scimproof-test".to_owned(),
        threads: 1,
        connect,
        clock: Arc::new(SystemClock::new()),
        redactor: Redactor::default(),
        cpu: None,
        queue: None,
        processors: None,
        rules: load::Rules::default(),
    }
}

pub(crate) fn play(text: &str, executor: &dyn Executor, fault: Option<&str>) -> LoadRun {
    let (target, connect) = server(fault);
    play_on(&described(text), executor, &target, connect)
}

pub(crate) fn play_on(
    description: &Description,
    executor: &dyn Executor,
    target: &Target,
    connect: Arc<dyn Connect>,
) -> LoadRun {
    load::run(description, target, executor, &options(connect), &Cancel::default(), &()).unwrap()
}

/// How often an operation came out so.
pub(crate) fn count(run: &LoadRun, operation: &str, outcome: LoadOutcome) -> u64 {
    let found = run.operations.iter().find(|known| known.name == operation && known.outcome == outcome);
    found.map_or(0, |operation| operation.count)
}

/// Nothing was left behind.
pub(crate) fn assert_clean(run: &LoadRun) {
    assert_eq!((run.leftovers.as_slice(), run.removed), (&[][..], run.created));
}

/// Calls a function whenever there is progress.
pub(crate) struct Looking<F>(pub(crate) F);

impl<F: Fn(load::Progress)> Watch for Looking<F> {
    fn progress(&self, progress: load::Progress) {
        (self.0)(progress);
    }
}
