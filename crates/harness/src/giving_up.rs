//! Requests that somebody stops waiting for.

use std::pin::pin;

use client::{Cancel, Client, Out, Request, Sent};

/// What became of a request that nobody waits for any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// It did not go out.
    Waiting,
    /// The target may be at work on it.
    UnderWay,
}

/// Sends one request on behalf of a check, unless the run was stopped before it went out, or the answer did not come soon after. A
/// dropped request is recorded as cancelled.
pub(crate) async fn unless_given_up(
    client: &Client,
    cancel: &Cancel,
    request: &Request,
    check: &str,
) -> Result<Sent, GivenUp> {
    let out = Out::default();
    let mut sending = pin!(client.insist(request.clone(), Some(check), &out));
    tokio::select! {
        biased;
        sent = &mut sending => return Ok(sent),
        () = cancel.cancelled() => {}
    }
    if !out.is_out() {
        return Err(GivenUp::Waiting);
    }
    tokio::select! {
        biased;
        sent = &mut sending => Ok(sent),
        () = cancel.given_up() => Err(GivenUp::UnderWay),
    }
}
