//! The engine's filters against the oracle.

use proptest::prelude::*;
use serde_json::{Value, json};
use suites::oracle::{GAUGED, GROUP, Type, USER};

use super::accused::{Accused, Code, ENTRA_READY, Engine, OWN, RFC, select};
use super::filters::{broken, filter, spelling};
use super::resources::body;
use super::trial::{runner, selects};

/// Filters for each directory.
pub(crate) const FILTERS: usize = 8;

/// A few resources as they are shown.
pub(crate) fn directory(code: &'static Code, on: &'static Type) -> BoxedStrategy<Vec<Value>> {
    prop::collection::vec(body(on), 1..5)
        .prop_map(move |bodies| {
            let shown = |(at, body): (usize, &Value)| {
                let mut shown = Engine::new(code, on, &format!("r{at}"), body).shown();
                if std::ptr::eq(on, &USER) && at % 2 == 1 {
                    shown["groups"] =
                        json!([{ "value": "m1", "display": "Ab", "type": "direct" }, { "value": "m2" }]);
                }
                shown
            };
            bodies.iter().enumerate().map(shown).collect()
        })
        .boxed()
}

fn holds_for(code: &'static Code, on: &'static Type, cases: u32, share: impl Fn(u32) -> u32) {
    let questions = prop::collection::vec((filter(on), spelling()), FILTERS);
    runner(cases, share)
        .run(&(directory(code, on), questions), |(resources, questions)| {
            questions
                .iter()
                .try_for_each(|(filter, spelling)| selects(code, on, filter, *spelling, &resources))
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn filters_on_users_mean_what_the_oracle_says() {
    holds_for(&RFC, &USER, 150, |filters| filters / 10);
}

#[test]
fn filters_on_groups_mean_what_the_oracle_says() {
    holds_for(&RFC, &GROUP, 50, |filters| filters / 40);
}

#[test]
fn filters_on_numbers_and_dates_mean_what_the_oracle_says() {
    holds_for(&OWN, &GAUGED, 100, |filters| filters / 20);
}

#[test]
fn filters_mean_what_the_oracle_says_where_more_is_understood() {
    holds_for(&ENTRA_READY, &USER, 50, |filters| filters / 20);
}

#[test]
fn broken_filters_are_refused() {
    runner(30, |filters| filters / 100)
        .run(&filter(&USER), |filter| {
            for text in broken(&filter.to_string()) {
                let answer = select(&RFC, &USER, &text, &[]);
                let lawful = suites::oracle::Refusal::from(["invalidFilter"]);
                prop_assert!(answer.as_ref().is_err_and(|no| no.fits(&lawful)), "{text}: {answer:?}");
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
