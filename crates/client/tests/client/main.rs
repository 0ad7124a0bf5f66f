//! The client through its public interface: over sockets, in process, and in what it leaves on record.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking")]

mod addresses;
mod framing;
mod granted;
mod keeping;
mod limits;
mod recording;
mod secrets;
mod socket;
mod support;
mod waiting;
