//! Failures that somebody knows of, by the command line: what they do to the verdict, the exit code and the reports.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;

use support::{Ended, Report, Served, TOKEN, TOKEN_VARIABLE, run, scimproof};

/// A server whose deletes answer 200, and a folder.
fn faulty() -> (Served, tempfile::TempDir) {
    (Served::start(&["--fault", "delete-answers-200"]), tempfile::tempdir().expect("a directory"))
}

/// Checks deletes, with the folder as the working directory.
fn check(served: &Served, dir: &Path, options: &[&str]) -> Ended {
    let mut command = served.check(&served.url);
    run(command.args(["--only", "delete"]).args(options).current_dir(dir))
}

fn waivers(dir: &Path, what: &str, expires: &str) {
    let text =
        format!("[[waiver]]\n{what}\nreason = \"their ticket 7\"\nby = \"Ada\"\nexpires = {expires}\n");
    std::fs::write(dir.join("waivers.toml"), text).expect("a file");
}

#[test]
fn a_known_failure_is_waived_until_its_day() {
    let (served, dir) = faulty();
    check(&served, dir.path(), &["--out", "a"]).exits(1).says(&["NOT PROOF: 1 of 6 checks failed"]);

    waivers(dir.path(), "check = \"delete.answers-204\"", "2999-12-31");
    let ended = check(&served, dir.path(), &["--waivers", "waivers.toml", "--out", "b"]).exits(0);
    ended.says(&["PARTLY TESTED", "1 waived", "1 by waivers.toml (Ada), until 2999-12-31: their ticket 7"]);
    let report = Report::read(&dir.path().join("b"));
    assert_eq!(report.ended("waived"), ["delete.answers-204".to_owned()].into());
    let command = report.run["command"].as_str().expect("a command");
    assert!(command.contains("--waivers waivers.toml"), "{command}");

    waivers(dir.path(), "check = \"delete.answers-204\"", "2020-01-01");
    let ended = check(&served, dir.path(), &["--waivers", "waivers.toml", "--out", "c"]).exits(1);
    ended.says(&["Waivers that waive nothing", "delete.answers-204: expired", "NOT PROOF"]);
}

/// The file is found from the folder of the one that names it, and the one of the command line goes before it.
#[test]
fn a_target_file_names_the_failures_that_are_known() {
    let (served, dir) = faulty();
    let place = dir.path().join("place");
    std::fs::create_dir(&place).expect("a folder");
    waivers(&place, "check = \"delete.answers-204\"", "2999-12-31");
    let target = |waivers: &str| {
        let auth = format!("[auth.bearer]\ntoken = {{ env = \"{TOKEN_VARIABLE}\" }}\n");
        let file = format!("url = \"{}\"\n{waivers}\n{auth}", served.url);
        std::fs::write(place.join("target.toml"), file).expect("a file");
    };
    let ends = |verb: &str, options: &[&str]| {
        let mut command = scimproof();
        command.args([verb, "--target", "place/target.toml"]).args(options).env(TOKEN_VARIABLE, TOKEN);
        run(command.current_dir(dir.path()))
    };
    let known = "place/waivers.toml (Ada), until 2999-12-31: their ticket 7";
    target("");
    ends("check", &["--only", "delete"]).exits(1).says(&["NOT PROOF: 1 of 6 checks failed"]);
    target("waivers = \"waivers.toml\"");
    ends("check", &["--only", "delete"]).exits(0).says(&["1 waived", known]);
    let report = Report::read(&dir.path().join("scimproof-report"));
    assert!(
        !report.run["command"].as_str().expect("a command").contains("--waivers"),
        "the file says it again"
    );
    waivers(dir.path(), "check = \"delete.then-404\"", "2999-12-31");
    ends("check", &["--only", "delete", "--waivers", "waivers.toml"]).exits(1).says(&["unused"]);
    target("waivers = \"../waivers.toml\"");
    waivers(dir.path(), "check = \"delete.answers-205\"", "2999-12-31");
    ends("prove", &[]).exits(2).complains(&["waivers.toml:2:9: there is no check delete.answers-205"]);
}

#[test]
fn a_finding_is_waived_by_its_requirement_and_place_and_an_unused_waiver_is_told() {
    let (served, dir) = faulty();
    waivers(dir.path(), "requirement = \"RFC7644-3.6-R6\"\nwhere = \"status\"", "2999-12-31");
    check(&served, dir.path(), &["--waivers", "waivers.toml"]).exits(0).says(&["1 waived"]);
    waivers(dir.path(), "requirement = \"RFC7644-3.6-R6\"\nwhere = \"body\"", "2999-12-31");
    let ended = check(&served, dir.path(), &["--waivers", "waivers.toml"]).exits(1);
    ended.says(&["RFC7644-3.6-R6 body: unused"]);
}

#[test]
fn a_waiver_that_cannot_be_read_is_wrong_usage_with_its_place_and_what_was_meant() {
    let dir = tempfile::tempdir().expect("a directory");
    let ends = || {
        let arguments = ["check", "http://127.0.0.1:9", "--waivers", "waivers.toml"];
        run(scimproof().args(arguments).current_dir(dir.path())).exits(2)
    };
    ends().complains(&["cannot read the waivers waivers.toml"]);
    waivers(dir.path(), "check = \"delete.answers-205\"", "2999-12-31");
    ends().complains(&[
        "waivers.toml:2:9: there is no check delete.answers-205",
        "did you mean `delete.answers-204`?",
    ]);
    waivers(dir.path(), "chekc = \"delete.answers-204\"", "2999-12-31");
    ends().complains(&["waivers.toml:2:1: unknown field `chekc`", "did you mean `check`?"]);
    waivers(dir.path(), "check = \"delete.answers-204\"", "soon");
    ends().complains(&["waivers.toml:5:"]);
}

#[test]
fn a_run_that_is_held_to_a_baseline_fails_for_new_failures_alone() {
    let (served, dir) = faulty();
    let healthy = Served::start(&[]);
    check(&served, dir.path(), &["--out", "before"]).exits(1);
    let baseline = ["--baseline", "before/run.json", "--out", "after"];

    let ended = check(&served, dir.path(), &baseline).exits(0);
    ended.says(&["FAIL delete.answers-204  MUST RFC 7644 §3.6  known", "NOTHING NEW: 1 of 6 checks failed"]);
    let run = Report::read(&dir.path().join("after")).run;
    assert_eq!(run["checks"]["baseline"]["known"][0]["check"], "delete.answers-204");

    // The same address, by another server: nothing is left of the failure.
    let text = std::fs::read_to_string(dir.path().join("before/run.json")).expect("a run");
    std::fs::write(dir.path().join("moved.json"), text.replace(&served.url, &healthy.url)).expect("a file");
    let mended = check(&healthy, dir.path(), &["--baseline", "moved.json"]).exits(0);
    mended.says(&[
        "mended: failed or was blocked, and holds now",
        "PARTLY TESTED",
        "0 new, 0 known, 1 mended",
    ]);

    // And a failure that the earlier run does not have.
    check(&healthy, dir.path(), &["--out", "healthy"]).exits(0);
    let text = std::fs::read_to_string(dir.path().join("healthy/run.json")).expect("a run");
    std::fs::write(dir.path().join("moved.json"), text.replace(&healthy.url, &served.url)).expect("a file");
    let broken = check(&served, dir.path(), &["--baseline", "moved.json"]).exits(1);
    broken.says(&[
        "new: fails or is blocked, and did not",
        "delete.answers-204 RFC7644-3.6-R6 status",
        "NOT PROOF",
    ]);
}

/// Nothing that must hold is newly broken, and yet it is worse than it was.
#[test]
fn what_held_and_only_warns_now_is_a_regression() {
    let served = Served::start(&["--variant", "media-type-is-json"]);
    let dir = tempfile::tempdir().expect("a directory");
    let wire = |options: &[&str]| {
        let mut command = served.check(&served.url);
        run(command.args(["--only", "wire,read"]).args(options).current_dir(dir.path()))
    };
    wire(&["--out", "before"]).exits(0);
    let path = dir.path().join("before/run.json");
    let mut before: record::Run =
        reports::json::parse(&std::fs::read_to_string(&path).expect("a run")).expect("a run");
    let results = before.checks.as_mut().map(|checks| &mut checks.results).expect("checks");
    let warned: Vec<_> =
        results.iter_mut().filter(|result| matches!(result.verdict, record::Verdict::Warn { .. })).collect();
    assert!(!warned.is_empty(), "nothing warned");
    warned.into_iter().for_each(|result| result.verdict = record::Verdict::Pass);
    std::fs::write(&path, reports::json::render(&before).expect("a run")).expect("a file");
    wire(&["--baseline", "before/run.json"]).exits(10).says(&["REGRESSION", "lost: held, and warns"]);
}

#[test]
fn a_baseline_of_something_else_cannot_be_compared_and_nothing_is_sent() {
    let (served, dir) = faulty();
    check(&served, dir.path(), &["--out", "before"]).exits(1);
    let against = |arguments: &[&str]| {
        let mut command = scimproof();
        command.arg("check").args(arguments).args(["--baseline", "before/run.json"]);
        run(command.current_dir(dir.path()))
    };
    // Whoever answered there would be asked in vain: nothing listens.
    against(&["http://127.0.0.1:9"]).exits(13).complains(&[
        "cannot be compared",
        &served.url,
        "http://127.0.0.1:9",
    ]);
    let profile = against(&[&served.url, "--profile", "bonusly"]).exits(13);
    profile.complains(&["held to profile rfc, and this run to bonusly"]);
    against(&[&served.url, "--strict"]).exits(13).complains(&["only one of both runs is strict"]);
    std::fs::write(dir.path().join("before/run.json"), "{}").expect("a file");
    against(&[&served.url]).exits(2).complains(&["before/run.json: this is no run file"]);
}

#[test]
fn prove_takes_both_and_says_as_early_what_is_wrong() {
    let (served, dir) = faulty();
    waivers(dir.path(), "check = \"delete.answers-205\"", "2999-12-31");
    let prove = |options: &[&str]| {
        let mut command = scimproof();
        run(command.args(["prove", &served.url]).args(options).current_dir(dir.path()))
    };
    prove(&["--waivers", "waivers.toml"]).exits(2).complains(&["waivers.toml:2:9: there is no check"]);
    check(&served, dir.path(), &["--out", "before"]).exits(1);
    let other = ["--baseline", "before/run.json", "--profile", "promapp"];
    prove(&other).exits(13).complains(&["held to profile rfc, and this run to promapp"]);
}
