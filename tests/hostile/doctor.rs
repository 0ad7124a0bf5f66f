//! `scimproof doctor` on every kind of hostile server: it ends in time and memory, says what is wrong, and tells nobody the token.

use std::time::Duration;

use reference_server::hostile::{self, Kind};

use crate::play;
use crate::support::{Running, Served, TOKEN, TOKEN_VARIABLE, bounded, run, scimproof};

/// How many kinds are played at a time. Most of their time goes by in waiting.
const AT_A_TIME: usize = 16;
/// How long a look may take at most, and how much memory.
const PATIENCE: Duration = Duration::from_secs(120);
const MIB_MAX: u32 = 320;

#[test]
fn every_kind_is_told_and_bounded() {
    play(AT_A_TIME, hostile::all().iter().map(|kind| (kind.name, kind)), is_looked_at);
}

fn is_looked_at(kind: &Kind) {
    let mut served = Served::hostile(kind.name);
    let dir = tempfile::tempdir().expect("a directory");
    let authorities = tempfile::NamedTempFile::new().expect("a file");
    let mut command = bounded(MIB_MAX);
    if served.is_https() {
        std::fs::write(authorities.path(), served.authority()).expect("a file");
        command.env("SSL_CERT_FILE", authorities.path());
    }
    command.args(["doctor", &served.url, "--token-env", TOKEN_VARIABLE, "--timeout", "1"]);
    command.args(["--write", "target.toml"]).current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN);
    let ended = Running::start(&mut command).wait(PATIENCE);
    let code = ended.code.unwrap_or_else(|| panic!("{}: a signal ended it: {ended:#?}", kind.name));
    let ended = ended.exits(code);
    assert!(matches!(code, 0 | 1 | 3), "{}: {ended:#?}", kind.name);
    // Where not even discovery can be read, no run can begin.
    if kind.ends.exit == 3 {
        assert_eq!(code, 3, "{}: {ended:#?}", kind.name);
        assert!(ended.stdout.contains("NOT READY"), "{}: {ended:#?}", kind.name);
    }
    let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("a target file");
    profiles::target::parse(&file, "target.toml")
        .unwrap_or_else(|error| panic!("{}: {error}\n{file}", kind.name));
    for text in [&file, &ended.stdout, &ended.stderr] {
        assert!(!text.contains(TOKEN), "{}: the token is told: {text}", kind.name);
        let is_harmful = |letter: char| letter.is_control() && letter != '\n';
        assert!(!text.contains(is_harmful), "{}: {text:?}", kind.name);
    }
    if served.is_https() {
        return;
    }
    served.recover();
    if dir.path().join("scimproof-report").exists() {
        let mut sweep = scimproof();
        sweep
            .args(["sweep", "--token-env", TOKEN_VARIABLE])
            .current_dir(dir.path())
            .env(TOKEN_VARIABLE, TOKEN);
        run(&mut sweep).swept_what_has_a_name();
    }
    served.assert_empty();
}

/// What the client knows of an answer that it cannot read is told, and not that the resource were missing.
#[test]
fn why_a_read_cannot_be_read_is_told() {
    let served = Served::hostile("nests-in-resources");
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["doctor", &served.url, "--token-env", TOKEN_VARIABLE, "--json"]);
    let ended = run(command.current_dir(dir.path()).env(TOKEN_VARIABLE, TOKEN)).exits(3);
    let seen: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let reason = "answers 200 with application/scim+json and JSON that is nested too deeply to be read";
    let symptom = &seen["symptoms"][0];
    assert_eq!(symptom["name"], "created-and-unseen");
    assert!(symptom["said"].as_str().is_some_and(|said| said.ends_with(reason)), "{symptom}");
    assert!(!symptom["advice"].to_string().contains("reach the place"), "{symptom}");
    for name in ["read users", "read groups"] {
        let mut features = seen["features"].as_array().expect("features").iter();
        let feature = features.find(|feature| feature["name"] == name).expect("a feature");
        assert!(feature["said"].as_str().is_some_and(|said| said.ends_with(reason)), "{feature}");
    }
}
