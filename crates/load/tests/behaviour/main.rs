//! Loads against servers that are well and servers that are not.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod clean_up;
mod ends;
mod generator;
mod measured;
mod rate;
mod refusing;
mod state;
mod support;
