//! What an answer has to be for a client to go on with it: a login page is none, whatever its status.

use client::Sent;
use serde_json::Value;

/// What is wanted of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// The resources that a filter finds.
    List,
    /// A resource.
    Resource,
    /// A new resource.
    Created,
    /// That a change was made, with the resource or without it.
    Changed,
}

impl Wants {
    /// Whether a status says that it went as it should.
    pub(crate) fn status(self, status: u16) -> bool {
        match self {
            Self::List | Self::Resource => status == 200,
            Self::Created => status == 201,
            Self::Changed => matches!(status, 200 | 204),
        }
    }

    /// Why an answer of such a status is of no use; none where it is.
    pub(crate) fn unusable(self, sent: &Sent) -> Option<String> {
        let answer = sent.outcome.as_ref().ok()?;
        let json = sent.json.as_deref();
        let has_id = || json.and_then(|json| json.get("id")?.as_str()).is_some_and(|id| !id.is_empty());
        let is_list = || {
            let lists = |json: &Value| {
                json.get("totalResults").is_some_and(Value::is_u64) || json.get("Resources").is_some()
            };
            json.is_some_and(lists)
        };
        let (usable, what) = match self {
            Self::List => (is_list(), "a list"),
            Self::Resource | Self::Created => (has_id(), "a resource with an id"),
            Self::Changed => (answer.body.is_empty() || json.is_some_and(Value::is_object), "a resource"),
        };
        let media_type = answer.header("content-type").unwrap_or("nothing");
        (!usable).then(|| format!("status {} with {media_type} that is not {what}", answer.status))
    }
}
