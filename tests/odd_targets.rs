//! Targets that are odd and lawful: none is taken for one that is broken.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::time::Duration;

use support::{Ended, Hook, Proxy, Report, Running, Served};

/// More than any of these runs may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(90);

/// Checks the reference server behind somebody odd.
fn check(hook: Hook, options: &[&str]) -> (Ended, Report) {
    let served = Served::start(&[]);
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let ended = Running::start(command.args(options).arg("--out").arg(dir.path())).wait(BOUND);
    let report = Report::read(dir.path());
    (ended, report)
}

#[test]
fn connections_that_end_without_a_word_block_nothing() {
    for patience in [0, 50] {
        let hook = Hook { patience: Some(Duration::from_millis(patience)), ..Hook::default() };
        let (ended, report) = check(hook, &[]);
        assert!(report.ended("blocked").is_empty(), "after {patience} ms: {:?}", report.ended("blocked"));
        ended.exits(0);
        let notes = &report.run["checks"]["notes"];
        assert!(
            patience > 0 || notes[0].as_str().is_some_and(|note| note.contains("without saying so")),
            "{notes}"
        );
    }
}
