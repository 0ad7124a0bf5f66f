//! Who may see whom: the normal dependencies of the crates of this workspace, their own and those that they reach through
//! others, read from `cargo metadata`.
//!
//! Dev- and build-dependencies are free: a test may see everything.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    ("scenarios", &["client", "profiles", "protocol", "record"]),
    ("load", &["client", "profiles", "protocol", "record", "scenarios"]),
    ("load-goose", &["client", "load", "profiles", "protocol", "record", "scenarios"]),
    ("reference-server", &["engine", "profiles", "protocol", "record"]),
    // The example is somebody else's server: its own code knows nothing of us, its tests may.
    ("own-server", &[]),
    (
        "scimproof",
        &[
            "client",
            "harness",
            "load",
            "load-goose",
            "profiles",
            "protocol",
            "record",
            "reference-server",
            "reports",
            "scenarios",
            "suites",
        ],
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

/// What a crate may see it may see through, so that the table says all that there is to be said.
#[test]
fn the_table_is_closed() {
    let table: BTreeMap<&str, &[&str]> = MAY_SEE.iter().copied().collect();
    for (package, allowed) in MAY_SEE {
        for other in *allowed {
            for further in table.get(other).copied().unwrap_or_default() {
                let hidden = *further == "engine" && *other == SEES_THE_ENGINE;
                assert!(hidden || allowed.contains(further), "{package} sees {other}, and so {further}");
            }
        }
    }
}

#[test]
fn what_is_reached_through_others_counts_too() {
    let crates: &[(&str, &[Value])] = &[
        ("suites", &[normal("harness")]),
        ("harness", &[normal("helper")]),
        ("record", &[normal("helper")]),
        ("scimproof", &[normal("reference-server")]),
        ("reference-server", &[normal("engine")]),
        ("engine", &[]),
    ];
    let mut metadata = workspace(crates);
    let outside = [("helper", &[normal("deeper")][..]), ("deeper", &[normal("tokio"), normal("engine")][..])];
    add(&mut metadata, &outside);
    assert_eq!(
        breaches(&metadata),
        [
            "harness depends on engine (by helper, deeper); only reference-server may",
            "record depends on engine (by helper, deeper); only reference-server may",
            "record depends on tokio (by helper, deeper); it has no async runtime and no HTTP",
            "suites depends on engine (by harness, helper, deeper); only reference-server may",
        ]
    );
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
    let found = breaches(&workspace(&[("upstarts", &[])]));
    assert_eq!(found, ["upstarts is not in the table of tests/layers.rs; say there what it may see"]);
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
    let graph = graph(metadata);
    let table: BTreeMap<&str, &[&str]> = MAY_SEE.iter().copied().collect();
    let members: BTreeSet<&str> = members(metadata);
    let ours: BTreeSet<&str> = members.iter().copied().chain(table.keys().copied()).collect();
    let mut breaches = Vec::new();
    for package in members {
        let Some(allowed) = table.get(package) else {
            breaches
                .push(format!("{package} is not in the table of tests/layers.rs; say there what it may see"));
            continue;
        };
        for (dependency, way) in reached(&graph, package) {
            let by = if way.is_empty() { String::new() } else { format!(" (by {})", way.join(", ")) };
            if QUIET.contains(&package) && LOUD.contains(&dependency) {
                breaches.push(format!(
                    "{package} depends on {dependency}{by}; it has no async runtime and no HTTP"
                ));
            } else if dependency == "engine" && package != SEES_THE_ENGINE {
                breaches.push(format!("{package} depends on engine{by}; only {SEES_THE_ENGINE} may"));
            } else if ours.contains(dependency) && !allowed.contains(&dependency) {
                let allowed =
                    if allowed.is_empty() { "no other crate".to_owned() } else { allowed.join(", ") };
                breaches.push(format!("{package} depends on {dependency}{by}; it may see only {allowed}"));
            }
        }
    }
    breaches
}

/// What a package reaches, each with the packages on one shortest way there. What is behind the server that plays the
/// accused is hidden behind it.
fn reached<'a>(
    graph: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    package: &'a str,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut reached: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut next = VecDeque::from([(package, Vec::new())]);
    while let Some((at, way)) = next.pop_front() {
        for dependency in graph.get(at).into_iter().flatten() {
            if *dependency == package || reached.contains_key(dependency) {
                continue;
            }
            reached.insert(dependency, way.clone());
            if *dependency != SEES_THE_ENGINE {
                next.push_back((dependency, [way.as_slice(), &[*dependency]].concat()));
            }
        }
    }
    reached
}

/// The names of the packages of the workspace.
fn members(metadata: &Value) -> BTreeSet<&str> {
    let members = metadata["workspace_members"].as_array().expect("members");
    let packages = metadata["packages"].as_array().expect("packages");
    let ours = packages.iter().filter(|package| members.contains(&package["id"]));
    ours.map(|package| package["name"].as_str().expect("a name")).collect()
}

/// What each package depends on, whatever it calls it. Optional dependencies count as if they were used.
fn graph(metadata: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let members = metadata["workspace_members"].as_array().expect("members");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |id: &Value| {
        let package = packages.iter().find(|package| package["id"] == *id).expect("a package");
        package["name"].as_str().expect("a name")
    };
    for package in packages.iter().filter(|package| members.contains(&package["id"])) {
        let all = package["dependencies"].as_array().expect("dependencies");
        let normal = all.iter().filter(|dependency| dependency["kind"].is_null());
        let names = normal.map(|dependency| dependency["name"].as_str().expect("a name"));
        graph.entry(package["name"].as_str().expect("a name")).or_default().extend(names);
    }
    // What others depend on follows from the features that are asked of them.
    let nodes = metadata.pointer("/resolve/nodes").and_then(Value::as_array).expect("nodes");
    for node in nodes {
        let normal = |dependency: &&Value| {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            kinds.iter().any(|kind| kind["kind"].is_null())
        };
        let dependencies = node["deps"].as_array().expect("dependencies").iter().filter(normal);
        let names = dependencies.map(|dependency| name(&dependency["pkg"]));
        if !members.contains(&node["id"]) {
            graph.entry(name(&node["id"])).or_default().extend(names);
        }
    }
    graph
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", &platform()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Where this is built: only of that platform is every package sure to be there.
fn platform() -> String {
    let output = Command::new(env!("CARGO")).args(["version", "--verbose"]).output().expect("cargo runs");
    let told = String::from_utf8(output.stdout).expect("text");
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned()
}

/// Made-up metadata in the form that cargo gives it.
fn workspace(packages: &[(&str, &[Value])]) -> Value {
    let ids: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
    let mut metadata = json!({ "packages": [], "workspace_members": ids, "resolve": { "nodes": [] } });
    add(&mut metadata, packages);
    metadata
}

/// Adds packages, and those that they depend on where there are none of that name.
fn add(metadata: &mut Value, packages: &[(&str, &[Value])]) {
    let list = |metadata: &mut Value, pointer: &str, entry: Value| {
        metadata.pointer_mut(pointer).and_then(Value::as_array_mut).expect("a list").push(entry);
    };
    for (name, dependencies) in packages {
        list(metadata, "/packages", json!({ "id": name, "name": name, "dependencies": dependencies }));
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|dependency| json!({ "pkg": dependency["name"], "dep_kinds": [{ "kind": dependency["kind"] }] }))
            .collect();
        for dependency in &dependencies {
            let id = &dependency["pkg"];
            list(metadata, "/packages", json!({ "id": id, "name": id, "dependencies": [] }));
        }
        list(metadata, "/resolve/nodes", json!({ "id": name, "deps": dependencies }));
    }
}

fn normal(name: &str) -> Value {
    json!({ "name": name, "kind": null })
}
