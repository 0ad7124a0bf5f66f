//! Hostile servers under a load and under a client that is played: time and memory are bounded, what is told is so, nobody hears the
//! token, and what was created can be removed once the server is good.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::play;
use crate::support::{Ended, Report, Running, Served, TOKEN, TOKEN_VARIABLE, bounded, files, run, scimproof};

/// How many servers are played at a time. Most of their time goes by in waiting.
const AT_A_TIME: usize = 4;
/// More than any of these runs may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(180);
/// What the program may allocate.
const MEMORY_MIB: u32 = 320;

/// A dozen people and a group, with reads enough for servers that turn in the middle.
const LOAD: &str = r#"
name = "small"
title = "a dozen people and their group"
together = 4
population = { users = 12, groups = 1, memberships = 10 }
caps = { requests = 2_000, seconds = 60, rate = 1_000 }
prepare = [{ action = "create-users" }]
steps = [{ action = "read-users", times = 6 }, { action = "create-groups" }, { action = "add-members" }]
"#;

/// How a run ends: the exit code, one of several where it is the machine's speed that decides, and what is said.
type Ends = (&'static [i32], &'static str);

/// What a load and a scenario come to on a hostile server.
struct Case {
    kind: &'static str,
    load: Ends,
    sync: Ends,
}

const fn case(kind: &'static str, load: Ends, sync: Ends) -> Case {
    Case { kind, load, sync }
}

const CASES: &[Case] = &[
    case("says-nothing", (&[3], "no complete answer within 1s"), (&[3], "no complete answer within 1s")),
    case("falls-silent", (&[1], "left behind on the target"), (&[1], "left behind on the target")),
    case("creates-and-says-nothing", (&[1, 12], "0 of 12 users"), (&[1], "misses")),
    case("creates-and-hangs-up", (&[1, 12], "0 of 12 users"), (&[1], "misses")),
    // What was deleted without a word is not left behind.
    case("deletes-and-says-nothing", (&[0, 14], "audit"), (&[1], "misses")),
    case(
        "never-deletes-and-hangs-up",
        (&[1], "left behind on the target"),
        (&[1], "left behind on the target"),
    ),
    case("loses-what-it-creates", (&[1], "may be left behind on the target"), (&[1], "misses")),
    case("holds-millions-of-values", (&[1, 12], "MISSED"), (&[1], "JSON values")),
    case("bodies-never-end-later", (&[1, 12], "MISSED"), (&[1], "misses")),
    case("lists-a-million", (&[1, 12], "MISSED"), (&[1], "misses")),
    case("lists-never-end", (&[1], "differences"), (&[1], "misses")),
    case("nests-in-resources", (&[1], "left behind on the target"), (&[1], "left behind on the target")),
    case("answers-the-request-before", (&[1], "differences"), (&[1], "misses")),
    case("redirects-creates-to-another-host", (&[1, 12], "0 of 12 users"), (&[1], "misses")),
    case("asks-for-a-century", (&[3], "limiting requests"), (&[3], "limiting requests")),
];

#[test]
fn loads_and_scenarios_end_in_time_and_say_what_is_so() {
    let runs = CASES.iter().flat_map(|case| {
        [
            (case.kind, (case.kind, "load small.toml --executor closed", case.load)),
            (case.kind, (case.kind, "sync groups-and-managers", case.sync)),
        ]
    });
    play(AT_A_TIME, runs, plays);
}

/// Runs a verb on a server of this kind, makes it good, and removes what is left.
fn plays((kind, verb, (codes, says)): (&str, &str, Ends)) {
    let mut served = Served::hostile(kind);
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("small.toml"), LOAD).expect("a file");
    let mut command = bounded(MEMORY_MIB);
    command.args(verb.split(' ')).args([&served.url, "--token-env", TOKEN_VARIABLE]);
    // Who is silent is not waited for; what is long takes a while to read.
    let is_silent = ["silent", "nothing"].iter().any(|word| kind.contains(word));
    command.args(["--timeout", if is_silent { "1" } else { "10" }]);
    command.env(TOKEN_VARIABLE, TOKEN).args(["--out", "out"]).current_dir(dir.path());
    let ended = Running::start(&mut command).wait(BOUND);
    let told = format!("{}{}", ended.stdout, ended.stderr);
    let code = ended.code.filter(|code| codes.contains(code));
    assert!(code.is_some() && told.contains(says), "{kind}: {verb}: {ended:#?}");
    let code = code.unwrap_or_default();
    let ended = ended.exits(code);
    assert!(!told.contains(TOKEN), "{kind}: the token is told");
    let out = dir.path().join("out");
    if code == 3 {
        // Nothing was begun.
        return assert!(!out.exists(), "{kind}");
    }
    tells_what_it_left(kind, &out, &ended);
    for name in files(&out) {
        let text = std::fs::read(out.join(&name)).expect("a file");
        assert!(!String::from_utf8_lossy(&text).contains(TOKEN), "{kind}: {name} tells the token");
    }
    served.recover();
    if files(&out).iter().any(|name| name.starts_with("journal-")) {
        let mut sweep = scimproof();
        sweep.args(["sweep", "--token-env", TOKEN_VARIABLE, "--out"]).arg(&out).env(TOKEN_VARIABLE, TOKEN);
        run(&mut sweep).swept_what_has_a_name();
    }
    served.assert_empty();
}

/// The journal stays where something may still stand, and it is said how that is removed.
fn tells_what_it_left(kind: &str, out: &Path, ended: &Ended) {
    let run = Report::read(out).run;
    let of_loads = run["load"]["runs"].as_array().into_iter().flatten();
    let left = |part: &Value| part["leftovers"].as_array().is_some_and(|left| !left.is_empty());
    let is_left = left(&run["sync"]) || of_loads.into_iter().any(left);
    assert_eq!(files(out).iter().any(|name| name.starts_with("journal-")), is_left, "{kind}: {run:#}");
    assert_eq!(ended.stderr.contains("scimproof sweep"), is_left, "{kind}: {}", ended.stderr);
}
