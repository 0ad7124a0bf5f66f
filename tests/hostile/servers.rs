//! Every kind of hostile server that the reference server can be: a check ends as the kind says, within its time and memory,
//! tells nobody the token, and what it created can be removed once the server is good.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use reference_server::hostile::{self, Kind};

use crate::play;
use crate::support::{Ended, Report, Running, Served, TOKEN, TOKEN_VARIABLE, bounded, files, run, scimproof};

/// How many kinds are played at a time. Most of their time goes by in waiting.
const AT_A_TIME: usize = 6;

#[test]
fn every_kind_ends_as_it_says() {
    play(AT_A_TIME, hostile::all().iter().map(|kind| (kind.name, kind)), plays);
}

/// Checks a server of this kind, makes it good, and removes what is left.
fn plays(kind: &Kind) {
    let mut served = Served::hostile(kind.name);
    let dir = tempfile::tempdir().expect("a directory");
    let authorities = tempfile::NamedTempFile::new().expect("a file");
    let mut command = bounded(kind.mib_max);
    if served.is_https() {
        // So that nothing but what the kind is about keeps anybody from trusting it.
        std::fs::write(authorities.path(), served.authority()).expect("a file");
        command.env("SSL_CERT_FILE", authorities.path());
    }
    command.args(["check", &served.url, "--token-env", TOKEN_VARIABLE]).args(kind.options.split_whitespace());
    command.env(TOKEN_VARIABLE, TOKEN).arg("--out").arg(dir.path());
    let ended = Running::start(&mut command).wait(Duration::from_secs(kind.seconds_max.into()));
    assert_eq!(ended.code, Some(kind.ends.exit.into()), "{}: {ended:#?}", kind.name);
    let ended = ended.exits(kind.ends.exit.into());
    keeps_the_token(kind, dir.path(), &ended);
    if kind.ends.exit == 3 {
        is_unusable(kind, dir.path(), &ended, &served.url);
    } else {
        is_judged(kind, dir.path(), &ended);
    }
    if served.is_https() {
        return;
    }
    served.recover();
    if files(dir.path()).iter().any(|name| name.starts_with("journal-")) {
        let mut sweep = scimproof();
        sweep
            .args(["sweep", "--token-env", TOKEN_VARIABLE, "--out"])
            .arg(dir.path())
            .env(TOKEN_VARIABLE, TOKEN);
        run(&mut sweep).swept_what_has_a_name();
    }
    served.assert_empty();
    let told = served.ended().exits(0).stdout;
    let went = told.lines().find(|line| line.contains("went to the other server"));
    assert!(went.is_none_or(|line| line.starts_with("0 requests")), "{}: {told}", kind.name);
}

/// The report says why nothing could be judged, and nothing else was written.
fn is_unusable(kind: &Kind, dir: &Path, ended: &Ended, url: &str) {
    let Ended { stderr, .. } = ended;
    assert!(stderr.contains(kind.ends.says) && stderr.contains(url), "{}: {stderr}", kind.name);
    assert_eq!(stderr.lines().count(), 1, "{}: {stderr}", kind.name);
    let reports = ["junit.xml", "report.html", "report.sarif", "run.json", "summary.md"];
    assert_eq!(files(dir), reports, "{}: no journal stays", kind.name);
    let run = Report::read(dir).run;
    let why = stderr.trim_end().strip_prefix("error: ").expect("an error");
    assert_eq!(run["unjudged"], why);
    assert!(run["checks"].is_null(), "{}: {run:#}", kind.name);
}

/// Nothing but what the kind does is held against the server, and nothing against ourselves.
fn is_judged(kind: &Kind, dir: &Path, ended: &Ended) {
    let report = Report::read(dir);
    let told = &ended.stdout;
    let noted = report.run["checks"]["notes"].to_string();
    assert!(told.contains(kind.ends.says) || noted.contains(kind.ends.says), "{}: {told}", kind.name);
    assert!(report.ended("error").is_empty(), "{}: {:?}", kind.name, report.ended("error"));
    if let Some(fails) = kind.ends.fails {
        assert_eq!(!report.ended("fail").is_empty(), fails, "{}: {told}", kind.name);
    }
    let is_left = report.leftovers() > 0;
    assert_eq!(files(dir).iter().any(|name| name.starts_with("journal-")), is_left, "{}: {told}", kind.name);
    assert_eq!(ended.stderr.contains("scimproof sweep"), is_left, "{}: {}", kind.name, ended.stderr);
}

fn keeps_the_token(kind: &Kind, dir: &Path, ended: &Ended) {
    let texts = files(dir).into_iter().map(|name| std::fs::read(dir.join(name)).expect("a file"));
    for text in texts.chain([ended.stdout.clone().into_bytes(), ended.stderr.clone().into_bytes()]) {
        assert!(!String::from_utf8_lossy(&text).contains(TOKEN), "{}: the token is told", kind.name);
    }
}

#[test]
fn a_wrong_kind_is_wrong_usage_with_a_hint() {
    let serve =
        |kind: &str| run(scimproof().args(["serve", "--listen", "127.0.0.1:0", "--hostile", kind])).exits(2);
    serve("says-nothin").complains(&["did you mean says-nothing", "scimproof faults --hostile"]);
    serve("zzz").complains(&["there is no hostile server \"zzz\";"]);
    run(scimproof().args(["explain", "says-nothin"])).exits(2).complains(&["did you mean says-nothing"]);
}

#[test]
fn every_kind_is_listed_and_explained() {
    let listed = run(scimproof().args(["faults", "--hostile"])).exits(0).stdout;
    assert_eq!(listed.lines().count(), hostile::all().len() + 1);
    assert!(hostile::all().len() >= 25, "{}", hostile::all().len());
    for kind in hostile::all() {
        assert!(
            listed.lines().any(|line| line.starts_with(kind.name) && line.ends_with(kind.title)),
            "{}",
            kind.name
        );
    }
    let explained = run(scimproof().args(["explain", "creates-and-hangs-up"])).exits(0);
    insta::assert_snapshot!(explained.stdout);
    let json = run(scimproof().args(["faults", "--hostile", "--json"])).exits(0).stdout;
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(hostile::all().len()));
    assert!(rows[0]["exit"].is_u64() && rows[0]["strikes"].is_string(), "{rows:#}");
}

const HEAD: &str = "# Hostile servers

What answers at an address may hang, flood, lie about lengths, or speak no HTTP at all. `scimproof serve --hostile NAME` is such a
server, on raw sockets; `scimproof faults --hostile` lists all of them and `scimproof explain NAME` tells of one. Where it strikes in a
phase only, a good server stands behind it. A line on its standard input makes it good, and the next one hostile again, so that
`scimproof sweep` can be seen to remove what a run had to leave behind.

This page is drawn from the rows of that list, and a test plays each of them: `scimproof check`, with the options that the row
names, ends with this exit code (3: nothing can be judged there; 1: checks failed or were blocked; 0: all that SCIM asks for holds)
and says this. It ends within so many seconds, and allocates no more than so many MiB, which the system enforces in that test. It
never accuses itself, tells the token to nobody else and writes it nowhere, and after a sweep nothing of the run is left. The same is
held to of `scimproof load` and `scimproof sync`, for a selection of these servers, in 180 seconds and 320 MiB.

What bounds the time of any run: a request ends after `--timeout` seconds, 8 requests in a row without an answer end the run, an
answer of 429 or 503 is waited for three times at most and 30 seconds at a time, and a clean-up reads 1,000 pages of lists at most.
What bounds its memory: all answers under way share 128 MiB and 4,000,000 JSON values, the head of one has at most 100 headers, and of
all answers of a run 32 MiB are kept for the report.

| hostile server | what it does | it strikes | options | exit code | says | seconds | MiB |
|---|---|---|---|---|---|---|---|
";

/// After a change that is meant, run this with `SCIMPROOF_BLESS=1` and review the difference.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test is blessed by its environment")]
fn the_document_of_hostile_servers_is_current() {
    let mut text = HEAD.to_owned();
    for kind in hostile::all() {
        let Kind { name, title, strikes, ends, options, seconds_max, mib_max, .. } = kind;
        let options = if options.is_empty() { String::new() } else { format!("`{options}`") };
        let _ = writeln!(
            text,
            "| `{name}` | {title} | {strikes} | {options} | {} | {} | {seconds_max} | {mib_max} |",
            ends.exit, ends.says
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hostile.md");
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(path, text).expect("a file");
    } else {
        assert_eq!(
            std::fs::read_to_string(path).expect("a file"),
            text,
            "where it is meant: SCIMPROOF_BLESS=1"
        );
    }
}
