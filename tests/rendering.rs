//! `scimproof report`: everything that a run is told by is drawn again from its run file, elsewhere and later.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::{Path, PathBuf};

use record::Run;
use support::{Ended, Served, files, run, scimproof};

/// A folder with the run file of a run that ended in every way there is.
fn with_run() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("run.json");
    std::fs::write(&path, reports::json::render(&Run::fixture_proof()).expect("a run")).expect("a file");
    (dir, path)
}

fn report(dir: &Path, arguments: &[&str]) -> Ended {
    run(scimproof().arg("report").args(arguments).current_dir(dir))
}

#[test]
fn every_report_is_drawn_again_from_the_run_file_alone() {
    let (dir, _) = with_run();
    let options = ["--html", "--junit", "--json", "--sarif", "--markdown", "--har"];
    let arguments = ["a.html", "b.xml", "c.json", "d.sarif", "e.md", "f.har"];
    let pairs = options.iter().zip(&arguments).flat_map(|(option, file)| [*option, *file]);
    report(dir.path(), &std::iter::once("run.json").chain(pairs).collect::<Vec<_>>()).exits(0);
    assert_eq!(files(dir.path()), [&arguments[..], &["run.json"]].concat());
    let drawn = |name: &str| std::fs::read_to_string(dir.path().join(name)).expect("a file");
    let fixture = Run::fixture_proof();
    assert_eq!(drawn("a.html"), reports::html::render(&fixture).expect("a page"));
    assert_eq!(drawn("b.xml"), reports::junit::render(&fixture).expect("a document"));
    assert_eq!(drawn("c.json"), drawn("run.json"));
    assert_eq!(drawn("d.sarif"), reports::sarif::render(&fixture).expect("a log"));
    assert_eq!(drawn("e.md"), reports::summary::render(&fixture));
    assert_eq!(drawn("f.har"), reports::har::render(&fixture).expect("a document"));
}

#[test]
fn what_check_wrote_and_what_report_draws_are_the_same() {
    let served = Served::start(&["--fault", "delete-answers-200"]);
    let dir = tempfile::tempdir().expect("a directory");
    let har = dir.path().join("exchanges.har");
    let mut check = served.check(&served.url);
    check.args(["--only", "delete", "--out"]).arg(dir.path()).arg("--har").arg(&har);
    let checked = run(&mut check).exits(1).says(&["summary.md", "exchanges.har"]);
    for (option, name) in [
        ("--html", "report.html"),
        ("--junit", "junit.xml"),
        ("--json", "run.json"),
        ("--sarif", "report.sarif"),
        ("--markdown", "summary.md"),
        ("--har", "exchanges.har"),
    ] {
        let drawn = report(dir.path(), &["run.json", option, "-"]).exits(0).stdout;
        assert_eq!(drawn, std::fs::read_to_string(dir.path().join(name)).expect("a file"), "{name}");
    }
    let told = report(dir.path(), &["run.json"]).exits(0).stdout;
    assert!(checked.stdout.starts_with(&told), "{told}");
}

#[test]
fn a_run_file_is_read_from_standard_input_too() {
    let (dir, path) = with_run();
    let file = std::fs::File::open(path).expect("a file");
    let mut command = scimproof();
    let output = command.args(["report", "-"]).stdin(file).current_dir(dir.path()).output().expect("it runs");
    let told = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success() && told.contains("delete.answers-204") && told.contains("NOT PROOF"),
        "{told}"
    );
}

#[test]
fn what_is_no_run_file_is_wrong_usage_and_says_why() {
    let (dir, path) = with_run();
    let whole = std::fs::read_to_string(path).expect("a file");
    let newer = whole.replacen("\"version\": 1", "\"version\": 99", 1);
    let half = whole.chars().take(whole.chars().count() / 2).collect::<String>();
    let shape = whole.replacen("\"seed\": 7", "\"seed\": \"seven\"", 1);
    for (text, told) in [
        (newer.as_str(), "the run file is of version 99, and this program reads version 1"),
        (&half, "the run file is cut short: EOF while parsing"),
        ("", "the run file is cut short"),
        ("{\"issues\": []}", "this is no run file: it states no version"),
        ("<html>", "the run file is no JSON: expected value at line 1 column 1"),
        (&shape, "the run file does not hold what its version promises: invalid type"),
    ] {
        std::fs::write(dir.path().join("other.json"), text).expect("a file");
        let ended = report(dir.path(), &["other.json", "--html", "page.html"]).exits(2);
        ended.complains(&["other.json: ", told]);
        assert!(!dir.path().join("page.html").exists(), "{told}");
    }
    report(dir.path(), &["gone.json"]).exits(2).complains(&["cannot read the run file gone.json"]);
}

#[test]
fn what_cannot_be_written_is_told_with_its_option() {
    let (dir, _) = with_run();
    let ended = report(dir.path(), &["run.json", "--junit", "no/such/place.xml"]).exits(2);
    ended.complains(&["cannot write to --junit no/such/place.xml"]);
    let both = report(dir.path(), &["run.json", "--junit", "-", "--html", "-"]).exits(2);
    both.complains(&["--html and --junit cannot both go to standard output"]);
    report(dir.path(), &["run.json", "--json", "/dev/null"]).exits(0);
    assert_eq!(files(dir.path()), ["run.json"]);
}

#[test]
fn a_place_that_cannot_take_the_exchanges_is_told_before_anything_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    let arguments = ["check", "http://127.0.0.1:9", "--har", "no/such/place.har"];
    let ended = run(scimproof().args(arguments).current_dir(dir.path())).exits(2);
    ended.complains(&["cannot write to --har no/such/place.har"]);
}
