//! What a stopped run did not come to is told as that, and not as something that stands in the way.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{Cause, CauseKind, Run, Verdict};
use reports::terminal::{self, Style};

/// A run that was stopped after its first two checks, with the third under way.
fn stopped() -> Run {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    checks.interrupted = true;
    checks.excluded.clear();
    checks.leftovers.clear();
    for (position, result) in checks.results.iter_mut().enumerate() {
        result.notes.clear();
        result.exchanges.truncate(if position < 3 { 1 } else { 0 });
        result.verdict = Verdict::Pass;
        if position > 1 {
            let message = "the run was stopped".to_owned();
            let cause = Cause { kind: CauseKind::Cancelled, message, exchange: None };
            result.verdict = Verdict::Blocked { cause };
        }
    }
    run
}

#[test]
fn what_was_not_begun_is_told_as_that_in_every_report() {
    let run = stopped();
    let rest = run.checks.as_ref().unwrap().results.len() - 3;
    let terminal = terminal::render(&run, Style::default());
    insta::assert_snapshot!(terminal);
    let summary = reports::summary::render(&run);
    assert!(summary.contains("| area | blocked | pass | not-begun |"), "{summary}");
    assert!(summary.contains("| not-begun | the run was stopped |"), "{summary}");
    let page = reports::html::render(&run).unwrap();
    for report in [&terminal, &summary, &page] {
        assert!(report.contains(&format!("{rest} not begun")), "{report}");
    }
    assert_eq!(page.matches("<details class=\"check not-begun\"").count(), rest);
    // The form of the run file is as it was.
    let told: serde_json::Value = serde_json::from_str(&reports::json::render(&run).unwrap()).unwrap();
    assert_eq!(told.pointer("/checks/results/4/verdict/cause/kind").unwrap(), "cancelled");
}
