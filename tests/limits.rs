//! What may be asked of a server, by every verb that asks: each test fails when the option is taken away.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use support::{Ended, Hook, Proxy, Report, Served, Step, TOKEN, TOKEN_VARIABLE, run, scimproof};

/// A small load whose twenty people come eight at a time.
const LOAD: &str = r#"
name = "small"
title = "twenty people, two groups and their members"
together = 8
population = { users = 20, groups = 2, memberships = 30 }
pace = { rate = 500 }
caps = { requests = 2_000, seconds = 60, rate = 1_000 }
steps = [{ action = "create-users" }, { action = "create-groups" }, { action = "add-members" }]
"#;

/// The verbs that send, each as it is typed for a server.
const VERBS: [&str; 4] =
    ["check --only create,groups", "sync groups-and-managers", "load small.toml --executor closed", "prove"];

/// A verb, for a server behind a proxy; its reports go to a folder of its own.
fn verb(words: &str, proxy: &Proxy, dir: &Path, options: &[&str]) -> Command {
    std::fs::write(dir.join("small.toml"), LOAD).expect("a file");
    let mut command = scimproof();
    command.args(words.split(' ')).arg(&proxy.url).args(options).current_dir(dir);
    command.args(["--token-env", TOKEN_VARIABLE, "--out", "out"]).env(TOKEN_VARIABLE, TOKEN);
    command
}

/// What ends a run as soon as the test has seen enough.
const ENOUGH: [&str; 2] = ["--max-requests", "100"];

#[test]
fn no_verb_sends_more_requests_than_it_may() {
    for words in VERBS {
        let served = Served::start(&["--profile", "entra-ready"]);
        let proxy = Proxy::start(&served);
        let dir = tempfile::tempdir().expect("a directory");
        let ended = run(&mut verb(words, &proxy, dir.path(), &["--max-requests", "60"])).exits(11);
        // Nobody interrupted it.
        let ended = ended.says(&["\nLIMIT REACHED: the limit of 60 requests is reached; "]);
        assert!(!ended.stdout.contains("INTERRUPTED"), "{words}: {}", ended.stdout);
        let number = proxy.requests().len();
        assert!((30..=60).contains(&number), "{words}: {number} requests");
        served.assert_empty();
    }
}

#[test]
fn a_plan_tells_how_many_requests_it_is_going_to_be() {
    let plan = |options: &[&str]| {
        let mut command = scimproof();
        run(command.args(["check", "http://127.0.0.1:9/scim", "--dry-run"]).args(options)).exits(0)
    };
    let requests = suites::requests(suites::all());
    let rate = format!("  up to {requests} requests, which take {} min ", requests * 2 / 60);
    plan(&["--rps", "0.5"]).says(&[&rate, " at 0.5 a second, where the server passes"]);
    let reading = suites::requests(suites::all().iter().filter(|check| check.reads_only));
    plan(&["--read-only"]).says(&[&format!("  up to {reading} requests where the server passes")]);
    assert!(reading < requests / 10, "{reading} of {requests}");
}

/// The number that stands behind these words; none is told as zero.
fn number_after(text: &str, words: &str) -> usize {
    let rest = text.split_once(words).map_or("", |(_, rest)| rest);
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    number.parse().unwrap_or_default()
}

/// What the plan of a verb says, which sends nothing, and how many requests it takes then.
fn told_and_sent(words: &str, profile: &str, options: &[&str]) -> (String, usize) {
    let served = Served::start(&["--profile", profile]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let told = run(&mut verb(words, &proxy, dir.path(), &[options, &["--dry-run"]].concat())).exits(0).stdout;
    assert_eq!(proxy.requests().len(), 0, "{words}");
    run(&mut verb(words, &proxy, dir.path(), options)).exits(0);
    served.assert_empty_of_users();
    (told, proxy.requests().len())
}

/// A scenario of one's own is counted like those that come with the program.
#[test]
fn a_plan_of_scenarios_tells_how_many_requests_it_is_going_to_be() {
    let dir = tempfile::tempdir().expect("a directory");
    let own = dir.path().join("own.toml");
    let text = "name = \"own\"\ntitle = \"Some come\"\napp = { profile = \"entra-ready\", mapping = \"entra-default\" }\n\
        population = { shape = { users = 20, groups = 3 } }\nsteps = [{ title = \"Go\", cycle = true, expect = [{ same-as-model = {} }] }]\n";
    std::fs::write(&own, text).expect("a file");
    let own = format!("sync {}", own.display());
    for (words, profile, options) in [
        ("sync", "entra-ready", &[][..]),
        ("sync groups-and-managers", "entra-ready", &["--client", "entra-flag"]),
        ("sync bonusly-week", "bonusly", &["--profile", "bonusly"]),
        (&own, "entra-ready", &[]),
    ] {
        let (told, sent) = told_and_sent(words, profile, options);
        assert_eq!(number_after(&told, "\n  some "), sent, "{words}: {told}");
    }
}

#[test]
fn a_plan_of_scenarios_tells_how_long_their_requests_take() {
    for (words, some) in [("sync", "some"), ("prove", "up to")] {
        let mut command = scimproof();
        command.args([words, "http://127.0.0.1:9/scim", "--dry-run", "--rps", "0.5"]);
        let plan = run(&mut command).exits(0);
        let told = number_after(&plan.stdout, &format!("\n  {some} "));
        assert!(told > 100, "{plan:?}");
        let rate = format!("  {some} {told} requests, which take {} min ", told * 2 / 60);
        plan.says(&[&rate, " at 0.5 a second, where the server passes"]);
    }
}

/// The bundled server goes when the run ends, so nothing is read there before it is changed.
#[test]
fn a_plan_for_the_bundled_server_tells_what_is_sent_to_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let sync = |options: &[&str]| {
        let mut command = scimproof();
        command.args(["sync", "groups-and-managers", "--out", "out"]).args(options).current_dir(dir.path());
        run(&mut command).exits(0)
    };
    let told = number_after(&sync(&["--dry-run"]).stdout, "\n  some ");
    assert!(told > 10, "{told}");
    sync(&[]);
    let report = Report::read(&dir.path().join("out"));
    assert_eq!(report.run["sync"]["exchanges"].as_array().map(Vec::len), Some(told));
}

/// It names its parts, and they take what is told, the load nearly.
#[test]
fn a_plan_of_a_proof_tells_how_many_requests_each_part_is_going_to_be() {
    let (told, sent) = told_and_sent("prove", "entra-ready", &["--profile", "entra-ready"]);
    let checks = suites::held_to("entra-ready");
    let judging = suites::requests(&checks) as usize;
    assert!(told.contains(&format!("\n  {} checks, ", checks.len())), "{told}");
    let all = number_after(&told, "\n  up to ");
    let playing = number_after(&told, &format!(" where the server passes: {judging} for the checks, "));
    let loading = number_after(&told, &format!(" {playing} for the scenarios,\n  "));
    assert!(playing > 0 && all == judging + playing + loading, "{told}");
    assert!((all / 2..=all).contains(&sent), "{sent} of {told}");
    let (_, played) = told_and_sent("sync", "entra-ready", &[]);
    let (_, loaded) = told_and_sent("load short-proof --executor closed", "entra-ready", &[]);
    // Alone, each of them first asks whether there is a server; a proof has that from its checks.
    assert!(played > playing && played - playing < 10, "{played} of {told}");
    assert!((loading - loading / 20..=loading).contains(&loaded), "{loaded} of {told}");
}

/// That nothing could be asked is not the server's fault.
#[test]
fn a_limit_that_is_reached_at_once_is_told_as_such() {
    for words in VERBS {
        let served = Served::start(&[]);
        let proxy = Proxy::start(&served);
        let dir = tempfile::tempdir().expect("a directory");
        let ended = run(&mut verb(words, &proxy, dir.path(), &["--max-requests", "1"])).exits(11);
        let told = ended.stdout + &ended.stderr;
        assert!(!told.contains("no usable answer"), "{words}: {told}");
        assert!(told.contains("the limit of 1 requests is reached"), "{words}: {told}");
        assert!(proxy.requests().len() <= 1, "{words}: {:?}", proxy.requests());
    }
}

/// A create that the limit kept back left nothing, and says nothing of the server.
#[test]
fn doctor_blames_nobody_for_its_own_limit() {
    for limit in 8..16 {
        let served = Served::start(&[]);
        let proxy = Proxy::start(&served);
        let dir = tempfile::tempdir().expect("a directory");
        let ended =
            run(&mut verb("doctor", &proxy, dir.path(), &["--max-requests", &limit.to_string()])).exits(11);
        let told = ended.stdout + &ended.stderr;
        for wrong in ["no-answer-to-a-create", "Left behind", "sweep"] {
            assert!(!told.contains(wrong), "{limit}: {wrong:?} in {told}");
        }
        assert!(told.contains("limit-reached"), "{limit}: {told}");
        assert!(proxy.requests().len() <= limit, "{limit}");
        served.assert_empty();
    }
}

/// A create that waits for its turn when somebody stops the run was never sent: nobody looks for it, and nobody is told of it.
#[test]
fn what_was_not_sent_is_not_left_behind() {
    let served = Served::start(&[]);
    let (told, heard) = std::sync::mpsc::channel();
    let created = Box::new(move |seen: &support::Seen| {
        if seen.request.method() == "POST" {
            // The run may be over by now.
            let _ = told.send(());
        }
        Step::Forward
    });
    let proxy = Proxy::start_with(&served, Hook { before: created, ..Hook::default() });
    let dir = tempfile::tempdir().expect("a directory");
    // Eight checks at a time wait for their turns, most of them with a create.
    let mut command = verb("check", &proxy, dir.path(), &["--rps", "4", "--only", "create"]);
    let running = support::Running::start(&mut command);
    heard.recv_timeout(support::PATIENCE).expect("a create");
    running.signal("INT");
    let ended = running.wait(support::PATIENCE).exits(130);
    assert!(!ended.stdout.contains("left behind") && !ended.stderr.contains("sweep --out"), "{ended:?}");
    let out = dir.path().join("out");
    assert_eq!(Report::read(&out).leftovers(), 0);
    let left = support::files(&out);
    assert!(!left.iter().any(|name| name.starts_with("journal-")), "{left:?}");
    served.assert_empty();
}

/// The moments at which requests come.
#[expect(clippy::disallowed_methods, reason = "what is tested is how much time passes")]
fn timed(served: &Served) -> (Proxy, Arc<Mutex<Vec<Instant>>>) {
    let moments = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&moments);
    let before = move |_: &support::Seen| {
        noting.lock().expect("nobody panics here").push(Instant::now());
        Step::Forward
    };
    (Proxy::start_with(served, Hook { before: Box::new(before), ..Hook::default() }), moments)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what is tested is how much time passes")]
fn no_verb_sends_faster_than_it_may() {
    const A_SECOND: f64 = 25.0;
    for words in VERBS {
        let served = Served::start(&["--profile", "entra-ready"]);
        let (proxy, moments) = timed(&served);
        let dir = tempfile::tempdir().expect("a directory");
        let options = [&ENOUGH[..], &["--rps", "25"]].concat();
        let start = Instant::now();
        let ended = run(&mut verb(words, &proxy, dir.path(), &options));
        assert!(matches!(ended.code, Some(0 | 1 | 11)), "{words}: {ended:#?}");
        let moments = moments.lock().expect("nobody panicked here");
        // From before the first one may go: on its way it may be late, and then the others seem to be early.
        let lasted = moments.last().map(|last| *last - start).expect("requests").as_secs_f64();
        let (number, at_least) = (moments.len(), (moments.len() - 1) as f64 / A_SECOND);
        assert!(number >= 40 && lasted > at_least, "{words}: {number} requests in {lasted:.2} s");
        served.assert_empty();
    }
}

/// How many requests are under way, and how many there were at most.
#[derive(Default)]
struct UnderWay {
    now_and_most: Mutex<(usize, usize)>,
    changed: Condvar,
}

impl UnderWay {
    /// A request comes, and waits a moment for company.
    fn comes(&self) {
        let mut counted = self.now_and_most.lock().expect("nobody panics here");
        counted.0 += 1;
        counted.1 = counted.1.max(counted.0);
        self.changed.notify_all();
        let alone = |counted: &mut (usize, usize)| counted.0 < 2;
        drop(self.changed.wait_timeout_while(counted, Duration::from_millis(30), alone));
    }

    fn goes(&self) {
        self.now_and_most.lock().expect("nobody panics here").0 -= 1;
    }
}

/// The most requests that a verb has under way at a time.
fn most_at_a_time(words: &str, limits: &str) -> usize {
    let served = Served::start(&["--profile", "entra-ready"]);
    let under_way = Arc::new(UnderWay::default());
    let (coming, going) = (Arc::clone(&under_way), Arc::clone(&under_way));
    let hook = Hook {
        before: Box::new(move |_| {
            coming.comes();
            Step::Forward
        }),
        after: Box::new(move |_, answer| {
            going.goes();
            Some(answer)
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("target.toml"), format!("url = \"{}\"\n{limits}", proxy.url))
        .expect("a file");
    let options = [&ENOUGH[..], &["--target", "target.toml"]].concat();
    let ended = run(&mut verb(words, &proxy, dir.path(), &options));
    assert!(matches!(ended.code, Some(0 | 1 | 11)), "{words}: {ended:#?}");
    served.assert_empty();
    under_way.now_and_most.lock().expect("nobody panicked here").1
}

/// A client that is played sends one request after the other, so `sync` is not among them.
#[test]
fn no_verb_has_more_requests_under_way_than_it_may() {
    for words in VERBS.into_iter().filter(|words| !words.starts_with("sync")) {
        assert_eq!(most_at_a_time(words, "[limits]\nconcurrency = 1\n"), 1, "{words}");
        assert!(most_at_a_time(words, "") > 1, "{words}");
    }
}

/// Checks of a server that fails one of them, with so many requests and one after the other.
fn faulty(limit: &str) -> (Ended, Report) {
    let served = Served::start(&["--fault", "delete-answers-200"]);
    let proxy = Proxy::start(&served);
    let dir = tempfile::tempdir().expect("a directory");
    let options = ["--max-requests", limit, "--jobs", "1"];
    let ended = run(&mut verb("check --only delete,filter", &proxy, dir.path(), &options));
    served.assert_empty();
    (ended, Report::read(&dir.path().join("out")))
}

#[test]
fn what_failed_before_the_limit_fails_the_run() {
    let (ended, report) = faulty("60");
    ended.exits(1).says(&[
        "FAIL delete.answers-204",
        "\nNOT PROOF: the limit of 60 requests is reached; ",
        " 1 failed, ",
    ]);
    assert!(!report.ended("blocked").is_empty(), "it was not as long as that");
    let (ended, report) = faulty("14");
    ended.exits(11).says(&["the limit of 14 requests is reached"]);
    assert!(report.ended("fail").is_empty(), "{:?}", report.ended("fail"));
}

/// A load file may not demand what `--rps` keeps it from, as `--objective` may not.
#[test]
fn a_load_file_that_demands_more_than_may_be_sent_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let file =
        "name = \"x\"\ntitle = \"x\"\nobjectives = [\"rate>=20/s\"]\n[[steps]]\naction = \"create-users\"\n";
    std::fs::write(dir.path().join("l.toml"), file).expect("a file");
    let load = |rps: &str| {
        let mut command = scimproof();
        command.args(["load", "l.toml", "http://127.0.0.1:9", "--dry-run", "--rps", rps]);
        run(command.current_dir(dir.path()))
    };
    load("20").exits(0);
    load("5")
        .exits(2)
        .complains(&["l.toml:3:15: this can never hold", "no more than 5/s is sent (caps.rate, --rps)"]);
}

/// A load on a server that may be asked little takes its time, and is not stopped for that.
#[test]
fn a_load_takes_the_time_that_its_limit_needs() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["load", "large-group", "http://127.0.0.1:9", "--rps", "5", "--dry-run"]);
    run(command.current_dir(dir.path())).exits(0).says(&["20000 requests, 5 requests/s and 4000 s"]);
}
