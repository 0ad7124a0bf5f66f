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
