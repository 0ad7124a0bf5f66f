//! `scimproof check` from start to end: its files, its options, and how it stops.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use support::{
    Hook, Message, PATIENCE, Proxy, Report, Running, Served, Step, TOKEN, TOKEN_VARIABLE, files, run,
    scimproof, stop_signals,
};

/// What every run leaves in its folder.
const REPORTS: [&str; 5] = ["junit.xml", "report.html", "report.sarif", "run.json", "summary.md"];

fn out_to<'a>(command: &'a mut Command, dir: &Path) -> &'a mut Command {
    command.arg("--out").arg(dir)
}

#[test]
fn the_bundled_server_passes_and_the_files_are_there() {
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(out_to(scimproof().arg("check"), dir.path()));
    ended.exits(0).says(&["PROOF", "run.json", "report.html", "junit.xml"]);
    assert_eq!(files(dir.path()), REPORTS, "no journal stays");

    let report = Report::read(dir.path());
    let judged = report.ended("pass").len() + report.ended("warn").len();
    assert_eq!(judged, report.results().len(), "nothing failed, blocked, unsupported or stumbled over");
    assert_eq!(report.run["checks"]["created"], report.run["checks"]["removed"]);
    assert_eq!(report.leftovers(), 0);

    let html = std::fs::read_to_string(dir.path().join("report.html")).expect("a page");
    assert!(html.starts_with("<!") && html.trim_end().ends_with("</html>"));
    let junit = std::fs::read_to_string(dir.path().join("junit.xml")).expect("a document");
    assert_eq!(junit.matches("<testcase ").count(), report.results().len());
}

#[test]
fn the_run_file_fits_its_published_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/run.schema.json");
    let schema = std::fs::read_to_string(schema).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let served = Served::start(&["--fault", "delete-answers-200", "--fault", "store-keeps-old-edges"]);
    let dir = tempfile::tempdir().expect("a directory");
    run(out_to(&mut served.check(&served.url), dir.path())).exits(1);
    let run = Report::read(dir.path()).run;
    let breaches: Vec<String> =
        validator.iter_errors(&run).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_run_that_may_only_read_sends_nothing_but_gets() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(out_to(served.check(&proxy.url).arg("--read-only"), dir.path())).exits(0);
    let requests = proxy.requests();
    assert!(!requests.is_empty());
    assert!(requests.iter().all(|request| request.method() == "GET"), "{requests:?}");
    let report = Report::read(dir.path());
    assert!(report.results().len() > 10, "{}", report.results().len());
    let excluded = report.run["checks"]["excluded"].as_array().expect("what was left out");
    assert!(excluded.iter().any(|row| row["check"] == "delete.answers-204"), "{excluded:?}");
    assert_eq!(report.run["checks"]["created"], 0);
    let (passed, left_out) = (report.ended("pass").len(), excluded.len());
    let all = report.results().len() + left_out;
    let sentence = report.run["sentence"].as_str().expect("a sentence");
    let told = format!("PARTLY TESTED: {passed} of {all} checks pass");
    assert!(sentence.starts_with(&told) && sentence.ends_with("were left out (--read-only)"), "{sentence}");
    ended.says(&[sentence]);
    let junit = std::fs::read_to_string(dir.path().join("junit.xml")).expect("a document");
    assert_eq!(junit.matches(r#"type="left-out""#).count(), left_out);
    assert!(junit.contains(sentence));
    assert!(
        !report.run["command"].as_str().is_some_and(|line| line.contains("--run-id")),
        "it gives no names"
    );
}

#[test]
fn a_run_id_makes_a_run_repeat_its_names() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let bodies = |command: &mut Command| {
        proxy.hook(Hook::default());
        let ended = run(out_to(command, dir.path())).exits(0);
        let mut bodies: Vec<String> = proxy
            .requests()
            .iter()
            .filter(|request| request.method() == "POST" && !request.body.is_empty())
            .map(|request| same_ids(&String::from_utf8_lossy(&request.body), "no run"))
            .collect();
        bodies.sort();
        (bodies, ended)
    };
    let options = ["--only", "create,delete", "--seed", "7", "--run-id", "nightly7"];
    let (first, _) = bodies(served.check(&proxy.url).args(options));
    assert!(first.iter().any(|body| body.contains("scimproof-nightly7-")), "{first:?}");

    // The report says how, and it is so.
    let line = Report::read(dir.path()).run["command"].as_str().expect("a command line").to_owned();
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let (again, _) = bodies(scimproof().args(words).env(TOKEN_VARIABLE, TOKEN));
    assert_eq!(first, again);
    served.assert_empty();
}

#[test]
fn a_journal_is_not_written_over() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let journal = dir.path().join("journal-nightly7.ndjson");
    std::fs::write(&journal, "precious").expect("a file");
    let ended = run(out_to(served.check(&served.url).args(["--run-id", "nightly7"]), dir.path())).exits(2);
    ended.complains(&["run nightly7 has left its journal", "scimproof sweep --out", "another --run-id"]);
    assert_eq!(std::fs::read_to_string(&journal).expect("it is there"), "precious");
}

/// A run that names what it leaves behind cannot give the same names again.
#[test]
fn a_run_that_left_something_behind_is_not_repeated_under_its_id() {
    let served = Served::start(&[]);
    let refuse = Hook {
        before: Box::new(|seen| match seen.request.method() {
            "DELETE" => Step::Answer(Message::response(403, "application/scim+json", "{}")),
            _ => Step::Forward,
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, refuse);
    let dir = tempfile::tempdir().expect("a directory");
    run(out_to(served.check(&proxy.url).args(["--only", "create"]), dir.path())).says(&["left behind"]);
    let report = Report::read(dir.path());
    assert!(report.leftovers() > 0);
    assert!(!report.run["command"].as_str().is_some_and(|line| line.contains("--run-id")));
}

/// Whoever opens the folder after a run that came to nothing must not find the verdict of the one before.
#[test]
fn the_reports_of_an_earlier_run_do_not_outlive_the_next() {
    let mut served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    run(out_to(served.check(&served.url).args(["--only", "delete"]), dir.path())).exits(0);
    let (tell, reached) = mpsc::channel();
    let hold = Hook {
        before: Box::new(move |_| {
            // The run may be over by now.
            let _ = tell.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hold);
    let mut running = Running::start(out_to(&mut served.check(&proxy.url), dir.path()));
    reached.recv_timeout(PATIENCE).expect("the run asks what there is");
    running.kill();
    let left = files(dir.path());
    assert!(left.iter().all(|name| name.starts_with("journal-")), "{left:?}");
    served.kill();
    run(out_to(&mut served.check(&served.url), dir.path())).exits(3);
    let sentence = Report::read(dir.path()).run["sentence"].as_str().map(str::to_owned);
    assert!(sentence.is_some_and(|sentence| sentence.starts_with("NOT TESTED: ")));
}

#[test]
fn a_run_can_be_narrowed() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&served.url);
    run(out_to(command.args(["--only", "delete,create.answers-201"]), dir.path())).exits(0);
    let passed = Report::read(dir.path()).ended("pass");
    assert!(passed.contains("create.answers-201") && passed.contains("delete.answers-204"), "{passed:?}");
    assert!(passed.iter().all(|id| id.starts_with("delete.") || id == "create.answers-201"), "{passed:?}");
    served.assert_empty();
}

#[test]
fn a_broken_should_fails_only_a_strict_run() {
    let served = Served::start(&["--fault", "config-needs-credentials"]);
    let dir = tempfile::tempdir().expect("a directory");
    let run_with = |options: &[&str]| {
        let mut command = served.check(&served.url);
        let ended = run(out_to(command.args(options), dir.path()));
        (ended, Report::read(dir.path()))
    };
    let culprit = "discovery.config-is-readable-anonymously";
    let (ended, report) = run_with(&[]);
    ended.exits(0);
    assert!(report.ended("warn").contains(culprit), "{:?}", report.ended("warn"));
    let (ended, report) = run_with(&["--strict"]);
    ended.exits(1);
    assert!(report.ended("fail").contains(culprit), "{:?}", report.ended("fail"));
    let (ended, report) = run_with(&["--level", "must"]);
    ended.exits(0);
    assert!(!report.ended("warn").contains(culprit), "{:?}", report.ended("warn"));
}

#[test]
fn only_musts_count_at_the_level_of_musts() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    run(out_to(served.check(&served.url).args(["--level", "must"]), dir.path())).exits(0);
    for result in Report::read(dir.path()).results() {
        let cited = result["requirements"].as_array().expect("requirements");
        let must = |level: &Value| level.as_str().is_some_and(|level| level.starts_with("must"));
        assert!(cited.iter().any(|requirement| must(&requirement["level"])), "{result:#}");
    }
}

#[test]
fn the_same_seed_sends_the_same_bodies() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let bodies = |seed: &str| {
        proxy.hook(Hook::default());
        let dir = tempfile::tempdir().expect("a directory");
        let mut command = served.check(&proxy.url);
        run(out_to(command.args(["--jobs", "1", "--seed", seed]), dir.path())).exits(0);
        let report = Report::read(dir.path());
        assert_eq!(report.run["seed"].to_string(), seed);
        assert!(report.run["command"].as_str().is_some_and(|line| line.contains(&format!("--seed {seed}"))));
        let run = report.run["id"].as_str().expect("an id").to_owned();
        let requests = proxy.requests();
        let texts = requests.iter().filter(|request| !request.body.is_empty());
        let texts = texts.map(|request| same_ids(&String::from_utf8_lossy(&request.body), &run));
        let mut texts: Vec<String> = texts.collect();
        // Writes that race arrive in any order.
        texts.sort_unstable();
        texts
    };
    let first = bodies("4711");
    assert!(first.len() > 50, "{}", first.len());
    assert!(first.iter().any(|body| body.contains("Pw-RUN-")), "no password among {first:?}");
    assert_eq!(difference(&first, &bodies("4711")), None);
    assert_ne!(difference(&first, &bodies("4712")), None);
}

/// The first difference: both lists at once would be unreadable.
fn difference<'a>(left: &'a [String], right: &'a [String]) -> Option<(&'a String, &'a String)> {
    assert_eq!(left.len(), right.len(), "bodies");
    left.iter().zip(right).find(|(left, right)| left != right)
}

/// A body with the run's id and the server's ids, which are never the same, taken out.
fn same_ids(body: &str, run: &str) -> String {
    let body = body.replace(run, "RUN").replace(&run.to_uppercase(), "RUN");
    let is_id = |word: &str| word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let words = body.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words
        .map(|word| {
            let bare = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            if is_id(bare) { word.replace(bare, "ID") } else { word.to_owned() }
        })
        .collect()
}

#[test]
fn an_interrupted_run_cleans_up_and_says_so() {
    let numbers = [40, 90, 120];
    for (signal, number) in stop_signals().into_iter().zip(numbers).chain([("INT", 150)]) {
        let served = Served::start(&[]);
        let (tell, reached) = mpsc::channel();
        let (go_on, told) = mpsc::channel::<()>();
        let told = Mutex::new(told);
        let hook = Hook {
            after: Box::new(move |seen, answer| {
                if seen.number == number {
                    tell.send(()).expect("the test listens");
                    // The answer is held back until the signal is out.
                    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    told.recv_timeout(PATIENCE).expect("the signal is sent");
                }
                Some(answer)
            }),
            ..Hook::default()
        };
        let proxy = Proxy::start_with(&served, hook);
        let dir = tempfile::tempdir().expect("a directory");
        let running = Running::start(out_to(&mut served.check(&proxy.url), dir.path()));
        reached.recv_timeout(PATIENCE).expect("the run gets that far");
        running.signal(signal);
        go_on.send(()).expect("the proxy waits");
        let ended = running.wait(PATIENCE).exits(130).complains(&["stopping"]);
        assert!(!ended.stdout.contains("PROOF:"), "{}", ended.stdout);
        assert_eq!(files(dir.path()), REPORTS, "no journal stays");
        let report = Report::read(dir.path());
        assert_eq!(report.run["checks"]["interrupted"], true);
        assert!(!report.ended("blocked").is_empty());
        assert_eq!(report.ended("fail").len() + report.ended("error").len(), 0, "a signal accuses nobody");
        served.assert_empty();
    }
}

#[test]
fn a_silent_target_does_not_hold_up_whoever_stops_the_run() {
    let served = Served::start(&[]);
    let (tell, reached) = mpsc::channel();
    let hook = Hook {
        before: Box::new(move |_| {
            // The run may be over by now.
            let _ = tell.send(());
            Step::Hold
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let running = Running::start(out_to(command.args(["--timeout", "600"]), dir.path()));
    reached.recv_timeout(PATIENCE).expect("the run asks what there is");
    running.signal("INT");
    running.wait(PATIENCE).exits(130).complains(&["stopped before anything could be judged"]);
    assert_eq!(files(dir.path()), REPORTS, "no journal stays");
    let sentence = Report::read(dir.path()).run["sentence"].to_string();
    assert!(sentence.contains("stopped before anything could be judged"), "{sentence}");
}
