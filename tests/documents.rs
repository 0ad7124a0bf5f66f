//! The documents say what is so: their commands are real, their examples are compiled, their links lead somewhere.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::{Served, run};

const README: &str = include_str!("../README.md");
const DOCUMENTS: &[(&str, &str)] = &[
    ("ARCHITECTURE.md", include_str!("../ARCHITECTURE.md")),
    ("CHANGELOG.md", include_str!("../CHANGELOG.md")),
    ("CONTRIBUTING.md", include_str!("../CONTRIBUTING.md")),
    ("README.md", README),
    ("docs/doctor.md", include_str!("../docs/doctor.md")),
    ("docs/target.md", include_str!("../docs/target.md")),
    ("docs/verdicts.md", include_str!("../docs/verdicts.md")),
];

#[test]
fn every_option_in_the_documents_exists() {
    let commands = commands();
    assert!(!commands.is_empty(), "no commands found");
    for command in commands {
        let mut words = command.split_whitespace();
        let verb = words.next().expect("a verb");
        let help = scimproof(&[verb, "--help"]);
        assert!(help.status.success(), "scimproof {command}: no such verb");
        let help = String::from_utf8(help.stdout).expect("text");
        for option in words.filter(|word| word.starts_with("--")) {
            assert!(
                help.split_whitespace().any(|word| word == option),
                "scimproof {command}: no option {option}"
            );
        }
    }
}

#[test]
fn every_command_that_sends_nothing_works() {
    let silent = |command: &String| {
        let verb = command.split_whitespace().next();
        let listing = command.contains("--list") || command.contains("--dry-run");
        matches!(verb, Some("explain" | "faults")) || (verb == Some("check") && listing)
    };
    let commands: Vec<String> = commands().into_iter().filter(silent).collect();
    assert!(commands.len() >= 4, "{commands:?}");
    for command in commands {
        let output = scimproof(&command.split_whitespace().collect::<Vec<_>>());
        assert!(output.status.success(), "scimproof {command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The sample of a run is what the program prints. After a change that is meant, run this with `SCIMPROOF_BLESS=1` and
/// review the difference.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test is blessed by its environment")]
fn the_readmes_sample_is_what_is_printed() {
    const START: &str = "```text\n$ scimproof ";
    let (before, rest) = README.split_once(START).expect("a sample");
    let (sample, after) = rest.split_once("```").expect("its end");
    let (command, shown) = sample.split_once('\n').expect("what it prints");
    let served = Served::start(&["--fault", "delete-answers-200"]);
    let words = command.split(' ').map(|word| if word.starts_with("http://") { &served.url } else { word });
    let mut scimproof = support::scimproof();
    let dir = tempfile::tempdir().expect("a directory");
    scimproof.args(words).env("TOKEN", &served.token).current_dir(dir.path());
    let printed = run(&mut scimproof).exits(1).stdout;
    if std::env::var_os("SCIMPROOF_BLESS").is_some() && lasting(&printed) != lasting(shown) {
        let kept = |line: &str| shown.lines().find(|old| lasting(old) == lasting(line)).map(str::to_owned);
        let line = |line: &str| {
            kept(line).unwrap_or_else(|| line.replace(&served.url, "http://127.0.0.1:8080/scim/v2"))
        };
        let lines: Vec<String> = printed.lines().map(line).collect();
        let renewed = format!("{before}{START}{command}\n{}\n```{after}", lines.join("\n"));
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), renewed).expect("a file");
    } else {
        assert_eq!(lasting(&printed), lasting(shown), "where it is meant: SCIMPROOF_BLESS=1");
    }
}

/// What is printed, without what differs from run to run: the port and the ids, with all that their lengths move.
fn lasting(printed: &str) -> String {
    let word = |word: &str| match word.split_once("/scim/v2/") {
        Some((_, resource)) => resource.split('/').next().unwrap_or_default().to_owned(),
        None => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    printed.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readmes_waivers_are_some() {
    let waivers =
        suites::parse_waivers(sample("[[waiver]]"), "waivers.toml").expect("waivers that can be read");
    assert_eq!(waivers.waiver.len(), 2);
}

/// The TOML in the README that begins like this.
fn sample(start: &str) -> &'static str {
    let mut samples = README.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    samples.find(|text| text.starts_with(start)).expect("a sample")
}

#[test]
fn the_readmes_profile_is_one() {
    let text = sample("name");
    let profile = profiles::parse(text, "mine.toml").expect("a profile that can be read");
    assert!(profile.samples.get("User").is_some_and(|samples| !samples.is_empty()));
}

#[test]
fn the_readmes_test_is_the_examples() {
    let text = README.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a test");
    assert!(include_str!("../examples/own-server/tests/conformance.rs").ends_with(text), "{text}");
}

#[test]
fn every_link_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (document, text) in DOCUMENTS {
        let folder = root.join(document);
        let folder = folder.parent().expect("a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_local = !link.is_empty() && !link.contains("://");
            assert!(
                !is_local || folder.join(link).exists(),
                "{document} links to {link}, which is not there"
            );
        }
    }
}

/// What follows `scimproof` in the shell blocks of the documents, without remarks.
fn commands() -> Vec<String> {
    let mut commands = Vec::new();
    for (_, text) in DOCUMENTS {
        for block in text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let lines = block.lines().filter_map(|line| line.strip_prefix("scimproof "));
            commands.extend(lines.map(|line| line.split(" #").next().unwrap_or(line).trim_end().to_owned()));
        }
    }
    commands
}

fn scimproof(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_scimproof");
    Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .expect("scimproof runs")
}

/// The parts of the guide make one profile, and its example is another.
#[test]
fn the_guides_profiles_can_be_read() {
    const GUIDE: &str = include_str!("../docs/own-profile.md");
    let blocks: Vec<&str> =
        GUIDE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let (example, parts) = blocks.split_last().expect("an example");
    let whole = profiles::parse(&parts.concat(), "acme.toml").expect("a profile that can be read");
    assert!(whole.types.contains_key("User") && whole.deviations.len() == 1);
    assert_eq!(
        profiles::parse(example, "peer.toml").expect("an example that can be read").deviations.len(),
        2
    );
}
