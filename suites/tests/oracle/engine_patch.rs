//! The engine's PATCH against the oracle.

use proptest::test_runner::TestCaseError;
use suites::oracle::{GAUGED, GROUP, Type, USER};

use super::accused::{Accused, Code, ENTRA_READY, Engine, OWN, RFC};
use super::patches::case;
use super::trial::{patches, runner};

fn holds_for(code: &'static Code, on: &'static Type, cases: u32, share: impl Fn(u32) -> u32) {
    runner(cases, share)
        .run(&case(code, on), |(body, request)| {
            let mut engine = Engine::new(code, on, "r0", &body);
            let before = engine.shown();
            engine.changed = false;
            patches(code, on, &mut engine, &request)?;
            let additions = request.operations.iter().all(|operation| operation.op == "add");
            let secret = request.to_json().to_string().to_lowercase().contains("password");
            if additions && !secret && engine.changed && engine.shown() == before {
                // RFC 7644 §3.5.2.1: what was there already must not move the time of the last change.
                return Err(TestCaseError::fail(format!("{:#} counts as a change", request.to_json())));
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn sequences_on_users_leave_what_the_oracle_says() {
    holds_for(&RFC, &USER, 600, |filters| filters * 8 / 25);
}

#[test]
fn sequences_on_groups_leave_what_the_oracle_says() {
    holds_for(&RFC, &GROUP, 150, |filters| filters * 2 / 25);
}

#[test]
fn sequences_on_numbers_and_dates_leave_what_the_oracle_says() {
    holds_for(&OWN, &GAUGED, 300, |filters| filters * 4 / 25);
}

#[test]
fn sequences_on_users_leave_what_the_oracle_says_where_more_is_understood() {
    holds_for(&ENTRA_READY, &USER, 200, |filters| filters * 4 / 25);
}

#[test]
fn sequences_on_groups_leave_what_the_oracle_says_where_more_is_understood() {
    holds_for(&ENTRA_READY, &GROUP, 50, |filters| filters / 25);
}
