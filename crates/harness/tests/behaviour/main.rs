//! How checks run and are judged, through the public interface, against a scripted service in this process.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

mod abroad;
mod astray;
mod blame;
mod busy;
mod cancel;
mod clean_up;
mod confirmed;
mod doctor;
mod doubt;
mod evidence;
mod expectations;
mod factory;
mod jobs;
mod journal;
mod journaled;
mod lag;
mod lending;
mod obstacles;
mod passive;
mod refused;
mod runner;
mod sweep;
mod unusable;
mod waiving;
