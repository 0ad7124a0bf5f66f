//! What a scenario misses is told by the request of the client that should have brought it about.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{ExpectationOutcome, Run};
use reports::terminal::{self, Style};

/// Every PATCH of the first scenario is refused, and whatever is expected of its first two steps is missed.
fn refused() -> Run {
    let mut run = Run::fixture_sync();
    let sync = run.sync.as_mut().unwrap();
    for exchange in sync.exchanges.iter_mut().filter(|exchange| exchange.request.method == "PATCH") {
        exchange.response.as_mut().unwrap().status = 501;
    }
    for step in sync.scenarios.first_mut().unwrap().steps.iter_mut().take(2) {
        for expectation in &mut step.expectations {
            expectation.outcome =
                ExpectationOutcome::Missed { expected: "so".to_owned(), actual: "otherwise".to_owned() };
        }
    }
    run
}

/// What the closing report has of one scenario that missed something; a story is told where it is the only one.
fn told(run: &Run) -> String {
    let report = terminal::render(run, Style::default());
    let from = report.find("MISSED").unwrap();
    report.get(from..).unwrap().split("\n\nscenario ").next().unwrap().to_owned()
}

#[test]
fn a_missed_expectation_names_the_request_of_the_client() {
    let run = Run::fixture_sync();
    let report = told(&run);
    assert!(report.contains("     client   PATCH /Users/a1 -> "), "{report}");
    assert!(report.contains("     our read GET http://127.0.0.1"), "{report}");
}

#[test]
fn expectations_with_one_refused_request_are_told_once() {
    let run = refused();
    insta::assert_snapshot!(told(&run));
    let page = reports::html::render(&run).unwrap();
    assert!(
        page.contains("1 more expectation missed after <code>PATCH &#x2f;Users&#x2f;{id} -&gt; 501</code>"),
        "{page}"
    );
    let summary = reports::summary::render(&run);
    assert_eq!(summary.matches("also 1 expectation: bonusly-week step 2").count(), 1, "{summary}");
}
