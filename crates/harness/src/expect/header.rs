use record::At;

use super::{Expectation, Miss};

fn at(name: &str) -> At {
    At::Header { name: name.to_owned() }
}

/// The header is there.
#[must_use]
pub fn header_present(name: &'static str) -> Expectation {
    header_that(name, "present", |_| true)
}

/// The header has exactly this value.
#[must_use]
pub fn header_is(name: &'static str, value: &str) -> Expectation {
    let wanted = value.to_owned();
    header_that(name, &format!("{value:?}"), move |seen| seen == wanted)
}

/// The header is there and its value satisfies a condition, given in words.
pub fn header_that<F>(name: &'static str, words: &str, holds: F) -> Expectation
where
    F: Fn(&str) -> bool + 'static,
{
    Expectation::new(words, at(name), move |view| match view.answer.header(name) {
        None => Err(Miss::from("no such header".to_owned())),
        Some(value) if holds(value) => Ok(()),
        Some(value) => Err(Miss::from(format!("{value:?}"))),
    })
}

/// The body is announced as this media type; parameters are free.
#[must_use]
pub fn media_type(essence: &'static str) -> Expectation {
    header_that("content-type", essence, move |value| {
        value.split(';').next().is_some_and(|found| found.trim().eq_ignore_ascii_case(essence))
    })
}
