//! The recipe "add a check" of CONTRIBUTING.md, followed: its check is compiled and run, its fault is the one that
//! the reference server has.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

use std::num::NonZeroUsize;
use std::sync::Arc;

use client::{InProcess, SystemClock, Target};
use harness::{RunOptions, Runner};
use record::Verdict;
use reference_server::{ReferenceServer, faults};
// So that the recipe's own `use crate::requirements` finds here what it finds in the catalogue.
use suites::requirements;

#[path = "contributing/recipe.rs"]
mod recipe;

const CONTRIBUTING: &str = include_str!("../CONTRIBUTING.md");
const FAULT: &str = "delete-answers-200";

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

#[test]
fn the_recipes_fault_is_written_as_faults_are() {
    let source = undented(include_str!("../reference-server/src/faults/delete.rs"));
    let block = undented(&block(1));
    assert!(block.contains(FAULT) && source.contains(&block), "not in faults/delete.rs:\n{block}");
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
