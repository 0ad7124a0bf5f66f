//! RFC 7643 §2.3.4: how integers are written.

use client::Seen;
use harness::expect::{pointer_that, value_at};
use harness::{Check, Expectation, History, sound};
use serde_json::Value;

use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] = &[Check::passive("wire.integers-are-whole", &integers_are_whole)
    .title("the integers of lists and of the configuration are written without fraction and exponent")
    .verifies(&[rfc7643::INTEGER_HAS_NO_FRACTION_EXPONENT])];
const _: () = sound(CHECKS);

/// What the standard calls an integer, wherever it stands.
const INTEGERS: &[&str] = &[
    "/totalResults",
    "/itemsPerPage",
    "/startIndex",
    "/bulk/maxOperations",
    "/bulk/maxPayloadSize",
    "/filter/maxResults",
];

/// From here on an integer is read as a number with a fraction, though it was written without one.
const READ_EXACTLY_BELOW: f64 = 18_446_744_073_709_551_616.0;

fn integers_are_whole(seen: &Seen<'_>, _: &History) -> Vec<Expectation> {
    let succeeded = seen.answer.is_some_and(|answer| (200..300).contains(&answer.status));
    let Some(body) = seen.json.filter(|_| succeeded) else { return Vec::new() };
    // That there is a number at all is the business of other checks.
    let numbers = INTEGERS.iter().filter(|pointer| value_at(body, pointer).is_some_and(Value::is_number));
    numbers.map(|pointer| pointer_that(pointer, "neither fraction nor exponent", is_whole)).collect()
}

fn is_whole(number: &Value) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|number| number.abs() >= READ_EXACTLY_BELOW)
}
