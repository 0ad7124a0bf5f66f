//! The command line as somebody meets it: what it says, what it ends with, and what it never does unasked.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use support::{
    Ended, PATIENCE, Proxy, Running, Served, TOKEN, TOKEN_VARIABLE, files, run, scimproof, stop_signals,
};

/// Reserved for documentation (RFC 5737): whatever is sent there is lost, so that a request would show as waiting.
const ELSEWHERE: &str = "http://192.0.2.1/scim/v2";

fn ends(arguments: &[&str]) -> Ended {
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(scimproof().args(arguments).current_dir(dir.path()));
    assert_eq!(files(dir.path()), [""; 0], "{arguments:?} leaves files behind");
    ended
}

#[test]
fn the_help_texts_are_as_reviewed() {
    for verb in
        ["", "prove", "check", "sync", "load", "doctor", "report", "serve", "explain", "faults", "sweep"]
    {
        let name = if verb.is_empty() { "scimproof" } else { verb };
        let arguments: Vec<&str> = [verb, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        insta::assert_snapshot!(format!("help_{name}"), ends(&arguments).exits(0).stdout);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let expected = format!("scimproof {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(ends(&["--version"]).exits(0).stdout, expected);
}

#[test]
fn a_verb_that_does_not_exist_is_wrong_usage() {
    ends(&["chek"]).exits(2).complains(&["chek", "check"]);
    ends(&[]).exits(2).complains(&["Usage: scimproof"]);
}

#[test]
fn the_list_names_every_check_and_sends_nothing() {
    let text = ends(&["check", "--list"]).exits(0).stdout;
    let json: Value =
        serde_json::from_str(&ends(&["check", "--list", "--json"]).exits(0).stdout).expect("JSON");
    let rows = json.as_array().expect("a list");
    assert!(rows.len() >= 36, "{} checks", rows.len());
    assert_eq!(text.lines().count(), rows.len() + 1, "a line for each check and one that counts them");
    for row in rows {
        let id = row["id"].as_str().expect("an id");
        assert!(text.contains(id), "{id}");
        assert!(id.starts_with(row["area"].as_str().expect("an area")), "{row}");
        assert!(row["requirements"].as_array().is_some_and(|cited| !cited.is_empty()), "{row}");
    }
}

#[test]
fn the_list_can_be_narrowed() {
    let narrowed = ends(&["check", "--list", "--only", "delete"]).exits(0).stdout;
    let (count, checks): (Vec<&str>, _) = narrowed.lines().partition(|line| line.contains(" checks, "));
    assert_eq!(count.len(), 1);
    assert!(!checks.is_empty() && checks.iter().all(|line| line.starts_with("delete.")), "{narrowed}");
}

#[test]
fn json_without_a_list_is_wrong_usage() {
    ends(&["check", "--json"]).exits(2).complains(&["--list"]);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut child = scimproof()
        .args(["check", "--list"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    // The pipe is closed now, whatever else is to come.
    let ended = child.wait_with_output().expect("it ends");
    assert!(!line.is_empty());
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn an_unknown_check_or_area_is_wrong_usage_with_a_hint() {
    ends(&["check", "--only", "delete.answers-205"]).exits(2).complains(&["did you mean delete.answers-204"]);
    ends(&["check", "--only", "creat"]).exits(2).complains(&["did you mean create", "areas are discovery"]);
    let ended = ends(&["check", "--only", "zzz"]).exits(2).complains(&["no such check or area", "--list"]);
    assert_eq!(ended.stderr.matches("create").count(), 1, "{}", ended.stderr);
}

#[test]
fn a_run_id_that_no_name_can_carry_is_wrong_usage() {
    for id in ["abc", "abcdefghijklmnopq", "Nightly7", "night-ly", "näch", "a b c", "", "a/../b", "%41bcd"] {
        let ended = ends(&["check", "http://127.0.0.1:9", "--run-id", id]).exits(2);
        ended.complains(&["--run-id", "4 to 16 lower-case letters and digits"]);
    }
}

#[test]
fn a_number_of_jobs_that_makes_no_sense_is_wrong_usage() {
    for jobs in ["0", "65", "-1", "many", "99999999999999999999"] {
        ends(&["check", &format!("--jobs={jobs}")]).exits(2).complains(&["--jobs", "from 1 to 64"]);
    }
    ends(&["check", "--only", ""]).exits(2).complains(&["--only without a name"]);
}

/// Somebody may take the option for the place of the token. What they typed does not go into a log as well.
#[test]
fn a_token_in_the_place_of_a_variable_is_not_repeated() {
    let long = "a".repeat(65);
    for token in ["eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl", "s3cr3t/+=", &long] {
        for verb in [&["check", "http://127.0.0.1:9"][..], &["sweep"], &["serve"]] {
            let ended = ends(&[verb, &["--token-env", token]].concat()).exits(2);
            assert!(!ended.complains(&["never the token itself"]).stderr.contains(token));
        }
    }
    ends(&["serve", "--token-env", ""]).exits(2).complains(&["the name of an environment variable"]);
}

#[test]
fn a_token_that_cannot_be_had_is_wrong_usage() {
    let check = |option: &str, value: &str| ends(&["check", "http://127.0.0.1:9", option, value]).exits(2);
    check("--token-env", "SCIMPROOF_E2E_NOT_SET").complains(&["SCIMPROOF_E2E_NOT_SET", "export"]);
    check("--token-file", "no-such-file").complains(&["cannot read the token file no-such-file"]);
    check("--token-file", ".").complains(&["cannot read the token file"]);
    ends(&["check", "--token-env", "PATH"]).exits(2).complains(&["a token without a URL"]);
    ends(&["check", "http://127.0.0.1:9", "--token-env", "A", "--token-file", "b"]).exits(2);
}

#[test]
fn an_empty_token_is_wrong_usage() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("token");
    std::fs::write(&file, "\n").expect("a file");
    let mut by_file = scimproof();
    by_file.args(["check", "http://127.0.0.1:9", "--token-file"]).arg(&file);
    run(&mut by_file).exits(2).complains(&["the first line holds no usable token"]);
    let mut by_variable = scimproof();
    by_variable.args(["check", "http://127.0.0.1:9", "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, " ");
    run(&mut by_variable).exits(2).complains(&["the variable holds no usable token"]);
}

#[test]
fn an_unknown_profile_is_wrong_usage() {
    ends(&["check", "--profile", "rfcc"]).exits(2).complains(&["rfcc", "known profiles: blogin, bonusly"]);
    ends(&["serve", "--listen", "127.0.0.1:0", "--profile", "rfcc"]).exits(2).complains(&["rfcc"]);
    ends(&["check", "--profile", "no-such.toml"])
        .exits(2)
        .complains(&["cannot read the profile no-such.toml"]);
}

#[test]
fn a_mistake_in_a_profile_is_shown_with_file_and_line() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("mine.toml"), "name = \"mine\"\ntitle = 3\n").expect("a file");
    let ended = run(scimproof().args(["check", "--profile", "mine.toml"]).current_dir(dir.path()));
    ended.exits(2).complains(&["mine.toml:2:9:"]);
}

#[test]
fn the_bundled_server_plays_a_profile_of_ones_own() {
    let dir = tempfile::tempdir().expect("a directory");
    let profile = "name = \"mine\"\ntitle = \"Mine\"\nbase_path = \"/hr/scim\"\n[types.User]\n";
    std::fs::write(dir.path().join("mine.toml"), profile).expect("a file");
    let arguments = ["check", "--profile", "mine.toml", "--only", "discovery", "--out", "report"];
    run(scimproof().args(arguments).current_dir(dir.path())).exits(0);
    let report = std::fs::read_to_string(dir.path().join("report/run.json")).expect("a report");
    assert!(report.contains("/hr/scim/ResourceTypes"), "another path was asked");
}

#[test]
fn a_profile_that_cannot_be_played_says_why() {
    let dir = tempfile::tempdir().expect("a directory");
    let profile =
        "name = \"mine\"\ntitle = \"Mine\"\nbase_path = \"\"\n[types.User]\nhonours = [\"userNam\"]\n";
    std::fs::write(dir.path().join("mine.toml"), profile).expect("a file");
    for verb in ["check", "serve"] {
        let ended = run(scimproof().args([verb, "--profile", "mine.toml"]).current_dir(dir.path()));
        ended.exits(2).complains(&["userNam names no attribute of User"]);
    }
}

#[test]
fn reports_that_cannot_be_written_are_wrong_usage_before_anything_is_sent() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let taken = dir.path().join("taken");
    std::fs::write(&taken, "somebody's").expect("a file");
    for out in [taken.as_path(), &taken.join("below"), Path::new("/proc/scimproof")] {
        let ended = run(served.check(&proxy.url).arg("--out").arg(out));
        ended.exits(2).complains(&["cannot write to --out", &out.display().to_string()]);
    }
    assert!(proxy.requests().is_empty(), "{:?}", proxy.requests());
    assert_eq!(std::fs::read_to_string(&taken).expect("still there"), "somebody's");
}

#[test]
fn a_dry_run_shows_the_plan_and_sends_nothing() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(served.check(&proxy.url).arg("--dry-run").current_dir(dir.path()));
    ended.exits(0).says(&[&format!("Plan for {}", proxy.url), "the credential is sent to this server only"]);
    let mut command = scimproof();
    command.args(["check", &proxy.url, "--dry-run"]);
    run(command.current_dir(dir.path())).exits(0).says(&["no credential is sent: neither --token-env nor"]);
    assert!(proxy.requests().is_empty(), "{:?}", proxy.requests());
    assert_eq!(files(dir.path()), [""; 0]);
}

#[test]
fn nothing_is_sent_elsewhere_without_consent() {
    // A request to that address would be waited for until the time limit; none is, so this ends at once.
    let ended = ends(&["check", ELSEWHERE, "--timeout", "600"]).exits(2);
    ended.says(&[&format!("Plan for {ELSEWHERE}")]).complains(&["nothing was sent", "--yes"]);
    ends(&["check", ELSEWHERE, "--dry-run"]).exits(0).says(&["Plan for"]);
}

#[test]
fn a_proof_says_how_much_longer_a_lag_makes_it() {
    let longer = "waits for that: it takes some";
    ends(&["prove", "--dry-run", "--lag", "2"]).exits(0).says(&[longer, "minutes longer"]);
    let usual = ends(&["prove", "--dry-run"]).exits(0);
    assert!(!usual.stdout.contains(longer), "{}", usual.stdout);
}

#[test]
fn a_sweep_elsewhere_needs_consent_too() {
    let dir = tempfile::tempdir().expect("a directory");
    let journal = dir.path().join("journal-00000001.ndjson");
    let head = format!(r#"{{"entry":"run","run":"00000001","target":"{ELSEWHERE}"}}"#);
    let intent = r#"{"entry":"intent","number":1,"endpoint":"/Users","name":"scimproof-00000001-x-1"}"#;
    std::fs::write(&journal, format!("{head}\n{intent}\n")).expect("a file");
    let ended = run(scimproof().args(["sweep", "--out"]).arg(dir.path()));
    ended.exits(2).says(&[ELSEWHERE]).complains(&["nothing was sent", "--yes"]);
    assert!(journal.exists());
}

#[test]
fn a_base_url_that_is_none_is_wrong_usage() {
    ends(&["check", "localhost:8080/scim"]).exits(2).complains(&["http:// or https://"]);
    ends(&["check", "http://127.0.0.1:9/?tenant=1"]).exits(2).complains(&["has a query"]);
}

#[test]
fn a_password_in_the_base_url_is_refused_and_not_repeated() {
    for verb in ["check", "sweep"] {
        let dir = tempfile::tempdir().expect("a directory");
        let head = r#"{"entry":"run","run":"00000001","target":"http://127.0.0.1:9"}"#;
        std::fs::write(dir.path().join("journal-00000001.ndjson"), format!("{head}\n")).expect("a file");
        let mut command = scimproof();
        command.args([verb, "http://ada:k3epOut@127.0.0.1:9/scim", "--out"]).arg(dir.path());
        let ended = run(&mut command).exits(2).complains(&["user information"]);
        assert!(!ended.stderr.contains("k3epOut") && !ended.stdout.contains("k3epOut"), "{ended:?}");
    }
}

#[test]
fn explain_tells_about_checks_requirements_faults_and_variants() {
    let check = ends(&["explain", "delete.answers-204"]).exits(0);
    let advice =
        "What to change in a server that fails it\n  Answer a successful DELETE with 204 and no body at all";
    let check = check.says(&[advice, "It stands on", "RFC7644-3.6-", "tested:", "delete-answers-200"]);
    assert!(check.stdout.starts_with("delete.answers-204: "));
    let by_slug = ends(&["explain", "delete-answers-204"]).exits(0);
    let by_slug = by_slug.says(&["RFC7644-3.6-", "Checks that cite it", "delete.answers-204", "Faults that"]);
    let id = by_slug.stdout.split(' ').next().expect("an id");
    assert_eq!(ends(&["explain", id]).exits(0).stdout, by_slug.stdout);
    let fault = ends(&["explain", "delete-answers-200"]).exits(0);
    fault.says(&[
        "wire seam",
        "It breaks",
        "RFC7644-3.6-",
        "It is caught by",
        "serve --fault delete-answers-200",
    ]);
    let variant = ends(&["explain", "missing-me-is-404"]).exits(0);
    variant.says(&["RFC 7644 §3.11", "errors.missing-me-is-501", "serve --variant missing-me-is-404"]);
    ends(&["explain", "reads-lag-behind-writes"]).exits(0).says(&["Check it with --lag 2"]);
    ends(&["explain", "delete.answer-204"]).exits(2).complains(&["did you mean delete.answers-204"]);
}

#[test]
fn the_faults_are_listed_for_people_and_programs() {
    let text = ends(&["faults"]).exits(0).stdout;
    let json: Value = serde_json::from_str(&ends(&["faults", "--json"]).exits(0).stdout).expect("JSON");
    let rows = json.as_array().expect("a list");
    assert!(rows.len() >= 20, "{} faults", rows.len());
    assert!(rows.iter().filter(|row| row["seam"] != "wire").count() >= 5);
    for row in rows {
        let name = row["name"].as_str().expect("a name");
        assert!(text.contains(name), "{name}");
        // What is slow breaks no requirement.
        let breaks = row["breaks"].as_array().is_some_and(|broken| !broken.is_empty());
        assert!(breaks || row["underLoad"] == true, "{row}");
    }
    assert!(text.contains("quadratic-group"));
    let slow = ends(&["explain", "quadratic-group"]).exits(0);
    slow.says(&["it shows under load", "It breaks no requirement"]);
    ends(&["explain", "lost-member-add"]).exits(0).says(&["RFC7644-3.5.2.1-R6"]);
}

#[test]
fn the_variants_are_listed_for_people_and_programs() {
    let text = ends(&["faults", "--variants"]).exits(0).stdout;
    let json: Value =
        serde_json::from_str(&ends(&["faults", "--variants", "--json"]).exits(0).stdout).expect("JSON");
    let rows = json.as_array().expect("a list");
    assert!(rows.len() >= 14, "{} variants", rows.len());
    for row in rows {
        let name = row["name"].as_str().expect("a name");
        assert!(text.contains(name) && row["lawful"].as_str().is_some_and(|text| !text.is_empty()), "{row}");
    }
}

#[test]
fn a_server_that_cannot_start_says_why() {
    ends(&["serve", "--listen", "127.0.0.1:0", "--fault", "delete-answer-200"])
        .exits(2)
        .complains(&["delete-answer-200", "delete-answers-200"]);
    ends(&["serve", "--listen", "127.0.0.1:0", "--variant", "missing-me-is-40"])
        .exits(2)
        .complains(&["missing-me-is-404", "faults --variants"]);
    let taken = Served::start(&[]);
    ends(&["serve", "--listen", taken.address()]).exits(4).complains(&["--listen"]);
    ends(&["serve", "--listen", "nowhere"]).exits(2).complains(&["--listen"]);
}

#[test]
fn a_server_drains_when_it_is_told_to_stop() {
    for signal in stop_signals() {
        let mut command = scimproof();
        command.args(["serve", "--listen", "127.0.0.1:0", "--token-env", TOKEN_VARIABLE]);
        let running = Running::start(command.env(TOKEN_VARIABLE, TOKEN));
        let line = running.next_line();
        assert!(line.starts_with("serving profile rfc at http://127.0.0.1:"), "{line}");
        running.signal(signal);
        let ended = running.wait(PATIENCE).exits(0).says(&["curl -H", "--token-env"]);
        assert!(!ended.stdout.contains(TOKEN), "{}", ended.stdout);
    }
}

/// The command that `explain` ends with does what it says: it judges the check.
#[test]
fn what_explain_says_to_run_judges_the_check() {
    let listed = ends(&["check", "--list", "--only", "wire,delete", "--json"]).exits(0).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let ids: Vec<&str> =
        listed.as_array().expect("a list").iter().filter_map(|check| check["id"].as_str()).collect();
    assert!(ids.len() > 10, "{ids:?}");
    for id in ids {
        let told = ends(&["explain", id]).exits(0).stdout;
        let command = told.lines().rev().find_map(|line| line.split_once("scimproof ")).expect("a command").1;
        let words: Vec<&str> = command.split(' ').collect();
        let dir = tempfile::tempdir().expect("a directory");
        run(scimproof().args(words).arg("--out").arg(dir.path())).exits(0);
        let run = std::fs::read_to_string(dir.path().join("run.json")).expect("a run");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        let results = run["checks"]["results"].as_array().expect("results");
        let result =
            results.iter().find(|result| result["id"] == id).unwrap_or_else(|| panic!("{id} is left out"));
        assert_eq!(result["verdict"]["kind"], "pass", "{command}");
    }
}

#[test]
fn a_check_that_only_watches_needs_something_to_watch() {
    let ended = ends(&["check", "--only", "wire"]).exits(2);
    ended.complains(&[" watches what other checks send", "--only create,read,list,wire"]);
}
