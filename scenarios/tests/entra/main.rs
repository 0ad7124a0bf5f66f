//! Jobs against the bundled server: what they send, what the target has afterwards, and what the log says.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod cycles;
mod deletions;
mod discovery;
mod disturbances;
mod life;
mod log;
mod members;
mod people;
mod references;
mod stage;
mod walks;
