//! Waiting when a server asks for it (`Retry-After`, RFC 9110 §10.2.3).

use std::time::Duration;

use http::Method;

use crate::answer::Answer;

/// How long one wait for a target may be that asks for patience; one that asks for more gets no second try.
pub const WAIT_MAX: Duration = Duration::from_secs(30);
/// How often one request is sent again.
pub(crate) const WAITS_MAX: u32 = 3;

/// How long to wait before the request is sent again; none if the answer stands.
///
/// `unix_s` is the time now, for a date that has no `Date` header to be compared with.
pub(crate) fn wait(answer: &Answer, waits: u32, unix_s: Option<u64>) -> Option<Duration> {
    let repeatable = matches!(answer.status, 429 | 503);
    if waits >= WAITS_MAX || !repeatable {
        return None;
    }
    let wait = answer.retry_after(unix_s)?;
    (wait <= WAIT_MAX).then_some(wait)
}

/// Whether the answer leaves open whether a request was carried out, so that it might be twice if it were sent again. A 429 says
/// that nothing was done; a 503 does not.
pub(crate) fn leaves_open(method: &Method, answer: &Answer) -> bool {
    answer.status == 503 && !method.is_idempotent()
}
