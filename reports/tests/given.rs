//! What the tester did not give is no lack of the target, and every report says what to give.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{CheckResult, Checks, Run, Verdict};
use reports::terminal::{self, Style};

/// A run with one check that passes and one that needs what a capability names.
fn wanting(capability: &str) -> Run {
    let fixture = Run::fixture();
    let checks = fixture.checks.clone().unwrap();
    let one = checks.results.first().unwrap().clone();
    let passing = CheckResult { verdict: Verdict::Pass, ..one.clone() };
    let verdict = Verdict::NotSupported { capability: capability.to_owned(), offered: false };
    let id = "credentials.expired-token-is-401".to_owned();
    let results = vec![passing, CheckResult { id, verdict, exchanges: Vec::new(), ..one }];
    let checks = Checks {
        strict: true,
        results,
        excluded: Vec::new(),
        leftovers: Vec::new(),
        exchanges: Vec::new(),
        ..checks
    };
    Run { checks: Some(checks), ..fixture }
}

#[test]
fn a_token_that_nobody_gave_is_asked_of_the_tester() {
    let run = wanting("Service.expired-token");
    let wide = Style { width: 200, ..Style::default() };
    let page = reports::html::render(&run).unwrap().replace("&quot;", "\"").replace("&#x2f;", "/");
    for report in [terminal::render(&run, wide), reports::summary::render(&run).replace('\\', ""), page] {
        assert!(
            report.contains("the run was given no token that has ended: [credentials] expired = "),
            "{report}"
        );
        assert!(!report.contains("does not offer Service"), "{report}");
        let strict = "1 of 2 checks not supported (1 for want of a credential that the run was not given), and the run is strict";
        assert!(report.contains(strict), "{report}");
    }
}

#[test]
fn what_the_target_lacks_is_still_the_targets() {
    let run = wanting("User.sort");
    let report = terminal::render(&run, Style::default());
    assert!(report.contains("the target does not offer User.sort"), "{report}");
    assert!(report.contains("1 of 2 checks not supported, and the run is strict about it"), "{report}");
}
