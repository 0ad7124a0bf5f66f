//! Defects planted between the question and the engine: the oracle has to find each within 200 cases.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use serde_json::{Value, json};
use suites::oracle::{Filter, Spelling, USER};

use super::accused::{Accused, Code, ENTRA_READY, Engine, No, RFC};
use super::engine_filter::{FILTERS, directory};
use super::filters::filter;
use super::patches::case;
use super::trial::{judge_selection, patches, rng, selects};

/// Within how many cases: filters, or sequences of operations.
const CASES_MAX: u32 = 200;
/// How far one is looked for, to say where it is found.
const LOOKED_FOR: u32 = 5 * CASES_MAX;

/// Counts the cases, whatever many of them a strategy makes at a time.
#[derive(Default)]
struct Asked(Cell<u32>);

impl Asked {
    /// One case, of which it comes to this.
    fn judged(&self, trial: TestCaseResult) -> TestCaseResult {
        self.0.set(self.0.get() + 1);
        trial
    }
}

/// The oracle objects within [`CASES_MAX`] cases.
fn found<S: Strategy>(strategy: &S, at_a_time: usize, trial: impl Fn(&Asked, S::Value) -> TestCaseResult) {
    let Some(case) = objection(strategy, at_a_time, trial) else {
        panic!("the defect went unnoticed for {LOOKED_FOR} cases")
    };
    println!("found at case {case}");
    assert!(case <= CASES_MAX, "the defect is found at case {case}, and not by {CASES_MAX}");
}

/// The number of the first case, within [`LOOKED_FOR`], at which the oracle objects.
fn objection<S: Strategy>(
    strategy: &S,
    at_a_time: usize,
    trial: impl Fn(&Asked, S::Value) -> TestCaseResult,
) -> Option<u32> {
    let cases = LOOKED_FOR / u32::try_from(at_a_time).unwrap();
    // Shrinking would only cost time: it is the first objection that counts.
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng());
    let asked = Asked::default();
    let outcome = runner.run(strategy, |value| trial(&asked, value));
    outcome.is_err().then(|| asked.0.get())
}

/// What a parser makes of a filter that gives `and` and `or` the same precedence, from left to right.
fn left_to_right(filter: &Filter) -> Filter {
    match filter {
        Filter::Or(one, other) => match other.as_ref() {
            Filter::And(two, three) => {
                left_to_right(&one.clone().or(two.as_ref().clone())).and(left_to_right(three))
            }
            _ => left_to_right(one).or(left_to_right(other)),
        },
        Filter::And(one, other) => left_to_right(one).and(left_to_right(other)),
        Filter::Not(inner) => left_to_right(inner).negated(),
        Filter::Compare { .. } | Filter::Present(_) | Filter::Each { .. } => filter.clone(),
    }
}

#[test]
fn a_wrong_precedence_is_found() {
    let questions = (directory(&RFC, &USER), prop::collection::vec(filter(&USER), FILTERS));
    found(&questions, FILTERS, |asked, (resources, filters)| {
        filters.iter().try_for_each(|filter| {
            let text = left_to_right(filter).wire(Spelling::default());
            asked.judged(judge_selection(&RFC, &USER, filter, &resources, &text))
        })
    });
}

/// Whether an operation gives a new complex `name`, with a path or without.
fn replaces_name(operation: &Value) -> bool {
    let value = match operation["path"].as_str() {
        Some(path) if path.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("name")) => {
            &operation["value"]
        }
        Some(_) => return false,
        None => &operation["value"]["name"],
    };
    value.is_object()
}

/// Replaces a whole complex value where only the sub-attributes that are named should change.
struct Forgetful(Engine);

impl Accused for Forgetful {
    fn patch(&mut self, body: &Value) -> Result<(), No> {
        let mut body = body.clone();
        let given = std::mem::take(body["Operations"].as_array_mut().unwrap());
        for operation in given {
            if operation["op"] == "replace" && replaces_name(&operation) {
                let operations = body["Operations"].as_array_mut().unwrap();
                operations.push(json!({ "op": "remove", "path": "name" }));
            }
            body["Operations"].as_array_mut().unwrap().push(operation);
        }
        self.0.patch(&body)
    }

    fn shown(&self) -> Value {
        self.0.shown()
    }
}

#[test]
fn a_lost_sub_attribute_is_found() {
    found(&case(&RFC, &USER), 1, |asked, (body, request)| {
        asked.judged(patches(&RFC, &USER, &mut Forgetful(Engine::new(&RFC, &USER, "r0", &body)), &request))
    });
}

/// Applies one operation after the other and leaves the first ones standing where a later one fails.
struct Piecemeal(Engine);

impl Accused for Piecemeal {
    fn patch(&mut self, body: &Value) -> Result<(), No> {
        let operations = body["Operations"].as_array().unwrap();
        if operations.is_empty() {
            return self.0.patch(body);
        }
        operations.iter().try_for_each(|operation| {
            let mut part = body.clone();
            part["Operations"] = json!([operation]);
            self.0.patch(&part)
        })
    }

    fn shown(&self) -> Value {
        self.0.shown()
    }
}

#[test]
fn a_patch_in_pieces_is_found() {
    found(&case(&RFC, &USER), 1, |asked, (body, request)| {
        asked.judged(patches(&RFC, &USER, &mut Piecemeal(Engine::new(&RFC, &USER, "r0", &body)), &request))
    });
}

/// An engine that does without one of the readings of a profile is not what the profile says.
#[test]
fn a_reading_that_is_not_taken_is_found() {
    let filters = (directory(&ENTRA_READY, &USER), prop::collection::vec(filter(&USER), FILTERS));
    let unnoticed = Code::each_without_a_reading("entra-ready").into_iter().filter(|(point, code)| {
        let objection = if point.starts_with("filter.") {
            objection(&filters, FILTERS, |asked, (resources, filters)| {
                filters.iter().try_for_each(|filter| {
                    asked.judged(selects(code, &USER, filter, Spelling::default(), &resources))
                })
            })
        } else {
            objection(&case(&ENTRA_READY, &USER), 1, |asked, (body, request)| {
                asked.judged(patches(code, &USER, &mut Engine::new(code, &USER, "r0", &body), &request))
            })
        };
        objection.is_none()
    });
    assert_eq!(unnoticed.map(|(point, _)| point).collect::<Vec<_>>(), Vec::<String>::new());
}
