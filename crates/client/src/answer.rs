//! What came back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;

use crate::redaction::as_text;
use crate::transport::AnswerLimit;

/// An answer as it came off the wire, secrets included: it stays in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers in the order received, names in lower case; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The first value of a header; the name's letter case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The version of the resource that it shows (RFC 7644 §3.14): its `ETag`, else what the body says in `meta`.
    #[must_use]
    pub fn version(&self, json: Option<&Value>) -> Option<String> {
        let told = || json?.pointer("/meta/version")?.as_str();
        self.header("etag").or_else(told).map(str::to_owned)
    }

    /// How long the server asks to be left alone (`Retry-After`, RFC 9110 §10.2.3), in seconds or until a date.
    ///
    /// A date is read by the server's own clock where it shows it in `Date`, so that a clock that is wrong does no harm; else
    /// `unix_s` is the time now, in seconds since 1970.
    #[must_use]
    pub fn retry_after(&self, unix_s: Option<u64>) -> Option<Duration> {
        let asked = self.header("retry-after")?.trim();
        if let Ok(seconds) = asked.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let then = httpdate::parse_http_date(asked).ok()?;
        let shown: Option<SystemTime> =
            self.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let now = match shown {
            Some(now) => now,
            None => UNIX_EPOCH.checked_add(Duration::from_secs(unix_s?))?,
        };
        Some(then.duration_since(now).unwrap_or_default())
    }

    /// The body as JSON, whatever its media type; none if it is empty or no JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The same; none either where the body holds more values than one answer may, which would take memory without bound.
    #[must_use]
    pub fn json_within(&self, limit: AnswerLimit) -> Option<Value> {
        if self.fits(limit) { self.json() } else { None }
    }

    /// Whether the body has no more values than one answer may have. One that has more is taken for none by whoever sent the request.
    #[must_use]
    pub fn fits(&self, limit: AnswerLimit) -> bool {
        !self.holds_more_values_than(limit.values())
    }

    /// Whether the body, read as JSON, would have more values than this.
    pub(crate) fn holds_more_values_than(&self, most: usize) -> bool {
        // A value follows each of these marks, unless they stand in a text or are malformed anyway. There are no more marks
        // than bytes.
        if self.body.len() <= most {
            return false;
        }
        let mut in_text = false;
        let mut escaped = false;
        let mut marks = self.body.iter().filter(|byte| {
            let was_escaped = std::mem::take(&mut escaped);
            match byte {
                b'\\' => escaped = in_text && !was_escaped,
                b'"' if !was_escaped => in_text = !in_text,
                b'[' | b'{' | b',' => return !in_text,
                _ => {}
            }
            false
        });
        marks.nth(most).is_some()
    }

    /// The answer of a status, a header map and a body.
    pub(crate) fn of(status: http::StatusCode, headers: &http::HeaderMap, body: Bytes) -> Self {
        let text = |value: &http::HeaderValue| as_text(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        Self { status: status.as_u16(), headers: headers.collect(), body }
    }
}
