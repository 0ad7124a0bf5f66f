//! A server with a known defect is told apart from a healthy one, and the defect is named.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Report, Served, run, scimproof};

fn explain(name: &str) -> String {
    run(scimproof().args(["explain", name])).exits(0).stdout
}

/// The fault as `scimproof faults --json` tells it.
fn listed(fault: &str) -> Value {
    let listed = run(scimproof().args(["faults", "--json"])).exits(0).stdout;
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let rows = listed.as_array().expect("a list");
    rows.iter().find(|row| row["name"] == fault).expect("the fault is listed").clone()
}

/// A fault that turns checks beside the one that is about it, and one whose every check is about it.
#[test]
fn explain_names_each_check_of_a_fault_once() {
    for fault in ["read-answers-203", "refused-patch-says-invalid-value"] {
        let told = explain(fault);
        let rows = told.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
        let mut checks: Vec<&str> = rows.map(|(name, _)| name).collect();
        checks.retain(|name| suites::find(name).is_some());
        let named = checks.len();
        checks.sort_unstable();
        checks.dedup();
        assert!(named > 0 && named == checks.len(), "{told}");
        insta::assert_snapshot!(format!("explain_{fault}"), told);
    }
}

/// Checks a server with this fault; the check that is about it fails, and `explain` leads from one to the other.
#[track_caller]
fn is_named(fault: &str, seam: &str, check: &str) {
    let served = Served::start(&["--fault", fault]);
    let dir = tempfile::tempdir().expect("a directory");
    let ended = run(served.check(&served.url).arg("--out").arg(dir.path())).exits(1);

    // In the terminal: the check, what was expected, what came, and where to look.
    let told = ended.says(&["NOT PROOF:", &format!("scimproof explain {check}")]).stdout;
    assert!(told.lines().any(|line| line.starts_with("FAIL") && line.contains(check)), "{told}");
    assert!(told.contains("     expected ") && told.contains("     but got  "), "{told}");

    let page = std::fs::read_to_string(dir.path().join("report.html")).expect("a page");
    assert!(page.contains(check) && page.contains("curl -i"), "the page shows how to see it for oneself");

    // In the run file: the same, with its evidence.
    let report = Report::read(dir.path());
    let result = report.result(check);
    assert_eq!(result["verdict"]["kind"], "fail", "{result:#}");
    let finding = &result["verdict"]["findings"][0];
    let number = finding["exchange"].as_u64().expect("the finding shows an exchange");
    assert!(report.exchanges().iter().any(|exchange| exchange["number"] == number), "{number}");
    assert_eq!(report.leftovers(), 0);
    served.assert_empty();

    // Nothing is accused but what the catalogue of faults foretells.
    let fault_row = listed(fault);
    assert_eq!(fault_row["seam"], seam);
    let names = |list: &Value| -> BTreeSet<String> {
        let rows = list.as_array().expect("a list").iter();
        rows.map(|row| row.as_str().or(row["check"].as_str()).expect("a name").to_owned()).collect()
    };
    let caught_by = names(&fault_row["caughtBy"]);
    assert!(caught_by.contains(check), "{fault_row:#}");
    let accused = &report.ended("fail") | &report.ended("warn");
    let foretold = &caught_by | &names(&fault_row["collateral"]);
    assert!(accused.is_subset(&foretold), "accused {accused:?}, foretold {foretold:?}");

    // And `explain` tells all three of them.
    let requirement = finding["requirement"]["id"].as_str().expect("a requirement");
    let paraphrase = finding["requirement"]["paraphrase"].as_str().expect("what it says");
    for part in [requirement, paraphrase, "tested: ", fault] {
        assert!(explain(check).contains(part), "explain {check} lacks {part}");
    }
    for part in [check, &format!("{seam} seam"), "It breaks"] {
        assert!(explain(fault).contains(part), "explain {fault} lacks {part}");
    }
    for part in [check, paraphrase, "tested: "] {
        assert!(explain(requirement).contains(part), "explain {requirement} lacks {part}");
    }
}

#[test]
fn a_fault_on_the_wire_is_named() {
    is_named("delete-answers-200", "wire", "delete.answers-204");
}

#[test]
fn a_fault_in_the_rules_is_named() {
    is_named("username-is-optional", "rules", "create.needs-a-username");
}

#[test]
fn a_fault_in_the_store_is_named() {
    is_named("store-keeps-old-edges", "store", "groups.replace-the-members");
}

#[test]
fn a_faulty_server_says_so_when_it_starts() {
    let fault = "delete-answers-200";
    let mut command = scimproof();
    command.args(["serve", "--listen", "127.0.0.1:0", "--fault", fault, "--fault", "store-keeps-old-edges"]);
    let running = support::Running::start(&mut command);
    running.next_line();
    running.signal("INT");
    let ended = running.wait(support::PATIENCE).exits(0);
    ended.says(&[&format!("deliberate defect {fault}"), "deliberate defect store-keeps-old-edges"]);
}
