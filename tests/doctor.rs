//! `scimproof doctor`: what it says of servers of many kinds, what it leaves behind (nothing), and that the target file which it
//! writes leads to a run.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use support::{
    Ended, Hook, Hostile, Message, Proxy, Report, Running, Seen, Served, Step, TOKEN, TOKEN_VARIABLE,
    dead_url, files, run, scimproof,
};

/// `scimproof doctor` in a directory, where its target file goes.
fn doctor(dir: &Path, url: &str) -> Command {
    let mut command = scimproof();
    command.args(["doctor", url, "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, TOKEN);
    command.current_dir(dir);
    command
}

fn diagnosis(command: &mut Command) -> (Value, Ended) {
    let ended = run(command.arg("--json"));
    let read = serde_json::from_str(&ended.stdout);
    (read.unwrap_or_else(|error| panic!("{error}: {ended:#?}")), ended)
}

/// The symptoms of a diagnosis, by name.
fn symptoms(diagnosis: &Value) -> Vec<&str> {
    let symptoms = diagnosis["symptoms"].as_array().expect("symptoms");
    symptoms.iter().map(|symptom| symptom["name"].as_str().expect("a name")).collect()
}

/// What came of trying a feature.
#[track_caller]
fn works<'a>(diagnosis: &'a Value, name: &str) -> &'a str {
    let mut features = diagnosis["features"].as_array().expect("features").iter();
    let feature = features.find(|feature| feature["name"] == name);
    feature.unwrap_or_else(|| panic!("{name}: {diagnosis:#}"))["works"].as_str().expect("a word")
}

/// Looks at a server, writes a target file, and checks the server with it, in some areas.
#[track_caller]
fn leads_to_a_run(served: &Served, dir: &Path, options: &[&str]) -> Report {
    run(doctor(dir, &served.url).args(["--write", "target.toml"]).args(options)).exits(0);
    served.assert_empty_of_users();
    let mut check = scimproof();
    check.args(["check", "--target", "target.toml", "--only", "create,delete,replace,patch"]);
    let ended = run(check.current_dir(dir).env(TOKEN_VARIABLE, TOKEN));
    let report = Report::read(&dir.join("scimproof-report"));
    assert_eq!(report.ended("blocked"), Default::default(), "{}", ended.stdout);
    assert!(report.ended("pass").len() > 10, "{}", ended.stdout);
    report
}

#[test]
fn a_good_server_is_ready_and_its_target_file_leads_to_a_run() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let report = leads_to_a_run(&served, dir.path(), &[]);
    assert!(report.ended("fail").is_empty(), "{:?}", report.ended("fail"));
    let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("the file");
    assert!(file.contains(&format!("token = {{ env = \"{TOKEN_VARIABLE}\" }}")), "{file}");
    assert!(!file.contains(TOKEN), "{file}");
    assert_eq!(files(dir.path()), ["scimproof-report", "target.toml"]);
}

#[test]
fn everything_that_a_good_server_claims_is_seen_to_work() {
    let served = Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(&mut doctor(dir.path(), &served.url));
    ended.exits(0);
    let features = found["features"].as_array().expect("features");
    let claimed = features.iter().filter(|feature| feature["claimed"] == true);
    let broken: Vec<&Value> = claimed.filter(|feature| feature["works"] != "yes").collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(features.len() >= 18, "{features:#?}");
    assert_eq!(symptoms(&found), [""; 0]);
    assert_eq!((&found["created"], &found["removed"]), (&3.into(), &3.into()));
    served.assert_empty();
    assert_eq!(files(dir.path()), [""; 0], "no journal stays, and no folder for it");
}

#[test]
fn what_may_only_read_sends_nothing_but_reads() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(doctor(dir.path(), &proxy.url).arg("--read-only")).exits(0);
    ended.says(&["nothing was written: --read-only"]);
    let requests = proxy.requests();
    assert!(!requests.is_empty() && requests.iter().all(|request| request.method() == "GET"));
}

#[test]
fn what_no_schema_tells_is_found_by_trying() {
    let served = Served::start(&["--variant", "more-is-wanted-than-told"]);
    let dir = tempfile::tempdir().expect("a directory");
    leads_to_a_run(&served, dir.path(), &[]);
    let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("the file");
    let samples = file.split_once("[samples.User]\n").expect("samples").1;
    let names: Vec<&str> = samples.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    assert_eq!(names, ["password", "preferredLanguage", "timezone", "phoneNumbers"], "{file}");
}

#[test]
fn the_applications_that_come_with_the_program_can_be_checked_after_a_look() {
    for profile in ["bonusly", "promapp", "blogin"] {
        let served = Served::start(&["--profile", profile]);
        let dir = tempfile::tempdir().expect("a directory");
        let report = leads_to_a_run(&served, dir.path(), &["--profile", profile]);
        assert!(report.ended("fail").is_empty(), "{profile}: {:?}", report.ended("fail"));
        // The same where nobody says which profile it has.
        let dir = tempfile::tempdir().expect("a directory");
        leads_to_a_run(&served, dir.path(), &[]);
    }
}

#[test]
fn a_server_that_publishes_the_schema_of_a_profile_seems_to_have_it() {
    let served = Served::start(&["--profile", "bonusly"]);
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(&mut doctor(dir.path(), &served.url));
    ended.exits(0);
    assert_eq!(found["settings"]["profile"], "bonusly");
}

/// A base path and some attributes of the standard are what any small server may have, and a profile excuses a lot.
#[test]
fn a_server_that_publishes_nothing_of_an_applications_own_is_taken_for_none() {
    for profile in ["promapp", "blogin"] {
        let served = Served::start(&["--profile", profile]);
        let dir = tempfile::tempdir().expect("a directory");
        let (found, ended) = diagnosis(doctor(dir.path(), &served.url).arg("--read-only"));
        ended.exits(0);
        assert_eq!(found["settings"]["profile"], Value::Null, "{profile}");
    }
}

#[test]
fn what_works_and_is_not_claimed_is_told_in_the_target_file() {
    for (variant, capability) in [
        ("sorting-is-not-announced", "User.sort"),
        ("filters-are-not-announced", "User.filter"),
        ("patch-is-not-announced", "User.modify"),
    ] {
        let served = Served::start(&["--variant", variant]);
        let dir = tempfile::tempdir().expect("a directory");
        run(doctor(dir.path(), &served.url).args(["--write", "target.toml"]))
            .exits(0)
            .says(&["works-unclaimed"]);
        let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("the file");
        assert!(file.contains(&format!("\n\"{capability}\" = true")), "{variant}: {file}");
    }
}

#[test]
fn reads_that_lag_are_measured() {
    let served = Served::start(&["--variant", "reads-lag-behind-writes"]);
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(&mut doctor(dir.path(), &served.url));
    ended.exits(0);
    assert!(symptoms(&found).contains(&"reads-lag"), "{found:#}");
    let lag_s = found["settings"]["lagS"].as_u64().expect("a lag");
    assert!((2..=8).contains(&lag_s), "{lag_s} s");
    assert_eq!(found["leftovers"], Value::Null);
}

/// A run creates hundreds of users. What may be typed next leaves none.
#[test]
fn a_server_that_lets_nothing_go_is_only_read_next() {
    let served = Served::start(&[]);
    let before = |seen: &Seen| match seen.request.method() {
        "DELETE" => Step::Answer(Message::response(500, "text/plain", "no")),
        _ => Step::Forward,
    };
    let proxy = Proxy::start_with(&served, Hook { before: Box::new(before), ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(&mut doctor(dir.path(), &proxy.url));
    ended.exits(1);
    assert!(found["next"].as_str().expect("a command").contains("--read-only"), "{}", found["next"]);
    run(&mut doctor(dir.path(), &proxy.url)).exits(1).says(&["NOT CLEAN", "much more behind"]);
}

#[test]
fn a_limit_of_requests_is_seen() {
    let served = Served::start(&["--variant", "requests-are-limited"]);
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(doctor(dir.path(), &served.url).arg("--read-only"));
    ended.exits(0);
    assert!(symptoms(&found).contains(&"requests-limited"), "{found:#}");
    let rate = found["settings"]["requestsPerSecond"].as_u64().expect("a rate");
    assert!((1..=10).contains(&rate), "{rate} a second");
}

/// Every way in which nothing can be asked, by what it is called and what helps.
#[test]
fn what_blocks_a_run_is_told_with_what_helps() {
    let served = Served::start(&[]);
    let origin = served.url.trim_end_matches("/scim/v2").to_owned();
    let dir = tempfile::tempdir().expect("a directory");
    let ask = |url: &str, token: &str| {
        let mut command = doctor(dir.path(), url);
        let (found, ended) = diagnosis(command.env(TOKEN_VARIABLE, token).args(["--timeout", "2"]));
        ended.exits(3);
        let symptom = found["symptoms"][0].clone();
        let text = |key: &str| symptom[key].as_str().unwrap_or_default().to_owned();
        (text("name"), text("flag"))
    };
    let is = |told: (String, String), name: &str, flag: &str| {
        assert_eq!((told.0.as_str(), told.1.as_str()), (name, flag));
    };
    is(ask(&dead_url(), TOKEN), "nobody-listens", "");
    is(ask(&served.url, "another-token-by-far"), "credential-refused", "--token-env VAR");
    is(ask(&origin, TOKEN), "not-the-base", &served.url);
    is(ask(&format!("{}/Users", served.url), TOKEN), "not-the-base", &served.url);
    is(ask("http://scimproof.invalid/scim/v2", TOKEN), "name-unknown", "--proxy URL");
    let page = Hostile::answering(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>",
    );
    is(ask(&page.url, TOKEN), "no-scim", "");
    let moved = Hostile::answering(
        "HTTP/1.1 308 Permanent Redirect\r\nlocation: https://b.example/v2/ServiceProviderConfig\r\ncontent-length: 0\r\n\r\n",
    );
    is(ask(&moved.url, TOKEN), "redirects", "https://b.example/v2");
    let older = r#"{"schemas":["urn:scim:schemas:core:1.0"],"patch":{"supported":true}}"#;
    let older = Hostile::answering(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{older}",
        older.len()
    ));
    is(ask(&older.url, TOKEN), "scim-1.1", "");
    run(scimproof().args(["doctor", &served.url]).current_dir(dir.path())).exits(3).says(&[
        "credential-wanted",
        "--token-env VAR",
        "NOT READY",
    ]);
}

#[test]
fn broken_discovery_is_found_and_ends_nothing() {
    let served = Served::start(&[]);
    let before = |seen: &Seen| match seen.request.path().rsplit('/').next() {
        Some("ServiceProviderConfig") => Step::Answer(Message::response(200, "text/html", "<html></html>")),
        Some("ResourceTypes") => {
            Step::Answer(Message::response(200, "application/json", "[{\"id\":\"User\"}]"))
        }
        Some("Schemas") => Step::Answer(Message::response(404, "text/plain", "nothing")),
        _ => Step::Forward,
    };
    let proxy = Proxy::start_with(&served, Hook { before: Box::new(before), ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let (found, ended) = diagnosis(&mut doctor(dir.path(), &proxy.url));
    ended.exits(0);
    let readable: Vec<&Value> = found["documents"]
        .as_array()
        .expect("documents")
        .iter()
        .map(|document| &document["readable"])
        .collect();
    assert_eq!(readable, [false, false, false]);
    for feature in ["PATCH users", "filter", "sort", "create groups"] {
        assert_eq!(works(&found, feature), "yes", "{feature}");
    }
    assert_eq!(found["settings"]["capabilities"]["User.modify"], true);
    served.assert_empty();
}

#[test]
fn a_file_that_is_there_is_not_overwritten_unasked() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("target.toml"), "mine").expect("a file");
    let served = Served::start(&[]);
    let write = || {
        let mut command = doctor(dir.path(), &served.url);
        command.args(["--read-only", "--write", "target.toml"]);
        command
    };
    run(&mut write()).exits(2).complains(&["target.toml", "--force"]);
    assert_eq!(std::fs::read_to_string(dir.path().join("target.toml")).expect("the file"), "mine");
    run(write().arg("--force")).exits(0);
    run(doctor(dir.path(), &served.url).args(["--write", "no/such/folder.toml"]))
        .exits(2)
        .complains(&["no/such"]);
    let shown = run(doctor(dir.path(), &served.url).args(["--read-only", "--write", "-"])).exits(0);
    assert!(shown.stdout.starts_with("# A target file"), "{}", shown.stdout);
    profiles::target::parse(&shown.stdout, "shown.toml").expect("a target file");
    shown.complains(&["What is claimed and what works"]);
    run(doctor(dir.path(), &served.url).args(["--json", "--write", "-"])).exits(2);
}

/// A server that is only starting is looked at again, and nothing is in the way of that.
#[test]
fn of_a_server_that_does_not_listen_no_file_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let write = |url: &str| {
        let mut command = doctor(dir.path(), url);
        command.args(["--read-only", "--write", "target.toml"]);
        command
    };
    run(&mut write(&dead_url())).exits(3).says(&["NOT READY"]).complains(&["not written: target.toml"]);
    assert!(!dir.path().join("target.toml").exists());
    let served = Served::start(&[]);
    run(&mut write(&served.url)).exits(0).says(&["written: target.toml"]);
    assert!(dir.path().join("target.toml").exists());
}

#[test]
fn a_plan_sends_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    run(doctor(dir.path(), "http://192.0.2.1/scim/v2").arg("--dry-run"))
        .exits(0)
        .says(&["nothing is written", "--yes"]);
    run(doctor(dir.path(), "http://192.0.2.1/scim/v2").args(["--dry-run", "--yes"]))
        .exits(0)
        .says(&["two users and a group are created"]);
}

#[test]
fn what_was_created_is_removed_when_somebody_stops_it() {
    let served = Served::start(&[]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let (told, heard) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let go_on = std::sync::Arc::new(std::sync::Barrier::new(2));
    let waits = std::sync::Arc::clone(&go_on);
    let before = move |seen: &Seen| {
        if seen.request.method() == "PATCH" && told.lock().expect("nobody panics here").send(()).is_ok() {
            waits.wait();
        }
        Step::Forward
    };
    proxy.hook(Hook { before: Box::new(before), ..Hook::default() });
    let running = Running::start(&mut doctor(dir.path(), &proxy.url));
    heard.recv_timeout(support::PATIENCE).expect("a PATCH");
    running.signal("INT");
    assert!(running.first_complaint().contains("stopping"));
    drop(heard);
    go_on.wait();
    running.wait(Duration::from_secs(60)).exits(130);
    served.assert_empty();
    assert_eq!(files(dir.path()), [""; 0]);
}

/// The guide's sample is what is printed, but for how long answers took. After a change that is meant, run this with
/// `SCIMPROOF_BLESS=1` and review the difference.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test is blessed by its environment")]
fn the_guides_sample_is_what_is_printed() {
    const GUIDE: &str = include_str!("../docs/doctor.md");
    const START: &str = "```text\n$ scimproof ";
    let (before, rest) = GUIDE.split_once(START).expect("a sample");
    let (sample, after) = rest.split_once("```").expect("its end");
    let (command, shown) = sample.split_once('\n').expect("what it prints");
    let served = Served::start(&["--variant", "more-is-wanted-than-told"]);
    let dir = tempfile::tempdir().expect("a directory");
    let words = command.split(' ').map(|word| if word.starts_with("http://") { &served.url } else { word });
    let ended = run(scimproof().args(words).env("TOKEN", TOKEN).current_dir(dir.path())).exits(0);
    let printed = ended.stdout.replace(&served.url, "http://127.0.0.1:8080/scim/v2");
    let lasting = |text: &str| {
        let lines = text.lines().map(|line| line.split(" requests, half of them").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    };
    if std::env::var_os("SCIMPROOF_BLESS").is_some() && lasting(&printed) != lasting(shown) {
        let renewed = format!("{before}{START}{command}\n{printed}```{after}");
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doctor.md");
        std::fs::write(guide, renewed).expect("a file");
    } else {
        assert_eq!(lasting(&printed), lasting(shown), "where it is meant: SCIMPROOF_BLESS=1");
    }
}
