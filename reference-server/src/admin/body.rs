//! What administrators send: one small JSON object, each field of which is known.

use engine::{Limits, parse_object};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use protocol::media;
use serde_json::{Map, Value};

use crate::admin::problem::Problem;

const BODY_BYTES_MAX: usize = 16 * 1024;
/// How many characters a name may have.
const NAME_CHARS_MAX: usize = 200;

/// The fields that are not read yet.
pub(super) struct Fields {
    left: Map<String, Value>,
    /// What stands before the names of the fields, in complaints.
    prefix: &'static str,
}

impl Fields {
    pub(super) fn of(body: &[u8], headers: &HeaderMap) -> Result<Self, Problem> {
        if body.len() > BODY_BYTES_MAX {
            return Err(Problem::new(
                413,
                format!("the body is too large; send {BODY_BYTES_MAX} bytes at most"),
            ));
        }
        let announced = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
        let media_type = announced.map(|text| text.split(';').next().unwrap_or_default().trim());
        if media_type.is_some_and(|text| !text.eq_ignore_ascii_case(media::JSON)) {
            return Err(Problem::new(415, "the media type is not served here; send application/json"));
        }
        let left = parse_object(body, &Limits::default());
        Ok(Self { left: left.map_err(|reject| Problem::new(reject.status, reject.detail))?, prefix: "" })
    }

    /// A Boolean, where it is there.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        match self.left.remove(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(self.unfit(name, "is true or false")),
        }
    }

    /// A moment in milliseconds since 1970, where it is there.
    pub(super) fn moment(&mut self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.left.remove(name) else { return Ok(None) };
        let moment = value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let moment = moment.ok_or_else(|| self.unfit(name, "is a moment, as in 2026-01-02T03:04:05Z"))?;
        Ok(Some(moment.as_millisecond()))
    }

    /// A text for people, where it is there.
    pub(super) fn name(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.left.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if is_name(&text) => Ok(Some(text)),
            Some(_) => {
                Err(self.unfit(name, &format!("is text on one line, of 1 to {NAME_CHARS_MAX} characters")))
            }
        }
    }

    /// An object, where it is there.
    pub(super) fn object(&mut self, name: &str, prefix: &'static str) -> Result<Option<Self>, Problem> {
        match self.left.remove(name) {
            None => Ok(None),
            Some(Value::Object(left)) => Ok(Some(Self { left, prefix })),
            Some(_) => Err(self.unfit(name, "is an object")),
        }
    }

    /// Complains where a field is left that is not known.
    pub(super) fn end(self, known: &str) -> Result<(), Problem> {
        if self.left.is_empty() {
            return Ok(());
        }
        Err(Problem::new(400, format!("there is a field that is not known; known are: {known}")))
    }

    pub(super) fn unfit(&self, name: &str, complaint: &str) -> Problem {
        Problem::new(400, format!("{}{name} {complaint}", self.prefix))
    }
}

fn is_name(text: &str) -> bool {
    let visible = !text.trim().is_empty() && !text.chars().any(char::is_control);
    visible && text.chars().count() <= NAME_CHARS_MAX
}
