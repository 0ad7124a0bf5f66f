//! What an answer that is no success means to the job.

use client::{Answer, TransportError};

use crate::entra::{Groups404, ObjectKind, Settings};

/// What a request was for; the same status means different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Testing the connection.
    Probe,
    /// Finding an object by an attribute.
    Match(ObjectKind),
    /// Creating an object.
    Create,
    /// Reading, changing or deleting a linked object.
    Linked,
}

/// Something that did not work out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The provider's code.
    pub(crate) code: &'static str,
    /// What happened, in words.
    pub(crate) reason: String,
    /// Whether it ends the cycle and puts the job into quarantine.
    pub(crate) is_fatal: bool,
    /// Whether the same request may be made again at once.
    pub(crate) is_passing: bool,
}

/// The object is no longer there.
pub(crate) const INVALID_ANCHOR: &str = "InvalidAnchor";
/// The answer is not what the client can read.
pub(crate) const INCOMPATIBLE: &str = "SystemForCrossDomainIdentityManagementServiceIncompatible";
/// What is quoted of a server's answer.
const QUOTED_CHARS_MAX: usize = 500;

impl Failure {
    pub(crate) fn of_object(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), is_fatal: false, is_passing: false }
    }

    /// The same, where anything that goes wrong in a connection test ends the cycle.
    pub(crate) fn aimed(self, aim: Aim) -> Self {
        Self { is_fatal: self.is_fatal || aim == Aim::Probe, ..self }
    }

    /// Why there was no answer.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        let (code, is_fatal, is_passing) = match error {
            TransportError::Timeout { .. } => ("Timeout", false, true),
            // An endpoint that cannot be reached is the job's affair, not the object's (D).
            TransportError::Connect { .. } => ("WebExceptionProtocolError", true, true),
            TransportError::Closed { .. } | TransportError::Stale { .. } | TransportError::NotHttp { .. } => {
                ("WebExceptionProtocolError", false, true)
            }
            TransportError::TooLarge { .. } | TransportError::TooManyValues { .. } => {
                (INCOMPATIBLE, false, false)
            }
            TransportError::Cancelled => ("InternalError", true, false),
            _ => ("InternalError", false, false),
        };
        Self { code, reason: error.to_string(), is_fatal, is_passing }
    }

    /// What an answer other than a success means.
    pub(crate) fn of_answer(settings: &Settings, aim: Aim, answer: &Answer) -> Self {
        let status = answer.status;
        let code = match (status, aim) {
            (401, _) => "Unauthorized",
            (403, _) => "InsufficientRights",
            (404, Aim::Linked) => INVALID_ANCHOR,
            (405, _) => "MethodNotAllowed",
            (409, Aim::Create) => "EntryConflict",
            (409, _) => "Conflict",
            (422, _) => "UnprocessableEntity",
            (429, _) => "TooManyRequests",
            (501, _) => "NotImplemented",
            (500.., _) => "InternalServerError",
            _ => INCOMPATIBLE,
        };
        let is_fatal = match (status, aim) {
            (_, Aim::Probe) | (401, _) | (404, Aim::Match(ObjectKind::User)) => true,
            (404, Aim::Match(ObjectKind::Group)) => settings.groups_404 == Groups404::Quarantine,
            _ => false,
        };
        Self { code, reason: told(aim, answer), is_fatal, is_passing: status >= 500 && status != 501 }
    }
}

/// The status and the server's own words.
fn told(aim: Aim, answer: &Answer) -> String {
    let status = answer.status;
    let name = http::StatusCode::from_u16(status).ok().and_then(|known| known.canonical_reason());
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    let hint = match (status, aim) {
        (404, Aim::Probe | Aim::Match(_)) => {
            "; a search that finds nobody has to answer 200 with an empty list: check the tenant URL"
        }
        (401, _) => "; check the secret token",
        _ => "",
    };
    let body = String::from_utf8_lossy(&answer.body);
    let quoted: String = body.chars().take(QUOTED_CHARS_MAX).collect();
    let rest = if quoted.len() < body.len() { "…" } else { "" };
    let said =
        if quoted.trim().is_empty() { String::new() } else { format!("; the server said: {quoted}{rest}") };
    format!("the server answered {status}{name}{hint}{said}")
}
