//! The run log through its public interface: what enters it, what it comes to, what a run file holds.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

mod baseline;
mod baseline_played;
mod conclusion;
mod diagnosis_file;
mod redaction;
mod requirements;
mod run_file;
