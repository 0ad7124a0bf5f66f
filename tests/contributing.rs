//! The recipe "add a check" of CONTRIBUTING.md, followed step by step: the requirement is looked up, the check is compiled
//! and judges the server with each of its faults, the fault is the one that the server has, the commands are typed.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::num::NonZeroUsize;
use std::sync::Arc;

use client::{InProcess, SystemClock, Target};
use harness::{RunOptions, Runner};
use record::Verdict;
use reference_server::{ReferenceServer, faults};
// So that the recipe's own `use crate::requirements` finds here what it finds in the catalogue.
use suites::requirements;
use support::{Served, run, scimproof};

#[path = "contributing/recipe.rs"]
mod recipe;

const CONTRIBUTING: &str = include_str!("../CONTRIBUTING.md");
const FAULT: &str = "delete-answers-200";

/// Step 1.
#[test]
fn the_requirement_of_the_recipe_is_a_row_and_a_constant() {
    let table = include_str!("../suites/requirements/rfc.tsv");
    let id = requirements::rfc7644::DELETE_ANSWERS_204.id;
    let row = table.lines().find(|line| line.split('\t').next() == Some(id)).expect("a row");
    let told =
        CONTRIBUTING.split("`delete-answers-204` of RFC 7644 is\n`rfc7644::DELETE_ANSWERS_204`").count();
    assert!(row.split('\t').any(|cell| cell == "delete-answers-204") && told == 2, "{row}");
}

/// Step 2.
#[test]
fn the_recipe_is_what_is_compiled_here() {
    assert_eq!(block(0), include_str!("contributing/recipe.rs"));
}

#[test]
fn the_healthy_server_passes_the_recipes_check() {
    assert_eq!(judged(None), Verdict::Pass);
}

#[test]
fn the_recipes_fault_makes_the_recipes_check_fail() {
    let verdict = judged(Some(FAULT));
    let fault = faults::find(FAULT).expect("the recipe's fault");
    let [finding] = verdict.findings() else { panic!("one finding, not {verdict:?}") };
    assert!(matches!(verdict, Verdict::Fail { .. }), "{verdict:?}");
    assert_eq!(finding.requirement.id, requirements::rfc7644::DELETE_ANSWERS_204.id);
    assert!(fault.breaks.contains(&finding.requirement.id.as_str()));
}

/// Step 3: the fault proves it, and no other disturbs it unless it breaks the same requirement.
#[test]
fn the_recipes_check_bites_on_the_recipes_fault_and_disturbs_nobody() {
    let accused = |fault: &str| matches!(judged(Some(fault)), Verdict::Fail { .. } | Verdict::Warn { .. });
    let bitten: Vec<_> = faults::all().iter().filter(|fault| accused(fault.name)).collect();
    assert!(bitten.iter().any(|fault| fault.name == FAULT));
    for fault in bitten {
        assert!(fault.breaks.contains(&requirements::rfc7644::DELETE_ANSWERS_204.id), "{}", fault.name);
    }
}

#[test]
fn the_recipes_fault_is_written_as_faults_are() {
    let source = undented(include_str!("../reference-server/src/faults/delete.rs"));
    let block = undented(&block(1));
    assert!(block.contains(FAULT) && source.contains(&block), "not in faults/delete.rs:\n{block}");
}

/// Step 4: the command is typed by whoever adds a check, for it writes; here, that there is such a test and such a file.
#[test]
fn what_is_to_be_renewed_is_there() {
    let [renew, look] = &commands("4.")[..] else { panic!("two commands") };
    assert_eq!(renew, "SCIMPROOF_BLESS=1 cargo test -p suites --test matrix");
    assert!(include_str!("../suites/tests/common/mod.rs").contains("\"SCIMPROOF_BLESS\""));
    assert_eq!(look, "git diff suites");
    let matrix = include_str!("../suites/matrix.tsv");
    assert!(
        matrix.lines().any(|line| line.split('\t').any(|cell| cell == FAULT)),
        "{FAULT} is in the matrix"
    );
}

/// Step 5.
#[test]
fn the_commands_of_the_recipe_do_what_it_says() {
    let [serve, explain] = &commands("5.")[..] else { panic!("two commands") };
    let words: Vec<&str> = serve.split(' ').collect();
    let ["scimproof", "serve", options @ ..] = &words[..] else { panic!("{serve}") };
    // The catalogue has a check like the recipe's, for users.
    let served = Served::start(options);
    let dir = tempfile::tempdir().expect("a directory");
    let mut check = served.check(&served.url);
    check.args(["--only", "delete.answers-204", "--out"]).arg(dir.path());
    run(&mut check).exits(1).says(&["FAIL delete.answers-204"]);

    let words: Vec<&str> = explain.split(' ').skip(1).collect();
    run(scimproof().args(words)).exits(0).says(&[FAULT, "It breaks", "It is caught by"]);
}

/// The commands of a step.
fn commands(step: &str) -> Vec<String> {
    let step = CONTRIBUTING.split(&format!("\n**{step}")).nth(1).expect("a step");
    let block = step.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("commands");
    block.lines().map(str::to_owned).collect()
}

/// What the recipe's check says of a fresh server.
fn judged(fault: Option<&str>) -> Verdict {
    let builder = ReferenceServer::builder().seed(1);
    let builder = fault.into_iter().fold(builder, reference_server::Builder::fault);
    let service = builder.service().expect("a server");
    let base = format!("http://localhost{}", service.base_path());
    let target = Target::new(&base).expect("a base URL").bearer(service.token().clone());
    let mut options = RunOptions::new("recipe00", 1, profiles::find("rfc").expect("a profile"));
    options.jobs = NonZeroUsize::MIN;
    let connect = Arc::new(InProcess::new(service));
    let runner = Runner::new(target, connect, Arc::new(SystemClock::default()), options);
    let run = runner.run(recipe::CHECKS, &mut |_: &record::Event<'_>| {}).expect("a run");
    let [result] = &run.results[..] else { panic!("one result, not {:?}", run.results) };
    result.verdict.clone()
}

/// A block of Rust in CONTRIBUTING.md, by its place.
fn block(place: usize) -> String {
    let block = CONTRIBUTING.split("```rust\n").nth(place + 1).and_then(|rest| rest.split("```").next());
    block.expect("a block of Rust").to_owned()
}

/// The text without the space that lines begin with.
fn undented(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
}
