//! What whoever makes the server would change stands beside each failure and each warning, in every report.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{Body, Run, VerdictKind};
use reports::terminal::Style;
use reports::{html, junit, sarif, summary, terminal};

const ADVICE: &str = "Do **this** with */* and <that>.";

/// The fixture, with an advice of its own for each check that found something.
fn advised(kind: VerdictKind) -> Run {
    let mut run = Run::fixture();
    for result in &mut run.checks.as_mut().unwrap().results {
        result.advice = (result.verdict.kind() == kind).then(|| ADVICE.to_owned());
    }
    run
}

fn wide(run: &Run) -> String {
    terminal::render(run, Style { color: false, width: 160 })
}

#[test]
fn a_failure_and_a_warning_tell_what_to_change_in_every_report() {
    for (kind, checks) in [(VerdictKind::Fail, 2), (VerdictKind::Warn, 1)] {
        let run = advised(kind);
        let count = |text: &str, advice: &str| text.matches(advice).count();
        assert_eq!(count(&wide(&run), &format!("advice   {ADVICE}")), checks);
        assert_eq!(
            count(&junit::render(&run).unwrap(), "advice: Do **this** with */* and &lt;that&gt;."),
            checks
        );
        let escaped = r"*Advice:* Do \*\*this\*\* with \*/\* and &lt;that&gt;.";
        assert_eq!(count(&summary::render(&run), escaped), checks);
        let shown = "<b>Advice</b> Do **this** with *&#x2f;* and &lt;that&gt;.";
        // Failures stand on the first screen too, and warnings where nothing fails.
        let first = if kind == VerdictKind::Fail { checks } else { 0 };
        assert_eq!(count(&html::render(&run).unwrap(), shown), checks + first);
        let log: serde_json::Value = serde_json::from_str(&sarif::render(&run).unwrap()).unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
        let helps = rules.iter().filter(|rule| {
            let [text, markdown] = ["text", "markdown"].map(|form| rule["help"][form].as_str().unwrap());
            text.starts_with(ADVICE) && markdown.starts_with(r"Do \*\*this\*\* with \*/\* and \<that\>.")
        });
        assert_eq!(helps.count(), checks);
    }
}

/// Where answers come and only what is in them is wrong, the check that shows it knows what to do.
#[test]
fn a_kind_of_request_that_fails_in_what_it_answers_has_the_checks_own_advice() {
    let mut run = advised(VerdictKind::Fail);
    let checks = run.checks.as_mut().unwrap();
    let failing =
        checks.results.iter().find(|result| result.id == "patch.replace-sets-the-value").unwrap().clone();
    let exchange =
        checks.exchanges.iter().find(|one| one.check.as_deref() == Some(&failing.id)).unwrap().clone();
    for number in 50..56 {
        let id = format!("patch.of-its-kind-{number}");
        let mut result = record::CheckResult { id: id.clone(), exchanges: vec![number], ..failing.clone() };
        if let record::Verdict::Fail { findings } = &mut result.verdict {
            findings[0].exchange = Some(number);
        }
        checks.results.push(result);
        checks.exchanges.push(record::Exchange { number, check: Some(id), ..exchange.clone() });
    }
    let told = wide(&run);
    assert!(told.contains("cause    PATCH /Users/{id} does not work: 7 of 7 checks"), "{told}");
    assert!(!told.contains("work first") && told.contains(&format!("advice   {ADVICE}")), "{told}");
}

/// There is nothing to mend where the profile means it so, and where nothing was judged.
#[test]
fn nobody_else_is_advised() {
    for kind in [VerdictKind::Waived, VerdictKind::Pass, VerdictKind::Blocked, VerdictKind::Error] {
        let run = advised(kind);
        assert!(!wide(&run).contains("advice "), "{kind:?}");
        assert!(!summary::render(&run).contains("*Advice:*"), "{kind:?}");
        assert!(!html::render(&run).unwrap().contains("<b>Advice</b>"), "{kind:?}");
        assert!(!junit::render(&run).unwrap().contains("advice: "), "{kind:?}");
    }
}

/// Whatever was asked, the server's log knows more than any text about the claim.
#[test]
fn who_breaks_down_is_sent_to_the_log_first() {
    let answered = |status: u16| {
        let mut run = advised(VerdictKind::Fail);
        for exchange in &mut run.checks.as_mut().unwrap().exchanges {
            if let Some(response) = &mut exchange.response {
                response.status = status;
                response.body = Some(Body { text: String::new(), bytes: 0, truncated: false });
            }
        }
        wide(&run)
    };
    let log = "advice   Look for this request in the server's log: 500 says that the server itself broke down over it. Then:";
    assert!(answered(500).contains(log), "{}", answered(500));
    // That something is not there, or not now, is no breakdown.
    for status in [200, 404, 501, 503] {
        assert!(!answered(status).contains("server's log"), "{status}");
    }
}

#[test]
fn a_run_file_from_before_there_was_advice_is_drawn_without() {
    let mut file = serde_json::to_value(Run::fixture()).unwrap();
    for result in file["checks"]["results"].as_array_mut().unwrap() {
        result.as_object_mut().unwrap().remove("advice");
    }
    let run = reports::json::parse(&file.to_string()).unwrap();
    assert!(!wide(&run).contains("advice ") && !html::render(&run).unwrap().contains("<b>Advice</b>"));
}
