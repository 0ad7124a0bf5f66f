//! What the end-to-end tests share: the binary as a user runs it, a server to point it at, and a proxy in between.
//!
//! Nothing here sleeps: every wait is for a condition and has a bound. Everything listens on loopback, on a port
//! that the system chooses.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part of it")]

pub(crate) mod browser;
mod confidences;
mod gossip;
mod hostile;
mod http;
pub(crate) mod interop;
mod program;
mod proxy;
mod report;
mod served;
mod trap;

use std::time::Duration;

pub(crate) use browser::Browser;
pub(crate) use confidences::{CANARY, Confidences, token};
pub(crate) use gossip::repeat;
pub(crate) use hostile::{Hostile, dead_url};
pub(crate) use http::Message;
pub(crate) use program::{Ended, Running, bounded, run, scimproof, stop_signals};
pub(crate) use proxy::{Hook, Proxy, Seen, Step};
pub(crate) use report::{Report, files};
pub(crate) use served::Served;
pub(crate) use trap::{Place, Trap, places};

/// The longest that anything may take that is expected to happen. Far above what it takes, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The environment variable through which the tests hand over the token.
pub(crate) const TOKEN_VARIABLE: &str = "SCIMPROOF_E2E_TOKEN";

/// The token that the servers of the tests accept.
pub(crate) const TOKEN: &str = "e2e-token-5f0c8d";
