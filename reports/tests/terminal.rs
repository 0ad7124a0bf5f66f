//! The closing report and the lines of progress.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{
    Cause, CauseKind, Checks, Conclusion, Delivery, Event, Excluded, ExpectationOutcome, Load, LoadOutcome,
    Run, Size, Stopped, Sync, Verdict, VerdictKind,
};
use reports::terminal::{self, Style};

const WIDE: Style = Style { color: false, width: 100 };

#[test]
fn the_closing_report_holds_every_verdict() {
    insta::assert_snapshot!(terminal::render(&Run::fixture(), WIDE));
}

#[test]
fn a_narrow_terminal_is_kept_to() {
    let narrow = terminal::render(&Run::fixture(), Style { color: false, width: 60 });
    insta::assert_snapshot!(narrow);
}

#[test]
fn each_problem_takes_at_most_six_lines_and_three_of_advice() {
    let mut run = Run::fixture();
    for result in &mut run.checks.as_mut().unwrap().results {
        result.advice = result.advice.take().map(|advice| advice.repeat(9));
    }
    let report = terminal::render(&run, WIDE);
    let problems: Vec<_> =
        report.split("\n\n").filter(|section| section.contains("scimproof explain")).collect();
    assert_eq!(problems.len(), 5);
    let lines: Vec<usize> = problems.iter().map(|section| section.lines().count()).collect();
    assert!(lines.iter().all(|lines| *lines <= 9) && lines.contains(&9), "{report}");
}

#[test]
fn colours_are_the_only_escapes_whatever_a_server_sends() {
    let mut scenario = Run::fixture_sync();
    scenario.sync.as_mut().unwrap().scenarios.truncate(1);
    for run in [Run::fixture(), Run::fixture_proof(), scenario] {
        let acts = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
        assert!(!terminal::render(&run, WIDE).contains(acts));
        let coloured = terminal::render(&run, Style { color: true, width: 100 });
        assert!(!coloured.contains("\u{1b}[2J"), "the server's own escapes came through");
        let mut bare = String::new();
        let mut pieces = coloured.split('\u{1b}');
        bare.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (escape, text) = piece.split_once('m').unwrap();
            assert!(escape.chars().all(|letter| letter == '[' || letter == ';' || letter.is_ascii_digit()));
            bare.push_str(text);
        }
        assert_eq!(bare, terminal::render(&run, WIDE));
    }
}

#[test]
fn a_deviation_that_never_showed_is_told_beside_what_is_waived() {
    let mut run = Run::fixture();
    run.checks.as_mut().unwrap().unseen.push(record::Unseen {
        requirement: "RFC7644-3.9-R4".to_owned(),
        rule: "A-2".to_owned(),
        behaviour: "A create answers\u{1b}[2J with all.".to_owned(),
    });
    let told = terminal::render(&run, WIDE);
    let declared = "\nDeclared and not seen: the target keeps the requirement, or the profile names another\n  \
                    A-2 (RFC7644-3.9-R4): A create answers";
    assert!(told.contains(declared) && !told.contains('\u{1b}'), "{told}");
}

#[test]
fn a_run_without_problems_ends_in_proof() {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    checks.results.retain(|result| result.verdict == Verdict::Pass);
    checks.excluded.clear();
    checks.leftovers.clear();
    insta::assert_snapshot!(terminal::render(&run, WIDE));
}

#[test]
fn an_obstacle_is_told_once_and_a_stopped_run_accuses_nobody() {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    checks.interrupted = true;
    checks.leftovers.clear();
    for (position, result) in checks.results.iter_mut().enumerate() {
        let (kind, message) = if position < 4 {
            (CauseKind::Transport, "connection refused")
        } else {
            (CauseKind::Cancelled, "the run was stopped")
        };
        result.notes.clear();
        result.verdict =
            Verdict::Blocked { cause: Cause { kind, message: message.to_owned(), exchange: None } };
    }
    insta::assert_snapshot!(terminal::render(&run, WIDE));
}

#[test]
fn the_sentence_fits_every_way_a_run_can_end() {
    let sentence = |keep: &[&str], change: fn(&mut record::Checks)| {
        let mut run = Run::fixture();
        let checks = run.checks.as_mut().unwrap();
        checks.excluded.clear();
        checks.leftovers.clear();
        checks.results.retain(|result| keep.contains(&result.verdict.kind().as_str()));
        change(checks);
        reports::sentence(&run)
    };
    let same: fn(&mut record::Checks) = |_| {};
    let leaving: fn(&mut record::Checks) =
        |checks| checks.leftovers = Run::fixture().checks.unwrap().leftovers;
    let said = [
        sentence(&["pass"], same),
        sentence(&["pass", "warn", "not-supported"], same),
        sentence(&["pass", "fail", "warn", "blocked"], same),
        sentence(&["pass", "blocked"], same),
        sentence(&["pass", "error"], same),
        sentence(&["pass", "fail", "error"], same),
        sentence(&["not-supported"], same),
        sentence(&["pass", "not-supported"], |checks| checks.strict = true),
        sentence(&["pass"], leaving),
        sentence(&["pass", "fail", "not-supported"], leaving),
        sentence(&["not-supported"], leaving),
        sentence(&["pass", "fail", "blocked"], |checks| checks.interrupted = true),
        sentence(&[], same),
        reports::sentence(&Run { checks: None, ..Run::fixture() }),
    ];
    let said = said.into_iter().chain(said_of_parts());
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_came_to_a_limit_was_interrupted_by_nobody() {
    let told = |failed: bool| {
        let mut run = Run::fixture();
        run.limit = Some("the limit of 9 requests is reached".to_owned());
        let checks = run.checks.as_mut().unwrap();
        checks.interrupted = true;
        checks.leftovers.clear();
        checks.results.retain(|result| match result.verdict.kind() {
            VerdictKind::Pass | VerdictKind::Blocked => true,
            VerdictKind::Fail => failed,
            _ => false,
        });
        reports::sentence(&run)
    };
    let reached = ": the limit of 9 requests is reached; stopped before the end, ";
    assert!(told(false).starts_with(&format!("LIMIT REACHED{reached}")), "{}", told(false));
    assert!(told(true).starts_with(&format!("NOT PROOF{reached}")), "{}", told(true));
}

/// What is said of runs that left something out, or came to nothing.
fn said_of_parts() -> Vec<String> {
    let part = |keep: &[&str], options: &[&str]| {
        let mut run = Run::fixture();
        let checks = run.checks.as_mut().unwrap();
        checks.leftovers.clear();
        checks.results.retain(|result| keep.contains(&result.verdict.kind().as_str()));
        let pattern = checks.excluded.remove(0);
        checks.excluded.clear();
        let named = options.iter().map(|option| Excluded { option: (*option).to_owned(), ..pattern.clone() });
        checks.excluded.extend(named);
        run
    };
    let unreachable = "http://127.0.0.1:9 gives no usable answer: cannot connect".to_owned();
    let said = vec![
        reports::sentence(&part(&["pass"], &["--read-only"])),
        reports::sentence(&part(&["pass", "warn", "not-supported"], &["--only", "--read-only", "--only"])),
        reports::sentence(&part(&["pass", "fail"], &["--only", "--level must"])),
        reports::sentence(&part(&["not-supported"], &["--read-only"])),
        reports::sentence(&Run { checks: None, unjudged: Some(unreachable), ..Run::fixture() }),
    ];
    assert!(
        said.iter().all(|sentence| !sentence.contains("PROOF:") || sentence.starts_with("NOT PROOF:")),
        "{said:?}"
    );
    said
}

/// A file that tells another verdict than the reports would be worse than one that tells none.
#[test]
fn the_fixtures_tell_their_own_sentences() {
    for run in [Run::fixture(), Run::fixture_sync(), Run::fixture_load(), Run::fixture_proof()] {
        assert_eq!(run.sentence, reports::sentence(&run));
    }
}

/// All three parts, and nothing wrong with any of them.
fn sound() -> Run {
    let mut run = Run::fixture_proof();
    let checks = run.checks.as_mut().unwrap();
    checks.results.retain(|result| result.verdict == Verdict::Pass);
    checks.excluded.clear();
    checks.leftovers.clear();
    run.sync.as_mut().unwrap().leftovers.clear();
    for scenario in &mut run.sync.as_mut().unwrap().scenarios {
        scenario.stopped = None;
        for step in &mut scenario.steps {
            step.expectations.retain(|expectation| expectation.outcome == ExpectationOutcome::Held);
        }
    }
    for load in &mut run.load.as_mut().unwrap().runs {
        load.leftovers.clear();
        load.health.spoiled.clear();
        load.objectives.retain(|objective| objective.met);
        load.audit.as_mut().unwrap().differing = 0;
        load.operations.retain(|operation| operation.outcome == LoadOutcome::Ok);
    }
    run
}

fn changed(change: impl FnOnce(&mut Checks, &mut Sync, &mut Load)) -> Run {
    let mut run = sound();
    if let (Some(checks), Some(sync), Some(load)) = (&mut run.checks, &mut run.sync, &mut run.load) {
        change(checks, sync, load);
    }
    run
}

fn failing_leftovers() -> Vec<record::Leftover> {
    Run::fixture().checks.unwrap().leftovers
}

/// Runs whose loads end in each way that there is.
#[expect(clippy::indexing_slicing, reason = "helpers of tests fail by panicking, like tests")]
fn ends_of_loads() -> Vec<Run> {
    let unfinished = || Some("GET /Users was answered with 500".to_owned());
    vec![
        changed(|_, _, load| load.runs[0].audit.as_mut().unwrap().differing = 1),
        changed(|_, _, load| load.runs[0].audit.as_mut().unwrap().unfinished = unfinished()),
        changed(|_, _, load| load.runs[0].audit = None),
        changed(|_, _, load| load.runs[0].objectives[0].met = false),
        changed(|_, _, load| load.runs[0].stopped = Some("the cap of 60 s was reached".to_owned())),
        changed(|_, _, load| load.runs[0].health.spoiled.push("too late".to_owned())),
        changed(|_, _, load| {
            load.runs.iter_mut().for_each(|run| run.health.spoiled.push("too late".to_owned()));
        }),
        changed(|_, _, load| {
            load.runs.iter_mut().for_each(|run| run.health.spoiled.push("too late".to_owned()));
            load.runs[0].health.by_others = true;
        }),
        changed(|_, _, load| {
            load.runs.iter_mut().for_each(|run| {
                run.health.spoiled.push("no processor was left over".to_owned());
                run.health.by_others = true;
            });
        }),
        changed(|_, _, load| {
            let run = &mut load.runs[0];
            let delivered = Size { memberships: 2_392, ..run.size };
            run.delivery = Some(Delivery { given_up: 8, planned: run.size, delivered, reasons: Vec::new() });
            run.objectives[0].met = false;
        }),
        changed(|_, _, load| load.interrupted = true),
        changed(|_, _, load| load.runs.clear()),
    ]
}

#[test]
fn the_sentence_fits_every_way_the_other_parts_can_end() {
    let failing = || Run::fixture_proof();
    let stopped = |mishap| Some(Stopped { mishap, reason: "it is over".to_owned() });
    let runs = [
        sound(),
        changed(|checks, _, _| checks.excluded = Run::fixture().checks.unwrap().excluded),
        changed(|_, sync, load| {
            sync.leftovers.clone_from(&failing_leftovers());
            load.runs[0].leftovers = failing_leftovers();
        }),
        changed(|_, sync, _| sync.scenarios.truncate(1)),
        changed(|_, sync, _| {
            sync.scenarios.truncate(1);
            sync.scenarios[0].steps.truncate(1);
            sync.scenarios[0].steps[0].expectations.truncate(1);
        }),
        changed(|_, _, load| load.runs.truncate(1)),
        changed(|_, sync, _| sync.clone_from(&failing().sync.unwrap())),
        changed(|_, sync, _| {
            sync.clone_from(&failing().sync.unwrap());
            sync.scenarios.truncate(1);
        }),
        changed(|_, sync, _| {
            let week = failing().sync.unwrap().scenarios.remove(0);
            sync.scenarios = vec![week.clone(), week];
        }),
        changed(|_, sync, _| sync.scenarios[0].stopped = stopped(false)),
        changed(|_, sync, _| sync.scenarios[0].stopped = stopped(true)),
        changed(|_, sync, _| sync.interrupted = true),
        changed(|_, sync, _| sync.scenarios.clear()),
    ];
    let loads = ends_of_loads();
    let alone = runs.iter().chain(&loads).flat_map(|run| {
        let whole = Run { ..run.clone() };
        let sync = Run { checks: None, load: None, ..run.clone() };
        let load = Run { checks: None, sync: None, ..run.clone() };
        [whole, sync, load]
    });
    let mut said: Vec<String> = Vec::new();
    for run in alone {
        let sentence = reports::sentence(&run);
        if run.conclusion() == Some(Conclusion::Pass) {
            assert!(sentence.starts_with("PROOF: ") || sentence.starts_with("PARTLY TESTED: "), "{sentence}");
        } else {
            assert!(!sentence.starts_with("PROOF: "), "{sentence}");
        }
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn progress_is_one_line_for_each_check() {
    let run = Run::fixture();
    let checks = run.checks.unwrap();
    let mut lines = vec![terminal::progress(&Event::Planned { checks: 8 }, WIDE).unwrap()];
    for result in &checks.results {
        assert_eq!(terminal::progress(&Event::Started { check: &result.id }, WIDE), None);
        lines.extend(terminal::progress(&Event::Finished { result }, WIDE));
    }
    assert!(lines.iter().all(|line| line.chars().count() <= WIDE.width && !line.contains('\n')));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn scenarios_and_loads_are_told_beside_the_checks() {
    insta::assert_snapshot!(terminal::render(&Run::fixture_proof(), WIDE));
}

#[test]
fn a_single_scenario_is_told_step_by_step() {
    let mut run = Run::fixture_sync();
    run.sync.as_mut().unwrap().scenarios.truncate(1);
    insta::assert_snapshot!(terminal::render(&run, WIDE));
}

#[test]
fn a_load_by_itself_fits_a_narrow_terminal() {
    insta::assert_snapshot!(terminal::render(&Run::fixture_load(), Style { color: false, width: 60 }));
}

#[test]
fn each_cause_of_missed_expectations_takes_at_most_eight_lines() {
    let report = terminal::render(&Run::fixture_sync(), WIDE);
    let missed: Vec<_> = report.split("\n\n").filter(|section| section.starts_with("MISSED")).collect();
    assert_eq!(missed.len(), 2);
    assert!(missed.iter().all(|section| section.lines().count() <= 8), "{report}");
}

/// Of a create without an answer nobody knows what became of it.
#[test]
fn what_may_be_left_behind_is_not_told_as_created() {
    let mut told = String::new();
    for (created, removed) in [(0, 0), (5, 3)] {
        let mut run = Run::fixture();
        let checks = run.checks.as_mut().unwrap();
        checks.results.retain(|result| result.verdict == Verdict::Pass);
        (checks.created, checks.removed) = (created, removed);
        let reason = "its request got no answer in time; it is not listed now, and may still appear";
        let left = |number| record::Leftover {
            resource: format!("/Users named scimproof-7f3a-{number}"),
            reason: reason.to_owned(),
        };
        checks.leftovers = (1..=6).map(left).collect();
        run.sentence = reports::sentence(&run);
        let report = terminal::render(&run, WIDE);
        told.push_str(report.split_once("in the report\n").unwrap().1);
    }
    insta::assert_snapshot!(told);
}
