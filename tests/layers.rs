//! Who may see whom: the normal dependencies between the crates of this workspace, read from `cargo metadata`.
//!
//! Dev- and build-dependencies are free: a test may see everything.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

/// Each crate and the workspace crates that it may depend on.
const MAY_SEE: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("record", &[]),
    ("profiles", &["protocol"]),
    ("engine", &["protocol"]),
    ("client", &["record", "protocol"]),
    ("harness", &["client", "record", "profiles", "protocol"]),
    ("suites", &["harness", "client", "record", "profiles", "protocol"]),
    ("reports", &["record"]),
    ("reference-server", &["engine", "profiles", "protocol", "record"]),
    // The example is somebody else's server: its own code knows nothing of us, its tests may.
    ("own-server", &[]),
    (
        "scimproof",
        &["client", "harness", "profiles", "protocol", "record", "reference-server", "reports", "suites"],
    ),
];

/// The only crate that may depend on the engine: the judge shares no brain with the accused.
const SEES_THE_ENGINE: &str = "reference-server";

/// Crates without an async runtime and without HTTP.
const QUIET: &[&str] = &["protocol", "record", "profiles", "engine"];
const LOUD: &[&str] = &["axum", "futures-util", "http", "hyper", "hyper-util", "reqwest", "tokio", "tower"];

#[test]
fn the_workspace_keeps_its_layers() {
    let breaches = breaches(&metadata());
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn the_architecture_tells_the_same() {
    let document = include_str!("../ARCHITECTURE.md");
    for (package, others) in MAY_SEE {
        let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
        let others = if others.is_empty() { "nothing here".to_owned() } else { others.join(", ") };
        let row = format!("| `{package}` | {others} |");
        assert!(document.lines().any(|line| line == row), "ARCHITECTURE.md lacks the row {row}");
    }
}

#[test]
fn a_dependency_outside_the_table_is_named() {
    let found = breaches(&workspace(&[("suites", &[normal("harness"), normal("reports")])]));
    assert_eq!(
        found,
        ["suites depends on reports; it may see only harness, client, record, profiles, protocol"]
    );
}

#[test]
fn nobody_but_the_server_sees_the_engine() {
    let found = breaches(&workspace(&[
        ("scimproof", &[normal("engine"), normal("suites")]),
        ("reference-server", &[normal("engine")]),
    ]));
    assert_eq!(found, ["scimproof depends on engine; only reference-server may"]);
}

#[test]
fn a_runtime_in_a_quiet_crate_is_named() {
    let found = breaches(&workspace(&[("record", &[normal("tokio"), normal("serde")])]));
    assert_eq!(found, ["record depends on tokio; it has no async runtime and no HTTP"]);
}

#[test]
fn a_crate_that_the_table_does_not_know_is_named() {
    let found = breaches(&workspace(&[("scenarios", &[])]));
    assert_eq!(found, ["scenarios is not in the table of tests/layers.rs; say there what it may see"]);
}

#[test]
fn a_renamed_dependency_is_still_seen() {
    let renamed = json!({ "name": "engine", "rename": "brain", "kind": null });
    let found = breaches(&workspace(&[("suites", &[renamed])]));
    assert_eq!(found, ["suites depends on engine; only reference-server may"]);
}

#[test]
fn tests_and_build_scripts_may_see_everything() {
    let dev = json!({ "name": "reference-server", "kind": "dev" });
    let build = json!({ "name": "tokio", "kind": "build" });
    assert_eq!(breaches(&workspace(&[("record", &[dev, build])])), [""; 0]);
}

/// One line for each dependency that there may not be.
fn breaches(metadata: &Value) -> Vec<String> {
    let packages = normal_dependencies(metadata);
    let table: BTreeMap<&str, &[&str]> = MAY_SEE.iter().copied().collect();
    let ours: BTreeSet<&str> = packages.keys().copied().chain(table.keys().copied()).collect();
    let mut breaches = Vec::new();
    for (package, dependencies) in &packages {
        let Some(allowed) = table.get(package) else {
            breaches
                .push(format!("{package} is not in the table of tests/layers.rs; say there what it may see"));
            continue;
        };
        for dependency in dependencies {
            if QUIET.contains(package) && LOUD.contains(dependency) {
                breaches
                    .push(format!("{package} depends on {dependency}; it has no async runtime and no HTTP"));
            } else if *dependency == "engine" && *package != SEES_THE_ENGINE {
                breaches.push(format!("{package} depends on engine; only {SEES_THE_ENGINE} may"));
            } else if ours.contains(dependency) && !allowed.contains(dependency) {
                let allowed =
                    if allowed.is_empty() { "no other crate".to_owned() } else { allowed.join(", ") };
                breaches.push(format!("{package} depends on {dependency}; it may see only {allowed}"));
            }
        }
    }
    breaches
}

/// What each package of the workspace depends on, whatever it calls it.
fn normal_dependencies(metadata: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let all = package["dependencies"].as_array().expect("dependencies");
            let normal = all.iter().filter(|dependency| dependency["kind"].is_null());
            let names = normal.map(|dependency| dependency["name"].as_str().expect("a name"));
            (package["name"].as_str().expect("a name"), names.collect())
        })
        .collect()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Made-up metadata in the form that cargo gives it.
fn workspace(packages: &[(&str, &[Value])]) -> Value {
    let packages =
        packages.iter().map(|(name, dependencies)| json!({ "name": name, "dependencies": dependencies }));
    json!({ "packages": packages.collect::<Vec<_>>() })
}

fn normal(name: &str) -> Value {
    json!({ "name": name, "kind": null })
}
