//! What an answer is to meet, one file per observable.
//!
//! An [`Expectation`] is a value: words for the report, the place it looks at, and a judgement on the raw answer.
//! Every constructor here judges bytes and untyped JSON; nothing is parsed into a model first.

mod body;
mod error;
mod header;
mod list;
mod status;

use client::Answer;
use record::{At, ReqId};
use serde_json::Value;

use crate::unusable::beyond;

pub use body::{
    absent, array_of_objects, boolean, differs, empty_body, equals, integer, no_member_named, object, one_of,
    pointer_that, present, same_as, same_at, schemas_name, text, unset, value_at,
};
pub use error::{error_body, scim_type, scim_type_among};
pub use header::{header_is, header_present, header_that, media_type};
pub use list::{list_response, lists, lists_exactly, lists_none_of, page_of_at_most};
pub use status::{status, status_among, success};

/// The answer that an expectation looks at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Status, headers and bytes.
    pub answer: &'a Answer,
    /// The body as JSON, where it is JSON.
    pub json: Option<&'a Value>,
}

/// What was there instead.
#[derive(Clone, Debug)]
pub struct Miss {
    /// A more exact place than the expectation's own.
    pub at: Option<At>,
    /// The other places, where several offend.
    pub also: Vec<At>,
    /// What was seen.
    pub actual: String,
}

impl From<String> for Miss {
    fn from(actual: String) -> Self {
        Self { at: None, also: Vec::new(), actual }
    }
}

impl Miss {
    /// What was seen at these JSON pointers; without any, where the expectation looks.
    pub fn places(pointers: impl IntoIterator<Item = String>, actual: impl Into<String>) -> Self {
        let mut places = pointers.into_iter().map(|pointer| At::Pointer { pointer });
        Self { at: places.next(), also: places.collect(), actual: actual.into() }
    }
}

/// A judgement on an answer.
type Judge = Box<dyn Fn(&View<'_>) -> Result<(), Miss>>;

/// Something that an answer is to meet.
pub struct Expectation {
    words: String,
    at: At,
    requirement: Option<ReqId>,
    judge: Judge,
}

impl Expectation {
    /// An expectation in words, at a place, with its judgement.
    pub fn new<F>(words: impl Into<String>, at: At, judge: F) -> Self
    where
        F: Fn(&View<'_>) -> Result<(), Miss> + 'static,
    {
        Self { words: words.into(), at, requirement: None, judge: Box::new(judge) }
    }

    /// Places it under a requirement other than the check's first.
    #[must_use]
    pub fn under(self, requirement: ReqId) -> Self {
        Self { requirement: Some(requirement), ..self }
    }

    /// What is expected, in words.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    pub(crate) fn at(&self) -> &At {
        &self.at
    }

    pub(crate) fn requirement(&self) -> Option<ReqId> {
        self.requirement
    }

    pub(crate) fn judge(&self, view: &View<'_>) -> Result<(), Miss> {
        (self.judge)(view)
    }
}

/// A comparison whose outcome is already known, such as one between several answers. A [`Miss`] may know a more exact place, or
/// several.
pub fn holds<M: Into<Miss>>(words: impl Into<String>, at: At, outcome: Result<(), M>) -> Expectation {
    let outcome = outcome.map_err(Into::into);
    Expectation::new(words, at, move |_| outcome.clone())
}

/// What to say of an answer whose body cannot be looked into: nothing in it is absent, either.
pub(crate) fn no_json(view: &View<'_>) -> Miss {
    let length = view.answer.body.len();
    let error = serde_json::from_slice::<Value>(&view.answer.body).err();
    Miss::from(match error.as_ref().and_then(beyond) {
        Some(beyond) => format!("{length} bytes of {beyond}"),
        None => format!("{length} bytes that are no JSON"),
    })
}
