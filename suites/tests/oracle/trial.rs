//! One question put to the accused and to the oracle.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;
use suites::oracle::{Filter, Point, Request, Spelling, Type, explain, patched, selected, settled};

use super::accused::{Accused, Code, No, select};

fn usual(code: &Code) -> BTreeMap<Point, usize> {
    code.usual.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn learn(code: &Code, choices: Vec<(Point, usize)>) {
    code.usual.lock().unwrap_or_else(PoisonError::into_inner).extend(choices);
}

/// A runner whose cases are the same in every run. `SCIMPROOF_CASES` sets the number of filters; of PATCH
/// sequences there are as many as `share` says.
pub(crate) fn runner(usually: u32, share: impl Fn(u32) -> u32) -> TestRunner {
    let asked = number("SCIMPROOF_CASES").map(share);
    let config = Config {
        cases: asked.unwrap_or(usually),
        failure_persistence: None,
        max_shrink_iters: 3_000,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, rng())
}

/// The same in every run, unless `SCIMPROOF_SEED`, a number, gives other cases.
pub(crate) fn rng() -> TestRng {
    match number("SCIMPROOF_SEED") {
        Some(seed) => {
            let bytes: Vec<u8> = seed.to_le_bytes().repeat(8);
            TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
        }
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    }
}

#[expect(clippy::disallowed_methods, reason = "a long run is asked for through the environment")]
fn number(name: &str) -> Option<u32> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// The accused selects what the filter selects under some lawful reading, or refuses it lawfully.
pub(crate) fn selects(
    code: &Code,
    on: &'static Type,
    filter: &Filter,
    spelling: Spelling,
    resources: &[Value],
) -> Result<(), TestCaseError> {
    let text = filter.wire(spelling);
    judge_selection(code, on, filter, resources, &text)
}

/// As [`selects`], with the text that the accused gets.
pub(crate) fn judge_selection(
    code: &Code,
    on: &'static Type,
    filter: &Filter,
    resources: &[Value],
    text: &str,
) -> Result<(), TestCaseError> {
    let answer = select(code, on, text, resources);
    let found = explain(
        &code.held,
        &usual(code),
        |readings| selected(on, filter, resources, readings),
        |lawful| match (&answer, lawful) {
            (Ok(answer), Ok(lawful)) => answer == lawful,
            (Err(answer), Err(lawful)) => answer.fits(lawful),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        },
    );
    let Some(choices) = found else {
        let lawful = selected(on, filter, resources, &mut suites::oracle::Readings::default());
        return Err(TestCaseError::fail(format!(
            "{text}\n  answer: {answer:?}\n  lawful, for one: {lawful:?}"
        )));
    };
    learn(code, choices);
    Ok(())
}

/// The accused leaves what the PATCH leaves under some lawful reading; where it refuses, it does so lawfully
/// and changes nothing.
pub(crate) fn patches(
    code: &Code,
    on: &'static Type,
    accused: &mut dyn Accused,
    request: &Request,
) -> Result<(), TestCaseError> {
    let before = accused.shown();
    let body = request.to_json();
    let answer: Result<Value, No> = accused.patch(&body).map(|()| settled(on, &accused.shown()));
    let found = explain(
        &code.held,
        &usual(code),
        |readings| patched(on, &before, request, readings),
        |lawful| match (&answer, lawful) {
            (Ok(answer), Ok(lawful)) => answer == lawful,
            (Err(answer), Err(lawful)) => answer.fits(lawful),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        },
    );
    let Some(choices) = found else {
        let lawful = patched(on, &before, request, &mut suites::oracle::Readings::default());
        return Err(TestCaseError::fail(format!(
            "{body:#}\n  before: {before:#}\n  answer: {answer:#?}\n  lawful, for one: {lawful:#?}"
        )));
    };
    learn(code, choices);
    if answer.is_err() && accused.shown() != before {
        return Err(TestCaseError::fail(format!(
            "{body:#}\n  was refused with {answer:?}, yet it left {:#}",
            accused.shown()
        )));
    }
    Ok(())
}
