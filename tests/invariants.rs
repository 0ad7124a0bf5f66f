//! Rules of ARCHITECTURE.md and CONTRIBUTING.md that no compiler knows, held against the sources themselves.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a source file, and of a file of checks.
const LINES_MAX: usize = 400;
const SUITE_LINES_MAX: usize = 200;

const PRINTING: &[&str] = &["print!", "println!", "eprint!", "eprintln!", "dbg!"];

/// Applications that profiles are or will be written for. The standard alone, `rfc`, is none.
const APPLICATIONS: &[&str] = &["blogin", "bonusly", "entra", "promapp"];

/// A source file: its path below the root of the repository, with forward slashes, and its text.
struct Source {
    path: String,
    text: String,
}

#[test]
fn only_the_command_line_prints() {
    complain(sources("").iter().filter(|source| !may_print(&source.path)).flat_map(printing));
}

#[test]
fn files_are_short() {
    complain(sources("").iter().filter_map(too_long));
}

#[test]
fn the_server_knows_no_application() {
    let engine = sources("crates/engine/src").into_iter();
    let normal = engine.chain(sources("reference-server/src")).filter(|source| {
        !source.path.ends_with("/tests.rs") && !source.path.starts_with("reference-server/src/faults/")
    });
    complain(normal.flat_map(|source| naming_an_application(&source)));
}

#[test]
fn every_suite_file_is_a_module() {
    complain(unreachable(&sources("suites/src"), "suites/src/lib.rs"));
}

#[test]
fn every_application_profile_is_looked_for() {
    let unknown = profiles::names().into_iter().filter(|name| *name != profiles::DEFAULT);
    let unknown = unknown.filter(|name| !APPLICATIONS.iter().any(|known| name.contains(known)));
    complain(unknown.map(|name| format!("tests/invariants.rs does not look for the profile {name}")));
}

#[test]
fn every_rule_is_proven_by_a_test_that_there_is() {
    let proofs = profiles::names().into_iter().flat_map(|name| {
        let rules = profiles::find(name).expect("a profile").rules;
        rules.into_iter().filter_map(move |rule| Some((format!("{name} {}", rule.id), rule.proven_by?)))
    });
    let proofs: Vec<(String, String)> = proofs.collect();
    assert!(!proofs.is_empty(), "no rule is proven by a test");
    let mut files = sources("reference-server/tests");
    files.extend(sources("reference-server/src"));
    files.extend(sources("crates"));
    complain(proofs.iter().filter(|(_, proof)| !is_a_test(proof, &files)).map(|(rule, proof)| {
        format!("{rule} is proven by {proof}, which is no test; name one as path::function")
    }));
}

#[test]
fn a_proof_that_is_no_test_is_found() {
    let files = [source("a/b.rs", "#[test]\nfn proves() {\n}\n\nfn helps() {\n}\n")];
    assert!(is_a_test("a/b.rs::proves", &files));
    for proof in ["a/b.rs::helps", "a/b.rs::prove", "a/c.rs::proves", "a/b.rs", "proves"] {
        assert!(!is_a_test(proof, &files), "{proof}");
    }
}

#[test]
fn printing_is_found_where_it_is_code() {
    let text = "fn f() {\n    eprintln!(\"x\"); // so\n    // println!(\"only words\")\n}\n";
    let found = printing(&source("crates/harness/src/a.rs", text));
    assert_eq!(found, ["crates/harness/src/a.rs:2 prints; only the command line does"]);
    assert!(may_print("src/main.rs") && may_print("suites/build.rs") && may_print("suites/tests/matrix.rs"));
    assert!(!may_print("suites/src/lib.rs") && !may_print("examples/own-server/src/lib.rs"));
}

#[test]
fn a_long_file_is_found() {
    assert_eq!(too_long(&source("crates/a/src/b.rs", &"\n".repeat(400))), None);
    assert!(too_long(&source("crates/a/src/b.rs", &"\n".repeat(401))).is_some());
    assert!(too_long(&source("suites/src/b.rs", &"\n".repeat(201))).is_some());
    assert_eq!(too_long(&source("suites/tests/b.rs", &"\n".repeat(201))), None);
}

#[test]
fn an_application_in_the_engine_is_found() {
    let found = naming_an_application(&source("crates/engine/src/a.rs", "\nif profile == \"Bonusly\" {\n"));
    assert_eq!(
        found,
        ["crates/engine/src/a.rs:2 names bonusly; what is special about it belongs into its profile"]
    );
    // A word that merely holds the letters is none.
    assert_eq!(naming_an_application(&source("crates/engine/src/a.rs", "central")), [""; 0]);
}

#[test]
fn a_file_that_is_no_module_is_found() {
    let files = [
        source("s/lib.rs", "mod a;\npub(crate) mod b;\n"),
        source("s/a.rs", "// mod orphan;\n"),
        source("s/b/mod.rs", "mod inner;\n"),
        source("s/b/inner.rs", "mod deepest;\n"),
        source("s/b/inner/deepest.rs", ""),
        source("s/orphan.rs", ""),
    ];
    assert_eq!(unreachable(&files, "s/lib.rs"), ["s/orphan.rs is no module: nothing in it is compiled"]);
}

/// Whether `path::function` names a test in one of the files.
fn is_a_test(proof: &str, files: &[Source]) -> bool {
    let Some((path, function)) = proof.rsplit_once("::") else { return false };
    let opening = format!("#[test]\nfn {function}() {{\n");
    files.iter().any(|source| source.path == path && source.text.contains(&opening))
}

/// Programs print: the command line, tests, benchmarks, and build scripts, which speak to cargo that way.
fn may_print(path: &str) -> bool {
    path.starts_with("src/")
        || path.split('/').any(|part| ["benches", "tests"].contains(&part))
        || path.ends_with("build.rs")
}

fn printing(source: &Source) -> Vec<String> {
    let prints = |line: &str| PRINTING.iter().any(|word| line.contains(word));
    let found = code(&source.text).filter(|(_, line)| prints(line));
    found.map(|(number, _)| format!("{}:{number} prints; only the command line does", source.path)).collect()
}

fn too_long(source: &Source) -> Option<String> {
    let max = if source.path.starts_with("suites/src/") { SUITE_LINES_MAX } else { LINES_MAX };
    let lines = source.text.lines().count();
    (lines > max).then(|| format!("{} has {lines} lines, more than {max}", source.path))
}

fn naming_an_application(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().zip(1..).map(|(line, number)| (number, line.to_lowercase())) {
        for word in line.split(|letter: char| !letter.is_ascii_alphanumeric()) {
            if APPLICATIONS.contains(&word) {
                let path = &source.path;
                found.push(format!(
                    "{path}:{number} names {word}; what is special about it belongs into its profile"
                ));
            }
        }
    }
    found
}

/// The files that no `mod` leads to from the root.
fn unreachable(sources: &[Source], root: &str) -> Vec<String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![root.to_owned()];
    while let Some(path) = next.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        if reached.insert(path.clone()) {
            let folder = folder_of_modules(&path);
            for name in modules(&source.text) {
                next.extend([format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")]);
            }
        }
    }
    let lost = sources.iter().filter(|source| !reached.contains(&source.path));
    lost.map(|source| format!("{} is no module: nothing in it is compiled", source.path)).collect()
}

/// Where the modules that a file declares are: beside it, or in a folder of its name.
fn folder_of_modules(path: &str) -> &str {
    ["/lib.rs", "/main.rs", "/mod.rs", ".rs"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path)
}

fn modules(text: &str) -> impl Iterator<Item = &str> {
    code(text).filter_map(|(_, line)| {
        let mut words = line.trim().strip_suffix(';')?.split_whitespace().rev();
        let name = words.next()?;
        (words.next() == Some("mod")).then_some(name)
    })
}

/// The lines of a text without their comments, numbered from 1.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(|line| line.split("//").next().unwrap_or_default()))
}

/// Every Rust file under a folder of the repository that is not built from something else.
fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let text = fs::read_to_string(&path).expect("a text");
                let path = path.strip_prefix(root).expect("a path below the root");
                let path =
                    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>();
                sources.push(Source { path: path.join("/"), text });
            }
        }
    }
    assert!(!sources.is_empty(), "no sources under {folder:?}");
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn complain(problems: impl IntoIterator<Item = String>) {
    let problems: Vec<String> = problems.into_iter().collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
