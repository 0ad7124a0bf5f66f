//! What was known before a run: waivers and an earlier run, in every report.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{Baseline, ExpectationOutcome, Run, Verdict, WaiverState, WaiverUse};
use reports::terminal::{self, Style};

fn waiver(what: &str, state: WaiverState) -> WaiverUse {
    WaiverUse {
        what: what.to_owned(),
        reason: "known as <T-1>".to_owned(),
        by: "waivers.toml (Ada), until 2026-06-30".to_owned(),
        state,
    }
}

/// The fixture with waivers of every kind, held to an earlier run that lacks one of its failures and has one more.
fn run() -> Run {
    let mut run = Run::fixture();
    let mut earlier = run.clone();
    earlier.id = "ear1ier0".to_owned();
    for result in &mut earlier.checks.as_mut().unwrap().results {
        match result.id.as_str() {
            "delete.answers-204" | "wire.media-type-is-scim-json" => result.verdict = Verdict::Pass,
            "create.sends-location" => {
                let failed = run.checks.as_ref().unwrap().results.get(2).unwrap();
                result.verdict = failed.verdict.clone();
            }
            _ => {}
        }
    }
    let checks = run.checks.as_mut().unwrap();
    checks.results.retain(|result| !matches!(result.verdict, Verdict::Error { .. }));
    checks.waivers = vec![
        waiver("create.names-ignore-case", WaiverState::Used),
        waiver("list.pages-cover-everything", WaiverState::Unjudged),
        waiver("create.sends-location", WaiverState::Unused),
        waiver("delete.answers-204 RFC7644-3.6-R6 status", WaiverState::Expired),
    ];
    checks.baseline = Some(Baseline::of(&earlier, earlier.checks.as_ref().unwrap(), checks));
    run
}

#[test]
fn the_closing_report_tells_what_is_new_and_which_waivers_waive_nothing() {
    insta::assert_snapshot!(terminal::render(&run(), Style::default()));
}

#[test]
fn a_run_with_nothing_but_known_failures_is_no_proof_and_says_so() {
    let mut run = run();
    let checks = run.checks.as_mut().unwrap();
    checks.leftovers.clear();
    checks.results.retain(|result| result.id != "delete.answers-204");
    let earlier = Run { checks: Some(checks.clone()), ..Run::fixture() };
    checks.baseline = Some(Baseline::of(&earlier, earlier.checks.as_ref().unwrap(), checks));
    let sentence = reports::sentence(&run);
    assert_eq!(
        sentence,
        "NOTHING NEW: 1 of 7 checks failed, 1 blocked, 1 warning, 1 waived, 2 not supported; 2 were left out (--only); \
         against run f1x7ure0: 0 new, 2 known"
    );
}

/// What is new is not hidden behind what is known, where both have one cause.
#[test]
fn a_cause_is_new_if_it_fails_any_check_that_it_did_not() {
    let mut run = run();
    let checks = run.checks.as_mut().unwrap();
    checks.results.retain(|result| result.id == "patch.replace-sets-the-value");
    let earlier = Run { checks: Some(checks.clone()), ..Run::fixture() };
    let mut another = checks.results.first().unwrap().clone();
    another.id = "patch.replace-sets-another".to_owned();
    checks.results.push(another);
    checks.baseline = Some(Baseline::of(&earlier, earlier.checks.as_ref().unwrap(), checks));
    let told = terminal::render(&run, Style::default());
    assert!(
        told.starts_with("FAIL (stated) patch.replace-sets-the-value  STATED RFC 7644 §3.5.2.3  new\n"),
        "{told}"
    );
    assert!(told.contains("also     1 check: patch.replace-sets-another"), "{told}");
}

#[test]
fn every_report_tells_of_both() {
    let run = run();
    let page = reports::html::render(&run).unwrap();
    let summary = reports::summary::render(&run);
    let junit = reports::junit::render(&run).unwrap();
    let sarif = reports::sarif::render(&run).unwrap();
    let json = reports::json::render(&run).unwrap();
    for (name, text) in
        [("html", &page), ("summary", &summary), ("junit", &junit), ("sarif", &sarif), ("json", &json)]
    {
        for told in ["ear1ier0", "waivers.toml (Ada), until 2026-06-30", "expired", "unused"] {
            assert!(text.contains(told), "{name} does not tell {told}");
        }
        assert!(name == "json" || name == "sarif" || !text.contains("<T-1>"), "{name}");
    }
    assert!(page.contains(r#"id="history""#) && page.contains(r#"id="waivers""#));
    assert!(summary.contains("### Against run ear1ier0 of 2026-01-02T03:04:05Z"), "{summary}");
    assert_eq!(junit.matches(r#"type="known""#).count(), 2, "a known failure breaks no build");
    let log: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let states: Vec<_> = log
        .pointer("/runs/0/results")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            (result["ruleId"].as_str().unwrap(), result.get("baselineState").and_then(|state| state.as_str()))
        })
        .collect();
    assert!(states.contains(&("delete.answers-204", Some("new"))), "{states:?}");
    assert!(states.contains(&("patch.replace-sets-the-value", Some("unchanged"))), "{states:?}");
}

/// The failure that a waiver let pass until its day says so where it is told, and not in a list of waivers alone.
#[test]
fn a_failure_whose_waiver_has_expired_says_so_where_it_stands() {
    let run = run();
    let told = "expired, and waives this no more (known as <T-1>; waivers.toml (Ada), until 2026-06-30)";
    let terminal = terminal::render(&run, Style { color: false, width: 200 });
    let problem = terminal.split("\n\n").find(|block| block.starts_with("FAIL delete.answers-204")).unwrap();
    assert!(problem.contains(&format!("waiver   {told}")), "{problem}");
    assert_eq!(terminal.matches(told).count(), 1);
    let escaped = told.replace('<', "&lt;").replace('>', "&gt;");
    let page = reports::html::render(&run).unwrap();
    assert_eq!(
        page.matches(&format!("<b>Waiver</b> {escaped}")).count(),
        2,
        "on the first screen, and at the check"
    );
    let summary = reports::summary::render(&run);
    let row = summary.lines().find(|line| line.contains("<code>delete.answers-204</code>")).unwrap();
    assert!(row.contains("*Waiver:* expired, and waives this no more"), "{row}");
    let junit = reports::junit::render(&run).unwrap();
    assert_eq!(junit.matches(&format!("waiver: {escaped}")).count(), 1);
    let sarif = reports::sarif::render(&run).unwrap();
    assert_eq!(sarif.matches(&format!("Its waiver is {told}.")).count(), 1);
}

/// A waiver of another place, or of another requirement, says nothing of this failure.
#[test]
fn the_waiver_of_something_else_says_nothing_of_a_failure() {
    let told = |what: &str| {
        let mut run = run();
        run.checks.as_mut().unwrap().waivers = vec![waiver(what, WaiverState::Expired)];
        terminal::render(&run, Style { color: false, width: 200 }).contains("waives this no more")
    };
    for about in [
        "delete.answers-204",
        "delete.answers-204 status",
        "RFC7644-3.6-R6",
        "RFC7644-3.6-R6 status",
        "delete.answers-204 RFC7644-3.6-R6",
    ] {
        assert!(told(about), "{about}");
    }
    for other in
        ["delete.answers-20", "delete.answers-204 /id", "RFC7644-3.6-R60", "patch.is-atomic", "status"]
    {
        assert!(!told(other), "{other}");
    }
}

#[test]
fn the_page_marks_each_failing_check_as_new_or_known() {
    let page = reports::html::render(&run()).unwrap();
    // What the heading of a check in the list says before its id.
    let list = page.split_once("id=\"checks\"").unwrap().1;
    let heading = |check: &str| {
        let (before, _) = list.split_once(&format!("</span> <span class=\"id\">{check}</span>")).unwrap();
        before.rsplit_once("<span class=\"title\">").unwrap().1.to_owned()
    };
    assert!(heading("delete.answers-204").ends_with(" <span class=\"at\">new</span>"));
    assert!(heading("patch.replace-sets-the-value").ends_with(" <span class=\"at\">known</span>"));
    assert_eq!(heading("create.sends-location"), "a create names the new resource in the Location header");
    assert!(page.contains("mended since run ear1ier0: it failed or was blocked, and holds now"));
    assert!(page.contains("lost since run ear1ier0: it held, and warns or is not supported now"));
}

#[test]
fn junit_tells_what_is_new_lost_and_mended_and_has_a_suite_of_idle_waivers() {
    let junit = reports::junit::render(&run()).unwrap();
    let suite = junit.split("<testsuite ").find(|suite| suite.starts_with("name=\"waivers\"")).unwrap();
    for kind in ["waiver-expired", "waiver-unused", "waiver-not-judged"] {
        assert_eq!(suite.matches(&format!("type=\"{kind}\"")).count(), 1, "{suite}");
    }
    assert!(suite.contains(r#"tests="3" skipped="3" errors="0" failures="0""#), "{suite}");
    let case = |id: &str| {
        let (_, rest) = junit.split_once(&format!("<testcase name=\"{id}\"")).unwrap();
        rest.split_once("</testcase>").unwrap().0.to_owned()
    };
    assert!(case("delete.answers-204").contains("new: it held, or was not there, in run ear1ier0 of"));
    assert!(case("create.sends-location").contains("mended since run ear1ier0"));
    assert!(case("wire.media-type-is-scim-json").contains("lost since run ear1ier0"));
    // A run without waivers has no such suite.
    assert!(!reports::junit::render(&Run::fixture()).unwrap().contains("name=\"waivers\""));
}

#[test]
fn sarif_notes_what_is_lost_and_mended() {
    let log: serde_json::Value = serde_json::from_str(&reports::sarif::render(&run()).unwrap()).unwrap();
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().clone();
    let told = |word: &str| {
        notes.iter().any(|note| {
            note["level"] == "note"
                && note["message"]["text"]
                    .as_str()
                    .unwrap()
                    .starts_with(&format!("Against run ear1ier0 of 2026-01-02T03:04:05Z: {word}, it "))
        })
    };
    assert!(told("lost") && told("mended"), "{notes:?}");
}

/// All three parts, held to an earlier run that missed one expectation less and one more, met an objective that is missed now,
/// and had other checks.
fn proof() -> Run {
    let mut run = Run::fixture_proof();
    let mut earlier = run.clone();
    earlier.id = "ear1ier0".to_owned();
    let scenarios = &mut earlier.sync.as_mut().unwrap().scenarios;
    let mut all =
        scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps).flat_map(|step| &mut step.expectations);
    let missed = ExpectationOutcome::Missed { expected: "this".to_owned(), actual: "that".to_owned() };
    all.next().unwrap().outcome = missed;
    let first_missed = all.find(|one| matches!(one.outcome, ExpectationOutcome::Missed { .. }));
    first_missed.unwrap().outcome = ExpectationOutcome::Held;
    let loads = &mut earlier.load.as_mut().unwrap().runs;
    loads.iter_mut().flat_map(|run| &mut run.objectives).for_each(|objective| objective.met = true);
    run.hold_to(&earlier);
    run
}

/// What the closing report says of the earlier run, and of what each missed expectation and objective is to it.
fn told(run: &Run) -> String {
    let told = terminal::render(run, Style::default());
    let blocks = told.split("\n\n").filter(|block| block.contains("against run ear1ier0 of"));
    let leads =
        told.lines().filter(|line| ["MISSED", "audit"].iter().any(|word| line.trim().starts_with(word)));
    leads.chain(blocks).collect::<Vec<_>>().join("\n") + "\n" + &reports::sentence(run)
}

#[test]
fn what_scenarios_and_loads_miss_is_new_or_known_too() {
    insta::assert_snapshot!(told(&proof()));
}

#[test]
fn a_baseline_without_scenarios_and_loads_is_told_and_calls_nothing_new() {
    let mut run = proof();
    run.hold_to(&Run { id: "ear1ier0".to_owned(), ..Run::fixture() });
    insta::assert_snapshot!(told(&run));
    let summary = reports::summary::render(&run);
    let page = reports::html::render(&run).unwrap();
    for text in [&summary, &page] {
        assert!(text.contains("it holds no scenarios, so these count as without it"), "{text}");
    }
}

#[test]
fn every_report_tells_it_of_scenarios_and_loads() {
    let run = proof();
    let page = reports::html::render(&run).unwrap();
    let summary = reports::summary::render(&run);
    for text in [&page, &summary] {
        for heading in ["Scenarios against run ear1ier0", "Loads against run ear1ier0"] {
            assert!(text.contains(heading), "{heading}: {text}");
        }
    }
    assert_eq!(page.matches(r#"id="history""#).count(), 1, "one section for all parts");
    let junit = reports::junit::render(&run).unwrap();
    let none = reports::junit::render(&Run::fixture_proof()).unwrap();
    let count = |text: &str, word: &str| text.matches(&format!(r#"type="{word}""#)).count();
    assert_eq!((count(&none, "missed"), count(&junit, "missed")), (2, 1), "the other one is known");
    assert_eq!((count(&none, "audit"), count(&junit, "audit")), (1, 0));
    assert_eq!((count(&none, "objective-missed"), count(&junit, "objective-missed")), (1, 1));
    let log: serde_json::Value = serde_json::from_str(&reports::sarif::render(&run).unwrap()).unwrap();
    let results = log.pointer("/runs/0/results").unwrap().as_array().unwrap();
    let states = |rule: &str| {
        let of = results.iter().filter(|result| result["ruleId"] == rule);
        of.map(|result| result["baselineState"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states("sync.bonusly-week"), ["new", "unchanged"]);
    assert_eq!(states("load.initial-bulk-sync"), ["unchanged", "new"]);
}
