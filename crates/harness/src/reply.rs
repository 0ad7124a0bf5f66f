use std::rc::Rc;
use std::sync::Arc;

use client::Answer;
use record::At;
use serde_json::Value;

use crate::expect::{Expectation, View, object, text, value_at};
use crate::stop::{Outcome, Stop};
use crate::trace::Trace;

/// An answer, and the place to judge it.
pub struct Reply {
    pub(crate) number: u32,
    pub(crate) label: String,
    pub(crate) answer: Answer,
    pub(crate) json: Option<Arc<Value>>,
    pub(crate) trace: Rc<Trace>,
}

impl Reply {
    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// Whether the status is of the 2xx class.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.answer.status)
    }

    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.header(name)
    }

    /// The body as it came.
    pub(crate) fn body(&self) -> &[u8] {
        &self.answer.body
    }

    /// The value at a JSON pointer, where the body is JSON and has one.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        value_at(self.json.as_deref()?, pointer)
    }

    /// The body as JSON, with every name in the letter case that it came in. Everything else here has the names of the standard's
    /// attributes as the standard writes them, since case carries no meaning in them (RFC 7643 §2.1).
    #[must_use]
    pub fn as_written(&self) -> Option<Value> {
        self.answer.json()
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// A finding under the check's first requirement when it is no JSON object.
    pub fn json(&self) -> Result<&Value, Stop> {
        self.expect(object())?;
        // A finding that only warns is filed and lets the check go on; without a body it cannot.
        self.json.as_deref().ok_or_else(|| self.unmet(&object()))
    }

    /// The string at a JSON pointer.
    ///
    /// # Errors
    ///
    /// A finding under the check's first requirement when there is none.
    pub fn text(&self, pointer: &str) -> Result<&str, Stop> {
        self.expect(text(pointer))?;
        self.at(pointer).and_then(Value::as_str).ok_or_else(|| self.unmet(&text(pointer)))
    }

    /// Judges the answer. A broken MUST ends the check; a broken SHOULD is filed and the check goes on.
    ///
    /// # Errors
    ///
    /// [`Stop::Fail`] for a broken MUST; [`Stop::Error`] when the check does not cite the requirement.
    pub fn expect(&self, expectation: Expectation) -> Outcome {
        self.trace.judge(self.number, &self.view(), &expectation)
    }

    /// Whether the answer meets an expectation. Nothing is filed.
    pub(crate) fn meets(&self, expectation: &Expectation) -> bool {
        expectation.judge(&self.view()).is_ok()
    }

    /// Demands what the check needs but is not about: when it does not hold the check is blocked, and the target
    /// is not accused.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when it does not hold.
    pub fn require(&self, expectation: Expectation) -> Outcome {
        let Err(miss) = expectation.judge(&self.view()) else { return Ok(()) };
        let told = told(expectation.words(), miss.at.as_ref().unwrap_or(expectation.at()), &miss.actual);
        Err(Stop::precondition(format!("{}{told}", self.label), Some(self.number)))
    }

    /// Why the answer is not what the check needs, where that is better said than by an [`Expectation`]: in words that go on from the request, such as
    /// `does not show what was sent as title`. It blocks the check and does not accuse the target.
    #[must_use]
    pub fn lacking(&self, told: &str) -> Stop {
        Stop::precondition(format!("{} {told}", self.label), Some(self.number))
    }

    /// Notes a lawful peculiarity.
    pub fn note(&self, text: &str) {
        self.trace.note(text);
    }

    pub(crate) fn unmet(&self, expectation: &Expectation) -> Stop {
        let message = format!("{}: expected {} at {}", self.label, expectation.words(), expectation.at());
        Stop::precondition(message, Some(self.number))
    }

    fn view(&self) -> View<'_> {
        View { answer: &self.answer, json: self.json.as_deref() }
    }
}

/// What was needed of an answer and what it was, in words that go on from the request.
fn told(words: &str, at: &At, actual: &str) -> String {
    match at {
        At::Status => format!(" answers {actual}, where {words} is needed"),
        At::Header { .. } | At::Pointer { .. } => format!(": expected {words} at {at}, got {actual}"),
        At::Body => format!(": expected {words}, got {actual}"),
    }
}
