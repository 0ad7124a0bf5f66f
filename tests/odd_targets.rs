//! Targets that are odd and lawful: none is taken for one that is broken.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{Ended, Hook, Message, Proxy, Report, Running, Seen, Served, Step, run};

/// More than any of these runs may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(90);

/// Checks the reference server behind somebody odd.
fn check(hook: Hook, options: &[&str]) -> (Ended, Report) {
    let served = Served::start(&[]);
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let ended = Running::start(command.args(options).arg("--out").arg(dir.path())).wait(BOUND);
    let report = Report::read(dir.path());
    (ended, report)
}

/// The hook that answers some requests in the server's place.
fn answering(answer: impl Fn(&Seen) -> Option<Message> + Send + Sync + 'static) -> Hook {
    let before = move |seen: &Seen| answer(seen).map_or(Step::Forward, Step::Answer);
    Hook { before: Box::new(before), ..Hook::default() }
}

fn error(status: u16, detail: &str) -> Message {
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(),
        "detail": detail,
    });
    Message::response(status, "application/scim+json", body.to_string())
}

fn moved_to(status: u16, location: &str) -> Message {
    let mut answer = Message::response(status, "text/plain", "");
    answer.add("location", location);
    answer
}

#[test]
fn connections_that_end_without_a_word_block_nothing() {
    for patience in [0, 50] {
        let hook = Hook { patience: Some(Duration::from_millis(patience)), ..Hook::default() };
        let (ended, report) = check(hook, &[]);
        assert!(report.ended("blocked").is_empty(), "after {patience} ms: {:?}", report.ended("blocked"));
        ended.exits(0);
        let notes = &report.run["checks"]["notes"];
        assert!(
            patience > 0 || notes[0].as_str().is_some_and(|note| note.contains("without saying so")),
            "{notes}"
        );
    }
}

/// Neither is a reason to keep what is not the server's.
#[test]
fn what_is_only_deleted_with_its_version_does_not_stay() {
    for status in [412, 428] {
        let careful = answering(move |seen| {
            let bare = seen.request.method() == "DELETE" && seen.request.header("if-match").is_none();
            bare.then(|| error(status, "which version?"))
        });
        let (ended, report) = check(careful, &["--only", "create"]);
        ended.exits(0);
        assert_eq!(report.leftovers(), 0);
    }
}

#[test]
fn what_is_left_behind_is_told_everywhere_and_is_no_proof() {
    let keeping = answering(|seen| (seen.request.method() == "DELETE").then(|| error(405, "nobody leaves")));
    let served = Served::start(&[]);
    let proxy = Proxy::start_with(&served, keeping);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let ended = run(command.args(["--only", "create.answers-201", "--out"]).arg(dir.path())).exits(1);
    ended
        .says(&["NOT PROOF:", "left behind on the target", "DELETE answered 405"])
        .complains(&["scimproof sweep"]);
    assert!(Report::read(dir.path()).leftovers() > 0);
    for name in ["report.html", "junit.xml", "run.json", "report.sarif", "summary.md"] {
        let told = std::fs::read_to_string(dir.path().join(name)).expect("a report");
        assert!(told.contains("DELETE answered 405"), "{name}");
    }
}

/// Where nothing shows the name that it was given, nobody can tell what is the run's: neither the run nor a sweep removes it, and
/// neither says that the other would.
#[test]
fn what_is_renamed_as_it_is_created_is_left_to_hands_and_not_to_a_sweep() {
    let rewrite = |request: &mut Message| {
        let body = String::from_utf8_lossy(&request.body).replace("\"scimproof-", "\"renamed-");
        request.body = body.into_bytes();
    };
    let served = Served::start(&[]);
    let proxy = Proxy::start_with(&served, Hook { rewrite: Box::new(rewrite), ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = served.check(&proxy.url);
    let ended = run(command.args(["--only", "create.answers-201", "--out"]).arg(dir.path())).exits(1);
    let told = "left behind that `scimproof sweep` leaves too";
    let ended = ended.says(&["what stands there has another name"]).complains(&[told, "journal-"]);
    assert!(!ended.stderr.contains("remove it with"), "{}", ended.stderr);
    let mut sweep = support::scimproof();
    sweep.args(["sweep", "--token-env", support::TOKEN_VARIABLE, "--out"]).arg(dir.path());
    let swept = run(sweep.env(support::TOKEN_VARIABLE, &served.token)).exits(1);
    swept
        .says(&["0 removed, 2 left", "what stands there has another name"])
        .complains(&[told, "and then the journal"]);
    // The place that the journal tells is where it stands.
    let names = support::files(dir.path());
    let journal = names.iter().find(|name| name.starts_with("journal-")).expect("a journal");
    let journal = std::fs::read_to_string(dir.path().join(journal)).expect("a journal");
    for path in journal.split('"').filter(|word| word.starts_with("/Users/")) {
        let url = format!("{}{path}", served.url);
        assert_eq!(Message::send("DELETE", &url, &served.token, b"").expect("an answer").status(), 204);
    }
    served.assert_empty_of_users();
}

#[test]
fn a_base_url_that_has_moved_is_named() {
    let served = Served::start(&[]);
    let there = served.url.clone();
    let hook = answering(move |seen| {
        let path = seen.request.path();
        let endpoint = path.rsplit('/').next().unwrap_or_default();
        Some(moved_to(308, &format!("{there}/{endpoint}/")))
    });
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(served.check(&proxy.url).arg("--out").arg(dir.path())).exits(3);
    ended.complains(&["answers 308", &format!("give the base URL {}", served.url)]);
}

/// What looks at it is told where it is; the rest of the server is judged.
#[test]
fn a_discovery_document_that_has_moved_ends_nothing() {
    for (moved, missed) in [
        ("ServiceProviderConfig", "discovery.config-is-one-object"),
        ("ResourceTypes", "discovery.types-are-listed"),
        ("Schemas", "discovery.schemas-are-listed"),
    ] {
        let elsewhere = answering(move |seen| {
            let path = seen.request.path();
            path.ends_with(moved).then(|| moved_to(302, &format!("{path}/")))
        });
        let (ended, report) = check(elsewhere, &["--only", "discovery,create"]);
        ended.exits(1).says(&["answered 302 and redirects to", &format!("{moved}/")]);
        assert_eq!(report.result(missed)["verdict"]["kind"], "blocked", "{moved}");
        assert_eq!(report.result("create.answers-201")["verdict"]["kind"], "pass", "{moved}");
    }
}

/// Frameworks that want a slash at the end do this to one document or another.
#[test]
fn a_look_finds_discovery_documents_that_have_moved_and_goes_on() {
    let served = Served::start(&[]);
    let moved = answering(|seen| {
        let path = seen.request.path();
        let is_moved = path.ends_with("ServiceProviderConfig") || path.ends_with("ResourceTypes");
        is_moved.then(|| moved_to(301, &format!("{path}/")))
    });
    let proxy = Proxy::start_with(&served, moved);
    let dir = tempfile::tempdir().expect("a directory");
    let mut doctor = support::scimproof();
    doctor
        .args(["doctor", &proxy.url, "--token-env", support::TOKEN_VARIABLE, "--json"])
        .current_dir(dir.path());
    let ended = run(doctor.env(support::TOKEN_VARIABLE, &served.token)).exits(0);
    let found: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a diagnosis");
    let documents = found["documents"].as_array().expect("documents");
    let readable: Vec<_> = documents.iter().map(|document| document["readable"].clone()).collect();
    assert_eq!(readable, [false, false, true]);
    served.assert_empty();
}

#[test]
fn an_endpoint_that_has_moved_blocks_and_says_where_to() {
    let moved = answering(|seen| {
        let search = seen.request.start.contains(".search") || seen.request.start.contains("/Schemas");
        search.then(|| moved_to(301, "/elsewhere/"))
    });
    let (ended, report) = check(moved, &["--only", "search,read,create"]);
    ended.exits(1).says(&["answered 301 and redirects to /elsewhere/"]);
    for id in ["search.answers-a-list", "read.values-have-their-type"] {
        assert_eq!(report.result(id)["verdict"]["kind"], "blocked", "{id}");
    }
    assert!(report.ended("not-supported").is_empty(), "{:?}", report.ended("not-supported"));
}

/// What it says of creates is refuted by what it holds.
#[test]
fn what_was_refused_and_stored_all_the_same_does_not_stay() {
    for (status, every) in [(400, 11), (429, 11), (401, 5)] {
        let lying = Arc::new(AtomicUsize::new(0));
        let lied = Arc::clone(&lying);
        let after = move |seen: &Seen, answer: Message| {
            let created = seen.request.method() == "POST" && answer.status() == 201;
            let lies = created && lying.fetch_add(1, Ordering::SeqCst) % every == every - 1;
            Some(if lies { error(status, "no") } else { answer })
        };
        let hook = Hook { after: Box::new(after), ..Hook::default() };
        let served = Served::start(&[]);
        let proxy = Proxy::start_with(&served, hook);
        let dir = tempfile::tempdir().expect("a directory");
        let mut command = served.check(&proxy.url);
        let ended = run(command.args(["--only", "create,list,groups", "--out"]).arg(dir.path()));
        ended.exits(1);
        let report = Report::read(dir.path());
        assert!(lied.load(Ordering::SeqCst) >= every, "nobody was lied to");
        assert_eq!(report.leftovers(), 0);
        served.assert_empty();
        let notes = &report.run["checks"]["notes"];
        assert!(notes[0].as_str().is_some_and(|note| note.contains("its create was refused")), "{notes}");
    }
}

#[test]
fn a_body_that_never_comes_whole_leaves_nothing_behind() {
    let (ended, report) =
        check(Hook { waits_for_the_rest: true, ..Hook::default() }, &["--only", "framing", "--timeout", "2"]);
    ended.exits(0);
    assert_eq!(report.leftovers(), 0);
    let result = report.result("framing.broken-off-bodies-count-for-nothing");
    assert_eq!(result["verdict"]["kind"], "pass");
}

/// What a run says at its end that met this on every create or write.
fn hinted(status: u16, detail: &'static str) -> String {
    let refusing = answering(move |seen| {
        let writes = matches!(seen.request.method(), "POST" | "PUT" | "PATCH" | "DELETE");
        (writes && !seen.request.start.contains(".search")).then(|| error(status, detail))
    });
    let (ended, _) = check(refusing, &["--only", "create,read,patch,replace"]);
    let ended = ended.exits(1);
    let words: Vec<&str> = ended.stdout.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn where_nearly_everything_is_blocked_a_hint_says_what_to_do() {
    for status in [401, 403, 405, 501] {
        let told = hinted(status, "not for you");
        assert!(told.contains("Hint: most checks could not write") && told.contains("--read-only"), "{told}");
    }
    let told = hinted(400, "attribute emails is required");
    assert!(told.contains("[samples.User]") && told.contains("attribute emails is required"), "{told}");
    assert!(!hinted(400, "this is not your day").contains("Hint:"));
    assert!(!hinted(500, "out of order").contains("Hint:"));
}
